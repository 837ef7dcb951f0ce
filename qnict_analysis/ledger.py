"""The ledger: what every briefing said, kept so that it is scored once real figures come.

``outputs/ledger/`` holds one CSV file for each forecast that was made: an as-of, a scenario, certain figures and a certain
version of the method. Files are only ever added, and their name holds two hashes: over what was said, by which the same forecast
said again is known, and over all of it, the day on which it was said among it. An edit of any of this is refused. It is a guard
against slips and quiet changes, no proof against somebody who works both hashes out anew and renames the file.
A row is long, as in the files of forecast hubs: what was forecast, by which rule it is to be judged, and one number.
"""

import datetime as dt
import hashlib
import io
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from qnict_analysis import kept, periods
from qnict_analysis.assessment.outlook import latest_n
from qnict_analysis.assessment.rules import rule_of
from qnict_analysis.assessment.standing import is_decided, reason_of, standings
from qnict_analysis.backtest.replay import ahead_of, with_outcomes
from qnict_analysis.forecast import segment_start
from qnict_analysis.params import scenario_said
from qnict_analysis.registry import Caps, Part
from qnict_analysis.store import write_new

FOLDER = "ledger"
ROWS = (
    *("as_of", "scenario", "target", "indicator", "period", "horizon", "output_type", "output_type_id", "value", "status"),
    *("rule", "data", "code"),
)
"""``output_type``: ``p_met`` (chance that the target is met in ``period``; indicator empty) or ``quantile`` (of an indicator's
figure; ``output_type_id`` the probability). ``horizon``: periods from the latest known one. ``status``: ``real``, or
``illustrative`` where any figure behind it is. ``rule``: what satisfied the target, or the part, when it was said
(``rule_text``). ``data``, ``code``: fingerprints of the observations known and of the method."""

LEDGER = ("made_on", *ROWS)
"""The same with the day on which it was said."""

LEVELS = (0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 0.95)
TYPES = ("p_met", "quantile")

FINGERPRINT = 12
"""Hexadecimal digits of a fingerprint: chance makes two alike once in a hundred million million."""

NAMED = re.compile(rf".+-(?P<key>[0-9a-f]{{{FINGERPRINT}}})-(?P<seal>[0-9a-f]{{{FINGERPRINT}}})(-\d+)?\.csv")
"""What a file of the ledger is called; a number follows where the same forecast was entered twice at one moment."""

UNSEALED = re.compile(rf".+-[0-9a-f]{{{FINGERPRINT}}}(-\d+)?\.csv")
"""What earlier versions called it: nothing vouches for the day of such a file, nor does it hold its rule."""

RULE = re.compile(r"(?P<indicator>\S+) (?P<comparator>\w+) (?P<value>\S+)( rounds (?P<rounds>\d))?( k_min -?\d+( of \d+)?)?")
BETWEEN_RULES = "; "

SCORED_FOR_WIDER = 30
"""Distinct pairs of target and horizon that must have been scored before chances are printed beyond the programme's caps."""

WIDER = Caps(low=0.02, high=0.98)
YEARS_COUNTED = (1.0, 2.0)
"""Horizons that count towards it, beside the deadline."""


def forecast_rows(analysis) -> pd.DataFrame:
    """Everything that an analysis says of the future, as rows ROWS: each open target and each of its parts, a quarter, half a
    year, one and two years ahead and at the deadline."""
    found = standings(analysis.draws, analysis.series, analysis.basis, analysis.registry, analysis.as_of)
    status = "illustrative" if analysis.illustrative else "real"
    place = {"as_of": analysis.as_of.label, "scenario": scenario_said(analysis.params), "status": status}
    place |= {"data": kept.content_hash(analysis.history)[:FINGERPRINT], "code": kept.code_fingerprint()[:FINGERPRINT]}
    rows = []
    for standing in found:
        if reason_of(standing) or is_decided(standing):
            continue
        for period, horizon in ahead_of(standing, analysis.registry):
            at = place | {"target": standing.target.id, "period": period, "horizon": horizon, "rule": rule_text(standing.parts)}
            p_met = float(standing.hits[period].mean())
            rows.append(at | {"indicator": "", "output_type": "p_met", "output_type_id": "", "value": p_met})
            rows += [at | row for one in standing.parts if period in one.ahead for row in quantile_rows(one, period)]
    return pd.DataFrame(rows, columns=list(ROWS))


