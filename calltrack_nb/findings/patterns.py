"""What findings are looked for: expressions and example sentences, from ``findings.toml``.

A kind may say what is heard in two ways. Expressions match words; examples (``like``)
stand for everything that means the same, where sentence embeddings are installed. The
family ``nothing`` holds examples of what is no finding at all, so that the others have
something to be told apart from.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, Final

import pandas as pd

from calltrack_nb.errors import ListeningError
from calltrack_nb.findings.outcomes import OUTCOMES, UNCLEAR

FAMILIES: Final = ("hesitation", "preference", "purpose", "promise")
NOTHING: Final = "nothing"
_LIKED: Final = ("hesitation", "preference", NOTHING)
_FILE: Final = "findings.toml"
#: Told from the whole call by :mod:`calltrack_nb.themes.feedback`, by no expression here.
FEEDBACK: Final = ("purpose", "feedback")
_CHECKED: Final = "checked"
"""The kind of nothing under which findings stand that people called wrong."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """One thing to listen for.

    Attributes
    ----------
    family, kind : str
        Such as "hesitation", "price".
    speaker : {"caller", "agent", "any"}
        Who says it.
    expression : re.Pattern
        What is said.
    unless : re.Pattern or None
        What, in the same sentence, makes it something else.
    """

    family: str
    kind: str
    speaker: str
    expression: re.Pattern[str]
    unless: re.Pattern[str] | None

    def place_in(self, sentence: str) -> tuple[int, int] | None:
        """Return where a sentence says it, or None."""
        match = self.expression.search(sentence)
        if match is None or (self.unless and self.unless.search(sentence)):
            return None
        return match.span()


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence that stands for a kind; of the family "nothing", for no finding."""

    family: str
    kind: str
    text: str


def read_patterns(path: Path | None = None) -> tuple[Pattern, ...]:
    """Read which expressions to listen for.

    Parameters
    ----------
    path : pathlib.Path, optional
        A TOML file laid out as the package's own ``findings.toml``; its kinds are added
        to the package's, and a kind that stands in both is taken from this file.

    Returns
    -------
    tuple of Pattern

    Raises
    ------
    ListeningError
        When the file is not TOML, names a family that does not exist, says what feedback
        is, or holds an expression that cannot be read.
    """
    return tuple(
        pattern
        for (family, kind), body in _kinds(path).items()
        for pattern in _compile(family, kind, body)
    )


def kinds_heard_for(path: Path | None, findings: pd.DataFrame) -> tuple[tuple[str, str], ...]:
    """Return every family and kind that may be found, and those that were.

    Parameters
    ----------
    path : pathlib.Path, optional
        The user's own kinds, as :func:`read_patterns` takes them; it need not exist.
    findings : pandas.DataFrame
        The table ``findings``.
    """
    own = path if path is not None and path.is_file() else None
    rows: Any = zip(findings["family"].astype(str), findings["kind"], strict=True)
    found = dict.fromkeys(sorted(set(rows)))
    read = [("outcome", kind) for kind in OUTCOMES if kind != UNCLEAR]
    kinds = {key: None for key in (*_kinds(own), FEEDBACK, *read) if key[0] != NOTHING} | found
    order = [*FAMILIES, *sorted({family for family, _ in kinds} - set(FAMILIES))]
    return tuple(sorted(kinds, key=lambda key: order.index(key[0])))


def read_examples(path: Path | None = None) -> tuple[Example, ...]:
    """Read which sentences stand for which kind.

    Parameters
    ----------
    path : pathlib.Path, optional
        As :func:`read_patterns` takes it.

    Returns
    -------
    tuple of Example

    Raises
    ------
    ListeningError
        When the file is not TOML, or gives examples to a family that has none.

    Examples
    --------
    >>> {example.family for example in read_examples()} == {"hesitation", "preference", "nothing"}
    True
    """
    return tuple(
        Example(family, kind, text)
        for (family, kind), body in _kinds(path).items()
        for text in _sentences_of(family, kind, body)
    )


