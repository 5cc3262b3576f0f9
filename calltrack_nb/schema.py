"""The canonical tables: their columns, types and checks.

One pandera schema per table is the single statement of its columns; the Arrow
schema of the Parquet files and the dtypes of frames read back are derived from it.
Times are UTC with microseconds, durations seconds, money exact decimals, telephone
numbers E.164 strings. A column marked *private* never leaves the workspace unasked.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import numpy as np
import pandas as pd
import pandera.pandas as pandera
import pyarrow as pa

from calltrack_nb.errors import TableError

UTC: Final = pd.DatetimeTZDtype("us", "UTC")
TEXT: Final = pd.StringDtype(na_value=np.nan)
MONEY: Final = pd.ArrowDtype(pa.decimal128(18, 4))
DATE: Final = pd.ArrowDtype(pa.date32())
TEXTS: Final = pd.ArrowDtype(pa.list_(pa.string()))

CHANNELS: Final = (
    "google_ads",
    "microsoft_ads",
    "facebook",
    "instagram",
    "email",
    "organic",
    "google_business",
    "referral",
    "direct",
    "print",
    "other",
)
DIRECTIONS: Final = ("inbound", "outbound")
STATUSES: Final = ("answered", "missed", "abandoned", "voicemail")
LEAD_STATUSES: Final = ("qualified", "not_qualified", "unknown")
PURPOSES: Final = ("sale", "service", "feedback", "other")
SPEAKERS: Final = ("caller", "agent", "unknown")
WISHES: Final = ("day", "part", "time", "place", "how", "budget", "what", "contact")

_E164: Final = r"^\+[1-9]\d{4,14}$"


def _text(*checks: pandera.Check, required: bool = False, private: bool = False) -> pandera.Column:
    return pandera.Column(
        TEXT, list(checks) or None, nullable=not required, metadata={"private": private}
    )


def _number(low: float | None = None, *, required: bool = False) -> pandera.Column:
    checks = None if low is None else pandera.Check.ge(low)
    return pandera.Column("float64", checks, nullable=not required)


def _count(low: int | None = 0, *, required: bool = False) -> pandera.Column:
    checks = None if low is None else pandera.Check.ge(low)
    return pandera.Column("Int64", checks, nullable=not required)


def _one_of(values: Iterable[str], *, required: bool = False) -> pandera.Column:
    return pandera.Column(pd.CategoricalDtype(list(values)), nullable=not required)


def _time(*, required: bool = False) -> pandera.Column:
    return pandera.Column(UTC, nullable=not required)


def _date(*, required: bool = False) -> pandera.Column:
    return pandera.Column(DATE, nullable=not required)


def _money(*, required: bool = False) -> pandera.Column:
    return pandera.Column(MONEY, nullable=not required)


def _flag() -> pandera.Column:
    return pandera.Column("boolean", nullable=True)


def _texts() -> pandera.Column:
    return pandera.Column(TEXTS, nullable=True)


def _phone(*, private: bool = False, required: bool = False) -> pandera.Column:
    return _text(pandera.Check.str_matches(_E164), private=private, required=required)


def _key() -> pandera.Column:
    return pandera.Column(TEXT, unique=True, nullable=False)


def _person() -> dict[str, pandera.Column]:
    return {
        "caller_number": _phone(private=True),
        "caller_key": _text(),
        "caller_name": _text(private=True),
    }


def _attribution() -> dict[str, pandera.Column]:
    names = ("source", "medium", "campaign", "ad_group", "keyword", "landing_page", "click_id")
    return {"channel": _one_of(CHANNELS), **{name: _text() for name in names}}


def _origin() -> dict[str, pandera.Column]:
    return {"import_id": _text(), "row": _count()}


def _schema(columns: dict[str, pandera.Column]) -> pandera.DataFrameSchema:
    return pandera.DataFrameSchema(columns, strict=True, ordered=True)


def _call() -> dict[str, pandera.Column]:
    return {
        "account": _text(required=True),
        "call_id": _key(),
        "provider": _text(required=True),
        "started_at": _time(required=True),
        "duration_s": _number(0),
        "ring_s": _number(0),
        "talk_s": _number(0),
        "direction": _one_of(DIRECTIONS, required=True),
        "status": _one_of(STATUSES),
        **_person(),
        "caller_city": _text(),
        "caller_region": _text(),
        "caller_country": _text(),
        "tracking_number": _phone(),
        "destination_number": _phone(),
        **_attribution(),
        "first_call": _flag(),
        "lead_status": _one_of(LEAD_STATUSES, required=True),
        "purpose": _one_of(PURPOSES),
        "value": _money(),
        "currency": _text(),
        "spam_score": _count(),
        "agent": _text(),
        "tags": _texts(),
        "recording": _text(),
        "transcript": _text(private=True),
        **_origin(),
    }


TABLES: Final[dict[str, pandera.DataFrameSchema]] = {
    "calls": _schema(_call()),
    "provider_calls": _schema(_call()),
    "leads": _schema(
        {
            "account": _text(required=True),
            "lead_id": _key(),
            "provider": _text(required=True),
            "kind": _one_of(("form", "chat", "text", "email", "transaction", "other")),
            "created_at": _time(required=True),
            **_person(),
            "email": _text(private=True),
            **_attribution(),
            "lead_status": _one_of(LEAD_STATUSES, required=True),
            "value": _money(),
            "currency": _text(),
            **_origin(),
        }
    ),
    "touchpoints": _schema(
        {
            "account": _text(required=True),
            "person_key": _text(required=True),
            "call_id": _text(),
            "at": _time(),
            "kind": _text(required=True),
            **_attribution(),
            **_origin(),
        }
    ),
    "visits": _schema(
        {
            "account": _text(required=True),
            "hour": _time(required=True),
            "channel": _one_of(CHANNELS),
            "visitors": _count(required=True),
            **_origin(),
        }
    ),
    "spend": _schema(
        {
            "account": _text(required=True),
            "date": _date(required=True),
            "days": _count(1, required=True),
            "channel": _one_of(CHANNELS),
            "campaign": _text(),
            "cost": _money(required=True),
            "currency": _text(),
            "impressions": _count(),
            "clicks": _count(),
            "lead_id": _text(),
            **_origin(),
        }
    ),
    "numbers": _schema(
        {
            "account": _text(required=True),
            "tracking_number": _phone(required=True),
            "kind": _one_of(("local", "toll_free")),
            "label": _text(),
            "channel": _one_of(CHANNELS),
            "campaign": _text(),
            "destination_number": _phone(),
            "active_from": _date(),
            "active_to": _date(),
            "pool": _text(),
            **_origin(),
        }
    ),
    "outcomes": _schema(
        {
            "account": _text(required=True),
            "outcome_id": _key(),
            "caller_number": _phone(private=True),
            "caller_key": _text(),
            "email": _text(private=True),
            "call_id": _text(),
            "click_id": _text(),
            "closed_at": _time(required=True),
            "stage": _one_of(("won", "lost", "open")),
            "value": _money(),
            "currency": _text(),
            **_origin(),
        }
    ),
    "tweaks": _schema(
        {
            "account": _text(required=True),
            "tweak_id": _key(),
            "date": _date(required=True),
            "campaign": _text(),
            "channel": _one_of(CHANNELS),
            "changed": _text(required=True),
            "expected_effect": _number(),
            "controls": _text(),
            **_origin(),
        }
    ),
    "regimes": _schema(
        {
            "account": _text(required=True),
            "date": _date(required=True),
            "redefined": _text(required=True),
            "platform": _text(),
            "moves": _text(),
            "source": _text(),
            **_origin(),
        }
    ),
    "imports": _schema(
        {
            "import_id": _key(),
            "file": _text(required=True),
            "provider": _text(required=True),
            "kind": _text(required=True),
            "imported_at": _time(required=True),
            "rows_read": _count(required=True),
            "rows_kept": _count(required=True),
            "rows_quarantined": _count(required=True),
            "rows_already_known": _count(required=True),
            "unrecognised_columns": _texts(),
            "reason": _text(),
            "whole_minutes": _flag(),
        }
    ),
    "quarantine": _schema(
        {
            "import_id": _text(required=True),
            "file": _text(required=True),
            "row": _count(),
            "column": _text(),
            "value": _text(private=True),
            "reason": _text(required=True),
        }
    ),
    "utterances": _schema(
        {
            "account": _text(required=True),
            "call_id": _text(required=True),
            "turn": _count(required=True),
            "speaker": _one_of(SPEAKERS, required=True),
            "start_s": _number(0),
            "end_s": _number(0),
            "text": _text(required=True, private=True),
            "redacted_text": _text(),
            "confidence": _number(0),
            "flags": _texts(),
            "origin": _text(),
        }
    ),
    "findings": _schema(
        {
            "account": _text(required=True),
            "call_id": _text(required=True),
            "family": _one_of(
                ("hesitation", "preference", "purpose", "outcome", "promise", "question")
            ),
            "kind": _text(required=True),
            "turn": _count(),
            "start_s": _number(0),
            "end_s": _number(0),
            "words": _text(),
            "confidence": _number(0),
            "why": _one_of(("price", "date", "area", "not_offered", "other")),
            "who": _one_of(("business", "caller")),
            "when_said": _text(),
        }
    ),
    "wishes": _schema(
        {
            "account": _text(required=True),
            "call_id": _text(required=True),
            "turn": _count(),
            "start_s": _number(0),
            "end_s": _number(0),
            "kind": _one_of(WISHES, required=True),
            "value": _text(),
            "doubt": _text(),
            "words": _text(),
            "confidence": _number(0),
        }
    ),
    "call_themes": _schema(
        {
            "account": _text(required=True),
            "call_id": _text(required=True),
            "theme_id": _text(required=True),
            "strength": _number(0, required=True),
            "turn": _count(),
            "start_s": _number(0),
            "quote": _text(),
        }
    ),
    "themes": _schema(
        {
            "account": _text(required=True),
            "theme_id": _key(),
            "label": _text(required=True),
            "terms": _texts(),
            "calls": _count(required=True),
            "first_month": _text(),
            "state": _text(),
            "separation": _number(-1),
        }
    ),
    "talk": _schema(
        {
            "account": _text(required=True),
            "call_id": _key(),
            "layout": _text(),
            "audio_s": _number(0),
            "caller_talk_s": _number(0),
            "agent_talk_s": _number(0),
            "overlap_s": _number(0),
            "longest_silence_s": _number(0),
            "first_answer_s": _number(0),
            "longest_monologue_s": _number(0),
            "agent_questions": _count(),
            "caller_words_per_min": _number(0),
            "agent_words_per_min": _number(0),
            "flagged_share": _number(0),
            "language": _text(),
            "left_out": _text(),
        }
    ),
    "recordings": _schema(
        {
            "account": _text(required=True),
            "call_id": _key(),
            "path": _text(),
            "transcript_key": _text(),
            "problem": _text(),
            "origin": _text(),
            "other_key": _text(),
            "words": _count(),
            "word_errors": _count(),
            "transcript_problem": _text(),
            "recorded_s": _number(0),
        }
    ),
    "corrections": _schema(
        {
            "account": _text(required=True),
            "call_id": _text(required=True),
            "field": _text(required=True),
            "turn": _count(),
            "start_s": _number(0),
            "end_s": _number(0),
            "value": _text(private=True),
            "corrected_at": _time(required=True),
        }
    ),
    "lessons": _schema(
        {
            "account": _text(required=True),
            "call_id": _text(required=True),
            "family": _text(required=True),
            "kind": _text(required=True),
            "words": _text(required=True, private=True),
            "right": _flag(),
        }
    ),
}


PROVIDED: Final = "provider"
"""What made a transcript, and its layout, where a provider did and nothing was heard here."""

FROM_AUDIO: Final = "audio"
"""The origin of words that were transcribed here; of others it is whose they are."""

INVENTED: Final = frozenset({"no_speech", "loop", "stock_phrase", "menu"})
"""Flags that say the words may never have been spoken, or not by a party to the call."""

OTHER_LANGUAGE: Final = "other_language"
"""Flag of what was said in another language than English."""

UNKNOWN_LANGUAGE: Final = "und"
"""ISO 639's code for a language that was not determined."""

