"""What the words of a call tell about its wiring: who was reached, and was recording announced."""

from __future__ import annotations

import difflib
import re
from typing import Final

import pandas as pd

from calltrack_nb import stats
from calltrack_nb.audit.check import Check, Finding, Look
from calltrack_nb.audit.consent import Jurisdiction, consent_table, region_code
from calltrack_nb.audit.inputs import AuditInput
from calltrack_nb.audit.log import each_group, mask_number, number_names, opening_turns, seen
from calltrack_nb.phrasing import agree, day, out_of, plural
from calltrack_nb.themes.words import stop_words, words_of

_OPENING_S: Final = 25.0
_ANNOUNCED_WITHIN_S: Final = 20.0
_ALIKE: Final = 0.6
_WRONG_NUMBER_RATE: Final = 0.02
_WRONG_NUMBER_RATE_ALONE: Final = 0.1
"""Where there is no other number to compare with."""

_NAME: Final = r"(?P<name>[A-Za-z0-9][A-Za-z0-9&'\u2019\- ]{2,60}?)"
_FORMULA: Final = (
    r"(?:this\b|my name\b|how (?:can|may)\b|what can\b|may i\b|please\b|we(?:'re| are)\b|"
    r"[A-Za-z]+(?:'s)? speaking\b)"
)
_END: Final = rf"(?=\s*(?:[,.!?;]|$|{_FORMULA}))"
# possessive: a "good morning" that begins no name must not itself become one
_HELLO: Final = r"(?:(?:hello|hi|hey|(?:good )?(?:morning|afternoon|evening)|good day)\b[\s,.!]*)?+"
_NO_NAME: Final = (
    r"(?!(?:this|how|what|i|my|yes|no|sure|let|we|you|thanks?|and|bye|may|can|it|please)\b)"
)
_WORD: Final = r"[A-Za-z0-9&'\u2019\-]+"
_NAMED: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # The first words are often misheard ("and you for calling"): they are not asked for.
        rf"\bfor calling (?:in )?(?:to )?{_NAME}{_END}",
        rf"(?:\breached|\bwelcome to|\bfor ringing) {_NAME}{_END}",
        rf"^\W*{_HELLO}{_NO_NAME}(?P<name>{_WORD}(?: {_WORD}){{1,4}}?)[,.!]+ (?={_FORMULA})",
        rf"\bthis is (?!an? |the ){_NAME}(?=[,.!;][^.!?]{{0,20}}\bwrong number\b)",
    )
)
_WRONG_NUMBER: Final = re.compile(r"\bwrong number\b|\bmis-?dialed\b", re.IGNORECASE)
# "recorded" is often heard as "reported"; nobody reports a call in its first seconds.
_ANNOUNCEMENT: Final = re.compile(
    r"\brecord(?:ed|ing|s)?\b|\bmonitored\b|\b(?:is|be|being) reported\b|"
    r"\b(?:call|line|quality|this)\b[^.!?]{0,12}\breport(?:ed)?\b",
    re.IGNORECASE,
)
_FILLER: Final = frozenset({"the", "a", "an", "and", "our", "to", "of", "my"})


