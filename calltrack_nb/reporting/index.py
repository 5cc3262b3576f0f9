"""The page that lists the reports in a folder by month, to be searched."""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bs4 import BeautifulSoup
from jinja2 import Environment, FileSystemLoader

from calltrack_nb.periods import Period
from calltrack_nb.phrasing import moment, month
from calltrack_nb.reporting.html import TEMPLATES, policy
from calltrack_nb.reporting.style import page_style
from calltrack_nb.reporting.thumbnails import as_address
from calltrack_nb.workspace.writing import replacing

NAME: Final = "index.html"

_SAID_ELSEWHERE: Final = ("period", "share_safe", "by")
"""Parameters that the list says in words, or that every report has."""

_HEAD_BYTES: Final = 64_000  # the title and the meta tags stand at the top
_PREFIX: Final = "calltrack:"


@dataclass(frozen=True, slots=True)
class Listed:
    """A report as the index lists it.

    Its headline is the first sentence of its answer, its figures are the answer's, its
    thumbnail is the address of a small picture of its first chart.
    """

    file: str
    title: str
    period: str
    made_at: dt.datetime
    seconds: float
    megabytes: float
    share_safe: bool
    account: str
    parameters: tuple[str, ...]
    headline: str = ""
    figures: tuple[tuple[str, str], ...] = ()
    thumbnail: str = ""

    @property
    def month(self) -> str:
        """The month it is about, such as ``2026-08``; empty for longer periods."""
        if self.period == "all":
            return ""
        span = Period.parse(self.period)
        first, last = f"{span.first:%Y-%m}", f"{span.last:%Y-%m}"
        return first if first == last else ""

    @property
    def when(self) -> str:
        """The moment it was made, for people, on the clock of the business it is about."""
        return moment(self.made_at)


def list_reports(folder: Path) -> tuple[Listed, ...]:
    """Read what the reports in a folder say of themselves, newest first.

    Files that are not reports of ours are left out.
    """
    found = [listed for path in folder.glob("*.html") if (listed := _read(path))]
    return tuple(sorted(found, key=lambda each: (each.made_at, each.file), reverse=True))


def write_index(folder: Path) -> Path:
    """Write ``index.html``, which lists the reports in a folder and leads to its clients'.

    It can be searched in the page, by the words of a report's title, headline, period and
    parameters.

    Parameters
    ----------
    folder : pathlib.Path
        Where the reports are.

    Returns
    -------
    pathlib.Path
        The page.
    """
    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True)
    script = (TEMPLATES / "reports.js").read_text(encoding="utf-8").rstrip("\n")
    reports = list_reports(folder)
    page = environment.get_template("reports.html.j2").render(
        reports=reports,
        groups=_by_month(reports),
        clients=_clients(folder),
        script=script,
        policy=policy(script),
        style=page_style(),
    )
    with replacing(folder / NAME) as draft:
        draft.write(page.encode())
    return (folder / NAME).resolve()


def _by_month(reports: Sequence[Listed]) -> dict[str, list[Listed]]:
    """Group reports under the month they are about, the latest first, longer periods last.

    Of a month the owner's page stands first.
    """
    found: dict[str, list[Listed]] = {}
    for report in sorted(reports, key=_place, reverse=True):
        name = month(report.month) if report.month else "Longer periods"
        found.setdefault(name, []).append(report)
    return found


def _place(report: Listed) -> tuple[str, bool]:
    return report.month, report.file.startswith("owner_brief")


def _clients(folder: Path) -> dict[str, str]:
    """Return the clients that have a folder of reports of their own, by its page's address."""
    named = {
        f"{page.parent.name}/{page.name}": {report.account for report in list_reports(page.parent)}
        for page in sorted(folder.glob(f"*/{NAME}"))
    }
    found = {address: next(iter(names)) for address, names in named.items() if len(names) == 1}
    return dict(sorted(found.items(), key=lambda each: each[1]))


def read_meta(page: Path) -> dict[str, str]:
    """Return what a report says of itself to programs, and its ``title``.

    Parameters
    ----------
    page : pathlib.Path
        An HTML file, or none.

    Returns
    -------
    dict of str to str
        By name, without ``calltrack:``; empty where the file is no report of ours.
    """
    if not page.is_file():
        return {}
    with page.open("rb") as file:
        text = file.read(_HEAD_BYTES).decode("utf-8", "replace")
    head = BeautifulSoup(text.partition("<style")[0], "html.parser")
    told = {
        str(tag["name"]).removeprefix(_PREFIX): str(tag.get("content", ""))
        for tag in head.find_all("meta", attrs={"name": True})
        if str(tag["name"]).startswith(_PREFIX)
    }
    if "report" not in told or head.title is None:
        return {}
    return told | {"title": head.title.get_text().strip()}


def ends_whole(page: Path) -> bool:
    """Tell whether a page is there to its end."""
    with page.open("rb") as file:
        file.seek(-min(page.stat().st_size, 64), os.SEEK_END)
        return file.read().rstrip().endswith(b"</html>")


def _read(path: Path) -> Listed | None:
    told = read_meta(path)
    if not told:
        return None
    given = json.loads(told["parameters"])
    return Listed(
        file=path.name,
        title=told["title"],
        period=told["period"],
        made_at=dt.datetime.fromisoformat(told["made-at"]),
        seconds=float(told["seconds"]),
        megabytes=path.stat().st_size / 1e6,
        share_safe=told["share-safe"] == "true",
        account=str(given.get("account", "")),
        parameters=tuple(
            f"{name.replace('_', ' ')}: {'yes' if value is True else value}"
            for name, value in given.items()
            if name not in _SAID_ELSEWHERE and value != "" and value is not False
        ),
        headline=told.get("headline", ""),
        figures=tuple((label, value) for label, value in json.loads(told.get("figures", "[]"))),
        thumbnail=as_address(told["thumbnail"]) if told.get("thumbnail") else "",
    )
