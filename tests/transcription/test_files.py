"""Transcripts written to files, corrected by hand, and read back."""

from dataclasses import replace

import pandas as pd
import pytest
from click.testing import CliRunner

from calltrack_nb.cli import cli
from calltrack_nb.errors import CalltrackError, TranscriptionError
from calltrack_nb.schema import conform
from calltrack_nb.transcription import (
    Transcript,
    Utterance,
    Word,
    apply_corrections,
    corrected_transcripts,
    format_transcript,
    read_corrections,
    unfitting_corrections,
    utterances_table,
)
from calltrack_nb.workbench import Workbench
from calltrack_nb.workspace.corrections import correct_transcripts, export_transcripts

CALL = "callrail:CAL1"
FORMS = ("vtt", "srt", "json", "csv")


def made():
    return Transcript(
        utterances=(
            Utterance("agent", 0.5, 2.0, "Marys case, Joan speaking.", 0.8, (), (
                Word("Marys", 0.5, 0.9, 0.5),
            )),
            Utterance("agent", 2.5, 4.0, '"Cake" & <hm>; two --> 1,500', 0.4, ("low_confidence",)),
            Utterance("caller", 3725.25, 3726.0, "Bye.", 0.9),
        ),
        speech={"agent": ((0.5, 4.0),), "caller": ((3725.25, 3726.0),)},
        layout="two_party",
        duration_s=3730.0,
        engine="fake",
        model="fake",
    )  # fmt: skip


@pytest.fixture
def shop(workspace):
    """A workspace with one transcribed call."""
    workspace.transcripts.put("a" * 40, made())
    row = {"account": "main", "call_id": CALL, "path": "x.mp3", "transcript_key": "a" * 40}
    workspace.write_table("recordings", conform(pd.DataFrame([row]), "recordings"))
    return workspace


@pytest.mark.parametrize("form", FORMS)
def test_unchanged_file_changes_nothing(tmp_path, form):
    """A file read back as it was written holds no correction."""
    path = tmp_path / f"call.{form}"
    path.write_text(format_transcript(made(), form, call_id=CALL))
    assert read_corrections(path, {CALL: made()}, "main", call_id=CALL).empty


def test_exports_lie_where_forgetting_finds_them(shop):
    """Unredacted transcripts go into the workspace's exports, wherever the command is given."""
    (path,) = Workbench(shop.folder).export_transcripts()
    assert path.parent == shop.folder / "exports" / "transcripts"
    told = CliRunner().invoke(cli, ["transcripts", "-w", str(shop.folder), "export"])
    assert told.output == f"1 transcript in {path.parent}\n"


@pytest.mark.parametrize("form", FORMS)
def test_corrected_words_win_in_the_next_export(shop, tmp_path, form):
    """What a person corrects is in the next export, in every form; taken back, it is gone."""
    (path,) = export_transcripts(shop, [], tmp_path, form)
    machine = path.read_text()
    call_id = CALL if form == "srt" else None
    path.write_text(machine.replace("Marys case", "Mary's Cakes"))
    corrections = correct_transcripts(shop, path, call_id=call_id)
    assert corrections >= 1
    (again,) = export_transcripts(shop, [CALL], tmp_path / "again", form)
    assert "Mary's Cakes, Joan" in again.read_text()
    assert "Marys" not in again.read_text()
    assert shop.transcripts.get("a" * 40) == made()
    again.write_text(again.read_text().replace("Mary's Cakes", "Marys case"))
    assert correct_transcripts(shop, again, call_id=call_id) == 1
    (back,) = export_transcripts(shop, [CALL], tmp_path / "back", form)
    assert "Marys case, Joan" in back.read_text()


def test_speaker_is_corrected(shop, tmp_path):
    """A turn given to the other speaker is theirs, and known to be corrected."""
    (path,) = export_transcripts(shop, [], tmp_path, "vtt")
    path.write_text(path.read_text().replace("<v caller>Bye", "<v agent>Bye"))
    correct_transcripts(shop, path)
    (table,) = export_transcripts(shop, [], tmp_path, "csv")
    assert "2,agent,3725.25,3726.00,Bye.,0.90,corrected" in table.read_text()


