"""The one place that asks what time it is, so that a test can say another one."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo


def now() -> dt.datetime:
    """Return this moment, in UTC."""
    return dt.datetime.now(dt.UTC)


def today(timezone: str = "UTC") -> dt.date:
    """Return the day it is on the clocks of a zone."""
    return now().astimezone(ZoneInfo(timezone)).date()
