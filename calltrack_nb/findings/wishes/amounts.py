"""Budgets as callers say them: "two fifty", "no more than five hundred quid"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from calltrack_nb.findings.wishes.value import Value

ABOUT_MONEY: Final = re.compile(
    r"\b(?:budget\w*|spend(?:ing)?|(?:set|put|got) aside|set aside|afford|"
    r"price range|price point|(?:looking|want|wanting|happy|willing) to pay|"
    r"only pay|"
    r"can pay|max(?:imum)?|limit)\b|\bup to [$£€]?\d|\bunder [$£€]?\d|\bto spend\b|"
    r"\b(?:no|not) more than [$£€]?\d"
)
_UNIT: Final = r"(?: ?(?:pounds|dollars|quid|bucks|euros))"
_AMOUNT: Final = (
    r"[$£€]?(?P<{0}>\d+(?:\.\d\d)?)(?! ?(?:people|guests|of us|weeks?|days?|months?|"
    r"o'clock|%|percent|[ap] ?m\b))"
    rf"(?: (?P<{{0}}_more>\d0|\d[1-9]))?{_UNIT}?"
)
_ONE: Final = _AMOUNT.format("low")
_BUDGET: Final = re.compile(
    rf"(?<![\w.:])(?P<bound>(?:no|not) (?:spend )?more than |more than |less than |"
    rf"up to |under |below |at most |"
    rf"max(?:imum)?(?: of)? |over |limit(?: is|'s) )?(?:about |around |roughly )?{_ONE}"
    rf"(?:(?: and | to | - | or ){_AMOUNT.format('high')})?(?![\w:])"
)
_RANGE: Final = re.compile(r"(?:between|from|somewhere between|,|is|maybe|say) ?$")
_MONEY_ALONE: Final = re.compile(r"[$£€]\d|\d (?:pounds|dollars|quid|bucks|euros|dollar|pound)\b")
_SMALLEST: Final = 10


def budgets_in(text: str, *, asked: bool = False) -> Iterator[Value]:
    """Read what something may cost.

    Parameters
    ----------
    text : str
        In figures.
    asked : bool
        Whether the agent asked for the budget, so that a bare amount is one.

    Examples
    --------
    >>> [amount.value for amount in budgets_in("we don't want to spend more than 500 quid")]
    ['under 500']
    >>> [amount.value for amount in budgets_in("it cost me 90 pounds last time")]
    []
    """
    cue = ABOUT_MONEY.search(text) or re.search(
        r"\bthinking (?:about|around|more like|of) [$£€]?\d", text
    )
    near = re.search(r"\b(?:anything|something) (?:around|about|under|for)\b", text)
    if not (asked or cue or (near and _MONEY_ALONE.search(text))):
        return
    for match in _BUDGET.finditer(text):
        amounts = [
            _amount(match[name], match[f"{name}_more"]) for name in ("low", "high") if match[name]
        ]
        if min(amounts) < _SMALLEST:
            continue
        start = match.start() + (len(match[0]) - len(match[0].lstrip()))
        written = [f"{amount:g}" for amount in amounts]
        bound = (match["bound"] or "").strip()
        if len(written) == 2 and amounts[0] < amounts[1]:
            value = "-".join(written)
        elif bound and bound != "over":
            value = f"under {written[0]}"
        else:
            value = written[0]
        yield Value("budget", start, match.end(), value)


def _amount(said: str, more: str | None) -> float:
    """Read "2 50" as 250, as prices are said."""
    return float(said) * 100 + float(more) if more and float(said) < 100 else float(said)
