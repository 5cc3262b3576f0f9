"""``calltrack.toml``: what a business says about itself, read into one frozen object.

Every section is a small frozen model; a key that no section has, or a value of the
wrong type, is refused with its place in the file and, where one is near, the
spelling that was probably meant.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal, Self, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from calltrack_nb.errors import SettingsError

FILE_NAME = "calltrack.toml"

Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Share = Annotated[float, Field(ge=0, le=1)]


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=False)


class Business(_Section):
    """Who the calls are for, and where and when it is open; distances begin at its city."""

    name: str = "My business"
    account: str = "main"
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] = "US"
    timezone: str = "America/New_York"
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] = "USD"
    city: str = ""
    region: str = ""
    hours: dict[Day, str] = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), "09:00-17:00")
    closed_on_holidays: bool = True

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError("not an IANA zone such as America/New_York") from None
        return value


class Goals(_Section):
    """Targets per month; a goal that is not set is not reported on."""

    qualified_calls: Annotated[int, Field(gt=0)] | None = None
    sales_calls: Annotated[int, Field(gt=0)] | None = None
    feedback_calls: Annotated[int, Field(gt=0)] | None = None
    cost_per_qualified_call: Annotated[Decimal, Field(gt=0)] | None = None
    answer_rate: Share | None = None


class QualifiedCall(_Section):
    """What makes a call a qualified one, where nobody has said so by hand."""

    min_talk_s: Annotated[float, Field(ge=0)] = 60.0
    spam_score_from: Annotated[int, Field(ge=1)] = 3
    staff_numbers: tuple[str, ...] = ()

    @field_validator("staff_numbers")
    @classmethod
    def _with_country_code(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        plain = tuple(re.sub(r"[\s().-]", "", number) for number in value)
        for number, written in zip(plain, value, strict=True):
            if not re.fullmatch(r"\+[1-9]\d{6,14}", number):
                raise ValueError(
                    f"{written!r} is no number with its country's code, such as +14045550199"
                )
        return plain


class Transcription(_Section):
    """How calls are transcribed, and whose words count where a provider transcribed them too."""

    engine: Literal["auto", "faster-whisper", "openai-whisper"] = "auto"
    model: str = "tiny.en"
    language: str | None = "en"
    agent_channel: Literal["auto", "left", "right"] = "auto"
    prefer: Literal["ours", "provider"] = "ours"
    glossary: tuple[str, ...] = ()


class Listening(_Section):
    """How themes are found."""

    embedder: Literal["auto", "minilm", "tfidf"] = "auto"
    min_calls: Annotated[int, Field(ge=4)] = 12
    max_themes: Annotated[int, Field(ge=2)] = 40
    seed: int = 0


class Evidence(_Section):
    """How figures are hedged."""

    level: Annotated[float, Field(gt=0.5, lt=1)] = 0.95
    min_group: Annotated[int, Field(ge=1)] = 5


class Privacy(_Section):
    """What a report may carry when its parameters do not say."""

    share_safe: bool = True
    audio: bool = False


class ChannelRule(_Section):
    """One row of the channel table: the words that name a channel in a field."""

    channel: str
    words: tuple[str, ...]
    fields: tuple[str, ...] = ("source", "medium", "click_id")


class Sources(_Section):
    """How exports are read where their own words are not enough."""

    aliases: dict[str, dict[str, str | tuple[str, ...]]] = {}
    channels: tuple[ChannelRule, ...] = ()
    spreadsheet: dict[str, str] = {}
    timezones: dict[str, str] = {}
    sync: dict[str, str] = {}
    recording_hosts: tuple[str, ...] = ()


class FieldSource(_Section):
    """Where the value of one field comes from in a file.

    ``column`` names one column, or several of which the first that is in the file counts.
    ``join`` names columns whose texts are joined with a space, such as a date and a time.
    ``value`` is a constant. A number stands for the column at that place, from 1.
    """

    column: str | int | tuple[str | int, ...] = ()
    join: tuple[str | int, ...] = ()
    value: str | None = None
    values: dict[str, str] = {}
    unit: Literal["h", "min", "s", "ms", "h:mm", "m:ss"] | None = None

    @model_validator(mode="before")
    @classmethod
    def _shorthand(cls, given: Any) -> Any:
        """Read ``"Phone"``, ``3`` and ``["Date", "Time"]`` as what they abbreviate."""
        if isinstance(given, (str, int)) and not isinstance(given, bool):
            return {"column": given}
        return {"join": given} if isinstance(given, (list, tuple)) else given

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        if sum((self.column != (), self.join != (), self.value is not None)) != 1:
            raise ValueError("give one of column, join or value")
        if any(name in ("", 0) for name in self.columns):
            raise ValueError("name the column of the file")
        return self

    @property
    def columns(self) -> tuple[str | int, ...]:
        """Every column that is named."""
        one = (self.column,) if isinstance(self.column, (str, int)) else self.column
        return (*one, *self.join)


class FileMapping(_Section):
    """How one kind of file is read: which files, and where each field stands in them.

    A file is of this kind where its name fits ``files`` and all of ``columns`` are in it.
    Where neither is given, every column that a field names must be in it. ``width`` is for
    files without a header: how many columns they have.
    """

    name: Annotated[str, Field(pattern=r"^[a-z0-9_]+$")] = "spreadsheet"
    kind: Literal["calls", "spend"] = "calls"
    files: str = ""
    columns: tuple[str, ...] = ()
    width: tuple[int, ...] = ()
    timezone: str = ""
    fields: dict[str, FieldSource]
    only: dict[str, tuple[str, ...]] = {}

    @field_validator("width", mode="before")
    @classmethod
    def _one_or_more(cls, value: Any) -> Any:
        return (value,) if isinstance(value, int) else value


class OfAccount(_Section):
    """What differs for one client of several; what is not said here is said for all."""

    business: Business = Business()
    goals: Goals = Goals()
    qualified: QualifiedCall = QualifiedCall()
    evidence: Evidence = Evidence()
    privacy: Privacy = Privacy()


class Settings(_Section):
    """Everything ``calltrack.toml`` may say, with defaults for what it does not."""

    business: Business = Business()
    goals: Goals = Goals()
    qualified: QualifiedCall = QualifiedCall()
    transcription: Transcription = Transcription()
    listening: Listening = Listening()
    evidence: Evidence = Evidence()
    privacy: Privacy = Privacy()
    sources: Sources = Sources()
    mapping: tuple[FileMapping, ...] = ()
    accounts: dict[str, OfAccount] = {}

    def of_account(self, account: str) -> Settings:
        """Return the settings of one client.

        Parameters
        ----------
        account : str
            As the tables name it. The business is called so, unless its settings or
            those of all say another name for it.

        Examples
        --------
        >>> own = {"Riverside Dental": {"goals": {"qualified_calls": 30}}}
        >>> settings = Settings(goals={"answer_rate": 0.8}, accounts=own)
        >>> goals = settings.of_account("Riverside Dental").goals
        >>> goals.qualified_calls, goals.answer_rate
        (30, 0.8)
        """
        own = self.accounts.get(account, OfAccount())
        named = {} if account == self.business.account else {"name": account}
        said = {
            section: {key: getattr(part, key) for key in part.model_fields_set}
            for section, part in own
        }
        said["business"] = {**named, **said["business"], "account": account}
        return self.model_copy(
            update={
                section: getattr(self, section).model_copy(update=values)
                for section, values in said.items()
            }
        )


def read_settings(path: Path) -> Settings:
    """Read ``calltrack.toml``.

    Parameters
    ----------
    path : pathlib.Path
        The file.

    Raises
    ------
    SettingsError
        When the file is absent, is not TOML, or says something that is not allowed.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            "The settings cannot be read", where=f"{path} ({error})", fix="Run calltrack init"
        ) from error
    return parse_settings(text, where=str(path))


