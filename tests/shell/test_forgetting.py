"""A caller who asks to be forgotten is gone from every byte of the workspace."""

from __future__ import annotations

import functools
import gzip
import html
import json
import re
import shutil
import sqlite3
import zipfile
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment

from calltrack_nb import init_workspace, schema
from calltrack_nb.errors import WorkspaceError
from calltrack_nb.exports.hashing import hashed
from calltrack_nb.transcription import Transcript, Utterance
from calltrack_nb.workspace import Workspace, importing, pipeline
from calltrack_nb.workspace.forgetting import finish, forget, plan, unfinished, would_forget
from calltrack_nb.workspace.forgetting.ownership import ReadAs, Sought
from calltrack_nb.workspace.forgetting.person import Person
from calltrack_nb.workspace.forgetting.raw_files import without_caller
from calltrack_nb.workspace.forgetting.spellings import Spellings
from tests.shell.conftest import HEADER
from tools.simulator.forgettable import changed, make_forgettable, traces

NUMBER = "+14045550199"
FORMS = ("(404) 555-0199", "404-555-0199", "4045550199", "+1 404 555 0199")
SECRET_WORDS = "My number is four oh four and I want a violin on the cake"


def write_raw(folder: Path) -> None:
    """Write exports of three kinds in which the caller and another one stand."""
    lines = [
        HEADER,
        'Answered Call,2026-08-01 10:00:00,90,(404) 555-0199,(212) 555-0111,"Google\nAds",mine.mp3',
        "Answered Call,2026-08-02 10:00:00,90,(404) 555-0142,(212) 555-0111,Google Ads,other.mp3",
    ]
    (folder / "calls.csv").write_text("\n".join(lines) + "\n")
    calls = [
        {
            "id": f"CAL{number}",
            "customer_phone_number": caller,
            "tracking_phone_number": "+12125550111",
            "business_phone_number": "+12125550100",
            "start_time": f"2026-08-{number:02}T10:00:00.000-04:00",
            "duration": 60,
            "direction": "inbound",
            "answered": True,
            "voicemail": False,
            "recording": None,
        }
        for number, caller in ((3, NUMBER), (4, "+14045550142"))
    ]
    (folder / "calls.json").write_text(json.dumps({"calls": calls}))
    book = Workbook()
    for row in (HEADER.split(","), *(line.split(",") for line in lines[2:])):
        book.active.append(row)
    book.active.append(
        ["Answered Call", "2026-08-05 10:00:00", "30", FORMS[1], "(212) 555-0111", "Flyer", ""]
    )
    book.save(folder / "calls.xlsx")


def every_byte(folder: Path) -> str:
    """Return the text of every file: Parquet as rows, compressed files unpacked."""
    texts = []
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or path.suffix == ".ipynb":
            continue
        if path.suffix == ".parquet":
            texts.append(pq.read_table(path).to_pandas().to_csv())
        elif path.suffix == ".xlsx":
            texts.append(pd.read_excel(path, dtype=str).to_csv())
        elif path.suffix == ".gz":
            texts.append(gzip.decompress(path.read_bytes()).decode())
        else:
            texts.append(path.read_text(errors="replace"))
    return "\n".join(texts)


@pytest.fixture
def shop(made_shop: Path, tmp_path: Path) -> Workspace:
    """A workspace with calls of two callers, what was said, and two reports."""
    return Workspace(shutil.copytree(made_shop, tmp_path / "shop"))


