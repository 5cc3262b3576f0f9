"""Calls in a report: quotes one can hear, and what was said by whom.

Audio travels inside the page as MP3. In a share-safe report the words that redaction
hides in the text are silenced in the sound too.
"""

from __future__ import annotations

import base64
import logging
from collections.abc import Iterable, Mapping
from functools import lru_cache, partial
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from calltrack_nb.audio import Audio, clip, decode, peaks
from calltrack_nb.calls import counted_for
from calltrack_nb.errors import RecordingError
from calltrack_nb.phrasing import moment, plural
from calltrack_nb.redaction import redact_text
from calltrack_nb.redaction.vocabulary import LABEL
from calltrack_nb.reporting.call_view import opens, words_shown
from calltrack_nb.reporting.report_tables import clock
from calltrack_nb.reporting.showing import show_html
from calltrack_nb.schema import FROM_AUDIO

if TYPE_CHECKING:
    from calltrack_nb.transcription import Utterance
    from calltrack_nb.workspace import Workspace

LONGEST_CLIP_S: Final = 300.0
"""A clip is cut here, so that one long call cannot make a report too large to send."""

MOST_QUOTES: Final = 6
"""Quotes that a reader takes in; the others are shown when asked for."""

_MARGIN_S: Final = 0.25
_UNKNOWN_END_S: Final = 8.0
# flags that cast no doubt: a person's own words, and a name the glossary knows
_SURE: Final = frozenset({"corrected", "glossary"})
SPEAKERS: Final = {"caller": "Caller", "agent": "Agent", "unknown": "Somebody"}

_log = logging.getLogger(__name__)


def player(
    workspace: Workspace,
    call_id: str,
    start_s: float = 0.0,
    end_s: float | None = None,
    *,
    label: str = "",
    share_safe: bool = True,
    longest_s: float = LONGEST_CLIP_S,
) -> str:
    """Return an HTML audio player for a piece of a call.

    Parameters
    ----------
    workspace : Workspace
        Where the recording is.
    call_id : str
        The call.
    start_s, end_s : float
        The piece, in seconds from the start of the recording; to its end by default.
    label : str
        What is heard, for screen readers.
    share_safe : bool
        Whether to silence the words that redaction hides in the text.
    longest_s : float
        Where the piece is cut.

    Returns
    -------
    str
        An ``audio`` element with the sound in it, under how loud it is, or a sentence that
        says why there is none.
    """
    try:
        audio = _decoded(str(workspace.recording(call_id)))
        stop = min(audio.duration_s if end_s is None else end_s + _MARGIN_S, audio.duration_s)
        start = max(0.0, start_s - _MARGIN_S)
        stop = min(stop, start + longest_s)
        mute = _private_spans(workspace, call_id) if share_safe else ()
        sound = clip(audio, start, stop, mute=mute)
        loud = peaks(audio, start, stop, mute=mute)
    except RecordingError as error:
        _log.warning("No audio for %s: %s", call_id, error)
        return '<p class="ct-missing">The recording of this call cannot be played.</p>'
    data = base64.b64encode(sound).decode("ascii")
    said = escape(label or f"Audio of a call, {clock(start)} to {clock(stop)}", quote=True)
    return (
        f'<div class="ct-player">{_shape(loud)}'
        f'<audio controls preload="metadata" aria-label="{said}" '
        f'src="data:audio/mpeg;base64,{data}"></audio></div>'
    )


def _shape(loud: Iterable[float]) -> str:
    """Draw how loud a sound is from its start to its end, to be clicked; its slider is for all."""
    half = [max(0.5, 11 * share) for share in loud]
    bars = "".join(f"M{at}.5 {12 - up:.1f}v{2 * up:.1f}" for at, up in enumerate(half))
    return (
        f'<svg class="ct-peaks" viewBox="0 0 {len(half)} 24" preserveAspectRatio="none" '
        f'width="100%" height="24" aria-hidden="true"><path d="{bars}"/>'
        '<rect class="ct-played" width="0" height="24"/></svg>'
    )


