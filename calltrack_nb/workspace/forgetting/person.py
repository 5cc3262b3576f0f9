"""A person in texts: their number, and what stands beside it in the log and beside no other.

An order may name who placed it by an e-mail address or a click only, and another caller's note
may hold the full name. A name that is as well a place or a word of the business is left alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import pandas as pd

from calltrack_nb.workspace.forgetting.spellings import Spellings

_SHORTEST_CLICK: Final = 8


@dataclass(frozen=True)
class Person:
    """Whom texts are searched for.

    Parameters
    ----------
    number : Spellings
    emails, clicks, names : tuple of str
        E-mail addresses, click ids and full names of nobody else.

    Examples
    --------
    >>> ann = Person(Spellings("+14045550199", "US"), ("ann@example.com",), (), ("Ann Lee",))
    >>> ann.masked("LEE, Ann rang from 404-555-0199: Ann@example.com, joann@example.com")
    '[NAME] rang from [PHONE]: [EMAIL], joann@example.com'
    """

    number: Spellings
    emails: tuple[str, ...] = ()
    clicks: tuple[str, ...] = ()
    names: tuple[str, ...] = ()

    @cached_property
    def _words(self) -> re.Pattern[str]:
        clicks = [click for click in self.clicks if len(click) >= _SHORTEST_CLICK]
        names = [
            form
            for name in self.names
            for *given, family in [name.split()]
            for form in ([*given, family], [f"{family},", *given])
        ]
        kinds = {
            "EMAIL": [re.escape(email) for email in self.emails],
            "CLICK": [re.escape(click) for click in clicks],
            "NAME": [r"\s+".join(map(re.escape, form)) for form in names],
        }
        either = "|".join(f"(?P<{kind}>{'|'.join(of)})" for kind, of in kinds.items() if of)
        return re.compile(rf"(?<![\w.+-])(?:{either or '(?!)'})(?![\w-]|\.\w)", re.IGNORECASE)

    def may_stand_in(self, text: str) -> bool:
        """Tell whether a text may hold the person; where not, it is left alone."""
        return self.number.may_stand_in(text) or self._words.search(text) is not None

    def may_stand_in_each(self, texts: pd.Series[str]) -> pd.Series[bool]:
        """Tell of a column's texts, none missing, what :meth:`may_stand_in` tells of one."""
        named = [self._words.search(text) is not None for text in texts]
        return self.number.may_stand_in_each(texts) | pd.Series(named, texts.index, dtype=bool)

    def stands_in(self, text: str) -> bool:
        """Tell whether a text holds the person."""
        return self.number.stands_in(text) or self._words.search(text) is not None

    def is_meant_by(self, text: str) -> bool:
        """Tell whether an e-mail address or a click id of theirs stands in a text."""
        return any(found.lastgroup != "NAME" for found in self._words.finditer(text))

    def masked(self, text: str) -> str:
        """Return a text with ``[PHONE]``, ``[EMAIL]``, ``[CLICK]`` and ``[NAME]`` for them."""
        masked = self.number.masked(text)
        return self._words.sub(lambda found: f"[{found.lastgroup}]", masked)
