"""Bytes, texts and JSON values changed at random, always the same for the same seed."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from typing import Any, Final

_NAN, _INFINITE = float("nan"), float("inf")
DEEP: Final = 3_000
"""Levels of a value that is nested deeper than Python recurses."""

ODD_TEXTS: Final[Sequence[str]] = (
    *("", " ", "\x00", "\ufeff", "\ud83d", "\u202e", "\r\n", "\t", "\x1b[2J", "🎂", "e\u0301", "ﬁ"),
    *("NaN", "nan", "inf", "-inf", "1e999", "-0", "0x10", "\uff11", "١٢٣", "²", "½", "1,5"),
    *("null", "None", "true", "{}", "[]", "%s", "{0}", "${x}", "../../x", "/dev/null", "~"),
    *("=1+1", '"', "'", '"a,b"', "<b>&amp;", "]]>", "<!--", "\\u0000", "a" * 5_000, "9" * 400),
    *("0000-00-00", "9999-12-31 23:59:59", "1677-01-01", "2262-04-12T00:00", "2026-02-30", "24:61"),
    *("2026-13", "2026-Q9", "2026-08..2026-07", "1e9", "-1", "9" * 20, "+1", "+14045550100"),
    *("anonymous", "2026-07-01T10:00:00+99:99", "0001-01-01T00:00:00+14:00", "00:00", "Infinity"),
)  # fmt: skip
ODD_VALUES: Final[Sequence[Any]] = (
    *(None, True, False, 0, -1, 1, 2**31, 2**63, 10**30, 10**400, 0.5, -0.0, 1e308, 5e-324),
    *(_NAN, _INFINITE, -_INFINITE, [], {}, [[]], [None], {"": None}, {"a": {"b": [1]}}),
)  # fmt: skip


def mutated_bytes(rng: random.Random, content: bytes, others: Sequence[bytes] = ()) -> bytes:
    """Change a file's bytes: flip, cut, double, splice, once to four times.

    Parameters
    ----------
    rng : random.Random
    content : bytes
    others : sequence of bytes
        Contents to splice pieces of into it.

    Examples
    --------
    >>> mutated_bytes(random.Random(1), b"some call log") == b"some call log"
    False
    """
    made = bytearray(content)
    for _ in range(rng.choice((1, 1, 2, 4))):
        made = rng.choice((_flip, _cut, _double, _overwrite, _insert, _shorten))(rng, made)
        if others and rng.random() < 0.2:
            made = _splice(rng, made, rng.choice(others))
    return bytes(made)


def _span(rng: random.Random, content: bytearray, most: int = 200) -> tuple[int, int]:
    start = rng.randint(0, len(content))
    return start, min(len(content), start + rng.randint(1, most))


def _flip(rng: random.Random, content: bytearray) -> bytearray:
    for _ in range(rng.randint(1, 8)):
        if content:
            content[rng.randrange(len(content))] ^= 1 << rng.randrange(8)
    return content


def _cut(rng: random.Random, content: bytearray) -> bytearray:
    return content[: rng.randint(0, len(content))]


def _double(rng: random.Random, content: bytearray) -> bytearray:
    start, end = _span(rng, content, rng.choice((20, 500, len(content) + 1)))
    return content[:end] + content[start:end] * rng.choice((1, 1, 3, 50)) + content[end:]


def _overwrite(rng: random.Random, content: bytearray) -> bytearray:
    start, end = _span(rng, content, 16)
    filling = rng.choice((b"\x00", b"\xff", b"\x7f", b" ", rng.randbytes(1)))
    content[start:end] = filling * (end - start)
    return content


def _insert(rng: random.Random, content: bytearray) -> bytearray:
    odd = rng.choice(ODD_TEXTS).encode("utf-8", "surrogatepass")
    at = rng.randint(0, len(content))
    return content[:at] + rng.choice((odd, rng.randbytes(8), b"\x00" * 100)) + content[at:]


def _shorten(rng: random.Random, content: bytearray) -> bytearray:
    start, end = _span(rng, content)
    return content[:start] + content[end:]


def _splice(rng: random.Random, content: bytearray, other: bytes) -> bytearray:
    start, end = _span(rng, bytearray(other), 2_000)
    at = rng.randint(0, len(content))
    return content[:at] + other[start:end] + content[at:]


def mutated_value(rng: random.Random, value: Any) -> Any:
    """Change a value of JSON in one place: another type, another figure, more or less of it.

    Parameters
    ----------
    rng : random.Random
    value : object
        Of dicts, lists, texts, numbers, booleans and None; it stays as it is.

    Examples
    --------
    >>> mutated_value(random.Random(0), {"id": 1, "tags": ["a"]}) != {"id": 1, "tags": ["a"]}
    True
    """
    if isinstance(value, dict) and value and rng.random() < 0.85:
        return _mutated_members(rng, value)
    if isinstance(value, list) and value and rng.random() < 0.85:
        return _mutated_items(rng, value)
    return _of_its_kind(rng, value) if rng.random() < 0.45 else _of_any_kind(rng, value)


def _mutated_members(rng: random.Random, value: dict[Any, Any]) -> dict[Any, Any]:
    name = rng.choice(list(value))
    way = rng.random()
    if way < 0.08:
        return {key: one for key, one in value.items() if key != name}
    if way < 0.14:
        return {(rng.choice(ODD_TEXTS) if key == name else key): one for key, one in value.items()}
    return {**value, name: mutated_value(rng, value[name])}


def _mutated_items(rng: random.Random, value: list[Any]) -> list[Any]:
    at = rng.randrange(len(value))
    way = rng.random()
    if way < 0.08:
        return value[:at] + value[at + 1 :]
    if way < 0.16:
        return value[: at + 1] * rng.choice((1, 1, 20)) + value[at:]
    return [*value[:at], mutated_value(rng, value[at]), *value[at + 1 :]]


def _of_its_kind(rng: random.Random, value: Any) -> Any:
    """Return another value of the same type, which readers take further in."""
    if isinstance(value, str):
        return rng.choice((rng.choice(ODD_TEXTS), mutated_text(rng, value)))
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return rng.choice((0, 1, 2, -value, value + 1, value * 1000, 2**63, 10**30, 10**400))
    if isinstance(value, float):
        return rng.choice((0.0, 1e-9, -value, 1 - 1e-9, value * 1e6, 1e308, _NAN, _INFINITE))
    return rng.choice(ODD_VALUES)


def _of_any_kind(rng: random.Random, value: Any) -> Any:
    way = rng.random()
    if way < 0.4:
        return rng.choice(ODD_TEXTS)
    if way < 0.75:
        return rng.choice(ODD_VALUES)
    if way < 0.85:
        return nested(rng.choice((20, 500)))
    return rng.choice(([value], {"value": value}, str(value)[:1000]))


def nested(levels: int) -> Any:
    """Nest lists.

    Examples
    --------
    >>> nested(2)
    [[[]]]
    """
    value: Any = []
    for _ in range(levels):
        value = [value]
    return value


def mutated_text(rng: random.Random, text: str) -> str:
    """Change a text: letters doubled, left out, or odd ones put in.

    Examples
    --------
    >>> len(mutated_text(random.Random(0), "a call")) > 0
    True
    """
    at, end = sorted((rng.randint(0, len(text)), rng.randint(0, len(text))))
    return rng.choice(
        (
            text[:at] + rng.choice(ODD_TEXTS) + text[at:],
            text[:at] + text[end:],
            text[:end] + text[at:],
            text.upper(),
            text[::-1],
            text * rng.choice((2, 100)),
        )
    )


def odd_json(rng: random.Random, value: Any) -> bytes:
    """Write a value as JSON, sometimes as no writer should: NaN, halves of letters, doubled keys.

    Examples
    --------
    >>> json.loads(odd_json(random.Random(1), {"a": 1}))
    {'a': 1}
    """
    text = json.dumps(value, ensure_ascii=rng.random() < 0.7, indent=rng.choice((None, 1)))
    way = rng.random()
    if way < 0.05 and text.startswith("{"):
        text = "{" + text[1:-1].strip() + ("," if value else "") + text[1:].lstrip()
    elif way < 0.08:
        text = text.replace("1", "1" * 5_000, 1)  # more figures than Python reads as a number
    elif way < 0.11:
        at = text.find(":") + 1
        text = f"{text[:at]}{'[' * DEEP}{']' * DEEP},{text[at:]}"
    elif way < 0.13:
        text = "[" * 100_000
    encoding = rng.choice(("utf-8",) * 8 + ("utf-8-sig", "utf-16", "utf-16-le", "utf-32", "cp1252"))
    if encoding.startswith("utf"):
        return text.encode(encoding, "surrogatepass")
    return text.encode(encoding, "replace")
