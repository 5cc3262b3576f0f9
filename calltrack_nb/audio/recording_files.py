"""The files of a folder that may be recordings, found by what they are called.

Beside a recording lie texts that other programs made of it, halves of downloads and what
operating systems leave behind; none of them may stand in its way.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final, Self

_ENDINGS: Final = """
.3ga .3gp .aac .adpcm .aif .aiff .al .alaw .amr .au .awb .caf .flac .g722 .g723 .g726 .g729 .gsm
.m4a .mka .mkv .mov .mp2 .mp3 .mp4 .mpga .oga .ogg .opus .pcm .raw .sln .sln16 .snd .ul .ulaw .vox
.w64 .wav .wave .weba .webm .wma
"""
# texts made of a recording, pages and pictures of it, and downloads that did not finish
_OTHERS: Final = """
.ass .csv .docx .eml .htm .html .ini .jpeg .jpg .json .jsonl .log .lrc .md .md5 .pdf .png .reapeaks
.rtf .sfk .sha256 .srt .sub .tsv .txt .url .vtt .webloc .xlsx .xml .yaml .yml .zip
.aria2 .crdownload .download .filepart .part .partial .tmp
"""
SOUND: Final = frozenset(_ENDINGS.split())
"""Endings of recordings, also of those that have to be converted first."""

_NO_RECORDING: Final = frozenset(_OTHERS.split())
_OF_SYSTEMS: Final = frozenset({"desktop.ini", "thumbs.db", "ehthumbs.db"})
# what Windows and browsers put an underscore for
_FORBIDDEN: Final = re.compile(r'[<>:"/\\|?*]')

Index = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class RecordingFiles:
    """What lies in a folder of recordings, by its names.

    Parameters
    ----------
    folder : pathlib.Path
        The folder.
    paths : frozenset of str
        Every file below it, relative to it, POSIX.
    outside : frozenset of str
        Links below it that lead out of it.
    recordings : tuple of str
        Those of the files that may be recordings, in order.
    """

    folder: Path
    paths: frozenset[str]
    outside: frozenset[str]
    recordings: tuple[str, ...]
    _by_name: Index
    _by_loose_name: Index
    _by_stem: Index

    @classmethod
    def below(cls, folder: Path) -> Self:
        """Look through a folder, which may be missing."""
        root = folder.resolve()
        every = (
            sorted(path for path in folder.rglob("*") if path.is_file()) if folder.is_dir() else []
        )
        inside = [path.resolve().is_relative_to(root) for path in every]
        names = [path.relative_to(folder).as_posix() for path in every]
        paths = [name for name, within in zip(names, inside, strict=True) if within]
        recordings = tuple(name for name in paths if may_be_recording(name))
        return cls(
            folder,
            frozenset(paths),
            frozenset(names) - frozenset(paths),
            recordings,
            _index((PurePosixPath(name).name, name) for name in recordings),
            _index((loose(PurePosixPath(name).name), name) for name in recordings),
            _index((stem, name) for name in recordings for stem in _stems(name)),
        )

    def named(self, name: str) -> tuple[str, ...]:
        """Find recordings by their name; the same in other letters where there are none."""
        return self._by_name.get(name) or self._by_loose_name.get(loose(name), ())

    def stemmed(self, name: str) -> tuple[str, ...]:
        """Find recordings that are called so but for the ending of sound they have."""
        return self._by_stem.get(loose(name), ())

    def without_copies(self, paths: Iterable[str]) -> list[str]:
        """Leave one of files that hold the same, the one nearest the folder."""
        nearest = sorted(paths, key=lambda path: (path.count("/"), path))
        if len(nearest) < 2:
            return nearest
        return list({self._content(path): path for path in reversed(nearest)}.values())[::-1]

    def copies_of(self, paths: Iterable[str], among: Iterable[str]) -> set[str]:
        """Return which of some files hold the same as one of others."""
        sizes = defaultdict(list)
        for path in paths:
            sizes[self._size(path)].append(path)
        return {
            path
            for path in among
            if (alike := sizes.get(self._size(path)))
            and self._content(path) in {self._content(other) for other in alike}
        }

    def _size(self, path: str) -> int:
        return (self.folder / path).stat().st_size

    def _content(self, path: str) -> bytes:
        with (self.folder / path).open("rb") as file:
            return hashlib.file_digest(file, "sha256").digest()


def may_be_recording(path: str) -> bool:
    """Tell whether a file may be a recording, by its name.

    Examples
    --------
    >>> [may_be_recording(name) for name in ("a/CAL7.mp3", "CAL7", "CAL7.txt", "a/._CAL7.mp3")]
    [True, True, False, False]
    """
    place = PurePosixPath(path)
    return not (
        any(part.startswith(".") for part in place.parts)
        or place.name.lower() in _OF_SYSTEMS
        or place.suffix.lower() in _NO_RECORDING
    )


def loose(name: str) -> str:
    """Return a name as any system may have written it.

    Examples
    --------
    >>> loose(" Call 10:00.MP3") == loose("call 10_00.mp3")
    True
    """
    return _FORBIDDEN.sub("_", unicodedata.normalize("NFC", name).strip().casefold())


def without_ending(name: str) -> str:
    """Return a name without its ending of sound.

    Examples
    --------
    >>> without_ending("RE7.mp3"), without_ending("1596450000.123")
    ('RE7', '1596450000.123')
    """
    ending = PurePosixPath(name).suffix
    return name.removesuffix(ending) if ending.lower() in SOUND else name


def _stems(path: str) -> set[str]:
    name = PurePosixPath(path).name
    return {loose(without_ending(name)), loose(PurePosixPath(name).stem)}


def _index(pairs: Iterable[tuple[str, str]]) -> Index:
    made = defaultdict(list)
    for key, path in pairs:
        made[key].append(path)
    return {key: tuple(paths) for key, paths in made.items()}
