"""Tables as a reader sees them: plain HTML, words for headings, figures that line up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal

import great_tables as gt
import pandas as pd

from calltrack_nb.errors import ReportError
from calltrack_nb.reporting.showing import show_html
from calltrack_nb.reporting.style import INK, MUTED, RULE

Format = Literal["integer", "number", "percent", "money", "seconds", "date", "text"]

_MISSING: Final = "\N{EN DASH}"
_FONTS: Final = ["system-ui", "-apple-system", "Segoe UI", "Roboto", "Helvetica", "Arial"]


def table_html(
    frame: pd.DataFrame,
    *,
    id: str,  # noqa: A002 - the attribute's own name
    title: str = "",
    note: str = "",
    labels: Mapping[str, str] | None = None,
    formats: Mapping[str, Format] | None = None,
    currency: str = "USD",
) -> str:
    """Render a table as HTML.

    Parameters
    ----------
    frame : pandas.DataFrame
        Rows as they should appear; the index is left out.
    id : str
        Fixed id of the element, unique within a report: random ones would make every
        run differ.
    title, note : str
        A heading over the table and a note under it.
    labels : mapping, optional
        Column name to heading; others are made from the name.
    formats : mapping, optional
        Column name to one of ``integer``, ``number`` (one decimal), ``percent`` (of a
        share), ``money``, ``seconds`` (as m:ss), ``date``, ``text``; without one,
        numbers are shown as integers where they all are, else with one decimal.
    currency : str
        Three letters, for columns of money.

    Raises
    ------
    ReportError
        When a format or label names a column the frame does not have.
    """
    names = [str(name) for name in frame.columns]
    unknown = (set(labels or {}) | set(formats or {})) - set(names)
    if unknown:
        raise ReportError(
            f"The table {id} has no such column",
            where=", ".join(sorted(unknown)),
            fix=f"It has {', '.join(names)}",
        )
    plain = frame.set_axis(names, axis="columns").reset_index(drop=True)
    plain = plain.apply(_plain)
    wanted = {name: (formats or {}).get(name) or _guess(plain[name]) for name in names}
    table = gt.GT(_prepared(plain, wanted), id=id)
    table = table.cols_label(
        {name: (labels or {}).get(name, _heading(name, wanted[name])) for name in names}
    )
    for name, kind in wanted.items():
        table = _formatted(table, name, kind, currency)
    figures = [name for name in names if wanted[name] not in ("text", "date")]
    if figures:
        table = table.cols_align(align="right", columns=figures)
    words = [name for name in names if name not in figures]
    if words:
        table = table.cols_align(align="left", columns=words)
    table = table.sub_missing(missing_text=_MISSING)
    if title:
        table = table.tab_header(title=title)
    if note:
        table = table.tab_source_note(note)
    return f'<div class="ct-table">{_styled(table).as_raw_html()}</div>'


def show_table(
    frame: pd.DataFrame,
    *,
    id: str,  # noqa: A002 - the attribute's own name
    title: str = "",
    note: str = "",
    labels: Mapping[str, str] | None = None,
    formats: Mapping[str, Format] | None = None,
    currency: str = "USD",
) -> None:
    """Show a table in a notebook; the parameters are those of :func:`table_html`."""
    show_html(
        table_html(
            frame,
            id=id,
            title=title,
            note=note,
            labels=labels,
            formats=formats,
            currency=currency,
        )
    )


def _plain(column: pd.Series[Any]) -> pd.Series[Any]:
    """Turn Arrow-backed, categorical and nullable columns into what great_tables reads."""
    kind = column.dtype
    if isinstance(kind, pd.CategoricalDtype):
        return column.astype(object).where(column.notna(), None)
    if pd.api.types.is_bool_dtype(kind):
        return column.map({True: "yes", False: "no"}).astype(object).where(column.notna(), None)
    arrow = isinstance(kind, pd.ArrowDtype)
    if pd.api.types.is_numeric_dtype(kind) or (arrow and "decimal" in str(kind)):
        return column.astype("float64")
    return column.astype(object).where(column.notna(), None)


def _guess(column: pd.Series[Any]) -> Format:
    if not pd.api.types.is_numeric_dtype(column.dtype):
        return "text"
    known = column.dropna()
    return "integer" if (known == known.round()).all() else "number"


def _prepared(frame: pd.DataFrame, wanted: Mapping[str, Format]) -> pd.DataFrame:
    """Write out the columns whose form great_tables has no word for."""
    done = frame.copy()
    for name, kind in wanted.items():
        if kind == "seconds":
            done[name] = [None if pd.isna(value) else clock(float(value)) for value in frame[name]]
        elif kind in ("date", "text"):
            done[name] = [
                None if value is None or value is pd.NaT else _word(value, kind)
                for value in frame[name]
            ]
    return done


def _word(value: object, kind: str) -> str:
    if kind == "date" and hasattr(value, "strftime"):
        return f"{value.strftime('%d %b %Y')}"
    return str(value)


def clock(seconds: float) -> str:
    """Write seconds as a player's clock does.

    Examples
    --------
    >>> clock(83.4)
    '1:23'
    >>> clock(3725)
    '1:02:05'
    """
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


def _formatted(table: gt.GT, name: str, kind: Format, currency: str) -> gt.GT:
    if kind == "integer":
        return table.fmt_integer(columns=name)
    if kind == "number":
        return table.fmt_number(columns=name, decimals=1)
    if kind == "percent":
        return table.fmt_percent(columns=name, decimals=0)
    if kind == "money":
        return table.fmt_currency(columns=name, currency=currency, decimals=0)
    return table


def _styled(table: gt.GT) -> gt.GT:
    return table.tab_options(
        table_width="100%",
        table_font_names=_FONTS,
        table_font_size="14px",
        table_font_color=INK,
        table_background_color="#ffffff",
        table_border_top_style="none",
        table_border_bottom_color=RULE,
        heading_align="left",
        heading_title_font_size="15px",
        heading_title_font_weight="600",
        heading_border_bottom_color=RULE,
        column_labels_font_weight="600",
        column_labels_border_top_style="none",
        column_labels_border_bottom_color=MUTED,
        column_labels_border_bottom_width="1px",
        table_body_hlines_color=RULE,
        table_body_border_top_style="none",
        table_body_border_bottom_color=RULE,
        data_row_padding="6px",
        source_notes_font_size="13px",
    )


def _heading(name: str, kind: Format) -> str:
    stem = name.removesuffix("_s")
    unit = " (s)" if stem != name and kind != "seconds" else ""
    return f"{stem.replace('_', ' ').capitalize()}{unit}"