def quantile_rows(one, period: str) -> list[dict]:
    """The quantiles of one part's figure in one period (whole units for units), a row each."""
    whole = one.indicator.kind in ("units", "count")
    found = np.quantile(one.ahead[period].to_numpy(float), LEVELS, method="inverted_cdf" if whole else "linear")
    return [
        {"indicator": one.indicator.id, "output_type": "quantile", "output_type_id": f"{level:g}", "value": float(value)}
        | {"rule": rule_text([one])}
        for level, value in zip(LEVELS, found, strict=True)
    ]


# --- the rule that goes with a forecast ------------------------------------------------------------------------------


def rule_text(parts) -> str:
    """What satisfies each part (``Outlook``), as text: ``T07 at_least 16 k_min 16 of 18``, several parted by a semicolon.

    The value is that of the registry, so exact; ``rounds``: decimals of per cent to which the source rounds first; ``k_min``: the
    whole number that it meant out of N then (the most, where less is better).
    """
    return BETWEEN_RULES.join(_rule_of_part(one) for one in parts)


def _rule_of_part(one) -> str:
    part, kind = one.part, one.indicator.kind
    text = f"{part.indicator} {part.comparator} {part.value}"
    text += "" if part.met_when_rounds is None else f" rounds {part.met_when_rounds}"
    if kind not in ("units", "count"):
        return text
    n_units = latest_n(one.indicator, one.known) or one.n_units
    text += f" k_min {int(rule_of(part, kind, n_units).limit)}"
    return f"{text} of {n_units}" if kind == "units" else text


def parts_said(rule: str) -> tuple[Part, ...]:
    """The parts that a rule names; ``ValueError`` where it is none."""
    found = [RULE.fullmatch(text) for text in rule.split(BETWEEN_RULES)]
    if not all(found):
        raise ValueError(f"{rule!r} is no rule")
    return tuple(
        Part(
            indicator=one["indicator"],
            comparator=one["comparator"],
            value=int(one["value"]) if one["value"].isdigit() else one["value"],
            met_when_rounds=None if one["rounds"] is None else int(one["rounds"]),
        )
        for one in found
    )


def as_today(rule: str, target: str, registry) -> bool:
    """Whether a target's rule in the registry is still the one that went with the forecast."""
    said, now = (
        [(part.indicator, part.comparator, part.threshold, part.met_when_rounds) for part in parts]
        for parts in (parts_said(rule), registry.targets[target].parts)
    )
    return said == now


def rules_changed(rows: pd.DataFrame, registry) -> list[str]:
    """The targets, in the order of the registry, of which the ledger (``rows``: chances) holds forecasts by another rule."""
    pairs = set(zip(rows["target"], rows["rule"], strict=True))
    changed = {target for target, rule in pairs if target in registry.targets and not as_today(rule, target, registry)}
    return [name for name in registry.targets if name in changed]


# --- in and out ------------------------------------------------------------------------------------------------------


def keep(ws, rows: pd.DataFrame, *, today: dt.date) -> Path | None:
    """Add a forecast to the ledger under the day ``today``; None where the same one is there already.

    ``rows``: ROWS of one as-of and scenario. The file's name holds the as-of, the scenario, a hash over the rows (the
    fingerprints of figures and method among them) and one over the rows with their day: the same forecast is kept once, with the
    day on which it was first made.
    """
    if rows.empty:
        return None
    folder, name = ws.outputs / FOLDER, f"{rows['as_of'].iloc[0]}-{rows['scenario'].iloc[0]}-{fingerprint(rows, ROWS)}"
    if any(folder.glob(f"{name}-*.csv")):
        return None
    folder.mkdir(parents=True, exist_ok=True)
    dated = rows.assign(made_on=today.isoformat())[list(LEDGER)]
    path = folder / f"{name}-{fingerprint(dated, LEDGER)}.csv"
    return write_new(path, dated.to_csv(index=False, lineterminator="\n").encode())


def fingerprint(rows: pd.DataFrame, columns) -> str:
    """A hash over some columns, as numbers or as the text they were written as: ROWS are what is said, whatever the day; LEDGER
    has the day too."""
    content = rows[list(columns)].to_csv(index=False, lineterminator="\n")
    return hashlib.sha256(content.encode()).hexdigest()[:FINGERPRINT]