@pytest.fixture(scope="module")
def made_shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make it once; each test has a copy."""
    workspace = Workspace(init_workspace(tmp_path_factory.mktemp("made") / "shop").folder)
    write_raw(workspace.raw)
    importing.import_files(workspace, sorted(workspace.raw.iterdir()))
    calls = workspace.table("calls")
    mine = calls.loc[calls["caller_number"] == NUMBER, "call_id"].iloc[0]
    workspace.write_table(
        "utterances",
        pd.DataFrame(
            {
                "account": "main",
                "call_id": [mine],
                "turn": [0],
                "speaker": "caller",
                "start_s": 0.0,
                "end_s": 3.0,
                "text": SECRET_WORDS,
            }
        ),
    )
    (workspace.recordings / "mine.mp3").write_bytes(b"audio of the caller")
    workspace.write_table(
        "recordings",
        pd.DataFrame({"account": ["main"], "call_id": [mine], "path": ["mine.mp3"]}),
    )
    (workspace.reports / "quotes.html").write_text(f"<p>{SECRET_WORDS}</p>")
    (workspace.reports / "other.html").write_text("<p>Nothing about anybody</p>")
    return workspace.folder


def test_nothing_of_a_forgotten_caller_is_left(shop: Workspace) -> None:
    """Number in any form, words, audio and the report that quotes them go; the rest stays."""
    before = every_byte(shop.folder)
    assert all(form in before for form in (*FORMS[:2], NUMBER, SECRET_WORDS))
    forgotten = forget(shop, NUMBER)
    after = every_byte(shop.folder)
    assert not re.search(r"404\W*555\W*0199", after)
    assert SECRET_WORDS not in after
    assert not (shop.recordings / "mine.mp3").exists()
    assert forgotten.calls == 3
    assert forgotten.reports == ("quotes.html",)
    assert (shop.reports / "other.html").exists()
    assert set(shop.table("calls")["caller_number"]) == {"+14045550142"}


def test_other_callers_words_and_their_marks_stay_as_they_are(shop: Workspace) -> None:
    """What others say, with its lists of flags, is read through and not touched."""
    calls = shop.table("calls")
    other = calls.loc[calls["caller_number"] == "+14045550142", "call_id"].iloc[0]
    said = shop.table("utterances")
    theirs = said.assign(call_id=other, text="I would like a lemon cake", flags=[["glossary"]])
    shop.write_table("utterances", pd.concat([said, theirs, theirs.assign(turn=1, flags=[[]])]))
    forgotten = forget(shop, NUMBER)
    assert "utterances (mentions)" not in forgotten.rows
    left = shop.table("utterances")
    assert left["text"].tolist() == ["I would like a lemon cake"] * 2
    assert [list(flags) for flags in left["flags"]] == [["glossary"], []]


def test_files_named_after_the_caller_and_exports_go_too(shop: Workspace) -> None:
    """Audio that no row points at, upload files and exported transcripts are found by name."""
    calls = shop.table("calls")
    mine = calls.loc[calls["caller_number"] == NUMBER, "call_id"]
    known = next(name for name in mine if name.startswith("callrail:CAL"))
    (shop.recordings / f"{known.removeprefix('callrail:')}.mp3").write_bytes(b"audio")
    (shop.recordings / "14045550199.mp3").write_bytes(b"audio")
    (shop.recordings / "14045550142.mp3").write_bytes(b"audio of another")
    for folder in ("exports", "transcripts"):
        (shop.folder / folder).mkdir()
    (shop.folder / "exports" / "conversions.csv").write_text(f"Caller,Time\n{NUMBER},now\n")
    (shop.folder / "transcripts" / f"{known.replace(':', '-')}.vtt").write_text("WEBVTT\n\nHi")
    (shop.folder / "transcripts" / "callrail-CAL4.vtt").write_text("WEBVTT\n\nHi")
    forgotten = forget(shop, NUMBER)
    assert {path.name for path in shop.recordings.iterdir()} == {"14045550142.mp3"}
    assert {path.name for path in (shop.folder / "transcripts").iterdir()} == {"callrail-CAL4.vtt"}
    assert not list((shop.folder / "exports").iterdir())
    assert "conversions.csv" in forgotten.text


def test_upload_files_that_hold_the_caller_hashed_go_too(shop: Workspace) -> None:
    """A file with the hashed number and one with only the click go; another caller's stays."""
    leads = {
        "account": "main",
        "lead_id": "whatconverts:7",
        "provider": "whatconverts",
        "kind": "form",
        "created_at": pd.Timestamp("2026-08-03", tz="UTC"),
        "caller_number": NUMBER,
        "click_id": "msclkid:f894",
        "lead_status": "unknown",
    }
    shop.write_table("leads", schema.conform(pd.DataFrame([leads]), "leads"))
    exports = shop.folder / "exports"
    exports.mkdir()
    for name, identifier in (
        ("hashed.csv", hashed(NUMBER)),
        ("clicked.csv", "f894"),
        ("other.csv", hashed("+14045550142")),
    ):
        (exports / name).write_text(f"hashed_phone_number,order_id\n{identifier},9\n")
    forget(shop, NUMBER)
    assert [path.name for path in exports.iterdir()] == ["other.csv"]


@pytest.mark.parametrize("form", FORMS)
def test_any_form_of_the_number_is_understood(shop: Workspace, form: str) -> None:
    """The number may be given as people write it."""
    assert forget(shop, form).calls == 3


def test_what_others_say_of_the_number_is_masked(shop: Workspace) -> None:
    """Another caller who gives the number, in words or figures, keeps the call, not the number."""
    other = (
        shop.table("calls").loc[lambda calls: calls["caller_number"] != NUMBER, "call_id"].iloc[0]
    )
    said = shop.table("utterances")
    mention = said.iloc[[0]].assign(
        call_id=other,
        text="My sister has four oh four, um, triple five, oh one double nine or 404.555.0199!",
    )
    shop.write_table("utterances", pd.concat([said, mention], ignore_index=True))
    heard = Utterance("caller", 0.0, 4.0, mention["text"].iloc[0], 1.0)
    kept = Transcript((heard,), {}, "mono", 4.0, "fake", "fake")
    for key in ("a" * 40, "b" * 40):
        shop.transcripts.put(key, kept)
    links = pd.DataFrame({"account": ["main"], "call_id": [other], "path": ["other.mp3"]})
    known = pd.concat([shop.table("recordings"), links.assign(transcript_key="a" * 40)])
    shop.write_table("recordings", known)
    forget(shop, NUMBER)
    after = every_byte(shop.folder)
    assert "My sister has [PHONE] or [PHONE]!" in after
    assert not re.search(r"triple five|double nine|404\W*555\W*0199", after)
    assert shop.transcripts.get("a" * 40) is not None
    assert shop.transcripts.get("b" * 40) is None, "no call refers to it: it may be the caller's"


