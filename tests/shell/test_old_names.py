"""What a notebook of version 0.2 imports is still there, and says what it is called now."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module

import pytest

from calltrack_nb import _moved, schema
from calltrack_nb.effectiveness import weekly_trend
from calltrack_nb.periods import Period
from tests.effectiveness.frames import calls, settings

#: By module of version 0.2: its public names that are elsewhere or otherwise called now.
OLD = {
    "listening": """
        Alike BookTheme Crossing Embedder Example Likeness MiniLM Pattern PrivateSpan
        Redacted Summary TfidfSvd ThemeBook ThemeModel ThemeNames Themes calls_to_read
        coverage find_findings find_in_text finding_quotes finding_summary
        findings_by_campaign forget_cached heard_calls likeness_to listening_queue
        monthly_themes open_embedder private_times read_examples read_patterns
        read_theme_names redact redact_call redact_text search sentences_to_compare
        tag_themes talk_measures talk_summary theme_months theme_odds theme_quotes
        theme_states theme_summary themes_by_campaign warm_cache
    """,
    "evidence": """
        Bounds Check Corrected CountFit PairedEffect Shrunken clustering
        corrected cost_per explained fit_counts lasting_dispersion
        paired_effect pearson_dispersion poisson_interval product ratio share_dispersion
        shrunken_counts shrunken_rates total_interval wilson
    """,
    "recordings": """
        FRAME_S SAMPLE_RATE Audio Layout Span SpeechOptions Voices clip decode find_speech
        leaked match probe spans_of speech_probability stems_of tell_apart
    """,
    "intake": """
        FileImport ImportReport add_mappings import_files preview
    """,
    "auditing": """
        BASELINE accept_findings audit_input audit_workspace
    """,
    "beginning": """
        init_workspace
    """,
    "correcting": """
        correct_transcripts export_transcripts transcripts_of
    """,
    "doctor": """
        Diagnosis diagnose
    """,
    "forgetting": """
        Forgotten forget
    """,
    "intake_sync": """
        FIRST_DAYS OVERLAP_DAYS SECRETS SERVICE Span SyncReport fetch_recordings open_client
        recording_name sync
    """,
    "naming": """
        THEME_NAMES merge_themes rename_theme
    """,
    "pipeline": """
        FINDINGS LOCK_WAIT_S Step Update bring_up_to_date exports_in import_logs
        listen_to_calls transcribe_calls
    """,
    "searching": """
        search
    """,
    "tables": """
        CHANNELS DATE DIRECTIONS INVENTED LEAD_STATUSES MONEY OF_CALLS PURPOSES SPEAKERS
        STATUSES TABLES TEXT TEXTS UTC arrow_schema columns conform empty failures
        from_arrow private_columns to_arrow validate
    """,
    "hours": """
        DAYS open_at
    """,
    "writing": """
        replacing
    """,
    "effectiveness": """
        LeftOnTheTable left_on_the_table next_money
    """,
    "providers": """
        join_sightings unite_sightings
    """,
}


@pytest.mark.parametrize("module", OLD)
def test_every_public_name_is_found_and_its_new_place_is_said(module):
    """Each old name gives what has the new one, and one line names that."""
    old = import_module(f"calltrack_nb.{module}")
    for name in OLD[module].split():
        with pytest.warns(DeprecationWarning, match=" is now ") as said:
            found = getattr(old, name)
        (line,) = said
        before, _, now = str(line.message).partition(" is now ")
        assert before == f"calltrack_nb.{module}.{name}"
        home, _, new = now.rpartition(".")
        assert getattr(import_module(home), new) is found
        assert line.filename == __file__


def test_every_module_that_moved_is_tried():
    """The names above are of all the modules that are known to have moved."""
    assert {name.removeprefix("calltrack_nb.") for name in _moved.MODULES} <= set(OLD)


def test_a_notebook_sees_the_line():
    """Python and Jupyter show it, without being asked, to whoever runs the import."""
    code = "from calltrack_nb.listening import listening_queue"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    (line,) = [text for text in done.stderr.splitlines() if "Warning" in text]
    assert line.endswith(
        "calltrack_nb.listening.listening_queue is now calltrack_nb.findings.review_queue"
    )


def test_what_never_was_is_refused_as_ever():
    """A name that no version had is no business of the old names."""
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        import_module("calltrack_nb.listening").nonsense  # noqa: B018
    with pytest.raises(ModuleNotFoundError):
        import_module("calltrack_nb.nonsense")


def test_an_old_keyword_is_taken():
    """The charts of an old notebook hand over ``regimes``."""
    wanted = (calls(), settings(), Period.parse("2026-08"))
    with pytest.warns(DeprecationWarning, match="definition_changes"):
        weekly_trend(*wanted, regimes=schema.empty("regimes"))


def test_a_table_of_another_name_is_read(workspace):
    """Every provider's rows were the table sightings; on disk they still are."""
    rows = schema.empty("provider_calls")
    with pytest.warns(DeprecationWarning, match="The table sightings is now provider_calls"):
        assert workspace.table("sightings").equals(rows)
    assert workspace.sql("select count(*) as n from sightings")["n"].tolist() == [0]
