"""The encoding of a text: certain where it is Unicode, else a guess that is said to be one.

A UTF-8 file with a few bytes of another page, as pasting leaves them, stays UTF-8.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, BOM_UTF32_LE, getincrementaldecoder
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from calltrack_nb.errors import SourceError
from calltrack_nb.phrasing import plural
from calltrack_nb.providers.files.code_pages import Guess, guess_code_page, likelihood
from calltrack_nb.providers.files.contents import Content

# A file opened as Western and saved as UTF-8 has its byte order mark as three letters.
MISREAD_MARK: Final = "ï»¿"

# Stretches of letters, digits and the marks that words of any code page may hold, with
# one byte beyond ASCII; the second byte of a Japanese letter may be any of @ to ~.
_WORD: Final = re.compile(rb"[0-9@-~'.\-]*+[\x80-\xff][0-9@-~'.\-\x80-\xff]*+")
_MOST_WORDS: Final = 50_000
_MOST_LOOKED_AT: Final = 200
_LONGEST_WORD: Final = 64
_SAMPLE: Final = 3
# What surrogateescape makes of a byte that is not UTF-8.
_STRAY: Final = re.compile("[\udc80-\udcff]")


@dataclass(frozen=True, slots=True)
class Encoding:
    """How the bytes of a text are read.

    Parameters
    ----------
    name : str
        Python's name of the encoding.
    stray : str
        The code page of bytes that are not UTF-8, where a UTF-8 text has some.
    plain : bool
        Whether the bytes are the text in UTF-8, with nothing to mend.
    remarks : tuple of str
        What was guessed and what was mended.
    """

    name: str
    stray: str = ""
    plain: bool = False
    remarks: tuple[str, ...] = ()


def find_encoding(content: Content) -> Encoding:
    """Find the encoding of a text.

    Parameters
    ----------
    content : Content

    Raises
    ------
    SourceError
        When it is not text.
    """
    start = content.head()
    if encoding := _sixteen_bits(start):
        return Encoding(encoding)
    utf8, nuls, marks, size = _survey(content)
    remarks: list[str] = []
    if nuls:
        if nuls > max(8, size // 100):
            raise _not_text(content)
        remarks.append(f"{plural(nuls, 'NUL byte')} left out of the text")
    if _controls(start) > len(start) // 20:
        raise _not_text(content)
    if utf8:
        marked = start.startswith(BOM_UTF8)
        plain = not nuls and marks == marked and not start.startswith(MISREAD_MARK.encode())
        return Encoding("utf-8-sig" if marked else "utf-8", "", plain, tuple(remarks))
    words = _words_beyond_ascii(content)
    guess = guess_code_page([word for word in words if _stray_bytes(word)] or [*words])
    in_utf8 = sorted(filter(_holds_utf8, words), key=_stray_bytes)[:_MOST_LOOKED_AT]
    if any(_reads_better_as_utf8(word, guess) for word in in_utf8):
        # A letter of two bytes does not stray alone.
        stray = guess.page.codec if len(guess.page.languages) > 1 else "cp1252"
        remark = _stray_remark(words, stray)
        return Encoding("utf-8", stray, remarks=(*remarks, remark))
    remarks.append(_guess_remark(guess, [*words]))
    if lost := sum(count * _undecodable(word, guess) for word, count in words.items()):
        remarks.append(
            f"{plural(lost, 'byte')} cannot be read in that encoding; each became “\ufffd”"
        )
    return Encoding(guess.page.codec, remarks=tuple(remarks))


def _sixteen_bits(start: bytes) -> str | None:
    """Name the UTF-16 a text is in, by its mark or by the empty half of its ASCII letters."""
    if start.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return "utf-32" if start.startswith(BOM_UTF32_LE) else "utf-16"
    pairs = np.frombuffer(start[: len(start) // 2 * 2], dtype=np.uint8).reshape(-1, 2)
    for name, high in (("utf-16-le", 1), ("utf-16-be", 0)):
        ascii_pairs = pairs[pairs[:, high] == 0, 1 - high]
        letters = ((ascii_pairs >= 32) & (ascii_pairs < 127)) | np.isin(ascii_pairs, (9, 10, 13))
        if len(pairs) > 1 and len(ascii_pairs) > len(pairs) / 5 and letters.mean() > 0.95:
            return name
    return None


def _survey(content: Content) -> tuple[bool, int, int, int]:
    """Tell whether the bytes are UTF-8; count its NULs, byte order marks, and bytes."""
    decoder = getincrementaldecoder("utf-8")()
    utf8, nuls, marks, size = True, 0, 0, 0
    for block in content.blocks():
        nuls += block.count(0)
        marks += block.count(BOM_UTF8)
        size += len(block)
        try:
            if utf8:
                decoder.decode(block)
        except UnicodeDecodeError:
            utf8 = False
    try:
        if utf8:
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        utf8 = False
    return utf8, nuls, marks, size


def _controls(start: bytes) -> int:
    """Count control characters that no text holds, besides NUL."""
    return len(re.findall(rb"[\x01-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]", start))


def _words_beyond_ascii(content: Content) -> Counter[bytes]:
    """Count the words of a text that hold bytes beyond ASCII, each once."""
    words = Counter[bytes]()
    rest = b""
    for block in content.blocks():
        text = rest + block
        # The last word may go on in the next block.
        cut = len(text) - _LONGEST_WORD if len(text) > _LONGEST_WORD else 0
        found = [match for match in _WORD.finditer(text) if match.start() < cut]
        rest = text[max([cut, *(match.end() for match in found[-1:])]) :]
        words.update(match[0][:_LONGEST_WORD] for match in found)
        if len(words) > _MOST_WORDS:
            break
    words.update(word[:_LONGEST_WORD] for word in _WORD.findall(rest))
    return words


def _stray_bytes(word: bytes) -> int:
    """Count the bytes of a word that are not UTF-8."""
    return len(_STRAY.findall(word.decode("utf-8", "surrogateescape")))


def _holds_utf8(word: bytes) -> bool:
    """Tell whether a word holds letters in UTF-8, by chance or meant so, more than strays."""
    letters = [letter for letter in word.decode("utf-8", "ignore") if not letter.isascii()]
    return len(letters) >= max(1, _stray_bytes(word))


def _reads_better_as_utf8(word: bytes, guess: Guess) -> bool:
    text = with_stray(word.decode("utf-8", "surrogateescape"), guess.page.codec)
    as_page = likelihood(word.decode(guess.page.codec, "replace"), guess.page.languages)
    # Each stray byte takes some explaining.
    return likelihood(text) - 3 * _stray_bytes(word) > as_page


def with_stray(text: str, codec: str) -> str:
    """Replace what surrogateescape left of the bytes that are not UTF-8 by their letters."""
    return _STRAY.sub(
        lambda byte: byte[0].encode("utf-8", "surrogateescape").decode(codec, "replace"), text
    )


def _undecodable(word: bytes, guess: Guess) -> int:
    return word.decode(guess.page.codec, "replace").count("\ufffd")


def _stray_remark(words: Counter[bytes], codec: str) -> str:
    count, sample = 0, []
    for word, times in words.items():
        text = word.decode("utf-8", "surrogateescape")
        if stray := len(_STRAY.findall(text)):
            count += stray * times
            sample.append(with_stray(text, codec))
    return f"{plural(count, 'byte')} not in UTF-8, read as {codec}: {_quoted(sample)}"


def _guess_remark(guess: Guess, words: Sequence[bytes]) -> str:
    page = guess.page
    text = (
        f"The file does not state its encoding; judging by its words it is {page.title} "
        f"({page.codec}): {_quoted([word.decode(page.codec, 'replace') for word in words])}"
    )
    if rival := guess.rival:
        other = _quoted([word.decode(rival.codec, "replace") for word in words])
        text += f"; it may also be {rival.title} ({rival.codec}): {other}"
    return text


def _quoted(words: Sequence[str]) -> str:
    return ", ".join(f"“{word}”" for word in words[:_SAMPLE])


def _not_text(content: Content) -> SourceError:
    return SourceError(
        "The file is not text",
        where=content,
        fix="Export it as CSV or XLSX",
    )
