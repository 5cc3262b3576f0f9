"""Tables as a reader sees them: plain HTML, words for headings, figures that line up."""

from __future__ import annotations

import base64
import datetime as dt
import math
import re
from collections.abc import Mapping
from html import escape
from typing import Any, Final, Literal

import great_tables as gt
import pandas as pd
from bs4 import BeautifulSoup

from calltrack_nb.errors import ReportError
from calltrack_nb.phrasing import day, harmless_cells, number, percent, sentence
from calltrack_nb.reporting.showing import show_html, show_text
from calltrack_nb.reporting.style import INK, MUTED, RULE

Format = Literal["integer", "number", "percent", "money", "seconds", "date", "text"]

MOST_ROWS: Final = 8
"""Rows that a reader takes in; a table shows the rest when asked to."""

_MANY_COLUMNS: Final = 8
_RANGE: Final = re.compile(r"(.*\S)\s*\(([^()]+ to [^()]+)\)")
_FIGURE: Final = re.compile(
    r"(?:under |over )?[+-]?(?:[A-Z]{3}\s|[$\u00a3\u20ac])?[+-]?[\d,.]+\s?(?:%|\(|to\b|/|$)"
)
_NOTHING: Final = ("-", "\N{EN DASH}", "")
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
    most: int = MOST_ROWS,
) -> str:
    """Render a table as HTML; on a telephone each row becomes a card.

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
    most : int
        Rows shown; where there are more, all of them are folded away under the table, with a
        link that saves them as CSV.

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
    heads = {name: (labels or {}).get(name, _heading(name, wanted[name])) for name in names}
    told = f'<p class="ct-note">{escape(note)}</p>' if note else ""

    def rendered(rows: pd.DataFrame, id_: str, caption: str) -> str:
        table = _rendered(rows, id_, heads, wanted, currency)
        labelled = _labelled(table, list(heads.values()), caption)
        return f'<div class="ct-table" tabindex="0">{labelled}</div>'

    if len(plain) <= most:
        return rendered(plain, id, title) + told
    rest = (
        f'<details class="ct-rest"><summary>All {number(len(plain))} rows</summary>'
        f"{_csv_link(plain, heads, id)}{rendered(plain, f'{id}-all', '')}</details>"
    )
    return rendered(plain.head(most), id, title) + rest + told


def _rendered(
    plain: pd.DataFrame,
    id_: str,
    heads: Mapping[str, str],
    wanted: Mapping[str, Format],
    currency: str,
) -> str:
    names = list(heads)
    table = gt.GT(_prepared(plain, wanted), id=id_).cols_label(dict(heads))
    for name, kind in wanted.items():
        table = _formatted(table, name, kind, currency)
    figures = [name for name in names if _reads_as_figures(plain[name], wanted[name])]
    if figures:
        table = table.cols_align(align="right", columns=figures)
    words = [name for name in names if name not in figures]
    if words:
        table = table.cols_align(align="left", columns=words)
    table = table.sub_missing(missing_text=_MISSING)
    size = "13px" if len(names) >= _MANY_COLUMNS else "14px"
    return str(_styled(table, size).as_raw_html())


def _labelled(table: str, heads: list[str], caption: str) -> str:
    """Write into each cell what it holds, for cards that have no row of headings."""
    soup = BeautifulSoup(table, "html.parser")
    for row in soup.select("tbody tr"):
        for head, cell in zip(heads, row.find_all("td", recursive=False), strict=False):
            cell["data-label"] = head
    inside = soup.find("table")
    if caption and inside:
        written = soup.new_tag("caption", attrs={"class": "ct-title"})
        written.string = caption
        inside.insert(0, written)
    return str(soup)


def _csv_link(plain: pd.DataFrame, heads: Mapping[str, str], id_: str) -> str:
    written = harmless_cells(plain.rename(columns=dict(heads))).to_csv(index=False)
    data = base64.b64encode(written.encode("utf-8-sig")).decode("ascii")
    return (
        f'<p><a download="{escape(id_, quote=True)}.csv" href="data:text/csv;base64,{data}">'
        "Save as CSV</a></p>"
    )


def show_table(
    frame: pd.DataFrame,
    *,
    id: str,  # noqa: A002 - the attribute's own name
    title: str = "",
    note: str = "",
    labels: Mapping[str, str] | None = None,
    formats: Mapping[str, Format] | None = None,
    currency: str = "USD",
    most: int = MOST_ROWS,
) -> None:
    """Show a table in a notebook; the parameters are those of :func:`table_html`.

    Of a table without rows only the note is shown.
    """
    if frame.empty:
        show_text(note)
        return
    show_html(
        table_html(
            frame,
            id=id,
            title=title,
            note=note,
            labels=labels,
            formats=formats,
            currency=currency,
            most=most,
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
    if kind == "date" and isinstance(value, dt.date):
        return day(value)
    return str(value)


def clock(seconds: float) -> str:
    """Write seconds as a player's clock does.

    Examples
    --------
    >>> clock(83.4)
    '1:23'
    >>> clock(3725)
    '1:02:05'
    >>> clock(float("nan"))
    ''
    """
    if math.isnan(seconds):
        return ""  # a provider's transcript need not say when
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


def _formatted(table: gt.GT, name: str, kind: Format, currency: str) -> gt.GT:
    if kind == "integer":
        return table.fmt_integer(columns=name)
    if kind == "number":
        return table.fmt_number(columns=name, decimals=1)
    if kind == "percent":
        return table.fmt(_percent, columns=name)
    if kind == "money":
        return table.fmt_currency(columns=name, currency=currency, decimals=0)
    return table.fmt(_with_range_below, columns=name)


def _percent(value: Any) -> Any:
    return value if pd.isna(value) else percent(float(value))


def _with_range_below(value: object) -> str:
    """Set a range in brackets under its figure, where neither breaks in two.

    Examples
    --------
    >>> _with_range_below("438 (382 to 500)")
    '<span class="ct-now">438</span> <span class="ct-range">382 to 500</span>'
    >>> _with_range_below("USD 9.11 (8.48 to 9.81)")
    '<span class="ct-now">USD 9.11</span> <span class="ct-range">8.48 to 9.81</span>'
    >>> _with_range_below("Cakes & more")
    'Cakes &amp; more'
    """
    if not isinstance(value, str):
        return _MISSING
    match = _RANGE.fullmatch(value)
    if match is None:
        return escape(value)
    figure, span = (escape(part) for part in match.groups())
    return f'<span class="ct-now">{figure}</span> <span class="ct-range">{span}</span>'


def _reads_as_figures(column: pd.Series[Any], kind: Format) -> bool:
    if kind not in ("text", "date"):
        return True
    words = [str(value) for value in column if value is not None and str(value) not in _NOTHING]
    figures = sum(_FIGURE.match(word) is not None for word in words)
    return kind == "text" and figures > 0.8 * len(words)


def _styled(table: gt.GT, size: str) -> gt.GT:
    return table.tab_options(
        table_width="100%",
        table_font_names=_FONTS,
        table_font_size=size,
        table_font_color=INK,
        table_background_color="#ffffff",
        table_border_top_style="none",
        table_border_bottom_color=RULE,
        column_labels_font_weight="600",
        column_labels_border_top_style="none",
        column_labels_border_bottom_color=MUTED,
        column_labels_border_bottom_width="1px",
        table_body_hlines_color=RULE,
        table_body_border_top_style="none",
        table_body_border_bottom_color=RULE,
        data_row_padding="6px",
    )


def _heading(name: str, kind: Format) -> str:
    stem = name.removesuffix("_s")
    unit = " (s)" if stem != name and kind != "seconds" else ""
    return f"{sentence(stem.replace('_', ' '))}{unit}"