def _kinds(path: Path | None) -> Mapping[tuple[str, str], Mapping[str, Any]]:
    if path is None:
        return _shipped()
    try:
        own = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ListeningError(
            "The findings file cannot be read", where=f"{path} ({error})"
        ) from error
    return dict(_shipped()) | _flatten(own, str(path))


@cache
def _shipped() -> Mapping[tuple[str, str], Mapping[str, Any]]:
    text = resources.files("calltrack_nb.findings").joinpath(_FILE).read_text("utf-8")
    return _flatten(tomllib.loads(text), _FILE)


def examples_from(lessons: pd.DataFrame, known: Iterable[Example]) -> tuple[Example, ...]:
    """Turn what people said of findings into examples: right ones of their kind, wrong of nothing.

    Parameters
    ----------
    lessons : pandas.DataFrame
        The table ``lessons``.
    known : iterable of Example
        What is learnt from so far; only its kinds can be taught more.

    Returns
    -------
    tuple of Example
        Words that were right for one kind and wrong for another are of the right one.

    Examples
    --------
    >>> lessons = pd.DataFrame({"family": "hesitation", "kind": "price", "right": [True, False],
    ...                         "words": ["that is a lot of money", "a lot of fun"]})
    >>> taught = examples_from(lessons, [Example("hesitation", "price", "too dear")])
    >>> [(each.family, each.text) for each in taught]
    [('hesitation', 'that is a lot of money'), ('nothing', 'a lot of fun')]
    """
    kinds = {(example.family, example.kind) for example in known}
    rows = [row for row in lessons.to_dict("records") if (row["family"], row["kind"]) in kinds]
    right = {row["words"] for row in rows if row["right"]}
    return tuple(
        Example(str(row["family"]), str(row["kind"]), str(row["words"]))
        if row["right"]
        else Example(NOTHING, _CHECKED, str(row["words"]))
        for row in rows
        if row["right"] or row["words"] not in right
    )


def _flatten(body: Mapping[str, Any], where: str) -> dict[tuple[str, str], Mapping[str, Any]]:
    unknown = [family for family in body if family not in (*FAMILIES, NOTHING)]
    if unknown:
        raise ListeningError(
            "There is no such group of findings",
            where=f"{where}, {unknown[0]}",
            fix=f"Use one of {', '.join((*FAMILIES, NOTHING))}",
        )
    if FEEDBACK[1] in body.get(FEEDBACK[0], ()):
        raise ListeningError(
            "Complaints and praise are recognised from the whole call, not by expressions",
            where=f"{where}, purpose.feedback",
            fix="Remove [purpose.feedback], or give your expressions to another purpose",
        )
    return {
        (family, kind): entry for family, kinds in body.items() for kind, entry in kinds.items()
    }


def _compile(family: str, kind: str, body: Mapping[str, Any]) -> Iterable[Pattern]:
    unless = body.get("unless")
    try:
        stop = _any_of(unless) if unless else None
        # A list of its own per speaker: what an agent says of a thing differs.
        for speaker in ("caller", "agent", "any"):
            said = body.get(speaker)
            if said:
                yield Pattern(family, kind, speaker, _any_of(said), stop)
    except re.error as error:
        raise ListeningError(
            "An expression in the findings file is not a valid regular expression",
            where=f"{family}.{kind}: {error}",
        ) from error


def _any_of(expressions: Iterable[str]) -> re.Pattern[str]:
    """Join expressions; typed chats and transcripts often leave the apostrophe out."""
    whole = "|".join(f"(?:{expression})" for expression in expressions)
    return re.compile(whole.replace("'", "'?"), re.IGNORECASE)


def _sentences_of(family: str, kind: str, body: Mapping[str, Any]) -> Iterator[str]:
    given = body.get("like", [])
    if given and family not in _LIKED:
        raise ListeningError(
            "Examples are read for hesitations and preferences only",
            where=f"{family}.{kind}",
            fix="Write an expression under caller, agent or any",
        )
    if not (isinstance(given, list) and all(isinstance(text, str) for text in given)):
        raise ListeningError("Examples must be a list of sentences", where=f"{family}.{kind}, like")
    yield from (text for text in given if text.strip())
