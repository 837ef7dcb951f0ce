"""Sentences on all targets: where they should be by now, what moved, which stand or fall together, who acts by when."""

import math

import pandas as pd

from qnict_analysis import formats, schema
from qnict_analysis.facts import amount_text, caps_of, level_text
from qnict_analysis.wording.speech import Voice, counted, joined, runs, upper_first
from qnict_analysis.words import PROGRESS

MOST = 3
LEAST_POINTS = 0.5
"""A change below half a point, in per cent, is called none."""

TEXT = {
    "vi": {
        "behind.one": "**{n}** chỉ tiêu chậm so với đường thẳng từ mức ban đầu đến mục tiêu: {items}.",
        "behind.many": "**{n}** chỉ tiêu chậm so với đường thẳng từ mức ban đầu đến mục tiêu: {items}.",
        "behind.none": "Không chỉ tiêu nào chậm so với đường thẳng từ mức ban đầu đến mục tiêu.",
        "behind_item": "{id} “{short}” đạt {value}, lẽ ra đã phải đạt {due} (chậm {gap})",
        "shaped": "Nếu tiến độ theo hình chữ S (đầu và cuối chậm, giữa nhanh) thì số chỉ tiêu chậm là **{n}**.",
        "milestone.met": "{id} đạt mốc {level} của {period}.",
        "milestone.missed": "{id} chưa đạt mốc {level} của {period}.",
        "milestone.unknown": "{id}: chưa có số liệu của mốc {level}, {period}.",
        "milestone.none": "Kế hoạch không đặt mốc hằng năm cho các chỉ tiêu.",
        "moved.one": "So với {then}, khả năng đạt tăng ở **{up}** chỉ tiêu, giảm ở **{down}**, gần như không đổi ở **{same}**.",
        "moved.many": "So với {then}, khả năng đạt tăng ở **{up}** chỉ tiêu, giảm ở **{down}**, gần như không đổi ở **{same}**.",
        "moved_item": "{id} “{short}”: {change}",
        "moved_mostly": ", chủ yếu do {cause} ({part})",
        "moved_most": "Thay đổi nhiều nhất: {items}.",
        "moved_apart": "{n} chỉ tiêu không so sánh được vì một trong hai thời điểm chưa đủ căn cứ dự báo.",
        "moved_none": "Chưa có thời điểm trước để so sánh.",
        "note": "“Thời gian trôi qua” là thay đổi nếu mọi đơn vị vừa báo cáo đứng yên tại mức cũ; “số liệu kỳ mới” là phần "
        "mà kết quả thực của kỳ mang lại. Các phần cộng lại đúng bằng thay đổi, tính bằng điểm phần trăm, chưa chặn hai đầu.",
        "group": "{group}: khả năng đạt **cả {n}** chỉ tiêu{left} là **{chance}**{apart}.",
        "group_apart": " (nếu các chỉ tiêu không liên quan với nhau: {chance})",
        "group_left": " có căn cứ ({left} chỉ tiêu chưa đủ)",
        "plan": "Toàn kế hoạch",
        "pair": "Cặp chỉ tiêu dễ cùng không đạt nhất: **{first}** và **{second}** (khả năng cả hai không đạt: {both}).",
        "pair_tied": "Cặp gắn với nhau nhiều nhất: **{first}** và **{second}**: cùng không đạt với khả năng {both}, trong khi "
        "nếu không liên quan chỉ là {apart}.",
        "causes": {
            "time": "thời gian trôi qua",
            "new_period": "số liệu kỳ mới",
            "restated": "số liệu cũ được báo cáo lại",
            "frame": "thay đổi mẫu số, phạm vi",
            "corrections": "đính chính số liệu",
            "pool": "các chỉ số cùng loại",
            "parameters": "thay đổi tham số, kịch bản",
            "method": "thay đổi phương pháp",
        },
    },
    "en": {
        "behind.one": "**{n}** target is behind the straight path from its first figure to the goal: {items}.",
        "behind.many": "**{n}** targets are behind the straight path from their first figure to the goal: {items}.",
        "behind.none": "No target is behind the straight path from its first figure to the goal.",
        "behind_item": "{id} “{short}” is at {value} where {due} was due ({gap} behind)",
        "shaped": "On an S-shaped path (slow at both ends, fast in the middle) **{n}** would be behind.",
        "milestone.met": "{id} met its milestone of {level} for {period}.",
        "milestone.missed": "{id} missed its milestone of {level} for {period}.",
        "milestone.unknown": "{id}: no figure for its milestone of {level}, {period}.",
        "milestone.none": "The plan sets no yearly milestones.",
        "moved.one": "Since {then} the chance rose for **{up}** target, fell for **{down}** and hardly moved for **{same}**.",
        "moved.many": "Since {then} the chance rose for **{up}** targets, fell for **{down}** and hardly moved for **{same}**.",
        "moved_item": "{id} “{short}”: {change}",
        "moved_mostly": ", mostly {cause} ({part})",
        "moved_most": "The largest moves: {items}.",
        "moved_apart": "{n} cannot be compared, as one of the two as-ofs had no basis for a forecast.",
        "moved_none": "There is no earlier as-of to compare with.",
        "note": "“Time passing” is what would have changed had everybody who reported stood still; “new period's figures” "
        "is what the period's real results brought. The parts add up to the change, in percentage points before any cap.",
        "group": "{group}: the chance of meeting **all {n}**{left} is **{chance}**{apart}.",
        "group_apart": " (if they had nothing to do with each other: {chance})",
        "group_left": " with a basis (without {left} that have none)",
        "plan": "The whole plan",
        "pair": "The pair most likely to fail together: **{first}** and **{second}** (chance that neither is met: {both}).",
        "pair_tied": "The pair most tied to each other: **{first}** and **{second}**: both fail with a chance of {both}, against "
        "{apart} if they had nothing to do with each other.",
        "causes": {
            "time": "time passing",
            "new_period": "the new period's figures",
            "restated": "restated past figures",
            "frame": "denominators or the frame of units",
            "corrections": "corrections",
            "pool": "like indicators",
            "parameters": "parameters or the scenario",
            "method": "a new version of the method",
        },
    },
}


