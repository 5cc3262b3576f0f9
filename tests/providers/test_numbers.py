"""Money, counts, numbers and flags, and the notation of a column."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calltrack_nb.providers.values.column import ReadColumn
from calltrack_nb.providers.values.numbers import (
    THREE_DECIMALS,
    currencies,
    currency_signs,
    decimal_mark,
    to_count,
    to_flag,
    to_money,
    to_number,
)

MARKS = (".", ",", ",.")


def texts(*values: str | None) -> pd.Series:
    return pd.Series(list(values), dtype="str")


def read(found: ReadColumn) -> list[object]:
    """Give the values, and the reason where there is none."""
    return [
        next((reason for reason, mask in found.problems.items() if mask[row]), None)
        if pd.isna(value)
        else value
        for row, value in enumerate(found.series)
    ]


def money(text: str, mark: str = ".") -> object:
    return read(to_money(texts(text), mark))[0]


CONTRARY = "the decimal mark is not that of the rest of the column"


@pytest.mark.parametrize(
    ("column", "country", "mark"),
    [
        (["1.234,50"], "US", ","),
        (["0,5", "1,234"], "US", ","),
        (["12,75", "1,234"], "US", ","),
        (["1.25", "1.234"], "DE", "."),
        (["1,234.50", "1.234"], "DE", "."),
        (["1,234,567"], "DE", "."),
        (["1.234.567"], "US", ","),
        (["1'234.50"], "DE", "."),
        (["1,234", "$ 0.99"], "DE", "."),
        (["95", "95,5 sec"], "US", ","),
        (["1,234"], "US", "."),
        (["1,234"], "DE", ","),
        (["1.234"], "US", "."),
        (["1.234"], "DE", ","),
        (["12"], "DE", ","),
        ([None], "GB", "."),
        # More texts speak for one mark; where as many do, the habit decides.
        (["1,234.5", "2,345.5", "0,5"], "DE", "."),
        (["1,234.5", "0,5"], "DE", ","),
        (["12.5", "13.5", "12,5"], "US", "."),
        # Numbers of a program beside hand-written ones, as in a German workbook.
        (["12.3450", "1234.5", "1.234,50"], "DE", ",."),
        # A slip among many texts that only the habit reads as thousands.
        (["12,5", *(f"{n},000" for n in range(1, 10))], "US", ",."),
    ],
)
def test_the_notation_is_decided_for_the_column(column, country, mark):
    """Texts that one notation alone allows settle the mark, and else the country does."""
    assert decimal_mark(texts(*column), country) == mark


def test_other_columns_settle_a_silent_one():
    """Only where a column is open do amounts in other columns of the file decide."""
    other = [texts("Ann", "$1,234.50"), texts("2.5", "v1.2")]
    assert decimal_mark(texts("1,234"), "DE", other) == "."
    assert decimal_mark(texts("0,5"), "DE", other) == ","
    assert decimal_mark(texts("1,234"), "DE", other[1:]) == ","


@pytest.mark.parametrize("minus", ["-", "\u2212", "\u2013", "\u2010", "\uff0d", "\ufe63"])
def test_every_minus_is_below_zero(minus):
    """Whatever dash stands for it, before or behind, the amount is negative."""
    assert money(f"{minus}5") == money(f"5{minus}") == money(f"${minus}5") == Decimal(-5)
    assert read(to_number(texts(f"{minus}5"))) == [-5]
    assert read(to_count(texts(f"{minus}5"))) == ["a count below zero"]


@pytest.mark.parametrize(
    ("text", "mark", "amount"),
    [
        ("(12.50)", ".", "-12.5"),
        ("$(12.50)", ".", "-12.5"),
        ("(12.50) USD", ".", "-12.5"),
        ("45.-", ".", "45"),
        ("CHF 1'234.-", ".", "1234"),
        ("45,--", ",", "45"),
        ("1.234,-", ",", "1234"),
        ("45.", ".", "45"),
        ("$ 1'234.50", ".", "1234.5"),
        ("$ 1\u2019234.50", ".", "1234.5"),
        ("1\u202f234,50\u00a0€", ",", "1234.5"),
        ("12 345,60 €", ",", "12345.6"),
        ("1,23,456.00", ".", "123456"),
        ("CA$ 12", ".", "12"),
        ("12 USD", ".", "12"),
        ("US$12.50", ".", "12.5"),
        ("$12.50 CAD", ".", "12.5"),
        ("12 kr.", ".", "12"),
        ("12,50 zł", ",", "12.5"),
        ("Rs.500", ".", "500"),
        ("\u0661\u0662\u0663", ".", "123"),
        ("\uff11\uff12.\uff15", ".", "12.5"),
        (".50", ".", "0.5"),
        ("\u200e-12", ".", "-12"),
        # Written by a program, these cannot be thousands.
        ("12.3450", ",", "12.345"),
        ("0.125", ",", "0.125"),
        ("1234.567", ",", "1234.567"),
        ("1.234", ",", "1234"),
        ("1.234,50", ",.", "1234.5"),
        ("1234.5", ",.", "1234.5"),
    ],
)
def test_amounts_are_read_whole(text, mark, amount):
    """Signs, currencies and thousands are each understood, to the cent."""
    assert money(text, mark) == Decimal(amount)


@pytest.mark.parametrize(
    ("text", "mark", "reason"),
    [
        ("12,50", ".", CONTRARY),
        ("1.234,50", ".", CONTRARY),
        ("1,234.50", ",", CONTRARY),
        ("0,125", ".", CONTRARY),
        ("1.234", ",.", "the mark could stand before decimals or between thousands"),
        ("1,234", ",.", "the mark could stand before decimals or between thousands"),
        ("100-200", ".", "a range and not one number"),
        ("$100 \u2013 $200", ".", "a range and not one number"),
        ("100 to 200", ".", "a range and not one number"),
        ("1.234.-", ".", "not an amount of money"),
        ("1.2K", ".", "not an amount of money"),
        ("1,5 Mio.", ",", "not an amount of money"),
        ("~100", ".", "not an amount of money"),
        ("approx 100", ".", "not an amount of money"),
        ("< 10", ".", "not an amount of money"),
        ("100+", ".", "not an amount of money"),
        ("--5", ".", "not an amount of money"),
        ("(-5)", ".", "not an amount of money"),
        ("1e5", ".", "not an amount of money"),
        ("1.23457E+11", ".", "not an amount of money"),
        ("$5 EUR", ".", "not an amount of money"),
        ("12 apples", ".", "not an amount of money"),
        ("3 for 2", ".", "not an amount of money"),
        ("5 %", ".", "not an amount of money"),
        ("12.34.56", ".", "not an amount of money"),
        ("1,2,3", ".", "not an amount of money"),
        ("12 34", ".", "not an amount of money"),
        ("404-555-0100", ".", "not an amount of money"),
        ("1" + "0" * 14, ".", "too large to be an amount of money"),
        ("1" + "0" * 40, ".", "too large to be an amount of money"),
    ],
)
def test_what_is_not_understood_is_refused(text, mark, reason):
    """No character is passed over: a text of another meaning is refused with its reason."""
    assert money(text, mark) == reason


def test_a_german_workbook_reads_right():
    """Number cells keep their points and text cells their commas, side by side."""
    cells = texts("12.3450", "1.2340", "0.1250", "1234.5", "45")
    exact = [Decimal(text) for text in ("12.345", "1.234", "0.125", "1234.5", "45")]
    assert read(to_money(cells, decimal_mark(cells, "DE"))) == exact
    both = pd.concat([cells, texts("1.234,50")], ignore_index=True)
    assert read(to_money(both, decimal_mark(both, "DE"))) == [*exact, Decimal("1234.5")]


def test_three_decimals_alone_are_remarked_on():
    """Where only three digits behind a mark speak for decimals, the row is worth a check."""
    alone = to_money(texts("1.234", "7"), ".")
    assert alone.remarks[THREE_DECIMALS].tolist() == [True, False]
    assert to_number(texts("1,234"), ",").remarks[THREE_DECIMALS].tolist() == [True]
    assert not to_money(texts("1.234", "7.25"), ".").remarks
    assert not to_money(texts("1,234"), ".").remarks


def of_amounts(amounts, default):
    """Return the currencies of amounts without a column that names them."""
    return currencies(currency_signs(amounts), texts(*[None] * len(amounts)), default).series


@pytest.mark.parametrize(
    ("amount", "named", "currency", "told"),
    [
        ("100", "£", "GBP", ""),
        ("100", "CA$", "CAD", ""),
        ("100", "Euro", "EUR", ""),
        ("100", "US Dollar", "USD", ""),
        ("$100", "CAD", "CAD", ""),
        ("€ 500", "USD", "EUR or USD", "different currencies"),
        ("70 EUR", "USD", "EUR or USD", "different currencies"),
        ("100", "USDX", "USDX", "not a known currency"),
        ("100", None, "USD", ""),
    ],
)
def test_a_currency_is_what_amount_and_column_say_and_never_guessed(amount, named, currency, told):
    """Signs and names are read; what contradicts or is unknown is told and no dollar."""
    read = currencies(currency_signs(texts(amount)), texts(named), "USD")
    assert read.series.tolist() == [currency]
    assert [told in reason for reason in read.remarks] == ([True] if told else [])


def test_currencies():
    """A code, a sign or a word names the currency; a shared sign alone does not."""
    amounts = texts("$5", "5", "12 USD", "CA$ 7", "A$7", "€3", "3 zł", "CHF 3", "8 kr.", None)
    assert of_amounts(amounts, "USD").tolist()[:-1] == (
        ["USD", "USD", "USD", "CAD", "AUD", "EUR", "PLN", "CHF", "kr"]
    )
    assert of_amounts(texts("$5", "8 kr", "$5 CAD"), "SEK").tolist() == ["$", "SEK", "CAD"]


@pytest.mark.parametrize(
    ("text", "mark", "count"),
    [
        ("12,000", ".", 12000),
        ("12.000", ",", 12000),
        ("1\u202f200", ",", 1200),
        ("3.0", ".", 3),
        ("007", ".", 7),
        ("1.5", ".", "not a whole number"),
        ("12,000", ",", 12),
        ("12,5", ".", CONTRARY),
        ("12 USD", ".", "not a whole number"),
        ("< 10", ".", "not a whole number"),
        ("-1", ".", "a count below zero"),
        ("1" + "0" * 15, ".", "not a whole number"),
    ],
)
def test_counts(text, mark, count):
    """A count is a whole number from zero up, in the column's notation."""
    assert read(to_count(texts(text), mark)) == [count]


