"""The number audit: whether calls are wired, counted, recorded and credited right.

>>> from calltrack_nb.audit import AuditInput, run_checks
>>> run_checks(AuditInput()).findings.empty
True
"""

from calltrack_nb.audit.baseline import Accepted, accept, read_baseline
from calltrack_nb.audit.broken import broken_days
from calltrack_nb.audit.callers import spam_reasons
from calltrack_nb.audit.check import SEVERITIES, Check, CheckResult, Finding, Look, Severity
from calltrack_nb.audit.consent import Jurisdiction, consent_table
from calltrack_nb.audit.coverage import daily_coverage
from calltrack_nb.audit.displays import answers, display_plan, pools
from calltrack_nb.audit.events import events
from calltrack_nb.audit.inputs import AuditInput
from calltrack_nb.audit.queueing import erlang_b, pool_needed
from calltrack_nb.audit.run import CHECKS, AuditResult, exit_status, of_campaign, run_checks
from calltrack_nb.audit.setup import TestCalls, setup_checklist, test_call_plan, tick_test_calls
from calltrack_nb.audit.spoken import spoken_evidence
from calltrack_nb.audit.wires import Wires, wires

__all__ = [
    "CHECKS",
    "SEVERITIES",
    "Accepted",
    "AuditInput",
    "AuditResult",
    "Check",
    "CheckResult",
    "Finding",
    "Jurisdiction",
    "Look",
    "Severity",
    "TestCalls",
    "Wires",
    "accept",
    "answers",
    "broken_days",
    "consent_table",
    "daily_coverage",
    "display_plan",
    "erlang_b",
    "events",
    "exit_status",
    "of_campaign",
    "pool_needed",
    "pools",
    "read_baseline",
    "run_checks",
    "setup_checklist",
    "spam_reasons",
    "spoken_evidence",
    "test_call_plan",
    "tick_test_calls",
    "wires",
]
