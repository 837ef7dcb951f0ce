"""Score the engine against other forecasters on a task file with outcomes: ``forecast_peers.py SERIES TASKS``.

Writes to --out: peers.csv, peers.md, peers.svg, peers_differences.csv, peers_forecasts.csv.gz, reliability.csv,
reliability.svg and truncated.csv. The peers need the extra ``peers``. ``--engine-only`` runs the engine alone and takes
the peers' forecasts and seconds from the stored files.
"""

import argparse
from pathlib import Path

import figures
import pandas as pd
import report
from race import AS_SHIPPED, ENGINE, KEYS, MIXED, PEERS, STAND_IN, filled, race

from qnict_analysis.task_files import TASK_COLUMNS, read_series

SHORT = (2, 3, 4)
"""Records are cut to so many points to see what a new programme gets."""

SHORT_PEERS = [("AutoETS", "logit"), (STAND_IN, "logit")]
RATIO_OF = ("AutoETS", "logit")
PACKED = {"method": "gzip", "mtime": 1}
"""No time in the packed file: the same forecasts give the same bytes."""


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("series", help="series_id, indicator, region, freq, period, value")
    parser.add_argument("tasks", help="task_id, series_id, origin, deadline, target, n_history, outcome_value, met")
    parser.add_argument(
        "--peers",
        help=f"only these, by comma (with an --out of its own); known: {', '.join(dict.fromkeys(name for name, _ in PEERS))}",
    )
    parser.add_argument("--out", type=Path, default=Path("benchmarks/results"))
    parser.add_argument("--jobs", type=int, default=1, help="peers at a time; each uses one thread")
    parser.add_argument("--engine-only", action="store_true", help="take the peers from the stored results")
    return parser.parse_args()


def chosen_peers(names: str | None) -> list[tuple[str, str]]:
    """The peers asked for (method, scale), all when none is named; persistence always runs, as it stands in."""
    wanted = [name.strip() for name in names.split(",")] if names else [name for name, _ in PEERS]
    unknown = set(wanted) - {name for name, _ in PEERS}
    if unknown:
        raise SystemExit(f"unknown peers: {', '.join(sorted(unknown))}")
    return [peer for peer in PEERS if peer[0] in wanted or peer[0] == STAND_IN]


def runs_of(methods) -> list[tuple[str, str, int]]:
    """What to run (method, scale, history): everything on the whole records, some also on short ones."""
    short = [(*one, points) for points in SHORT for one in methods if one[0] in ENGINE or one in SHORT_PEERS]
    return short + [(*one, 0) for one in methods]


def run_all(methods, series: pd.DataFrame, tasks: pd.DataFrame, jobs: int) -> tuple[pd.DataFrame, pd.Series]:
    """Forecasts of all runs, and the seconds by (method, scale) on whole records."""
    todo = runs_of(methods)
    done = race(todo, series, tasks[list(TASK_COLUMNS)], jobs=jobs)  # the outcomes stay here
    seconds = {which[:2]: one.seconds for which, one in zip(todo, done, strict=True) if not which[2]}
    return pd.concat([one.forecasts for one in done], ignore_index=True), pd.Series(seconds)


def stored(out: Path, tasks: pd.DataFrame) -> tuple[pd.DataFrame, pd.Series]:
    """The peers' forecasts and seconds of an earlier run on the same tasks."""
    forecasts = pd.read_csv(out / "peers_forecasts.csv.gz")
    if set(forecasts.task_id) != set(tasks.task_id):
        raise SystemExit(f"{out}/peers_forecasts.csv.gz is of other tasks: run without --engine-only")
    table = pd.read_csv(out / "peers.csv").query("freq == 'all'").set_index(["method", "scale"])
    return forecasts, table.seconds.drop([*ENGINE, *AS_SHIPPED], level="method", errors="ignore")


def write_results(out: Path, forecasts: pd.DataFrame, seconds: pd.Series, series, tasks, *, reused: bool) -> str:
    """All tables and figures; returns the line on how fast the engine is."""
    frame = report.with_outcomes(filled(forecasts), series, tasks)
    whole = frame[frame.history == 0]
    table = report.score_table(whole, seconds)
    known = set(zip(table.method, table.scale, strict=True))
    compared = [one for one in dict.fromkeys([*report.ALWAYS_COMPARED, report.best_peer(table)]) if one in known]
    cut = report.with_outcomes(forecasts[forecasts.history > 0], series, tasks)
    gaps, short, bins = report.differences(whole, compared), report.short_table(cut), report.calibration(whole)
    for name, one in {"peers": table, "peers_differences": gaps, "truncated": short, "reliability": bins}.items():
        one.to_csv(out / f"{name}.csv", index=False, float_format="%.6g", lineterminator="\n")
    notes = said(tasks, seconds, reused=reused)
    texts = {"peers.md": report.page(table, gaps, short, notes), "peers.svg": figures.peers_svg(table)}
    for name, text in (texts | {"reliability.svg": figures.reliability_svg(bins)}).items():
        (out / name).write_text(text, encoding="utf-8")
    return report.markdown(table[table.freq == "all"]) + f"\nAutoETS seconds / engine seconds: {notes['ratio']:.1f}"


def said(tasks: pd.DataFrame, seconds: pd.Series, *, reused: bool) -> dict:
    """What the page says of this run: n, met (share), stored (a remark), ratios of seconds."""
    engine = [seconds[name, MIXED] for name in ENGINE]
    ratios = [seconds.get(RATIO_OF, float("nan")) / used for used in engine]
    remark = "; the peers' are those of an earlier run, only the engine ran anew" if reused else "; all in one run"
    return {"n": f"{len(tasks):,}", "met": tasks.met.mean(), "stored": remark, "ratio": ratios[0], "ratio_alone": ratios[1]}


def main() -> None:
    """Read, run, write."""
    asked = arguments()
    series = read_series(asked.series).merge(pd.read_csv(asked.series)[["series_id", "region"]].drop_duplicates())
    tasks = pd.read_csv(asked.tasks, parse_dates=["origin", "deadline"])
    engine = [(name, MIXED) for name in [*ENGINE, *AS_SHIPPED]]
    forecasts, seconds = run_all(engine + ([] if asked.engine_only else chosen_peers(asked.peers)), series, tasks, asked.jobs)
    asked.out.mkdir(parents=True, exist_ok=True)
    if asked.engine_only:
        kept, kept_seconds = stored(asked.out, tasks)
        forecasts, seconds = pd.concat([forecasts, kept], ignore_index=True), pd.concat([seconds, kept_seconds])
    else:
        peers = forecasts[~forecasts.method.isin([*ENGINE, *AS_SHIPPED])].sort_values(KEYS)
        peers.to_csv(asked.out / "peers_forecasts.csv.gz", index=False, compression=PACKED)
    print(write_results(asked.out, forecasts, seconds, series, tasks, reused=asked.engine_only))


if __name__ == "__main__":
    main()
