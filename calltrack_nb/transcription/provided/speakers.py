"""Who of a provider's speakers is the agent: by what they are called, else by what they say."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from calltrack_nb.transcription.parties import Direction, agent_side
from calltrack_nb.transcription.provided.turns import Turn
from calltrack_nb.transcription.transcript import Speaker


def words_of(*texts: str) -> frozenset[str]:
    """Return the words of some texts."""
    return frozenset(word for text in texts for word in text.split())


Role = Literal["agent", "caller", "machine", "rang", "was_rung", "nobody", "either"]

_ROLES: Final[Mapping[Role, str]] = {
    "agent": "agent business rep representative advisor adviser operator employee staff company "
    "receptionist csr internal host support office shop store salesperson sales team dispatcher "
    "handler clerk consultant agente asesor asesora operador operadora empleado empleada "
    "representante mitarbeiter mitarbeiterin berater beraterin conseiller conseill\u00e8re "
    "operatore operatrice medewerker atendente consulente konsultant "
    # what a business does for its customers: "Customer Care", "Servicio al cliente"
    "service services care success coordinator manager desk center centre relations "
    "servicio servicios atenci\u00f3n atencion servizio kundenservice kundendienst "
    "kundenbetreuung kundenberater kundenberaterin klantenservice klantendienst kundtj\u00e4nst",
    "caller": "customer client consumer lead external visitor patient guest contact prospect user "
    "buyer tenant cliente clienta llamante paciente kunde kundin anrufer anruferin "
    "appelant appelante chiamante klant beller klient klientka",
    "machine": "ivr system bot automated voicemail announcement robot prompt machine recording",
    "rang": "caller",
    "was_rung": "callee recipient called receiver",
    "nobody": "unknown unidentified undefined none other",
}
_ROLE_OF: Final[Mapping[str, Role]] = {
    word: role for role, words in _ROLES.items() for word in words.split()
}
_LONGEST: Final = 3
_SURELY: Final = 0.9
_SMALL: Final = words_of("the a al la el le les l du de des del della di der ai agli")
# a phrase about somebody, or what is known of them, is no name: "Transfer to Agent", "Caller ID"
_NO_NAME: Final = words_of("to from with and said told id name number phone")
# of what no company has a person by itself: "Service: cleaning" is a heading
_NEVER_ALONE: Final = words_of("service services care success center centre relations")
# the head of these comes first: "Service client" is the business, "Agent's customer" may be either
_HEAD_FIRST: Final = words_of(
    "service servicio servicios atenci\u00f3n atencion servizio conseiller conseill\u00e8re "
    "asesor asesora agente"
)
CONTRADICTED: Final = "The words suggest that the sides are named the wrong way round."
ONE_SIDE: Final = "Its speakers are all named as one side of the call; the other side has no words."


@dataclass(frozen=True, slots=True)
class Sides:
    """Whom each of the provider's names stands for.

    Parameters
    ----------
    of : mapping of str to str
        From the name to ``caller``, ``agent`` or ``unknown``.
    machines : frozenset of str
        Names that are no person.
    confidence : float
        That the sides are told apart rightly, 0 to 1.
    remarks : tuple of str
        What a reader should know of it.
    """

    of: Mapping[str, Speaker]
    machines: frozenset[str]
    confidence: float
    remarks: tuple[str, ...] = ()


def role_of(name: str) -> Role | None:
    """Return what a name says its bearer is in the call; None where it says nothing.

    Examples
    --------
    >>> [role_of(name) for name in ("AGENT_1", "The Customer", "Sales Rep", "Caller", "IVR")]
    ['agent', 'caller', 'agent', 'rang', 'machine']
    >>> [role_of(name) for name in ("Customer Care", "Service client", "Customer (Agent)")]
    ['agent', 'agent', 'either']
    >>> role_of("Speaker 1"), role_of("Sarah"), role_of("So the customer said to me")
    (None, None, None)
    """
    outside, inside = re.sub(r"\(.*?\)", " ", name), " ".join(re.findall(r"\((.*?)\)", name))
    told = {role for role in map(_role_of_words, (outside, inside)) if role is not None}
    if len(told) < 2:
        return next(iter(told), None)
    return "machine" if "machine" in told else "either"


def _role_of_words(name: str) -> Role | None:
    words = [word for word in re.findall(r"[^\W\d_]+", name.lower()) if word not in _SMALL]
    found = [(word, _ROLE_OF[word]) for word in words if word in _ROLE_OF]
    if not found or len(words) > _LONGEST or not _NO_NAME.isdisjoint(words):
        return None
    if len(words) == 1 and words[0] in _NEVER_ALONE:
        return None
    roles = {role for _, role in found}
    # "automated agent" and "virtual agent" are machines, "unknown caller" is a caller
    if "machine" in roles or "virtual" in words:
        return "machine"
    last: Role = next((role for _, role in reversed(found) if role != "nobody"), "nobody")
    if "agent" not in roles or last == "agent" or found[0][0] in _HEAD_FIRST:
        return "agent" if "agent" in roles else last
    return "either"


def sides_of(
    turns: Sequence[Turn],
    *,
    direction: Direction,
    agent_channel: str = "auto",
    agent: str | None = None,
    caller: str | None = None,
) -> Sides:
    """Say who of the speakers is the agent.

    Parameters
    ----------
    turns : sequence of Turn
        In order of time.
    direction : str
        ``outbound`` where the business rang.
    agent_channel : str
        ``left`` or ``right`` where the names are channels and the user has said which is the
        agent's, else ``auto``.
    agent, caller : str, optional
        Their names as the log has them.

    Returns
    -------
    Sides
        Where two are told apart and their words do not settle which is the agent, both stay
        ``unknown``, as the voices of a mono recording do.
    """
    names = list(dict.fromkeys(turn.speaker for turn in turns if turn.speaker is not None))
    if not names:
        return Sides({}, frozenset(), 0.0, ("The transcript names no speakers.",))
    of: dict[str, Speaker] = dict.fromkeys(names, "unknown")
    machines = frozenset(name for name in names if role_of(name) == "machine")
    open_names: list[str] = []
    for name in names:
        side = _told(name, direction, agent, caller)
        if side is not None:
            of[name] = side
        elif role_of(name) not in ("machine", "nobody"):
            open_names.append(name)
    told = {of[name] for name in names} - {"unknown"}
    bearers = [name for name in names if of[name] != "unknown"]
    if len(told) == 1 and not open_names and len({name.casefold() for name in bearers}) > 1:
        return _one_sided(turns, bearers, of, machines, direction)
    if len(told) == 1 and len(open_names) == 1:
        of[open_names.pop()] = "caller" if told == {"agent"} else "agent"
    if not open_names:
        unsaid = any(turn.speaker is None for turn in turns)
        doubtful = _contradicted(turns, of, direction)
        remarks: tuple[str, ...] = ("Some turns name no speaker.",) if unsaid and told else ()
        remarks += (CONTRADICTED,) if doubtful else ()
        return Sides(of, machines, 0.5 if doubtful else float(bool(told)), remarks)
    if len(open_names) == 2 and not told:
        return _by_words(turns, sorted(open_names) if agent_channel != "auto" else open_names,
                         of, machines, direction, agent_channel)  # fmt: skip
    if told:
        return Sides(of, machines, 1.0, ("The transcript names further speakers.",))
    remark = (
        "The transcript names one speaker, who may be either side."
        if len(open_names) == 1
        else f"The transcript names {len(open_names)} speakers, and none as agent or caller."
    )
    return Sides(of, machines, 0.0, (remark,))


def _one_sided(
    turns: Sequence[Turn],
    bearers: Sequence[str],
    of: dict[str, Speaker],
    machines: frozenset[str],
    direction: Direction,
) -> Sides:
    """Go by the words of two who are named as one side, and leave the sides open of others."""
    of |= dict.fromkeys(bearers, "unknown")
    if len(bearers) > 2:
        return Sides(of, machines, 0.0, (ONE_SIDE,))
    found = _by_words(turns, bearers, of, machines, direction, "auto")
    return replace(found, remarks=(ONE_SIDE, *found.remarks))


def _contradicted(turns: Sequence[Turn], of: Mapping[str, Speaker], direction: Direction) -> bool:
    """Tell whether the one called the agent speaks as a caller does, and the other way round."""
    if {"agent", "caller"} - set(of.values()):
        return False
    agent, caller = (
        " ".join(turn.text for turn in turns if of.get(turn.speaker or "") == side)
        for side in ("agent", "caller")
    )
    side, confidence, doubt = agent_side((agent, caller), "auto", direction=direction)
    return side == 1 and not doubt and confidence > _SURELY


def _told(name: str, direction: Direction, agent: str | None, caller: str | None) -> Speaker | None:
    role = role_of(name)
    if role in ("agent", "caller"):
        return "agent" if role == "agent" else "caller"
    if role in ("rang", "was_rung") and direction == "inbound":
        return "caller" if role == "rang" else "agent"
    if role is None and is_called(name, agent) != is_called(name, caller):
        return "agent" if is_called(name, agent) else "caller"
    return None


def is_called(name: str, known: str | None) -> bool:
    """Tell whether a name is a person's whole name, or the first word of it.

    Examples
    --------
    >>> is_called("Ann", "Ann Miller"), is_called("Miller", "Ann Miller")
    (True, False)
    """
    if not known:
        return False
    one, other = name.casefold().split(), known.casefold().split()
    return bool(one and other) and (one == other or one == other[:1])


def _by_words(
    turns: Sequence[Turn],
    pair: Sequence[str],
    of: dict[str, Speaker],
    machines: frozenset[str],
    direction: Direction,
    agent_channel: str,
) -> Sides:
    texts = [" ".join(turn.text for turn in turns if turn.speaker == name) for name in pair]
    first = next(pair.index(turn.speaker) for turn in turns if turn.speaker in pair)
    agent, confidence, doubt = agent_side(texts, agent_channel, direction=direction, first=first)
    if doubt and agent_channel == "auto":
        remark = "Two speakers are separated, but which of them is the agent is not known."
        return Sides(of, machines, 0.0, (remark,))
    of[pair[agent]], of[pair[1 - agent]] = "agent", "caller"
    remark = doubt or (
        "Which speaker is the agent was decided by what they say."
        if agent_channel == "auto"
        else "Which speaker is the agent is as the setting says."
    )
    return Sides(of, machines, confidence, (remark,))