def test_a_report_is_known_by_the_callers_words_however_it_writes_them(shop: Workspace) -> None:
    """A quote with labels and escaped marks gives a report away; what all callers say does not."""
    said = shop.table("utterances")
    mine = said.iloc[[0]].assign(
        turn=[1],
        text="I don't want Ann's \"violin\" to be bigger than that. Thanks for all your help.",
        redacted_text="I don't want [NAME]'s \"violin\" to be bigger than that.",
    )
    other = (
        shop.table("calls").loc[lambda calls: calls["caller_number"] != NUMBER, "call_id"].iloc[0]
    )
    polite = said.iloc[[0]].assign(call_id=other, text="Thanks for all your help.")
    shop.write_table("utterances", pd.concat([said, mine, polite], ignore_index=True))
    quote = html.escape(mine["redacted_text"].iloc[0])
    (shop.reports / "escaped.html").write_text(f"<p>{quote}</p>")
    (shop.reports / "cell.ipynb").write_text(json.dumps({"text": mine["redacted_text"].iloc[0]}))
    (shop.reports / "polite.html").write_text("<p>Thanks for all your help.</p>")
    assert set(forget(shop, NUMBER).reports) == {"quotes.html", "escaped.html", "cell.ipynb"}
    assert (shop.reports / "polite.html").exists()


def test_importing_again_does_not_bring_a_caller_back(shop: Workspace, tmp_path: Path) -> None:
    """A later export, with more rows, imports the other caller only."""
    forget(shop, NUMBER)
    write_raw(tmp_path)
    later = "Answered Call,2026-08-09 10:00:00,90,(404) 555-0199,(212) 555-0111,Flyer,\n"
    (shop.raw / "later.csv").write_text((tmp_path / "calls.csv").read_text() + later)
    pipeline.import_logs(shop)
    assert set(shop.table("calls")["caller_number"]) == {"+14045550142"}


def test_what_is_no_number_is_refused(shop: Workspace) -> None:
    """Nothing is deleted for a text that is not a telephone number."""
    with pytest.raises(WorkspaceError, match="not a telephone number"):
        forget(shop, "the angry man")
    assert len(shop.table("calls")) >= 4


@pytest.mark.parametrize("kind", ["csv.gz", "parquet"])
def test_a_packed_export_loses_the_caller_and_keeps_the_rest(tmp_path, kind):
    """Raw files that are no plain text are searched too, and stay what they are."""
    rows = pd.DataFrame(
        {
            "Start time": ["2026-08-03 10:00", "2026-08-03 11:00"],
            "Caller": ["+14045550123", "+14045550124"],
            "Call seconds": ["95", "40"],
        },
        dtype="str",
    )
    path = tmp_path / f"log.{kind}"
    rows.to_parquet(path) if kind == "parquet" else rows.to_csv(path, index=False)
    shop = init_workspace(tmp_path / "shop")
    importing.import_files(shop, [path])
    assert len(shop.table("calls")) == 2
    forget(shop, "+14045550123")
    (left,) = shop.raw.iterdir()
    assert left.name == path.name
    read = pd.read_parquet if kind == "parquet" else functools.partial(pd.read_csv, dtype="str")
    pd.testing.assert_frame_equal(read(left), rows[1:].reset_index(drop=True))
    assert shop.table("calls")["caller_number"].tolist() == ["+14045550124"]


class Stopped(BaseException):
    """The process was killed here."""


def stop_after(monkeypatch: pytest.MonkeyPatch, changes: int) -> None:
    """Let so many files be renamed or deleted, and end the process at the next one."""
    left = changes
    replace, unlink = Path.replace, Path.unlink

    def count() -> None:
        nonlocal left
        if left == 0:
            raise Stopped
        left -= 1

    def counted_replace(self: Path, target: Path) -> Path:
        count()
        return replace(self, target)

    def counted_unlink(self: Path, *, missing_ok: bool = False) -> None:
        if self.exists() and not self.name.startswith("."):
            count()
        unlink(self, missing_ok=missing_ok)

    monkeypatch.setattr(Path, "replace", counted_replace)
    monkeypatch.setattr(Path, "unlink", counted_unlink)


