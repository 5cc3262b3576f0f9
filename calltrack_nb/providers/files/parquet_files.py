"""Parquet files, read in batches."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from calltrack_nb.errors import SourceError
from calltrack_nb.providers.files.contents import Content
from calltrack_nb.providers.files.sheets import (
    CHUNK_ROWS,
    Chunk,
    Sheet,
    blank_to_missing,
    unique_names,
)
from calltrack_nb.providers.files.typed_texts import typed_text


def open_parquet(content: Content) -> Sheet:
    """Open a Parquet file; its columns are named already.

    Parameters
    ----------
    content : Content

    Raises
    ------
    SourceError
        When it is damaged or protected.
    """
    try:
        with content.open() as file:
            names = pq.ParquetFile(file).schema_arrow.names
    except (pa.ArrowException, OSError) as error:
        raise _damaged(content, error) from error
    columns = unique_names(names, str(content))

    def chunks() -> Iterator[Chunk]:
        done = 0
        try:
            with content.open() as file:
                for batch in pq.ParquetFile(file).iter_batches(batch_size=CHUNK_ROWS):
                    data = {
                        name: [typed_text(value) for value in column.to_pylist()]
                        for name, column in zip(columns, batch.columns, strict=True)
                    }
                    frame = blank_to_missing(pd.DataFrame(data, dtype="str"))
                    yield Chunk(frame, np.arange(done + 1, done + len(frame) + 1, dtype=np.int64))
                    done += len(frame)
        except (pa.ArrowException, OSError, ValueError) as error:
            raise _damaged(content, error) from error

    return Sheet(columns, "Parquet", chunks)


def _damaged(content: Content, error: Exception) -> SourceError:
    return SourceError(
        "The Parquet file cannot be read",
        where=f"{content} ({str(error).splitlines()[0] if str(error) else type(error).__name__})",
        fix="Export it as CSV",
    )
