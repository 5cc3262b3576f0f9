"""The words of CRMs for the stages of deals, and those that nobody knows."""

from __future__ import annotations

import pandas as pd
import pytest

from calltrack_nb.providers.values.stages import STAGES, read_stages
from calltrack_nb.settings import parse_settings


def stages(*texts: str) -> list[str | None]:
    """Read texts; None where they are not understood."""
    found = read_stages(pd.Series(texts, dtype="str"), {})
    return [None if pd.isna(stage) else stage for stage in found.series]


@pytest.mark.parametrize(
    ("stage", "words"),
    [
        ("won", "Gewonnen, ganado, gagné, gewonnen, ganho, vinto, Closed Won, closedwon, bezahlt"),
        ("lost", "verloren, perdido, perdu, perdida, perso, Closed - Lost, refused, Storniert"),
        ("open", "offen, abierto, ouvert, aberto, aperto, Proposal/Price Quote, In Bearbeitung"),
        ("lost", "not won, nicht gewonnen, no ganado, pas gagné, niet gewonnen, não ganho"),
        ("lost", "non vinto, Deal not won, Lost - no budget, Closed Lost (Sales Pipeline)"),
        ("open", "noch nicht gewonnen, not yet won"),
    ],
)
def test_the_words_of_many_languages_are_read(stage: str, words: str) -> None:
    """Won, lost and open are read in seven languages, and denials say the contrary."""
    said = words.split(", ")
    assert dict(zip(said, stages(*said), strict=True)) == dict.fromkeys(said, stage)


def test_what_is_not_certain_is_no_stage() -> None:
    """Words nobody knows, that contradict each other or take themselves back are not guessed at."""
    said = ["xyz", "booked", "closed", "Won: no", "won / lost", "not lost", "won?", "never paid"]
    assert dict(zip(said, stages(*said), strict=True)) == dict.fromkeys(said)


def test_no_word_is_of_two_stages() -> None:
    """Each phrase of the list is read as the stage that it is listed under."""
    assert {phrase: stages(phrase)[0] for phrase in STAGES} == dict(STAGES)


DEALS = (
    "caller_number,closed_at,stage,value\n"
    "(404) 555-0142,2026-08-05,gewonnen,480\n"
    "(404) 555-0143,2026-08-05,In Produktion,480\n"
    "(404) 555-0144,2026-08-06,In Produktion,480\n"
    "(404) 555-0145,2026-08-06,,480\n"
)


def test_an_unknown_stage_is_named_with_its_rows_and_how_to_map_it(read_one) -> None:
    """Each row of a word nobody knows stands in the list, with the setting that mends it."""
    batch = read_one(DEALS, "outcomes.csv")
    stage = batch.tables["outcomes"]["stage"]
    assert stage.isna().tolist() == [False, True, True, True]
    assert batch.quarantine["row"].tolist() == [2, 3]
    assert set(batch.quarantine["column"]) == {"stage"}
    (reason,) = set(batch.quarantine["reason"])
    assert '"In Produktion" = "won"' in reason
    assert "[sources.stages]" in reason


def test_the_user_says_what_a_stage_means(read_one) -> None:
    """A word of ``[sources.stages]`` counts first, whatever its case."""
    said = parse_settings('[sources.stages]\n"in produktion" = "won"\ngewonnen = "open"')
    batch = read_one(DEALS, "outcomes.csv", settings=said)
    assert batch.tables["outcomes"]["stage"].tolist()[:3] == ["open", "won", "won"]
    assert not len(batch.quarantine)


def test_a_flag_settles_what_no_word_does(read_one) -> None:
    """Where the CRM's flags tell, a stage of its own making is no problem."""
    batch = read_one(
        "Id,Name,StageName,IsWon,IsClosed,CloseDate,Amount,Phone\n"
        "006,Cake,Baking,true,true,2026-08-01,450,404-555-1234\n"
        "007,Cake,Baking,false,true,2026-08-01,450,404-555-1234\n"
        "008,Cake,Baking,false,false,2026-08-01,450,404-555-1234\n"
    )
    assert batch.tables["outcomes"]["stage"].tolist() == ["won", "lost", "open"]
    assert not len(batch.quarantine)