def read(ws) -> pd.DataFrame:
    """All rows of the ledger (LEDGER), the file's name beside them as ``file``; empty where there is none.

    ``ValueError`` names file, row and column of what cannot be, the file whose rows or day are no longer those that were written,
    and the file of an earlier version, whose day nothing vouches for.
    """
    tables = [_read_file(path) for path in sorted((ws.outputs / FOLDER).glob("*.csv"))]
    known = [table for table in tables if len(table)]
    return pd.concat(known, ignore_index=True) if known else pd.DataFrame(columns=[*LEDGER, "file"])


def _read_file(path: Path) -> pd.DataFrame:
    try:
        table = pd.read_csv(io.BytesIO(path.read_bytes()), dtype=str, keep_default_na=False)
    except (ValueError, UnicodeDecodeError):
        raise ValueError(f"outputs/{FOLDER}/{path.name}: not a CSV file in UTF-8; remove it or put the original back") from None
    named = NAMED.fullmatch(path.name)
    if not named and UNSEALED.fullmatch(path.name):
        raise ValueError(
            f"outputs/{FOLDER}/{path.name}: written by an earlier version, without its rule and without a fingerprint over the "
            f"day on which it was said, so it cannot count; move it out of outputs/{FOLDER}/"
        )
    if tuple(table.columns) != LEDGER:
        raise ValueError(f"outputs/{FOLDER}/{path.name}: the columns must be {', '.join(LEDGER)}")
    numbers = {name: pd.to_numeric(table[name], errors="coerce") for name in ("horizon", "value")}
    days = pd.to_datetime(table["made_on"], format="%Y-%m-%d", errors="coerce")
    wrong = {
        "value": numbers["value"].isna() | ((table["output_type"] == "p_met") & ~numbers["value"].between(0, 1)),
        "horizon": numbers["horizon"].isna() | (numbers["horizon"] < 1),
        "made_on": days.isna(),
        "as_of": ~table["as_of"].map(_is_as_of),
        "period": ~table["period"].map(_is_period),
        "output_type": ~table["output_type"].isin(TYPES),
        "status": ~table["status"].isin(["real", "illustrative"]),
        "rule": ~table["rule"].map({rule: _is_rule(rule) for rule in table["rule"].unique()}).astype(bool),
    }
    for name, bad in wrong.items():
        if bad.any():
            row = int(np.flatnonzero(bad)[0])
            found = table[name].iloc[row]
            raise ValueError(
                f"outputs/{FOLDER}/{path.name}, row {row + 2}, {name}: {found!r} is not allowed; allowed: {ALLOWED[name]}"
            )
    prints = (fingerprint(table, ROWS), fingerprint(table, LEDGER))
    if not named or (named["key"], named["seal"]) != prints:
        raise ValueError(
            f"outputs/{FOLDER}/{path.name}: its rows are not those its name was given for; put the original back or remove it"
        )
    return table.assign(**numbers, made_on=days, file=path.name)


ALLOWED = {
    "value": "a number, for p_met from 0 to 1",
    "horizon": "a whole number from 1",
    "made_on": "a day such as 2014-07-30",
    "as_of": "a day such as 2014-07-30, a quarter (2014Q2) or a year (2014)",
    "period": "a period such as 2014Q2",
    "output_type": ", ".join(TYPES),
    "status": "real or illustrative",
    "rule": "a rule such as T07 at_least 16 k_min 16 of 18",
}


def _is_rule(text: str) -> bool:
    try:
        parts_said(text)
    except ValueError:
        return False
    return True


def _is_period(label: str) -> bool:
    try:
        periods.frequency(label)
    except ValueError:
        return False
    return True


def _is_as_of(label: str) -> bool:
    try:
        periods.parse_as_of(label, kind="yearly", cutoff_days=0)
    except ValueError:
        return False
    return True


