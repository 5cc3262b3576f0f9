"""Share-safe pages of shops whose every free text and every call holds private words.

``python -m benchmarks share-safe`` makes shops of random callers. Each caller's name, number and
e-mail address stands in the log's notes, tags and transcripts, said, spelled and written in many
ways, and in leads. Every report that ships is made share-safe, and its page, file name and
metadata are searched for each of them: numbers by their figures, also as words, addresses by both
halves, names whole. Numbers and addresses must be in none. A name is only found by redaction where
it is introduced or known, so of names the share is given; names of the log itself are in none.
"""

from __future__ import annotations

import argparse
import html
import json
import random
import re
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from faker import Faker

from calltrack_nb import Workspace, reporting
from calltrack_nb.workspace import pipeline
from calltrack_nb.workspace.init import init_workspace
from tools.trial_shop import listen_quickly

CALLS = 24
LOCALES = ("en_US", "en_GB", "es_ES", "de_DE", "en_IN")
REPORTS = (
    "owner_brief", "listen_and_learn", "campaign_effectiveness", "number_audit",
    "tweak_adjust_repeat",
)  # fmt: skip
HEADER = (
    "Call Status,Start Time,Duration (seconds),Phone Number,Tracking Number,Source,Name,Note,Tags,"
    "City\n"
)
WORDS = ("oh", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
WANTS = (
    "I want a wedding cake for Saturday", "do you make gluten free cakes",
    "how much is a birthday cake, that is too expensive for me", "when do you open on Sunday",
    "I would like to book a tasting", "I found another bakery that is cheaper",
)  # fmt: skip
KINDS = ("pages", "numbers", "addresses", "names of the log", "names said", "refused")


@dataclass(frozen=True)
class Person:
    """A caller, and somebody whom the caller mentions."""

    first: str
    last: str
    number: str
    email: str

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first} {self.last}"

    def numbers(self) -> tuple[str, ...]:
        """Return ways in which the number is written and said."""
        a, b, c = self.number[:3], self.number[3:6], self.number[6:]
        said = " ".join(WORDS[int(figure)] for figure in self.number)
        return (
            f"({a}) {b}-{c}", f"{a}-{b}-{c}", f"{a}.{b}.{c}", f"+1{self.number}", self.number,
            f"{a} {b} {c}", said,
        )  # fmt: skip

    def emails(self) -> tuple[str, ...]:
        """Return ways in which the address is written and said."""
        user, host = self.email.split("@")
        spoken = f"{user.replace('.', ' dot ')} at {host.replace('.', ' dot ')}"
        return (self.email, self.email.upper(), f"mailto:{self.email}", spoken)


def _person(rng: random.Random, fakers: list[Faker]) -> Person:
    fake = rng.choice(fakers)
    first, last = fake.first_name(), fake.last_name().split()[0]
    plain = re.sub(r"[^a-z]", "", f"{first}{last}".lower().encode("ascii", "ignore").decode())
    area = rng.choice(("404", "212", "678", "312"))
    number = f"{area}{rng.randint(220, 989)}{rng.randint(1000, 9999)}"
    host = rng.choice(("gmail.com", "web.de", "example.org"))
    return Person(first, last, number, f"{plain or 'someone'}.{rng.randint(10, 99)}@{host}")


def _note(person: Person, rng: random.Random) -> str:
    number, email = rng.choice(person.numbers()), rng.choice(person.emails())
    return rng.choice((
        f"Spoke to {person.name}; ring back on {number} or {email}",
        f"{person.name} <{email}> wants a quote. Tel {number}",
        f"ask for {person.first} ({number}); mail {email}",
    ))  # fmt: skip


def _said(person: Person, friend: Person, rng: random.Random) -> str:
    number, email = rng.choice(person.numbers()), rng.choice(person.emails())
    introduced = rng.choice(("My name is", "This is", "It's", "I'm"))
    return "\n".join((
        "Agent: Good morning, Sugar and Crumb, how can I help?",
        f"Caller: Hello. {introduced} {person.name}. {rng.choice(WANTS)}.",
        "Agent: Of course. What is the best number for you?",
        f"Caller: It is {number}.",
        f"Agent: Thank you {person.first}, so {number}. And an e-mail address?",
        f"Caller: Sure, {email}. My husband {friend.name} has {rng.choice(friend.numbers())}.",
        f"Agent: Great, Mr. {person.last}. I have booked you in for Saturday at ten.",
    ))  # fmt: skip