@pytest.mark.parametrize(
    ("text", "mark", "number"),
    [
        ("15 %", ".", 0.15),
        ("-12,5%", ",", -0.125),
        ("0.2", ".", 0.2),
        ("+3", ".", 3.0),
        ("1,234.5", ".", 1234.5),
        ("0,2", ".", CONTRARY),
        ("1-2", ".", "a range and not one number"),
        ("> 90%", ".", "not a number"),
        ("nan", ".", "not a number"),
        ("inf", ".", "not a number"),
    ],
)
def test_numbers(text, mark, number):
    """Numbers and percentages are read in the column's notation."""
    assert read(to_number(texts(text), mark)) == [number]


YES = ("yes", "Ja", "oui", "sí", "sì", "sim", "VRAI", "on", "✓", "✔\ufe0f", "1", "1.0", "TRUE", "x")
NO = ("no", "Nein", "non", "no", "no", "não", "FAUX", "off", "✗", "✘", "0", "0.0", "FALSE", "nee")


@pytest.mark.parametrize("words", [*zip(YES, NO, strict=True)])
def test_flags(words):
    """Yes and no are known in several languages, as marks and as spreadsheets write them."""
    assert read(to_flag(texts(*words))) == [True, False]


def test_unknown_flags_are_refused():
    """A word of another meaning is neither, and so is an x beside ticks."""
    assert read(to_flag(texts("maybe", "2", "o", "yes no"))) == ["neither yes nor no"] * 4
    assert read(to_flag(texts("✓", "x"))) == [True, "neither yes nor no"]


