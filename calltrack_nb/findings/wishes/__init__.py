"""Wishes: the values of what callers prefer, normalised: a day, a time, a place, a budget."""

from calltrack_nb.findings.wishes.finding import find_wishes
from calltrack_nb.findings.wishes.reading import asked_for, wishes_in
from calltrack_nb.findings.wishes.value import Value

__all__ = ["Value", "asked_for", "find_wishes", "wishes_in"]
