"""What calls came to: booked, lost, to be called back and the rest, read from the exchange.

Cues (``cues.py``, ``cues.toml``) say what each side said; ``exchange.py`` follows offers, answers
and confirmations; ``model.py`` weighs them; ``details.py`` finds for when, who calls and why it
was lost; ``reading.py`` puts them together. A guess: rates need a check of a sample.
"""

from calltrack_nb.findings.outcomes.reading import OUTCOMES, UNCLEAR, Outcome, read_outcome

__all__ = ["OUTCOMES", "UNCLEAR", "Outcome", "read_outcome"]
