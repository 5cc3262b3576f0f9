"""``calltrack.toml``: what a business says about itself, read into one frozen object.

Every section is a small frozen model; a key that no section has, or a value of the
wrong type, is refused with its place in the file and, where one is near, the
spelling that was probably meant. What stands below a key describes it in a new
workspace's file and in the documentation.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from calltrack_nb.errors import SettingsError

FILE_NAME = "calltrack.toml"

Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Share = Annotated[float, Field(ge=0, le=1)]


class _Section(BaseModel):
    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=False, use_attribute_docstrings=True
    )


class Business(_Section):
    """The business that is called: its name, place, money and opening hours."""

    name: str = "My business"
    """The name in the heading of every report."""
    account: str = "main"
    """What the column ``account`` of every table holds for calls that name no client."""
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] = "US"
    """Two letters. Telephone numbers without a country code are read as this country's."""
    timezone: str = "America/New_York"
    """IANA time zone of the business; times without an offset are read in it."""
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] = "USD"
    """Three letters: the currency of amounts that name none."""
    city: Annotated[str, Field(examples=["New York"])] = ""
    """With the region it lets reports say from how far away people call."""
    region: Annotated[str, Field(examples=["NY"])] = ""
    """State or region of the city."""
    hours: dict[Day, str] = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), "09:00-17:00")
    """Opening hours in local time; a day that is not listed is closed."""
    closed_on_holidays: bool = True
    """Whether the business is closed on public holidays of its country."""

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError("not an IANA zone such as America/New_York") from None
        return value


class Goals(_Section):
    """Targets per month; only goals that are set are reported."""

    qualified_calls: Annotated[int | None, Field(gt=0, examples=[120])] = None
    """Number of qualified calls."""
    sales_calls: Annotated[int | None, Field(gt=0, examples=[60])] = None
    """Number of calls whose purpose is a sale."""
    feedback_calls: Annotated[int | None, Field(gt=0, examples=[10])] = None
    """Number of calls with praise or a complaint."""
    cost_per_qualified_call: Annotated[Decimal | None, Field(gt=0, examples=[40])] = None
    """The most that a qualified call should cost: paid spend, in the business's currency."""
    answer_rate: Annotated[Share | None, Field(examples=[0.85])] = None
    """Share of calls that somebody answers, from 0 to 1."""


