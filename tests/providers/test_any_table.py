"""Any table whatever is read, asked about or refused, and never a traceback."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from calltrack_nb.errors import CalltrackError
from calltrack_nb.providers import open_source
from calltrack_nb.settings import Settings

NAMES = """Start Date Time From To Caller Phone Duration Mins Status Type Direction Answered
Recording Datum Dauer x Σ Caller"""
TEXTS = """|-|N/A|2026-08-03 10:00|03.08.2026|10:05|8/3/26 1:05 PM|1785591000|(404) 555-0123
|+493023125123|anonymous|101|95|95,5|0:02:05|1m|answered|no answer|inbound|Outgoing|yes|no|call
|SMS|€ 12,50|1.4E+10|=1+1|\ud7ff|outbound-dial|Reception (100)"""
HEADERS = st.sampled_from(["", *NAMES.split()])
CELLS = st.one_of(st.sampled_from(TEXTS.split("|")), st.text(max_size=12))


@st.composite
def tables(draw) -> str:
    """Write a table with any header and any cells, of one width or not."""
    header = draw(st.lists(HEADERS, min_size=1, max_size=7))
    rows = draw(
        st.lists(
            st.lists(CELLS, min_size=len(header), max_size=len(header) + draw(st.integers(0, 1))),
            max_size=12,
        )
    )
    text = io.StringIO()
    csv.writer(text, delimiter=draw(st.sampled_from(",;\t"))).writerows([header, *rows])
    return text.getvalue()


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(tables(), st.sampled_from(["US", "DE", "JP"]))
def test_any_table_is_read_asked_about_or_refused(text, country):
    """Whatever stands in a file, the outcome is tables or an error that a user can mend."""
    business = Settings().business.model_copy(update={"country": country})
    chosen = Settings(business=business)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.csv"
        path.write_text(text, encoding="utf-8")
        try:
            batches = list(open_source(path, chosen).batches())
        except CalltrackError as error:
            said = str(error)
        else:
            said = ""
    if said:
        return
    for batch in batches:
        kept = batch.rows_read - batch.rows_lost - batch.rows_repeated
        assert sum(len(table) for table in batch.tables.values()) >= kept
