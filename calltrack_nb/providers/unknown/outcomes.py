"""Which columns of an unknown file say which way a call went and what became of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import pandas as pd

from calltrack_nb import phrasing, schema
from calltrack_nb.calls import missed_statuses
from calltrack_nb.providers.unknown.header_names import name_score
from calltrack_nb.providers.unknown.kinds import Kind
from calltrack_nb.providers.unknown.roles import NAMED, SURE_NAME, Roles, best_named
from calltrack_nb.providers.values import numbers
from calltrack_nb.providers.values.vocabulary import INTERNAL
from calltrack_nb.providers.values.words import DIRECTIONS, STATUSES, read_words

_MOST_WORDS: Final = 0.6  # a log of calls holds internal ones too
_CONTRARY: Final = 0.02
_STRANGE: Final = 0.1
_OUTCOMES: Final = ("status", "answered", "missed", "connected_at")
_MIXED: Final = 0.8
_SOME_WORDS: Final = 0.3
_FEW_WORDS: Final = 12
_CALLS: Final = frozenset(
    {
        "call",
        "calls",
        "voice",
        "phone call",
        "phone",
        "voice call",
        "anruf",
        "telefonat",
        "gespräch",
    }
    | {"sprache", "appel", "llamada", "chamada", "ligação", "chiamata", "gesprek", "samtal"}
    | {"połączenie", "通話"}
)
_MESSAGES: Final = frozenset(
    {"message", "sms", "text", "text message", "mms", "fax", "chat", "internet", "data", "daten"}
    | {"nachricht", "mensaje", "mensagem", "messaggio", "bericht", "données", "dati"}
)
_LEGS: Final = ("outbound-dial",)
_FLAGS: Final = ("answered", "missed", "voicemail", "first_call", "spam")


def give_outcomes(roles: Roles) -> None:
    """Find the columns whose cells are words of direction and status."""
    for kind in roles.free():
        if kind.texts.str.lower().isin(_LEGS).any():
            text = f"Rows with {kind.name} = outbound-dial are legs of other calls, not calls."
            roles.ask("direction", f"{text} Which column holds the id of the call they belong to?")
    _leave_messages_out(roles)
    if roles.wants("direction"):
        spoken = [kind for kind in roles.free() if kind.share("direction") >= _MOST_WORDS]
        few = [kind for kind in spoken if kind.distinct <= _FEW_WORDS]
        spoken = [kind for kind in few if kind.share("status") < 0.5]
        if spoken:
            spoken.sort(key=lambda kind: -name_score("direction", kind.name))
            _give_spoken_direction(roles, spoken[0])
        else:
            _give_mixed_direction(roles)
    if roles.wants("status"):
        _give_status(roles)
    if all(map(roles.wants, _OUTCOMES)):
        _give_status_beside_direction(roles)
    for name in _FLAGS:
        yes_or_no = [kind for kind in roles.free() if kind.share("flag") >= 0.95]
        best, rivals = best_named(yes_or_no, name, SURE_NAME)
        if roles.wants(name) and best is not None and not rivals:
            roles.give(name, [best.name], "its name; its cells are yes or no")
    if all(map(roles.wants, _OUTCOMES)):
        _give_mixed_answers(roles)


def _give_spoken_direction(roles: Roles, kind: Kind) -> None:
    """Give a column of directions, or ask for the words that are not understood."""
    words = kind.texts.dropna()
    known = read_words(words, DIRECTIONS, schema.DIRECTIONS)
    strange = known.series.isna() & ~known.problems.get(INTERNAL, np.zeros(len(words), dtype=bool))
    strange &= read_words(words, STATUSES, schema.STATUSES).series.isna()
    if float(strange.mean()) > _STRANGE:
        text = f"Which of these words of {kind.name} mean inbound, and which outbound?"
        roles.ask("direction", text, map(str, words[strange].unique()), column=kind.name)
        roles.used.add(kind.name)
        return
    reason = f"{phrasing.percent(kind.share('direction'))} of its cells are words of direction"
    roles.give("direction", [kind.name], reason)


def _give_status_beside_direction(roles: Roles) -> None:
    """Read what became of a call from the column of directions, where it says that too.

    Where missed calls have a word of their own, a call that merely came in was answered.
    """
    source = roles.fields.get("direction")
    if source is None or str(source.columns[0]) not in roles.kinds:
        return
    kind = roles.kinds[str(source.columns[0])]
    words = pd.Series(kind.texts.dropna().unique(), dtype="str")
    became = read_words(words, STATUSES, schema.STATUSES).series
    if became.isna().all():
        return
    if not became.isin(missed_statuses()).any():
        roles.give("status", [kind.name], "its cells are words of direction and of status")
        return
    way = read_words(words, DIRECTIONS, schema.DIRECTIONS).series
    came = words[((way == "inbound") & became.isna()).to_numpy(dtype=bool)]
    reason = "it tells missed calls apart, so a call that came in otherwise was answered"
    roles.give("status", [kind.name], reason, values=dict.fromkeys(map(str, came), "answered"))


def _give_mixed_direction(roles: Roles) -> None:
    """Read a column that tells direction and result at once, or ask what its words mean."""
    worded = [kind for kind in roles.free() if 0 < kind.distinct <= _FEW_WORDS]
    for kind in worded:
        both = kind.share("direction") + kind.share("status")
        if kind.share("direction") > 0 and both >= _MIXED and kind.share("flag") < 0.5:
            roles.give("direction", [kind.name], "its cells are words of direction and of status")
            return
    named, _ = best_named(worded, "direction", SURE_NAME)
    if named is None or named.share("flag") >= 0.5:
        return
    said_by_signs = not named.texts.str.contains(r"[^\W\d_]", regex=True, na=False).any()
    if (named.distinct > 1 or said_by_signs) and not _says_some_statuses(named):
        said = [str(text) for text in named.texts.dropna().unique()]
        text = f"Which words of {named.name} mean inbound, and which outbound?"
        roles.ask("direction", text, said, column=named.name)
        roles.used.add(named.name)


def _leave_messages_out(roles: Roles) -> None:
    """Read only the rows that are calls where a column says which are messages."""
    for kind in roles.free():
        said = {text.strip().lower() for text in kind.texts.dropna().unique()}
        calls = sorted(said & _CALLS)
        if calls and said & _MESSAGES and len(said) <= _FEW_WORDS:
            roles.only[kind.name] = tuple(calls)
            roles.used.add(kind.name)
            return


def _give_status(roles: Roles) -> None:
    spoken = [
        kind
        for kind in roles.free()
        if kind.share("status") >= 0.8
        and kind.share("flag") < 0.9
        and kind.share("moment") < 0.1
        and kind.share("number") < 0.5
    ]
    named, _ = best_named(spoken, "status", NAMED)
    if named is None and len(spoken) == 1:
        named = spoken[0]
    if named is None and len(spoken) > 1:
        named = _fullest_of_agreeing(spoken)
    if named is None and len(spoken) > 1:
        text = "Which column says whether the call was answered?"
        roles.ask("status", text, [kind.name for kind in spoken])
        return
    if named is None:
        worded = [k for k in roles.free() if k.share("number") < 0.5 and 0 < k.distinct <= 30]
        named, _ = best_named(worded, "status", 1.0)
        if named is None or named.share("status") < _SOME_WORDS:
            return
    reason = f"{phrasing.percent(named.share('status'))} of its cells are words of status"
    roles.give("status", [named.name], reason)


def _give_mixed_answers(roles: Roles) -> None:
    """Read a column of answers such as ``yes`` and ``no, left a message``, or ask."""
    worded = [kind for kind in roles.free() if 1 < kind.distinct <= _FEW_WORDS]
    named, _ = best_named([k for k in worded if k.share("flag") < 0.95], "answered", SURE_NAME)
    if named is not None:
        meant = {text: _answer(text) for text in named.texts.dropna().unique()}
        if all(meant.values()):
            roles.give("status", [named.name], "its name; its cells are answers", values=meant)
            return
    results, _ = best_named([k for k in worded if k.share("status") > 0], "status", 1.0)
    partly = named or next((kind for kind in worded if _says_some_statuses(kind)), results)
    if partly is not None:
        strange = partly.texts.dropna()[_statuses(partly).isna() & partly.texts.notna()].unique()
        text = f"Which words of {partly.name} mean answered, and which missed or a voicemail?"
        roles.ask("status", text, map(str, strange), column=partly.name)
        roles.used.add(partly.name)


def _says_some_statuses(kind: Kind) -> bool:
    words = pd.Series(kind.texts.dropna().unique(), dtype="str")
    meant = read_words(words, STATUSES, schema.STATUSES).series.dropna()
    return len(set(meant)) > 1 and len(meant) >= _SOME_WORDS * len(words)


def _answer(text: str) -> str | None:
    """Say what an answer to *was it answered?* means; what is added to a no says more."""
    first, *rest = re.split(r"[,;:(/-]\s*", text, maxsplit=1)
    yes = numbers.to_flag(pd.Series([first.strip()])).series.iloc[0]
    more = read_words(pd.Series(rest, dtype="str"), STATUSES, schema.STATUSES).series.dropna()
    if pd.isna(yes):
        return None
    if yes:
        return "answered" if not rest or set(more) <= {"answered"} else None
    return str(more.iloc[0]) if len(more) and more.iloc[0] != "answered" else "missed"


def _fullest_of_agreeing(spoken: Sequence[Kind]) -> Kind | None:
    """Return the column with the most words of status where no other contradicts it."""
    read = {kind.name: _answered(kind) for kind in spoken}
    best = max(spoken, key=lambda kind: read[kind.name].notna().sum())
    for said in read.values():
        both = said.notna() & read[best.name].notna()
        if both.any() and (said[both] != read[best.name][both]).mean() > _CONTRARY:
            return None
    return best


def _statuses(kind: Kind) -> pd.Series[Any]:
    return read_words(kind.texts, STATUSES, schema.STATUSES).series


def _answered(kind: Kind) -> pd.Series[Any]:
    said = _statuses(kind)
    return (said == "answered").astype("boolean").mask(said.isna())