def other_businesses(data: AuditInput, *, alpha: float = 0.01) -> Look:
    """Find numbers whose callers reach somebody else.

    Two signs are read: whom the greeting names, and talk of a wrong number. A greeting
    is strange where it resembles neither the business's name nor the one heard most on
    several numbers. Hearing is poor on the telephone, so one strange greeting is enough
    only where the same call speaks of a wrong number; else there must be two, and half
    of all greetings since the first. Single wrong numbers happen to everyone, and to some
    businesses often: they count where there are more than a rate of 2 % explains (binomial)
    and more than on the account's other numbers (Fisher's exact test), each with Bonferroni
    over the numbers; without another number, more than 10 %.
    """
    spoken = _with_calls(data)
    if spoken.empty:
        return Look(cannot_say="No inbound call with a tracking number has a transcript.")
    spoken = spoken.assign(number=spoken["tracking_number"])
    greetings = _greetings(spoken)
    usual = _usual_greeting(greetings)
    names = number_names(data.numbers)
    calls = spoken.drop_duplicates("call_id")
    wrong = set(spoken.loc[spoken["text"].str.contains(_WRONG_NUMBER, na=False), "call_id"])
    groups = list(each_group(calls, ["account", "number"]))
    findings, lines = [], []
    for (account, number), group in groups:
        heard = greetings[greetings["call_id"].isin(group["call_id"])]
        strange = heard[
            [
                not (_alike(name, data.settings.business.name) or _alike(name, usual.get(account)))
                for name in heard["name"]
            ]
        ]
        lost = group[group["call_id"].isin(wrong)]
        others = calls[calls["account"].eq(account) & calls["number"].ne(number)]
        many = _many_wrong(lost, group, others, wrong, alpha / len(groups))
        name = names.get((str(account), str(number)), mask_number(number))
        lines.append(
            {
                "account": account,
                "tracking_number": number,
                "transcribed_calls": len(group),
                "greetings": len(heard),
                "greetings_of_others": len(strange),
                "wrong_number_calls": len(lost),
            }
        )
        if _elsewhere(heard, strange, wrong):
            said = strange["name"].value_counts().index[0]
            findings.append(
                Finding(
                    subject=f"greeting {number}",
                    tracking_number=str(number),
                    elsewhere=True,
                    account=str(account),
                    text=f"Callers of {name} are greeted by “{said}” "
                    f"({out_of(len(strange), len(heard), 'greeting')} that were understood).",
                    **seen(group[group["call_id"].isin(strange["call_id"])]),
                )
            )
        if many:
            findings.append(
                Finding(
                    subject=f"wrong number {number}",
                    tracking_number=str(number),
                    account=str(account),
                    text=f"{out_of(len(lost), len(group), 'transcribed caller')} of {name} "
                    f"{agree(len(lost), 'says', 'say')} they have the wrong number.",
                    **seen(lost),
                )
            )
    return Look(
        tuple(findings),
        pd.DataFrame(lines),
        f"{plural(len(greetings), 'greeting')} found in {plural(len(calls), 'transcribed call')}; "
        f"{plural(len(wrong), 'caller')} {agree(len(wrong), 'mentions', 'mention')} a wrong "
        "number.",
    )


def consent_announcements(
    data: AuditInput, *, table: tuple[Jurisdiction, ...] | None = None
) -> Look:
    """Find recorded calls from places that ask for everyone's consent without a notice.

    Parameters
    ----------
    data : AuditInput
        Needs `calls` and `utterances`.
    table : tuple of Jurisdiction, optional
        Where which rule holds; by default the dated table of the package. It is a list
        of citations to look up, not legal advice.
    """
    known = consent_table() if table is None else table
    asking = {place.code: place for place in known if place.rule == "all"}
    spoken = _with_calls(data)
    if spoken.empty:
        return Look(cannot_say="No inbound call has a transcript.")
    calls = spoken.drop_duplicates("call_id").copy()
    calls["place"] = [
        region_code(region, country, data.settings.business.country)
        for region, country in zip(calls["caller_region"], calls["caller_country"], strict=True)
    ]
    concerned = calls[calls["place"].isin(list(asking)).to_numpy(bool)]
    opening = opening_turns(spoken, _ANNOUNCED_WITHIN_S)
    opening = opening[opening["speaker"].ne("caller").to_numpy(bool)]
    told = opening[opening["text"].str.contains(_ANNOUNCEMENT, na=False).to_numpy(bool)]
    silent = concerned[~concerned["call_id"].isin(told["call_id"]).to_numpy(bool)]
    findings = []
    for (account, place), group in each_group(silent, ["account", "place"]):
        law, there = asking[str(place)], concerned["place"].eq(place).sum()
        findings.append(
            Finding(
                subject=str(place),
                account=str(account),
                text=f"{out_of(len(group), there, 'transcribed call')} from {law.name} "
                f"{agree(len(group), 'opens')} without a word on recording; {law.citation} "
                f"(as of {day(law.checked)}) may ask for everyone's consent.",
                **seen(group),
            )
        )
    shown = silent[["account", "call_id", "started_at", "place", "tracking_number"]]
    return Look(
        tuple(findings),
        shown.reset_index(drop=True),
        f"{out_of(len(concerned), len(calls), 'transcribed call')} "
        f"{agree(len(concerned), 'comes')} from places where everyone's consent may be asked for. "
        "An announcement that is played before the recording starts is not in it. This is a "
        "list of places to look up, not legal advice.",
    )


