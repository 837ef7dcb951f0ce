"""A private JupyterLab server and Debian's Chromium for the browser tests."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
BROWSER_REQUIRED = os.environ.get("QNICT_REQUIRE_BROWSER") == "1"
IS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0
SERVER_START_SECONDS = 60
WORKSPACE = "workspace"
"""A copy of the repository's own: what a test saves must not land there."""


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    if not CHROMIUM:
        (pytest.fail if BROWSER_REQUIRED else pytest.skip)("no Chromium found: install it or name it in CHROMIUM")
    sandbox = ["--no-sandbox"] if IS_ROOT else []  # Chromium refuses its sandbox to root
    quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]
    arguments = ["--disable-dev-shm-usage", "--disable-gpu", *quiet, *sandbox]
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": arguments}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return {**browser_context_args, "viewport": {"width": 1400, "height": 1000}}


def private_environment(home: Path) -> dict:
    """No configuration, token or workspace of the person who runs the tests reaches the server."""
    folders = {"CONFIG": "cfg", "DATA": "data", "RUNTIME": "rt"}
    jupyter = {f"JUPYTER_{name}_DIR": str(home / folder) for name, folder in folders.items()}
    lab = {"JUPYTERLAB_SETTINGS_DIR": str(home / "settings"), "JUPYTERLAB_WORKSPACES_DIR": str(home / "ws")}
    return {**os.environ, **jupyter, **lab, "IPYTHONDIR": str(home / "ipy"), "QNICT_WORKSPACE": str(home / WORKSPACE)}


def write_settings(home: Path) -> None:
    """No news pop-up over the page, and long notebooks whole in the page rather than only the part on screen."""
    for plugin, name, text in (
        ("apputils-extension", "notification", '{"fetchNews": "false", "checkForUpdates": false}'),
        ("notebook-extension", "tracker", '{"windowingMode": "none"}'),
    ):
        folder = home / "settings" / "@jupyterlab" / plugin
        folder.mkdir(parents=True)
        (folder / f"{name}.jupyterlab-settings").write_text(text)


def wait_for(process, url: str, log: Path) -> None:
    deadline = time.monotonic() + SERVER_START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            pytest.fail(log.read_text())
        try:
            urllib.request.urlopen(url, timeout=1)
            return
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"JupyterLab did not start:\n{log.read_text()}")


@pytest.fixture(scope="session")
def lab(tmp_path_factory):
    home = tmp_path_factory.mktemp("lab")
    root = home / "work"
    shutil.copytree(REPOSITORY / "notebooks", root, ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    for folder in ("data", "params"):
        shutil.copytree(REPOSITORY / folder, home / WORKSPACE / folder)
    write_settings(home)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    token, log = "browser-test", home / "server.log"
    options = ["--ServerApp.ip=127.0.0.1", f"--ServerApp.port={port}", "--ServerApp.port_retries=0"]
    options += [f"--ServerApp.root_dir={root}", f"--IdentityProvider.token={token}", "--LabApp.expose_app_in_browser=True"]
    options += ["--LabApp.extension_manager=readonly", "--no-browser"] + (["--allow-root"] if IS_ROOT else [])
    with log.open("w") as stream:
        command = [sys.executable, "-m", "jupyterlab", *options]
        process = subprocess.Popen(command, env=private_environment(home), stdout=stream, stderr=stream)
    base = f"http://127.0.0.1:{port}"
    wait_for(process, f"{base}/api/status?token={token}", log)
    yield base, token, root, home / WORKSPACE
    process.terminate()
    process.wait(20)
