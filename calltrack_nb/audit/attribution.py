"""Whether the words that credit a call to a channel contradict each other."""

from __future__ import annotations

import re
from typing import Final

from calltrack_nb import stats
from calltrack_nb.audit.check import Check, Finding, Look
from calltrack_nb.audit.inputs import AuditInput
from calltrack_nb.audit.log import each_group, findings_table, seen
from calltrack_nb.phrasing import agree, number, out_of, percent, plural

_CLICK_CHANNELS: Final = {
    "gclid": ("google_ads",),
    "gbraid": ("google_ads",),
    "wbraid": ("google_ads",),
    "msclkid": ("microsoft_ads",),
    "fbclid": ("facebook", "instagram"),
}

_OFFLINE: Final = frozenset({"print"})

_PLATFORMS: Final = {
    "google": ("google_ads", "organic", "google_business"),
    "adwords": ("google_ads",),
    "bing": ("microsoft_ads", "organic"),
    "microsoft": ("microsoft_ads",),
    "facebook": ("facebook",),
    "fb": ("facebook",),
    "meta": ("facebook", "instagram"),
    "instagram": ("instagram",),
    "ig": ("instagram",),
    "newsletter": ("email",),
    "email": ("email",),
    "linkedin": ("other", "referral"),
    "tiktok": ("other", "referral"),
    "twitter": ("other", "referral"),
    "youtube": ("other", "referral"),
    "pinterest": ("other", "referral"),
    "yelp": ("other", "referral"),
}

_NEGATIONS: Final = frozenset({"not", "no", "non", "ex", "anti", "without", "except", "fake"})

# What may be glued to a platform's name without making it another word.
_GLUED: Final = frozenset(
    ("ad", "ads", "adwords", "business", "com", "cpc", "display", "feed", "form", "forms",
     "google", "lead", "leads", "local", "maps", "messenger", "mobile", "my",
     "mybusiness", "organic", "paid", "plus", "post", "ppc", "reels", "search", "shopping",
     "social", "stories", "story", "www")
)  # fmt: skip


def click_id_conflicts(data: AuditInput, *, tolerated: float = 0.05, alpha: float = 0.01) -> Look:
    """Find channels whose calls carry another platform's click id.

    Providers name the first touch as the source while the click id may come from a
    later visit, so that a few contradictions are natural: a channel is reported where
    their share of its calls is clearly above the tolerated one (binomial, one-sided,
    Bonferroni over the pairs of channel and kind of click id). Nobody clicks on print,
    so there one is enough.
    """
    calls = data.inbound
    kinds = calls["click_id"].str.extract(r"^(\w+):", expand=False).str.lower()
    known = calls[kinds.isin(list(_CLICK_CHANNELS)).to_numpy(bool)]
    known = known.assign(kind=kinds).dropna(subset=["channel"])
    if known.empty:
        return Look(cannot_say="No call carries a click id of a known kind.")
    agrees = [
        channel in _CLICK_CHANNELS[kind]
        for channel, kind in zip(known["channel"], known["kind"], strict=True)
    ]
    known["agrees"] = agrees
    totals = calls.groupby(["account", "channel"], observed=True).size()
    bad = known[~known["agrees"]]
    pairs = list(each_group(bad, ["account", "channel", "kind"]))
    findings = []
    for (account, channel, kind), group in pairs:
        total = int(totals[(account, channel)])
        p_value = stats.share_above(len(group), total, tolerated)
        if channel in _OFFLINE or p_value < alpha / len(pairs):
            findings.append(
                Finding(
                    subject=f"{channel} {kind}",
                    account=str(account),
                    text=f"{out_of(len(group), total, 'inbound call')} credited to {channel} "
                    f"{agree(len(group), 'carries')} a {kind}, which belongs to "
                    f"{' or '.join(_CLICK_CHANNELS[str(kind)])}.",
                    **seen(group),
                )
            )
    table = (
        known.groupby(["account", "kind", "channel", "agrees"], observed=True)
        .size()
        .rename("calls")
        .reset_index()
    )
    return Look(
        tuple(findings),
        table,
        f"{plural(len(known), 'call')} {agree(len(known), 'carries')} a click id. Up to "
        f"{percent(tolerated)} of contradictions is not reported: sources credited by first touch "
        "cause some.",
    )


def accidental_matches(data: AuditInput) -> Look:
    """Find source values that hold a platform's name without meaning it.

    ``not-linkedin`` is not LinkedIn and ``metal-forum`` is not Meta. A name that is
    negated is reported always, one that is part of another word only where the call
    was credited to that platform's channel.
    """
    calls = data.inbound
    findings = []
    for field in ("source", "medium"):
        pairs = calls.groupby([field, "channel"], observed=True).size()
        for value, channel in pairs.index:
            name = _accident(str(value), str(channel))
            if name is None:
                continue
            group = calls[calls[field].eq(value) & calls["channel"].eq(channel)]
            for (account,), part in each_group(group, ["account"]):
                findings.append(
                    Finding(
                        subject=f"{field} {value}",
                        account=str(account),
                        text=f"{plural(len(part), 'call')} (credited to {channel}) "
                        f"{agree(len(part), 'has')} the {field} “{value}”, which holds the "
                        f"name {name} only by accident.",
                        **seen(part),
                    )
                )
    return Look(
        tuple(findings),
        findings_table(findings),
        f"{number(calls['source'].nunique())} source and "
        f"{plural(calls['medium'].nunique(), 'medium value')} checked word by word.",
    )


def _accident(value: str, channel: str) -> str | None:
    words = re.findall(r"[a-z0-9]+", value.lower())
    for place, word in enumerate(words):
        for name, channels in _PLATFORMS.items():
            if name not in word:
                continue
            if word == name:
                if place and words[place - 1] in _NEGATIONS:
                    return name
            elif channel in channels and not _compound(word, name):
                return name
    return None


def _compound(word: str, name: str) -> bool:
    rest = [part for part in word.split(name) if part]
    longer = any(other in word and name in other and other != name for other in _PLATFORMS)
    return longer or all(part in _GLUED or part.isdigit() for part in rest)


CHECKS: Final = (
    Check(
        name="click_id_conflict",
        question="Do sources and click ids agree?",
        severity="warning",
        fix="Check the source rule of the number, or of the website's numbers, at the provider. "
        "Credit these calls by their click id.",
        needs=("calls",),
        look=click_id_conflicts,
    ),
    Check(
        name="accidental_utm",
        question="Do source words mean the channel they were matched to?",
        severity="warning",
        fix="Correct the link's utm values, or give the value its own rule under "
        "sources.channels in calltrack.toml.",
        needs=("calls",),
        look=accidental_matches,
    ),
)