def _with_calls(data: AuditInput) -> pd.DataFrame:
    columns = [
        "account",
        "call_id",
        "started_at",
        "tracking_number",
        "caller_region",
        "caller_country",
    ]
    calls = data.inbound
    calls = calls.loc[calls["call_id"].isin(data.utterances["call_id"]).to_numpy(bool), columns]
    turns = data.utterances[["call_id", "turn", "speaker", "start_s", "text"]]
    joined = turns.merge(calls, on="call_id").sort_values(["call_id", "start_s", "turn"])
    return joined[joined["tracking_number"].notna().to_numpy(bool)]


def _greetings(spoken: pd.DataFrame) -> pd.DataFrame:
    """Return whom the first seconds of each call name, in order of time."""
    opening = opening_turns(spoken, _OPENING_S)
    opening = opening[opening["speaker"].ne("caller").to_numpy(bool)]
    turn = opening.groupby("call_id").cumcount()
    names = [
        opening["text"].where(turn.eq(0)).str.extract(pattern)["name"]
        if pattern.pattern.startswith("^")
        else opening["text"].str.extract(pattern)["name"]
        for pattern in _NAMED
    ]
    found = names[0].fillna(names[1]).fillna(names[2]).fillna(names[3])
    # what is only small talk ("thank you", "one moment please") names nobody
    small_talk = stop_words()
    named = [isinstance(name, str) and not set(words_of(name)) <= small_talk for name in found]
    heard = opening.assign(name=found.str.strip())[named]
    heard = heard.drop_duplicates("call_id").sort_values("started_at")
    return heard[["account", "call_id", "name", "tracking_number"]]


def _elsewhere(heard: pd.DataFrame, strange: pd.DataFrame, wrong: set[str]) -> bool:
    if strange.empty:
        return False
    if strange["call_id"].isin(list(wrong)).any():
        return True
    since = heard.loc[strange.index[0] :]
    return len(strange) > 1 and 2 * len(strange) >= len(since)


def _many_wrong(
    lost: pd.DataFrame, group: pd.DataFrame, others: pd.DataFrame, wrong: set[str], alpha: float
) -> bool:
    """Tell whether a number has more wrong numbers than happen to everyone here."""
    from scipy.stats import fisher_exact  # noqa: PLC0415 - heavy

    usual = _WRONG_NUMBER_RATE_ALONE if others.empty else _WRONG_NUMBER_RATE
    if len(lost) < 2 or stats.share_above(len(lost), len(group), usual) >= alpha:
        return False
    if others.empty:
        return True
    elsewhere = int(others["call_id"].isin(wrong).sum())
    table = [
        [len(lost), len(group) - len(lost)],
        [elsewhere, len(others) - elsewhere],
    ]
    return bool(fisher_exact(table, alternative="greater").pvalue < alpha)


def _usual_greeting(greetings: pd.DataFrame) -> dict[str, str]:
    """Return the name heard on most numbers, per account, where it is heard on several."""
    usual = {}
    for (account,), group in each_group(greetings, ["account"]):
        spread = group.groupby(group["name"].str.lower())["tracking_number"].nunique()
        if len(spread) and spread.max() > 1:
            usual[str(account)] = str(spread.idxmax())
    return usual


def _alike(heard: str, name: str | None) -> bool:
    if not name:
        return False
    left, right = _words(heard), _words(name)
    if not left or not right:
        return True
    best = difflib.SequenceMatcher(None, "".join(left), "".join(right)).ratio()
    shared = sum(
        bool(difflib.get_close_matches(word, right, n=1, cutoff=0.75)) for word in left
    ) / min(len(left), len(right))
    return best >= _ALIKE or shared >= 1.0


def _words(name: str) -> list[str]:
    return [word for word in re.findall(r"[a-z0-9]+", name.lower()) if word not in _FILLER]


CHECKS: Final = (
    Check(
        name="other_business",
        question="Do callers reach the business they wanted to ring?",
        severity="broken",
        fix="Ring the number. Correct its forwarding, or find out who publishes your number as "
        "theirs.",
        needs=("calls", "utterances"),
        look=other_businesses,
    ),
    Check(
        name="consent",
        question="Is recording announced where the law may ask for it?",
        severity="warning",
        fix="Switch on the provider's recording announcement for these callers, or stop recording "
        "them, and ask a lawyer.",
        needs=("calls", "utterances"),
        look=consent_announcements,
    ),
)
