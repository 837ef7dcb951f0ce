"""Every command of qnict_analysis, with the set-up it needs. Standard library only; Linux, macOS and Windows.

    python3 run.py briefing [OPTIONS]    the quarterly briefing: outputs/<as-of>/<scenario>/briefing-vi.pdf and -en.pdf
    python3 run.py lab [NOTEBOOK]        JupyterLab on the five notebooks
    python3 run.py qnict COMMAND ...     any other command: targets, check, intake, predict (qnict --help lists them)
    python3 run.py test [OPTIONS]        style checks and tests; options go to pytest, for example: -m "not slow"
    python3 run.py setup [--voila]       only the environment in .venv; --voila: also what "qnict serve" needs

The first call makes .venv and installs the locked packages (one to three minutes); later calls skip this until a lock changes.
"""
# This file must load in any Python, however old, so that the message about the version can be printed: no f-strings here.

from __future__ import print_function

import sys

OLDEST_PYTHON = (3, 11)


def stop(message):
    print("run.py: " + message, file=sys.stderr)
    sys.exit(2)


if sys.version_info[:2] < OLDEST_PYTHON:
    stop("Python 3.11 or newer is needed; {} is Python {}.{}".format(sys.executable, *sys.version_info[:2]))

import hashlib
import importlib.util
import os
import shutil
import signal
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
STAMP = VENV / "qnict-setup.txt"
LOCKS = {"run": ROOT / "requirements.lock", "dev": ROOT / "requirements-dev.lock"}
VOILA_LOCK = ROOT / "requirements-voila.lock"
UV_LOCK = ROOT / "requirements-uv.lock"
UNFINISHED = "unfinished"
CHECKS = (["ruff", "check", "."], ["ruff", "format", "--check", "."])


def environment():
    """The environment of every child: figures vanish from notebooks under MPLBACKEND, Vietnamese needs UTF-8."""
    kept = {name: value for name, value in os.environ.items() if name not in ("MPLBACKEND", "PYTHONHOME")}
    return dict({"PYTHONUTF8": "1"}, **kept)


def python(*arguments, **options):
    """The exit code of .venv's Python with these arguments. Ctrl-C and termination are left to the child to answer."""
    process = subprocess.Popen([str(PYTHON)] + list(arguments), cwd=options.get("cwd"), env=environment())
    signal.signal(signal.SIGTERM, lambda *_: process.terminate())
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue


def fingerprint(kind):
    """What a finished set-up depends on; the folder too, because an environment does not survive being moved."""
    digest = hashlib.sha256(repr((str(ROOT), sys.version_info[:2])).encode())
    for path in (LOCKS[kind], ROOT / "pyproject.toml"):
        digest.update(path.read_bytes())
    return kind + " " + digest.hexdigest()


def stamp():
    """What the last set-up wrote: empty for none."""
    return STAMP.read_text(encoding="ascii", errors="replace").strip() if STAMP.exists() else ""


def is_ready(need):
    """Whether .venv holds what is needed; the environment for tests holds everything."""
    return PYTHON.exists() and stamp() in {fingerprint(kind) for kind in (need, "dev")}


def wait_for_other_setup():
    """A second call started meanwhile waits; the lock goes with the process. Windows has no such lock and does without."""
    try:
        import fcntl

        handle = open(__file__)
        fcntl.flock(handle, fcntl.LOCK_EX)
        return handle
    except (ImportError, OSError):
        return None


def make_venv():
    """An environment that works is kept; one that is unfinished or whose Python is gone or too old is made anew."""
    recent = "import sys; sys.exit(sys.version_info[:2] < {})".format(OLDEST_PYTHON)
    if stamp() != UNFINISHED and PYTHON.exists() and python("-c", recent) == 0 and python("-c", "import pip") == 0:
        return
    missing = [name for name in ("venv", "ensurepip") if importlib.util.find_spec(name) is None]
    if missing:
        name = "python{}.{}-venv".format(*sys.version_info[:2])
        stop("this Python has no {}: on Debian and Ubuntu run: apt install python3-venv (or {})".format(missing[0], name))
    try:
        if VENV.exists():
            shutil.rmtree(str(VENV))
        VENV.mkdir()
        STAMP.write_text(UNFINISHED, encoding="ascii")
    except OSError as error:
        stop("cannot write {}: {}; copy the project to a folder that you may write to".format(VENV, error.strerror))
    if subprocess.call([sys.executable, "-m", "venv", str(VENV)], env=environment()):
        stop("python -m venv failed: see the lines above")


def pip_install(*arguments):
    return python("-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--quiet", "--no-deps", *arguments)


def install(*arguments):
    """Install with uv, which is quick, or else with pip: whatever goes wrong with uv, pip is asked to do the same."""
    if python("-m", "uv", "pip", "install", "--python", str(PYTHON), "--quiet", "--no-deps", *arguments) == 0:
        return
    print("run.py: uv did not work, pip takes over", file=sys.stderr)
    if pip_install(*arguments):
        stop("the packages could not be installed: see the lines above")


def set_up(need):
    """Make .venv fit the lock; nothing to do when it does. An interrupted set-up stays marked and is made anew."""
    if is_ready(need):
        return
    held = wait_for_other_setup()
    if is_ready(need):
        return
    kind = "dev" if stamp().startswith("dev ") else need
    print("run.py: setting up .venv from {} ...".format(LOCKS[kind].name), file=sys.stderr)
    make_venv()
    STAMP.write_text(UNFINISHED, encoding="ascii")
    pip_install("--require-hashes", "-r", str(UV_LOCK))
    install("--require-hashes", "-r", str(LOCKS[kind]))
    install("--no-build-isolation", "-e", str(ROOT))
    STAMP.write_text(fingerprint(kind), encoding="ascii")
    print("run.py: .venv is ready", file=sys.stderr)
    if held:
        held.close()


def qnict(*arguments):
    set_up("run")
    return python("-m", "qnict_analysis.cli", *arguments)


def test(*arguments):
    set_up("dev")
    failed = []
    for command in CHECKS + (["pytest"] + list(arguments),):
        print("run.py: " + " ".join(command), flush=True)
        if python("-m", *command, cwd=str(ROOT)):
            failed.append(command[0])
    print("run.py: " + ("failed: " + ", ".join(failed) if failed else "all passed"))
    return 1 if failed else 0


def setup(*arguments):
    if arguments not in ((), ("--voila",)):
        stop("setup takes no options but --voila")
    set_up("run")
    if arguments:
        install("--require-hashes", "-r", str(VOILA_LOCK))
    print("run.py: next: python3 run.py " + ("qnict serve" if arguments else "briefing"))
    return 0


COMMANDS = {
    "briefing": lambda *arguments: qnict("briefing", *arguments),
    "lab": lambda *arguments: qnict("lab", *arguments),
    "qnict": qnict,
    "test": test,
    "setup": setup,
}


def main(arguments):
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        print(__doc__)
        return 0 if arguments else 2
    if arguments[0] not in COMMANDS:
        stop("there is no command {!r}: {}".format(arguments[0], ", ".join(COMMANDS)))
    return COMMANDS[arguments[0]](*arguments[1:])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
