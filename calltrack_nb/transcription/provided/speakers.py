"""Who of a provider's speakers is the agent: by what they are called, else by what they say."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from calltrack_nb.transcription.parties import Direction, agent_side
from calltrack_nb.transcription.provided.turns import Turn
from calltrack_nb.transcription.transcript import Speaker

Role = Literal["agent", "caller", "machine", "rang", "was_rung", "nobody"]

_ROLES: Final[Mapping[Role, str]] = {
    "agent": "agent business rep representative advisor adviser operator employee staff company "
    "receptionist csr internal host support office shop store salesperson sales team dispatcher "
    "handler clerk consultant agente asesor asesora operador operadora empleado empleada "
    "representante mitarbeiter mitarbeiterin berater beraterin conseiller conseill\u00e8re "
    "operatore operatrice medewerker atendente consulente konsultant",
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
CONTRADICTED: Final = "What is said speaks for the sides being named the other way round."


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
    >>> role_of("Speaker 1"), role_of("Sarah"), role_of("So the customer said to me")
    (None, None, None)
    """
    bare = re.sub(r"\(.*?\)", " ", name.lower())
    words = [word for word in re.findall(r"[^\W\d_]+", bare) if word != "the"]
    roles = [_ROLE_OF[word] for word in words if word in _ROLE_OF]
    if not roles or len(words) > _LONGEST:
        return None
    # "automated agent" and "virtual agent" are machines, "unknown caller" is a caller
    if "machine" in roles or "virtual" in words:
        return "machine"
    return next((role for role in reversed(roles) if role != "nobody"), "nobody")


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
    if not open_names:
        unsaid = any(turn.speaker is None for turn in turns)
        doubtful = _contradicted(turns, of, direction)
        remarks: tuple[str, ...] = ("Some turns name no speaker.",) if unsaid and told else ()
        remarks += (CONTRADICTED,) if doubtful else ()
        return Sides(of, machines, 0.5 if doubtful else float(bool(told)), remarks)
    if len(told) == 1 and len(open_names) == 1:
        of[open_names[0]] = "caller" if told == {"agent"} else "agent"
        return Sides(of, machines, 1.0)
    if len(open_names) == 2 and not told:
        return _by_words(turns, sorted(open_names) if agent_channel != "auto" else open_names,
                         of, machines, direction, agent_channel)  # fmt: skip
    if told:
        return Sides(of, machines, 1.0, ("The transcript names further speakers.",))
    remark = (
        "The transcript names one speaker, who may be either."
        if len(open_names) == 1
        else f"The transcript names {len(open_names)} speakers, and none as agent or caller."
    )
    return Sides(of, machines, 0.0, (remark,))


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
    if role is None and _is(name, agent) != _is(name, caller):
        return "agent" if _is(name, agent) else "caller"
    return None


def _is(name: str, known: str | None) -> bool:
    """Tell whether a name is a person's whole name, or the first word of it."""
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
        remark = "Two speakers are told apart, but not which of them is the agent."
        return Sides(of, machines, 0.0, (remark,))
    of[pair[agent]], of[pair[1 - agent]] = "agent", "caller"
    remark = doubt or (
        "Which speaker is the agent was told by what they say."
        if agent_channel == "auto"
        else "Which speaker is the agent is as the setting says."
    )
    return Sides(of, machines, confidence, (remark,))
