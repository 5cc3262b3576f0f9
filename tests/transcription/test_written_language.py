"""Providers' transcripts in another language than English: found by their words, left out."""

import csv
import json
import tomllib
from pathlib import Path

import pandas as pd
import pytest

from calltrack_nb import schema
from calltrack_nb.findings import coverage, heard_calls, talk_measures
from calltrack_nb.transcription import utterances_table
from calltrack_nb.transcription.provided import CallFacts, provided_transcript
from calltrack_nb.transcription.written_language import written_language

HERE = Path(__file__).parent
CALLS = tomllib.loads((HERE / "other_languages.toml").read_text("utf-8"))
ENGLISH = (
    "Agent: Harbour Cake, Petersen speaking.\n"
    "Caller: Hello, how much is a wedding cake for eighty people in Altona?\n"
    "Agent: It starts at four hundred and twenty euros.\n"
    "Caller: That is too expensive for us, I have to ask my husband first."
)


def written(call: str, sides: tuple[str, str] = ("Agent", "Caller")) -> str:
    """Write a call as providers do."""
    turns = call.strip().splitlines()
    return "\n".join(f"{sides[at % 2]}: {turn}" for at, turn in enumerate(turns))


def read(text: str):
    return provided_transcript(text, CallFacts(), origin="file")


def flagged(made) -> list[bool]:
    return [schema.OTHER_LANGUAGE in said.flags for said in made.utterances]


@pytest.mark.parametrize("language", CALLS)
def test_calls_in_other_languages_are_told_by_their_words(language) -> None:
    """Ten short calls of each language: all of them are flagged, by the language's name."""
    made = [read(written(call)) for call in CALLS[language]]
    assert [one.language for one in made] == [language] * 10
    assert all(all(flagged(one)) for one in made)


@pytest.mark.parametrize(
    "text",
    [
        "Hi, this is Wolfgang Müller from Düsseldorf calling about the Sachertorte.",
        "My name is María José García Hernández, I live in San Luis Obispo, Calle del Sol 14.",
        "We stayed at the Hotel Miramar and would like to book the same room for next August.",
        "Do you speak Spanish? My mother says hablo español, no English, and she needs a plumber.",
        "hi yeah um i wanna order a bouquet for saturday gonna pick it up around ten ok bye",
        "YES I WOULD LIKE TO KNOW WHETHER YOU ARE OPEN ON SUNDAY",
        "My card is [CARD] and my name is [NAME], [NAME] with a double you, please call me back.",
    ],
)
def test_english_with_foreign_names_and_words_stays_english(text) -> None:
    """A caller's name, street or a few words of another language make no call a foreign one."""
    assert flagged(read(f"Agent: Hello?\nCaller: {text}")) == [False, False]


@pytest.mark.parametrize(
    "text", ["Ja, am Samstag.", "Okay, ciao!", "212-555-0147 0171 3920011", ""]
)
def test_a_few_words_tell_no_language(text) -> None:
    """Nothing is said of what is too short, nor of figures."""
    assert written_language(text) is None


def test_english_conversations_are_taken_for_english(shared_data: Path) -> None:
    """At most one in two hundred is taken for another language, typed in haste or said."""
    texts = []
    for line in (shared_data / "outcomes" / "dialogues.jsonl").read_text("utf-8").splitlines():
        turns = json.loads(line)["turns"]
        texts += [
            " ".join(turn["text"] for turn in turns if turn["speaker"] == side)
            for side in ("caller", "agent")
        ]
    typed = shared_data / "themes" / "multidogo" / "conversations.csv"
    with typed.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, quoting=csv.QUOTE_NONE)
        texts += [row["customer_text"] for row in rows]
    assert len(texts) == 1200 + 4727
    wrong = [text for text in texts if written_language(text) not in (None, "en")]
    assert len(wrong) <= len(texts) / 200


def test_words_go_before_what_the_provider_states() -> None:
    """An account set to English has German calls; where words are few, what is stated counts."""

    def stated(language: str, *texts: str) -> str:
        turns = [{"speaker": name, "text": text} for name, text in zip("AB", texts, strict=True)]
        return json.dumps({"language": language, "utterances": turns})

    german = [line for line in CALLS["de"][0].strip().splitlines() if len(line) > 50]
    made = read(stated("en", "Petersen, guten Tag.", german[0]))
    assert (made.language, flagged(made)) == ("de", [True, True])
    made = read(stated("de-DE", "Hello there.", "How much is a wedding cake for eighty people?"))
    assert (made.language, flagged(made)) == ("en", [False, False])
    made = read(stated("de-DE", "Petersen.", "Ja, hallo?"))
    assert (made.language, flagged(made)) == ("de", [True, True])
    made = read(stated("en-US", "Petersen.", "Ja, hallo?"))
    assert (made.language, flagged(made)) == ("en", [False, False])


def test_each_side_has_its_own_language() -> None:
    """An English business rung up in Spanish: the caller's words alone are flagged."""
    made = read(
        "Agent: I am sorry, I do not understand you, can you call back when my colleague is in?\n"
        "Caller: Quería saber cuánto cuesta una tarta de boda para ochenta personas en junio."
    )
    assert flagged(made) == [False, True]


def test_a_log_of_two_languages_says_what_was_not_heard() -> None:
    """German calls are no calls in which nobody hesitated: they are counted, named, left out."""
    made = {
        "a:en": read(ENGLISH),
        **{
            f"a:{at}": read(written(call, ("Agent", "Kunde")))
            for at, call in enumerate(CALLS["de"])
        },
    }
    calls = schema.empty("calls").reindex(range(11))
    calls["call_id"] = list(made)
    calls["status"] = "answered"
    calls["started_at"] = pd.Timestamp("2026-10-01 12:00", tz="UTC")
    said = utterances_table(made, "a")
    said["redacted_text"] = said["text"]
    heard = heard_calls(said, calls)
    assert heard.tolist() == ["a:en"]
    talk = talk_measures(made, "a")
    text = coverage(calls, set(heard), talk).text
    assert text.startswith(
        "1 of 11 calls was listened to. 10 calls are not in English (10 in German)."
    )
    assert "without a transcript" not in text
    more = pd.concat([calls, calls.head(1).assign(call_id="a:none")], ignore_index=True)
    assert "A call without a transcript" in coverage(more, set(heard), talk).text


def test_a_transcript_without_times_is_counted_as_left_out() -> None:
    """Only who has times is measured, but whoever speaks another language is counted."""
    from calltrack_nb.workspace.pipeline import _timed

    made = {"en": read(ENGLISH), "de": read(written(CALLS["de"][0]))}
    known = pd.DataFrame({"call_id": ["en", "de"], "other_key": [None, None]})
    assert list(_timed(None, made, known)) == ["de"]
