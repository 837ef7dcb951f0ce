"""Sentences about one target: its title (the answer), its four numbers, what to do next."""

import math

from qnict_analysis import formats, periods
from qnict_analysis.facts import DECIDED, WORRYING
from qnict_analysis.wording.speech import Voice, lower_first, runs, upper_first
from qnict_analysis.words import CURES, REASONS

FALLING = ("at_most", "below")
LATEST = ("met_by_source", "missed_by_source", "not_sourced")
"""Situations in which the latest figure is not the one of the deadline."""


def title_of(fact, voice: Voice) -> str:
    """The answer to “will it be met?”: Khó đạt 80%: còn thiếu 3 đơn vị cấp huyện."""
    titles = voice.text.TITLES
    falling = "falling" if fact.part.comparator in FALLING else "open"
    key = {"open": f"{falling}.{fact.status}", "missed": "falling.missed" if falling == "falling" else "missed"}
    template = titles[key.get(fact.situation, fact.situation)]
    values = {name: getattr(fact, name) for name in ("now", "gap", "in_ten")}
    reason = REASONS[voice.lang].get(fact.reason, "")
    text = template.format(goal=goal_words(fact, voice), reason=reason, **values)
    return f"{text} ({fact.indicator.short[voice.lang]})" if len(fact.target.parts) > 1 and fact.situation == "open" else text


def goal_words(fact, voice: Voice) -> str:
    """The target inside a sentence: 70%, trên 90%, 16."""
    part, indicator, lang = fact.part, fact.indicator, voice.lang
    if indicator.kind == "count":
        goal = formats.number(float(part.threshold), lang, 0)
    else:
        digits = str(part.value).removesuffix("%").partition(".")[2]
        goal = formats.percent(float(part.threshold), lang, len(digits))
    return voice.text.GOALS[part.comparator].format(goal=goal)


def numbers_of(fact, voice: Voice, *, period: str) -> list[dict]:
    """The four numbers of a target's block: now, target, chance or verdict, forecast; each with a note."""
    words = voice.text.NUMBERS
    deadline = voice.mid(fact.target.deadline)
    now = "result" if fact.situation in DECIDED else "latest" if fact.situation in LATEST else "now"
    missing = words["too_high" if fact.part.comparator in FALLING else "missing"].format(gap=fact.gap) if fact.gap else ""
    asked = [words["deadline"].format(deadline=deadline), *milestones_of(fact, voice), missing]
    evidence = words["evidence"].format(evidence=fact.evidence) if fact.evidence and fact.chance else ""
    pace = words["pace"].format(pace=fact.pace) if fact.pace and fact.pace_ratio > 1 else ""
    chance = (words["chance"], fact.chance, fact.in_ten) if fact.chance else (words["verdict"], fact.label, "")
    return [
        number(words[now], fact.now, words["as_of"].format(period=voice.mid(period)) if period else ""),
        number(words["target"], fact.goal_full, "; ".join(note for note in asked if note)),
        number(*chance[:2], "; ".join(note for note in (chance[2], evidence) if note)),
        outlook(fact, voice, pace=pace),
    ]


def milestones_of(fact, voice: Voice) -> list[str]:
    """The milestones on the way to a target, in their order."""
    steps = sorted(fact.target.milestones.items(), key=lambda step: periods.ordinal(step[0]))
    goals = [(label, fact.part.model_copy(update={"value": level})) for label, level in steps]
    said = voice.text.NUMBERS["milestone"]
    return [
        said.format(goal=formats.target_value(goal, fact.indicator, voice.lang), period=voice.mid(label)) for label, goal in goals
    ]


def outlook(fact, voice: Voice, *, pace: str) -> dict:
    """The fourth number: the forecast at the deadline; once decided, since when it is met or what is missing."""
    words = voice.text.NUMBERS
    if fact.status == "met":
        return number(words["since"], voice.mid(fact.reach_period) if fact.reach_period else "–", "")
    if fact.status == "missed":
        return number(words["lack"], fact.gap or "–", "")
    label = words["forecast"].format(deadline=voice.mid(fact.target.deadline))
    span = words["interval_note"] if fact.interval else "" if pace else words["no_forecast"]
    return number(label, fact.interval or "–", "; ".join(note for note in (span, pace) if note))


def number(label: str, value: str, note: str) -> dict:
    """One of a target's four numbers."""
    return {"label": label, "value": value, "note": note}