def to_score(rows: pd.DataFrame, series: pd.DataFrame, registry, as_of) -> pd.DataFrame:
    """The chances of the ledger (rows with ``output_type`` p_met, baseline) that can be held against what is known at ``as_of``.

    A forecast counts if it was made of real figures, before the next figures were due and before its period had ended, and if
    that period's figures are known, real, and of the definition that holds now, or a sourced verdict has come on its deadline and
    the target's rule is still the one that went with the forecast. Of several from one as-of the last counts.
    """
    said = rows[(rows["output_type"] == "p_met") & (rows["scenario"] == "baseline") & (rows["status"] == "real")]
    said = said[said["target"].isin(list(registry.targets))]
    if said.empty:
        return said
    due = said["as_of"].map({label: next_due(label, registry) for label in said["as_of"].unique()})
    ends = pd.to_datetime([periods.period_end(label) for label in said["period"]])
    said = said[(said["made_on"] <= due) & (said["made_on"] <= ends) & (said["made_on"] <= pd.Timestamp(as_of.cutoff))]
    known, verdicts = comparable_periods(series, registry, as_of), verdicts_known(registry, as_of)
    seen = [
        all((part.indicator, period) in known for part in parts_said(rule))
        or ((target, period) in verdicts and as_today(rule, target, registry))
        for target, period, rule in zip(said["target"], said["period"], said["rule"], strict=True)
    ]
    ordered = said[np.array(seen, dtype=bool)].sort_values("made_on", kind="stable")
    return ordered.drop_duplicates(["as_of", "target", "period"], keep="last")


def scored(analysis) -> pd.DataFrame:
    """The chances of the ledger beside what came, as known at an analysis: as_of, target, period, forecast, met.

    Each is judged by the rule that went with it: a threshold that was moved later rewrites no record.
    """
    said = analysis.scored
    if said.empty:
        return pd.DataFrame(columns=["as_of", "target", "period", "forecast", "met"])
    chances = said[["as_of", "target", "period"]].assign(forecast=said["value"])
    pairs = list(zip(said["target"], said["rule"], strict=True))
    judges = [None if as_today(rule, target, analysis.registry) else (target, rule) for target, rule in pairs]
    found = []
    for judge in dict.fromkeys(judges):
        own = chances[[other == judge for other in judges]]
        now = analysis if judge is None else judged_by(*judge, analysis)
        found.append(with_outcomes(own, pd.DataFrame(columns=["indicator", "period"]), now)[0])
    return pd.concat(found, ignore_index=True)


def judged_by(target: str, rule: str, analysis):
    """The analysis with one target only, by the rule that went with a forecast; verdicts were passed on another rule."""
    told = analysis.registry.targets[target].model_copy(update={"parts": parts_said(rule)})
    return replace(analysis, registry=replace(analysis.registry, targets={target: told}, outcomes=()))


def next_due(label: str, registry) -> pd.Timestamp:
    """The day on which the figures after those of an as-of are due: a briefing made later is hindsight."""
    programme = registry.programme
    read = {"kind": programme.frequency, "cutoff_days": programme.cutoff_days}
    after = periods.shift(periods.parse_as_of(label, **read).through, 1)
    return pd.Timestamp(periods.parse_as_of(after, **read).cutoff)


def verdicts_known(registry, as_of) -> set[tuple[str, str]]:
    """(target, deadline) of the sourced verdicts that were out by the cut-off."""
    known = (outcome.target for outcome in registry.outcomes if outcome.known_on <= as_of.cutoff)
    return {(name, registry.targets[name].deadline) for name in known}


def comparable_periods(series: pd.DataFrame, registry, as_of) -> set[tuple[str, str]]:
    """(indicator, period) of the real figures of the definition that holds at the as-of."""
    found = set()
    for name, own in series[series["value"].notna()].groupby("indicator", sort=False):
        numbers = own["period"].map(periods.ordinal).to_numpy(int)
        kept = (numbers >= segment_start(numbers, name, registry, as_of)) & (own["status"] != "illustrative").to_numpy()
        found |= {(name, period) for period in own["period"][kept]}
    return found


def pairs_scored(scored: pd.DataFrame, registry) -> int:
    """How many distinct pairs of target and horizon were scored (``to_score``): the deadline, and else one and two years ahead;
    two origins of one target are one."""
    steps = periods.STEPS_PER_YEAR[registry.programme.frequency]
    counted = {round(years * steps) for years in YEARS_COUNTED}
    final = [row.period == registry.targets[row.target].deadline for row in scored.itertuples()]
    pairs = zip(scored["target"], final, scored["horizon"], strict=True)
    return len({(target, "deadline" if last else ahead) for target, last, ahead in pairs if last or ahead in counted})


def caps_in_force(programme, n_pairs: int) -> Caps:
    """Between which chances are printed: the programme's own caps, wider ones once enough forecasts have been scored."""
    if n_pairs < SCORED_FOR_WIDER:
        return programme.caps
    return Caps(low=min(programme.caps.low, WIDER.low), high=max(programme.caps.high, WIDER.high))