NO_CONVERSATION: Final = "no_conversation"
"""Flag of recordings in which nobody speaks to anybody: a menu, a text read out."""

LEFT_OUT: Final = INVENTED | {OTHER_LANGUAGE, NO_CONVERSATION}
"""Flags of words that take no part in themes, findings, quotes and search."""

OF_CALLS: Final = (
    "utterances",
    "findings",
    "wishes",
    "call_themes",
    "talk",
    "recordings",
    "corrections",
    "lessons",
)
"""The tables whose rows hang on a call by its ``call_id``."""


def columns(table: str) -> tuple[str, ...]:
    """Return the names of a table's columns, in order."""
    return tuple(_schema_of(table).columns)


def private_columns(table: str) -> tuple[str, ...]:
    """Return the columns of a table that must not leave the workspace unasked.

    Examples
    --------
    >>> private_columns("calls")
    ('caller_number', 'caller_name', 'transcript')
    """
    return tuple(
        name
        for name, column in _schema_of(table).columns.items()
        if (column.metadata or {}).get("private")
    )


def empty(table: str) -> pd.DataFrame:
    """Return the table with its columns and types and no rows."""
    return conform(pd.DataFrame(), table)


def conform(frame: pd.DataFrame, table: str) -> pd.DataFrame:
    """Give a frame the columns, order and types of a table.

    Columns that are absent are added as missing; the values themselves are not
    checked (see :func:`validate`).

    Parameters
    ----------
    frame : pandas.DataFrame
        Rows with any subset of the table's columns.
    table : str
        A key of :data:`TABLES`.

    Returns
    -------
    pandas.DataFrame
        A new frame with a fresh ``RangeIndex``.

    Raises
    ------
    TableError
        When the frame has a column the table does not know, or values that cannot
        be of the column's type.
    """
    schema = _schema_of(table)
    unknown = [str(name) for name in frame.columns if name not in schema.columns]
    if unknown:
        raise TableError(f"The table {table} has no such column", where=", ".join(unknown))
    data: dict[str, pd.Series[Any]] = {}
    for name, column in schema.columns.items():
        dtype = _dtype(column)
        if name not in frame.columns:
            data[name] = pd.Series([None] * len(frame), dtype=dtype)
            continue
        try:
            data[name] = frame[name].reset_index(drop=True).astype(dtype)
        except (TypeError, ValueError, pa.ArrowInvalid, pa.ArrowTypeError) as error:
            raise TableError(
                f"A value of {table}.{name} cannot be read as {dtype}", where=str(error)
            ) from error
    return pd.DataFrame(data, index=pd.RangeIndex(len(frame)))


