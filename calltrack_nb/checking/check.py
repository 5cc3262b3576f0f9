"""What one person said of one call."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final, Self

from pydantic import BaseModel, ConfigDict, ValidationError

from calltrack_nb.errors import ReviewError

DRAWN: Final = "drawn"
CHOSEN: Final = "chosen"


class _Stored(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    call_id: str
    reviewer: str
    checked_at: str
    why: str
    found: list[str]
    asked: list[str]
    cannot_tell: bool
    words_read: bool
    transcript_key: str | None


@dataclass(frozen=True, slots=True)
class Check:
    """A person's answers about a call.

    Attributes
    ----------
    call_id, reviewer : str
        Which call, and who checked it.
    checked_at : datetime.datetime
        UTC.
    why : {"drawn", "chosen"}
        Whether the call was drawn at random; only those measure the machine.
    found : frozenset of str
        Everything that is true of the call, such as ``hesitation:price``.
    asked : frozenset of str
        Everything that the person could have said: of other kinds the check says nothing.
    cannot_tell : bool
        Whether the person could not say; then `found` is empty.
    words_read : bool
        Whether the transcript was read through, so that what was not corrected is right.
    transcript_key : str or None
        Of the transcript that was read.
    """

    call_id: str
    reviewer: str
    checked_at: dt.datetime
    why: str
    found: frozenset[str]
    asked: frozenset[str]
    cannot_tell: bool = False
    words_read: bool = False
    transcript_key: str | None = None

    def to_json(self) -> str:
        """Return the check as it is stored."""
        return _Stored(
            call_id=self.call_id,
            reviewer=self.reviewer,
            checked_at=self.checked_at.isoformat(),
            why=self.why,
            found=sorted(self.found),
            asked=sorted(self.asked),
            cannot_tell=self.cannot_tell,
            words_read=self.words_read,
            transcript_key=self.transcript_key,
        ).model_dump_json(indent=1)

    @classmethod
    def from_json(cls, text: str, *, where: object = None) -> Self:
        """Read a stored check.

        Raises
        ------
        ReviewError
            When it is none, naming `where`.

        Examples
        --------
        >>> made = Check("a", "Tilda", dt.datetime(2026, 8, 3, tzinfo=dt.UTC), DRAWN,
        ...              frozenset({"outcome:lost"}), frozenset({"outcome:lost"}))
        >>> Check.from_json(made.to_json()) == made
        True
        """
        try:
            read = _Stored.model_validate_json(text)
            moment = dt.datetime.fromisoformat(read.checked_at)
        except (ValidationError, ValueError) as error:
            raise ReviewError(
                "A stored check of a call cannot be read",
                where=where or "",
                fix="Delete the file, then check the call again with calltrack review",
            ) from error
        return cls(
            read.call_id,
            read.reviewer,
            moment,
            read.why,
            frozenset(read.found),
            frozenset(read.asked),
            read.cannot_tell,
            read.words_read,
            read.transcript_key,
        )
