"""What works, how sure that is, and what to do next.

Every function takes canonical tables and gives a frozen result that holds its numbers
and its words together.
"""

from calltrack_nb._moved import old_names
from calltrack_nb.effectiveness.agents import Agents, agents
from calltrack_nb.effectiveness.attribution import MODELS, Attribution, attribution
from calltrack_nb.effectiveness.broken import rang_elsewhere
from calltrack_nb.effectiveness.budget import Budget, marginal_return
from calltrack_nb.effectiveness.clients import Clients, clients
from calltrack_nb.effectiveness.comparison import busiest_campaign
from calltrack_nb.effectiveness.days import covered
from calltrack_nb.effectiveness.goals import GoalsProgress, goals_progress
from calltrack_nb.effectiveness.ledger import OrdersToCome, orders_to_come
from calltrack_nb.effectiveness.places import Places, places
from calltrack_nb.effectiveness.reconciliation import Reconciliation, reconcile
from calltrack_nb.effectiveness.rhythm import (
    MissedRevenue,
    Rhythm,
    missed_revenue,
    rhythm,
)
from calltrack_nb.effectiveness.ring_back import RingBack, ring_back
from calltrack_nb.effectiveness.scorecard import Scorecard, scorecard
from calltrack_nb.effectiveness.trend import Trend, weekly_trend
from calltrack_nb.effectiveness.trials import (
    TrialPlan,
    TrialReading,
    draw_schedule,
    plan_trial,
    read_trial,
)
from calltrack_nb.effectiveness.tweaks import judge_tweaks
from calltrack_nb.effectiveness.verdicts import Verdict, Verdicts

__all__ = [
    "MODELS",
    "Agents",
    "Attribution",
    "Budget",
    "Clients",
    "GoalsProgress",
    "MissedRevenue",
    "OrdersToCome",
    "Places",
    "Reconciliation",
    "Rhythm",
    "RingBack",
    "Scorecard",
    "Trend",
    "TrialPlan",
    "TrialReading",
    "Verdict",
    "Verdicts",
    "agents",
    "attribution",
    "busiest_campaign",
    "clients",
    "covered",
    "draw_schedule",
    "goals_progress",
    "judge_tweaks",
    "marginal_return",
    "missed_revenue",
    "orders_to_come",
    "places",
    "plan_trial",
    "rang_elsewhere",
    "read_trial",
    "reconcile",
    "rhythm",
    "ring_back",
    "scorecard",
    "weekly_trend",
]

__getattr__ = old_names(__name__, __name__, "calltrack_nb.calls")