GROUPS = {".": (",", "'", "\u202f"), ",": (".", "'", "\u202f")}


@given(
    st.decimals(min_value=-(10**9), max_value=10**9, places=2),
    st.sampled_from([".", ","]),
    st.data(),
)
@settings(deadline=None)
def test_an_amount_written_in_a_notation_reads_back(amount, mark, data):
    """Whatever stands between the thousands, the amount comes back in its notation only."""
    group = data.draw(st.sampled_from(("", *GROUPS[mark])))
    sign = data.draw(st.sampled_from(["", "$", "€ ", "CA$ "]))
    whole, cents = f"{abs(amount):,.2f}".split(".")
    text = f"{'-' if amount < 0 else ''}{sign}{whole.replace(',', group)}{mark}{cents}"
    assert money(text, mark) == amount
    if mark == "," or group:
        other = money(text, "," if mark == "." else ".")
        assert isinstance(other, str) or other == amount


@given(st.text(max_size=20) | st.text(alphabet="0123456789.,'-+()$€ %KE\u2212", max_size=12))
@settings(deadline=None)
def test_no_text_makes_the_parsers_fail(text):
    """Any text is read or refused, in every notation, and decides a mark."""
    column = texts(text)
    assert decimal_mark(column, "US", [column]) in MARKS
    for mark in MARKS:
        for parse in (to_money, to_count, to_number):
            found = parse(column, mark)
            assert found.series.isna().tolist() == found.unreadable.tolist()
    assert len(to_flag(column).series) == len(of_amounts(column, "USD")) == 1
