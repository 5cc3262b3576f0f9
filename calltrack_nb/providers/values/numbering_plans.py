"""National numbering plans, from the metadata of ``phonenumbers``.

``phonenumbers.parse`` reads a number in some 20 microseconds, most of them spent on the
text around the digits. A log of a million callers needs the digits alone read fast, so
this module applies the library's rules to bare digits, with the library's metadata. A
property test holds the two equal.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import phonenumbers
from phonenumbers import PhoneMetadata

SHORTEST: Final = 7  # digits; the shortest numbers of the world with their country code
LONGEST: Final = 15  # digits that E.164 allows


@dataclass(frozen=True, slots=True)
class Plan:
    """The rules of one country's telephone numbers.

    Parameters
    ----------
    code : str
        Country code, as ``"1"``.
    lengths : frozenset of int
        How many digits a national number can have.
    local_lengths : frozenset of int
        How many it can have where it is dialled without its area code.
    general : re.Pattern
        What every national number of the plan matches.
    abroad : re.Pattern
        What is dialled before a foreign country code, as ``011``.
    trunk : re.Pattern or None
        What is dialled before a national number, as ``0``.
    trunk_rule : str or None
        What replaces the trunk prefix where it is not only left out.
    trunk_prefix : str
        The usual trunk prefix; empty where the country has none.
    ordinary : int
        How many digits the example of a mobile number has; 0 where there are none.
    """

    code: str
    lengths: frozenset[int]
    local_lengths: frozenset[int]
    general: re.Pattern[str]
    abroad: re.Pattern[str]
    trunk: re.Pattern[str] | None
    trunk_rule: str | None
    trunk_prefix: str
    ordinary: int

    @property
    def fixed_length(self) -> bool:
        """Whether every national number has the same number of digits."""
        return len(self.lengths) == 1

    def after_international_prefix(self, digits: str) -> str | None:
        """Return what follows the prefix for calls abroad, None where there is none."""
        found = self.abroad.match(digits)
        rest = digits[found.end() :] if found else "0"
        return None if rest.startswith("0") else rest

    def without_trunk(self, digits: str) -> str:
        """Leave out the trunk prefix, if that does not unmake a number of the plan."""
        found = self.trunk.match(digits) if self.trunk else None
        if found is None:
            return digits
        if self.trunk_rule and found.re.groups and found[found.re.groups] is not None:
            rest = found.re.sub(self.trunk_rule, digits, count=1)
        else:
            rest = digits[found.end() :]
        if self.general.fullmatch(digits) and not self.general.fullmatch(rest):
            return digits
        return rest

    def significant(self, digits: str) -> str:
        """Return the national number that digits without a country code mean."""
        rest = self.without_trunk(digits)
        return rest if self.allows(rest) or self.too_long(rest) else digits

    def allows(self, digits: str) -> bool:
        """Tell whether a national number has a possible number of digits."""
        return len(digits) in self.lengths

    def too_long(self, digits: str) -> bool:
        """Tell whether a national number has more digits than the plan knows."""
        return len(digits) > max(self.lengths)


@cache
def plan_of(country: str | None) -> Plan | None:
    """Return the plan of a country by its two letters, None where there is no such country."""
    metadata = PhoneMetadata.metadata_for_region(country, None) if country else None
    return None if metadata is None else _plan(metadata)


def leading_plan(digits: str) -> Plan | None:
    """Return the plan whose country code digits begin with; of several countries', the main one.

    Examples
    --------
    >>> leading_plan("442079460018").code, leading_plan("999123456")
    ('44', None)
    """
    for width in (1, 2, 3):
        if plan := _plan_by_code(digits[:width]):
            return plan
    return None


@cache
def _plan_by_code(code: str) -> Plan | None:
    if not code or code.startswith("0"):
        return None
    region = phonenumbers.region_code_for_country_code(int(code))
    metadata = PhoneMetadata.metadata_for_region_or_calling_code(int(code), region)
    return None if metadata is None else _plan(metadata)


def _plan(metadata: Any) -> Plan:
    trunk, general = metadata.national_prefix_for_parsing, metadata.general_desc
    return Plan(
        code=str(metadata.country_code),
        lengths=frozenset(general.possible_length),
        local_lengths=frozenset(general.possible_length_local_only),
        general=re.compile(general.national_number_pattern),
        abroad=re.compile(metadata.international_prefix or "$^"),
        trunk=re.compile(trunk) if trunk else None,
        trunk_rule=metadata.national_prefix_transform_rule,
        trunk_prefix=metadata.national_prefix or "",
        ordinary=len(metadata.mobile.example_number or "") if metadata.mobile else 0,
    )


def read_digits(digits: str, plan: Plan) -> str | None:
    """Read the digits of a number as they are dialled inside a country.

    Examples
    --------
    >>> plan = plan_of("DE")
    >>> read_digits("03023125123", plan), read_digits("493023125123", plan)
    ('+493023125123', '+493023125123')
    >>> read_digits("0014045550123", plan)
    '+14045550123'
    """
    abroad = plan.after_international_prefix(digits)
    if abroad is not None:
        return read_international(abroad)
    main = _plan_by_code(plan.code) or plan
    if digits.startswith(plan.code):
        rest = plan.without_trunk(digits[len(plan.code) :])
        now_valid = plan.general.fullmatch(rest) and not plan.general.fullmatch(digits)
        if now_valid or plan.too_long(digits):
            return _written(main, main.significant(rest))
    return _written(main, plan.significant(digits))


def read_international(digits: str) -> str | None:
    """Read digits that begin with a country code.

    Examples
    --------
    >>> read_international("442079460018"), read_international("999123456")
    ('+442079460018', None)
    """
    plan = leading_plan(digits)
    return _written(plan, plan.significant(digits[len(plan.code) :])) if plan else None


def _written(plan: Plan, national: str) -> str | None:
    written = plan.code + national
    possible = plan.allows(national) and SHORTEST <= len(written) <= LONGEST
    return f"+{written}" if possible else None
