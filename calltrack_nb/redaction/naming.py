"""The ways in which people are named who are spoken of, each with the words it always holds."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from calltrack_nb.redaction.vocabulary import word_list

_PARTICLE: Final = "|".join(sorted(word_list("name_particles")))
#: A name as it is written: up to three words, or one word in lower case.
_NAME: Final = (
    rf"(?P<name>(?-i:[A-Z]\w[\w'\u2019-]*(?:\s(?:(?:{_PARTICLE})\s)?[A-Z][\w'\u2019-]+){{0,2}})"
    r"|(?-i:[a-z]{3,}))"
)
_ROLES: Final = word_list("roles_of_people")
_ROLE: Final = "|".join(sorted(_ROLES, key=len, reverse=True)).replace("_", r"\s")
#: Somebody by what they are: "driver", "older sister".
PERSON: Final = rf"(?:\w+\s)?(?:{_ROLE})"
_ROLE_WORDS: Final = " ".join(role.rpartition("_")[2] for role in _ROLES)
_DID: Final = (
    r"(?:called|calling|rang|ringing|phoned|phoning|popped|came|stopped|dropped|texted|e-?mailed|"
    r"wants|needs|asked|left|has|said|says|told|promised|will|is|was|would|can|could|to)\b"
)
_THINGS: Final = (
    "message parcel package prescription delivery letter something table room appointment order "
    "booking reservation ticket result results form collecting picking regarding it this"
)
_TITLES: Final = (
    "Father Reverend Rev Captain Professor Prof Nurse Sergeant Officer Pastor Rabbi Imam Lord Dame "
    "Sister Inspector Constable Colonel Major Judge Coach Aunt Auntie Uncle Councillor"
)


class Way(NamedTuple):
    """A way of naming somebody.

    Attributes
    ----------
    clues : frozenset of str
        Words, in lower case, of which one must be said.
    pattern : re.Pattern
        What finds it; its group ``name`` is the name.
    """

    clues: frozenset[str]
    pattern: re.Pattern[str]


def _way(clues: str, pattern: str) -> Way:
    return Way(frozenset(clues.split()), re.compile(pattern, re.IGNORECASE))


def _any(words: str) -> str:
    return "|".join(words.split())


WAYS: Final = (
    # "my daughter Xanthe", "a lady called Henrietta", "the account holder is Ada Byron"
    _way(
        _ROLE_WORDS,
        rf"\b(?:my|your|our|his|her|their|the|an?|some|that|this)\s{PERSON}(?:'s|'re)?,?\s"
        rf"(?:(?:is|was|are|were)\s)?(?:(?:called|named)\s)?(?:is\s)?{_NAME}",
    ),
    _way(_ROLE_WORDS, rf"{_NAME}'s\s(?:{_ROLE})\b"),
    _way(
        "called named",
        rf"\b(?:he|she|who|that|which|one)(?:'s|\sis|\swas)\s(?:called|named)\s{_NAME}",
    ),
    # "tell Ingrid I am late", "could you get Tom to ring me"
    _way(
        "tell ask remind inform thank told asked let get have had got",
        rf"\b(?:tell|ask|remind|inform|thank|told|asked|let|get|have|had|got)\s{_NAME}"
        r"(?=\s(?:that|know|i|i'm|i'll|i've|we|we're|not|about|when|the|for\syou|"
        rf"{_DID})|\W*$)",
    ),
    # "tell her Oyelaran called", "it was Oisin who fitted it"
    _way(
        "called rang phoned popped came stopped texted is was from who",
        rf"\b(?:him|her|them|that|know|say|tell|saying|it's|it\swas|that's)\s{_NAME}"
        r"(?=\s(?:called|rang|phoned|popped|came|stopped|texted|from\s|who\b|"
        r"(?:is|was)\s(?:calling|asking|looking|here|waiting|ringing|trying)))",
    ),
    # "is Anneliese in today?"
    _way(
        "in there about around back free working off on",
        r"(?:^\W*|[,.?!]\s|\b(?:hi|hello|so|and|if|whether|when)\s)(?:is|are|will|was)\s"
        rf"{_NAME}\s(?:(?:in|there|about|around|back|free|working|off)\b|on\s(?:shift|today))"
        r"(?!\s(?:stock|the|a|season|sale))",
    ),
    _way(
        "with to",
        r"\b(?:spoke|spoken|speak|speaking|talk|talked|talking|deal|dealt|dealing|chat|chatted|"
        r"appointment|session|lesson|meeting|booked(?:\s(?:in|it|this))?|put\sme)\s(?:through\s)?(?:to|with)\s"
        rf"(?:someone\s(?:called|named)\s|an?\s)?{_NAME}",
    ),
    # "can Obinna ring me"
    _way(
        "can could will would did does has",
        rf"\b(?:can|could|will|would|did|does|has)\s{_NAME}"
        r"(?=\s(?:ring|call|phone|text|e-?mail|come|called|rung|speak|let|give|tell|get|confirm)\b)",
    ),
    # "a message for Ulrike"; "for May" is a date
    _way(
        "for from regarding",
        rf"\b(?:{_any(_THINGS)}|picking\sup)(?:'s|\sis)?\s(?:for|from|regarding)\s"
        rf"(?!(?:april|may|june|august|summer|autumn)\b){_NAME}"
        r"(?=\W*$|\s(?:and|at|on|please|he|she|who|to|from)\b|[,.])",
    ),
    _way(
        "from",
        r"\b(?:call|voicemail|message|e-?mail|text|letter|quote)\sfrom\s(?:an?\s)?"
        rf"{_NAME}(?=\W*$|\s(?:at|in|about|this|on|and|from)\b)",
    ),
    _way(
        "to",
        rf"\b(?:through|over|you|me)\sto\s{_NAME}"
        r"(?=\W*$|\s(?:in|from|at|on|now|please|who|and)\b)",
    ),
    # "it should say Merryweather on it", "you'll have me down as Bronwen"
    _way(
        "say says",
        rf"\b(?:should|to|just|can|could|it)\ssays?\s{_NAME}(?=\W*$|\son\b)",
    ),
    _way(
        "as by under",
        r"\b(?:goe?s?\sby|known\sas|(?:me|it|us|him|her|i'm|i\sam)\s(?:down\s)?as|"
        rf"(?:booked|listed|registered|saved|filed|down)\s(?:as|under))\s{_NAME}",
    ),
    _way(
        "by",
        r"\b(?:made|taken|served|sent|recommended|given|signed|done|fitted|quoted|seen|left|booked)"
        rf"\sby\s{_NAME}",
    ),
    _way(
        "be",
        rf"\b(?:that|it)(?:'ll|\swould|\swill)\sbe\s{_NAME}(?=\W*$|\s(?:and|from|again|with)\b)",
    ),
    _way("both", rf"\bboth\s{_NAME}(?=\sand\s(?-i:[A-Z]))"),
    _way("names", rf"\bnames\sare\s{_NAME}"),
    _way(
        "birthday write congratulations",
        rf"\b(?:happy\sbirthday|write|congratulations)(?:\sto)?,?\s(?!to\b){_NAME}",
    ),
    _way("reached", rf"\breached\s{_NAME}(?=\W)"),
    # "Fergal from the office gave me your number"
    _way(
        "recommended me will going from here that my our she he",
        rf"{_NAME},?\s(?:recommended\s(?:you|me|it)|(?:gave|told|sent|rang|called|phoned|asked)\sme|"
        r"(?:will|is\sgoing\sto)\s(?:call|ring|phone)|here\sfrom|that's\s(?:my|me|our)|(?:he|she)'s\sthe|"
        r"from\s(?:the|your)\s(?:office|shop|team|sales|garage|clinic))\b",
    ),
    # "Father Keogh", "Nurse Achterberg": the title with a capital too
    _way(_TITLES.lower(), rf"\b(?-i:{_any(_TITLES)})\s{_NAME}"),
    _way("me", rf"\bit'?s\s(?:only\s|just\s)?me,?\s{_NAME}"),
    _way("we", rf"\bwe(?:'re|\sare)\s{_NAME}(?=\s(?:and|&)\s(?-i:[A-Z]))"),
    _way("name surname", rf"{_NAME}(?:'s|\sis)\sthe\s(?:sur|last\s|first\s)?name\b"),
    # "Philippa, one L two Ps", "Kaitlyn with a K"
    _way(
        "with without one two double single no hyphenated small big",
        rf"{_NAME},?\s(?:with(?:out)?\s(?:an?|two|one|no|the)\s(?:silent\s|capital\s|double\s)?"
        r"(?:(?-i:[A-Z]s?)|hyphen|accent|tilde|umlaut|fada)\b|hyphenated\b|"
        r"(?:one|two|double|single|no)\s(?-i:[A-Z]s?)\b|(?:small|big)\s(?-i:[A-Za-z])\b)",
    ),
)
#: "… and Morag": a name behind one.
ANOTHER: Final = re.compile(
    rf"\s(?:and|&)\s(?:(?:my|our|his|her)\s{PERSON}\s)?{_NAME}", re.IGNORECASE
)
