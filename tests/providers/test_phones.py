"""Telephone numbers in the forms that exports, spreadsheets and people give them."""

from __future__ import annotations

import re

import pandas as pd
import phonenumbers
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from phonenumbers import PhoneMetadata

from calltrack_nb.providers import number_kind, read_phones
from calltrack_nb.providers.values import phone_digits, phone_shapes, phone_texts
from calltrack_nb.providers.values.withheld import is_withheld

COUNTRIES = [
    "US",
    "CA",
    "JM",
    "GB",
    "GG",
    "DE",
    "AT",
    "CH",
    "IT",
    "SM",
    "FR",
    "ES",
    "PT",
    "NL",
    "BE",
    "DK",
    "SE",
    "FI",
    "PL",
    "HU",
    "IE",
    "GR",
    "AU",
    "NZ",
    "JP",
    "KR",
    "CN",
    "HK",
    "SG",
    "IN",
    "MX",
    "AR",
    "BR",
    "CO",
    "RU",
    "ZA",
    "IL",
    "TR",
    "AE",
    "CI",
]
PREFIXES = ("", "", "0", "1", "8", "00", "011", "0011", "01", "9", "06", "15")


def texts(*values: str | None) -> pd.Series:
    return pd.Series(list(values), dtype="str")


def read(text: str, country: str = "US") -> str | None:
    """The number, None where there is none and no problem, or the reason."""
    found = read_phones(texts(text), country)
    reasons = [reason for reason, mask in found.problems.items() if mask[0]]
    number = found.series.iloc[0]
    assert len(reasons) <= 1
    assert not (reasons and pd.notna(number))
    return reasons[0] if reasons else None if pd.isna(number) else str(number)


def remarks(text: str, country: str = "US") -> list[str]:
    return list(read_phones(texts(text), country).remarks)


def library(text: str, country: str) -> str | None:
    """What phonenumbers makes of a text, None where that has not 7 to 15 digits."""
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return None
    complete = phonenumbers.ValidationResult.IS_POSSIBLE
    if phonenumbers.is_possible_number_with_reason(number) != complete:
        return None
    written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return written if 8 <= len(written) <= 16 else None


def beyond_the_library(text: str) -> bool:
    """Whether a text has a form that this product decides by rules of its own."""
    digits = re.sub(r"\D", "", text)
    return bool(
        len(digits) < 8  # short codes, extensions; a country code and nothing
        or re.search(r"(\d)\1{6}$|[0-4]?[1-4]?\d*(?:234567|345678|456789)0?1?$", digits)  # dummies
        or re.fullmatch(r"\d{1,4}([./-])\d{1,2}\1\d{1,4}", text)  # dates
        or re.fullmatch(r"(\d{1,3}\.){3}\d{1,3}", text)  # IP addresses
        or re.search(r"\d{7}\.\d*$|\.\.|\(0\)", text)  # decimals, cut off, trunk zero in brackets
        or re.search(r"(\d\D*){7}/|\d{7}\s+\(?\d{7}", text)  # two numbers
        or re.search(r"(\d\D*){7}\s-+\s(\D*\d){7}|\(\d{1,3}\)$", text)  # the same, a count
        or text.startswith("/")
    )


@st.composite
def written_numbers(draw: st.DrawFn, country: str) -> tuple[str, str]:
    """Digits near a country's numbers with prefixes and marks, and an extension."""
    metadata = PhoneMetadata.metadata_for_region(country, None)
    kind = draw(st.sampled_from([metadata.mobile, metadata.fixed_line]))
    digits = list(kind.example_number)
    for place in draw(st.lists(st.integers(0, len(digits) - 1), max_size=6)):
        digits[place] = draw(st.sampled_from("0123456789"))
    digits = digits[: draw(st.integers(4, 12))] + draw(st.lists(st.sampled_from("059"), max_size=3))
    code = draw(st.sampled_from(["", "", str(metadata.country_code), "1", "44", "999"]))
    prefix = draw(st.sampled_from(PREFIXES)) + code + draw(st.sampled_from(["", "", "0", "1"]))
    marks = st.sampled_from(
        ["", "", "", "", " ", "-", ".", ") ", " (", "/", " - ", "\N{NO-BREAK SPACE}"]
    )
    spread = "".join(digit + draw(marks) for digit in (*prefix, *digits))
    plus = draw(st.sampled_from(["", "", "+", "++", "(", "+ "]))
    extension = draw(st.sampled_from(["", "", "", " x45", " ext. 12", " #7", ";ext=9", ",,45#"]))
    return plus + spread.rstrip(" -./("), extension


