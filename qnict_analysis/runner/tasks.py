"""The work of a run, cut into tasks that run side by side in processes of their own: a notebook each, and the tables."""

import json
import multiprocessing
import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field
from pathlib import Path

from qnict_analysis.params import Params
from qnict_analysis.runner import contents
from qnict_analysis.workspace import Workspace

SOURCES = Path(__file__).resolve().parents[2] / "notebooks"
NOTEBOOKS = "notebooks"
BRIEFING = "05_briefing"
OTHERS = ("04_track_record", "03_scenarios", "02_target_forecast", "01_adoption_trends")
"""In the order they are started: what takes long comes first."""

CELL_SECONDS = 900
"""A cell that has not finished after a quarter of an hour is stuck."""

START_SECONDS = 180
"""Kernels on a slow disk that start side by side for the first time."""

LONGEST_SOCKET_NAME = 90
"""Systems allow about 104 letters, and the number of the channel comes on top."""


class RunFailed(RuntimeError):
    """A task failed; ``notebook`` is the file name of the executed copy, if there is one."""

    def __init__(self, message: str, notebook: str = ""):
        super().__init__(message)
        self.notebook = notebook


@dataclass(frozen=True)
class Task:
    """One notebook to execute (``source`` to ``output``), and to print where ``pdf`` is named; or, without one, the tables."""

    name: str
    folder: Path
    parameters: dict = field(default_factory=dict)
    source: Path | None = None
    pdf: str = ""

    @property
    def output(self) -> Path:
        return self.folder / NOTEBOOKS / f"{self.name}.ipynb"


def tasks_of(ws: Workspace, params: Params, langs: Sequence[str], folder: Path) -> list[Task]:
    """The tasks of a run that writes into ``folder``: the briefing once a language, the other notebooks in the first one."""
    shared = params.model_dump() | {"workspace": str(ws.root)}
    (folder / NOTEBOOKS).mkdir(parents=True, exist_ok=True)
    briefings = [
        Task(f"{BRIEFING}-{lang}", folder, shared | {"lang": lang}, SOURCES / f"{BRIEFING}.ipynb", f"briefing-{lang}.pdf")
        for lang in langs
    ]
    others = [Task(name, folder, shared | {"lang": langs[0]}, SOURCES / f"{name}.ipynb") for name in OTHERS]
    return [*briefings, *others, Task("tables", folder, shared | {"lang": langs[0]})]


def run_all(tasks: Sequence[Task], *, show: Callable[[str], None]) -> dict[str, float]:
    """Run the tasks side by side, one a core; seconds of each. The first failure stops the rest and is raised."""
    started, seconds = time.monotonic(), {}
    context = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory(prefix="qnict-", ignore_cleanup_errors=True) as private:
        workers = min(len(tasks), cores())
        pool = ProcessPoolExecutor(workers, mp_context=context, initializer=prepare, initargs=(private,))
        with pool, Progress(len(tasks), show) as advance:
            waiting = {pool.submit(run, task): task.name for task in tasks}
            try:
                for done in as_completed(waiting):
                    seconds[waiting[done]] = done.result()
                    advance(waiting[done], seconds[waiting[done]])
            except BrokenExecutor:
                raise RunFailed("a process of the run was ended from outside, most often for want of memory") from None
            except (KeyboardInterrupt, SystemExit):
                for worker in multiprocessing.active_children():
                    worker.terminate()
                raise
            finally:
                pool.shutdown(wait=False, cancel_futures=True)
    return seconds | {"total": time.monotonic() - started}