def test_a_run_stopped_anywhere_is_finished_by_the_next(
    shop: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After each single change of a file the rest can still be found, and nothing is left."""
    # as what files are read is asked elsewhere; it takes most of the time of fifty runs
    monkeypatch.setattr(plan, "read_as", lambda path, settings: ReadAs())
    (shop.folder / "exports").mkdir()
    (shop.folder / "exports" / "conversions.csv").write_text(f"Caller\n{NUMBER}\n")
    changes = 0
    while True:
        copy = Workspace(shutil.copytree(shop.folder, tmp_path / f"stopped-{changes}"))
        with pytest.MonkeyPatch.context() as patch:
            stop_after(patch, changes)
            try:
                forget(copy, NUMBER)
                break
            except Stopped:
                pass
        again = changes % 2 == 0
        assert finish(copy) or changes == 0
        if again:
            forget(copy, NUMBER)
        if again or changes:
            after = every_byte(copy.folder)
            assert not re.search(r"404\W*555\W*0199", after), changes
            assert SECRET_WORDS not in after, changes
            assert not (copy.recordings / "mine.mp3").exists()
            assert not (copy.reports / "quotes.html").exists()
            assert unfinished(copy) == ()
            assert (copy.state / "forgotten").read_text().split(), changes
        changes += 1
    assert changes > 10


def test_a_dry_run_says_it_and_changes_nothing(shop: Workspace) -> None:
    """What would be removed is what is removed then."""
    before = every_byte(shop.folder)
    said = would_forget(shop, NUMBER)
    assert every_byte(shop.folder) == before
    assert said.text.startswith("Would remove 3 calls.")
    done = forget(shop, NUMBER)
    assert (said.calls, said.reports) == (done.calls, done.reports)
    assert said.rows == done.rows


def test_what_others_say_counts_in_a_dry_run_and_their_transcripts_stay(shop: Workspace) -> None:
    """Mentions and a dead model's transcript are told before; another call's file is left."""
    calls = shop.table("calls")
    other = calls.loc[calls["caller_number"] != NUMBER, "call_id"].iloc[0]
    said = shop.table("utterances")
    theirs = said.assign(call_id=other, text=f"ring my brother on {FORMS[0]}", redacted_text=None)
    shop.write_table("utterances", pd.concat([said, theirs], ignore_index=True))
    folder = shop.transcripts.folder
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "CAL4.txt").write_text(f"Caller: ring {FORMS[0]}, please.\n")
    shop.transcripts.put("a" * 40, Transcript((), {}, "mono", 4.0, "fake", "old"))
    before = would_forget(shop, NUMBER)
    assert before.rows["utterances (mentions)"] == 1
    assert before.rows["data/transcripts (mentions)"] == 1
    assert before.rows == forget(shop, NUMBER).rows
    assert (folder / "CAL4.txt").read_text() == "Caller: ring [PHONE], please.\n"
    assert not shop.transcripts.holds("a" * 40)


SPELLED = (
    "404\N{NON-BREAKING HYPHEN}555\N{EN DASH}0199",
    "(404)\N{NO-BREAK SPACE}555\N{NO-BREAK SPACE}0199",
    "+1\N{ZERO WIDTH SPACE}404555\N{ZERO WIDTH SPACE}0199",
    "\N{FULLWIDTH DIGIT FOUR}\N{FULLWIDTH DIGIT ZERO}45550199",
    "4045550199.0",
    "tel:+1-404-555-0199",
    "001 404 555 0199",
    "404·555·0199",
)


@pytest.mark.parametrize("spelled", SPELLED)
def test_rows_go_however_the_number_is_written(tmp_path: Path, spelled: str) -> None:
    """An import reads the row as the caller's, and so does forgetting; the next row stays."""
    path = tmp_path / "log.csv"
    path.write_text(f"When,Caller\n2026-08-01,{spelled}\n2026-08-02,4045550142\n")
    cleaned = without_caller(path, Sought(Person(Spellings(NUMBER, "US"))))
    assert cleaned.content == b"When,Caller\n2026-08-02,4045550142\n"


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ('{"calls": [\n {"from": 4045550199},\n {"from": 4045550142}\n]}', None),
        (
            '[{"from": "404\\u2011555\\u20110199"} , {"from": "\\ud83d x"}]',
            '[{"from": "\\ud83d x"}]',
        ),
        ('[{"a": {"from": "4045550199"}, "turns": [{"t": 1}]}]', "[]"),
        ('[{"phones": ["404-555-0199"], "name": "Ann"}, {"phones": []}]', '[{"phones": []}]'),
        ('{"from": "(404) 555-0199", "name": "Ann"}', ""),
        (
            '[{"id":1,"said":"' + "please " * 12 + 'ring 404 555 0199"},  {"id":2}]',
            '[{"id":1,"said":"' + "please " * 12 + 'ring [PHONE]"},  {"id":2}]',
        ),
    ],
)
def test_json_loses_the_caller_and_no_other_byte(
    tmp_path: Path, text: str, left: str | None
) -> None:
    """Numbers as integers and in escapes are found; the other rows stay, spaces and all."""
    path = tmp_path / "calls.json"
    path.write_text(text)
    cleaned = without_caller(path, Sought(Person(Spellings(NUMBER, "US"))))
    wanted = '{"calls": [\n {"from": 4045550142}\n]}' if left is None else left
    assert cleaned.content is not None
    assert cleaned.content.decode() == wanted


