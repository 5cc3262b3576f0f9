"""Words of status, direction and lead status, tags, and the marks of spam."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calltrack_nb import schema
from calltrack_nb.providers.values.tags import split_tags
from calltrack_nb.providers.values.vocabulary import DENYING, INTERNAL, MESSAGE, NO_WORTH, NOT_SAID
from calltrack_nb.providers.values.words import (
    CONTRADICTORY,
    DIRECTIONS,
    LEADS,
    NOT_UNDERSTOOD,
    STATUSES,
    marks_spam,
    purpose_of,
    read_words,
)


def texts(*values: str | None) -> pd.Series:
    return pd.Series(list(values), dtype="str")


def read(text: str, meanings: dict, kinds: tuple) -> str | None:
    """Our word, None where the text says nothing, or the reason why it was not read."""
    found = read_words(texts(text), meanings, kinds)
    value = found.series.iloc[0]
    assert found.unreadable[0] <= pd.isna(value)
    return next(iter(found.problems), None if pd.isna(value) else value)


def status(text: str) -> str | None:
    return read(text, STATUSES, schema.STATUSES)


def lead(text: str) -> str | None:
    return read(text, LEADS, schema.LEAD_STATUSES)


def direction(text: str) -> str | None:
    return read(text, DIRECTIONS, schema.DIRECTIONS)


ANSWERED = """Answered; ANSWERED; Answered Call; Call Answered; Call connected; Accepted; completed;
    Received; Answered by Sam; Answered - Sales queue; Inbound answered; answered elsewhere;
    Answered by Other Member; picked up; Transferred - answered; Left live message;
    Anruf angenommen; Décroché; Llamada contestada; Chamada atendida; Beantwoord; Odebrane; 応答"""
MISSED = """
    Missed; Missed Call; Call missed; Unanswered; No answer; NO ANSWER; NO_ANSWER;
    no-answer; NoAnswer; Call not answered; Was not answered; Not connected; didn't answer;
    wasn't picked up; never answered; No one answered; couldn't connect; failed to connect;
    Missed - returned; Missed (agent busy); missed inbound call; No Voicemail Left;
    Declined; Rejected; Busy; CHANUNAVAIL; CONGESTION; cancel; no_available_agent;
    out_of_opening_hours; agents_did_not_answer; 486 Busy Here; USER_BUSY; Nicht angenommen;
    Verpasster Anruf; Appel manqué; Non répondu; N'a pas répondu; Sans réponse; Llamada
    perdida; No contestada; Sin respuesta; Não atendida; Chiamata persa; Senza risposta;
    Niet beantwoord; Gemiste oproep; Nieodebrane; 不在着信"""
VOICEMAIL = """Voicemail; Voice Mail; VM; vm-left; Left message; Answered by voicemail;
    Missed, voicemail; No answer - voicemail; Sent to voicemail; Voicemail: 0:32;
    Forwarded to voicemail; Mailbox; Messagerie vocale; Buzón de voz; Caixa postal;
    Segreteria telefonica"""
ABANDONED = """Abandoned; Abandoned Call; Abandoned in queue; short_abandoned; abandoned_in_ivr;
    abandoned_in_classic; Abandoned while ringing; Missed (abandoned); Hang up; Hung up;
    Caller hung up; HANG_UP; Hung up before answer; Aufgelegt; Abandonné; Abandonada; Opgehangen"""
SAYS_NOTHING = """in-progress; ResultInProgress; queued; Ringing; not yet answered;
    Waiting to be answered; Unknown; Spam"""


@pytest.mark.parametrize(
    ("phrases", "expected"),
    [
        (ANSWERED, "answered"),
        (MISSED, "missed"),
        (VOICEMAIL, "voicemail"),
        (ABANDONED, "abandoned"),
        (SAYS_NOTHING, None),
    ],
)
def test_what_became_of_a_call(phrases, expected):
    """The words of the common systems and languages for an outcome are read, denials too."""
    listed = [" ".join(phrase.split()) for phrase in phrases.split(";")]
    assert {phrase: status(phrase) for phrase in listed} == dict.fromkeys(listed, expected)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Transferred", NOT_SAID),
        ("Success", NOT_SAID),
        ("Wrong number", NOT_SAID),
        ("Blocked", NOT_SAID),
        ("Internal", NOT_SAID),
        ("Agent hung up", NOT_SAID),
        ("Unattended transfer", NOT_SAID),
        ("delivered", MESSAGE),
        ("Fax received", MESSAGE),
        ("Answered / Missed", CONTRADICTORY),
        ("Answered, caller hung up", CONTRADICTORY),
        ("Answered, voicemail", CONTRADICTORY),
        ("Answered: No", NOT_UNDERSTOOD),
        ("Answered: 0", NOT_UNDERSTOOD),
        ("Answered=N", NOT_UNDERSTOOD),
        ("Answered?", NOT_UNDERSTOOD),
        ("Answered - not really", NOT_UNDERSTOOD),
        ("Answered by nobody", NOT_UNDERSTOOD),
        ("not missed", NOT_UNDERSTOOD),
        ("answered late complaint", NOT_UNDERSTOOD),
        ("Left", NOT_UNDERSTOOD),
        ("Answered " + "and then " * 40, NOT_UNDERSTOOD),
    ],
)
def test_an_uncertain_outcome_is_refused(text, reason):
    """A text that may mean two things, or denies without saying what, is not read."""
    assert status(text) == reason


@given(
    denial=st.sampled_from(sorted(DENYING)),
    word=st.sampled_from(sorted(w for w, m in STATUSES.items() if m == "answered")),
    between=st.sampled_from(["", "been ", "yet ", "the call was ", "really ", "- "]),
)
@settings(deadline=None)
def test_no_denial_is_an_answered_call(denial, word, between):
    """Whatever is denied in whatever language, the call is not read as answered."""
    assert status(f"{denial} {between}{word}") != "answered"
    assert status(f"{word} {between}{denial}") != "answered"


@given(
    denial=st.sampled_from(sorted(DENYING)),
    word=st.sampled_from(sorted(w for w, m in LEADS.items() if m == "qualified" and len(w) > 1)),
    between=st.sampled_from(["", "a ", "yet ", "a really ", "- "]),
)
@settings(deadline=None)
def test_no_denial_is_a_qualified_lead(denial, word, between):
    """Whatever is denied in whatever language, the lead is not read as qualified."""
    assert lead(f"{denial} {between}{word}") != "qualified"
    assert lead(f"{word} {between}{denial}") != "qualified"


QUALIFIED = """Qualified; Qualified Lead; Call Qualified; good_lead; Yes; true; Qualified: Yes;
    Closed - Converted; Quotable; qualifiziert; qualifié; cualificado; gekwalificeerd; ja; sí"""
NOT_QUALIFIED = """Not Qualified; not_a_lead; Not a qualified lead; Unqualified; Disqualified;
    Bad lead; Spam; No; isn't qualified; never qualified; not quotable; Unqualified - price;
    nicht qualifiziert; non qualifié; no calificado; niet gekwalificeerd; nein; no"""
UNSETTLED = """not yet qualified; Needs to be qualified; potentially qualified; Pending; Not Set;
    Not Scored; previously_marked_good_lead; noch nicht qualifiziert; pas encore qualifié"""


@pytest.mark.parametrize(
    ("phrases", "expected"),
    [(QUALIFIED, "qualified"), (NOT_QUALIFIED, "not_qualified"), (UNSETTLED, None)],
)
def test_what_a_lead_is_worth(phrases, expected):
    """Lead statuses are read with their denials; what is still open says nothing."""
    listed = [" ".join(phrase.split()) for phrase in phrases.split(";")]
    assert {phrase: lead(phrase) for phrase in listed} == dict.fromkeys(listed, expected)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("No sale", NO_WORTH),
        ("Closed - Not Converted", NO_WORTH),
        ("Not interested", NO_WORTH),
        ("Qualified: No", CONTRADICTORY),
        ("Qualified - not", NOT_UNDERSTOOD),
        ("Not a bad lead", NOT_UNDERSTOOD),
        ("never sold", NOT_UNDERSTOOD),
        ("Hot", NOT_UNDERSTOOD),
    ],
)
def test_an_uncertain_worth_is_refused(text, reason):
    """Not to buy is not to be unqualified, and no other doubt is decided either."""
    assert lead(text) == reason


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *((text, "inbound") for text in ("Inbound", "INCOMING_CALL", "in", "msg_inbound")),
        *((text, "inbound") for text in ("Eingehend", "Appel entrant", "in entrata", "входящий")),
        *((text, "outbound") for text in ("Outgoing", "outbound-dial", "Missed outbound")),
        *((text, "outbound") for text in ("Ausgehend", "Sortant", "Saliente", "In uscita")),
        ("Internal", INTERNAL),
        ("not inbound", NOT_UNDERSTOOD),
        ("Inbound/Outbound", CONTRADICTORY),
        ("click to call", NOT_UNDERSTOOD),
    ],
)
def test_directions(text, expected):
    """Directions are read in the words of systems and languages; an internal call has none."""
    assert direction(text) == expected


def test_a_provider_can_have_words_of_its_own():
    """A table given by a reader is read with the same rules, and missing stays missing."""
    found = read_words(
        texts("Web Form", None, "web_form", "No web form"), {"web form": "form"}, ("form",)
    )
    assert found.series.tolist()[0] == found.series.tolist()[2] == "form"
    assert found.series.isna().tolist() == [False, True, False, True]
    assert found.unreadable.tolist() == [False, False, False, True]


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("new, wedding", ["new", "wedding"]),
        ("new;wedding|VIP\nlast", ["new", "wedding", "VIP", "last"]),
        ('"Smith, J", VIP', ["Smith, J", "VIP"]),
        ('"He said ""hi""";b', ['He said "hi"', "b"]),
        ('a, 6" pipe, b', ["a", '6" pipe', "b"]),
        ('["a, b", "c"]', ["a, b", "c"]),
        ('[{"name": "a"}, {"label": "b"}]', ["a", "b"]),
        ("['wedding', 'Sale']", ["wedding", "Sale"]),
        ("""['it\\'s', "b, c"]""", ["it's", "b, c"]),
        ("('a', 'b')", ["a", "b"]),
        ("['wedding' 'Sale']", ["wedding", "Sale"]),
        ("['a', nan]", ["a"]),
        ("[None, 'a', '']", ["a"]),
        ("{wedding,Sale}", ["wedding", "Sale"]),
        ('{"a, b",c}', ["a, b", "c"]),
        ("[]", []),
        ("(new)", ["(new)"]),
        ("[broken", ["[broken"]),
        ("[" * 30_000 + "]" * 30_000, None),
        ("[__import__('os').getcwd()]", ["__import__('os').getcwd()"]),
    ],
)
def test_tags_in_any_notation(text, tags):
    """Lists of JSON, Python, NumPy and PostgreSQL and plain separators give the same tags."""
    found = split_tags(texts(text)).iloc[0]
    assert tags is None or list(found) == tags