def behind(course: pd.DataFrame, registry, voice: Voice) -> list[list[dict]]:
    """Which targets are behind where they should be by now (``schema.COURSE``), on the straight and on the S-shaped path, and
    what became of the milestones that are due."""
    words = TEXT[voice.lang]
    late = course[course["ahead"] < 0]
    shaped = course[direction(course) * (course["value"] - course["s_shaped"]) < 0]
    items = [behind_item(row, registry, voice) for row in late.itertuples()]
    late_words = counted(words, "behind", len(late)) if items else words["behind.none"]
    first = runs(late_words, n=len(late), items=joined(items, voice, how="items"))
    return [first, runs(words["shaped"], n=len(shaped)), *milestones(course, registry, voice)]


def direction(course: pd.DataFrame) -> pd.Series:
    """1 where the goal lies above the first figure, -1 below."""
    return (course["goal"] >= course["first"]).map({True: 1.0, False: -1.0})


def behind_item(row, registry, voice: Voice) -> list[dict]:
    """One target behind its path: level, where it should be, what is missing to it."""
    indicator, lang = registry.indicators[row.indicator], voice.lang
    n_units = int(row.n_units) if indicator.kind == "units" else None
    values = {
        name: level_text(level, indicator, n_units, lang, named=False) for name, level in due_levels(row, indicator, n_units)
    }
    missing = abs(row.ahead) * (n_units or 1)
    whole = indicator.kind in ("units", "count")
    gap = amount_text(math.ceil(missing - 1e-9) if whole else missing, indicator, lang)
    return runs(TEXT[lang]["behind_item"], id=row.target, short=registry.targets[row.target].short[lang], gap=gap, **values)


def due_levels(row, indicator, n_units) -> list[tuple[str, float]]:
    """Value and due level; whole units and items are due as the next whole number."""
    if indicator.kind == "units":
        return [("value", row.value), ("due", math.ceil(row.straight * n_units - 1e-9) / n_units)]
    due = math.ceil(row.straight - 1e-9) if indicator.kind == "count" else row.straight
    return [("value", row.value), ("due", due)]


def milestones(course: pd.DataFrame, registry, voice: Voice) -> list[list[dict]]:
    """What became of the milestones that are due; one sentence where the plan has none."""
    words = TEXT[voice.lang]
    if not any(target.milestones for target in registry.targets.values()):
        return [runs(words["milestone.none"])]
    found = []
    for row in course[course["milestone"] != ""].itertuples():
        key = "unknown" if row.milestone_met is None else "met" if row.milestone_met else "missed"
        level = milestone_text(row, registry, voice.lang)
        found.append(runs(words[f"milestone.{key}"], id=row.target, level=level, period=voice.mid(row.milestone)))
    return found


