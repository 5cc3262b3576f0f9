"""What was said, by whom and when: the record every later step reads."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Final, Literal, Self

import pandas as pd

from calltrack_nb.errors import TranscriptionError
from calltrack_nb.schema import FROM_AUDIO, INVENTED, PROVIDED, conform

Speaker = Literal["caller", "agent", "unknown"]

FORMAT: Final = 1


@dataclass(frozen=True, slots=True)
class Word:
    """A word on the call's clock.

    Parameters
    ----------
    text : str
        As written, punctuation included.
    start_s, end_s : float
        Seconds from the start of the recording.
    probability : float
        The model's own, 0 to 1.
    """

    text: str
    start_s: float
    end_s: float
    probability: float


@dataclass(frozen=True, slots=True)
class Utterance:
    """What one speaker said without a break.

    Parameters
    ----------
    speaker : str
        ``caller``, ``agent`` or ``unknown``.
    start_s, end_s : float
        Seconds from the start of the recording: where speech was heard, not where the
        model put its words. NaN where a provider's transcript does not say.
    text : str
        The words.
    confidence : float
        Mean probability of the words; NaN where a provider does not say.
    flags : tuple of str
        Sorted. Those of :data:`INVENTED` mean suspected invented text; remarks are
        ``low_confidence``, and ``glossary`` where a name of the glossary was put in the
        place of something like it.
    words : tuple of Word
        With their times.
    """

    speaker: Speaker
    start_s: float
    end_s: float
    text: str
    confidence: float
    flags: tuple[str, ...] = ()
    words: tuple[Word, ...] = ()

    @property
    def suspect(self) -> bool:
        """Whether the words may have been invented by the model."""
        return not INVENTED.isdisjoint(self.flags)


@dataclass(frozen=True, slots=True)
class Transcript:
    """A call in words.

    Parameters
    ----------
    utterances : tuple of Utterance
        In order of start; overlaps stay overlaps.
    speech : mapping
        Per speaker, the spans (start and end in seconds) in which voice detection heard
        them; the ground for talk measures.
    layout : str
        What the channels hold; see :class:`calltrack_nb.audio.Layout`.
    duration_s : float
        Length of the recording in seconds; of a provider's transcript the end of its last
        turn, NaN where it has no times.
    engine, model : str
        What transcribed it; :data:`calltrack_nb.schema.PROVIDED` and whose it is, where a
        provider did.
    options : mapping
        How; the settings that shape the text.
    language : str or None
        As set, or as detected.
    speaker_confidence : float
        Confidence, 0 to 1, that the speakers are told apart rightly.
    truncated : bool
        Whether the file broke off.
    remarks : tuple of str
        What a reader should know: a guess about sides, windows done again, speech
        that no word was found for.
    """

    utterances: tuple[Utterance, ...]
    speech: Mapping[Speaker, tuple[tuple[float, float], ...]]
    layout: str
    duration_s: float
    engine: str
    model: str
    options: Mapping[str, Any] = field(default_factory=dict)
    language: str | None = None
    speaker_confidence: float = 1.0
    truncated: bool = False
    remarks: tuple[str, ...] = ()

    @property
    def origin(self) -> str:
        """Whose words they are: ``audio``, or the provider that made them."""
        return self.model if self.engine == PROVIDED else FROM_AUDIO

    @property
    def timed(self) -> bool:
        """Whether it is known of every utterance when it was said."""
        return not any(math.isnan(said.start_s + said.end_s) for said in self.utterances)

    @property
    def text(self) -> str:
        """The words of every utterance, one line each, with the speaker."""
        return "\n".join(f"{said.speaker}: {said.text}" for said in self.utterances)

    @property
    def flagged_share(self) -> float:
        """Share of words under suspicion of being invented."""
        total = sum(len(said.text.split()) for said in self.utterances)
        suspect = sum(len(said.text.split()) for said in self.utterances if said.suspect)
        return suspect / total if total else 0.0

    def to_json(self) -> str:
        """Write as JSON: the same transcript always gives the same text."""
        data = {"format": FORMAT, **_known(asdict(self))}
        data["utterances"] = [_known(said) for said in data["utterances"]]
        return json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read what :meth:`to_json` wrote.

        Raises
        ------
        TranscriptionError
            When the text is not a transcript of this format.
        """
        try:
            data: dict[str, Any] = json.loads(text)
            if data.pop("format") != FORMAT:
                raise TranscriptionError(
                    "The transcript is in another format", fix="Transcribe the call again"
                )
            return cls(
                utterances=tuple(_utterance(row) for row in data.pop("utterances")),
                speech={
                    speaker: tuple((float(a), float(b)) for a, b in spans)
                    for speaker, spans in data.pop("speech").items()
                },
                remarks=tuple(data.pop("remarks")),
                **_told(data, "duration_s"),
            )
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise TranscriptionError(
                "The transcript cannot be read", where=str(error), fix="Transcribe the call again"
            ) from error


def _utterance(row: dict[str, Any]) -> Utterance:
    words = tuple(Word(**word) for word in row.pop("words"))
    told = _told(row, "start_s", "end_s", "confidence")
    return Utterance(words=words, flags=tuple(told.pop("flags")), **told)


def _known(values: dict[str, Any]) -> dict[str, Any]:
    """Write numbers that nobody knows as JSON can: null."""
    return {
        name: None if isinstance(value, float) and math.isnan(value) else value
        for name, value in values.items()
    }


def _told(values: dict[str, Any], *names: str) -> dict[str, Any]:
    """Read back what :func:`_known` wrote."""
    return values | {name: math.nan for name in names if values[name] is None}


def utterances_table(transcripts: Mapping[str, Transcript], account: str) -> pd.DataFrame:
    """Lay transcripts out as the table ``utterances``.

    Parameters
    ----------
    transcripts : mapping of str to Transcript
        By ``call_id``.
    account : str
        The business the calls belong to.

    Returns
    -------
    pandas.DataFrame
        Conformed to the table ``utterances``: one row per utterance, ``turn`` counted
        from 0 in each call; ``redacted_text`` is still missing.
    """
    rows = [
        {
            "account": account,
            "call_id": call_id,
            "turn": turn,
            "speaker": said.speaker,
            "start_s": said.start_s,
            "end_s": said.end_s,
            "text": said.text,
            "confidence": said.confidence,
            "flags": list(said.flags),
            "origin": transcript.origin,
        }
        for call_id, transcript in transcripts.items()
        for turn, said in enumerate(transcript.utterances)
    ]
    return conform(pd.DataFrame(rows), "utterances")
