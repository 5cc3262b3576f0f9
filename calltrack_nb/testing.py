"""An engine without a model, for tests that are not about words.

It is public: whoever writes a report notebook can try it without waiting for Whisper.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from calltrack_nb.transcription import Decoding, EngineInfo, Window, WindowResult, Word


@dataclass(frozen=True, slots=True)
class FakeTranscriber:
    """Gives every span of speech the words it was told to give.

    Its words fill each span evenly, so that what the front end does with times can be
    checked exactly.

    Parameters
    ----------
    texts : mapping of int to sequence of str
        Per channel, what is said in its spans of speech, over and over.
    looping : sequence of int
        Beam sizes at which a window's words come as a loop, to see it done again.
    at_once : int
        Threads that may ask it at once.

    Examples
    --------
    >>> FakeTranscriber().info.text
    'fake by fake on cpu (none)'
    """

    texts: Mapping[int, Sequence[str]] = field(
        default_factory=lambda: {0: ("hello there",), 1: ("thank you for calling",)}
    )
    looping: Sequence[int] = ()
    at_once: int = 2

    @property
    def info(self) -> EngineInfo:
        """What it is."""
        return EngineInfo("fake", "fake", "none", "cpu", "none")

    def decode(self, windows: Sequence[Window], decoding: Decoding) -> list[WindowResult]:
        """Return one result per window, in order."""
        loops = decoding.beam_size in self.looping and decoding.no_repeat_ngram == 0
        return [self._window(window, loops=loops) for window in windows]

    def _window(self, window: Window, *, loops: bool) -> WindowResult:
        words: list[Word] = []
        for piece in window.pieces:
            lines = self.texts.get(piece.channel, ("hello",))
            for number, span in enumerate(piece.spans):
                said = ["loop"] * 20 if loops else lines[number % len(lines)].split()
                start = span.start_s - piece.start_s + piece.offset_s
                step = span.length_s / len(said)
                words.extend(
                    Word(text, start + at * step, start + (at + 1) * step, 0.9)
                    for at, text in enumerate(said)
                )
        return WindowResult(tuple(words), -0.2, 0.01, "en")
