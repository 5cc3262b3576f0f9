"""Parquet files, read in batches."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
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

_MOST_TEXT: Final = 256 * 1024**2
"""Most bytes of text that are read at once."""
_FEWEST_ROWS: Final = 1000


def open_parquet(content: Content) -> Sheet:
    """Open a Parquet file; its columns are named already.

    Parameters
    ----------
    content : Content

    Raises
    ------
    SourceError
        When it is damaged or protected, or its rows would fill the memory.
    """
    try:
        with content.open() as file:
            schema = pq.ParquetFile(file).schema_arrow
    except (pa.ArrowException, OSError) as error:
        raise _damaged(content, error) from error
    columns = unique_names(schema.names, str(content))
    # a text that is stored once for many rows is not copied for each before it is measured
    texts = [field.name for field in schema if _is_text(field.type)]

    def chunks() -> Iterator[Chunk]:
        done = 0
        try:
            with content.open() as file:
                table = pq.ParquetFile(file, read_dictionary=texts)
                for batch in table.iter_batches(batch_size=_rows_at_once(table.metadata, content)):
                    if sum(map(_letters, batch.columns)) > _MOST_TEXT:
                        raise _too_much(content)
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


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_binary(kind))


def _letters(column: pa.Array) -> int:
    """Count the bytes of a column's texts, each as often as it stands there."""
    if not pa.types.is_dictionary(column.type):
        return int(column.nbytes)
    lengths = pc.binary_length(column.dictionary).take(column.indices)
    return int(pc.sum(lengths).as_py() or 0)


def _rows_at_once(metadata: pq.FileMetaData, content: Content) -> int:
    """Return how many rows to read at once; few where they are large."""
    groups = [metadata.row_group(i) for i in range(metadata.num_row_groups)]
    row = max((group.total_byte_size / max(group.num_rows, 1) for group in groups), default=0)
    if row > _MOST_TEXT / _FEWEST_ROWS:
        raise _too_much(content)
    return int(min(CHUNK_ROWS, max(_FEWEST_ROWS, _MOST_TEXT / 2 / max(row, 1))))


def _too_much(content: Content) -> SourceError:
    return SourceError(
        "The Parquet file's rows hold more text than a call log does",
        where=content,
        fix="Export it without its longest column, or as CSV",
    )


def _damaged(content: Content, error: Exception) -> SourceError:
    return SourceError(
        "The Parquet file cannot be read",
        where=f"{content} ({str(error).splitlines()[0] if str(error) else type(error).__name__})",
        fix="Export it as CSV",
    )
