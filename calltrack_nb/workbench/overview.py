"""What a workspace holds and what to do next, as a notebook shows it."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from calltrack_nb.calls import agent_names, by_provider
from calltrack_nb.phrasing import agree, days, number, plural
from calltrack_nb.results import in_notebook

if TYPE_CHECKING:
    from calltrack_nb.workspace import Workspace


def overview_html(workspace: Workspace) -> str:
    """Write what a workspace holds and the next steps, as HTML that needs no style sheet."""
    business = workspace.settings.business
    rows = "".join(
        f"<tr><td><b>{escape(name)}</b></td><td>{escape(what)}</td></tr>"
        for name, what in _holdings(workspace)
    )
    steps = "".join(
        f"<li><code>{escape(code)}</code> {escape(why)}</li>" for code, why in _next(workspace)
    )
    return in_notebook(
        f"<p><b>{escape(business.name)}</b> in <code>{escape(str(workspace.folder))}</code></p>"
        f"<table><tbody>{rows}</tbody></table><p>Next:</p><ol>{steps}</ol>"
    )


def _holdings(workspace: Workspace) -> list[tuple[str, str]]:
    calls = workspace.rows("calls")
    heard = workspace.table("recordings")
    people = agent_names(workspace.sql("select distinct agent from calls")["agent"]).nunique()
    reports = sorted(path.name for path in workspace.reports.glob("*.html"))
    span = ""
    if calls:
        log = workspace.period_of_log()
        span = f", {days(log.first, log.last)}"
    theirs = int(by_provider(heard).sum())
    known, read = int(heard["path"].notna().sum()), int(heard["transcript_key"].notna().sum())
    read -= theirs
    unread = plural(workspace.rows("quarantine"), "cell or row", "cells or rows")
    return [
        ("Calls", f"{number(calls)}{span}"),
        *([("People", f"{people} named as answering, in ws.agents()")] if people else []),
        ("Recordings", f"{number(known)}, of which {number(read)} {agree(read, 'is')} transcribed"),
        *([("Transcripts", f"{number(theirs)} made by a provider")] if theirs else []),
        ("Themes", number(workspace.rows("themes"))),
        ("Spend", plural(workspace.rows("spend"), "row")),
        ("Not read", f"{unread}, in table('quarantine')"),
        ("Reports", ", ".join(name for name in reports if name != "index.html") or "none"),
    ]


def _next(workspace: Workspace) -> list[tuple[str, str]]:
    if not workspace.rows("calls"):
        return [
            ('ws.preview("Call List.csv")', "shows how a call log would be read"),
            ('ws.import_files("Call List.csv")', f"imports it, or what lies in {workspace.raw}"),
            ("ws.update()", f"imports, transcribes what lies in {workspace.recordings}, analyzes"),
            ("ws.report()", "makes every report"),
        ]
    first = [] if workspace.rows("utterances") else [("ws.update()", "transcribes and analyzes")]
    return [
        *first,
        ("ws.scorecard()", "which campaign brings calls, and at what cost"),
        ("ws.themes()", "what callers ask about"),
        ("ws.audit()", "whether the numbers are wired right"),
        ("ws.doctor()", "what is missing for which report"),
        ("ws.report()", "makes every report"),
    ]