def quotes_html(
    workspace: Workspace,
    quotes: pd.DataFrame,
    *,
    audio: bool = False,
    share_safe: bool = True,
    most: int = MOST_QUOTES,
) -> str:
    """Render quotes from calls, each with where it was said and, if wanted, its sound.

    Parameters
    ----------
    workspace : Workspace
        Where the calls are.
    quotes : pandas.DataFrame
        Columns ``call_id``, ``start_s``, ``quote`` and, where known, ``end_s``,
        ``why`` (a line under the quote) and ``group`` (a heading over those that share
        it). Where a quote's end is not known, its turn's is.
    audio : bool
        Whether to put a player under each quote.
    share_safe : bool
        Whether to silence private words in the sound; the text must be redacted already.
    most : int
        Quotes shown, of those in groups one each; the others are folded away under them.
    """
    if quotes.empty:
        return '<p class="ct-missing">No quotes to show.</p>'
    rows = quotes.assign(
        start_s=quotes["start_s"].astype("float64").mask(_untimed(workspace, quotes)),
        end_s=_ends(workspace, quotes),
    )
    heard = _recorded(workspace, rows["call_id"]) if audio else frozenset()
    calls = _facts(workspace, rows["call_id"])
    cards = partial(_cards, workspace, calls=calls, heard=heard, share_safe=share_safe)
    if "group" not in rows:
        return cards(rows.head(most)) + _folded(cards(rows.iloc[most:]), len(rows) - most)
    groups = "".join(
        f'<div class="ct-group"><p>{escape(str(group))}</p>{cards(part.head(1))}'
        + _folded(cards(part.iloc[1:]), len(part) - 1)
        + "</div>"
        for group, part in rows.groupby("group", sort=False)
    )
    return f'<div class="ct-groups">{groups}</div>'


def _folded(cards: str, count: int) -> str:
    if count <= 0:
        return ""
    head = f"<summary>{plural(count, 'more quote')}</summary>"
    return f'<details class="ct-rest">{head}{cards}</details>'


def _cards(
    workspace: Workspace,
    quotes: pd.DataFrame,
    *,
    calls: Mapping[str, str],
    heard: frozenset[str],
    share_safe: bool,
) -> str:
    pieces = []
    for row in quotes.to_dict("records"):
        call_id, start, end = str(row["call_id"]), row["start_s"], row["end_s"]
        timed = pd.notna(start)
        parts = (calls.get(call_id, ""), f"at {clock(start)}" if timed else "")
        why = row.get("why")
        note = "" if pd.isna(why) else f'<p class="ct-why">{escape(str(why))}</p>'
        sound = ""
        if call_id in heard and timed:
            sound = player(workspace, call_id, start, end, share_safe=share_safe)
        pieces.append(
            f'<figure class="ct-quote"{opens(call_id, start)}>'
            f"<blockquote>{escape(str(row['quote']).strip())}</blockquote>"
            f"<figcaption>{escape(' · '.join(part for part in parts if part))}</figcaption>"
            f"{note}{sound}</figure>"
        )
    return f'<div class="ct-quotes">{"".join(pieces)}</div>'


def _ends(workspace: Workspace, quotes: pd.DataFrame) -> pd.Series[Any]:
    """Fill in where quotes end: with the turn they were said in, or some seconds on."""
    known = quotes.get("end_s", pd.Series(float("nan"), index=quotes.index)).astype("float64")
    turns = _turns(workspace, quotes["call_id"]).drop_duplicates(["call_id", "start_s"])
    asked = quotes[["call_id", "start_s"]].astype({"start_s": "float64"})
    found = asked.merge(
        turns[["call_id", "start_s", "end_s"]], on=["call_id", "start_s"], how="left"
    )["end_s"]
    found.index = quotes.index
    return known.fillna(found).fillna(asked["start_s"] + _UNKNOWN_END_S)


def _untimed(workspace: Workspace, quotes: pd.DataFrame) -> pd.Series[bool]:
    """Tell which quotes are of calls whose transcript does not say when anything was said."""
    turns = _turns(workspace, quotes["call_id"])
    known = turns["start_s"].notna().groupby(turns["call_id"]).any()
    return quotes["call_id"].isin(known.index[~known.astype(bool)])


def _recorded(workspace: Workspace, call_ids: Iterable[str]) -> frozenset[str]:
    """Return the calls that have sound here, or are named to have it: others are transcripts."""
    known = workspace.table("recordings")
    silent = known["path"].isna() & known["transcript_key"].notna()
    return frozenset(map(str, call_ids)) - frozenset(known.loc[silent, "call_id"])


def show_quotes(
    workspace: Workspace,
    quotes: pd.DataFrame,
    *,
    audio: bool = False,
    share_safe: bool = True,
    most: int = MOST_QUOTES,
) -> None:
    """Show quotes in a notebook; the parameters are those of :func:`quotes_html`."""
    show_html(quotes_html(workspace, quotes, audio=audio, share_safe=share_safe, most=most))