class QualifiedCall(_Section):
    """Which calls count as qualified, as spam or as calls by staff."""

    min_talk_s: Annotated[float, Field(ge=0)] = 60.0
    """Seconds of talk from which an answered call is qualified, if nobody judged it."""
    spam_score_from: Annotated[int, Field(ge=1)] = 3
    """Spam score from which a call counts as spam; docs/providers.md has the points."""
    staff_numbers: Annotated[tuple[str, ...], Field(examples=[("+12125550101",)])] = ()
    """Telephone numbers of your staff, with country code; their calls are not counted."""

    @field_validator("staff_numbers")
    @classmethod
    def _with_country_code(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        plain = tuple(re.sub(r"[\s().-]", "", number) for number in value)
        for number, written in zip(plain, value, strict=True):
            if not re.fullmatch(r"\+[1-9]\d{6,14}", number):
                raise ValueError(
                    f"{written!r} is not a number with its country code, such as +14045550199"
                )
        return plain


class Transcription(_Section):
    """How calls are transcribed, and which transcript counts if a provider made one too."""

    engine: Literal["auto", "faster-whisper", "openai-whisper"] = "auto"
    """Speech engine; auto takes faster-whisper if it is installed."""
    model: str = "tiny.en"
    """A Whisper model: the bundled tiny.en, another name, or a path to one."""
    language: str | None = "en"
    """Two letters, or "auto" with a multilingual model."""
    agent_channel: Literal["auto", "left", "right"] = "auto"
    """Channel of stereo recordings on which the business speaks."""
    prefer: Literal["ours", "provider"] = "ours"
    """Which transcript counts if there are both a recording and a provider's transcript."""
    glossary: Annotated[tuple[str, ...], Field(examples=[("fondant", "gluten-free")])] = ()
    """Names of products and people that are often transcribed wrong."""


class Listening(_Section):
    """How themes, hesitations and wishes are found in transcripts."""

    embedder: Literal["auto", "minilm", "tfidf"] = "auto"
    """How sentences are compared: minilm by meaning, tfidf by words."""
    min_calls: Annotated[int, Field(ge=4)] = 12
    """Fewer transcribed calls than this are not grouped into themes."""
    max_themes: Annotated[int, Field(ge=2)] = 40
    """Largest number of themes."""
    seed: int = 0
    """Seed of the random numbers used to find themes."""


class Evidence(_Section):
    """How sure figures have to be."""

    level: Annotated[float, Field(gt=0.5, lt=1)] = 0.95
    """Level of every range: 0.95 is a 95 % range."""
    min_group: Annotated[int, Field(ge=1)] = 5
    """Groups with fewer calls than this are put together or not compared."""


class Privacy(_Section):
    """What a report may show, if its parameters do not say."""

    share_safe: bool = True
    """Hide telephone numbers and names."""
    audio: bool = False
    """Put audio clips of the quotes into reports."""


class ChannelRule(_Section):
    """A rule that gives calls a channel by words in their fields."""

    channel: str
    """The channel that the calls get."""
    words: tuple[str, ...]
    """A call fits if all words of one entry are in its fields."""
    fields: tuple[str, ...] = ("source", "medium", "click_id")
    """Fields to look in: source, medium, campaign, label, click_id."""


class Sources(_Section):
    """How exports are read if they do not say enough themselves."""

    aliases: Annotated[
        dict[str, dict[str, str | tuple[str, ...]]],
        Field(examples=[{"callrail": {"started_at": "Call began"}}]),
    ] = {}
    """Columns of a known provider's export that have other names."""
    channels: Annotated[
        tuple[ChannelRule, ...],
        Field(examples=[({"channel": "referral", "words": ["fair"], "fields": ["campaign"]},)]),
    ] = ()
    """Your own channel rules; they come before the built-in ones."""
    spreadsheet: Annotated[dict[str, str], Field(examples=[{"started_at": "When"}])] = {}
    """An older, simple form of a mapping: fields and their columns."""
    stages: Annotated[
        dict[str, Literal["won", "lost", "open"]], Field(examples=[{"In Produktion": "won"}])
    ] = {}
    """What a CRM's own words for the stage of a deal mean."""
    timezones: Annotated[
        dict[str, str], Field(examples=[{"google_ads": "America/Los_Angeles"}])
    ] = {}
    """Time zone of a provider's times, or the meaning of a zone's short name."""
    sync: Annotated[dict[str, str], Field(examples=[{"twilio": "AC123"}])] = {}
    """Your account at each provider's API. Never write keys into this file."""
    recording_hosts: Annotated[tuple[str, ...], Field(examples=[("files.example.com",)])] = ()
    """Further servers from which recordings may be downloaded."""


class FieldSource(_Section):
    """Where the value of a field comes from: one of column, join and value."""

    column: str | int | tuple[str | int, ...] = ()
    """A column by its name or its place from 1; of several, the first one in the file."""
    join: tuple[str | int, ...] = ()
    """Columns whose texts are joined with a space, such as a date and a time."""
    value: str | None = None
    """The same value for every row."""
    values: dict[str, str] = {}
    """What words of the file mean."""
    unit: Literal["h", "min", "s", "ms", "h:mm", "m:ss"] | None = None
    """The unit of plain numbers."""

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
            raise ValueError("give one of column, join and value")
        if any(name in ("", 0) for name in self.columns):
            raise ValueError("name the column of the file")
        return self

    @property
    def columns(self) -> tuple[str | int, ...]:
        """Every column that is named."""
        one = (self.column,) if isinstance(self.column, (str, int)) else self.column
        return (*one, *self.join)


class FileMapping(_Section):
    """How one kind of file is read: which files, and which column holds each field.

    A file is of this kind if its name fits ``files`` and all of ``columns`` are in it.
    If neither is given, it must have every column that a field names.
    """

    name: Annotated[str, Field(pattern=r"^[a-z0-9_]+$")] = "spreadsheet"
    """Name of the provider, in small letters."""
    kind: Literal["calls", "spend"] = "calls"
    """What a row is: calls or spend."""
    files: str = ""
    """Names of the files, such as desk*.csv."""
    columns: tuple[str, ...] = ()
    """Columns that must be in the file."""
    width: tuple[int, ...] = ()
    """Number of columns of files without a header, instead of names."""
    timezone: str = ""
    """Time zone of times without an offset."""
    fields: dict[str, FieldSource]
    """The column of each field; ``calltrack fields`` lists the fields."""
    only: dict[str, tuple[str, ...]] = {}
    """Rows to read, by values of a column; the others are left out and listed."""

    @field_validator("width", mode="before")
    @classmethod
    def _one_or_more(cls, value: Any) -> Any:
        return (value,) if isinstance(value, int) else value


class OfAccount(_Section):
    """Settings of one client; everything else is as for all."""

    business: Business = Business()
    goals: Goals = Goals()
    qualified: QualifiedCall = QualifiedCall()
    evidence: Evidence = Evidence()
    privacy: Privacy = Privacy()


_MAPPING: Final = (
    {
        "name": "front_desk",
        "kind": "calls",
        "files": "desk*.csv",
        "columns": ["Day", "Hour", "Phone"],
        "width": 18,
        "timezone": "America/Chicago",
        "fields": {
            "started_at": {"join": ["Day", "Hour"]},
            "caller_number": {"column": "Phone"},
            "duration_s": {"column": "Mins", "unit": "min"},
            "status": {"column": "Reached", "values": {"Yes": "answered"}},
            "channel": {"value": "print"},
        },
        "only": {"Kind": ["call"]},
    },
)
_ACCOUNTS: Final = {
    "Riverside Dental": {
        "business": {"timezone": "America/Denver"},
        "goals": {"qualified_calls": 30},
        "qualified": {"min_talk_s": 90},
        "evidence": {"level": 0.9},
        "privacy": {"audio": True},
    }
}


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
    mapping: Annotated[tuple[FileMapping, ...], Field(examples=[_MAPPING])] = ()
    """How to read files of an unknown system; one [[mapping]] for each kind of file."""
    accounts: Annotated[dict[str, OfAccount], Field(examples=[_ACCOUNTS])] = {}
    """Settings of one client of several, under its name in the log's company column."""

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
