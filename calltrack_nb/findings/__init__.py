"""Findings: what callers hold back over and ask for, how calls are spoken, which to listen to.

It reads redacted text only.
"""

from calltrack_nb.findings.asking import Question, answer_each, learn_question
from calltrack_nb.findings.campaigns import findings_by_campaign
from calltrack_nb.findings.detection import find_findings, find_in_text, sentences_to_compare
from calltrack_nb.findings.error_rates import error_rates
from calltrack_nb.findings.followed import after_hesitation, answers_before_booking
from calltrack_nb.findings.likeness import Alike, Likeness, likeness_to
from calltrack_nb.findings.outcome_summary import booked_by, order_agreement, outcome_summary
from calltrack_nb.findings.outcomes import Outcome, read_outcome
from calltrack_nb.findings.patterns import (
    Example,
    Pattern,
    examples_from,
    kinds_heard_for,
    read_examples,
    read_patterns,
)
from calltrack_nb.findings.review_queue import calls_to_read, review_queue
from calltrack_nb.findings.search import search
from calltrack_nb.findings.summary import (
    coverage,
    finding_quotes,
    finding_summary,
    heard_calls,
    label_of,
    left_out,
    talk_summary,
)
from calltrack_nb.findings.talk import talk_measures
from calltrack_nb.findings.wish_summary import wish_summary
from calltrack_nb.findings.wishes import find_wishes

__all__ = [
    "Alike",
    "Example",
    "Likeness",
    "Outcome",
    "Pattern",
    "Question",
    "after_hesitation",
    "answer_each",
    "answers_before_booking",
    "booked_by",
    "calls_to_read",
    "coverage",
    "error_rates",
    "examples_from",
    "find_findings",
    "find_in_text",
    "find_wishes",
    "finding_quotes",
    "finding_summary",
    "findings_by_campaign",
    "heard_calls",
    "kinds_heard_for",
    "label_of",
    "learn_question",
    "left_out",
    "likeness_to",
    "order_agreement",
    "outcome_summary",
    "read_examples",
    "read_outcome",
    "read_patterns",
    "review_queue",
    "search",
    "sentences_to_compare",
    "talk_measures",
    "talk_summary",
    "wish_summary",
]