COLUMNS = st.sampled_from(COUNTRIES).flatmap(
    lambda country: st.tuples(
        st.just(country), st.lists(written_numbers(country), min_size=1, max_size=25)
    )
)


@settings(max_examples=150, deadline=None)
@given(COLUMNS)
@example(("DE", [("493023125123", "")]))
@example(("BY", [("813798638", "")]))
@example(("IN", [("919876543210", "")]))
@example(("IT", [("390612345678", "")]))
@example(("AT", [("4315224567", "")]))
@example(("NL", [("31201234567", "")]))
@example(("JP", [("819012345678", "")]))
@example(("FI", [("358412345678", "")]))
def test_reading_agrees_with_phonenumbers(written):
    """Digits and punctuation mean what phonenumbers says, in every country and form."""
    country, numbers = written
    column = read_phones(texts(*map("".join, numbers)), country).series.astype(object)
    for (number, extension), found in zip(numbers, column.where(column.notna(), None), strict=True):
        expected = library(number + extension, country)
        if found == expected or beyond_the_library(number):
            continue
        # What the library leaves: 00 where it is not dialled, Mexico's old prefixes.
        abroad = re.match(r"\D*0\D*0", number) and phonenumbers.parse(str(found))
        assert expected is None
        assert found.startswith("+52") or phonenumbers.is_valid_number(abroad)


@pytest.mark.parametrize("country", COUNTRIES)
def test_the_column_and_the_single_text_are_read_the_same(country):
    """A plain text that the column reads is read the same by itself."""
    code = phonenumbers.country_code_for_region(country)
    example_number = str(PhoneMetadata.metadata_for_region(country, None).mobile.example_number)
    national = f"{example_number[:-4]}4182"
    forms = texts(f"+{code}{national}", f"{code}{national}", national, f"0{national}")
    column = read_phones(forms, country).series
    single = [phone_texts.read_text(text, country).number for text in forms]
    pd.testing.assert_series_equal(column, texts(*single))
    assert column.iloc[0] == f"+{code}{national}"


SAME_CALLER = [
    "404-555-0123",
    "404.555.0123",
    "(404)5550123 ",
    "1 404 555 0123",
    "001 404 555 0123",
    "14045550123.0",
    "1.4045550123E+10",
    "4.045550123e9",
    "14,045,550,123",
    "'+14045550123",
    '="4045550123"',
    '="+14045550123"',
    "\t4045550123",
    "404-555-0123 x45",
    "404-555-0123x45",
    "(404) 555-0123 ext. 45",
    "404-555-0123 (ext 45)",
    "4045550123,,45#",
    "404-555-0123;ext=45",
    "404-555-0123 (cell)",
    "Cell: 404-555-0123",
    "Jane <4045550123>",
    '"Ann 2" <404-555-0123>',
    "Jane Roe (4045550123)",
    "+1 (404) 555-0123 (Ann)",
    "sip:+14045550123@192.0.2.7",
    "sip:%2B14045550123@192.0.2.7;transport=tcp",
    "<sip:4045550123@example.com:5060>",
    '"Ann" <sip:4045550123@example.com>;tag=a7',
    "4045550123@192.0.2.7",
    "tel:+1-404-555-0123",
    "tel:555-0123;phone-context=+1404",
    "+14045550123;phone-context=example.com",
    "whatsapp:+14045550123",
    "+1+14045550123",
    "(+1) 404 555 0123",
    "４０４５５５０１２３",  # noqa: RUF001
    "٤٠٤٥٥٥٠١٢٣",
    "+1 404\N{NON-BREAKING HYPHEN}555\N{FIGURE DASH}0123",
    "\N{LEFT-TO-RIGHT EMBEDDING}+1\N{NO-BREAK SPACE}404\N{ZERO WIDTH SPACE}5550123",
]


@pytest.mark.parametrize("text", SAME_CALLER)
def test_one_caller_in_many_forms(text):
    """Wrappings, labels, extensions and scripts do not make another caller."""
    assert read(text) == "+14045550123"
    assert not remarks(text)


