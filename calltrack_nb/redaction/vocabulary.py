"""The kinds of private words, the labels that stand for them, and lists of words."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources
from typing import Final, Literal, get_args

Kind = Literal["card", "security_code", "phone", "number", "email", "address", "name", "private"]

KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
"""Every kind; where spans overlap, the one that stands first wins."""

#: Labels that this package or a vendor has put in place of private words, and marks of sounds.
LABEL: Final = re.compile(
    r"\[[A-Z][A-Z0-9_ /-]{2,}\]|<[A-Z][A-Z0-9_]{2,}>|\*{3,}|#{3,}"
    r"|(?i:[\[(<](?:inaudible|unintelligible|indiscernible|crosstalk|cross talk|silence|"
    r"pause|music|hold music|laughter|laughs|laughing|noise|background noise|beep|"
    r"no speech detected)[\])>])"
)


def word_list(name: str) -> frozenset[str]:
    """Return a list of ``words.toml``.

    Examples
    --------
    >>> "hello" in word_list("small_talk")
    True
    """
    return frozenset(_lists()[name].split())


@cache
def _lists() -> dict[str, str]:
    text = resources.files("calltrack_nb.redaction").joinpath("words.toml").read_text("utf-8")
    return tomllib.loads(text)