def milestone_text(row, registry, lang: str) -> str:
    """What a milestone asks for: k of N units, a per cent as fine as the registry has it, a number of items."""
    indicator = registry.indicators[row.indicator]
    if indicator.kind == "units":
        return level_text(row.milestone_level, indicator, row.milestone_n, lang)
    return formats.milestone_value(registry.targets[row.target].milestones[row.milestone], indicator, lang)


def moved(changes: pd.DataFrame, registry, voice: Voice, *, then: str) -> list[list[dict]]:
    """How many chances moved since ``then`` (in print), and the largest moves with their main cause (``schema.CHANGES``)."""
    words, known = TEXT[voice.lang], changes[changes["change"].notna()]
    points = 100 * known["change"]
    up, down = (points >= LEAST_POINTS).sum(), (points <= -LEAST_POINTS).sum()
    found = [runs(counted(words, "moved", up), then=then, up=up, down=down, same=len(known) - up - down)]
    most = known[points.abs() >= LEAST_POINTS].sort_values("change", key=lambda change: -change.abs(), kind="stable").head(MOST)
    items = [moved_item(row, registry, voice) for _, row in most.iterrows()]
    found += [runs(words["moved_most"], items=joined(items, voice, how="items"))] if items else []
    left = len(changes) - len(known)
    return found + ([runs(words["moved_apart"], n=left)] if left else [])


def moved_item(row: pd.Series, registry, voice: Voice) -> list[dict]:
    """One target whose chance moved: by how much, and, where the parts are known, what moved it most in that direction."""
    words, lang, parts = TEXT[voice.lang], voice.lang, printed_parts(row)
    short = registry.targets[row["target"]].short[lang]
    item = runs(words["moved_item"], id=row["target"], short=short, change=points_text(row["change"], lang))
    if parts is None:
        return item
    cause = main_cause(row, parts)
    return item + runs(words["moved_mostly"], cause=words["causes"][cause], part=points_text(parts[cause] / 100, lang))


def printed_parts(row: pd.Series) -> pd.Series | None:
    """The parts of one change in points with one decimal, rounded so that they add up to it; None where they are not known."""
    parts = 100 * row[list(schema.CHANGE_CAUSES)].astype(float)
    return None if parts.isna().any() else pd.Series(formats.rounded_parts(parts, 1), index=parts.index)


def main_cause(row: pd.Series, parts: pd.Series) -> str:
    """The cause that moved a chance most in the direction of its change."""
    return (parts * (1 if row["change"] > 0 else -1)).idxmax()


def points_text(change: float, lang: str) -> str:
    """A change of a chance in percentage points with its sign."""
    sign = "+" if change > 0 else "−" if change < 0 else ""
    return f"{sign}{formats.points(abs(change), lang)}"


def cause_names(lang: str) -> dict[str, str]:
    """The causes of a change as heads of columns."""
    return {code: PROGRESS[lang][code] for code in TEXT[lang]["causes"]}


def together(groups: pd.DataFrame, pairs: pd.DataFrame, registry, voice: Voice) -> list[list[dict]]:
    """P(all) of each group of the plan and of the whole, and the pairs that fail together (``schema.GROUPS``, ``PAIRS``)."""
    words, lang, caps = TEXT[voice.lang], voice.lang, caps_of(registry)
    found = []
    for row in groups[groups["n"] > 1].itertuples():
        title = registry.programme.groups[row.group][lang] if row.group else words["plan"]
        chance, alone = (formats.chance(p, lang, **caps) for p in (row.all_met, row.if_apart))
        left = words["group_left"].format(left=row.of - row.n) if row.n < row.of else ""
        apart = words["group_apart"].format(chance=alone) if row.n > 1 and alone != chance else ""
        found.append(upper_first(runs(words["group"], group=title, n=row.n, chance=chance, left=left, apart=apart)))
    if len(pairs):
        first, tied = pairs.iloc[0], pairs.loc[(pairs["both"] - pairs["if_apart"]).idxmax()]
        found.append(pair_words(words["pair"], first, registry, lang))
        if (tied["first"], tied["second"]) != (first["first"], first["second"]):
            found.append(pair_words(words["pair_tied"], tied, registry, lang))
    return found


def pair_words(template: str, pair: pd.Series, registry, lang: str) -> list[dict]:
    """A pair of targets with the chance that neither is met."""
    names = {side: f"{pair[side]} “{registry.targets[pair[side]].short[lang]}”" for side in ("first", "second")}
    both, apart = (formats.chance(pair[name], lang, **caps_of(registry)) for name in ("both", "if_apart"))
    return runs(template, **names, both=both, apart=apart)
