"""Take the pictures of the documentation from the sample's reports, as a reader would see them.

make reports && .venv/bin/python scripts/make_screenshots.py
"""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
PICTURES = {
    "owner_brief": ("owner_brief", 900, 1150),
    "campaign_effectiveness": ("campaign_effectiveness", 1000, 800),
    "listen_and_learn": ("listen_and_learn", 1000, 800),
    "number_audit": ("number_audit", 1000, 800),
    "index": ("index", 900, 520),
    "telephone": ("owner_brief", 390, 780),
}
"""Of each picture its report, and the width and height of the window."""


def main() -> None:
    """Take every picture."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("reports", nargs="?", type=Path, default=ROOT / "reports")
    reports = arguments.parse_args().reports.resolve()
    browser_path = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path)
        for name, (report, width, height) in PICTURES.items():
            page = browser.new_page(viewport={"width": width, "height": height})
            (found,) = (path for path in reports.glob(f"{report}*.html"))
            page.goto(found.as_uri())
            page.screenshot(path=ROOT / "docs" / "images" / f"{name}.png")
            page.close()
        browser.close()


if __name__ == "__main__":
    main()
