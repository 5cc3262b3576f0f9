"""A workspace with calls whose words are known, listened to and ready to be checked."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pandas as pd
import soundfile

from calltrack_nb import schema
from calltrack_nb.transcription import Transcript, Utterance
from calltrack_nb.workspace import Workspace, pipeline

SETTINGS = (
    '[business]\nname = "Sugar & Crumb"\ntimezone = "UTC"\n\n[listening]\nembedder = "tfidf"\n'
)
ASKED = (
    "I need a wedding cake for eighty people in June",
    "Do you deliver birthday cakes to Queens on Saturdays",
    "I want to order two loaves of sourdough bread",
    "Can I book a baking class for my daughter",
)
ANSWERED = (
    "That is too expensive for me",
    "Okay, see you then",
    "I have to ask my husband first",
    "Great, thank you so much",
)


def transcript(number: int) -> Transcript:
    """What was said in a call: a greeting, an inquiry, an offer, an answer."""
    texts = (
        ("agent", "Sugar and Crumb, how can I help you today?"),
        ("caller", f"{ASKED[number % 4]} please"),
        ("agent", f"That would be {100 + number} dollars"),
        ("caller", f"{ANSWERED[(number // 4) % 4]}"),
    )
    said = tuple(
        Utterance(speaker, 4.0 * turn, 4.0 * turn + 3, text, 0.9)
        for turn, (speaker, text) in enumerate(texts)
    )
    spans = {
        who: tuple((one.start_s, one.end_s) for one in said if one.speaker == who)
        for who in ("caller", "agent")
    }
    return Transcript(said, spans, "two_party", 16.0, "fake", "fake")


def heard_shop(workspace: Workspace, calls: int = 60, *, sound: int = 0) -> Workspace:
    """Write calls and their transcripts into a workspace, and listen to them.

    The first `sound` of the calls have a recording too.
    """
    (workspace.folder / "calltrack.toml").write_text(SETTINGS)
    workspace = Workspace(workspace.folder)
    ids = [f"callrail:{number}" for number in range(calls)]
    log = pd.DataFrame(
        {
            "account": "main",
            "call_id": ids,
            "provider": "callrail",
            "started_at": pd.date_range("2026-08-01T09:00Z", periods=calls, freq="7h"),
            "duration_s": 60.0,
            "direction": "inbound",
            "status": "answered",
            "caller_number": [f"+1404555{number:04}" for number in range(calls)],
            "caller_key": [f"key{number}" for number in range(calls)],
            "tracking_number": "+12125550100",
            "campaign": ["Cakes - Search" if number % 2 else "Flyer" for number in range(calls)],
            "lead_status": "unknown",
            "recording": [f"{number}.wav" if number < sound else None for number in range(calls)],
        }
    )
    for name in ("calls", "provider_calls"):
        workspace.write_table(name, schema.conform(log, name))
    tone = 0.3 * np.sin(2 * np.pi * 440 * np.arange(16 * 8000) / 8000)
    for number in range(sound):
        workspace.recordings.mkdir(parents=True, exist_ok=True)
        soundfile.write(workspace.recordings / f"{number}.wav", np.stack([tone, tone], 1), 8000)
    return listen(workspace, {call_id: transcript(number) for number, call_id in enumerate(ids)})


def listen(workspace: Workspace, transcripts: dict[str, Transcript], model: str = "") -> Workspace:
    """Put transcripts into the store under keys of their own, and listen to them."""
    rows = []
    for call_id, made in transcripts.items():
        key = hashlib.sha256(f"{call_id}{model}".encode()).hexdigest()[:40]
        workspace.transcripts.put(key, made)
        name = f"{call_id.partition(':')[2]}.wav"
        here = (workspace.recordings / name).is_file()
        rows.append(
            {
                "account": "main",
                "call_id": call_id,
                "path": name if here else None,
                "transcript_key": key,
                "origin": "audio",
            }
        )
    workspace.write_table("recordings", schema.conform(pd.DataFrame(rows), "recordings"))
    pipeline.listen_to_calls(workspace)
    return Workspace(Path(workspace.folder))