@pytest.mark.parametrize(
    ("country", "text", "number"),
    [
        ("DE", "3023125123.0", "+493023125123"),
        ("DE", "493023125123.0", "+493023125123"),
        ("DE", "49 30 23125123", "+493023125123"),
        ("DE", "030/23125123", "+493023125123"),
        ("DE", "0049 33701/12345", "+493370112345"),
        ("DE", "030 23125123 (mobil)", "+493023125123"),
        ("DE", "030 23125123 Durchwahl 12", "+493023125123"),
        ("DE", "030 2312512 - 0", "+493023125120"),
        ("DE", "+49 (0)30 23125123", "+493023125123"),
        ("US", "+44 (0)20 7946 0018", "+442079460018"),
        ("US", "00 44 20 7946 0018", "+442079460018"),
        ("US", "011 44 20 7946 0018", "+442079460018"),
        ("US", "+39 (0)6 5555 4182", "+390655554182"),
        ("HU", "+36 (0)1 234 4182", "+3612344182"),
        ("US", "+52 1 55 5123 4567", "+525551234567"),
        ("US", "+52 55 5123 4567", "+525551234567"),
        ("MX", "044 55 5123 4567", "+525551234567"),
        ("MX", "5215551234567", "+525551234567"),
        ("US", "+54 9 11 2345 4182", "+5491123454182"),
        ("US", "+54 11 15 2345 4182", "+5491123454182"),
        ("AR", "011 15 2345-4182", "+5491123454182"),
        ("BE", "02.123.45.67", "+3221234567"),
        ("DK", "20.26.18.13", "+4520261813"),
        ("AD", "312345", "+376312345"),
        ("US", "1-800-CALL-NOW", "+18002255669"),
    ],
)
def test_forms_of_many_countries(country, text, number):
    """Each country's own forms are read as its people mean them."""
    assert read(text, country) == number


@pytest.mark.parametrize(
    ("country", "text", "reason"),
    [
        ("US", "4.479E+11", phone_shapes.ROUNDED),
        ("US", "1,40456E+10", phone_shapes.ROUNDED),
        ("DE", "3023125123.5", phone_shapes.DECIMALS),
        ("US", "404-555-XXXX", phone_shapes.MASKED),
        ("US", "XXX-XXX-1234", phone_shapes.MASKED),
        ("US", "+1404555****", phone_shapes.MASKED),
        ("DE", "######0123", phone_shapes.MASKED),
        ("DE", "3023125123X", phone_shapes.MASKED),
        ("DE", "0302312x5123", phone_shapes.MASKED),
        ("DE", "+4930231...", phone_shapes.MASKED),
        ("DE", "192.168.1.10", phone_shapes.IP),
        ("DE", "2026-08-03", phone_shapes.DATE),
        ("DE", "03/08/2026", phone_shapes.DATE),
        ("DE", "3.8.26", phone_shapes.DATE),
        ("US", "*67 404 555 0123", phone_shapes.SERVICE),
        ("US", "72345", phone_digits.SHORT_CODE),
        ("DE", "72345", phone_digits.SHORT_CODE),
        ("US", "911", phone_digits.EMERGENCY),
        ("DE", "110", phone_digits.EMERGENCY),
        ("US", "100", phone_digits.EXTENSION),
        ("DE", "Reception (100)", phone_digits.EXTENSION),
        ("US", "101 - Sam", phone_digits.EXTENSION),
        ("US", "Ext. 101", phone_digits.EXTENSION),
        ("US", "sip:100@pbx.example", phone_digits.EXTENSION),
        ("US", "555-0123", phone_digits.LOCAL),
        ("US", "404-555-012", phone_digits.TOO_SHORT),
        ("US", "404-555-01234", phone_digits.TOO_LONG),
        ("TR", "212 555 4182 7", phone_digits.WRONG_LENGTH),
        ("US", "+999 123456", phone_digits.NO_COUNTRY),
        ("US", "jane@example.com", phone_texts.NO_NUMBER),
        ("US", "sip:jane@example.com", phone_texts.NO_NUMBER),
        ("DE", "Bestellung 30231251", phone_texts.WORDS),
        ("DE", "SIP/100-00000012", phone_texts.WORDS),
        ("US", "CA1404555012", phone_texts.WORDS),
        ("US", "1-212-MATTRES", phone_texts.WORDS),
        ("DE", "030 1234567 (2)", phone_texts.WORDS),
        ("DE", "030 1234567/68", phone_texts.NOT_WHOLE),
        ("US", "404-762-1839/1840", phone_texts.NOT_WHOLE),
        ("US", "soon", phone_digits.NOT_A_NUMBER),
        ("US", "10:05", phone_digits.NOT_A_NUMBER),
        ("DE", "2026-08-03 09:30", phone_digits.NOT_A_NUMBER),
        ("DE", "please call " * 30 + "030 23125123", phone_digits.NOT_A_NUMBER),
    ],
)
def test_what_is_no_number_says_why(country, text, reason):
    """A text that is not fully understood gives no number and its own reason."""
    assert read(text, country) == reason


