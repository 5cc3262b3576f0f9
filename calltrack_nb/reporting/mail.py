"""A report as a mail: its words without charts, sound or scripts. Sending it is the user's."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP
from html import escape
from pathlib import Path
from typing import Final

from bs4 import BeautifulSoup, Tag

from calltrack_nb.workspace.writing import replacing

_BLOCKS: Final = ("h2", "h3", "p", "li", "blockquote")
_LEFT_OUT: Final = (
    "script, style, audio, svg, nav, dialog, details, table, button, .ct-calls, .ct-why, .ct-see"
)
_HEADINGS: Final = ("h1", "h2", "h3")
_FONT: Final = "font-family:Arial,Helvetica,sans-serif;color:#1c2733"
_STYLES: Final = {
    "h2": "font-size:17px;margin:22px 0 6px",
    "h3": "font-size:15px;margin:16px 0 4px",
    "blockquote": "margin:8px 0;padding-left:12px;border-left:3px solid #0173b2",
}
_PLAIN: Final = "margin:6px 0;font-size:15px;line-height:1.45"


def mail(page: str) -> EmailMessage:
    r"""Write the words of a report's page as a mail of two forms, plain text and HTML.

    Parameters
    ----------
    page : str
        HTML, as a report is published.

    Returns
    -------
    email.message.EmailMessage
        Without an address: its subject is the page's title. What stands in folds, tables and
        charts is left to the page, and so are links to what lies beside it.

    Examples
    --------
    >>> page = "<title>August - Mary's</title><main><p>Sixty calls qualified.</p></main>"
    >>> message = mail(page)
    >>> message["Subject"], message.get_body(("plain",)).get_content()
    ("August - Mary's", 'Sixty calls qualified.\n')
    """
    soup = BeautifulSoup(page, "html.parser")
    title = soup.title.get_text().strip() if soup.title else "Report"
    main = soup.find("main") or soup
    for part in main.select(_LEFT_OUT):
        part.decompose()
    # the mail's reader has no file beside it, so that only an address of the web leads anywhere
    for link in main.select("a[href]"):
        away = str(link["href"])
        link.replace_with(link.get_text() + (f" ({away})" if away.startswith("http") else ""))
    main.smooth()
    for seen in main.select("figcaption.ct-finding b"):
        seen.name = "p"  # what a chart shows is said, though the chart is not there
    blocks = [
        (block.name, " ".join(block.get_text(" ").split()))
        for block in main.find_all(_BLOCKS)
        if not block.find(_BLOCKS) and block.get_text(strip=True)
    ]
    blocks = _without_bare_headings(_with_figures(main, blocks))
    message = EmailMessage(policy=SMTP)
    message["Subject"] = title
    message.set_content("\n\n".join(_as_text(*block) for block in blocks))
    body = "".join(_as_html(*block) for block in blocks)
    message.add_alternative(
        f'<!DOCTYPE html><html lang="en"><body style="{_FONT};max-width:620px">'
        f"<h1 style='font-size:21px'>{escape(title)}</h1>{body}</body></html>",
        subtype="html",
    )
    return message


def write_mail(page: Path) -> Path:
    """Write a report's mail beside its page.

    Parameters
    ----------
    page : pathlib.Path
        The published page.

    Returns
    -------
    pathlib.Path
        The ``.eml`` file, for any mail program to open, address and send.
    """
    target = page.with_suffix(".eml")
    message = mail(page.read_text(encoding="utf-8"))
    with replacing(target) as draft:
        draft.write(message.as_bytes())
    return target


def _with_figures(main: Tag, blocks: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Write the cards of figures as lines of label, figure and range."""
    cards = {}
    for card in main.select("li.ct-key"):
        words = [" ".join(part.get_text(" ").split()) for part in card.find_all(True)]
        label, value, *detail = words
        cards[" ".join(words)] = f"{label}: {value}" + (f" ({detail[0]})" if detail[0] else "")
    return [(name, cards.get(text, text)) for name, text in blocks]


def _without_bare_headings(blocks: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Leave out headings under which nothing is left, such as those of tables and charts."""
    kept: list[tuple[str, str]] = []
    for block in reversed(blocks):
        below = kept[-1][0] if kept else "h1"
        if block[0] in _HEADINGS and below in _HEADINGS and below <= block[0]:
            continue
        kept.append(block)
    return kept[::-1]


def _as_text(name: str, words: str) -> str:
    if name in _HEADINGS:
        return words.upper()
    if name == "blockquote":
        return f"\N{LEFT DOUBLE QUOTATION MARK}{words}\N{RIGHT DOUBLE QUOTATION MARK}"
    return f"- {words}" if name == "li" else words


def _as_html(name: str, words: str) -> str:
    style = _STYLES.get(name, _PLAIN)
    mark = "&bull; " if name == "li" else ""
    tag = "p" if name == "li" else name
    return f'<{tag} style="{style}">{mark}{escape(words)}</{tag}>'
