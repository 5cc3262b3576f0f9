"""Run every check and put the answers together."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

import pandas as pd

from calltrack_nb.audit import (
    answering,
    attribution,
    callers,
    providers,
    queueing,
    recorded,
    silence,
    speech,
    wiring,
)
from calltrack_nb.audit.baseline import Accepted
from calltrack_nb.audit.broken import campaigns_behind
from calltrack_nb.audit.check import SEVERITIES, Check, CheckResult
from calltrack_nb.audit.events import events
from calltrack_nb.audit.inputs import AuditInput
from calltrack_nb.audit.log import (
    each_row,
)
from calltrack_nb.calls import day_start
from calltrack_nb.calls import of_campaign as rows_of_campaign
from calltrack_nb.errors import CalltrackError
from calltrack_nb.phrasing import agree, listed, number, plural, sentence
from calltrack_nb.results import Result, in_notebook

log = logging.getLogger(__name__)

CHECKS: Final[tuple[Check, ...]] = (
    *wiring.CHECKS,
    *silence.CHECKS,
    *answering.CHECKS,
    *attribution.CHECKS,
    *queueing.CHECKS,
    *callers.CHECKS,
    *recorded.CHECKS,
    *providers.CHECKS,
    *speech.CHECKS,
)

_FINDING_COLUMNS: Final = (
    "severity", "check", "account", "subject", "finding", "fix", "calls", "first_seen",
    "last_seen", "call_ids", "key", "tracking_number", "elsewhere", "question",
)  # fmt: skip


@dataclass(frozen=True, slots=True, repr=False, eq=False, kw_only=True)
class AuditResult(Result):
    """What an audit found.

    Parameters
    ----------
    table : pandas.DataFrame
        One row per check: ``check``, ``question``, ``verdict``, ``severity``, ``findings``,
        ``text``.
    checks : tuple of CheckResult
        One per check, in the order they were asked.
    findings : pandas.DataFrame
        One row per finding, the broken ones first: ``severity``, ``check``,
        ``account``, ``subject``, ``finding``, ``fix``, ``calls``, ``first_seen``,
        ``last_seen`` (UTC), ``call_ids`` (tuple of str), ``key`` (for a baseline),
        ``tracking_number`` (empty where it is not one number's fault), ``question``.
    accepted : tuple of str
        Keys of findings that a baseline left out.
    text : str
        The whole in two or three sentences.
    """

    checks: tuple[CheckResult, ...]
    findings: pd.DataFrame
    accepted: tuple[str, ...]

    def display(self) -> pd.DataFrame:
        """Lay the findings out for a report, those of one event together.

        Returns
        -------
        pandas.DataFrame
            ``severity``, ``finding``, ``fix``.
        """
        return events(self.findings)[["severity", "finding", "fix"]]

    def display_checks(self) -> pd.DataFrame:
        """Lay the checks out for a report.

        Returns
        -------
        pandas.DataFrame
            ``verdict``, ``question``, ``text``.
        """
        return self.table[["verdict", "question", "text"]]

    def of(self, name: str) -> CheckResult:
        """Return the result of one check.

        Raises
        ------
        CalltrackError
            When no check of that name was run.
        """
        for result in self.checks:
            if result.name == name:
                return result
        known = ", ".join(result.name for result in self.checks)
        raise CalltrackError("There is no such check", where=name, fix=f"Use one of {known}")

    def lines(self) -> tuple[str, ...]:
        """Return the findings as lines for a terminal: what, what to do, and the [key]."""
        said = []
        for row in each_row(self.findings):
            said.append(f"{row.severity.upper()}  {row.check}: {row.finding}")
            said.append(f"    {row.fix}")
            said.append(f"    [{row.key}]")
        return tuple(said)

    def _repr_html_(self) -> str:
        """Show the findings by severity, then what could not be said."""
        rows = "".join(
            f"<tr><td>{escape(row.severity)}</td><td>{escape(row.finding)}</td>"
            f"<td>{escape(row.fix)}</td></tr>"
            for row in each_row(self.findings)
        )
        head = "<tr><th>Severity</th><th>What was found</th><th>What to do</th></tr>"
        silent = "".join(
            f"<li>{escape(result.question)} {escape(result.text)}</li>"
            for result in self.checks
            if result.passed is None
        )
        return in_notebook(
            f"<p>{escape(self.text)}</p>"
            f"{f'<table><thead>{head}</thead><tbody>{rows}</tbody></table>' if rows else ''}"
            f"{f'<p>Cannot say:</p><ul>{silent}</ul>' if silent else ''}"
        )


def run_checks(
    data: AuditInput,
    *,
    checks: Sequence[Check] = CHECKS,
    since: dt.date | None = None,
    baseline: Sequence[Accepted] = (),
    today: dt.date | None = None,
) -> AuditResult:
    """Ask every check and gather what they found.

    Parameters
    ----------
    data : AuditInput
        The tables; empty ones make the checks that need them say so.
    checks : sequence of Check
        All of them by default.
    since : datetime.date, optional
        Leave out findings whose last evidence is older than this local day. Earlier
        calls are still used to know what is usual.
    baseline : sequence of Accepted
        Findings that are known and accepted (see :func:`read_baseline`).
    today : datetime.date, optional
        The day on which acceptances are held against their ends; by default the last
        day of the log.

    Returns
    -------
    AuditResult

    Examples
    --------
    >>> result = run_checks(AuditInput())
    >>> result.of("unlisted_number").verdict
    'cannot say'
    >>> exit_status(result)
    0
    """
    day = today or _last_day(data)
    holding = {entry.finding for entry in baseline if entry.until is None or day <= entry.until}
    start = None if since is None else day_start(since, data.zone)
    results, accepted = [], []
    for check in checks:
        result = check.run(data)
        log.debug("%s: %s", check.name, result.verdict)
        if start is not None:
            recent = tuple(
                finding
                for finding in result.findings
                if finding.last_seen is None or finding.last_seen >= start
            )
            dropped = len(result.findings) - len(recent)
            result = result.keeping(recent, f"{plural(dropped, 'older finding')} left out.")
        known = {result.key(finding) for finding in result.findings} & holding
        accepted += sorted(known)
        result = result.keeping(
            tuple(finding for finding in result.findings if result.key(finding) not in known),
            f"{plural(len(known), 'accepted finding')} left out.",
        )
        results.append(result)
    return _result(results, accepted)


def of_campaign(result: AuditResult, data: AuditInput, campaign: str) -> AuditResult:
    """Leave out the findings on numbers that stand for other campaigns only.

    Findings on no single number, such as days missing from the log, concern every campaign.

    Parameters
    ----------
    result : AuditResult
        What an audit found.
    data : AuditInput
        What was audited.
    campaign : str
        Its name; every finding stays where it is empty.

    Raises
    ------
    CalltrackError
        When no call and no number is of that campaign.

    Examples
    --------
    >>> of_campaign(run_checks(AuditInput()), AuditInput(), "").findings.empty
    True
    """
    if not campaign:
        return result
    named = pd.concat([data.calls[["campaign"]], data.numbers[["campaign"]]])
    rows_of_campaign(named, campaign)  # a misspelt name is not an empty report
    kept = []
    for each in result.checks:
        own = tuple(
            finding
            for finding in each.findings
            if not finding.tracking_number or campaign in campaigns_behind(data, finding)
        )
        others = plural(len(each.findings) - len(own), "finding")
        kept.append(each.keeping(own, f"{others} of other campaigns left out."))
    return _result(kept, result.accepted)


def exit_status(result: AuditResult) -> int:
    """Return what the command line exits with: 1 when something is broken, else 0."""
    return int(result.findings["severity"].eq("broken").any())


def _result(results: Sequence[CheckResult], accepted: Sequence[str]) -> AuditResult:
    return AuditResult(
        _table(results),
        _summary(results, accepted),
        checks=tuple(results),
        findings=_findings(results),
        accepted=tuple(accepted),
    )


def _last_day(data: AuditInput) -> dt.date:
    end = data.log_end
    return dt.date.min if pd.isna(end) else end.tz_convert(data.zone).date()


def _table(results: Sequence[CheckResult]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "check": result.name,
                "question": result.question,
                "verdict": result.verdict,
                "severity": result.severity,
                "findings": len(result.findings),
                "text": result.text,
            }
            for result in results
        ]
    )


def _findings(results: Sequence[CheckResult]) -> pd.DataFrame:
    rows = [
        {
            "severity": result.severity,
            "check": result.name,
            "account": finding.account,
            "subject": finding.subject,
            "finding": finding.text,
            "fix": result.fix,
            "calls": finding.calls,
            "first_seen": finding.first_seen,
            "last_seen": finding.last_seen,
            "call_ids": finding.call_ids,
            "key": result.key(finding),
            "tracking_number": finding.tracking_number,
            "elsewhere": finding.elsewhere,
            "question": result.question,
        }
        for result in sorted(results, key=lambda result: SEVERITIES.index(result.severity))
        for finding in result.findings
    ]
    return pd.DataFrame(rows, columns=list(_FINDING_COLUMNS))


def _summary(results: Sequence[CheckResult], accepted: Sequence[str]) -> str:
    verdicts = [result.verdict for result in results]
    tally = [f"{verdicts.count(word)} {word}" for word in ("passed", "failed", "cannot say")]
    parts = [f"{plural(len(results), 'check')}: {', '.join(tally)}."]
    for severity in SEVERITIES:
        failed = [result for result in results if result.severity == severity and result.findings]
        if failed:
            count = sum(len(result.findings) for result in failed)
            names = listed([result.name for result in failed], len(failed))
            parts.append(f"{sentence(severity)}: {number(count)} ({names}).")
    if accepted:
        parts.append(
            f"{plural(len(accepted), 'known finding')} {agree(len(accepted), 'is')} accepted in "
            "the baseline."
        )
    return " ".join(parts)