def parse_settings(text: str, *, where: str = FILE_NAME) -> Settings:
    """Read settings from TOML text.

    Examples
    --------
    >>> parse_settings('business = {name = "Mary"}').business.name
    'Mary'
    """
    try:
        return Settings.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise SettingsError("The settings are not TOML", where=f"{where} ({error})") from error
    except ValidationError as error:
        first: Any = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        more = f" (and {error.error_count() - 1} more)" if error.error_count() > 1 else ""
        raise SettingsError(
            f"{_in_words(first)}{more}", where=f"{where}, {place}", fix=_nearest(first["loc"])
        ) from error


def _in_words(problem: dict[str, Any]) -> str:
    if problem["type"] == "extra_forbidden":
        return "There is no such setting"
    return f"{problem['msg'].removeprefix('Value error, ')}, got {problem['input']!r}"


def _nearest(place: tuple[int | str, ...]) -> str | None:
    model: Any = Settings
    for part in place[:-1]:
        field = getattr(model, "model_fields", {}).get(part)
        # of a table of named sections, such as accounts, any name will do
        model = field.annotation if field else (get_args(model) or (None,))[-1]
    names = list(getattr(model, "model_fields", {}))
    near = difflib.get_close_matches(str(place[-1]), names, n=1)
    if near and near[0] != place[-1]:
        return f"Did you mean {near[0]}?"
    return f"Known here: {', '.join(names)}" if names and place[-1] not in names else None
