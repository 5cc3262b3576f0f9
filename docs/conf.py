"""How the site is built: ``make docs``. The reference is written from the code first."""

from __future__ import annotations

import importlib.util
import tomllib
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent


def _write_reference() -> None:
    place = ROOT / "scripts" / "make_reference.py"
    spec = importlib.util.spec_from_file_location("make_reference", place)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.write(HERE / "reference")


_write_reference()

project = "calltrack_nb"
author = "the calltrack_nb contributors"
project_copyright = author
release = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = "calltrack_nb"
html_static_path = []
html_search_scorer = str(HERE / "scorer.js")
html_copy_source = False
html_show_sphinx = False
myst_heading_anchors = 3
myst_enable_extensions = ["deflist"]
suppress_warnings = ["config.cache"]
autodoc_member_order = "bysource"
autodoc_typehints = "none"
add_module_names = False
napoleon_use_rtype = False
highlight_language = "none"
smartquotes = False  # what is copied from a page must be what was written