def transcript_html(
    workspace: Workspace,
    call_id: str,
    *,
    audio: bool = False,
    share_safe: bool = True,
) -> str:
    """Render a call by speaker and second, with a player whose times can be clicked.

    Parameters
    ----------
    workspace : Workspace
        Where the call is.
    call_id : str
        The call.
    audio : bool
        Whether to put the call's sound over it.
    share_safe : bool
        Whether to show the redacted text, and silence private words in the sound.
    """
    turns = read_turns(workspace, call_id, share_safe=share_safe)
    if turns.empty:
        return '<p class="ct-missing">There is no transcript of this call.</p>'
    where = _facts(workspace, [call_id]).get(call_id, "")
    heard = audio and call_id in _recorded(workspace, [call_id])
    sound = player(workspace, call_id, share_safe=share_safe) if heard else ""
    timed = bool(turns["start_s"].notna().all())
    strip = speech_strip(turns) if turns["end_s"].notna().all() else ""
    rows = []
    for turn in turns.to_dict("records"):
        speaker = str(turn["speaker"])
        doubt = ' <span class="ct-doubt">unclear</span>' if turn["unclear"] else ""
        rows.append(
            f'<li class="ct-{escape(speaker)}">{_at(turn["start_s"]) if timed else ""}'
            f"<b>{SPEAKERS.get(speaker, 'Somebody')}</b> "
            f"<span>{escape(turn['text'])}{doubt}</span></li>"
        )
    return (
        f'<section class="ct-call"><p class="ct-call-head">{escape(where)}</p>'
        f"{_made_by(workspace, call_id)}{strip}{sound}<ol>{''.join(rows)}</ol></section>"
    )


def _at(start_s: float) -> str:
    return f'<span class="ct-at" data-at="{start_s:.2f}">{clock(start_s)}</span> '


def _made_by(workspace: Workspace, call_id: str) -> str:
    """Say whose words a transcript holds, where they were not heard here."""
    known = workspace.table("recordings").set_index("call_id")
    origin = known["origin"].get(call_id)
    if not isinstance(origin, str) or origin == FROM_AUDIO:
        return ""
    whose = "read from a file" if origin == "file" else f"made by {origin}"
    return f'<p class="ct-why">Transcript {escape(whose)}, not transcribed here.</p>'


def read_turns(workspace: Workspace, call_id: str, *, share_safe: bool = True) -> pd.DataFrame:
    """Read what was said in a call, turn by turn.

    Parameters
    ----------
    workspace : Workspace
        Where the call is.
    call_id : str
        The call.
    share_safe : bool
        Whether private words are hidden.

    Returns
    -------
    pandas.DataFrame
        Columns ``speaker``, ``start_s``, ``end_s``, ``text`` and ``unclear`` (bool: the
        machine is not sure of it); no rows where there is no transcript.
    """
    turns = _turns_of(workspace, call_id)
    return pd.DataFrame(
        {
            "speaker": turns["speaker"].astype("str"),
            "start_s": turns["start_s"],
            "end_s": turns["end_s"],
            "text": [
                words_shown(text, redacted, share_safe=share_safe)
                for text, redacted in zip(turns["text"], turns["redacted_text"], strict=True)
            ],
            "unclear": turns["flags"].map(doubtful).astype(bool),
        }
    )


def doubtful(flags: object) -> bool:
    """Tell whether the machine is not sure of a turn with such flags.

    Examples
    --------
    >>> doubtful(["glossary"]), doubtful(["low_confidence"]), doubtful(None)
    (False, True, False)
    """
    return bool(set(flags if isinstance(flags, Iterable) else ()) - _SURE)


def show_transcript(
    workspace: Workspace,
    call_id: str,
    *,
    audio: bool = False,
    share_safe: bool = True,
) -> None:
    """Show a call in a notebook; the parameters are those of :func:`transcript_html`."""
    show_html(transcript_html(workspace, call_id, audio=audio, share_safe=share_safe))


def speech_strip(turns: pd.DataFrame) -> str:
    """Draw who speaks when: a line for the caller over a line for the agent.

    Parameters
    ----------
    turns : pandas.DataFrame
        Columns ``speaker``, ``start_s``, ``end_s``; at least one row.
    """
    length = float(turns["end_s"].max()) or 1.0
    heights = {"caller": 0, "agent": 14, "unknown": 7}
    bars = "".join(
        f'<rect class="ct-{turn["speaker"]}" x="{1000 * turn["start_s"] / length:.1f}" '
        f'y="{heights[turn["speaker"]]}" height="10" '
        f'width="{max(1000 * (turn["end_s"] - turn["start_s"]) / length, 2):.1f}"/>'
        for turn in turns.to_dict("records")
    )
    shares = turns.assign(spoken=turns["end_s"] - turns["start_s"])
    spoken = shares.groupby("speaker")["spoken"].sum().reindex(list(SPEAKERS)).dropna()
    words = ", ".join(f"{SPEAKERS[str(who)].lower()} {clock(s)}" for who, s in spoken.items())
    return (
        f'<svg class="ct-strip" viewBox="0 0 1000 24" preserveAspectRatio="none" role="img" '
        f'aria-label="Who speaks when, of {clock(length)}: {words}">{bars}</svg>'
    )


