"""The small workspace on which the committed notebooks were run.

It holds the sample's logs and, in place of its audio, transcripts that were made once:
Whisper's words differ a little from machine to machine, and a comparison of outputs
must not.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
from pathlib import Path

from calltrack_nb import audio, shipped
from calltrack_nb.transcription import Transcript
from calltrack_nb.workspace import Workspace, pipeline

TRANSCRIPTS = Path(__file__).resolve().parent / "transcripts.json.gz"


def build(folder: Path) -> Workspace:
    """Make the workspace in a new folder, from the sample's logs and the pinned words."""
    sample = shipped.sample()
    shutil.copytree(sample / "data" / "raw", folder / "data" / "raw")
    shutil.copytree(sample / "data" / "recordings", folder / "data" / "recordings")
    shutil.copy(sample / "calltrack.toml", folder)
    workspace = Workspace(folder)
    workspace.state.mkdir()
    (workspace.state / "secret").write_bytes(b"the same callers' keys each time")
    pipeline.import_logs(workspace)
    said = json.loads(gzip.decompress(TRANSCRIPTS.read_bytes()))
    matched = audio.match(workspace.table("calls"), workspace.recordings)
    accounts = workspace.table("calls").set_index("call_id")["account"]
    matched["account"] = matched["call_id"].map(accounts)
    stems = matched["path"].map(lambda path: Path(path).stem, na_action="ignore")
    if lost := sorted(set(said) - set(stems.dropna())):
        fix = "make the sample's reports, then run scripts/execute_notebooks.py --pin data/sample"
        raise AssertionError(f"pinned words without a recording ({', '.join(lost[:3])} ...): {fix}")
    keys = {stem: hashlib.sha256(stem.encode()).hexdigest()[:40] for stem in said}
    for stem, text in said.items():
        workspace.transcripts.put(keys[stem], Transcript.from_json(json.dumps(text)))
    matched["transcript_key"] = stems.map(keys)
    workspace.write_table("recordings", matched)
    pipeline.listen_to_calls(workspace)
    return workspace


def pin(workspace: Workspace) -> int:
    """Keep the transcripts of a workspace made from the sample; return how many."""
    known = workspace.table("recordings").dropna(subset="transcript_key")
    said = {}
    for row in known.sort_values("path").to_dict("records"):
        transcript = workspace.transcripts.get(row["transcript_key"])
        if transcript is not None:
            said[Path(row["path"]).stem] = json.loads(transcript.to_json())
    TRANSCRIPTS.write_bytes(gzip.compress(json.dumps(said, sort_keys=True).encode(), mtime=0))
    return len(said)