def test_signs_that_only_some_readers_break_lines_at_stay(tmp_path: Path) -> None:
    """A cell with U+2028, a form feed or a lone carriage return in quotes is not damaged."""
    other = '2026-08-02,4045550142,"two\u2028lines\x0cand\rmore"\r\n'
    path = tmp_path / "log.csv"
    path.write_bytes(f"When,Caller,Note\r\n2026-08-01,(404) 555-0199,x\r\n{other}".encode())
    cleaned = without_caller(path, Sought(Person(Spellings(NUMBER, "US"))))
    assert cleaned.content == f"When,Caller,Note\r\n{other}".encode()


def test_who_only_mentions_the_number_keeps_the_row(tmp_path: Path) -> None:
    """In a transcript of another caller the number is masked and the row stays."""
    words = (
        "Customer: my sister rang from 404-555-0199 last week and nobody ever rang her back, why?"
    )
    path = tmp_path / "log.csv"
    path.write_text(f'When,Caller,Transcript\n2026-08-02,4045550142,"{words}"\n')
    cleaned = without_caller(path, Sought(Person(Spellings(NUMBER, "US"))))
    assert (cleaned.rows, cleaned.mentions) == (0, 1)
    assert "4045550142" in str(cleaned.content)
    assert "rang from [PHONE] last week" in str(cleaned.content)


def test_the_users_own_files_are_named_and_their_outputs_cleared(shop: Workspace) -> None:
    """A notebook keeps its cells and loses the output; notes and what cannot be read are named."""
    cells = [
        {"cell_type": "code", "source": ["ws.calls()"], "outputs": [{"text": ["x\n", NUMBER]}]},
        {"cell_type": "code", "source": ["1 + 1"], "outputs": [{"text": "2"}]},
    ]
    (shop.folder / "mine.ipynb").write_text(json.dumps({"cells": cells}))
    (shop.folder / "notes.md").write_text(f"Ring {FORMS[0]} back")
    (shop.reports / "printed.pdf").write_bytes(b"%PDF-1.7")
    forgotten = forget(shop, NUMBER)
    left = json.loads((shop.folder / "mine.ipynb").read_text())["cells"]
    assert [cell["outputs"] for cell in left] == [[], [{"text": "2"}]]
    assert forgotten.notebooks == ("mine.ipynb",)
    assert forgotten.own == ("notes.md",)
    assert forgotten.unsearched == ("reports/printed.pdf",)
    assert "notes.md" in forgotten.text


@pytest.mark.parametrize("column", ["tracking_number", "destination_number"])
def test_the_business_own_number_is_refused_and_nothing_goes(shop: Workspace, column: str) -> None:
    """A number that all callers dial is no caller's: their rows would go with it."""
    own = "+12125550111"
    numbers = pd.DataFrame({"account": ["main"], column: [own]})
    shop.write_table("numbers", numbers.assign(tracking_number=own))
    before = every_byte(shop.folder)
    with pytest.raises(WorkspaceError, match="business's own"):
        forget(shop, own)
    shop.write_table("numbers", shop.table("numbers").iloc[:0])
    with pytest.raises(WorkspaceError, match="business's own"):
        would_forget(shop, own)
    assert all(line in every_byte(shop.folder) for line in before.splitlines() if "0142" in line)


@pytest.mark.parametrize("text", ["404 555 0199, 404 555 0142", "404-555-0199 / 404-555-0142"])
def test_two_numbers_at_once_are_refused(shop: Workspace, text: str) -> None:
    """Nobody is told that two callers are forgotten where only the first would be."""
    with pytest.raises(WorkspaceError, match="More stands there than one"):
        forget(shop, text)
    assert (shop.table("calls")["caller_number"] == NUMBER).any()


def test_a_change_of_the_business_that_names_the_caller_stays(shop: Workspace) -> None:
    """A row of tweaks is nobody's: the number in its words is masked, and the change is kept."""
    rows = f"date,campaign,changed\n2026-08-01,Flyer,Ann ({FORMS[1]}) asked for a larger flyer\n"
    (shop.raw / "tweaks.csv").write_text(rows)
    importing.import_files(shop, [shop.raw / "tweaks.csv"])
    forget(shop, NUMBER)
    assert (shop.raw / "tweaks.csv").read_text().endswith("[PHONE]) asked for a larger flyer\n")
    assert len(shop.table("tweaks")) == 1