def _turns(workspace: Workspace, call_ids: Iterable[str]) -> pd.DataFrame:
    """Read what was said in some calls, and only in those: a workspace may hold many."""
    return workspace.sql(
        "select call_id, speaker, start_s, end_s, text, redacted_text, flags "  # noqa: S608 - see _listed
        f"from utterances where call_id in ({_listed(call_ids)}) order by call_id, start_s, turn"
    )


def _turns_of(workspace: Workspace, call_id: str) -> pd.DataFrame:
    """Read what was said in one call, also where its recording counts for another one."""
    turns = _turns(workspace, [call_id])
    if not turns.empty:
        return turns
    owners = counted_for(workspace.table("recordings"), workspace.table("calls"))
    return _turns(workspace, [str(owners.get(call_id, call_id))])


def _facts(workspace: Workspace, call_ids: Iterable[str]) -> dict[str, str]:
    """Say of each call when it was and which campaign brought it."""
    calls = workspace.sql(
        "select call_id, started_at, campaign from calls "  # noqa: S608 - quoted by _listed
        f"where call_id in ({_listed(call_ids)})"
    )
    local = calls["started_at"].dt.tz_convert(workspace.settings.business.timezone)
    return {
        str(call["call_id"]): f"{when:%a} {moment(when)}"
        + ("" if pd.isna(call["campaign"]) else f" · {call['campaign']}")
        for call, when in zip(calls.to_dict("records"), local, strict=True)
    }


def _listed(call_ids: Iterable[str]) -> str:
    quoted = {str(call_id).replace("'", "''") for call_id in call_ids}
    return ", ".join(f"'{call_id}'" for call_id in sorted(quoted)) or "''"


@lru_cache(maxsize=4)
def _decoded(path: str) -> Audio:
    """Decode a recording once for the several quotes that are cut from it."""
    return decode(Path(path))


def _private_spans(workspace: Workspace, call_id: str) -> list[tuple[float, float]]:
    """Return the seconds at which words are said that redaction hides in the text.

    Where the words' own times are not known, the whole utterance counts.
    """
    turns = _turns_of(workspace, call_id)
    transcript = workspace.transcript(call_id)
    heard = () if transcript is None else transcript.utterances
    by_start = {round(said.start_s, 2): said for said in heard}
    spans: list[tuple[float, float]] = []
    for turn in turns.to_dict("records"):
        hidden = _hidden(str(turn["text"]), turn["redacted_text"])
        if hidden and pd.isna(turn["end_s"]):
            raise RecordingError(
                "Private words cannot be silenced, because the transcript does not say when they "
                "end",
                where=call_id,
            )
        if hidden:
            said = by_start.get(round(turn["start_s"], 2))
            known = _spoken(said, hidden) if said else []
            spans += known or [(turn["start_s"], turn["end_s"])]
    return spans


def _hidden(text: str, redacted: object) -> list[tuple[int, int]]:
    """Return the offsets into a text that labels stand for in its redacted form."""
    if not isinstance(redacted, str):
        spans = redact_text(text).spans
        return [(span.start, span.end) for span in spans]
    if redacted == text:
        return []
    found, at = [], 0
    for piece in LABEL.split(redacted):
        begin = text.find(piece, at)
        if begin < 0:
            return [(0, len(text))]
        if begin > at:
            found.append((at, begin))
        at = begin + len(piece)
    return [*found, (at, len(text))] if at < len(text) else found


def _spoken(said: Utterance, hidden: list[tuple[int, int]]) -> list[tuple[float, float]]:
    """Turn offsets into an utterance's text into the seconds of its words."""
    spans, at = [], 0
    for word in said.words:
        begin = said.text.find(word.text.strip(), at)
        if begin < 0:
            return []
        at = begin + len(word.text.strip())
        if any(begin < stop and at > start for start, stop in hidden):
            spans.append((word.start_s - _MARGIN_S / 2, word.end_s + _MARGIN_S / 2))
    return spans
