"""JupyterLab on this machine, driven by the system's Chromium."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import nbformat
import pytest
from nbformat.sign import NotebookNotary
from playwright.sync_api import Page, sync_playwright

FLAGS = ("--no-sandbox", "--disable-gpu", "--autoplay-policy=no-user-gesture-required")
TOKEN = "only-here"
# every cell is drawn, wherever it stands; nobody is asked about news
SETTINGS = {
    "notebook-extension/tracker": {"windowingMode": "none"},
    "apputils-extension/notification": {"fetchNews": "false"},
}
FAILED = ".jp-OutputArea-output[data-mime-type='application/vnd.jupyter.stderr']"
RAN = f"""() => {{
  const told = [...document.querySelectorAll(".jp-Notebook .jp-CodeCell .jp-InputPrompt")];
  const counts = told.map((prompt) => prompt.textContent);
  const failed = document.querySelector("{FAILED}");
  return counts.every((count) => /\\d/.test(count) || (failed && !count.includes("*")));
}}"""
KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}


def write_notebook(path: Path, *cells: str) -> Path:
    """Write a notebook of code cells."""
    made = [nbformat.v4.new_code_cell(cell) for cell in cells]
    nbformat.write(nbformat.v4.new_notebook(cells=made, metadata=KERNEL), path)
    return path


def trust(notebook: Path, settings: Path) -> None:
    """Let the JupyterLab of these settings show what a notebook holds, as if it had run it."""
    NotebookNotary(data_dir=str(settings)).sign(nbformat.read(notebook, 4))


@contextmanager
def jupyterlab(folder: Path, settings: Path) -> Iterator[str]:
    """Start JupyterLab on a folder; gives the address to which a notebook's path is joined."""
    if shutil.which("chromium") is None:
        pytest.skip("no Chromium: install it to drive JupyterLab")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    for name, said in SETTINGS.items():
        place = settings / "@jupyterlab" / f"{name}.jupyterlab-settings"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(json.dumps(said))
    command = [
        *(sys.executable, "-m", "jupyterlab", "--no-browser", f"--ServerApp.port={port}"),
        *(f"--ServerApp.root_dir={folder}", f"--IdentityProvider.token={TOKEN}"),
        *("--ServerApp.allow_root=True", "--ServerApp.port_retries=0", "--LabApp.news_url="),
    ]
    places = ("JUPYTER_CONFIG_DIR", "JUPYTERLAB_SETTINGS_DIR", "JUPYTER_DATA_DIR")
    here = dict.fromkeys(places, str(settings))
    with (settings / "log").open("wb") as log:
        server = subprocess.Popen(
            command, env=os.environ | here, stdout=log, stderr=log, cwd=Path.cwd()
        )
        try:
            base = f"http://127.0.0.1:{port}"
            _wait_for(f"{base}/api?token={TOKEN}", server)
            yield f"{base}/lab/tree/"
        finally:
            server.terminate()
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:  # it waits for a kernel that is only starting
                server.kill()
                server.wait()


@contextmanager
def opened(lab: str, notebook: str, width: int = 1400) -> Iterator[tuple[Page, list[str]]]:
    """Open a notebook; gives its page and the addresses asked for outside this machine."""
    outside: list[str] = []
    local = lab.partition("/lab")[0]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=list(FLAGS)
        )
        page = browser.new_page(viewport={"width": width, "height": 1000})
        page.on(
            "request",
            lambda asked: (
                asked.url.startswith((local, "data:", "blob:", "file:"))
                or outside.append(asked.url)
            ),
        )
        page.goto(f"{lab}{notebook}?token={TOKEN}&reset")  # without what was open before
        # cells out of sight are there, too, and stay hidden
        page.locator(".jp-Notebook .jp-CodeCell:visible").first.wait_for(timeout=60_000)
        yield page, outside
        browser.close()


def run_first_cell(page: Page) -> None:
    """Run the first cell, once the kernel can: a cell that is run earlier is dropped."""
    page.get_by_text("| Idle").wait_for(timeout=60_000)
    page.click(".jp-Notebook .jp-CodeCell .cm-content")
    page.keyboard.press("Shift+Enter")


def run_all(page: Page) -> None:
    """Run all cells by the menu, until the last has run or one has failed; then save."""
    page.get_by_text("| Idle").wait_for(timeout=60_000)
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_text("Run All Cells", exact=True).click()
    page.wait_for_function(RAN, timeout=240_000)
    # the layout of the window and the settings are put to other places, at any time
    with page.expect_response(
        lambda told: told.request.method == "PUT" and "/api/contents/" in told.url
    ):
        page.keyboard.press("Control+s")


def use_theme(page: Page, name: str) -> None:
    """Choose a theme by the menu, and wait until it has come up."""
    if page.get_attribute("body", "data-jp-theme-name") == name:
        return
    page.get_by_role("menuitem", name="Settings", exact=True).click()
    page.get_by_text("Theme", exact=True).first.hover()
    page.get_by_text(name, exact=True).click()
    page.wait_for_selector(f"body[data-jp-theme-name='{name}']", state="attached")
    page.wait_for_selector("#jupyterlab-splash", state="detached")


def _wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        assert server.poll() is None, "JupyterLab did not start"
        try:
            with urllib.request.urlopen(address):
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.2)
    pytest.fail("JupyterLab did not answer")