def validate(frame: pd.DataFrame, table: str) -> pd.DataFrame:
    """Check a conformed frame against its schema and return it.

    Raises
    ------
    TableError
        Naming the first columns and values that break a rule.
    """
    try:
        return _schema_of(table).validate(frame, lazy=True)
    except pandera.errors.SchemaErrors as error:
        cases = error.failure_cases.head(3)
        where = "; ".join(
            f"{case.column}={case.failure_case!r} ({case.check})" for case in cases.itertuples()
        )
        raise TableError(f"The table {table} breaks its schema", where=where) from error


def failures(frame: pd.DataFrame, table: str) -> pd.DataFrame:
    """List the values of a conformed frame that break the table's rules.

    Returns
    -------
    pandas.DataFrame
        Columns ``index`` (label in `frame`), ``column``, ``value``, ``check``; empty
        where every row is valid.
    """
    try:
        _schema_of(table).validate(frame, lazy=True)
    except pandera.errors.SchemaErrors as error:
        cases = error.failure_cases
        return pd.DataFrame(
            {
                "index": cases["index"],
                "column": cases["column"],
                "value": cases["failure_case"].astype(str),
                "check": cases["check"].astype(str),
            }
        )
    return pd.DataFrame({"index": [], "column": [], "value": [], "check": []})