@pytest.mark.parametrize("name", ["Beatrix Quillfeather", "Xochitl Okonkwo-Brandt"])
def test_a_rare_full_name_in_anothers_words_is_masked(shop: Workspace, name: str) -> None:
    """The rarer a name, the more it tells; a town in its place is left in others' words."""
    calls = shop.table("calls")
    theirs = calls["caller_number"] == NUMBER
    calls.loc[theirs, "caller_name"] = [name, "Salt Lake City", "Kalamazoo Michigan"]
    calls.loc[~theirs, "keyword"] = f"near {name}, Salt Lake City, Kalamazoo Michigan"
    shop.write_table("calls", calls)
    forget(shop, NUMBER)
    assert set(shop.table("calls")["keyword"]) == {
        "near [NAME], Salt Lake City, Kalamazoo Michigan"
    }


def test_a_file_of_any_kind_that_holds_the_caller_is_found(shop: Workspace) -> None:
    """A database and an unknown text are read; what packs its texts is named, a book is not."""
    with sqlite3.connect(shop.folder / "mine.sqlite") as database:
        database.execute("create table calls (number text)")
        database.execute("insert into calls values (?)", (NUMBER,))
    (shop.recordings / "mine.mp3.xmp").write_text("<x>Ann</x>")
    (shop.recordings / "other.rst").write_text(f"Ring {FORMS[0]}")
    (shop.folder / "old.7z").write_bytes(b"7z")
    book = shop.folder / "data" / "themes" / "book.json"
    book.parent.mkdir(parents=True, exist_ok=True)
    book.write_text(json.dumps({"of": shop.table("calls")["call_id"].tolist()}))
    forgotten = forget(shop, NUMBER)
    assert set(forgotten.own) == {"mine.sqlite", "data/recordings/other.rst"}
    assert forgotten.unsearched == ("old.7z",)
    assert not (shop.recordings / "mine.mp3.xmp").exists()


def test_another_callers_row_with_the_number_in_a_second_column_stays(tmp_path: Path) -> None:
    """Of a row whose caller is another the cell goes, and the row stays, in CSV and Parquet."""
    others = [f"+1404555{n:04}" for n in range(100, 110)]
    rows = [("2026-08-01", other, "", f"Ann {n}") for n, other in enumerate(others)]
    rows[3] = (*rows[3][:2], FORMS[1], "Ann 3")
    rows.append(("2026-08-02", NUMBER, others[0], "Mine"))
    frame = pd.DataFrame(rows, columns=["When", "Phone", "Alternate phone", "Name"])
    frame.to_csv(tmp_path / "log.csv", index=False)
    frame.to_parquet(tmp_path / "log.parquet")
    sought = Sought(Person(Spellings(NUMBER, "US")), frozenset(others))
    for name in ("log.csv", "log.parquet"):
        cleaned = without_caller(tmp_path / name, sought)
        assert (cleaned.rows, cleaned.mentions) == (1, 1), name
        (tmp_path / name).write_bytes(cleaned.content)
    texts = ((tmp_path / "log.csv").read_text(), pd.read_parquet(tmp_path / "log.parquet").to_csv())
    for text in texts:
        assert "Ann 3" in text
        assert others[3] in text
        assert "0199" not in text
        assert "Mine" not in text


def test_what_a_killed_import_left_goes_too(shop: Workspace) -> None:
    """Rows that were read and never came in are not kept in the workspace's state."""
    half = shop.state / "import-x1y2z3"
    half.mkdir()
    (half / "rows.csv").write_text(NUMBER)
    (shop.raw / ".calls.csv.0a1b2c3d").write_text(NUMBER)
    with shop.lock():
        forget(shop, NUMBER)
    assert not re.search(r"404\W*555\W*0199", every_byte(shop.folder))


SAID = "four oh four, five five five, oh one double nine"
LEFT_OUT = [
    # a note that names another caller beside the row's own
    ("log.csv", "When,Caller,Note\n{mine}\n8-02,404-555-0142,ring my mum on 404-555-0199\n"),
    # a comma before the quotation mark that closes a line's last text
    (
        "log.jsonl",
        '{{"from":"4045550142","note":"cake,"}}\n{{"from":"{number}"}}\n{{"from":"2"}}\n',
    ),
    # several of the first lines, and lines that are empty
    ("log.jsonl", '\n{{"from":"{number}"}}\n\n{{"from":"{number}"}}\n{{"from":"2"}}\n'),
    # a title of other marks than the table's
    ("log.csv", "Calls, all, of, May\nCaller;Name;Note\n{number};Zeb;{words}\n4045550142;Ann;x\n"),
    # a quotation mark that never closes
    ("log.csv", 'Caller,Name\n404-555-0142,"Ann\n{number},Zeb\n404-555-0143,Bea\n'),
    # figures in words, among those of others
    ("log.csv", "When,Caller,Transcript\n8-02,404-555-0142,my mum is at {said}\n"),
    ("log.json", '[{{"from": "4045550142", "transcript": "my mum is at {said}"}}]'),
    # an object by number, rows without names
    ("log.json", '{{"{number}": {{"name": "Zeb"}}, "+14045550142": {{"name": "Ann"}}}}'),
    ("log.json", '{{"columns": ["from", "name"], "rows": [["{number}", "Zeb"], ["404", "Ann"]]}}'),
]


