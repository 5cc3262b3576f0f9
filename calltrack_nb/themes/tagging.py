"""Tag calls with themes of inquiry, through a theme registry that keeps their ids."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from calltrack_nb import phrasing, schema
from calltrack_nb.calls import person
from calltrack_nb.results import Check, Result
from calltrack_nb.settings import Listening
from calltrack_nb.themes.apart import apart_in_words, calls_set_apart
from calltrack_nb.themes.assignment import Placed, place_calls
from calltrack_nb.themes.embedding import Embedder, Vectors, open_embedder
from calltrack_nb.themes.labels import theme_labels, theme_terms
from calltrack_nb.themes.loose import loose_in_words
from calltrack_nb.themes.model import embed_texts
from calltrack_nb.themes.pooling import as_whole
from calltrack_nb.themes.registry import RegisteredTheme, ThemeNames, ThemeRegistry
from calltrack_nb.themes.trends import theme_states
from calltrack_nb.themes.turns import call_texts, caller_turns
from calltrack_nb.themes.words import segments, stop_words, words_of

_LONGEST_QUOTE: Final = 220
_FEWEST_WORDS: Final = 3
_CLEARLY: Final = 0.1
_TERMS: Final = 6
_TERMS_TO_NAME_BY: Final = 12

#: With fewer calls than this, themes are tentative.
TENTATIVE: Final = 60


@dataclass(frozen=True, slots=True, repr=False, eq=False, kw_only=True)
class Themes(Result):
    """The themes of a log.

    Attributes
    ----------
    registry : ThemeRegistry
        To be saved, so that ids stay.
    call_themes : pandas.DataFrame
        The table ``call_themes``: a call's own theme first, other inquiries of the same
        call after it, each with the turn that says it best.
    table : pandas.DataFrame
        The table ``themes``, largest first.
    text : str
        What was found, in plain English.
    checks : tuple of Check
        How far the themes can be trusted.
    """

    registry: ThemeRegistry = field(repr=False)
    call_themes: pd.DataFrame

    @property
    def themes(self) -> pd.DataFrame:
        """The table, by the name it has in the workspace."""
        return self.table


def tag_themes(
    utterances: pd.DataFrame,
    calls: pd.DataFrame,
    settings: Listening,
    registry: ThemeRegistry,
    names: ThemeNames | None = None,
    *,
    cache: Path | None = None,
    timezone: str = "UTC",
    account: str = "main",
) -> Themes:
    """Find which inquiries each call brings.

    Parameters
    ----------
    utterances : pandas.DataFrame
        The table ``utterances``, redacted.
    calls : pandas.DataFrame
        The table ``calls``: when each call was.
    settings : Listening
        How themes are found.
    registry : ThemeRegistry
        What is known from before; a new registry starts with clustering.
    names : ThemeNames, optional
        What the user calls themes, merges and seeds.
    cache : pathlib.Path, optional
        Folder that keeps vectors of texts.
    timezone : str
        IANA zone in which months are counted.
    account : str
        Whose calls these are.

    Returns
    -------
    Themes
    """
    names = names or ThemeNames()
    turns = caller_turns(utterances)
    embedder = open_embedder(settings.embedder, cache)
    texts, vectors = inquiry_vectors(utterances, embedder)
    apart = calls_set_apart(utterances)
    turns = turns[~turns["call_id"].isin(apart.index)].reset_index(drop=True)
    call_ids = texts.index.astype(str)
    placed = place_calls(registry, list(call_ids), vectors, embedder, settings, names)
    registry = _describe(placed, list(texts), vectors, embedder)
    months = _months(calls, call_ids, timezone)
    rows = _rows(placed, registry, turns, call_ids, embedder, names)
    call_themes = schema.conform(pd.DataFrame(rows).assign(account=account), "call_themes")
    states = theme_states(call_themes, months, who=person(calls).set_axis(calls["call_id"]))
    themes = _themes_table(registry, call_themes, states, names, account)
    text = _in_words(themes, call_themes, placed, len(texts), apart, settings)
    return Themes(
        themes, text, _checks(placed, registry), registry=registry, call_themes=call_themes
    )


def inquiry_vectors(utterances: pd.DataFrame, embedder: Embedder) -> tuple[pd.Series, Vectors]:
    """Return what each caller said, and its vector: zeros for a call that is set apart.

    Parameters
    ----------
    utterances : pandas.DataFrame
        The table ``utterances``, redacted.
    embedder : Embedder
        What makes vectors of texts.

    Returns
    -------
    texts : pandas.Series
        By call id, sorted.
    vectors : numpy.ndarray
        Unit rows or zeros, shape (len(texts), d).
    """
    texts = call_texts(caller_turns(utterances))
    apart = texts.index.astype(str).isin(calls_set_apart(utterances).index)
    return texts, embed_texts(list(texts.mask(apart, "")), embedder, fit=True)


def _describe(
    placed: Placed, texts: Sequence[str], vectors: Vectors, embedder: Embedder
) -> ThemeRegistry:
    """Give every theme that has calls its words; the others keep what they had."""
    registry = placed.registry
    present = sorted(set(placed.theme_ids) - {""})
    if not present:
        return registry
    index = {theme_id: i for i, theme_id in enumerate(present)}
    labels = np.array([index.get(theme_id, -1) for theme_id in placed.theme_ids], np.intp)
    terms = theme_terms(texts, labels, len(present), _TERMS_TO_NAME_BY)
    made = theme_labels(terms, texts, labels, vectors, embedder)
    seeds = {theme.theme_id: theme.seed for theme in registry.themes}
    words = {
        theme_id: (terms[i][:_TERMS], seeds[theme_id] or made[i]) for theme_id, i in index.items()
    }
    return registry.described(words)


def _months(calls: pd.DataFrame, call_ids: pd.Index, timezone: str) -> pd.Series:
    local = calls.set_index("call_id")["started_at"].dt.tz_convert(timezone)
    months: pd.Series[Any] = local.dt.strftime("%Y-%m").reindex(call_ids)
    return months


def _rows(
    placed: Placed,
    registry: ThemeRegistry,
    turns: pd.DataFrame,
    call_ids: pd.Index,
    embedder: Embedder,
    names: ThemeNames,
) -> list[dict[str, Any]]:
    """One row per call and inquiry, with the turn that says it best."""
    if not registry.themes or turns.empty:
        return []
    ignored = stop_words()
    telling = np.array([sum(word not in ignored for word in words_of(t)) for t in turns["plain"]])
    vectors = _turn_vectors(turns["plain"], telling > 0, embedder, registry)
    cosines = vectors @ registry.centroids.T
    thresholds = np.array([theme.threshold for theme in registry.themes])
    spot = {theme_id: i for i, theme_id in enumerate(registry.ids)}
    own = dict(zip(call_ids, zip(placed.theme_ids, placed.strengths, strict=True), strict=True))
    rows: list[dict[str, Any]] = []
    for call_id, places in turns.groupby("call_id", sort=True).indices.items():
        members = np.asarray(places, np.intp)
        theme_id, strength = own[str(call_id)]
        taken: set[str] = set()
        if theme_id:
            best = members[
                np.argmax(cosines[members, spot[theme_id]] + 0.02 * np.minimum(telling[members], 5))
            ]
            taken.add(_final(theme_id, names))
            rows.append(_row(call_id, _final(theme_id, names), strength, turns.iloc[best]))
        for turn in members:
            other = int(np.argmax(cosines[turn]))
            clearly = cosines[turn, other] >= thresholds[other] + (_CLEARLY if theme_id else 0.0)
            final = _final(registry.ids[other], names)
            if telling[turn] >= _FEWEST_WORDS and clearly and final not in taken:
                taken.add(final)
                rows.append(_row(call_id, final, cosines[turn, other], turns.iloc[turn]))
    return rows


def _turn_vectors(
    plain: pd.Series, told: npt.NDArray[np.bool_], embedder: Embedder, registry: ThemeRegistry
) -> Vectors:
    vectors = np.zeros((len(plain), registry.centroids.shape[1]), np.float32)
    if told.any():
        vectors[told] = embedder.embed(list(plain[told]))
    return vectors


def _final(theme_id: str, names: ThemeNames) -> str:
    while theme_id in names.merges:
        theme_id = names.merges[theme_id]
    return theme_id


def _row(call_id: object, theme_id: str, strength: float, turn: pd.Series) -> dict[str, Any]:
    return {
        "call_id": str(call_id),
        "theme_id": theme_id,
        "strength": round(float(max(strength, 0.0)), 4),
        "turn": turn["turn"],
        "start_s": turn["start_s"],
        "quote": _shortened(str(turn["text"])),
    }


def _shortened(text: str) -> str:
    if len(text) <= _LONGEST_QUOTE:
        return text
    return text[:_LONGEST_QUOTE].rsplit(" ", 1)[0] + " …"


def _themes_table(
    registry: ThemeRegistry,
    call_themes: pd.DataFrame,
    states: pd.DataFrame,
    names: ThemeNames,
    account: str,
) -> pd.DataFrame:
    counts = call_themes.groupby("theme_id")["call_id"].nunique()
    rows = [
        {
            "account": account,
            "theme_id": theme.theme_id,
            "label": names.labels.get(theme.theme_id, theme.label),
            "terms": list(theme.terms),
            "calls": int(counts.get(theme.theme_id, 0)),
            "separation": theme.separation,
            **_state(theme, states),
        }
        for theme in registry.themes
        if theme.theme_id not in names.merges
    ]
    frame = pd.DataFrame(rows)
    if len(frame):
        frame = frame.sort_values(["calls", "theme_id"], ascending=[False, True])
    return schema.conform(frame, "themes")


def _state(theme: RegisteredTheme, states: pd.DataFrame) -> dict[str, Any]:
    if theme.theme_id not in states.index:
        return {"first_month": None, "state": "resting"}
    found = states.loc[theme.theme_id]
    return {"first_month": found["first_month"], "state": found["state"]}


def _in_words(
    themes: pd.DataFrame,
    call_themes: pd.DataFrame,
    placed: Placed,
    transcribed: int,
    set_apart: pd.Series,
    settings: Listening,
) -> str:
    apart = apart_in_words(set_apart)
    if not placed.registry.themes:
        return (
            f"{phrasing.plural(placed.usable, 'call')} "
            f"{phrasing.agree(placed.usable, 'says', 'say')} enough to listen to; themes need at "
            f"least {settings.min_calls}. So no themes are shown, only transcripts, hesitations "
            "and wishes." + apart
        )
    active = themes[themes["calls"] > 0]
    share = placed.unclear / max(placed.usable, 1)
    first = zip(active["label"].head(3), active["calls"].head(3), strict=True)
    lead = "; ".join(f"{label} ({phrasing.number(calls)})" for label, calls in first)
    only = " All calls that say enough seem to be about one thing." if len(active) < 2 else ""
    few = (
        f" With only {phrasing.plural(placed.usable, 'call')}, themes are tentative."
        if placed.usable < TENTATIVE
        else ""
    )
    return (
        f"{phrasing.plural(len(active), 'theme')} in "
        f"{phrasing.out_of(call_themes['call_id'].nunique(), transcribed, 'transcribed call')}. "
        f"Most asked about: {lead}. {phrasing.plural(placed.unclear, 'call')} "
        f"({phrasing.percent(share)}) {phrasing.agree(placed.unclear, 'is')} unclear: "
        f"{phrasing.agree(placed.unclear, 'it fits', 'they fit')} no theme well enough to be "
        f"counted.{only}{few}{loose_in_words(active)}{apart}"
    )


def _checks(placed: Placed, registry: ThemeRegistry) -> tuple[Check, ...]:
    if not registry.themes:
        return ()
    checks = []
    if not np.isnan(registry.stability):
        steady = registry.stability >= 0.6
        checks.append(
            Check(
                "Themes repeat",
                steady,
                "Themes were found again from random samples of 80 % of the calls. The groupings "
                f"agree with an adjusted Rand index of {registry.stability:.2f} (1 is the same, 0 "
                "is chance)." + ("" if steady else " Take the smaller themes as hints."),
            )
        )
    checks += [Check("Themes drift", None, line) for line in placed.notes]
    return tuple(checks)


def warm_cache(turns: pd.DataFrame, settings: Listening, cache: Path) -> None:
    """Embed what :func:`tag_themes` will need, so that it only reads.

    Parameters
    ----------
    turns : pandas.DataFrame
        As :func:`~calltrack_nb.themes.turns.caller_turns` gives them.
    settings : Listening
        Which embedder.
    cache : pathlib.Path
        Folder that keeps vectors of texts.
    """
    embedder = open_embedder(settings.embedder, cache)
    pieces = {piece for text in turns["plain"] for piece in segments(text)}
    wholes = {as_whole(text) for text in call_texts(turns)}
    embedder.embed(sorted(pieces | wholes | set(turns["plain"])))