def make_shop(folder: Path, seed: int) -> tuple[Workspace, list[Person], list[Person]]:
    """Make a shop, and name those of its log and those of whom was only spoken."""
    rng = random.Random(seed)
    fakers = [Faker(locale) for locale in LOCALES]
    for fake in fakers:
        fake.seed_instance(seed)
    people = [_person(rng, fakers) for _ in range(CALLS)]
    friends = [_person(rng, fakers) for _ in range(CALLS)]
    shop = init_workspace(folder)
    listen_quickly(shop)
    rows = [
        f"Answered Call,2026-0{7 + n % 2}-{1 + n:02} 1{n % 8}:0{n % 6}:00,{60 + n},"
        f"{person.number},(212) 555-01{11 + n % 2},{('Google Ads', 'Flyer')[n % 2]},"
        f'"{person.name}","{_note(person, rng)}","{person.name}; VIP",Atlanta'
        for n, person in enumerate(people)
    ]
    (shop.raw / "calls.csv").write_text(HEADER + "\n".join(rows) + "\n")
    shop = Workspace(shop.folder)
    with shop.lock():
        step = pipeline.import_logs(shop)
        if step.problems:
            raise RuntimeError(step.problems)
        calls = shop.table("calls").sort_values("started_at")
        by_number = {
            person.number: (person, friend) for person, friend in zip(people, friends, strict=True)
        }
        for call_id, number in zip(calls["call_id"], calls["caller_number"], strict=True):
            person, friend = by_number[str(number).removeprefix("+1")]
            name = f"{str(call_id).replace(':', '_')}.txt"
            (shop.recordings / name).write_text(_said(person, friend, rng))
        pipeline.transcribe_calls(shop, choice=shop.settings.transcription)
        pipeline.listen_to_calls(shop)
    return shop, people, friends


def leaks(text: str, people: list[Person]) -> Counter[str]:
    """Count what of some people stands in a text."""
    plain = html.unescape(text)
    figures = re.sub(r"[^0-9a-z,;<>\"|/\n]+", "", plain.casefold())
    words = " ".join(re.findall(r"[^\W_]+", plain.casefold()))
    found: Counter[str] = Counter()
    for person in people:
        spoken = " ".join(WORDS[int(figure)] for figure in person.number)
        found["numbers"] += person.number in figures or spoken in words
        user, host = person.email.split("@")
        said = f"{user.replace('.', ' dot ')} at {host.replace('.', ' dot ')}"
        found["addresses"] += user.replace(".", " ") in words or said in words
        name = " ".join(re.findall(r"[^\W_]+", person.name.casefold()))
        found["names"] += f" {name} " in f" {words} "
    return found


def main(argv: list[str]) -> None:
    """Print what private words share-safe pages hold."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks share-safe", description=__doc__)
    parser.add_argument("--shops", type=int, default=10)
    parser.add_argument("--seed", type=int, default=0, help="of the first")
    parser.add_argument("--only", nargs="+", default=REPORTS, help="reports")
    asked = parser.parse_args(argv)
    counts: Counter[str] = Counter()
    said = 0
    for seed in range(asked.seed, asked.seed + asked.shops):
        with tempfile.TemporaryDirectory() as name:
            shop, people, friends = make_shop(Path(name) / "shop", seed)
            jobs = reporting.prepare(shop, asked.only, {"share_safe": True})
            for run in reporting.run_reports(shop, jobs, shop.reports):
                if run.html is None:
                    counts["refused"] += 1
                    print(f"{seed} {run.name}: {run.error}"[:400], flush=True)
                    continue
                counts["pages"] += 1
                text = f"{run.html.name}\n{run.html.read_text()}"
                known, others = leaks(text, people), leaks(text, friends)
                said += len(friends)
                counts["numbers"] += known["numbers"] + others["numbers"]
                counts["addresses"] += known["addresses"] + others["addresses"]
                counts["names of the log"] += known["names"]
                counts["names said"] += others["names"]
                if any(known.values()) or others["numbers"] or others["addresses"]:
                    print(f"{seed} {run.name}: {dict(known)} {dict(others)}", flush=True)
    print("".join(f"{kind:>18}" for kind in KINDS))
    print("".join(f"{counts[kind]:18,}" for kind in KINDS))
    print(json.dumps({kind.replace(" ", "_"): counts[kind] for kind in KINDS} | {"said": said}))
