"""What shapes a transcript, apart from the engine."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from typing import Any, Final, Literal

from calltrack_nb import settings
from calltrack_nb.errors import TranscriptionError
from calltrack_nb.transcription.parties import Direction
from calltrack_nb.transcription.windows import Packing

FRONT_END: Final = 7
"""Counted up when the same audio would give another transcript."""


@dataclass(frozen=True, slots=True)
class Options:
    """How calls are transcribed.

    Parameters
    ----------
    language : str or None
        Code such as ``en``; None lets a multilingual model detect it.
    agent_channel : str
        ``left``, ``right``, or ``auto`` to go by the greeting.
    direction : str
        ``inbound``, or ``outbound`` where the business rang.
    glossary : tuple of str
        The business's own names, which the model is told to expect where something like
        them was heard.
    beam_size : int
        Of the first attempt.
    careful_beam_size : int
        Of a window done again.
    packing : Packing
        How speech is laid into windows.
    """

    language: str | None = "en"
    agent_channel: Literal["auto", "left", "right"] = "auto"
    direction: Direction = "inbound"
    glossary: tuple[str, ...] = ()
    beam_size: int = 2
    careful_beam_size: int = 5
    packing: Packing = field(default_factory=Packing)

    def as_dict(self) -> dict[str, Any]:
        """Return the options as plain values, with the version of the front end."""
        values = json.loads(json.dumps(asdict(self)))
        return {"front_end": FRONT_END, **values}

    def digest(self) -> str:
        """Return a short hash of everything that shapes the text."""
        text = json.dumps(self.as_dict(), sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def options_from(choice: settings.Transcription) -> Options:
    """Take the options from the section ``transcription`` of ``calltrack.toml``.

    TOML has no null, so there the language ``auto`` asks for it to be detected.

    Raises
    ------
    TranscriptionError
        When the model knows English only and the language is another.
    """
    if choice.model.endswith(".en") and choice.language not in (None, "auto", "en"):
        raise TranscriptionError(
            f"The model {choice.model} knows English only",
            where=f"transcription.language = {choice.language!r}",
            fix=f"Choose a multilingual model, such as {choice.model.removesuffix('.en')}",
        )
    return Options(
        language=None if choice.language == "auto" else choice.language,
        agent_channel=choice.agent_channel,
        glossary=choice.glossary,
    )
