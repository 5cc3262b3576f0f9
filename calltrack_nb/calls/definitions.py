"""The definitions in words, as the reports print them."""

from __future__ import annotations

from calltrack_nb.calls.contact import SPOKEN_WITHIN
from calltrack_nb.calls.orders import AT_ONCE, ORDER_WITHIN
from calltrack_nb.settings import Settings


def definitions(settings: Settings) -> dict[str, str]:
    """Return what each word means, for this business.

    Parameters
    ----------
    settings : Settings

    Returns
    -------
    dict of str to str
        From the word to its definition, one sentence or two.

    Examples
    --------
    >>> definitions(Settings())["missed"]
    'Nobody took it: missed, given up while ringing, or left to voicemail.'
    """
    rule, business = settings.qualified, settings.business
    closed = ", and not on a public holiday" if business.closed_on_holidays else ""
    holiday = (
        "a public holiday what closed days bring"
        if business.closed_on_holidays
        else "a public holiday as any day"
    )
    return {
        "calls": "Inbound calls that are neither spam nor from your staff. Several legs of one "
        "call, and one call in two providers' logs, are one.",
        "inbound calls": "All calls that came in, with spam and your staff's: any call shows how "
        "a number is wired.",
        "answered": "Somebody took it. A call with an unknown status is neither answered nor "
        "missed, and is left out of both rates.",
        "who answered": "The person whose telephone took the call first; menus, queues and "
        "voicemails are nobody. A call that rang several people and that nobody took names nobody.",
        "missed": "Nobody took it: missed, given up while ringing, or left to voicemail.",
        "qualified": rule_in_words(settings),
        "spam": f"A score of {rule.spam_score_from} or more, unless somebody marked the call as "
        "qualified. Your provider's own mark of spam, staff or test counts 3.",
        "people": "Calls of one number are one person; each withheld number is a person of its "
        "own.",
        "first-time": "Your provider says so, or it is the number's first inbound call in the "
        "log. Not known for withheld numbers.",
        "in opening hours": f"Within the hours of the settings{closed}.",
        "chance of a goal": "It assumes that the days left bring what such days brought in the "
        "last 26 weeks. Each weekday counts its share of a usual week, "
        f"{holiday}. The level is the recent one and may drift as it did before. The last day of "
        "the log counts as complete. Campaigns, closures and seasons that have not begun are not "
        "known to it.",
        "spoken to": "A later call from or to the same person was answered within "
        f"{SPOKEN_WITHIN.days} days.",
        "the call of an order": "The one that the order names, else the last of the same caller in "
        f"the {ORDER_WITHIN.days} days before it. An order of which only the day is known follows "
        "the calls of that day. Sometimes several calls of that day, or within "
        f"{AT_ONCE.seconds // 60} minutes, may have brought it, and they differ in what is "
        "counted. Then it belongs to none of them and is listed separately.",
    }


def rule_in_words(settings: Settings) -> str:
    """State the qualified-call rule as sentences for the reader."""
    rule = settings.qualified
    return (
        "A qualified call was answered, is neither spam nor from staff, and was marked as "
        "qualified by the provider or by you. If nobody judged it, it is qualified from "
        f"{rule.min_talk_s:.0f} seconds of talk on. Its rate is over all inbound calls that are "
        "neither spam nor staff: missed calls stay in the denominator."
    )
