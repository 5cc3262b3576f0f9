"""Right, asked or wrong in silence: logs of many systems and countries, read back.

Calls that are known are written as some forty systems and offices write them, in twelve
countries' notations: as they are (plain), with what offices and versions do to exports
(noisy), and with headers that mean nothing (scrambled). Each is imported into a workspace
that knows the country, the zone and the currency, and nothing else. For every file:

* right: every call is there once, with its start, caller, direction, status and duration as
  far as the file tells them; up to 2 % of cells may be left out with a note in quarantine;
* noted: all that was imported is right, and more than that was left out, with notes;
* asked: nothing was imported, and a reason was given;
* wrong: anything else, or the name of another vendor;
* crashed: the import failed by a fault of its own.

``--files DIR`` scores files of yours instead: FILE.csv (or another suffix) beside
FILE.truth.json, a list of calls ``{"started_at": UTC in ISO 8601, "caller", "duration_s",
"direction", "status"}`` with what the file tells, and FILE.toml, the whole
``calltrack.toml``, where it is needed. ``--write DIR`` keeps the files that are made, in that
form.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import Final

from benchmarks._intake_calls import Locale, load_locales, make_calls
from benchmarks._intake_files import SETTINGS, Case, read_cases, write_case
from benchmarks._intake_noise import SCRAMBLES, blinded, disturb, restyle, scrambled
from benchmarks._intake_reading import read_case
from benchmarks._intake_rendering import render, told_calls, truth_of
from benchmarks._intake_scoring import Verdict, judge, plain
from benchmarks._intake_shapes import Shape, load_shapes

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


def print_table(scored: Sequence[tuple[Case, Verdict]], summary: dict[str, object]) -> None:
    """Print a line per shape, and the first example of what is wrong in each."""
    print(f"{'':<24}{'headers known':^40}{'headers scrambled':^40}")
    print(f"{'shape':<24}" + 2 * "".join(f"{kind:>8}" for kind in KINDS))
    shapes = summary["shapes"]
    assert isinstance(shapes, dict)
    for name, counts in shapes.items():
        known = "".join(f"{counts.get(f'known_{kind}', 0) or '.':>8}" for kind in KINDS)
        blind = "".join(f"{counts.get(f'scrambled_{kind}', 0) or '.':>8}" for kind in KINDS)
        print(f"{name:<24}{known}{blind}")
    print("\nFirst example of each kind of verdict but right:")
    shown: set[tuple[str, str, str]] = set()
    for case, verdict in scored:
        faults = ", ".join(f"{name} {count}" for name, count in verdict.faults.items())
        key = (case.system, verdict.kind, "".join(sorted(verdict.faults)))
        if verdict.kind != "right" and key not in shown:
            shown.add(key)
            print(f"{case.path.name} [{case.noise or 'as it is'}]")
            print(f"  {verdict.kind}{f' ({faults})' if faults else ''}: {verdict.example[:300]}")


def main(argv: list[str]) -> None:
    """Make or read the files, score them, print the table and the counts."""
    shapes, countries = list(load_shapes()), list(load_locales())
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks intake",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--shapes", nargs="+", default=shapes, choices=shapes, metavar="NAME")
    parser.add_argument("--locales", nargs="+", default=countries, choices=countries)
    parser.add_argument("--rounds", type=int, default=1, help="noisy and scrambled files of each")
    parser.add_argument("--files", type=Path, help="score the files of this folder instead")
    parser.add_argument("--write", type=Path, help="keep the files that are made in this folder")
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args(argv)

    with tempfile.TemporaryDirectory(prefix="intake-files-") as made:
        folder = options.write or Path(made)
        folder.mkdir(parents=True, exist_ok=True)
        cases = (
            list(read_cases(options.files))
            if options.files
            else list(
                make_cases(options.shapes, options.locales, options.seed, options.rounds, folder)
            )
        )
        judge_one = partial(score, names=vendors())
        with ProcessPoolExecutor(options.processes) as pool:
            scored = list(zip(cases, pool.map(judge_one, cases, chunksize=4), strict=True))
    summary = summarise(scored)
    print_table(scored, summary)
    print(json.dumps(summary))