VTT = format_transcript(made(), "vtt", call_id=CALL)
CSV = format_transcript(made(), "csv", call_id=CALL)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.vtt", "", "changed in more than words and speakers"),
        ("a.vtt", "WEBVTT\n", "holds no numbered turn"),
        (
            "a.vtt",
            "WEBVTT\n\nhello\n",
            "changed in more than words and speakers.*'hello' is outside",
        ),
        ("a.vtt", VTT.replace("Joan", "\n\nJoan"), "'Joan speaking.' is outside"),
        ("a.vtt", VTT.replace("\n\n1\n", "\n1\n"), "changed in more than words and speakers"),
        ("a.vtt", VTT.replace("01:02:05.250 ", "01:02:06.250 "), "Turn 2 begins at another time"),
        ("a.vtt", VTT.replace("\n1\n", "\n"), "In the corrected file, 1 turn without its number"),
        ("a.vtt", VTT.replace("\n1\n", "\n9\n"), "has no turn 9"),
        ("a.vtt", VTT.replace("<v agent>", "<v boss>"), "no speaker 'boss'.*turn 0"),
        ("a.vtt", VTT.replace(CALL, "callrail:OTHER"), "no known call .callrail:OTHER"),
        ("a.srt", format_transcript(made(), "srt"), "no known call .it names none"),
        ("a.csv", "", "no column speaker, text, turn"),
        ("a.csv", CSV.replace("speaker", "who"), "no column speaker"),
        (
            "a.csv",
            CSV.replace(f"{CALL},1", f"{CALL},one"),
            "changed in more than words and speakers",
        ),
        ("a.json", "[]", "changed in more than words and speakers"),
        ("a.json", "{", "changed in more than words and speakers"),
        ("a.txt", VTT, "unknown format.*vtt, srt, json, csv"),
        ("a.vtt", VTT.replace("case", "café").encode("cp1252"), "not UTF-8"),
        ("a.vtt", None, "cannot be read.*No such file"),
    ],
)
def test_what_cannot_be_read_back(tmp_path, name, content, words):
    """Each mistake a newcomer makes is named with its place; nothing is taken over by halves."""
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(TranscriptionError, match=words) as caught:
        read_corrections(path, {CALL: made()}, "main")
    assert str(path) in str(caught.value)


def test_file_of_another_call(tmp_path):
    """A file that names its call is not read into another one by mistake."""
    path = tmp_path / "a.vtt"
    path.write_text(VTT)
    known = {CALL: made(), "callrail:CAL2": made()}
    with pytest.raises(
        TranscriptionError, match=r"to the call callrail:CAL1, not to callrail:CAL2"
    ):
        read_corrections(path, known, "main", call_id="callrail:CAL2")


@pytest.mark.parametrize("mark", [";", "\t"])
def test_spreadsheets_of_other_countries(tmp_path, mark):
    """A CSV that a spreadsheet saved with its own delimiter, mark and line ends is read."""
    path = tmp_path / "a.csv"
    lines = [
        mark.join(["call_id", "turn", "speaker", "text"]),
        mark.join([CALL, "2", "caller", "Hi"]),
    ]
    path.write_bytes(("\ufeff" + "\r\n".join(lines) + "\r\n").encode())
    rows = read_corrections(path, {CALL: made()}, "main")
    assert rows[["turn", "field", "value"]].to_numpy().tolist() == [[2, "text", "Hi"]]


def test_subtitles_are_as_their_standards_say():
    """WebVTT escapes what it keeps for itself; SRT counts from 1 and hides no word in a tag."""
    assert '\n1\n00:00:02.500 --> 00:00:04.000\n<v agent>"Cake" &amp; &lt;hm&gt;; two' in VTT
    assert VTT.count("-->") == len(made().utterances)
    srt = format_transcript(made(), "srt")
    assert srt.startswith(
        "1\n00:00:00,500 --> 00:00:02,000\nagent: Marys case, Joan speaking.\n\n2"
    )
    assert "<" not in srt
    assert srt.endswith("\n\n3\n01:02:05,250 --> 01:02:06,000\ncaller: Bye.\n")


def test_turns_that_were_counted_anew_are_refused(tmp_path):
    """An editor that deletes a turn and numbers the others anew moves no words to other turns."""
    cues = format_transcript(made(), "srt").split("\n\n")
    path = tmp_path / "call.srt"
    path.write_text(f"{cues[0]}\n\n{cues[2].replace('3', '2', 1)}")
    with pytest.raises(TranscriptionError, match="Turn 1 begins at another time"):
        read_corrections(path, {CALL: made()}, "main", call_id=CALL)


def test_unknown_call_is_not_exported(shop, tmp_path):
    """A call that is not there is named."""
    with pytest.raises(CalltrackError, match="no transcript of this call: nosuch"):
        export_transcripts(shop, ["nosuch"], tmp_path, "vtt")


def test_a_correction_stays_with_its_words_when_turns_are_cut_otherwise(tmp_path):
    """Heard again by another model, a corrected turn is found by its time, not its number."""
    path = tmp_path / "call.csv"
    path.write_text(
        format_transcript(made(), "csv", call_id=CALL).replace("Marys case", "Mary's Cakes")
    )
    rows = read_corrections(path, {CALL: made()}, "main")
    first, *others = made().utterances
    early = replace(first, start_s=0.0, end_s=0.3, text="Hm.")
    later = replace(made(), utterances=(early, first, *others))
    fixed = corrected_transcripts({CALL: later}, rows)[CALL].utterances
    assert [said.text for said in fixed if "corrected" in said.flags] == [
        said.text
        for said in corrected_transcripts({CALL: made()}, rows)[CALL].utterances
        if "corrected" in said.flags
    ]
    table = utterances_table({CALL: later}, "main")
    assert unfitting_corrections(table, rows).empty
    applied = apply_corrections(table, rows)
    assert applied["text"].tolist() == [said.text for said in fixed]
    moved = table.assign(start_s=table["start_s"] + 9, end_s=table["end_s"] + 9)
    assert len(unfitting_corrections(moved, rows)) == len(rows) == 1
    assert apply_corrections(moved, rows)["text"].tolist() == table["text"].tolist()
