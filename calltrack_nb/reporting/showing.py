"""What a report's cells show: charts with a description, answers, words, what to do.

Everything is shown as an output whose plain-text twin says nothing of memory addresses
or random ids, so that a notebook run again on the same data compares equal.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Callable, Sequence
from html import escape
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from calltrack_nb.briefing import ThingToDo
from calltrack_nb.calls import definitions
from calltrack_nb.errors import ReportError
from calltrack_nb.phrasing import first_sentence, sentence
from calltrack_nb.reporting.style import INK, MUTED, NARROW, PAPER, RULE, WIDTH
from calltrack_nb.results import Answer, as_written
from calltrack_nb.settings import Settings

if TYPE_CHECKING:
    from matplotlib.figure import Figure

DPI: Final = 160  # twice a screen's dots, so that charts stay sharp in print
_NOTHING: Final = "There is nothing to draw here yet."
SCREEN_DPI: Final = 100
_MOST_HEAD_WORDS: Final = 5


_THEMED: Final = {INK: "ink", MUTED: "muted", RULE: "rule", PAPER: "paper"}
"""Colours of a chart that a page in the dark replaces, by the names of its style sheet."""

_ID: Final = re.compile(r' id="([^"]*)"')
_REFERENCE: Final = re.compile(r'((?:href="|url\()#[^")]+)')


def show_chart(
    draw: Callable[..., Figure], *data: Any, finding: str, measure: str, note: str = ""
) -> None:
    """Show a chart of a report, drawn once for a screen and once for a telephone.

    The first sentence of its finding is its title. A chart on which nothing is drawn is left
    out: its finding says why.

    Parameters
    ----------
    draw : callable
        Takes `data` and ``width`` in inches, gives a matplotlib figure, such as the functions
        of :mod:`calltrack_nb.reporting.charts`.
    *data
        What to draw.
    finding : str
        What is to be seen in it, with its main figures.
    measure : str
        What is drawn, in which unit, with which range.
    note : str
        How to read it, where that is not plain.

    Raises
    ------
    ReportError
        When the finding or the measure is empty: together they describe the chart to those
        who cannot see it.
    """
    if not (finding.strip() and measure.strip()):
        raise ReportError("The chart has no description", fix="Say in finding= what it shows")
    title, more = first_sentence(finding)
    drawings = [_svg(draw(*data, width=width)) for width in (WIDTH, NARROW)]
    if not all(drawings):
        show_html(f'<p class="ct-missing">{escape(finding)}</p>')
        return
    label = escape(" ".join(f"{measure}. {finding}".split()), quote=True)
    shown = "".join(
        f'<div class="{name}" role="img" aria-label="{label}"{hidden}>{drawing}</div>'
        for name, hidden, drawing in zip(
            ("ct-wide", "ct-narrow"), ("", " hidden"), drawings, strict=True
        )
    )
    rest = " ".join(part for part in (more, note) if part)
    foot = f'<p class="ct-caption">{written(rest)}</p>' if rest else ""
    show_html(
        f'<figure class="ct-chart"><figcaption class="ct-finding"><b>{written(title)}</b> '
        f"<span>{escape(measure)}</span></figcaption>{shown}{foot}</figure>"
    )


def written(text: str) -> str:
    """Write text as HTML; a figure and its per cent sign stay on one line.

    Examples
    --------
    >>> written("52 % of R&D").replace("\N{NO-BREAK SPACE}", "_")
    '52_% of R&amp;D'
    """
    return re.sub(r"(?<=\d) %", "\N{NO-BREAK SPACE}%", escape(text))


def _svg(figure: Figure) -> str:
    """Write a figure as SVG whose colours follow the page; empty where nothing is drawn."""
    import matplotlib.pyplot as plt  # noqa: PLC0415 - heavy

    if not _drawn(figure):
        plt.close(figure)
        return ""
    buffer = io.StringIO()
    figure.savefig(
        buffer, format="svg", bbox_inches="tight", facecolor="none", metadata={"Date": None}
    )
    plt.close(figure)
    text = buffer.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    # ids of its own, since two charts of one page may hold the same mark
    mark = hashlib.sha256(text.encode()).hexdigest()[:8]
    text = _ID.sub(lambda at: f' id="{at[1]}-{mark}"' if f"#{at[1]}" in text else "", text)
    text = _REFERENCE.sub(rf"\1-{mark}", text)
    for colour, name in _THEMED.items():
        text = text.replace(colour, f"var(--{name}, {colour})")
    # its size is the column's: the view box keeps the proportions
    return re.sub(r'(<svg [^>]*?) width="[^"]*"', r"\1", text, count=1).replace("\n", " ")


def _drawn(figure: Figure) -> bool:
    return any(np.isfinite(axes.dataLim.get_points()).all() for axes in figure.axes)


def show(figure: Figure, *, alt: str, caption: str = "") -> None:
    """Show a figure of your own as a picture, with a description for those who cannot see it.

    A figure on which nothing is drawn is left out: its caption says why.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        The chart; it is closed afterwards.
    alt : str
        What the chart shows, with its main figures, for screen readers.
    caption : str
        A sentence under the chart that says what to see in it.

    Raises
    ------
    ReportError
        When the description is empty.
    """
    import matplotlib.pyplot as plt  # noqa: PLC0415 - heavy
    from IPython.display import Image  # noqa: PLC0415 - heavy

    if not alt.strip():
        raise ReportError("The figure has no description", fix="Say in alt= what it shows")
    if not _drawn(figure):
        plt.close(figure)
        show_html(f'<p class="ct-missing">{escape(caption or _NOTHING)}</p>')
        return
    buffer = io.BytesIO()
    figure.savefig(
        buffer,
        format="png",
        dpi=DPI,
        bbox_inches="tight",
        facecolor=PAPER,
        metadata={"Software": None},
    )
    width = int(figure.get_figwidth() * SCREEN_DPI)
    plt.close(figure)
    metadata = {"alt": " ".join(alt.split()), "caption": caption}
    image: Any = Image
    _display(image(data=buffer.getvalue(), format="png", width=width, metadata=metadata))
    if caption:
        show_html(f'<p class="ct-caption">{escape(caption)}</p>', kind="caption")


def show_html(html: str, *, kind: str = "") -> None:
    """Show a piece of HTML; `kind` tells the exporter what it is."""
    from IPython.display import HTML  # noqa: PLC0415 - heavy

    piece: Any = HTML
    _display(piece(as_written(html)), {"text/html": {"calltrack": kind}} if kind else None)


def show_answer(answer: Answer) -> None:
    """Show what a report answers: its sentences, then its figures."""
    words = "".join(f"<p>{written(part)}</p>" for part in answer.sentences)
    cards = "".join(
        f'<li class="ct-key"><span>{escape(figure.label)}</span><b>{written(figure.value)}</b>'
        f"<small>{written(figure.detail)}</small></li>"
        for figure in answer.figures
    )
    keys = f'<ul class="ct-keys">{cards}</ul>' if cards else ""
    show_html(f'<section class="ct-answer">{words}{keys}</section>')


def show_things_to_do(things: Sequence[ThingToDo]) -> None:
    """Show what to do, each with why and the report that holds the evidence.

    A link to a report is kept on the page where that report lies beside it.
    """
    if not things:
        show_text("Nothing in this period needs action.")
        return
    rows = []
    for thing in things:
        why, more = first_sentence(thing.why)
        rows.append(
            f"<li><b>{escape(thing.what)}</b> <span>{written(why)}</span> "
            f'<span class="ct-rest">{written(more)}</span> '
            f'<a data-report="{escape(thing.report, quote=True)}">Evidence</a></li>'
        )
    show_html(f'<ol class="ct-todo">{"".join(rows)}</ol>')


def show_lines(lines: Sequence[str]) -> None:
    """Show a short list; a word or two before a line's first colon are set apart."""
    rows = []
    for line in lines:
        head, colon, rest = line.partition(": ")
        short = bool(colon) and len(head.split()) <= _MOST_HEAD_WORDS
        said = f"<b>{written(head)}:</b> {written(rest)}" if short else written(line)
        rows.append(f"<li>{said}</li>")
    show_html(f'<ul class="ct-lines">{"".join(rows)}</ul>')