@given(st.lists(st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=9), max_size=4))
@settings(deadline=None)
def test_python_lists_read_back(tags):
    """A list that was saved as its Python text gives the tags that were in it."""
    assert list(split_tags(texts(str(tags))).iloc[0]) == tags


@pytest.mark.parametrize(
    "text",
    [
        *("Spam", "Wedding, Spam", "['VIP', 'Spam']", "Not a lead (spam)", "Not Qualified - Spam"),
        *(
            "Robocall - warranty",
            "Confirmed spam",
            "SPAM/Solicitation",
            "Telemarketer",
            "Scam call",
        ),
        *("Solicitor", "Test", "Test call", "Internal", "internal call", "Staff", "Staff call"),
        *("Testanruf", "Appel de test", "llamada interna", "oplichting"),
    ],
)
def test_a_providers_word_marks_spam(text):
    """Spam, staff and test calls are marked by a tag or status that says so."""
    assert marks_spam(texts(text)).tolist() == [True]


@pytest.mark.parametrize(
    "text",
    [
        *("not spam", "No spam", "non-spam", "isn't spam", "kein Spam", "Spam: no", "Spam = false"),
        *("Spam: 0", "Spam?", "possible spam", "Spam Likely", "No longer spam", "Spam - not sure"),
        *("spam filter passed", "complained about spam", "Crypto scam victim", "SEO spam"),
        *("Solicitor - property", "Test drive", "A/B test", "internal medicine", "staffing"),
        *("Telemarketing service enquiry", "sales call", "Sale", "Blocked", "['Not spam']"),
    ],
)
def test_a_word_in_another_sense_marks_nothing(text):
    """A denial, a doubt or a longer phrase is no mark: a real caller would be lost by it."""
    assert marks_spam(texts(text)).tolist() == [False]


def test_marks_follow_the_rows():
    """Missing tags are not marked, and a mark stands at its row."""
    assert marks_spam(texts(None, "Spam", "VIP", "Spam")).tolist() == [False, True, False, True]


def test_purposes():
    """The first purpose that a tag names counts; a note counts where it is one word."""
    tags = texts("Wedding, Sale", "Complaint", "VIP", None)
    assert purpose_of(tags).astype(object).tolist()[:2] == ["sale", "feedback"]
    notes = texts(None, None, "support", "about support")
    assert purpose_of(tags, notes).isna().tolist() == [False, False, False, True]
