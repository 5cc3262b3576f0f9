"""Whether a column writes telephone numbers with their country code and no plus.

One number does not show it: 4915228895247 may be a German mobile number or one of an
area whose code begins with 49. A column does: nobody writes every number of a log without
its trunk prefix and has all of them begin with the country's own code.
"""

from __future__ import annotations

from typing import Any, Final

import pandas as pd
import phonenumbers

from calltrack_nb.providers.values.numbering_plans import plan_of

# alone or behind a name: "4915228895247", "004915228895247", "Eva Roe (4915228895247)"
_BARE: Final = r"^(.*[(<] ?)?(?:00)?([1-9]\d{7,14})( ?[)>])?$"
_LOOKED_AT: Final = 300
_MOST: Final = 0.6
_FEW: Final = 0.02
_NORTH_AMERICA: Final = 1
_NATIONAL_DIGITS: Final = 10


def lacks_plus(values: pd.Series[Any], country: str) -> bool:
    """Tell whether the bare digits of a column are international numbers without a plus.

    Parameters
    ----------
    values : pandas.Series of str
        A column of telephone numbers.
    country : str
        The business's country, two letters.

    Returns
    -------
    bool
        True where most bare digits begin with the country's code and exist so, and hardly
        any exist only as the country's own numbers.

    Examples
    --------
    >>> lacks_plus(pd.Series(["4915228895247", "493023125123"]), "DE")
    True
    >>> lacks_plus(pd.Series(["3023125123", "4921123456"]), "DE")
    False
    """
    plan = plan_of(country)
    texts = values.str.extract(_BARE)[1].dropna().drop_duplicates().head(_LOOKED_AT)
    if plan is None or not len(texts):
        return False
    abroad = texts.map(_exists_abroad)
    own = texts.str.startswith(plan.code) & abroad
    inside = ~own & ~abroad & texts.map(lambda text: _exists(text, country))
    return bool(own.mean() >= _MOST and inside.mean() <= _FEW)


def dials_out(texts: pd.Series[Any], country: str) -> bool:
    """Tell whether the numbers of a column begin with the 9 that asks for an outside line.

    So they do in the records of telephone systems in America: 9, the trunk's 1, and a
    number that exists without them.

    Parameters
    ----------
    texts : pandas.Series of str
    country : str
        Two letters.

    Examples
    --------
    >>> dials_out(pd.Series(["2101", "914045550123", "914045550124"]), "US")
    True
    """
    if phonenumbers.country_code_for_region(country) != _NORTH_AMERICA:
        return False
    long = texts.dropna()
    long = long[long.str.fullmatch(r"\d{8,15}")].drop_duplicates()
    behind = [text[1:].removeprefix("1") for text in long if text.startswith("9")]
    valid = [_exists(rest, country) for rest in behind if len(rest) == _NATIONAL_DIGITS]
    return len(long) > 1 and sum(valid) >= _MOST * len(long)


def without_outside_line(texts: pd.Series[Any]) -> pd.Series[Any]:
    """Leave out the 9 of an outside line before bare numbers.

    Examples
    --------
    >>> without_outside_line(pd.Series(["2101", "914045550123"])).tolist()
    ['2101', '14045550123']
    """
    return texts.str.replace(r"^9(?=1?\d{10}$)", "", regex=True)


def with_plus(values: pd.Series[Any]) -> pd.Series[Any]:
    """Write the bare digits of such a column with their plus.

    Examples
    --------
    >>> with_plus(pd.Series(["4915228895247", "Eva Roe (004915228895247)"])).tolist()
    ['+4915228895247', 'Eva Roe (+4915228895247)']
    """
    parts = values.str.extract(_BARE)
    written = parts[0].fillna("") + "+" + parts[1] + parts[2].fillna("")
    return written.fillna(values)


def _exists_abroad(digits: str) -> bool:
    return _exists("+" + digits, None)


def _exists(text: str, country: str | None) -> bool:
    try:
        return bool(phonenumbers.is_valid_number(phonenumbers.parse(text, country)))
    except phonenumbers.NumberParseException:
        return False
