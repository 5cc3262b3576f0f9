"""What a simulated shop is told: its campaigns, its tweaks, its seed and its faults."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, Literal

Service = Literal["callrail", "whatconverts"]

THEMES: Final = (
    "wedding_tasting",
    "birthday_cake",
    "corporate_catering",
    "delivery",
    "change_order",
    "complaint",
    "dessert_table",
    "allergy_children",
)
"""The inquiries that callers bring; the last one is new in :attr:`ShopSpec.new_theme_from`."""

PURPOSE_OF: Final[Mapping[str, str]] = MappingProxyType(
    {
        "wedding_tasting": "sale",
        "birthday_cake": "sale",
        "corporate_catering": "sale",
        "dessert_table": "sale",
        "allergy_children": "sale",
        "delivery": "service",
        "change_order": "service",
        "complaint": "feedback",
    }
)
"""What a call with each inquiry is for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """One marketing effort and the number, or pool of numbers, that answers for it.

    Parameters
    ----------
    name : str
        As the provider writes it; empty where calls come without a campaign.
    label : str
        The number's name in the service.
    channel, source, medium : str
        The canonical channel, and the provider's own words for it.
    service : {"callrail", "whatconverts"}
        Who tracks it; WhatConverts campaigns share the pool of web numbers.
    number : str
        E.164; empty for pool campaigns.
    weekly_calls : float
        Expected calls of people a week, before season and tweaks.
    weekly_cost : float
        Money spent a week; 0 for a channel without spend.
    themes : mapping of str to float
        Relative weight of each inquiry.
    win_rate : float
        Chance that a sales inquiry that was answered becomes an order.
    order_value : float
        Median value of an order.
    keywords, landing_pages : tuple of str
        What web callers searched for and saw.
    ad_group : str
        For search campaigns.
    """

    name: str
    label: str
    channel: str
    source: str
    medium: str
    service: Service
    number: str = ""
    weekly_calls: float
    weekly_cost: float = 0.0
    themes: Mapping[str, float]
    win_rate: float = 0.3
    order_value: float = 150.0
    keywords: tuple[str, ...] = ()
    landing_pages: tuple[str, ...] = ()
    ad_group: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tweak:
    """A change to one campaign and what it truly did.

    Parameters
    ----------
    date : datetime.date
        First day under the change.
    campaign : str
        Its campaign.
    changed : str
        What the owner wrote down.
    expected_effect : float
        What the owner hoped for, as a share (0.3 is 30 % more calls).
    rate_ratio : float
        The truth: calls after, as a multiple of what they would have been.
    """

    date: dt.date
    campaign: str
    changed: str
    expected_effect: float
    rate_ratio: float


CAMPAIGNS: Final = (
    Campaign(
        name="Wedding Cakes - Search",
        label="Google Ads call asset",
        channel="google_ads",
        source="Google Ads",
        medium="cpc",
        service="callrail",
        number="+12125550111",
        weekly_calls=14.0,
        weekly_cost=210.0,
        themes={"wedding_tasting": 7, "dessert_table": 2, "corporate_catering": 1, "delivery": 1},
        win_rate=0.34,
        order_value=560.0,
        keywords=("wedding cake tasting", "wedding cakes near me", "custom wedding cake price"),
        landing_pages=("https://maryscakes.example/weddings",),
        ad_group="Wedding tasting",
    ),
    Campaign(
        name="Instagram bio",
        label="Instagram bio",
        channel="instagram",
        source="Instagram",
        medium="social",
        service="callrail",
        number="+12125550112",
        weekly_calls=8.0,
        weekly_cost=60.0,
        themes={"birthday_cake": 5, "dessert_table": 4, "wedding_tasting": 1, "delivery": 1},
        win_rate=0.3,
        order_value=135.0,
    ),
    Campaign(
        name="Summer flyer",
        label="Flyer",
        channel="print",
        source="Flyer",
        medium="offline",
        service="callrail",
        number="+12125550113",
        weekly_calls=5.0,
        weekly_cost=45.0,
        themes={"birthday_cake": 3, "delivery": 4, "corporate_catering": 1},
        win_rate=0.25,
        order_value=95.0,
    ),
    Campaign(
        name="Monthly newsletter",
        label="Newsletter",
        channel="email",
        source="Newsletter",
        medium="email",
        service="callrail",
        number="+12125550114",
        weekly_calls=5.0,
        weekly_cost=25.0,
        themes={"corporate_catering": 4, "change_order": 3, "complaint": 2, "dessert_table": 1},
        win_rate=0.4,
        order_value=330.0,
    ),
    Campaign(
        name="",
        label="Google Business Profile",
        channel="google_business",
        source="Google Business Profile",
        medium="local",
        service="callrail",
        number="+12125550115",
        weekly_calls=6.0,
        themes={"delivery": 3, "change_order": 3, "complaint": 3, "birthday_cake": 2},
        win_rate=0.3,
        order_value=110.0,
    ),
    Campaign(
        name="Birthday Cakes - Search",
        label="Website pool",
        channel="google_ads",
        source="google",
        medium="cpc",
        service="whatconverts",
        weekly_calls=8.0,
        weekly_cost=120.0,
        themes={"birthday_cake": 7, "delivery": 1, "dessert_table": 1},
        win_rate=0.28,
        order_value=120.0,
        keywords=("birthday cake delivery", "custom birthday cake", "kids birthday cake nyc"),
        landing_pages=(
            "https://maryscakes.example/birthdays",
            "https://maryscakes.example/birthdays/kids",
        ),
        ad_group="Birthday custom",
    ),
    Campaign(
        name="Party season",
        label="Website pool",
        channel="facebook",
        source="facebook",
        medium="paid social",
        service="whatconverts",
        weekly_calls=5.0,
        weekly_cost=70.0,
        themes={"dessert_table": 4, "birthday_cake": 3, "corporate_catering": 1},
        win_rate=0.22,
        order_value=160.0,
        landing_pages=("https://maryscakes.example/parties",),
    ),
    Campaign(
        name="",
        label="Website pool",
        channel="organic",
        source="google",
        medium="organic",
        service="whatconverts",
        weekly_calls=5.0,
        themes={"wedding_tasting": 2, "birthday_cake": 2, "change_order": 2, "complaint": 1},
        win_rate=0.33,
        order_value=180.0,
        landing_pages=("https://maryscakes.example/", "https://maryscakes.example/contact"),
    ),
)
"""The campaigns of Mary's cake-catering business."""

