"""What a report says first: three sentences, four figures, three things to do.

The rooms below analyse; this one puts their results together for a reader in a hurry.
"""

from calltrack_nb.briefing.advice import Advice, campaign_advice
from calltrack_nb.briefing.campaigns import broken_sentence, campaign_answer
from calltrack_nb.briefing.clients import clients_answer
from calltrack_nb.briefing.elsewhere import elsewhere_note
from calltrack_nb.briefing.listening import listening_answer, two_quotes
from calltrack_nb.briefing.marks import (
    mark_calls,
    mark_note,
    mark_plan,
    mark_verdicts,
    of_all_campaigns,
)
from calltrack_nb.briefing.owner import owner_answer
from calltrack_nb.briefing.todo import ThingToDo, things_to_do
from calltrack_nb.briefing.tweaks import tweak_answer
from calltrack_nb.briefing.wiring import audit_answer, broken_lines, worst_first

__all__ = [
    "Advice",
    "ThingToDo",
    "audit_answer",
    "broken_lines",
    "broken_sentence",
    "campaign_advice",
    "campaign_answer",
    "clients_answer",
    "elsewhere_note",
    "listening_answer",
    "mark_calls",
    "mark_note",
    "mark_plan",
    "mark_verdicts",
    "of_all_campaigns",
    "owner_answer",
    "things_to_do",
    "tweak_answer",
    "two_quotes",
    "worst_first",
]