@pytest.mark.parametrize(
    ("file", "left"),
    list(
        zip(
            LEFT_OUT,
            (
                "When,Caller,Note\n8-02,404-555-0142,ring my mum on [PHONE]\n",
                '{"from":"4045550142","note":"cake,"}\n{"from":"2"}\n',
                '\n{"from":"2"}\n',
                "Calls, all, of, May\nCaller;Name;Note\n4045550142;Ann;x\n",
                'Caller,Name\n404-555-0142,"Ann\n404-555-0143,Bea\n',
                "When,Caller,Transcript\n8-02,404-555-0142,my mum is at [PHONE]\n",
                '[{"from": "4045550142", "transcript": "my mum is at [PHONE]"}]',
                '{"+14045550142": {"name": "Ann"}}',
                '{"columns": ["from", "name"], "rows": [["404", "Ann"]]}',
            ),
            strict=True,
        )
    ),
)
def test_the_callers_rows_go_whole_and_others_stay(
    tmp_path: Path, file: tuple[str, str], left: str
) -> None:
    """However a file is built, nothing of the caller's row is left, and no other row goes."""
    name, text = file
    path = tmp_path / name
    path.write_text(
        text.format(
            mine="8-01,404-555-0199,x", number="404-555-0199", words="cake " * 20, said=SAID
        )
    )
    sought = Sought(Person(Spellings(NUMBER, "US")), frozenset({"+14045550142"}))
    cleaned = without_caller(path, sought)
    assert cleaned.content is not None
    assert cleaned.content.decode() == left


@pytest.mark.parametrize(
    ("number", "country", "same", "another"),
    [
        ("+4915123456789", "DE", "0049 (0)151/23456789", "0171 23456789"),
        ("+4930901820123", "DE", "030 / 901820123", "040 901820123"),
        ("+442079460123", "GB", "0207 946 0123", "0117 946 0123"),
        ("+442079460123", "US", "+44 (0)20 7946 0123", "207-946-0123"),
        ("+14045550199", "US", "1 (404) 555-0199", "+52 404 555 0199"),
        ("+14045550199", "US", "404.555.0199", "-84.4045550199"),
        ("+14045550199", "US", "404 5550199", "40455501.99"),
        ("+33199001234", "FR", "01.99.00.12.34", "02.99.00.12.34"),
        ("+61255501234", "AU", "0011 61 2 5550 1234", "(03) 5550 1234"),
    ],
)
def test_the_same_last_figures_elsewhere_are_another_number(
    number: str, country: str, same: str, another: str
) -> None:
    """Area and country belong to a number; a coordinate and an amount are none."""
    spelled = Spellings(number, country)
    assert spelled.stands_in(f"ring {same} now")
    assert not spelled.stands_in(f"ring {another} now")
    assert spelled.masked(f"ring {another} now") == f"ring {another} now"


def test_a_recording_of_another_call_is_not_taken_for_its_name(shop: Workspace) -> None:
    """A time and an id whose figures together hold the number do not name the caller."""
    for name in ("2026-08-24 04 55 50 199.mp3", "2026080114045550199.mp3"):
        (shop.recordings / name).write_bytes(b"audio")
    forget(shop, NUMBER)
    assert [path.name for path in shop.recordings.iterdir()] == ["2026-08-24 04 55 50 199.mp3"]


@pytest.mark.parametrize("text", [*SPELLED, SAID, SAID.upper(), "ring four_oh four", "at one", ""])
def test_a_column_is_looked_through_as_its_texts_are(text: str) -> None:
    """What is told of all texts at once misses none that one by one may hold the number."""
    number = Spellings(NUMBER, "US")
    texts = pd.Series([text, f"x {text}, y", "the phone, someone, 404 555 0142"], dtype="str")
    assert number.may_stand_in_each(texts).tolist() == [*map(number.may_stand_in, texts)]


