"""Files that are called recordings and are none: named as what they are, with what to do.

A download that fails leaves the answer behind under the recording's name: a log-in page, an
error in JSON or XML, nothing at all. Telephone systems leave sound without a header, of
which only a person can say what it is.
"""

from __future__ import annotations

import codecs
import json
import re
from pathlib import Path
from typing import Final

from calltrack_nb.errors import RecordingError

# how files begin that OpenSSL, PGP and age have encrypted
_SEALED: Final = (b"Salted__", b"-----BEGIN PGP", b"age-encryption.org")
_LFS: Final = b"version https://git-lfs.github.com/spec/"
_ZIP: Final = b"PK\x03\x04"
_HEAD: Final = 4096
_MESSAGE: Final = 120
# of bare GSM's frames, as a few may be damaged
_MOST: Final = 0.98

# how files begin, what they are, and what to do about it
_KINDS: Final = (
    ((_ZIP,), "a ZIP archive", "Unpack it"),
    ((b"\x1f\x8b", b"7z\xbc\xaf\x27\x1c", b"Rar!", b"BZh", b"\xfd7zXZ"), "packed", "Unpack it"),
    ((b"%PDF",), "a PDF", "Download the recording itself"),
    ((b"\x89PNG", b"\xff\xd8\xff", b"GIF8"), "a picture", "Download the recording itself"),
    (
        (b"\x00\x05\x16\x07", b"\x00\x05\x16\x00"),
        "what macOS keeps beside a file",
        "Copy the file without '._' in front of its name",
    ),
    (
        (b"#EXTM3U", b"[playlist]", b"ffconcat version"),
        "a playlist, which only names recordings",
        "Download the recordings that it names",
    ),
)
FETCH_OR_SAVE: Final = (
    "Download the recording again, decrypted if it is encrypted, or save it as WAV, MP3, M4A, OGG "
    "or FLAC"
)
"""What to do about a recording that no decoder can read."""

_AGAIN: Final = "Fetch it again"
_PAGE: Final = (
    "Download it again, logged in or with the provider's key (calltrack sync); its address may "
    "have expired"
)

# endings of sound without a header: what it is, and how to read it as WAV
_HEADERLESS: Final = {
    **dict.fromkeys(
        ("ulaw", "ul", "mulaw", "pcmu", "mu"), ("bare µ-law", "sox -t ul -r 8000 -c 1 {} {}.wav")
    ),
    **dict.fromkeys(("alaw", "al", "pcma"), ("bare A-law", "sox -t al -r 8000 -c 1 {} {}.wav")),
    **dict.fromkeys(
        ("sln", "slin", "raw", "pcm", "sln8"),
        ("bare samples", "sox -t raw -e signed -b 16 -r 8000 -c 1 {} {}.wav"),
    ),
    "sln16": ("bare samples", "sox -t raw -e signed -b 16 -r 16000 -c 1 {} {}.wav"),
    **dict.fromkeys(("vox", "adpcm"), ("Dialogic ADPCM", "sox -t vox -r 8000 -c 1 {} {}.wav")),
    "g729": ("bare G.729", "ffmpeg -f g729 -i {} {}.wav"),
    "g722": ("bare G.722", "ffmpeg -f g722 -i {} {}.wav"),
    "g723": ("bare G.723.1", "ffmpeg -f g723_1 -i {} {}.wav"),
    "g726": ("bare G.726", "ffmpeg -f g726 -code_size 4 -ar 8000 -i {} {}.wav"),
}


