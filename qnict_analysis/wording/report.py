"""The report that is signed: its title, its opening, five sections and its end."""

import numpy as np

from qnict_analysis.facts import DECIDED, covered
from qnict_analysis.wording.speech import Voice, counted, cut, joined, runs, upper_first
from qnict_analysis.wording.targets import FALLING, goal_words, lead_of, tasks_of, worrying
from qnict_analysis.words import REASONS

ORDER = ("met", "likely", "uncertain", "unlikely", "missed", "no_basis", "not_sourced")
MOST_NAMED = 3
MOST_TASKS = 12
"""Steps named in the list of tasks; the others stand in the annex of targets."""

MOST_SHORT = 6
"""Missed targets named with what they lacked."""

MOST_ROWS = 6
"""Rows of the small table while targets are open: more would push the report off its two pages."""


def title_of_report(voice: Voice) -> str:
    """The title of the report: the programme and the end of its last period."""
    return voice.text.REPORT["title"].format(title=voice.programme.title[voice.lang], end=voice.end)


def intro(facts: list, voice: Voice) -> list[list[dict]]:
    """On what ground, by whom, about what, as known when."""
    targets = counted(voice.text.COMMON, "targets", len(facts)).format(n=len(facts))
    values = {
        "source": voice.programme.source[voice.lang],
        "agency": voice.the(voice.agency()),
        "short": voice.programme.short[voice.lang],
    }
    return [runs(voice.text.REPORT[f"intro.{voice.style}"], targets=targets, end=voice.end, cutoff=voice.cutoff, **values)]


# --- I ---------------------------------------------------------------------------------------------------------------


def achieved(
    facts: list, joint, voice: Voice, *, record: str, scenario: str = "", illustrative: bool = False
) -> list[list[dict]]:
    """How many targets stand where, what is expected at the deadline, and how far that can be trusted (``record``: a clause)."""
    words = voice.text.REPORT
    sentences = [runs(words["overall"], end=voice.end, n=len(facts), counts=counts_of(facts, voice)), *at_level(facts, voice)]
    ahead = any(fact.chance for fact in facts)
    sentences += [expected(joint, voice)] if ahead else []
    basis = words["basis.scenario" if scenario else "basis.now"].format(title=scenario)
    sentences += [runs(words[f"evidence.{voice.style}"], basis=basis, record=record)] if ahead else []
    sentences += [runs(words["illustrative"])] if illustrative else []
    return [spaced(sentences)]


def counts_of(facts: list, voice: Voice) -> list[dict]:
    """5 có khả năng đạt, 4 chưa chắc chắn, …: statuses in their order, absent ones left out."""
    found = [status_of(fact) for fact in facts]
    pieces = [runs(voice.text.COUNTS[status], n=found.count(status)) for status in ORDER if status in found]
    return joined(pieces, voice)


def status_of(fact) -> str:
    """The status that the counts speak of."""
    return "not_sourced" if fact.situation == "not_sourced" else fact.status


def at_level(facts: list, voice: Voice) -> list[list[dict]]:
    """How many targets are at their level today and have to hold it."""
    n = sum(fact.situation == "at_level" for fact in facts)
    return [runs(counted(voice.text.REPORT, "at_level", n), n=n)] if n else []


def expected(joint, voice: Voice) -> list[dict]:
    """How many targets will be met at the deadline, with 80 % of the futures."""
    low, middle, high = spread_of(joint)
    words = voice.text.REPORT
    return runs(words["joint" if low < high else "joint_same"], low=low, middle=middle, high=high, apart=apart(joint, voice))


def apart(joint, voice: Voice) -> str:
    """How many targets the distribution leaves out for want of a forecast; nothing when none."""
    left = len(joint.attrs.get("without_basis", ()))
    return voice.text.REPORT["joint_apart"].format(n=left) if left else ""


def spread_of(joint) -> tuple[int, int, int]:
    """The 10, 50 and 90 % points of the number of targets met."""
    total = np.cumsum(joint.to_numpy(float))
    return tuple(int(joint.index[min(np.searchsorted(total, level - 1e-12), len(total) - 1)]) for level in (0.1, 0.5, 0.9))


def levels(facts: list, voice: Voice, *, latest: dict) -> list[list[dict]]:
    """One bullet a group of the plan: each target's level beside what is asked; ``latest``: target id to the period it is of."""
    words, lang = voice.text.REPORT, voice.lang
    found = []
    for group, title in voice.programme.groups.items():
        own = [level_item(fact, voice, latest.get(fact.id, "")) for fact in facts if fact.target.group == group]
        found += [runs(words["levels"], group=title[lang], items=joined(own, voice, how="items"))] if own else []
    return found


def level_item(fact, voice: Voice, period: str) -> list[dict]:
    """One target's level; its period is named where it is older than the as-of."""
    known, old = fact.now_short != "–", period not in ("", voice.as_of.through)
    key = "level_old" if known and old else "level" if known else "level_unknown"
    key = "level_by_source" if fact.situation == "met_by_source" else key
    values = {"short": fact.target.short[voice.lang], "now": fact.now_short, "goal": goal_words(fact, voice)}
    return runs(voice.text.REPORT[key], period=voice.mid(period) if period else "", **values)


