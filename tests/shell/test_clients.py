"""An agency's clients in one workspace: each told apart, and nothing of one in another's."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import calltrack_nb
from calltrack_nb import Workbench, init_workspace, schema
from calltrack_nb.errors import AccountError, SettingsError
from calltrack_nb.settings import Listening
from calltrack_nb.workspace import pipeline
from calltrack_nb.workspace.store import account_folder
from tests.shell.conftest import Ran

pytestmark = pytest.mark.filterwarnings("default")  # jupyter's own, in the parent process

#: Of each client: its name, and words that stand in its rows and in no other's.
CLIENTS = {
    "Riverside Dental": ("Implants search", "wisdom teeth removal", "Molarworth"),
    "O'Neil & Sons <Roofing>": ("Gutter flyer", "leaking skylight repair", "Shinglebury"),
    "riverside dental": ("Braces postcard", "invisible aligner fitting", "Gumdale"),
}
HEADER = (
    "Call Status,Start Time,Duration (seconds),Phone Number,Name,City,State,Tracking Number,"
    "Source,Campaign,Company Name,Recording Url"
)


def quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def write_agency(workspace: Workbench) -> None:
    """Write one export of three clients: forty calls each, over two months, two recorded."""
    rng = np.random.default_rng(3)
    rows = []
    for place, (client, (campaign, _, town)) in enumerate(CLIENTS.items()):
        for number in range(40):
            day = pd.Timestamp("2026-07-01") + pd.Timedelta(days=int(rng.integers(0, 62)))
            name = f"rec-{place}-{number}.wav" if number < 2 else ""
            caller = f"(404) 55{place}-{1000 + number}"
            line = f"(212) 55{place}-0111"
            rows.append(
                f"Answered Call,{day:%Y-%m-%d} 10:{number % 60:02}:00,75,{caller},,{town},GA,"
                f"{line},Google Ads,{campaign},{quoted(client)},{name}"
            )
    (workspace.raw / "agency.csv").write_text("\n".join((HEADER, *rows)) + "\n")


def say_words(workspace: Workbench) -> None:
    """Give two calls of each client words of its own."""
    calls = workspace.table("calls")
    said = []
    for client, (_, words, _) in CLIENTS.items():
        mine = calls[calls["account"] == client].sort_values("call_id").head(2)
        said += [
            {
                "account": client,
                "call_id": call_id,
                "turn": turn,
                "speaker": ("agent", "caller")[turn],
                "start_s": 2.0 * turn,
                "end_s": 2.0 * turn + 1.5,
                "text": text,
                "redacted_text": text,
            }
            for call_id in mine["call_id"]
            for turn, text in enumerate(("How can I help?", f"I would like {words}, please"))
        ]
    workspace.write_table("utterances", schema.conform(pd.DataFrame(said), "utterances"))


@pytest.fixture
def agency(tmp_path: Path) -> Workbench:
    """A workspace of three clients in one export."""
    workspace = init_workspace(tmp_path / "agency")
    settings = workspace.folder / "calltrack.toml"
    settings.write_text(
        '[business]\nname = "The Agency"\naccount = "agency"\n'
        '[accounts."Riverside Dental".business]\nname = "Riverside"\ntimezone = "America/Denver"\n'
        '[accounts."Riverside Dental".goals]\nqualified_calls = 77\n'
    )
    workspace = calltrack_nb.open(workspace.folder)
    write_agency(workspace)
    workspace.import_files()
    say_words(workspace)
    return workspace


def test_a_view_holds_the_rows_and_settings_of_one_client(agency: Workbench) -> None:
    """Tables, SQL, counts and settings of a view are that client's and no other's."""
    assert agency.accounts() == tuple(sorted(CLIENTS))
    assert len(agency.table("calls")) == 120
    for client, (campaign, words, _) in CLIENTS.items():
        mine = agency.of_account(client)
        assert isinstance(mine, Workbench)
        assert set(mine.table("calls")["campaign"]) == {campaign}
        assert mine.rows("calls") == len(mine.calls()) == len(mine.counted()) == 40
        assert mine.sql("select distinct campaign from calls")["campaign"].tolist() == [campaign]
        assert mine.sql("select count(*) as n from counted")["n"].tolist() == [40]
        assert mine.table("utterances")["text"].str.contains(words).sum() == 2
        assert mine.scorecard().total["calls"] == 40
        assert mine.rows("imports") == 0  # of no client in particular
    dental = agency.of_account("Riverside Dental").settings
    assert (dental.business.name, dental.goals.qualified_calls) == ("Riverside", 77)
    assert dental.business.timezone == "America/Denver"
    assert agency.of_account("riverside dental").settings.business.name == "riverside dental"
    assert agency.of_account("riverside dental").settings.goals.qualified_calls is None


def test_a_clients_times_are_read_on_its_own_clock(agency: Workbench) -> None:
    """Noon of a client in Denver is noon there, and how it was read is said."""
    (agency.raw / "more.csv").write_text(
        f"{HEADER}\n"
        "Answered Call,2026-07-03 12:00:00,75,(404) 555-0199,,,GA,(212) 555-0111,Google Ads,Ads,"
        "Riverside Dental,\n"
        "Answered Call,2026-07-03 12:00:00,75,(404) 555-0198,,,GA,(212) 555-0111,Google Ads,Ads,"
        "Corner Bakery,\n"
    )
    report = agency.import_files()
    calls = agency.table("calls").set_index("caller_number")["started_at"]
    assert calls["+14045550199"] - calls["+14045550198"] == pd.Timedelta(hours=2)
    assert "Riverside Dental America/Denver" in "\n".join(report.lines)


def test_several_clients_are_asked_about_never_mixed(agency: Workbench) -> None:
    """A figure over several clients is refused until one is named, or all of them."""
    with pytest.raises(AccountError, match=r"holds 3 clients.*Name the account"):
        agency.scorecard()
    with pytest.raises(AccountError, match="holds 3 clients"):
        agency.report("campaign_effectiveness", update=False)
    with pytest.raises(AccountError, match="Did you mean Riverside Dental"):
        agency.of_account("Riverside Dentl")
    assert agency.of_account("all").scorecard().total["calls"] == 120
    with pytest.raises(AccountError, match="is read-only"):
        agency.of_account("Riverside Dental").import_files()
    with pytest.raises(SettingsError, match="Did you mean qualified_calls"):
        calltrack_nb.settings.parse_settings("[accounts.A.goals]\nqualified_cals = 3")


def test_names_that_hardly_differ_are_told_and_all_is_no_clients_name(tmp_path: Path) -> None:
    """Clients alike but for case are kept apart and said; one called "all" is not mistaken."""
    workspace = init_workspace(tmp_path / "alike")
    rows = [
        f"Answered Call,2026-07-{day:02} 10:00:00,75,(404) 555-01{day:02},,,GA,(212) 555-0111,"
        f"Google Ads,Ads,{client},"
        for day, client in enumerate(("Dental", "DENTAL", "all"), start=1)
    ]
    (workspace.raw / "three.csv").write_text("\n".join((HEADER, *rows)) + "\n")
    report = workspace.import_files()
    assert "differ in case, accents or signs only" in "\n".join(report.lines)
    with pytest.raises(AccountError, match="also means all of them"):
        workspace.of_account("all")
    assert len(workspace.of_account("DENTAL").calls()) == 1


def test_doctor_names_clients_and_what_names_none(agency: Workbench) -> None:
    """The clients are told, settings for one that is not there, and cost that names none."""
    settings = agency.folder / "calltrack.toml"
    settings.write_text(settings.read_text() + "[accounts.Nobody.goals]\nqualified_calls = 3\n")
    (agency.raw / "spend.csv").write_text(
        "date,days,campaign,cost,account\n2026-07-01,31,Ads,100,\n2026-07-01,31,Ads,50,Stranger\n"
    )
    again = calltrack_nb.open(agency.folder)
    again.import_files()
    told = again.doctor().text
    assert "holds 3 clients" in told
    assert "of spend under agency, because no client is named" in told
    assert "settings of Nobody, but no call names this client" in told
    assert "rows of spend of Stranger, but no call names this client" in told


def test_doctor_names_orders_of_a_client_that_no_call_names(agency: Workbench) -> None:
    """An order whose client is spelled otherwise than in the calls is told, not lost."""
    (agency.raw / "outcomes.csv").write_text(
        "outcome_id,call_id,closed_at,value,stage,account\n"
        "o1,c1,2026-07-20 10:00,70,won,Riverside Dentl\n"
    )
    agency.import_files()
    assert "orders of Riverside Dentl, but no call names this client" in agency.doctor().text


def test_folders_of_clients_never_meet() -> None:
    """Names that differ only in case or signs have folders of their own, without odd signs."""
    folders = [account_folder(name) for name in (*CLIENTS, "..", "a/b", "a b", "日本")]
    assert len({folder.lower() for folder in folders}) == len(folders)
    assert all(folder.replace("-", "").isalnum() and folder.isascii() for folder in folders)


@pytest.mark.slow
def test_reports_of_each_client_hold_nothing_of_another(agency: Workbench) -> None:
    """Three clients give reports of each and one over all; planted words stay at home."""
    made = agency.report_each(*("campaign_effectiveness", "listen_and_learn"), update=False)
    assert not made.problems, made.text
    for client, planted in CLIENTS.items():
        folder = agency.reports / account_folder(client)
        pages = {page.name: page.read_text() for page in folder.glob("*.html")}
        assert len(pages) == 3  # two reports and their index
        whole = "\n".join(pages.values())
        assert all(word in whole for word in planted)
        others = [word for name, words in CLIENTS.items() if name != client for word in words]
        assert not [word for word in others if word in whole]
    (overview,) = agency.reports.glob("clients*.html")
    told = overview.read_text()
    assert all(name in told for name in ("Riverside Dental", "riverside dental", "&lt;Roofing&gt;"))
    index = made.index.read_text()
    assert all(f"{account_folder(client)}/index.html" in index for client in CLIENTS)


def test_the_command_line_asks_for_the_client(
    agency: Workbench, calltrack: Callable[..., Ran]
) -> None:
    """Commands that answer refuse to mix clients, name them, and take one by --account."""
    refused = calltrack("report", "number_audit", "-w", agency.folder)
    assert refused.status == 1
    assert "holds 3 clients" in refused.err
    assert calltrack("themes", "-w", agency.folder).status == 1
    audited = calltrack("audit", "--account", "riverside dental", "-w", agency.folder)
    assert "Implants" not in audited.out
    both = calltrack("report", "--all", "--account", "x", "--each", "account", "-w", agency.folder)
    assert both.status == 2


def test_themes_are_found_among_a_clients_own_calls(agency: Workbench) -> None:
    """Themes of a client come from its own calls alone, under ids that no other client has."""
    calls = agency.table("calls")
    wishes = {
        "Riverside Dental": ("a crown for a broken tooth", "the price of dental cleaning"),
        "riverside dental": ("braces for my daughter", "a retainer after the braces"),
    }
    said = [
        {
            "account": client,
            "call_id": call_id,
            "turn": 0,
            "speaker": "caller",
            "start_s": 0.0,
            "end_s": 2.0,
            "text": (text := f"I am calling about {wish[place % 2]} please"),
            "redacted_text": text,
        }
        for client, wish in wishes.items()
        for place, call_id in enumerate(calls.loc[calls["account"] == client, "call_id"])
    ]
    themes = pipeline.themes_of_accounts(
        agency, schema.conform(pd.DataFrame(said), "utterances"), Listening(embedder="tfidf")
    )
    assert set(themes) == set(wishes)
    ids = [set(found.table["theme_id"]) for found in themes.values()]
    assert all(ids)
    assert not ids[0] & ids[1]
    words = {name: " ".join(found.table["label"]).lower() for name, found in themes.items()}
    assert "retainer" not in words["Riverside Dental"]
    assert "retainer" in words["riverside dental"]
    for name, found in themes.items():
        assert set(found.call_themes["account"]) == {name}