def next_of(fact, voice: Voice, *, nearest: dict[str, list[str]] | None = None) -> list[list[dict]]:
    """What has to come next for one target, as paragraphs; ``nearest``: the names of the units that come next, by indicator."""
    words, several = voice.text.NEXT, len(fact.target.parts) > 1
    lead = voice.the(lead_of(fact, voice))
    values = {
        "lead": lead,
        "next": voice.coming,
        "deadline": voice.mid(fact.target.deadline),
        "pace": fact.pace,
        "reach": lower_reach(fact, voice),
        "action": with_nearest(action_of(fact, voice), fact, voice, nearest or {}),
        "cure": CURES[voice.lang].get(fact.reason, ""),
    }
    chosen = [*_KEYS.get(fact.situation, ())]
    chosen += ["step", "step_part" if several else "step_whole"] if fact.step else []
    chosen += ["pace"] if fact.pace and fact.pace_ratio > 1 else []
    if fact.situation == "open":
        chosen += ["reach" if fact.reach else "no_reach"]
    chosen += ["parts"] if several and fact.chance else []
    chosen += ["soft"] if fact.target.soft else []
    paragraph = [run for key in chosen for run in [*runs(words[key], **values), {"t": " "}]]
    return [upper_first(paragraph[:-1])] if paragraph else []


def lead_of(fact, voice: Voice) -> str:
    """Who has to act: for a step the lead of its part, else that of the whole target."""
    return (fact.indicator if fact.step else fact.target).lead[voice.lang]


_KEYS = {
    "at_level": ("hold",),
    "no_basis": ("cure",),
    "not_sourced": ("cure_verdict",),
    "met": ("met",),
    "met_by_source": ("met",),
    "missed": ("missed",),
    "missed_by_source": ("missed",),
}


def lower_reach(fact, voice: Voice) -> str:
    """The period from which a target is met, within a sentence."""
    return lower_first(fact.reach, words=("Quý", "Năm", "Tháng")) if fact.reach else ""


def action_of(fact, voice: Voice) -> str:
    """What the lead agency should do about a target in the next period, without a subject."""
    words = voice.text.ACTIONS
    short = fact.indicator.short[voice.lang]
    if fact.reason:
        return f"{CURES[voice.lang][fact.reason]} ({words['item'].format(short=fact.target.short[voice.lang])})"
    if fact.step:
        return words[way(fact)].format(short=short, level=fact.step.level, more=fact.step.more)
    if fact.situation.startswith("missed"):
        return words["repair"].format(short=short)
    return words["hold"].format(short=short, now=fact.now)


def tasks_of(facts: list, voice: Voice, *, nearest: dict[str, list[str]]) -> str:
    """What one agency should do about several targets: steps one by one, the same cure or repair said once; ``nearest``: the
    names of the units that come next, by indicator."""
    words, lang = voice.text.TASKS, voice.lang
    kinds: dict[str, list[str]] = {}
    for fact in facts:
        kind = fact.reason or ("steps" if fact.step else "repair")
        kinds.setdefault(kind, []).append(with_nearest(task_item(fact, voice), fact, voice, nearest))
    said = [
        voice.text.COMMON["items"].join(items)
        if kind == "steps"
        else words["repairs" if kind == "repair" else "cure"].format(
            cure=CURES[lang].get(kind, words["repair"]), items=voice.text.COMMON["list"].join(items)
        )
        for kind, items in kinds.items()
    ]
    return voice.text.COMMON["items"].join(said)


def task_item(fact, voice: Voice) -> str:
    """What has to be done for one target, within a list."""
    words = voice.text.TASKS
    if fact.reason:
        return words["item"].format(short=fact.target.short[voice.lang])
    if fact.step:
        return words[way(fact)].format(short=fact.indicator.short[voice.lang], level=fact.step.level, more=fact.step.more)
    return words["lack_high" if fact.part.comparator in FALLING else "lack"].format(
        short=fact.indicator.short[voice.lang], gap=fact.gap or "–"
    )


def way(fact) -> str:
    """Which phrase speaks of a target's next step: up, up to the last unit, or down."""
    return "fall" if fact.part.comparator in FALLING else "rise_all" if fact.step.is_all else "rise"


def with_nearest(item: str, fact, voice: Voice, nearest: dict[str, list[str]]) -> str:
    """An item of a list of tasks with the units that come next in its brackets, where they are known."""
    names = nearest.get(fact.indicator.id, []) if fact.step else []
    if not names:
        return item
    named = voice.text.REPORT["task.next"].format(units=voice.text.COMMON["list"].join(names))
    return f"{item[:-1]}; {named})" if item.endswith(")") else f"{item} ({named})"


def worrying(facts: list) -> list:
    """Targets that are unlikely or uncertain to be met and not yet at their level, the least likely first."""
    chosen = [fact for fact in facts if fact.status in WORRYING]
    return sorted(chosen, key=lambda fact: (math.inf if math.isnan(fact.p) else fact.p, fact.id))
