"""Digits with punctuation into an E.164 number, or the reason why they are none."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import phonenumbers

from calltrack_nb.providers.values.numbering_plans import (
    SHORTEST,
    Plan,
    leading_plan,
    plan_of,
    read_digits,
    read_international,
)
from calltrack_nb.providers.values.withheld import is_dummy, is_withheld

NOT_A_NUMBER: Final = "not a telephone number"
EXTENSION: Final = "an internal extension or service number, not an outside number"
SHORT_CODE: Final = "a short code, not a caller's number"
EMERGENCY: Final = "an emergency number, not a caller's number"
LOCAL: Final = "a local number without its area code"
TOO_SHORT: Final = "too few digits for a telephone number"
TOO_LONG: Final = "too many digits for a telephone number"
WRONG_LENGTH: Final = "not as many digits as this country's numbers have"
NO_COUNTRY: Final = "no country has this country code"

_OLD_MEXICAN: Final = re.compile(r"(?:52)?(?:1|01|044|045)(\d{10})")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text was read as.

    Parameters
    ----------
    number : str or None
        In E.164; None where there is none.
    reason : str
        Why there is none; empty where the text says itself that the number is not known.
    remark : str
        What the reading left out.
    """

    number: str | None = None
    reason: str = ""
    remark: str = ""


def read_body(text: str, country: str) -> Reading:
    """Read digits that have only punctuation around and between them.

    Examples
    --------
    >>> read_body("+44 (0)20 7946 0018", "US").number
    '+442079460018'
    >>> read_body("911", "US").reason
    "an emergency number, not a caller's number"
    """
    body, plan = text.strip(" ."), plan_of(country)
    abroad = body.lstrip("( ").startswith("+")
    digits = re.sub(r"\D", "", body)
    if "+" in body.lstrip("( ").lstrip("+"):
        return Reading(reason=NOT_A_NUMBER)
    if is_dummy(digits) or is_withheld("+" * abroad + digits):
        return Reading()
    if not abroad and len(digits) < min(SHORTEST, plan.ordinary if plan else SHORTEST):
        return Reading(reason=_why_short(digits, country))
    number = _read(digits, plan, abroad=abroad)
    if "(0)" in body and not is_valid(number):
        # The zero that is dialled inside the country only; Italy keeps it.
        without = re.sub(r"\D", "", body.replace("(0)", "", 1))
        mended = _read(without, plan, abroad=abroad)
        number = mended if is_valid(mended) else number
    if number is None:
        return Reading(reason=_why_refused(digits, plan, abroad=abroad))
    found = leading_plan(number[1:])
    dummy = found and is_dummy(number[1 + len(found.code) :])
    return Reading() if dummy else Reading(number)


def is_whole(text: str, country: str) -> bool:
    """Tell whether a number is written from its very beginning.

    A number of a country with a trunk prefix and numbers of several lengths may lack its
    area code where that prefix is missing.

    Examples
    --------
    >>> is_whole("030 1234567", "DE"), is_whole("1234567", "DE"), is_whole("4045550123", "US")
    (True, False, True)
    """
    plan, digits = plan_of(country), re.sub(r"\D", "", text)
    if "+" in text or digits.startswith("00") or plan is None:
        return "+" in text or digits.startswith("00")
    begins = digits.startswith((plan.trunk_prefix, plan.code))
    return begins or plan.fixed_length or not plan.trunk_prefix


def is_valid(number: str | None) -> bool:
    """Tell whether a number in E.164 lies in a range that its country has given out."""
    return number is not None and phonenumbers.is_valid_number(phonenumbers.parse(number))


def is_toll_free(number: str | None) -> bool:
    """Tell whether a number in E.164 is free to call."""
    kind = phonenumbers.number_type(phonenumbers.parse(number)) if number else None
    return bool(kind == phonenumbers.PhoneNumberType.TOLL_FREE)


def has_fixed_length(number: str | None) -> bool:
    """Tell whether all numbers of its country have as many digits as this one in E.164."""
    plan = leading_plan(number[1:]) if number else None
    return plan is not None and plan.fixed_length


def _read(digits: str, plan: Plan | None, *, abroad: bool) -> str | None:
    """Read digits, `abroad` with a plus before them, as ``phonenumbers`` does or beyond it."""
    number = None
    if abroad and leading_plan(digits):
        number = read_international(digits)
    elif abroad:
        after = plan.after_international_prefix(digits) if plan else None
        number = read_international(after) if after else None
    elif plan:
        number = read_digits(digits, plan)
    if number is None and digits.startswith("00"):
        # From a country where another prefix is dialled, this can mean only one thing.
        number = read_international(digits[2:])
        number = number if is_valid(number) else None
    mexican = digits.startswith("52") if abroad else plan and plan.code == "52"
    if number is None and mexican and (old := _OLD_MEXICAN.fullmatch(digits)):
        number = f"+52{old[1]}"
    return number


def _why_short(digits: str, country: str) -> str:
    if phonenumbers.is_emergency_number(digits, country):
        return EMERGENCY
    return TOO_SHORT if len(digits) < 2 else EXTENSION if len(digits) < 5 else SHORT_CODE


def _why_refused(digits: str, plan: Plan | None, *, abroad: bool) -> str:
    if abroad:
        plan = leading_plan(digits)
        digits = digits[len(plan.code) :] if plan else digits
    if plan is None:
        return NO_COUNTRY
    if len(digits) in plan.local_lengths:
        return LOCAL
    national = plan.significant(digits)
    if len(national) < min(plan.lengths) or len(plan.code + national) < SHORTEST:
        return TOO_SHORT
    # What the plan allows and was refused is longer than E.164 allows.
    return TOO_LONG if plan.too_long(national) or plan.allows(national) else WRONG_LENGTH