# --- II --------------------------------------------------------------------------------------------------------------


def shortcomings(facts: list, voice: Voice) -> list[list[dict]]:
    """What was missed, and what is in danger."""
    words = voice.text.REPORT
    missed, danger = missed_of(facts), worrying(facts)
    if missed and danger:
        return [runs(words["missed_and_worry"], missed=len(missed), n=len(danger), standing=standing(danger, voice))]
    found = []
    if missed or all(fact.status in (*DECIDED, "no_basis") for fact in facts):
        found.append(runs(counted(words, "missed", len(missed)) if missed else words["missed.none"], n=len(missed)))
    if danger:
        shown = min(len(danger), MOST_ROWS)
        key = "worry.more" if shown < len(danger) else f"worry.{'one' if shown == 1 else 'many'}"
        found.append(runs(words[key], n=len(danger), shown=shown, standing=standing(danger, voice)))
    elif any(fact.chance for fact in facts):
        found.append(runs(words["worry.none"]))
    return found


def standing(danger: list, voice: Voice) -> str:
    """What targets in danger are called together."""
    statuses = {fact.status for fact in danger}
    return voice.text.REPORT[f"worry.{statuses.pop() if len(statuses) == 1 else 'both'}"]


def without_verdict(facts: list, voice: Voice) -> list[list[dict]]:
    """Targets without a forecast or a figure, each with its reason."""
    words, lang = voice.text.REPORT, voice.lang
    no_basis = [
        runs(words["no_basis_item"], short=fact.target.short[lang], reason=REASONS[lang].get(fact.reason, fact.label))
        for fact in facts
        if fact.situation == "no_basis"
    ]
    not_sourced = [quoted(fact, voice) for fact in facts if fact.situation == "not_sourced"]
    found = [runs(words["no_basis"], items=joined(no_basis, voice, how="items"))] if no_basis else []
    return found + ([runs(words["not_sourced"], items=joined(not_sourced, voice))] if not_sourced else [])


def in_table(facts: list) -> list:
    """The rows of the small table: what was missed, then what is in danger; all of it once nothing is open."""
    chosen = [*missed_of(facts), *worrying(facts)]
    return chosen[:MOST_ROWS] if any(fact.chance for fact in facts) else chosen


def missed_of(facts: list) -> list:
    """The facts of targets that were missed."""
    return [fact for fact in facts if fact.status == "missed"]


def quoted(fact, voice: Voice) -> list[dict]:
    """A target's short name in quotation marks."""
    return runs(voice.text.COMMON["quoted"], text=fact.target.short[voice.lang])


# --- III -------------------------------------------------------------------------------------------------------------


def causes(facts: list, series, voice: Voice) -> list[list[dict]]:
    """Only what the figures show: pace, units that have not begun, returns that are missing."""
    words = voice.text.REPORT
    danger = [fact for fact in worrying(facts) if fact.gap]
    slow = sorted((fact for fact in danger if fact.pace and fact.pace_ratio > 1), key=lambda fact: -fact.pace_ratio)
    fading = [fact for fact in danger if fact.pace and fact.pace_ratio <= 1]
    stalled = [fact for fact in danger if not fact.pace]
    found = [named(words, "cause.pace", slow, voice)] if slow else []
    for key, chosen in (("cause.fading", fading), ("cause.stalled", stalled)):
        items = joined(cut([quoted(fact, voice) for fact in chosen], voice, most=MOST_NAMED), voice)
        found += [runs(words[key], items=items)] if chosen else []
    units = [fact for fact in danger if fact.indicator.kind == "units"]
    found += [named(words, "cause.units", units, voice)] if units else []
    found += coverage_cause(series, facts, voice)
    found += short_cause(missed_of(facts), voice)
    limits = "cause.limits" if voice.style == "vn_state" else "cause.limits_plain"
    return [*(found or [runs(words["cause.none"])]), *([runs(words[limits])] if found else [])]


def named(words: dict, key: str, chosen: list, voice: Voice) -> list[dict]:
    """A sentence of causes with the indicators it names."""
    lang = voice.lang
    items = [runs(words[f"{key}_item"], short=fact.indicator.short[lang], pace=fact.pace, gap=fact.gap) for fact in chosen]
    return runs(words[key], items=joined(cut(items, voice, most=MOST_NAMED), voice))


def short_cause(missed: list, voice: Voice) -> list[list[dict]]:
    """By how much the missed targets fell short."""
    words, lang = voice.text.REPORT, voice.lang
    keys = {True: "cause.high_item", False: "cause.units_item"}
    found = [(keys[fact.part.comparator in FALLING], fact) for fact in missed if fact.gap]
    items = [runs(words[key], short=fact.indicator.short[lang], gap=fact.gap) for key, fact in found]
    return [runs(words["cause.short"], items=joined(cut(items, voice, most=MOST_SHORT), voice))] if items else []