def refuse_what_is_no_recording(path: Path) -> None:
    """Refuse a file whose first bytes say that it is something else.

    Raises
    ------
    RecordingError
        When the file is empty, encrypted, a web page, an error in JSON or XML, another
        text, a pointer of Git LFS, an archive, a picture, or nothing but zeros.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if not head:
        raise RecordingError("The recording is empty", where=path, fix=_AGAIN)
    # the first bit of a ZIP archive's flags says that it is encrypted
    if head.startswith(_SEALED) or (head.startswith(_ZIP) and len(head) > 6 and head[6] & 1):
        raise encrypted(path)
    if head.startswith(_LFS):
        raise _no_recording("a pointer of Git LFS to a recording", path, "Run git lfs pull")
    for beginnings, kind, fix in _KINDS:
        if head.startswith(beginnings):
            raise _no_recording(kind, path, fix)
    if not any(head) and _only_zeros(path):
        raise RecordingError("The recording holds only zeros", where=path, fix=_AGAIN)
    if (text := _as_text(head)) is not None:
        raise _of_text(text, path)


def cannot_be_decoded(path: Path, error: Exception) -> RecordingError:
    """Say why a file that the decoder gave up on cannot be read, where its bytes tell."""
    kind, command = _HEADERLESS.get(path.suffix.lower().lstrip("."), (None, ""))
    if kind is not None:
        return RecordingError(
            f"The recording has no header with its sampling rate; by its name it is {kind}",
            where=path,
            fix=f"Convert it to WAV, such as with: {command.format(path.name, path.stem)}",
        )
    if _lacks_index(path):
        return RecordingError(
            "The recording is cut off before its index (MP4 without 'moov'), so its sound cannot "
            "be found",
            where=path,
            fix="Download it again, complete",
        )
    return RecordingError(
        "The recording cannot be decoded",
        where=f"{path} ({error})",
        fix=FETCH_OR_SAVE,
    )


def encrypted(path: Path) -> RecordingError:
    """Return the error for a recording that only its key opens."""
    return RecordingError("The recording is encrypted", where=path, fix="Decrypt it")


def is_gsm(path: Path) -> bool:
    """Tell whether a file is bare GSM 06.10, of which every 33 bytes begin alike.

    FFmpeg goes by the first ones, which A-law's silence has too, and would make minutes of
    noise of it.
    """
    raw = path.read_bytes()
    firsts = raw[::33]
    marked = sum(first >> 4 == 0xD for first in firsts)
    return marked >= _MOST * len(firsts) and raw.count(raw[:1]) < len(raw)


def _no_recording(kind: str, path: Path, fix: str) -> RecordingError:
    return RecordingError(f"The file is {kind}, not a recording", where=path, fix=fix)


def _of_text(text: str, path: Path) -> RecordingError:
    start = text.lstrip("\ufeff \t\r\n")
    if re.match(r"<!doctype html|<html|<head|<body", start, re.IGNORECASE):
        title = re.search(r"<title[^>]*>([^<]+)", start, re.IGNORECASE)
        named = f"a web page ({_short(title[1])})" if title else "a web page"
        return _no_recording(named, path, _PAGE)
    if start.startswith("<"):
        return _answer("XML", ": ".join(re.findall(r"<(?:Code|Message)>([^<]+)", start)), path)
    if start.startswith(("{", "[")):
        return _answer("JSON", _told_in_json(start), path)
    return _no_recording("text", path, _AGAIN)


def _answer(form: str, told: str, path: Path) -> RecordingError:
    if not told:
        return _no_recording(form, path, _AGAIN)
    return _no_recording(f"an error in {form} ({_short(told)})", path, _PAGE)


def _told_in_json(text: str) -> str:
    """Return what an error in JSON says, and nothing else: an answer may hold keys."""
    try:
        answer = json.loads(text)
    except ValueError:
        return ""
    if not isinstance(answer, dict):
        return ""
    found = (answer.get(name) for name in ("error", "message", "detail", "code", "status"))
    return ": ".join(str(one) for one in found if isinstance(one, str | int))


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= _MESSAGE else f"{words[:_MESSAGE]}…"


def _as_text(head: bytes) -> str | None:
    """Return the beginning of a file as text, or None where it is none."""
    encoding = "utf-16" if head.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8"
    try:
        # bit by bit, as the last letter may be cut in two
        text = codecs.getincrementaldecoder(encoding)().decode(head)
    except UnicodeDecodeError:
        if not head.startswith(b"<"):
            return None
        text = head.decode("cp1252", "replace")
    plain = all(letter.isprintable() or letter in "\ufeff\t\r\n\f" for letter in text)
    return text if plain else None


def _only_zeros(path: Path) -> bool:
    with path.open("rb") as file:
        while block := file.read(1024 * 1024):
            if any(block):
                return False
    return True


def _lacks_index(path: Path) -> bool:
    """Tell whether a file begins as MP4 does and none of its boxes is the index."""
    with path.open("rb") as file:
        at = 0
        while len(head := file.read(16)) >= 8:
            size, name = int.from_bytes(head[:4], "big"), head[4:8]
            if at == 0 and name != b"ftyp":
                return False
            if name == b"moov":
                return False
            if size == 1:
                size = int.from_bytes(head[8:16], "big")
            if size < 8:
                break
            at += size
            file.seek(at)
    return at > 0
