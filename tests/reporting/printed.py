"""What the printed pages of one workspace say, figure by figure.

Nothing is computed from the data here: only what a reader can read is read, in tables (by
their ids) and in sentences. A printed figure is kept as the span of values that it may
stand for, so that "73 %" and 1,109 of 1,513 are the same and "72 %" is not.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import reduce

import pandas as pd
from bs4 import BeautifulSoup, Tag


@dataclass(frozen=True)
class Figure:
    """The smallest and the largest value that a printed figure may stand for."""

    low: float
    high: float

    def __add__(self, other: Figure) -> Figure:
        return Figure(self.low + other.low, self.high + other.high)

    def __sub__(self, other: Figure) -> Figure:
        return Figure(self.low - other.high, self.high - other.low)

    def __truediv__(self, other: Figure) -> Figure:
        return Figure(self.low / other.high, self.high / other.low)

    def __str__(self) -> str:
        if self.low == self.high:
            return f"{self.low:,g}"
        return f"{self.low:,.6g} to {self.high:,.6g}"


def figure(text: str) -> Figure | None:
    """Read a printed figure; nothing where it is a dash or no figure at all."""
    match = re.fullmatch(r"(?:[A-Z]{3} )?(\d[\d,]*)(\.\d+)?( ?%)?", text.strip())
    if match is None:
        return None
    whole, rest, percent = match.groups()
    value = float(whole.replace(",", "") + (rest or ""))
    exact = not (rest or percent or text.strip()[0].isalpha())
    half = 0.0 if exact else 0.5 / 10 ** (len(rest or ".") - 1) + 1e-9
    scale = 100 if percent else 1
    return Figure((value - half) / scale, (value + half) / scale)


@dataclass(frozen=True)
class Said:
    """One figure as a page says it."""

    quantity: str
    figure: Figure
    where: str
    words: str


Row = Mapping[str, str]


@dataclass(frozen=True)
class Page:
    """A report as its reader sees it."""

    name: str
    text: str
    tables: Mapping[str, list[Row]]
    cards: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, name: str, html: str) -> Page:
        """Take a page, or the outputs of a notebook one after another, apart."""
        soup = BeautifulSoup(html, "html.parser")
        for unseen in soup(["style", "script", "svg"]):
            unseen.decompose()
        alts = [str(image.get("alt", "")) for image in soup("img")]
        alts += [str(chart.get("aria-label", "")) for chart in soup(class_="ct-wide")]
        cards = {
            _text(card.find("h3")): _text(card.find(class_="ct-figure-now")).split(" of ")[0]
            for card in soup(class_="ct-goal")
        }
        # a table that is cut short stands a second time, whole, and that one is read
        tables = {
            str(table.parent["id"]).removesuffix("-all"): list(_rows(table))
            for table in soup("table", class_="gt_table")
            if table.parent is not None and table.parent.get("id")
        }
        text = " ".join([_text(soup), *alts])
        for said, counts in ALL_OR_NONE.items():
            text = re.sub(said, counts, text)
        return cls(name, text, tables, cards)

    def sums(self, table: str, column: str) -> Figure | None:
        """Add a column up, without the row of all; nothing where one is no figure."""
        rows = [row for row in self.tables.get(table, []) if next(iter(row.values())) != "all"]
        figures = [figure(row.get(column, "")) for row in rows]
        known = [each for each in figures if each is not None]
        return reduce(Figure.__add__, known) if known and len(known) == len(figures) else None

    def row(self, table: str, name: str) -> Row:
        """Return the row of a name; an empty one where there is none."""
        rows = self.tables.get(table, [])
        return next((row for row in rows if next(iter(row.values())) == name), {})


def _text(tag: Tag | None) -> str:
    """Return what a tag says, with plain spaces."""
    return " ".join(tag.get_text(" ").split()) if tag is not None else ""


def _rows(table: Tag) -> Iterator[Row]:
    """Read the rows; a range below a figure stands under "(its heading) from" and "to"."""
    headings = [re.sub(r" \(range\)$", "", _text(cell)) for cell in table("th", scope="col")]
    body = table.find("tbody")
    for line in body("tr") if body is not None else []:
        row: dict[str, str] = {}
        for heading, cell in zip(headings, line("td"), strict=True):
            now, span = cell.find(class_="ct-now"), cell.find(class_="ct-range")
            row[heading] = _text(now or cell)
            ends = _text(span).split(" to ")
            if len(ends) == 2:
                row |= {f"{heading} from": ends[0], f"{heading} to": ends[1]}
        name = next(iter(row))
        row[name] = row[name].removesuffix(" \N{WARNING SIGN}")
        if not row[name].endswith(", without the broken days"):
            yield row


N = r"(\d[\d,]*)"
P = r"([\d.]+ ?%)"
SENTENCES: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        rf"{N} calls from {N} people, {N} of them qualified: {P} \({P} to {P}\)",
        (
            *("calls", "people", "qualified"),
            *("qualified rate", "qualified rate, lower end", "qualified rate, upper end"),
        ),
    ),
    (
        rf"{N} calls came in from {N} people; {N} of them qualified \({P}, range {P} to {P}\)",
        (
            *("calls", "people", "qualified"),
            *("qualified rate", "qualified rate, lower end", "qualified rate, upper end"),
        ),
    ),
    (rf"{N} qualified calls of {N} calls from", ("qualified", "calls")),
    (rf"{N} calls were missed", ("missed",)),
    (
        rf"{N} of {N} missed callers? (?:was|were) spoken to within \d+ days; {N} (?:was|were) not",
        ("spoken to", "judged", "not spoken to"),
    ),
    (rf"Of {N} calls {P} were answered", ("calls", "answer rate")),
    (
        rf"{P} were answered \([^()]*the goal is {P}\)",
        ("answer rate", "goal: Answer rate"),
    ),
    (rf"{P} of {N} calls came outside", ("after hours, share", "calls")),
    (
        rf"{N} of {N} calls \({P}\) came outside",
        ("after hours", "calls", "after hours, share"),
    ),
    (rf"{N} of {N} calls were listened to", ("listened to", "calls")),
    (rf"{N} of {N} calls (?:of these months )?have no known", ("without purpose", "calls")),
    (rf"(USD {N}) were spent", ("spend",)),
    # Who says "calls" says those that count, else which.
    (rf"{N} of {N} calls (?:look like spam|score)", ("look like spam", "calls")),
    (rf"{N} of {N} inbound calls in the log looks? like spam", ("look like spam", "inbound")),
    (rf"{N} calls searched", ("calls",)),
    (rf"{N} inbound calls in the log searched", ("inbound",)),
    (
        rf"{N} of {N} inbound calls in the log ha(?:s|ve) a recording or",
        ("inbound with words", "inbound"),
    ),
    (rf"{N} calls from \d+ providers?", ("calls",)),
    (r"No data for (\d+) days?", ("days without data",)),
    (rf"{N} people had a qualified call", ("people with a qualified call",)),
)
ALL_OR_NONE = {  # as if both counts were written
    rf"All {N} missed callers were spoken to (within \d+ days)": (
        r"\1 of \1 missed callers were spoken to \2; 0 were not"
    ),
    rf"None of {N} missed callers was spoken to (within \d+ days)": (
        r"0 of \1 missed callers were spoken to \2; \1 were not"
    ),
    r"The one missed caller was spoken to (within \d+ days)": (
        r"1 of 1 missed caller was spoken to \1; 0 were not"
    ),
    r"The one missed caller was not spoken to (within \d+ days)": (
        r"0 of 1 missed caller was spoken to \1; 1 was not"
    ),
}
NAMED: tuple[tuple[str, str], ...] = (
    (rf"of {N} calls to ([\w ]+?) \(…\d+\) went", "calls of number {}"),
    (rf"of {N} inbound calls to ([\w ]+?) \(…\d+\) went", "inbound of number {}"),
    (rf"of {N} calls credited to (\w+) carry", "calls of channel {}"),
    (rf"of {N} inbound calls credited to (\w+) carry", "inbound of channel {}"),
)
WHOLE_GAP = r"The whole log holds no call (?:from|on) ([\d\w ]+? \d{4}),"
TOTALS = {
    "Calls": "calls",
    "Calls from": "calls, lower end",
    "Calls to": "calls, upper end",
    "People": "people",
    "First-time": "first-time",
    "Missed": "missed",
    "Qualified": "qualified",
    "Qualified from": "qualified, lower end",
    "Qualified to": "qualified, upper end",
    "Qualified rate": "qualified rate",
    "Qualified rate from": "qualified rate, lower end",
    "Qualified rate to": "qualified rate, upper end",
    "Spent": "spend",
    "Per call": "cost per call",
    "Per call from": "cost per call, lower end",
    "Per call to": "cost per call, upper end",
    "Paid, per qualified call": "paid cost per qualified call",
    "Blended, per qualified call": "cost per qualified call",
}
_COUNTS = {"Calls": "calls", "Missed": "missed", "Qualified": "qualified"}
ADDED_UP = {
    "scorecard": _COUNTS,
    "channels": _COUNTS,
    "second": _COUNTS,
    "missed": {"Calls": "calls", "Missed": "missed", "People never reached": "not spoken to"},
    "answers": {"Calls": "calls", "Missed": "missed", "After hours": "after hours"},
    "answer": {"Calls": "calls"},
    "credit": dict.fromkeys(
        ("First", "Last", "Lead creation", "Linear"), "people with a qualified call"
    ),
}
ROWS = (
    ("missed", "after hours", "after hours"),
    ("coverage", "calls", "calls"),
    ("coverage", "answered", "answered"),
    ("coverage", "with a recording", "with a recording"),
    ("coverage", "listened to", "listened to"),
)
OF_GROUPS = {
    "Calls": "calls",
    "People": "people",
    "Missed": "missed",
    "Answered": "answer rate",
    "Qualified": "qualified",
    "Per call": "cost per call",
    "Paid, per qualified call": "paid cost per qualified call",
}
GROUPED = {
    "scorecard": "campaign",
    "cost": "campaign",
    "channels": "channel",
    "answer": "channel",
    "answers": "number",
}


def collect(
    pages: Mapping[str, str], alike: Iterable[tuple[str, ...]] = (), *, whole: bool = True
) -> dict[str, list[Said]]:
    """Read all that the pages of one workspace say of the quantities that several name.

    Parameters
    ----------
    pages : mapping
        From a report's name to its HTML.
    alike : iterable of tuple of str
        Groups that are one and the same, such as ``("campaign Flyer", "number Flyer")``.
    whole : bool
        Whether the pages are of the whole log, so that what is said of the log must fit.
    """
    read = [Page.read(name, html) for name, html in pages.items()]
    names = {name: same[0] for same in alike for name in same}
    found: dict[str, list[Said]] = defaultdict(list)
    for page in read:
        parts = (_sentences, _tables, _sums, _paid, _groups, _goals)
        for said in [each for part in parts for each in part(page)]:
            what, _, group = said.quantity.partition(" of ")
            quantity = f"{what} of {names[group]}" if group in names else said.quantity
            found[quantity].append(said)
    for said in [*_derived(found), *(each for page in read for each in _of_the_log(page) if whole)]:
        found[said.quantity].append(said)
    return dict(found)


def disagreements(found: Mapping[str, list[Said]]) -> dict[str, str]:
    """Return the quantities of more than one value, each with which page says what."""
    return {
        quantity: "\n".join(
            [
                quantity,
                *sorted({f"    {each.figure} - {each.where}: {each.words}" for each in said}),
            ]
        )
        for quantity, said in found.items()
        if max(each.figure.low for each in said) > min(each.figure.high for each in said) + 1e-6
    }


def _sentences(page: Page) -> Iterator[Said]:
    for pattern, quantities in SENTENCES:
        for match in re.finditer(rf"(?<![\d,.]){pattern}", page.text):
            for quantity, text in zip(quantities, match.groups(), strict=False):
                if (value := figure(text)) is not None:
                    yield Said(quantity, value, f"{page.name}, sentence", match[0])
    for pattern, quantity in NAMED:
        for match in re.finditer(pattern, page.text):
            if (value := figure(match[1])) is not None:
                yield Said(quantity.format(match[2]), value, f"{page.name}, sentence", match[0])


def _tables(page: Page) -> Iterator[Said]:
    """Read totals, columns added up, and rows that hold one figure of the whole."""
    read: list[tuple[str, Figure | None, str, str]] = []
    for table in ("scorecard", "channels", "second", "cost"):
        for heading, text in page.row(table, "all").items():
            if heading in TOTALS:
                read.append((TOTALS[heading], figure(text), table, f"{heading} of all: {text}"))
    for table, columns in ADDED_UP.items():
        for column, quantity in columns.items():
            value = page.sums(table, column)
            read.append((quantity, value, table, f"column {column}, added up"))
    for table, name, quantity in ROWS:
        text = page.row(table, name).get("Calls", "")
        read.append((quantity, figure(text), table, f"{name}: {text}"))
    for quantity, value, table, words in read:
        if value is not None:
            yield Said(quantity, value, f"{page.name}, table {table}", words)


def _sums(page: Page) -> Iterator[Said]:
    """Put together what the page tells apart: calls with and without a place."""
    nowhere = re.search(rf"{N} calls have no place", page.text)
    for table in ("distance", "places"):
        placed = page.sums(table, "Calls")
        if nowhere and placed is not None:
            value = placed + (figure(nowhere[1]) or Figure(0, 0))
            words = f"Calls added up, and {nowhere[0]}"
            yield Said("calls", value, f"{page.name}, table {table}", words)


def _paid(page: Page) -> Iterator[Said]:
    """Divide what was spent on paid campaigns by their qualified calls, each and all of them."""
    qualified = {next(iter(row.values())): row for row in page.tables.get("scorecard", [])}
    spent, calls = Figure(0, 0), Figure(0, 0)
    where = f"{page.name}, tables cost and scorecard"
    for row in page.tables.get("cost", []):
        name = next(iter(row.values()))
        cost = figure(row.get("Spent", ""))
        count = figure(qualified.get(name, {}).get("Qualified", ""))
        if name in ("all", "(not named)") or count is None or cost is None or cost.low <= 0:
            continue
        spent, calls = spent + cost, calls + count
        if count.low > 0:
            words = f"{name}: {row['Spent']} over {count} qualified"
            kind = f"paid cost per qualified call of campaign {name}"
            yield Said(kind, cost / count, where, words)
    if calls.low > 0:
        words = "spent on paid campaigns over their qualified calls"
        yield Said("paid cost per qualified call", spent / calls, where, words)


def _groups(page: Page) -> Iterator[Said]:
    for table, kind in GROUPED.items():
        for row in page.tables.get(table, []):
            name = re.sub(r" \(…\d+\)$", "", next(iter(row.values())))
            for heading, quantity in OF_GROUPS.items():
                value = figure(row.get(heading, ""))
                if value is not None and name not in ("all", "(not named)"):
                    words = f"{name}, {heading}: {row[heading]}"
                    where = f"{page.name}, table {table}"
                    yield Said(f"{quantity} of {kind} {name}", value, where, words)


def _goals(page: Page) -> Iterator[Said]:
    for card, text in page.cards.items():
        if (value := figure(text)) is not None:
            yield Said(f"goal {card}", value, f"{page.name}, card", f"{card}: {text}")
    months: dict[str, dict[str, Figure]] = defaultdict(dict)
    for row in page.tables.get("goals", []):
        value, target = figure(row["So far"]), figure(row["Target"])
        where = f"{page.name}, table goals"
        if value is not None:
            months[row["Goal"]][row["Month"]] = value
            words = f"{row['Goal']} {row['Month']}: {row['So far']}"
            yield Said(f"goal {row['Goal']}, {row['Month']}", value, where, words)
        if target is not None:
            yield Said(f"goal: {row['Goal']}", target, where, f"Target: {row['Target']}")
    calls, rates = (months[goal] for goal in ("Qualified calls", "Answer rate"))
    where = f"{page.name}, table goals"
    if calls:
        value = reduce(Figure.__add__, calls.values())
        yield Said("qualified", value, where, "the months' qualified calls, added up")
    if rates:
        low = min(each.low for each in rates.values())
        high = max(each.high for each in rates.values())
        yield Said("answer rate", Figure(low, high), where, "the months' answer rates")


def _derived(found: Mapping[str, list[Said]]) -> list[Said]:
    """Say what follows from two figures that were read: shares from their counts, and so on."""

    def first(quantity: str) -> Said | None:
        return next(iter(found.get(quantity, ())), None)

    done = []

    def follows(quantity: str, how: str, *names: str) -> None:
        parts = [first(name) for name in names]
        if any(part is None or part.figure.high == 0 for part in parts):
            return
        one, other = (part.figure for part in parts)
        value = {"/": one / other, "share": one / (one + other)}[how]
        where = " with ".join(dict.fromkeys(part.where for part in parts))
        done.append(Said(quantity, value, where, f"{names[0]} {how} {names[1]}"))

    follows("answer rate", "share", "answered", "missed")
    follows("after hours, share", "/", "after hours", "calls")
    follows("qualified rate", "/", "qualified", "calls")
    follows("cost per call", "/", "spend", "calls")
    follows("cost per qualified call", "/", "spend", "qualified")
    return done


def _ends(span: str) -> tuple[str, str]:
    """Read "14 to 16 Apr 2026" and "30 Jun to 2 Jul 2026"; one day is both ends."""
    first, _, last = span.partition(" to ")
    words = (last or first).split()
    return " ".join([*first.split(), *words[len(first.split()) :]]), " ".join(words)


def _of_the_log(page: Page) -> Iterator[Said]:
    """Read what a page says of the whole log, whatever its period."""
    gaps = [
        (pd.Timestamp(last) - pd.Timestamp(first)).days + 1
        for first, last in map(_ends, set(re.findall(WHOLE_GAP, page.text)))
    ]
    if gaps:
        days = Figure(sum(gaps), sum(gaps))
        words = "days of which the whole log holds no call"
        yield Said("days without data", days, f"{page.name}, sentence", words)
    inbound = re.search(rf"of {N} inbound calls in the log looks? like spam", page.text)
    robots = re.search(rf"{N} of these are left out of every figure", page.text)
    if inbound and robots:
        staff = re.findall(rf"{N} calls? comes? from the staff number", page.text)
        out = [int(each.replace(",", "")) for each in (robots[1], *staff)]
        value = (figure(inbound[1]) or Figure(0, 0)) - Figure(sum(out), sum(out))
        words = f"{inbound[0]}, less {out[0]} spam and {sum(out[1:])} of the staff"
        yield Said("calls", value, f"{page.name}, sentences", words)
