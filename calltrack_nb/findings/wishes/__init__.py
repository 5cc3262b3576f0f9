"""Wishes: the values of what callers prefer, normalised: a day, a time, a place, a budget."""

from calltrack_nb.findings.wishes.reading import KINDS, asked_for, wishes_in
from calltrack_nb.findings.wishes.value import Value

__all__ = ["KINDS", "Value", "asked_for", "wishes_in"]
