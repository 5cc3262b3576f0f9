"""Files as providers write them, for the readers' tests."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from calltrack_nb import providers
from calltrack_nb.settings import Settings


@pytest.fixture
def settings() -> Settings:
    """A business in New York."""
    return Settings()


@pytest.fixture
def read_one(tmp_path: Path, settings: Settings) -> Callable[..., providers.Batch]:
    """Write records as JSON, or text as it is, and read them back in one batch."""

    def read(content: Any, name: str = "file", **options: Any) -> providers.Batch:
        path = tmp_path / name
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            text = content if isinstance(content, str) else json.dumps(content)
            path.write_text(text, encoding="utf-8")
        batches = list(providers.read(path, options.pop("settings", settings), **options))
        assert len(batches) == 1
        return batches[0]

    return read


@pytest.fixture
def import_csv(tmp_path: Path, settings: Settings) -> Callable[..., pd.DataFrame]:
    """Write a frame as CSV and read it back as calls."""

    def read(
        frame: pd.DataFrame, name: str = "log.csv", said: Settings | None = None
    ) -> pd.DataFrame:
        path = tmp_path / "log.csv"
        frame.to_csv(path, index=False)
        batches = list(providers.open_source(path, settings).batches())
        return pd.concat([batch.tables["calls"] for batch in batches], ignore_index=True)

    return read
