"""Files of every system and country, made or kept, imported and judged one by one."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from tools.intake.calls import Locale, load_locales, make_calls
from tools.intake.files import SETTINGS, Case, write_case
from tools.intake.noise import SCRAMBLES, blinded, disturb, restyle, scrambled
from tools.intake.reading import read_case
from tools.intake.rendering import render, told_calls, truth_of
from tools.intake.scoring import Verdict, judge, plain
from tools.intake.shapes import Shape, load_shapes

KINDS: Final = ("right", "noted", "asked", "wrong", "crashed")


def make_case(
    shape: Shape, locale: Locale, variant: str, seed: int, folder: Path, turn: int = 0
) -> Case:
    """Write one shape's file for one country, in one variant, with its truth."""
    key = f"{seed}-{turn}-{shape.name}-{locale.country}"
    rng = random.Random(f"{key}-{variant}")
    calls = told_calls(shape, make_calls(locale, key))
    columns = shape.columns_for(locale)
    noise: list[str] = []
    if variant == "noisy" and shape.header:
        columns, noise = restyle(columns, shape.needed, rng, locale)
    if variant == "scrambled":
        columns = blinded(columns)
        if any(column.kind == "course" for column in columns):
            calls = tuple(call for call in calls if call.direction == "inbound")
    sheet = render(shape, columns, calls, locale, key)
    if variant == "noisy" or (variant == "scrambled" and rng.random() < 0.5):
        sheet, done = disturb(sheet, rng)
        noise = [*noise, *done]
    if variant == "scrambled":
        how = rng.choice(SCRAMBLES)
        sheet, noise = scrambled(sheet, how), [*noise, f"headers: {how}"]
    truth = truth_of(sheet, shape)
    path = folder / f"{shape.name}-{locale.country}-{variant}{turn or ''}.{sheet.container}"
    settings = SETTINGS.format(country=locale.country, zone=locale.zone, currency=locale.currency)
    case = Case(path=path, settings=settings, variant=variant, noise="; ".join(noise), **truth)
    write_case(case, sheet)
    return case


def make_cases(
    names: Sequence[str], countries: Sequence[str], seed: int, rounds: int, folder: Path
) -> Iterator[Case]:
    """Write every file of the shapes and countries asked for: plain once, the others in rounds."""
    shapes, locales = load_shapes(), load_locales()
    for name in names:
        shape = shapes[name]
        variants = [("plain", 0)]
        for turn in range(rounds):
            variants += [("noisy", turn)] + [("scrambled", turn)] * shape.header
        for country in countries:
            if shape.serves(country):
                for variant, turn in variants:
                    yield make_case(shape, locales[country], variant, seed, folder, turn)


def vendors() -> frozenset[str]:
    """Return every name of a system that the shapes know, in letters and digits."""
    return frozenset(plain(name) for shape in load_shapes().values() for name in shape.providers)


def score(case: Case, names: frozenset[str]) -> Verdict:
    """Import a file and judge what came out; ``names`` as :func:`vendors` gives them."""
    try:
        reading = read_case(case)
    except Exception as error:  # noqa: BLE001 - a crash is a finding, and the others go on
        return Verdict("crashed", example=f"{type(error).__name__}: {error}")
    return judge(case, reading, names)


def summarise(scored: Sequence[tuple[Case, Verdict]]) -> dict[str, object]:
    """Count the verdicts: in all, by known and scrambled headers, and by shape."""
    by_shape: dict[str, Counter[str]] = {}
    totals: Counter[str] = Counter()
    for case, verdict in scored:
        group = "scrambled" if case.scrambled else "known"
        totals[f"{group}_{verdict.kind}"] += 1
        by_shape.setdefault(case.system, Counter())[f"{group}_{verdict.kind}"] += 1
    groups = [f"{group}_{kind}" for group in ("known", "scrambled") for kind in KINDS]
    return {
        "runs": len(scored),
        **{name: totals[name] for name in groups},
        "wrong_in_silence": totals["known_wrong"] + totals["scrambled_wrong"],
        "shapes": {
            name: {key: counts[key] for key in groups if counts[key]}
            for name, counts in by_shape.items()
        },
    }