TWEAKS: Final = (
    Tweak(
        date=dt.date(2026, 5, 26),
        campaign="Birthday Cakes - Search",
        changed="Twelve broad-match keywords added",
        expected_effect=0.25,
        rate_ratio=1.0,
    ),
    Tweak(
        date=dt.date(2026, 8, 17),
        campaign="Wedding Cakes - Search",
        changed="Headline now says free tasting; call button moved to the top of the page",
        expected_effect=0.3,
        rate_ratio=1.9,
    ),
    Tweak(
        date=dt.date(2026, 9, 21),
        campaign="Instagram bio",
        changed="Phone number put before the opening hours",
        expected_effect=0.2,
        rate_ratio=1.0,
    ),
)
"""One that worked, one that did nothing, and one too young to be judged."""

REGIMES: Final = (
    (dt.date(2026, 4, 20), "Google Ads counts calls judged by AI as leads (AI-qualified calls)"),
    (dt.date(2026, 7, 1), "Google Ads records calls by default; recorded calls are judged by AI"),
)
"""Days on which a provider changed what it counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopSpec:
    """Everything that decides a simulated shop; equal specs give equal shops.

    Parameters
    ----------
    seed : int
        Every draw follows from it.
    first, last : datetime.date
        Local days of the log, both included.
    faults : bool
        Whether the wiring faults of :mod:`tools.simulator.shop_faults` are
        planted; without them the very same calls arrive, wired right.
    volume : float
        Multiplies every campaign's weekly calls.
    dispersion : float
        Variance over mean of a campaign's daily calls, given its rate; 1 is Poisson.
    common_shock : float
        Standard deviation of the log of the weekly ups and downs all campaigns share.
    repeat_share : float
        Chance that a call comes from somebody who has called before.
    campaigns : tuple of Campaign
        Who makes the phone ring.
    tweaks : tuple of Tweak
        Changes, with their true effects.
    new_theme_from : datetime.date
        First day on which callers ask for children with allergies.
    timezone : str
        IANA name of the shop's zone.
    destination, staff_number : str
        E.164 numbers of the kitchen and of the owner's own telephone.
    pool_size : int
        Web numbers when the wiring is right; a planted fault leaves only four.
    """

    seed: int = 2026
    first: dt.date = dt.date(2026, 4, 1)
    last: dt.date = dt.date(2026, 9, 30)
    faults: bool = True
    volume: float = 1.0
    dispersion: float = 1.3
    common_shock: float = 0.12
    repeat_share: float = 0.16
    campaigns: tuple[Campaign, ...] = CAMPAIGNS
    tweaks: tuple[Tweak, ...] = TWEAKS
    new_theme_from: dt.date = dt.date(2026, 8, 1)
    timezone: str = "America/New_York"
    destination: str = "+12125550100"
    staff_number: str = "+12125550101"
    pool_size: int = 14
    regimes: tuple[tuple[dt.date, str], ...] = field(default=REGIMES)

    @property
    def days(self) -> int:
        """The number of local days of the log."""
        return (self.last - self.first).days + 1

    @property
    def pool(self) -> tuple[str, ...]:
        """The web numbers, E.164."""
        return tuple(f"+1212555{130 + place:04d}" for place in range(self.pool_size))
