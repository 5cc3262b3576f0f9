"""Where things were up to version 0.2, so that a notebook written then still runs.

Whoever asks for an old name gets what it is now, and one line that says where it is.
"""

from __future__ import annotations

import functools
import warnings
from collections.abc import Callable, Mapping
from importlib import import_module
from importlib.abc import Loader
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any, Final, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

#: Old modules, and the modules that hold their names now.
MODULES: Final[Mapping[str, tuple[str, ...]]] = {
    "calltrack_nb.auditing": ("calltrack_nb.workspace.auditing",),
    "calltrack_nb.beginning": ("calltrack_nb.workspace.init",),
    "calltrack_nb.correcting": ("calltrack_nb.workspace.corrections",),
    "calltrack_nb.doctor": ("calltrack_nb.workspace.doctor",),
    "calltrack_nb.evidence": ("calltrack_nb.results", "calltrack_nb.stats"),
    "calltrack_nb.hours": ("calltrack_nb.calls",),
    "calltrack_nb.forgetting": ("calltrack_nb.workspace.forgetting",),
    "calltrack_nb.intake": ("calltrack_nb.workspace.importing",),
    "calltrack_nb.intake_sync": (
        "calltrack_nb.workspace.sync",
        "calltrack_nb.workspace.fetching",
        "calltrack_nb.workspace.keys",
    ),
    "calltrack_nb.listening": (
        "calltrack_nb.results",
        "calltrack_nb.findings",
        "calltrack_nb.themes",
        "calltrack_nb.redaction",
    ),
    "calltrack_nb.naming": ("calltrack_nb.workspace.theme_names",),
    "calltrack_nb.pipeline": ("calltrack_nb.workspace.pipeline",),
    "calltrack_nb.recordings": ("calltrack_nb.audio",),
    "calltrack_nb.searching": ("calltrack_nb.workspace.search",),
    "calltrack_nb.tables": ("calltrack_nb.schema",),
    "calltrack_nb.writing": ("calltrack_nb.workspace.writing",),
}
#: Old names of things, wherever they are.
NAMES: Final[Mapping[str, str]] = {
    "BookTheme": "RegisteredTheme",
    "Crossing": "Result",
    "LeftOnTheTable": "MissedRevenue",
    "Summary": "Result",
    "ThemeBook": "ThemeRegistry",
    "counted_calls": "counted",
    "join_sightings": "join_provider_calls",
    "left_on_the_table": "missed_revenue",
    "listening_queue": "review_queue",
    "next_money": "marginal_return",
    "tell_apart": "diarize",
    "unite_sightings": "unite_provider_calls",
}
#: Old names of tables.
TABLES: Final[Mapping[str, str]] = {"sightings": "provider_calls"}


def say(old: str, new: str, *, above: int) -> None:
    """Warn that a name is old, on behalf of the caller so many frames above this one's."""
    warnings.warn(f"{old} is now {new}", DeprecationWarning, stacklevel=2 + above)


def old_names(module: str, *homes: str) -> Callable[[str], Any]:
    """Make a module's ``__getattr__`` that knows the old names, looking for them in `homes`."""

    def find(name: str) -> Any:
        new = NAMES.get(name, name)
        for home in () if name.startswith("__") else homes:
            if (home, new) != (module, name) and hasattr(import_module(home), new):
                say(f"{module}.{name}", f"{home}.{new}", above=1)
                return getattr(import_module(home), new)
        raise AttributeError(f"module {module!r} has no attribute {name!r}")

    return find


def old_keyword(old: str, new: str) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Let a function take a keyword under its old name as well."""

    def taking(function: Callable[P, T]) -> Callable[P, T]:
        @functools.wraps(function)
        def call(*args: P.args, **kwargs: P.kwargs) -> T:
            if old in kwargs:
                say(f"{function.__name__}({old}=)", f"{function.__name__}({new}=)", above=1)
                kwargs[new] = kwargs.pop(old)
            return function(*args, **kwargs)

        return call

    return taking


def find_spec(name: str) -> ModuleSpec | None:
    """Find an old module: it holds nothing, and looks every name up."""
    return ModuleSpec(name, _Loader()) if name in MODULES else None


class _Loader(Loader):
    def exec_module(self, module: ModuleType) -> None:
        vars(module)["__getattr__"] = old_names(module.__name__, *MODULES[module.__name__])
