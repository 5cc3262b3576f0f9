"""Recordings that are no conversation: announcements, a text read out, nobody who answers.

People who talk to one another, or leave a message, greet, thank, ask, answer yes and no,
and say "I" and "you". A book read out, a dictation and an announcement hardly do, or they
say what only a machine says.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from calltrack_nb.schema import LEFT_OUT
from calltrack_nb.transcription.transcript import Utterance

_MACHINE: Final = re.compile(
    r"\b(?:press|dial|say) (?:\d|one|two|three|four|five|six|seven|eight|nine|zero|star|pound)\b|"
    r"\byour call is (?:very )?important|\b(?:please )?(?:stay|remain) on the line\b|"
    r"\bplease (?:continue to )?hold\b|\ball (?:of )?our (?:\w+ ){0,3}are (?:currently )?busy|"
    r"\bto repeat (?:this|these|the)\b|\blisten carefully\b|\bmenu options\b|"
    r"\bwill be answered in the order\b",
    re.IGNORECASE,
)
_TALK: Final = re.compile(
    r"\?|\b(?:hi|hello|hey|bye|goodbye|thanks|thank|please|yes|yeah|yep|no|nope|okay|ok|sure|"
    r"right|great|sorry|um|uh|i'm|i'd|i'll|i've|you're|you|can|could|would|need|call|calling)\b",
    re.IGNORECASE,
)
# a text read out has about three such words in a hundred, talk fifteen and more
_TALK_SHARE: Final = 0.06
_LEAST_WORDS: Final = 60
_ANSWER_WORDS: Final = 4
_MACHINE_WORDS: Final = 40


def is_conversation(utterances: Sequence[Utterance]) -> bool:
    """Whether somebody speaks to somebody, be it to a machine that takes a message.

    Parameters
    ----------
    utterances : sequence of Utterance
        Of one call, flagged.

    Returns
    -------
    bool
        False where what a machine says is hardly answered, and where a long text has
        hardly a word in it that people say to one another. True where too little is said
        in English to tell.

    Examples
    --------
    >>> said = Utterance("agent", 0, 5, "For sales, press 1. For service, press 2.", 0.9)
    >>> is_conversation([said])
    False
    """
    said = [one for one in utterances if LEFT_OUT.isdisjoint(one.flags)]
    phrases = dict.fromkeys(("agent", "caller", "unknown"), 0)
    words = dict(phrases)
    for one in said:
        phrases[one.speaker] += len(_MACHINE.findall(one.text))
        words[one.speaker] += len(one.text.split())
    count = sum(words.values())
    machine = max(phrases, key=phrases.__getitem__)
    answered = count - words[machine] >= _ANSWER_WORDS
    if phrases[machine] and not answered:
        return count > _MACHINE_WORDS * phrases[machine]
    if count < _LEAST_WORDS:
        return True
    talk = sum(len(_TALK.findall(one.text)) for one in said)
    return talk >= _TALK_SHARE * count
