"""Which channel a source, medium and click id name, by a table of words.

A rule matches where every word of one of its entries stands, as a whole word, in the
fields it looks at: ``"google cpc"`` matches source *google* with medium *cpc*, and
``"ig"`` does not match *digital*. A business puts its own rules before these under
``[[sources.channels]]`` of ``calltrack.toml``.

The words of source and medium are asked first; the tracking number's label and the
kind of click id only where source and medium say nothing. A provider may carry the
click id of another visit than the one the source is of, so a call whose source is
*organic* stays organic although it carries a ``gclid``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd

from calltrack_nb.schema import CHANNELS
from calltrack_nb.settings import ChannelRule

FIELDS: Final = ("source", "medium", "campaign", "label", "click_id")


def _rule(channel: str, *words: str) -> ChannelRule:
    return ChannelRule(channel=channel, words=words, fields=("source", "medium", "label"))


RULES: Final = (
    _rule("google_business", "google my business", "google business", "google maps", "gmb", "gbp"),
    _rule("google_ads", "google ads", "google ad", "adwords", "google cpc", "google ppc"),
    _rule("google_ads", "google paid", "google sem", "google call extension", "google calls"),
    _rule("microsoft_ads", "bing ads", "bing ad", "microsoft ads", "bing cpc", "bing ppc"),
    _rule("microsoft_ads", "microsoft cpc", "bing paid", "microsoft advertising"),
    _rule("instagram", "instagram", "ig"),
    _rule("facebook", "facebook", "fb", "meta"),
    _rule("print", "direct mail", "flyer", "flier", "flyers", "leaflet", "brochure", "print"),
    _rule("print", "newspaper", "magazine", "postcard", "billboard", "mailer", "offline", "sign"),
    _rule("email", "email", "e mail", "newsletter", "mailchimp", "klaviyo", "emails"),
    _rule("organic", "organic", "seo"),
    _rule("referral", "referral", "referrer", "yelp", "partner", "affiliate", "directory"),
    _rule("direct", "direct", "website"),
)
_CLICK_CHANNELS: Final = {
    "gclid": "google_ads",
    "wbraid": "google_ads",
    "gbraid": "google_ads",
    "msclkid": "microsoft_ads",
    "fbclid": "facebook",
}


def to_channels(
    fields: Mapping[str, pd.Series[Any]], rules: Sequence[ChannelRule] = ()
) -> pd.Series[Any]:
    """Name the channel of each row.

    Parameters
    ----------
    fields : mapping of str to pandas.Series of str
        Any of :data:`FIELDS`, of one length; ``click_id`` in the form ``gclid:…``.
    rules : sequence of ChannelRule
        The business's own, asked before :data:`RULES`.

    Returns
    -------
    pandas.Series of category
        One of :data:`calltrack_nb.schema.CHANNELS`; *other* where source or medium say
        something that no rule knows, missing where nothing is said at all.

    Examples
    --------
    >>> to_channels(
    ...     {
    ...         "source": pd.Series(["google", "Digital flyer", "Google Organic", None]),
    ...         "medium": pd.Series(["cpc", None, "organic", None]),
    ...         "click_id": pd.Series([None, None, "gclid:abc", "fbclid:abc"]),
    ...     }
    ... ).tolist()
    ['google_ads', 'print', 'organic', 'facebook']
    """
    frame = pd.DataFrame({name: fields[name] for name in FIELDS if name in fields})
    if "click_id" in frame:
        frame["click_id"] = frame["click_id"].str.extract(r"^(\w+):", expand=False)
    joined = pd.Series("", index=frame.index, dtype="str")
    for name in frame.columns:
        joined = joined + "\x1f" + frame[name].fillna("")
    keys, _ = pd.factorize(joined)
    distinct = frame[~joined.duplicated()]
    every = (*rules, *RULES)
    named = [
        _channel({str(k): v for k, v in row.items() if isinstance(v, str)}, every)
        for row in distinct.to_dict("records")
    ]
    column = pd.Series(named, dtype=pd.CategoricalDtype(list(CHANNELS)))
    return column.iloc[keys].set_axis(frame.index)


def _channel(fields: Mapping[str, str], rules: Sequence[ChannelRule]) -> str | None:
    said = {name: fields[name] for name in ("source", "medium", "campaign") if name in fields}
    if channel := _by_rules(said, rules):
        return channel
    if "source" in said or "medium" in said:
        return _by_rules({"label": fields.get("label", "")}, rules) or "other"
    if channel := _by_rules({"label": fields.get("label", "")}, rules):
        return channel
    if channel := _by_rules({"click_id": fields.get("click_id", "")}, rules):
        return channel
    return _CLICK_CHANNELS.get(fields.get("click_id", ""))


def _by_rules(fields: Mapping[str, str], rules: Sequence[ChannelRule]) -> str | None:
    words = {name: _words(text) for name, text in fields.items()}
    for rule in rules:
        said = frozenset[str]().union(*(words.get(field, ()) for field in rule.fields))
        if said and any(_words(entry) <= said for entry in rule.words if _words(entry)):
            return rule.channel
    return None


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"[^\W_]+", text.lower()))
