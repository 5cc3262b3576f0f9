"""A small picture of a report for the list of reports: its first chart's marks, without words.

It holds no text and no ids, so that it cannot say what the page hides nor clash with another,
and a few thousand characters.
"""

from __future__ import annotations

import base64
import re
from typing import Final

import numpy as np
from bs4 import BeautifulSoup, Tag

from calltrack_nb.reporting.style import INK, MUTED, PAPER, RULE, dark_colours

_MARGIN: Final = 2.0

LARGEST: Final = 12_000
"""Characters; a chart of more marks has no small picture."""

_KEPT: Final = ("fill", "fill-opacity", "opacity", "stroke", "stroke-dasharray")
_NUMBER: Final = re.compile(r"-?\d+\.\d+")
_NAMED: Final = {INK: "ink", MUTED: "muted", RULE: "rule", PAPER: "paper"}
_LINES: Final = "path{vector-effect:non-scaling-stroke;stroke-width:2}"
_DARK: Final = "@media(prefers-color-scheme:dark){%s}"


def thumbnail(page: BeautifulSoup) -> str:
    """Return the marks of a page's first chart as SVG; empty where there are none.

    Parameters
    ----------
    page : bs4.BeautifulSoup
        A rendered report.

    Examples
    --------
    >>> marks = '<text>Ann</text><path d="M 0 0.21 L 9 9" style="fill: red"/>'
    >>> chart = f'<figure class="ct-chart"><svg>{marks}</svg></figure>'
    >>> print(thumbnail(BeautifulSoup(chart, "html.parser")).partition(">")[2])
    <path d="M0 0.2L9 9" style="fill:red"/></svg>
    """
    drawn = page.select_one("figure.ct-chart .ct-narrow svg") or page.select_one(
        "figure.ct-chart svg"
    )
    if drawn is None:
        return ""
    marks = {str(mark["id"]): mark for mark in drawn.select("defs path[id]")}
    shapes = [shape for tag in drawn.find_all(["path", "use"]) if (shape := _shape(tag, marks))]
    points = np.array([point for _, reach in shapes for point in reach])
    if not len(points):
        return ""
    least, most = points.min(axis=0) - _MARGIN, points.max(axis=0) + _MARGIN
    box = _short(" ".join(f"{value:.1f}" for value in (*least, *(most - least))))
    body = "".join(shape for shape, _ in shapes)
    found = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}">{body}</svg>'
    return found if len(found) <= LARGEST else ""


def as_address(picture: str) -> str:
    """Return a picture as the address of an image, which runs nothing; coloured for the dark too.

    Parameters
    ----------
    picture : str
        From :func:`thumbnail`.
    """
    dark = dark_colours()
    rules = "".join(
        f'[style*="fill:{light}"]{{fill:{dark[name]}!important}}'
        f'[style*="stroke:{light}"]{{stroke:{dark[name]}!important}}'
        for light, name in _NAMED.items()
    )
    styled = picture.replace(">", f"><style>{_LINES}{_DARK % rules}</style>", 1)
    return f"data:image/svg+xml;base64,{base64.b64encode(styled.encode()).decode()}"


def _shape(tag: Tag, marks: dict[str, Tag]) -> tuple[str, list[tuple[float, float]]] | None:
    """Write a mark of a chart by itself, and its corners; None for axes, grid and background."""
    # what is moved as a group is a word, where letters are drawn as shapes
    if tag.find_parent("defs") or tag.find_parent("g", attrs={"transform": True}):
        return None
    path, at = tag, (0.0, 0.0)
    if tag.name == "use":
        named = str(tag.get("xlink:href", "")).removeprefix("#")
        if named not in marks:
            return None
        path, at = marks[named], (float(str(tag.get("x", "0"))), float(str(tag.get("y", "0"))))
    style = _style(f"{path.get('style', '')};{tag.get('style', '')}")
    line = re.sub(r"\s*([A-Za-z])\s*", r"\1", _short(str(path.get("d", ""))))
    stroke = style.get("stroke", "none")
    filled = style.get("fill", INK) not in ("none", MUTED, PAPER)
    seen = filled or stroke not in ("none", MUTED, RULE)
    if not seen or not re.fullmatch(r"[MLCQHVZz\d.\- ]+", line):
        return None
    values = [float(found) for found in re.findall(r"-?[\d.]+", line)]
    corners = [(at[0] + x, at[1] + y) for x, y in zip(values[::2], values[1::2], strict=False)]
    told = ";".join(f"{name}:{value}" for name, value in style.items())
    moved = f' transform="translate({_short(str(at[0]))} {_short(str(at[1]))})"' if any(at) else ""
    return f'<path d="{line}"{moved} style="{told}"/>', corners


def _style(text: str) -> dict[str, str]:
    pairs = (
        each.partition(":") for each in re.sub(r"var\(--\w+, (#\w+)\)", r"\1", text).split(";")
    )
    told = {name.strip(): _short(value.strip()) for name, _, value in pairs}
    return {name: told[name] for name in _KEPT if re.fullmatch(r"[#\w., ]+", told.get(name, ""))}


def _short(text: str) -> str:
    return _NUMBER.sub(lambda found: f"{float(found[0]):.1f}".removesuffix(".0"), text)