def arrow_schema(table: str) -> pa.Schema:
    """Return the Arrow schema under which a table is stored as Parquet."""
    return pa.schema(
        [(name, _arrow_type(_dtype(column))) for name, column in _schema_of(table).columns.items()]
    )


def to_arrow(frame: pd.DataFrame, table: str) -> pa.Table:
    """Convert a conformed frame to Arrow, without pandas' own metadata."""
    return pa.Table.from_pandas(
        frame, schema=arrow_schema(table), preserve_index=False
    ).replace_schema_metadata()


def from_arrow(data: pa.Table, table: str) -> pd.DataFrame:
    """Convert stored rows to a frame with the table's dtypes.

    Columns added to the schema since the rows were stored come back as missing.
    """
    known = [name for name in columns(table) if name in data.column_names]
    return conform(data.select(known).to_pandas(types_mapper=_PANDAS.get), table)


def _schema_of(table: str) -> pandera.DataFrameSchema:
    try:
        return TABLES[table]
    except KeyError:
        raise TableError(
            "There is no such table", where=table, fix=f"Use one of {', '.join(TABLES)}"
        ) from None


def _dtype(column: pandera.Column) -> Any:
    dtype = column.dtype.type
    return pd.ArrowDtype(dtype) if isinstance(dtype, pa.DataType) else dtype


def _arrow_type(dtype: Any) -> pa.DataType:
    if isinstance(dtype, pd.ArrowDtype):
        return dtype.pyarrow_dtype
    if isinstance(dtype, pd.CategoricalDtype):
        return pa.dictionary(pa.int8(), pa.string())
    if isinstance(dtype, pd.DatetimeTZDtype):
        return pa.timestamp("us", "UTC")
    if isinstance(dtype, pd.StringDtype):
        return pa.string()
    return {
        "float64": pa.float64(),
        "Int64": pa.int64(),
        "boolean": pa.bool_(),
    }[str(dtype)]


_PANDAS: Final = {
    pa.string(): TEXT,
    pa.large_string(): TEXT,
    pa.int64(): pd.Int64Dtype(),
    pa.bool_(): pd.BooleanDtype(),
    pa.decimal128(18, 4): MONEY,
    pa.date32(): DATE,
    pa.list_(pa.string()): TEXTS,
}
