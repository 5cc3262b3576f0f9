"""Whether calls are recorded, whole, and with both sides."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from calltrack_nb.audit.check import Check, Finding, Look
from calltrack_nb.audit.inputs import AuditInput
from calltrack_nb.audit.log import each_group, seen
from calltrack_nb.calls import counted_for
from calltrack_nb.phrasing import agree, out_of, plural
from calltrack_nb.schema import PROVIDED

_APART: Final = ("two_party", "crosstalk", "one_sided")
_TALK_S: Final = 15.0
_QUIET_S: Final = 1.0
_ROUGHLY: Final = 0.6
_SLACK_S: Final = 10.0


def missing_recordings(data: AuditInput) -> Look:
    """Find calls whose recording is named but not there, or cannot be read."""
    named = data.calls[data.calls["recording"].notna().to_numpy(bool)]
    matched = named.merge(
        data.recordings[["call_id", "path", "problem"]], on="call_id", how="inner"
    )
    bad = matched[(matched["path"].isna() | matched["problem"].notna()).to_numpy(bool)]
    bad = bad.assign(reason=bad["problem"].fillna("not found"))
    return _per_account(
        bad,
        len(matched),
        ("", "is", "missing or cannot be read"),
        "missing",
        bad[["account", "call_id", "started_at", "recording", "reason"]],
        f"{plural(len(matched), 'call')} {agree(len(matched), 'names')} a recording; each was "
        "looked for.",
    )


def shared_recordings(data: AuditInput) -> Look:
    """Find recordings that several calls have, in one file or in copies of it."""
    owners = counted_for(data.recordings, data.calls).rename("counted_for").rename_axis("call_id")
    had = data.calls.merge(owners.reset_index(), on="call_id", how="inner")
    shared = had[had.groupby("counted_for")["call_id"].transform("size").gt(1).to_numpy(bool)]
    return _per_account(
        shared[shared["call_id"].ne(shared["counted_for"]).to_numpy(bool)],
        len(had),
        ("", "belongs", "to another call too, for which it counts"),
        "shared",
        shared[["account", "call_id", "started_at", "status", "counted_for"]],
        f"{plural(len(had), 'call')} {agree(len(had), 'has')} a recording.",
    )


def silent_recordings(data: AuditInput) -> Look:
    """Find recordings of answered calls in which nobody speaks."""
    joined = _answered(data)
    # Where the sides cannot be told apart, nobody's share is known although somebody speaks.
    speech = joined["caller_talk_s"] + joined["agent_talk_s"]
    quiet = joined["layout"].eq("silent") | (speech <= _QUIET_S)
    bad = joined[(quiet & (joined["duration_s"] >= _TALK_S)).to_numpy(bool)]
    return _per_account(
        bad,
        len(joined),
        (" of answered calls", "holds", "no speech"),
        "silent",
        bad[["account", "call_id", "started_at", "duration_s", "audio_s"]],
        f"{plural(len(joined), 'recording')} of answered calls checked for speech.",
    )


def one_sided_recordings(data: AuditInput) -> Look:
    """Find two-channel recordings of answered calls in which one side never speaks."""
    joined = _answered(data)
    spoken = joined[joined["layout"].isin(_APART).to_numpy(bool)]
    sides = spoken[["caller_talk_s", "agent_talk_s"]]
    low, high = sides.min(axis=1), sides.max(axis=1)
    half = spoken["layout"].eq("one_sided") | ((low <= _QUIET_S) & (high > _QUIET_S))
    bad = spoken[(half & (spoken["audio_s"] >= _TALK_S)).to_numpy(bool)]
    return _per_account(
        bad,
        len(spoken),
        (" of answered calls", "has", "only one side"),
        "one_sided",
        bad[["account", "call_id", "started_at", "caller_talk_s", "agent_talk_s"]],
        f"{plural(len(spoken), 'recording')} in which the two sides can be told apart.",
    )


def cut_recordings(data: AuditInput) -> Look:
    """Find recordings much shorter than the call they belong to.

    A recording is cut when it is more than ten seconds, and more than two fifths,
    shorter than the time the provider says was talked (or the whole call less its
    ringing, where it does not say).
    """
    joined = _answered(data)
    talked = joined["talk_s"].fillna(joined["duration_s"] - joined["ring_s"].fillna(0))
    known = joined[(talked.notna() & joined["audio_s"].notna()).to_numpy(bool)].assign(
        talked=talked
    )
    short = known["talked"] - known["audio_s"]
    bad = known[((known["audio_s"] < _ROUGHLY * known["talked"]) & (short > _SLACK_S))]
    return _per_account(
        bad,
        len(known),
        ("", "is", "much shorter than the call"),
        "cut",
        bad[["account", "call_id", "started_at", "talked", "audio_s"]],
        f"{plural(len(known), 'recording')} compared with the length of their calls.",
    )


def _answered(data: AuditInput) -> pd.DataFrame:
    # measures of a provider's transcript say nothing of a recording
    heard = data.talk["layout"].ne(PROVIDED).to_numpy(bool)
    talk = data.talk.loc[heard, ["call_id", "layout", "audio_s", "caller_talk_s", "agent_talk_s"]]
    answered = data.calls[data.calls["status"].eq("answered").to_numpy(bool)]
    return answered.merge(talk, on="call_id", how="inner")


def _per_account(
    bad: pd.DataFrame,
    total: int,
    said: tuple[str, str, str],
    subject: str,
    table: pd.DataFrame,
    text: str,
) -> Look:
    which, verb, rest = said
    findings: list[Finding] = []
    for (account,), group in each_group(bad, ["account"]):
        shown: dict[str, Any] = seen(group)
        findings.append(
            Finding(
                subject=f"{subject} {group['started_at'].min():%Y-%m-%d}",
                account=str(account),
                text=f"{out_of(len(group), total, 'recording')}{which} {agree(len(group), verb)} "
                f"{rest}.",
                **shown,
            )
        )
    return Look(tuple(findings), table.reset_index(drop=True), text)


CHECKS: Final = (
    Check(
        name="recordings_missing",
        question="Is there a readable file for every recording the log names?",
        severity="warning",
        fix="Download these recordings from the provider into data/recordings before they expire "
        "there.",
        needs=("calls", "recordings"),
        look=missing_recordings,
    ),
    Check(
        name="recordings_shared",
        question="Does every call have a recording of its own?",
        severity="note",
        fix="If these are legs of one call, leave them as they are. If they are separate calls, "
        "download each recording again and name it by the call's id.",
        needs=("calls", "recordings"),
        look=shared_recordings,
    ),
    Check(
        name="recordings_silent",
        question="Is there speech in the recordings of answered calls?",
        severity="warning",
        fix="Play one at the provider. If it is silent there too, ask the provider, and check how "
        "the telephone system records forwarded calls.",
        needs=("calls", "talk"),
        look=silent_recordings,
    ),
    Check(
        name="recordings_one_sided",
        question="Are both sides of answered calls recorded?",
        severity="warning",
        fix="Play one. Check whether the provider records both legs, and on which channel.",
        needs=("calls", "talk"),
        look=one_sided_recordings,
    ),
    Check(
        name="recordings_cut",
        question="Are recordings as long as their calls?",
        severity="warning",
        fix="Download these recordings again. If they stay short, ask the provider about its "
        "longest recording, and whether transfers pause the recording.",
        needs=("calls", "talk"),
        look=cut_recordings,
    ),
)