def cores() -> int:
    """The cores that this process may use, where the system tells them from those that there are."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Progress:
    """A bar on a terminal, else one line a task."""

    def __init__(self, total: int, show: Callable[[str], None]):
        from tqdm import tqdm

        self.show, self.total, self.done = show, total, 0
        self.bar = tqdm(total=total, disable=not sys.stderr.isatty(), bar_format="{l_bar}{bar}| {n}/{total} {elapsed} {postfix}")

    def __enter__(self):
        return self.advance

    def __exit__(self, *_):
        self.bar.close()

    def advance(self, name: str, seconds: float) -> None:
        self.done += 1
        self.bar.set_postfix_str(name, refresh=False)
        self.bar.update()
        if self.bar.disable:
            self.show(f"[{self.done}/{self.total}] {name} {seconds:.1f} s")


def prepare(private: str) -> None:
    """The environment of a worker and its kernels: nothing of the person's own set-up reaches a run.

    Figures vanish from notebooks under MPLBACKEND; threads of their own would fight over the cores.
    """
    threading.Thread(target=end_with_parent, daemon=True).start()
    os.environ.pop("MPLBACKEND", None)
    os.environ.update(JUPYTER_RUNTIME_DIR=private, IPYTHONDIR=private, JUPYTER_PREFER_ENV_PATH="1")


def end_with_parent() -> None:
    """A worker whose parent was killed would wait for work for ever; its kernel ends with it."""
    multiprocessing.parent_process().join()
    os._exit(1)


def run(task: Task) -> float:
    """Do one task; its seconds. A function of the module, because it is sent to another process."""
    started = time.monotonic()
    try:
        if task.source is None:
            contents.write_tables(task.folder, task.parameters)
        else:
            execute(task)
            contents.write_charts(task.output, task.folder)
        if task.pdf:
            contents.write_briefing(task.output, task.folder / task.pdf)
    except RunFailed:
        raise
    except Exception as error:
        raise RunFailed(f"{task.name}: {type(error).__name__}: {first_line(error)}", executed(task)) from error
    return time.monotonic() - started


def execute(task: Task) -> None:
    """Execute a notebook with Papermill; ``RunFailed`` names the notebook, the cell and its error."""
    import papermill
    from nbclient.exceptions import CellTimeoutError, DeadKernelError

    try:
        papermill.execute_notebook(
            str(task.source),
            str(task.output),
            parameters=task.parameters,
            kernel_name="python3",
            cwd=str(task.source.parent),
            progress_bar=False,
            execution_timeout=CELL_SECONDS,
            start_timeout=START_SECONDS,
            request_save_on_cell_execute=False,
            shutdown_kernel="immediate",
            config=kernel_config(str(Path(os.environ["JUPYTER_RUNTIME_DIR"], task.name))),
        )
    except papermill.PapermillExecutionError as error:
        raise RunFailed(failure_line(task.name, error), executed(task)) from None
    except DeadKernelError:
        raise RunFailed(f"{task.name}: the kernel died, most often for want of memory", executed(task)) from None
    except CellTimeoutError:
        raise RunFailed(f"{task.name}: a cell took more than {CELL_SECONDS} s", executed(task)) from None
    finally:
        forget_paths(task)


def failure_line(name: str, error) -> str:
    """One line for an error in a cell, which is counted as JupyterLab shows it."""
    return f"{name}, cell [{error.exec_count}]: {error.ename}: {first_line(error.evalue)}"


def first_line(error: object) -> str:
    """The first line of an error."""
    return (str(error).strip().splitlines() or [""])[0]


def executed(task: Task) -> str:
    """The file name of the executed copy, if there is one yet."""
    return task.output.name if task.source and task.output.exists() else ""


def kernel_config(address: str):
    """A kernel talks over sockets at ``address`` that only this user can open, or over an encrypted connection.

    ``address`` must be the kernel's own: left to itself every kernel takes the same name, and those that run at once mix.
    """
    from traitlets.config import Config

    config = Config()
    if os.name == "nt" or len(address) > LONGEST_SOCKET_NAME:
        config.AsyncKernelManager.transport_encryption = "auto"
    else:
        config.AsyncKernelManager.update(transport="ipc", ip=address)
    return config


def forget_paths(task: Task) -> None:
    """Papermill notes the temporary path of the copy: name the two files as they stand in the repository and the run."""
    if not task.output.exists():
        return
    notebook = json.loads(task.output.read_text(encoding="utf-8"))
    notebook["metadata"].get("papermill", {}).update(input_path=f"{NOTEBOOKS}/{task.source.name}", output_path=task.output.name)
    task.output.write_text(json.dumps(notebook, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