@pytest.mark.parametrize(
    "text",
    [
        *("Anonymous", "Restricted", "No Caller ID", "PRIVATE CALLER", "Toll Free Call"),
        *("WIRELESS CALLER", "Caller ID blocked", "Not Available", "(not set)", "None"),
        *("unbekannt", "Rufnummer nicht übermittelt", "numéro masqué", "anonyme", "privado"),
        *("desconocido", "Número não disponível", "sconosciuto", "onbekend", "非通知"),
        *("anonymous@anonymous.invalid", "sip:anonymous@192.0.2.7", '"Ann" <Unknown>'),
        *("client:Anonymous", "<sip:a7f@anonymous.invalid>", "<>"),
        *("+266696687", "+86282452253", "0", "+0", "0000000000", "9999999999", "+10000000000"),
        *("1234567890", "+1 (123) 456-7890", "+15555555555", "+1 404 000 0000"),
    ],
)
@pytest.mark.parametrize("country", ["US", "DE"])
def test_withheld_numbers_are_unknown_and_not_unreadable(text, country):
    """A caller who withholds the number is missing without being a mistake, and is nobody."""
    assert read(text, country) is None


def test_words_that_only_begin_as_withheld_are_not():
    """A name with one such word in it is not taken for a withheld number."""
    assert read("Private Dining Ltd") == phone_digits.NOT_A_NUMBER
    assert not is_withheld("Jane Unknown-Roe")


@pytest.mark.parametrize(
    ("country", "text", "number"),
    [
        ("US", "404-762-1839 / 404-762-1840", "+14047621839"),
        ("US", "404-762-1839 or +44 20 7946 0018", "+14047621839"),
        ("US", "Cell: 404-762-1839, Home: 404-762-1840", "+14047621839"),
        ("US", "404-762-1839\n404-762-1840", "+14047621839"),
        ("US", "4047621839 4047621840", "+14047621839"),
        ("DE", "0301234567/0307654321", "+49301234567"),
        ("DE", "0301234 - 0307654", "+49301234"),
    ],
)
def test_the_first_of_two_whole_numbers_is_kept_with_a_remark(country, text, number):
    """A cell with two numbers gives the first, and says that there was another."""
    assert read(text, country) == number
    assert remarks(text, country) == [phone_texts.OTHERS]


def test_a_number_written_twice_is_one():
    """The same number in two forms in a cell needs no remark."""
    assert read("404-762-1839 / +14047621839") == "+14047621839"
    assert not remarks("404-762-1839 / +14047621839")


def test_a_name_beside_a_number_is_remarked():
    """Words that are no label are left out of a whole number, and said to be."""
    assert read("Ann Example 4045550123") == "+14045550123"
    assert remarks("Ann Example 4045550123") == [phone_texts.BESIDE]


def test_reasons_stand_at_their_rows():
    """Masks follow the rows of a column in which texts are repeated and missing."""
    column = texts("911", None, "(404) 555-0123", "soon", "911", "Ann 4045550123")
    column.index = pd.Index(range(10, 16))
    found = read_phones(column, "US")
    assert found.series.index.tolist() == list(range(10, 16))
    assert found.series.notna().tolist() == [False, False, True, False, False, True]
    assert found.problems[phone_digits.EMERGENCY].tolist() == [
        True,
        False,
        False,
        False,
        True,
        False,
    ]
    assert found.problems[phone_digits.NOT_A_NUMBER].tolist() == [False] * 3 + [True] + [False] * 2
    assert found.remarks[phone_texts.BESIDE].tolist() == [False] * 5 + [True]
    assert read_phones(texts(), "US").series.empty


def test_plain_numbers_are_not_read_one_by_one(monkeypatch):
    """The usual forms take the column's path, whatever the size of the log."""
    monkeypatch.setattr("calltrack_nb.providers.values.phones.read_text", lambda *_: 1 / 0)
    forms = texts("(404) 555-0123", "+14045550123", "1-404-555-0123", "404.555.0123", "4045550123")
    assert set(read_phones(forms, "US").series) == {"+14045550123"}
    german = texts("030 23125123", "+49 30 23125123", "030/23125123", "493023125123")
    assert set(read_phones(german, "DE").series) == {"+493023125123"}


def test_kinds_of_numbers():
    """Toll-free numbers are told apart in every plan."""
    numbers = texts("+18005550123", "+14045550123", "+448001111111", "+442079460018", None)
    kinds = number_kind(numbers).tolist()
    assert kinds[:4] == ["toll_free", "local", "toll_free", "local"]
    assert pd.isna(kinds[4])