def latest_rows(series, facts: list):
    """The latest row with a figure of each indicator of the targets."""
    wanted = {part.indicator for fact in facts for part in fact.target.parts}
    return series[series["indicator"].isin(wanted) & series["value"].notna()].groupby("indicator", sort=False).tail(1)


def incomplete(series, facts: list):
    """The latest row of each indicator of the targets whose returns are incomplete, the least covered first."""
    last = latest_rows(series, facts)
    return last[last["coverage"] < 1 - 1e-9].sort_values("coverage", kind="stable")


def coverage_cause(series, facts: list, voice: Voice) -> list[list[dict]]:
    """The indicator whose latest figures are least complete."""
    words, rows = voice.text.REPORT, incomplete(series, facts)
    if rows.empty:
        return []
    row = rows.iloc[0]
    others = words["cause.coverage_others"].format(n=len(rows) - 1) if len(rows) > 1 else ""
    values = {"period": voice.mid(row["period"]), "short": short_of(row["indicator"], facts, voice)}
    return [runs(words["cause.coverage"], coverage=covered(row["coverage"], voice.lang), others=others, **values)]


def short_of(indicator: str, facts: list, voice: Voice) -> str:
    """The short name of an indicator by way of the targets' parts."""
    named = {fact.indicator.id: fact.indicator.short[voice.lang] for fact in facts}
    return named.get(indicator) or next(
        fact.target.short[voice.lang] for fact in facts if indicator in {part.indicator for part in fact.target.parts}
    )


# --- IV and V --------------------------------------------------------------------------------------------------------


def tasks(facts: list, voice: Voice, *, nearest: dict[str, list[str]], parts: dict[str, list], annex: str) -> list[list[dict]]:
    """Who does what by when: one bullet a lead agency, then the returns.

    ``nearest``: the names of the units that come next, by indicator; ``parts``: the facts of the parts of compound targets, by
    target: each part that lacks something has its own lead agency and step; ``annex``: where the steps stand that are left out.
    """
    words = voice.text.REPORT
    steps = [part for fact in worrying(facts) for part in parts.get(fact.id, [fact]) if part.step]
    chosen = steps[:MOST_TASKS] + [fact for fact in facts if fact.situation in ("no_basis", "not_sourced")]
    chosen += missed_of(facts)
    leads: dict[str, list] = {}
    for fact in chosen:
        leads.setdefault(lead_of(fact, voice), []).append(fact)
    found = [
        runs(words["task"], lead=lead, action=tasks_of(own, voice, nearest=nearest), date=voice.day())
        for lead, own in leads.items()
    ]
    left = len(steps) - MOST_TASKS
    found += [runs(counted(words, "task.more", left), n=left, annex=annex)] if left > 0 else []
    date = voice.returns_day()
    returns = runs(words[f"task.return.{voice.style}"], agency=voice.agency(), next=voice.mid(voice.next), date=date)
    ahead = any(fact.chance for fact in facts)
    return [*(found or [runs(words["task.none"])]), *([returns] if ahead else [])]


def asks(facts: list, series, voice: Voice) -> list[list[dict]]:
    """What those above are asked to decide."""
    words = voice.text.REPORT
    low = [fact for fact in worrying(facts) if fact.status == "unlikely"][:MOST_NAMED]
    ahead = any(fact.chance for fact in facts)
    found = [runs(words[f"ask.lead.{voice.style}"], next=voice.coming)] if worrying(facts) else []
    if low:
        items = [runs(words["ask.low_item"], short=fact.target.short[voice.lang], chance=fact.in_ten) for fact in low]
        found.append(runs(words["ask.low"], items=joined(items, voice)))
    found += [runs(words["ask.returns"])] if ahead and len(incomplete(series, facts)) else []
    found += [runs(words["ask.missed"])] if missed_of(facts) else []
    found += [runs(words["ask.sourced"])] if any(fact.situation == "not_sourced" for fact in facts) else []
    return found or [runs(words["ask.none"])]


def closed(paragraphs: list[list[dict]], voice: Voice) -> list[list[dict]]:
    """The paragraphs with the official end of a document behind the last one."""
    *before, last = paragraphs
    end = voice.text.REPORT["close"] if voice.style == "vn_state" else "."
    return [*before, [*last[:-1], {**last[-1], "t": last[-1]["t"].removesuffix(".") + end}]]


def opening_of_asks(voice: Voice) -> list[list[dict]]:
    """Who is asked, in an official report."""
    words, key = voice.text.REPORT, f"ask.{voice.style}"
    names = {"agency": voice.the(voice.agency()), "parent": voice.the(voice.agency("parent_agency"))}
    return [upper_first(runs(words[key], **names))] if key in words else []


def heading_of_tasks(facts: list, voice: Voice) -> str:
    """The heading of the section of tasks, by what the report covers or after the deadline."""
    ahead = any(fact.chance for fact in facts)
    return voice.text.REPORT[f"IV.{voice.ahead}" if ahead else "IV.after"]


def spaced(sentences: list[list[dict]]) -> list[dict]:
    """Sentences as one paragraph."""
    found = []
    for place, sentence in enumerate(sentences):
        found += ([{"t": " "}] if place else []) + sentence
    return found
