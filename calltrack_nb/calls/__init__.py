"""What a call is: counted, answered, missed, qualified, spam, in hours; who rang; spoken to.

Every figure of every report rests on these definitions and on no other;
:func:`definitions` states them in words.
"""

from __future__ import annotations

from calltrack_nb.calls.about import about_periods, spend_about
from calltrack_nb.calls.agents import agent_names, is_voicemail
from calltrack_nb.calls.campaigns import of_campaign
from calltrack_nb.calls.clock import day_start, in_period, latest, local_days, local_time, weeks_of
from calltrack_nb.calls.contact import SPOKEN_WITHIN, contacts, last_attempts, reached_in_words
from calltrack_nb.calls.counting import (
    counted,
    described,
    missed_statuses,
    outcome_known,
    unspoken_statuses,
)
from calltrack_nb.calls.definitions import definitions, rule_in_words
from calltrack_nb.calls.ids import known_call_ids
from calltrack_nb.calls.opening import (
    DAYS,
    closing_holidays,
    days_off,
    open_at,
    open_days,
    open_hours,
)
from calltrack_nb.calls.orders import AMBIGUOUS, NAMED, ORDER_WITHIN, UNTIED, calls_of_orders
from calltrack_nb.calls.people import known_person, person
from calltrack_nb.calls.shared_recordings import counted_for
from calltrack_nb.calls.transcripts import by_provider

__all__ = [
    "AMBIGUOUS",
    "DAYS",
    "NAMED",
    "ORDER_WITHIN",
    "SPOKEN_WITHIN",
    "UNTIED",
    "about_periods",
    "agent_names",
    "by_provider",
    "calls_of_orders",
    "closing_holidays",
    "contacts",
    "counted",
    "counted_for",
    "day_start",
    "days_off",
    "definitions",
    "described",
    "in_period",
    "is_voicemail",
    "known_call_ids",
    "known_person",
    "last_attempts",
    "latest",
    "local_days",
    "local_time",
    "missed_statuses",
    "of_campaign",
    "open_at",
    "open_days",
    "open_hours",
    "outcome_known",
    "person",
    "reached_in_words",
    "rule_in_words",
    "spend_about",
    "unspoken_statuses",
    "weeks_of",
]