def show_text(text: str) -> None:
    """Show a result's words as a paragraph; blank lines separate paragraphs."""
    show_html(text_html(text))


def text_html(text: str) -> str:
    """Write what :func:`show_text` shows.

    Examples
    --------
    >>> text_html("More calls.")
    '<div class="ct-text"><p>More calls.</p></div>'
    """
    parts = (part.strip() for part in text.split("\n\n"))
    paragraphs = "".join(f"<p>{written(part)}</p>" for part in parts if part)
    return paragraphs and f'<div class="ct-text">{paragraphs}</div>'


def show_definitions(settings: Settings) -> None:
    """Show what each word of the report means for this business, folded away.

    Parameters
    ----------
    settings : Settings
        Spam scores, least seconds and holidays are the business's own.
    """
    terms = "".join(
        f"<dt>{escape(sentence(term))}</dt><dd>{escape(meaning)}</dd>"
        for term, meaning in definitions(settings).items()
    )
    show_html(
        f'<details class="ct-definitions"><summary>What the words mean here</summary>'
        f"<dl>{terms}</dl></details>"
    )


def _display(piece: object, metadata: dict[str, Any] | None = None) -> None:
    from IPython.display import display  # noqa: PLC0415 - heavy

    untyped: Any = display
    untyped(piece, metadata=metadata)
