"""The one shape of every check: a question, what it needs, and an answer with evidence.

A check is data and one pure function. It answers *passed*, *failed* or *cannot say*
(``passed=None``: what it needs is not there); a failed check names its findings, each
with a key that stays the same from run to run, so that a known one can be accepted.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from html import escape
from typing import Final, Literal

import pandas as pd

from calltrack_nb import results
from calltrack_nb.audit.inputs import NEEDS, AuditInput
from calltrack_nb.phrasing import sentence

Severity = Literal["broken", "warning", "note"]

SEVERITIES: Final[tuple[Severity, ...]] = ("broken", "warning", "note")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a check found.

    Parameters
    ----------
    subject : str
        What it is about, in a form that does not change while the fault lasts: a
        number, a campaign, a day.
    text : str
        What was seen, in a sentence that carries no caller's number.
    account : str
        The business it belongs to.
    first_seen, last_seen : pandas.Timestamp or None
        The span of its evidence, UTC; None where the fault stands in the inventory
        rather than in the log.
    call_ids : tuple of str
        Calls that show it, at most a few.
    calls : int
        How many calls show it.
    tracking_number : str
        The number that is wired wrong, where it is one number's fault.
    elsewhere : bool
        Whether its callers reached another business.
    """

    subject: str
    text: str
    account: str = ""
    first_seen: pd.Timestamp | None = None
    last_seen: pd.Timestamp | None = None
    call_ids: tuple[str, ...] = ()
    calls: int = 0
    tracking_number: str = ""
    elsewhere: bool = False


@dataclass(frozen=True)
class Look:
    """What the function of a check saw.

    Parameters
    ----------
    findings : tuple of Finding
        Empty where all is well.
    table : pandas.DataFrame
        The figures behind the answer, shown whatever the answer is.
    text : str
        What was looked at and how it was judged.
    cannot_say : str or None
        What else is needed, where the tables are there but cannot carry an answer.
    """

    findings: tuple[Finding, ...] = ()
    table: pd.DataFrame = field(default_factory=pd.DataFrame)
    text: str = ""
    cannot_say: str | None = None


@dataclass(frozen=True, kw_only=True)
class CheckResult(results.Check):
    """The answer of one check.

    Parameters
    ----------
    name, question, severity, fix
        Those of the check.
    passed : bool or None
        None means that the check cannot say; `text` then tells what it needs.
    findings : tuple of Finding
        What failed; empty unless `passed` is False.
    table : pandas.DataFrame
        The figures behind the answer.
    text : str
        The answer in plain English.
    """

    question: str
    severity: Severity
    fix: str
    findings: tuple[Finding, ...]
    table: pd.DataFrame

    @property
    def verdict(self) -> str:
        """The answer in two words at most.

        Returns
        -------
        str
            ``passed``, ``failed`` or ``cannot say``.
        """
        return {True: "passed", False: "failed", None: "cannot say"}[self.passed]

    @property
    def answer(self) -> str:
        """What was found, or that nothing was, before how it was looked for.

        Returns
        -------
        str
            The findings' sentences, or the question with its "yes"; then `text`.
        """
        if self.passed is None:
            return self.text
        found = [finding.text for finding in self.findings] or [f"{self.question} Yes."]
        return " ".join([*found, self.text])

    def key(self, finding: Finding) -> str:
        """Return the name under which a finding of this check can be accepted.

        Returns
        -------
        str
            ``check/account/subject``.
        """
        return f"{self.name}/{finding.account}/{finding.subject}"

    def keeping(self, findings: tuple[Finding, ...], why: str) -> CheckResult:
        """Return the result with only some of its findings.

        Parameters
        ----------
        findings : tuple of Finding
            Those that stay; without any, a failed check counts as passed.
        why : str
            What was left out, added to the text.
        """
        if self.passed is not False or len(findings) == len(self.findings):
            return self
        return replace(
            self,
            findings=findings,
            passed=not findings,
            text=f"{self.text} {why}".strip(),
        )

    def _repr_html_(self) -> str:
        """Show verdict, text, and what to do."""
        found = "".join(f"<li>{escape(finding.text)}</li>" for finding in self.findings)
        remedy = f"<p><b>What to do.</b> {escape(self.fix)}</p>" if self.findings else ""
        return results.as_written(
            f"<section><h4>{escape(self.question)}</h4>"
            f"<p><b>{escape(sentence(self.verdict))}.</b> {escape(self.text)}</p>"
            f"{f'<ul>{found}</ul>' if found else ''}{remedy}</section>"
        )


@dataclass(frozen=True, slots=True)
class Check:
    """A question to the log and the inventory.

    Parameters
    ----------
    name : str
        Its name in baselines, benchmarks and on the command line.
    question : str
        What it asks; "yes" is the good answer.
    severity : {"broken", "warning", "note"}
        How bad a failure is: broken wiring loses calls or credits them wrongly.
    fix : str
        What to do about a finding.
    needs : tuple of str
        The tables of :class:`AuditInput` that must hold rows.
    look : callable
        Takes an :class:`AuditInput`, gives a :class:`Look`.
    """

    name: str
    question: str
    severity: Severity
    fix: str
    needs: tuple[str, ...]
    look: Callable[[AuditInput], Look]

    def run(self, data: AuditInput) -> CheckResult:
        """Answer the question.

        Parameters
        ----------
        data : AuditInput
            The tables; those that are empty make the checks that need them say so.

        Returns
        -------
        CheckResult
            ``passed=None`` where a needed table is empty.
        """
        lacking = [NEEDS[name] for name in self.needs if not data.holds(name)]
        if lacking:
            return self._result(Look(cannot_say=f"This check needs {' and '.join(lacking)}."))
        return self._result(self.look(data))

    def _result(self, look: Look) -> CheckResult:
        passed = None if look.cannot_say is not None else not look.findings
        text = " ".join(part for part in (look.text, look.cannot_say) if part)
        return CheckResult(
            name=self.name,
            question=self.question,
            severity=self.severity,
            fix=self.fix,
            passed=passed,
            findings=look.findings if passed is False else (),
            table=look.table,
            text=text,
        )
