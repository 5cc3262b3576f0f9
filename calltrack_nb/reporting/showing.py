"""What a report's cells show: figures with a description, captions, tables, panels.

Everything is shown as an output whose plain-text twin says nothing of memory addresses
or random ids, so that a notebook run again on the same data compares equal.
"""

from __future__ import annotations

import io
from html import escape
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from calltrack_nb.calls import definitions
from calltrack_nb.errors import ReportError
from calltrack_nb.phrasing import sentence
from calltrack_nb.settings import Settings

if TYPE_CHECKING:
    from matplotlib.figure import Figure

DPI: Final = 160  # twice a screen's dots, so that charts stay sharp in print
_NOTHING: Final = "There is nothing to draw here yet."
SCREEN_DPI: Final = 100


def show(figure: Figure, *, alt: str, caption: str = "") -> None:
    """Show a chart with a description for those who cannot see it.

    A chart on which nothing is drawn is left out: its caption says why.

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
        raise ReportError("A figure has no description", fix="Say in alt= what it shows")
    if not any(np.isfinite(axes.dataLim.get_points()).all() for axes in figure.axes):
        plt.close(figure)
        show_html(f'<p class="ct-missing">{escape(caption or _NOTHING)}</p>')
        return
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=DPI, bbox_inches="tight", metadata={"Software": None})
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
    _display(piece(html), {"text/html": {"calltrack": kind}} if kind else None)


def show_text(text: str) -> None:
    """Show a result's words as a paragraph; blank lines separate paragraphs."""
    paragraphs = (part.strip() for part in text.split("\n\n"))
    show_html("".join(f"<p>{escape(part)}</p>" for part in paragraphs if part))


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
