"""Transcripts on disk, found again by what was transcribed and how."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import os
import re
import secrets
from pathlib import Path

from calltrack_nb.errors import TranscriptionError
from calltrack_nb.transcription.engine import EngineInfo
from calltrack_nb.transcription.options import Options
from calltrack_nb.transcription.transcript import Transcript

_KEY = re.compile(r"[0-9a-f]{40}")


def content_of(path: Path) -> str:
    """Return SHA-256 of what a file holds, in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class TranscriptStore:
    """A folder of transcripts.

    Each is one compressed file named after a hash of the audio, the engine, the weights
    and the options; so nothing is transcribed twice, a renamed recording is still known,
    and another model's words stand beside the first one's.

    Parameters
    ----------
    folder : pathlib.Path
        Made when something is put into it.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __repr__(self) -> str:
        return f"TranscriptStore({self.folder.name!r})"

    def key(self, content: str, engine: EngineInfo, options: Options) -> str:
        """Return the name under which a recording's transcript is kept.

        Parameters
        ----------
        content : str
            The recording's, as :func:`content_of` gives it; its name does not count.
        engine : EngineInfo
            Engine and weights. The device does not count, its precision does.
        options : Options
            What shapes the text.
        """
        parts = (content, engine.engine, engine.weights, engine.precision, options.digest())
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:40]

    def holds(self, key: str) -> bool:
        """Whether there is a transcript, which may yet turn out to be damaged."""
        return self._file(key).is_file()

    def get(self, key: str) -> Transcript | None:
        """Return a transcript, or None where there is none that can be read."""
        file = self._file(key)
        try:
            raw = file.read_bytes()
            return Transcript.from_json(gzip.decompress(raw).decode())
        except FileNotFoundError:
            return None
        except (OSError, EOFError, UnicodeDecodeError, TranscriptionError, ValueError):
            return None  # a damaged file is as good as none: the call is done again

    def state(self, key: str) -> tuple[int, int] | None:
        """Return the size of a transcript's file and when it was last written."""
        try:
            known = self._file(key).stat()
        except FileNotFoundError:
            return None
        return known.st_size, known.st_mtime_ns

    def put(self, key: str, transcript: Transcript) -> None:
        """Keep a transcript; a reader sees all of it or nothing.

        Raises
        ------
        TranscriptionError
            When it cannot be written: the disk is full, or the folder is read-only.
        """
        target = self._file(key)
        content = gzip.compress(transcript.to_json().encode(), mtime=0)
        draft = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            with draft.open("xb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(target)
        except OSError as error:
            with contextlib.suppress(OSError):
                draft.unlink(missing_ok=True)
            raise TranscriptionError(
                "The transcript cannot be saved",
                where=f"{self.folder} ({error.strerror or error})",
                fix="Free some space, or make the folder writable",
            ) from error

    def forget(self, key: str) -> None:
        """Delete a transcript, if it is there."""
        self._file(key).unlink(missing_ok=True)

    def kept_here(self, path: Path) -> bool:
        """Tell a transcript of the store from another file that lies in its folder."""
        key = path.name.removesuffix(".json.gz")
        return bool(_KEY.fullmatch(key)) and path == self._file(key)

    def _file(self, key: str) -> Path:
        if not _KEY.fullmatch(key):
            raise TranscriptionError("This is not a transcript's key", where=key)
        return self.folder / key[:2] / f"{key}.json.gz"
