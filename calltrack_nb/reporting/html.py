"""An executed notebook as one HTML file that opens anywhere, offline, and shows no code."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from bs4 import BeautifulSoup, Tag
from nbconvert import HTMLExporter, TemplateExporter
from nbconvert.filters.widgetsdatatypefilter import WidgetsDataTypeFilter
from nbformat import NotebookNode
from traitlets.config import Config

from calltrack_nb import __version__, phrasing
from calltrack_nb.errors import ReportError
from calltrack_nb.reporting.call_view import calls_script
from calltrack_nb.reporting.style import page_style
from calltrack_nb.reporting.thumbnails import thumbnail

TEMPLATES: Final = Path(__file__).resolve().parent / "templates"
LARGEST_BYTES: Final = 8_000_000
"""What still goes through as an attachment nearly everywhere."""

_HIDDEN_TAGS: Final = {"parameters", "injected-parameters", "hide"}
_LOADS: Final = ("src", "srcset", "poster", "data", "action", "formaction", "background")
_FOREIGN_TAGS: Final = ("iframe", "object", "embed", "link", "base", "form")
_RUNS: Final = "it needs a script to run"
_DATA: Final = "application/json"
_STYLE: Final = "a style is loaded from elsewhere"
_CSS_LOAD: Final = re.compile(r"@import|url\(\s*['\"]?(?!data:|#)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Cover:
    """What stands at the head of a report.

    Attributes
    ----------
    business, period : str
        Whose calls, and when, in words.
    made_at : datetime.datetime
        Aware.
    timezone : str
        IANA zone in which `made_at` is written.
    share_safe : bool
        Whether numbers and names are hidden.
    facts : tuple of str
        More to say beside the period, such as parameters that are not the default.
    level : float
        Of the intervals.
    meta : mapping
        What programs may want to know of the run: written as ``calltrack:`` meta tags.
    made : tuple of str
        How the page was made, a sentence each, for its foot.
    files : mapping
        Where other reports lie beside this page, by their name.
    """

    business: str
    period: str
    made_at: dt.datetime
    timezone: str = "UTC"
    share_safe: bool = True
    facts: tuple[str, ...] = ()
    level: float = 0.95
    meta: Mapping[str, str] = field(default_factory=dict)
    made: tuple[str, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Page:
    """The parts of a rendered notebook, and what the list of reports shows of it."""

    title: str
    headline: str
    contents: tuple[tuple[str, str], ...]
    body: str
    figures: str = "[]"
    thumbnail: str = ""


def export_html(notebook: NotebookNode, cover: Cover) -> str:
    """Render an executed notebook as a self-contained page.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
        With its outputs.
    cover : Cover
        What stands at its head.

    Returns
    -------
    str
        HTML without code, warnings, or anything loaded from elsewhere; its
        content-security policy lets no request leave.

    Raises
    ------
    ReportError
        When an output would load something from elsewhere or run a script, naming the
        section it stands in.

    Examples
    --------
    >>> import nbformat.v4 as nb
    >>> cell = nb.new_markdown_cell("# Calls in August")
    >>> cover = Cover("Mary's", "August", dt.datetime(2026, 9, 1, tzinfo=dt.UTC))
    >>> "<h1>Calls in August</h1>" in export_html(nb.new_notebook(cells=[cell]), cover)
    True
    """
    untyped: Any = _Exporter
    exporter = untyped(
        template_name="calltrack",
        extra_template_basedirs=[str(TEMPLATES)],
        exclude_input=True,
        exclude_input_prompt=True,
        exclude_output_prompt=True,
        exclude_anchor_links=True,
        embed_images=False,
        filters={"page": partial(_page, files=cover.files)},
        config=Config({"NbConvertBase": {"display_data_priority": _PRIORITY}}),
    )
    exporter.register_preprocessor(_tidied, enabled=True)
    local = cover.made_at.astimezone(ZoneInfo(cover.timezone))
    told = {
        "business": cover.business,
        "period": cover.period,
        "made_at": phrasing.moment(local),
        "share_safe": cover.share_safe,
        "facts": cover.facts,
        "level": phrasing.percent(cover.level),
        "meta": cover.meta,
        "made": cover.made,
        "policy": policy(script()),
        "script": script(),
        "style": page_style(),
        "version": __version__,
    }
    html, _ = exporter.from_notebook_node(notebook, resources={"calltrack": told})
    check_self_contained(html)
    return str(html)


class _Exporter(HTMLExporter):
    """Notebook to HTML by our template, which marks what nbconvert would parse the page for."""

    def from_notebook_node(self: Any, nb: Any, resources: Any = None, **kw: Any) -> Any:
        told = self._init_resources(resources)
        chosen: Any = WidgetsDataTypeFilter
        told_of = {"notebook_metadata": self._nb_metadata, "parent": self, "resources": told}
        self.register_filter("filter_data_type", chosen(**told_of))
        return TemplateExporter.from_notebook_node(self, nb, told, **kw)


def script() -> str:
    """Return the one script a report may run."""
    own = (TEMPLATES / "calltrack" / "report.js").read_text(encoding="utf-8")
    return calls_script() + own.rstrip("\n")


def policy(allowed_script: str = "") -> str:
    """Return a content-security policy under which nothing is loaded from anywhere.

    Parameters
    ----------
    allowed_script : str
        The one inline script that may run, allowed by its hash.
    """
    digest = hashlib.sha256(allowed_script.encode()).digest()
    scripts = f"'sha256-{base64.b64encode(digest).decode()}'" if allowed_script else "'none'"
    return (
        "default-src 'none'; img-src data:; media-src data:; style-src 'unsafe-inline'; "
        f"script-src {scripts}; base-uri 'none'; form-action 'none'"
    )


def check_self_contained(html: str) -> None:
    """Make sure that a page loads nothing from elsewhere and runs no script but ours.

    Links a reader may follow are let be; what a browser would fetch or run by itself is
    not.

    Raises
    ------
    ReportError
        Naming the first thing found and the section it stands in.
    """
    page = BeautifulSoup(html, "html.parser")
    for tag in page.find_all(True):
        problem = _foreign(tag)
        if problem:
            heading = tag.find_previous(["h1", "h2", "h3"])
            section = heading.get_text().strip() if heading else "the head of the page"
            raise ReportError(
                f"The report is not self-contained: {problem}",
                where=f"under {section!r}",
                fix="Show a static figure or table there instead",
            )


def _foreign(tag: Tag) -> str:
    """Say what a tag would load or run, if it would."""
    text = str(tag.string or "")
    if tag.name in _FOREIGN_TAGS:
        return f"it holds a <{tag.name}>"
    if tag.name == "script" and text != script() and tag.get("type") != _DATA:
        return _RUNS
    if tag.name == "style" and _CSS_LOAD.search(text):
        return _STYLE
    told = (_foreign_attribute(tag.name, name, value) for name, value in tag.attrs.items())
    return next((problem for problem in told if problem), "")


def _foreign_attribute(tag: str, name: str, value: object) -> str:
    text = (" ".join(value) if isinstance(value, list) else str(value)).strip()
    if name in _LOADS or (name.endswith("href") and tag != "a"):
        return "" if text.startswith(("data:", "#")) else f"{text[:60]} is loaded from elsewhere"
    if name.startswith("on") or text.lower().startswith("javascript:"):
        return _RUNS
    return _STYLE if name == "style" and _CSS_LOAD.search(text) else ""


def _page(body: str, files: Mapping[str, str]) -> Page:
    """Take the first title out of a rendered notebook, and list its sections."""
    soup = BeautifulSoup(body, "html.parser")
    first = soup.find("h1")
    title = first.get_text().strip() if first else "Report"
    if first:
        first.decompose()
    for picture in soup.select("img:not([alt])"):
        picture["alt"] = "No description has been provided for this image"
    for empty in soup.select("section.ct-words, div.ct-output"):
        if not empty.get_text(strip=True) and not empty.find(True):
            empty.decompose()
    _fold(soup)
    link_reports(soup, files)
    sections = []
    for number, heading in enumerate(soup.find_all("h2"), start=1):
        heading["id"] = f"section-{number}"
        sections.append((f"section-{number}", heading.get_text().strip()))
    first_words = soup.select_one(".ct-answer p")
    headline = first_words.get_text().strip() if first_words else ""
    keys = [
        [label.get_text().strip(), value.get_text().strip()]
        for key in soup.select(".ct-answer .ct-key")
        if (label := key.find("span")) and (value := key.find("b"))
    ]
    small = thumbnail(soup)
    return Page(title, headline, tuple(sections), str(soup), json.dumps(keys), small)


def _fold(soup: BeautifulSoup) -> None:
    """Put neighbouring cells that are marked for it into one fold: what only some will read."""
    for marked in soup.select("div.ct-folded"):
        before = marked.find_previous_sibling(True)
        if before is not None and before.name == "details" and "ct-fold" in before["class"]:
            before.append(marked.extract())
            continue
        fold = soup.new_tag("details", attrs={"class": "ct-fold"})
        summary = soup.new_tag("summary")
        summary.string = "How we know: method, checks, all figures"
        fold.append(summary)
        marked.replace_with(fold)
        fold.append(marked)


def link_reports(soup: BeautifulSoup, files: Mapping[str, str]) -> None:
    """Lead links that name a report to its file; where there is none, only the words stay.

    Parameters
    ----------
    soup : bs4.BeautifulSoup
        Changed in place.
    files : mapping of str to str
        Name of a report to its address beside this page.
    """
    for link in soup.select("a[data-report]"):
        name = str(link["data-report"])
        words = name.replace("_", " ")
        if name in files:
            link["href"] = files[name]
            link["class"] = "ct-see"
            link.string = f"See {words}"
            del link["data-report"]
        else:
            told = soup.new_tag("span", attrs={"class": "ct-see"})
            told.string = f"(more in the report {words})"
            link.replace_with(told)


def _tidied(notebook: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
    """Leave out hidden cells, warnings, captions that figures carry, and the style sheet."""
    notebook.cells = [
        cell for cell in notebook.cells if not _HIDDEN_TAGS & set(cell.metadata.get("tags", ()))
    ]
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = [output for output in cell.outputs if not _unwanted(output)]
    return notebook, resources


def _unwanted(output: NotebookNode) -> bool:
    if output.output_type == "stream":
        return bool(output.name == "stderr")
    told = output.get("metadata", {}).get("text/html", {})
    return bool(isinstance(told, dict) and told.get("calltrack") in ("caption", "style"))


_PRIORITY: Final = [
    "text/html",
    "text/markdown",
    "image/svg+xml",
    "image/png",
    "image/jpeg",
    "text/plain",
]
