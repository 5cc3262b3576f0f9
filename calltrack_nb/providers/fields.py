"""The fields that a mapping can fill, in words, and the check of their names."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import Final

import pandas as pd

from calltrack_nb import schema
from calltrack_nb.errors import SettingsError
from calltrack_nb.phrasing import listed
from calltrack_nb.providers.values.words import DIRECTIONS, LEADS, STATUSES, read_words
from calltrack_nb.providers.values.zones import zone_name
from calltrack_nb.settings import FileMapping

CALL_FIELDS: Final[Mapping[str, str]] = {
    "started_at": "when the call began: one column, or a date and a time of day joined",
    "timezone": "the time zone of each row's times",
    "ended_at": "when the call ended; the duration follows where no column gives it",
    "connected_at": "when somebody picked up; empty where nobody did",
    "duration_s": "how long the call was",
    "talk_s": "how long the parties talked",
    "ring_s": "how long it rang",
    "direction": "inbound or outbound; inbound where nothing says so",
    "status": "answered, missed, abandoned or voicemail",
    "answered": "yes where somebody answered",
    "missed": "yes where nobody answered",
    "voicemail": "yes, or the address of the message, where a message was left",
    "caller_number": "the customer's telephone number",
    "tracking_number": "the business's number that was dialled",
    "from_number": "the number that called; the customer's or, outbound, the business's",
    "to_number": "the number that was called; the business's or, outbound, the customer's",
    "destination_number": "the number the call was forwarded to",
    "caller_name": "the customer's name",
    "caller_city": "the customer's town",
    "caller_region": "the customer's state or region",
    "caller_country": "the customer's country",
    "agent": "who answered",
    "account": "the client the call is for",
    "company": "the same, carried only where the file holds several companies",
    "call_id": "the system's own id; rows with one id are legs of one call",
    "channel": "one of calltrack's channels; otherwise it follows from source and medium",
    "source": "where the caller came from",
    "medium": "the kind of source, such as cpc",
    "campaign": "the campaign",
    "ad_group": "the ad group",
    "keyword": "the search term or keyword",
    "landing_page": "the page the caller came to",
    "last_page": "the page the caller saw last; only its click id is read",
    "label": "the name of the tracking number",
    "gclid": "Google's click id",
    "wbraid": "Google's click id of an app or web campaign",
    "gbraid": "Google's click id of an app campaign",
    "msclkid": "Microsoft's click id",
    "fbclid": "Facebook's click id",
    "click_id": "any click id",
    "first_call": "yes where the caller called for the first time",
    "lead_status": "qualified or not",
    "purpose": "sale, service, feedback or other",
    "value": "what the call is worth in money",
    "currency": "the currency of the value",
    "spam_score": "the system's own mark of spam; 3 and more counts as spam",
    "spam": "yes where the system calls it spam",
    "tags": "tags, in one cell",
    "recording": "the recording's file name or address",
    "transcript": "what was said, as the system transcribed it: text or JSON",
}
SPEND_FIELDS: Final[Mapping[str, str]] = {
    "date": "the day, or the first day of the week",
    "until": "the last day that the cost is for, where a row is for several",
    "week": "the first day of a week that the cost is for",
    "month": "the month that the cost is for",
    "channel": "one of calltrack's channels, or a source's name",
    "campaign": "the campaign",
    "cost": "what was spent",
    "currency": "the currency of the cost",
    "impressions": "how often the ad was shown",
    "clicks": "how often it was clicked",
    "account": "the client the cost is for",
}
# Of a field that takes one of our words: how words are read, and ours.
_WORDS: Final[Mapping[str, tuple[Mapping[str, str | None], tuple[str, ...]]]] = {
    "status": (STATUSES, schema.STATUSES),
    "direction": ({**STATUSES, **DIRECTIONS}, (*schema.DIRECTIONS, *schema.STATUSES)),
    "lead_status": (LEADS, schema.LEAD_STATUSES),
}

# What people call a field whose name here is another.
_OTHER_NAMES: Final[Mapping[str, str]] = {
    "qualified": "lead_status",
    "lead": "lead_status",
    "phone": "caller_number",
    "phone_number": "caller_number",
    "number": "caller_number",
    "caller": "caller_number",
    "from": "from_number",
    "to": "to_number",
    "called": "to_number",
    "dialled_number": "tracking_number",
    "date": "started_at",
    "time": "started_at",
    "start": "started_at",
    "start_time": "started_at",
    "end_time": "ended_at",
    "length": "duration_s",
    "duration": "duration_s",
    "minutes": "duration_s",
    "talk_time": "talk_s",
    "ring_time": "ring_s",
    "name": "caller_name",
    "city": "caller_city",
    "state": "caller_region",
    "region": "caller_region",
    "country": "caller_country",
    "company": "account",
    "client": "account",
    "employee": "agent",
    "revenue": "value",
    "amount": "value",
    "first_time_caller": "first_call",
    "keywords": "keyword",
    "recording_url": "recording",
    "transcription": "transcript",
    "id": "call_id",
}


def fields_of(kind: str) -> Mapping[str, str]:
    """Return the fields of a kind of file and what each is."""
    return SPEND_FIELDS if kind == "spend" else CALL_FIELDS


def check_fields(mapping: FileMapping, where: str) -> None:
    """Refuse a mapping that names a field that does not exist, or lacks one it needs.

    Raises
    ------
    SettingsError
        With the name that was probably meant. So for a zone that does not exist and for a
        word of ours that values are to be read as.
    """
    known = fields_of(mapping.kind)
    for name in mapping.fields:
        if name in known:
            continue
        others = {**_OTHER_NAMES, **{field: field for field in known}}
        near = difflib.get_close_matches(name, others, n=1, cutoff=0.6)
        meant = others[near[0]] if near else None
        fix = f"Did you mean {meant}?" if meant in known else "List them with calltrack fields"
        raise SettingsError("A mapping has no such field", where=f"{where}, {name}", fix=fix)
    known_zone(mapping.timezone, f"{where}, timezone")
    for name, source in mapping.fields.items():
        _check_words(name, source.values, f"{where}, {name}.values")
    needed = ("started_at",) if mapping.kind == "calls" else ("cost",)
    lacking = [name for name in needed if name not in mapping.fields]
    if lacking:
        raise SettingsError(
            f"The mapping does not say which column holds {lacking[0]}",
            where=where,
            fix=f'Add {lacking[0]} = "…", the column with {known[lacking[0]]}',
        )


def known_zone(name: str, where: str) -> str:
    """Return the IANA zone that a user's name of one means; empty where none is given.

    Raises
    ------
    SettingsError
        When there is no such zone.

    Examples
    --------
    >>> known_zone("Eastern Time (US & Canada)", "sources.timezones"), known_zone("", "")
    ('America/New_York', '')
    """
    found = zone_name(name) if name else ""
    if found is None:
        raise SettingsError(
            f"There is no time zone {name!r}", where=where, fix="Write one as America/New_York"
        )
    return found


def _check_words(field: str, translated: Mapping[str, str], where: str) -> None:
    """Refuse to have a file's word read as one that says nothing here."""
    if field not in _WORDS:
        return
    meanings, ours = _WORDS[field]
    targets = pd.Series(translated, dtype="str")
    unread = targets[read_words(targets, meanings, ours).unreadable]
    if len(unread):
        raise SettingsError(
            f"A value cannot be read as {unread.iloc[0]!r}",
            where=where,
            fix=f"Use {listed(ours, len(ours))}",
        )