def test_a_workbook_and_json_lose_the_caller_in_every_place(tmp_path: Path) -> None:
    """Another's row keeps all but the second number; comments and headers are masked too."""
    others = [f"+1404555{n:04}" for n in range(100, 106)]
    rows = [[other, NUMBER if n == 2 else "", f"Ann {n}"] for n, other in enumerate(others)]
    rows.append([FORMS[0], others[0], "Mine"])
    book = Workbook()
    for row in (["Phone", "Alternate", "Name"], *rows):
        book.active.append(row)
    book.active["C3"].comment = Comment(f"ring {FORMS[1]}", "the owner")
    book.active.oddHeader.center.text = "Calls of zeb@example.com"
    book.save(tmp_path / "log.xlsx")
    calls = [{"who": {"phone": a, "more": {"alternate": b}}, "name": c} for a, b, c in rows]
    (tmp_path / "log.json").write_text(json.dumps({"calls": calls}))
    person = Person(Spellings(NUMBER, "US"), ("zeb@example.com",))
    for name in ("log.xlsx", "log.json"):
        cleaned = without_caller(tmp_path / name, Sought(person, frozenset(others)))
        assert cleaned.rows == 1, name
        (tmp_path / name).write_bytes(cleaned.content)
    left = list(load_workbook(tmp_path / "log.xlsx").active.iter_rows(values_only=True))
    assert left[3] == (others[2], "[PHONE]", "Ann 2")
    kept = json.loads((tmp_path / "log.json").read_text())["calls"]
    assert kept[2] == {
        "who": {"phone": others[2], "more": {"alternate": "[PHONE]"}},
        "name": "Ann 2",
    }
    with zipfile.ZipFile(tmp_path / "log.xlsx") as parts:
        inside = "".join(parts.read(name).decode() for name in parts.namelist())
    assert "ring [PHONE]" in inside
    assert "0199" not in inside
    assert "zeb@" not in inside
    assert "Mine" not in inside


def test_rows_that_name_the_caller_by_an_address_or_a_click_only_go_too(tmp_path: Path) -> None:
    """A form ties both to the number; orders with one of them go, notes of others are masked."""
    shop = init_workspace(tmp_path / "shop")
    form = "Lead ID,Lead Type,Date Created,Contact Name,Phone Number,Email Address,gclid\n"
    mine = (
        "1,Web Form,2026-08-01 11:00:00,Zelda Quimby,404-555-0199,zelda@example.com,Cj0KCQzelda\n"
    )
    other = "2,Web Form,2026-08-02 11:00:00,Ann Lee,404-555-0142,ann@example.com,Cj0KCQann00\n"
    (shop.raw / "leads.csv").write_text(form + mine + other)
    order = "outcome_id,closed_at,stage,value,currency,email,click_id\n"
    won = "2026-08-03 12:00:00,won,90,USD"
    theirs = f"7,{won},zelda@example.com,\n8,{won},,gclid:Cj0KCQzelda\n"
    (shop.raw / "outcomes.csv").write_text(f"{order}{theirs}9,{won},ann@example.com,\n")
    (shop.recordings / "note.txt").write_text("Caller: write to zelda@example.com\n")
    importing.import_files(shop, pipeline.exports_in(shop))
    assert len(shop.table("outcomes")) == 3
    forget(shop, NUMBER)
    assert shop.table("outcomes")["email"].tolist() == ["ann@example.com"]
    assert (shop.raw / "outcomes.csv").read_text() == f"{order}9,{won},ann@example.com,\n"
    assert (shop.raw / "leads.csv").read_text() == form + other
    assert (shop.recordings / "note.txt").read_text() == "Caller: write to [EMAIL]\n"
    assert "zelda" not in every_byte(shop.folder).casefold()
    more = theirs.replace("zelda@", "Zelda@") + f"10,{won},bob@example.com,\n"
    (shop.raw / "later.csv").write_text(order + more)
    report = importing.import_files(shop, pipeline.exports_in(shop))
    assert report.forgotten == 2, "a later export does not bring back what has no number"
    assert set(shop.table("outcomes")["email"]) == {"ann@example.com", "bob@example.com"}


def test_another_callers_row_may_lose_a_number_that_a_table_needs(shop: Workspace) -> None:
    """Where a table takes numbers only, the caller's goes without a mark, and nothing breaks."""
    calls = shop.table("calls")
    calls.loc[calls["caller_number"] != NUMBER, "destination_number"] = NUMBER
    shop.write_table("calls", calls)
    forget(shop, NUMBER)
    assert shop.table("calls")["destination_number"].isna().all()


@pytest.mark.parametrize("seed", [2])
def test_of_a_random_workspace_nothing_is_left_and_nothing_else_changed(
    tmp_path: Path, seed: int
) -> None:
    """Ten spellings, names and addresses in every kind of file: no trace, no other byte touched."""
    made = make_forgettable(tmp_path / "shop", seed)
    importing.import_files(made.workspace, pipeline.exports_in(made.workspace))
    assert traces(made)
    forget(made.workspace, made.caller.number)
    assert traces(made) == []
    assert changed(made) == []
