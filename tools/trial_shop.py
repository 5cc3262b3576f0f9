"""What the small shops of trials have in common: quick listening, and callers of four kinds."""

from __future__ import annotations

from typing import Final

from calltrack_nb.workspace import Workspace

SENTENCES: Final = (
    "I want a wedding cake for Saturday", "do you make gluten free cakes",
    "how much is a birthday cake", "when do you open on Sunday",
)  # fmt: skip


def listen_quickly(shop: Workspace) -> None:
    """Set a new workspace to group a few calls by their words, for which no model is loaded."""
    path = shop.folder / "calltrack.toml"
    quick = '[listening]\nembedder = "tfidf"\nmin_calls = 4\n'
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("[listening]\n", quick), encoding="utf-8")


def transcripts(shop: Workspace, *, more: str = "") -> None:
    """Put a provider's transcript of every call into the workspace.

    Parameters
    ----------
    shop : Workspace
        With its log read.
    more : str
        What the fourth caller says besides.
    """
    calls = shop.table("calls").sort_values("started_at")["call_id"]
    for n, call_id in enumerate(calls):
        said = f"Agent: Good morning, Sugar and Crumb.\nCaller: Hello, {SENTENCES[n % 4]}, please."
        said += f"\nCaller: {more}" if more and n == 3 else ""
        (shop.recordings / f"{call_id.replace(':', '_')}.txt").write_text(said)
