"""JSON: its wrappings, and values that break other readers."""

from __future__ import annotations

import json

import pytest

from calltrack_nb.errors import SourceError
from tests.providers.opened import opened

CALL = {"id": "CAL1", "start_time": "2026-08-03T10:05:00Z", "duration": 95, "name": "Ann"}
OTHER = {**CALL, "id": "CAL2"}
LEGS = [{"id": "L1", "start_time": "x", "duration": 1, "name": "y", "source": "z", "value": 3}]


@pytest.mark.parametrize(
    "found",
    [
        [CALL, OTHER],
        {"page": 1, "calls": [CALL, OTHER]},
        {"status": "ok", "data": {"calls": [CALL, OTHER]}},
        {"antwort": {"anrufe": [CALL, OTHER]}},
        {"calls": [CALL, OTHER], "companies": [{"id": "C1", "name": "Acme"}]},
        [{"json": CALL, "pairedItem": {"item": 0}}, {"json": OTHER}],
        [{"page": 1, "calls": [CALL]}, {"page": 2, "calls": [OTHER]}],
        [{"id": "e1", "type": "call.done", "data": {"object": one}} for one in (CALL, OTHER)],
    ],
)
def test_records_are_found_in_their_wrappings(tmp_path, found):
    """Answers, pages, events and items of pipelines hold the same two calls."""
    assert opened(tmp_path, json.dumps(found)).column("id") == ["CAL1", "CAL2"]


@pytest.mark.parametrize(
    "lines",
    [
        [CALL, OTHER],
        [{"_airbyte_ab_id": "x", "_airbyte_data": one} for one in (CALL, OTHER)],
        [
            {"type": "SCHEMA", "stream": "calls", "schema": {}},
            *({"type": "RECORD", "stream": "calls", "record": one} for one in (CALL, OTHER)),
            {"type": "STATE", "value": {}},
        ],
    ],
)
def test_lines_of_json(tmp_path, lines):
    """A pipeline's messages are unwrapped, and those without a record are none."""
    text = "\n".join(map(json.dumps, lines)) + "\n"
    assert opened(tmp_path, text).column("id") == ["CAL1", "CAL2"]


def test_an_empty_part_does_not_cost_the_record(tmp_path):
    """A list that answers are named by may be an empty part of a call."""
    calls = [{"wann": "2026-08-03 10:05", "data": []}, {"wann": "2026-08-03 11:05", "data": []}]
    assert opened(tmp_path, json.dumps(calls)).column("wann") == [one["wann"] for one in calls]


def test_a_type_of_any_kind_is_no_message(tmp_path):
    """A member called type may hold a list."""
    found = opened(tmp_path, json.dumps([{**CALL, "type": ["STATE"]}]))
    assert found.column("type") == ['["STATE"]']


@pytest.mark.parametrize("part", ["legs", "milestones"])
def test_parts_of_a_record_stay_in_it(tmp_path, part):
    """A call's legs and touches are no calls, though they have more known names."""
    inner = LEGS if part == "legs" else {"first_touch": LEGS[0]}
    found = opened(tmp_path, json.dumps([{**CALL, part: inner}]))
    assert found.column("id") == ["CAL1"]
    assert json.loads(found.column(part)[0]) == inner


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("12.345", "12.3450"),
        ("1e2", "100"),
        ("12345678901234567890", "12345678901234567890"),
        ("9" * 5_000, "9" * 5_000),
        ("NaN", ""),
        ("-Infinity", ""),
        ("null", ""),
        ("true", "true"),
        ('"\\ud83d"', "\ufffd"),
        ('"a \\ud83c\\udf82"', "a 🎂"),
        ('["\\ud83d"]', '["\ufffd"]'),
        ('{"a": 12.345}', '{"a": 12.345}'),
    ],
)
def test_values_as_texts(tmp_path, value, text):
    """No value stops the others, and no number is taken for thousands."""
    content = f'[{{"id": "CAL1", "start_time": "2026-08-03", "value": {value}}}]'
    found = opened(tmp_path, content)
    assert found.records == [["CAL1", "2026-08-03", text]]


def test_members_that_share_a_name_are_both_kept(tmp_path):
    """The first is not lost to the second."""
    found = opened(tmp_path, '{"id": 1, "start_time": "x", "id": 2}')
    assert found.sheet.columns == ("id", "start_time", "id (2)")
    assert found.records == [["1", "x", "2"]]


def test_what_is_no_object_is_set_aside(tmp_path):
    """A stray number in a list of calls does not stop them."""
    found = opened(tmp_path, json.dumps([CALL, 7, OTHER]))
    assert found.column("id") == ["CAL1", "CAL2"]
    assert found.rows == [1, 3]
    assert [(one.row, one.text) for one in found.broken] == [(2, "7")]


@pytest.mark.parametrize(
    "answer",
    [{"error": {"code": 401, "message": "Unauthorized"}}, {"message": "Unauthorized", "code": 1}],
)
def test_an_error_of_the_service_is_shown(tmp_path, answer):
    """What was saved in place of an answer is not read as a call."""
    with pytest.raises(SourceError, match=r"error message of the service.*Unauthorized"):
        opened(tmp_path, json.dumps(answer))


@pytest.mark.parametrize("content", ['{"calls": [{"id": 1', '[{"id": 1}, {"id"', "[" * 200_000])
def test_cut_off_json_is_refused(tmp_path, content):
    """Half an answer is no answer."""
    with pytest.raises(SourceError, match="cut off or damaged"):
        opened(tmp_path, content)


@pytest.mark.parametrize("content", ["[]", '{"calls": [], "total_records": 0}'])
def test_an_answer_without_records_is_an_empty_sheet(tmp_path, content):
    """A quiet month's answer is no error."""
    assert opened(tmp_path, content).records == []
