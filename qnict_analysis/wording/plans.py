"""Words of planning: scenarios side by side, goals, what a chance depends on."""

from qnict_analysis import formats
from qnict_analysis.facts import caps_of, chance_like, entity_text
from qnict_analysis.wording.speech import lower_first

NONE = "–"
LEAST = 0.0005
"""A change of a chance below this is none in print."""

TEXT = {
    "vi": {
        "id": "Mã",
        "target": "Chỉ tiêu",
        "lever": "Đòn bẩy",
        "level": "Mức",
        "start": "Bắt đầu",
        "name": "Kịch bản",
        "title": "Tên",
        "file": "Đòn bẩy đặt",
        "change": "Thay đổi",
        "sure": "Khoảng 80% theo tác động",
        "met": "Số chỉ tiêu đạt (trung bình)",
        "goal": "{target} “{short}”: khả năng đạt hiện nay {base}, cần {asked}.",
        "goal.under": "{target} “{short}”: khả năng đạt theo kịch bản “{scenario}” {base}, cần {asked}.",
        "goal.table": "Cần gì để khả năng đạt từ {asked}: mức chung ít nhất của các đòn bẩy tác động đến chỉ tiêu (bắt đầu"
        " {first}), thời điểm muộn nhất phải triển khai đầy đủ, hoặc số cam kết thêm mỗi kỳ. “Không đủ”: không khả thi với tác"
        " động như giả định. Cột “Tốc độ cao nhất” là khả năng nếu đi ngay theo tốc độ cao nhất từng ghi nhận. Dấu *: nhiều"
        " hơn mức cao nhất từng ghi nhận trong một năm.",
        "goal.now": "Hiện nay",
        "goal.with_levers": "Đòn bẩy đầy đủ",
        "goal.at_best": "Tốc độ cao nhất",
        "goal.least": "Mức đòn bẩy cần",
        "goal.latest_start": "Bắt đầu muộn nhất",
        "goal.promised": "Hoặc cam kết mỗi kỳ thêm",
        "goal.no_lever": "không có",
        "goal.beyond_mark": " *",
        "goal.none": "Không cần thêm gì: khả năng đã từ {asked} trở lên.",
        "goal.level": "Nếu tác động đúng như giả định thì đặt {levers} ở mức {level}: khả năng {chance}.",
        "goal.infeasible": "Không khả thi ở tốc độ cao nhất từng ghi nhận: đi ngay theo tốc độ đó, khả năng cũng chỉ {frontier}.",
        "goal.infeasible_alone": "Nếu không có lịch cam kết số lượng từng kỳ thì không khả thi ở tốc độ cao nhất từng ghi nhận:"
        " dù phần còn lại đi ngay theo tốc độ đó, khả năng cũng chỉ {frontier}.",
        "goal.beyond_levers": "Theo tốc độ cao nhất từng ghi nhận thì khả năng là {frontier}, nhưng với tác động như giả định"
        " các đòn bẩy không đưa đến đó.",
        "goal.full": "Với {levers} ở mức đầy đủ, khả năng là {best}.",
        "goal.short": "chưa đến {asked}",
        "goal.no_levers": "Không đòn bẩy nào tác động đến chỉ tiêu này.",
        "goal.unable": "Không tác động đến {target}: {levers}.",
        "goal.able": "Tác động đến {target}: {levers}.",
        "goal.frontier": "Đi ngay theo tốc độ cao nhất từng ghi nhận thì khả năng là {frontier}.",
        "still.no_basis": "Chưa có căn cứ để dự báo {target}.",
        "still.decided": "{target} đã có kết luận: không còn gì làm thay đổi.",
        "still.at_best": "{target}: tiến độ đã bằng hoặc hơn tốc độ cao nhất từng ghi nhận, nên trong mô hình không"
        " đòn bẩy nào có tác động.",
        "still.too_late": "{target}: tác động của các đòn bẩy chỉ bắt đầu sau hạn.",
        "still.waits": "{target}: điều phải có trước không đạt kịp, nên các đòn bẩy không có tác động.",
        "still.too_weak": "{target}: tác động của các đòn bẩy đến hạn quá nhỏ để làm thay đổi khả năng.",
        "goal.alone": "Riêng từng đòn bẩy: {items}.",
        "goal.alone_item": "{lever}: {level}",
        "goal.not_enough": "không đủ",
        "goal.none_alone": "Không đòn bẩy nào một mình là đủ.",
        "goal.mixes": "Các cách phối hợp ít tốn nhất ({price}):",
        "goal.mix": "  {n}. {items}: khả năng {chance}",
        "by_money": "theo chi phí mỗi năm",
        "by_levels": "theo tổng mức các đòn bẩy, vì chưa có chi phí theo nguồn riêng",
        "budget": "Với {budget} {unit} mỗi năm, cách tốt nhất là {items} ({cost} {unit}): khả năng {chance}.",
        "budget.nothing": "không đặt đòn bẩy nào",
        "goal.latest": "Muộn nhất từ {period} phải triển khai đầy đủ.",
        "goal.units": "Hoặc cam kết mỗi kỳ thêm {n} {entity} từ {first}: khả năng {chance}.",
        "goal.record": "Nhiều nhất từng ghi nhận trong một năm: bình quân {record} {entity} mỗi kỳ, khi việc còn lại nhiều hơn.",
        "goal.over_record": "Như vậy là vượt mức cao nhất từng ghi nhận: bình quân {record} {entity} mỗi kỳ trong một năm.",
        "goal.no_units": "Không số lượng nào mỗi kỳ đủ để đạt khả năng đó.",
        "assumed": "Mức tác động của đòn bẩy là giả định, không phải số đo.",
        "parameter": "Tham số",
        "low": "Thấp",
        "high": "Cao",
        "p_low": "Khả năng (thấp)",
        "p_high": "Khả năng (cao)",
        "width": "Chênh (điểm %)",
        "effect": "tác động của {lever}",
        "lag": "độ trễ của {lever}",
        "ramp": "thời gian tăng dần của {lever}",
        "level_of": "mức của {lever}",
        "start_of": "thời điểm bắt đầu {lever}",
        "none": "Kịch bản {name} không đặt đòn bẩy nào tác động đến {target}.",
        "none_moves": "Không tham số nào của kịch bản {name} làm khả năng của {target} thay đổi đáng kể.",
        "sorted": "Xếp theo mức ảnh hưởng, các tham số khác giữ nguyên; không nêu tham số không làm thay đổi khả năng.",
        "schedules": "Lịch triển khai",
        "towards_best": "Tiến độ tốt nhất đã ghi nhận",
        "brought": "Do đâu (điểm %)",
        "moved": "Thay đổi khả năng đạt từ nửa điểm phần trăm so với hiện trạng ({shown} trong {n}), khoảng 80% theo tác động"
        " chưa chắc chắn của các đòn bẩy, và phần của từng đòn bẩy (nếu tác động đúng như giả định).",
        "moved.none": "Không kịch bản nào có đòn bẩy hoặc lịch triển khai làm khả năng đạt thay đổi từ nửa điểm phần trăm.",
        "moved.title": "Thay đổi khả năng đạt theo kịch bản",
        "untold": "Không tách phần của từng đòn bẩy với {targets}: có hơn {most} yếu tố cùng tác động.",
        "at_pace": "Mọi chỉ số thu hẹp ngay {share} khoảng cách đến tiến độ tốt nhất đã ghi nhận.",
        "mark": "SỐ LIỆU MINH HỌA",
        "left_out": "Tệp kịch bản có lỗi, không đưa vào so sánh: {faults}.",
        "beyond": "Kịch bản “{title}” vượt mức cao nhất từng ghi nhận: {n} lần khoảng cách đến tiến độ tốt nhất.",
        "waits": "Với {name}, chỉ khi {other} đạt từ {level} thì các đòn bẩy sau mới có tác dụng: {levers}. Lý do: {why}.",
        "points": "Điểm khả năng (cộng các chỉ tiêu)",
        "cost": "Chi phí ({unit})",
        "each": "Điểm trên mỗi {unit}",
        "goal.all": "Không có chỉ tiêu nào cần thêm: mọi chỉ tiêu đều có khả năng đạt hoặc đã có kết luận.",
        "money": "Chưa so được khả năng với chi phí: chưa đòn bẩy nào có cả tác động và chi phí theo nguồn riêng.",
    },
    "en": {
        "id": "Id",
        "target": "Target",
        "lever": "Lever",
        "level": "Level",
        "start": "Start",
        "name": "Scenario",
        "title": "Title",
        "file": "Levers set",
        "change": "Change",
        "sure": "80% range from effects",
        "met": "Targets met (mean)",
        "goal": "{target} “{short}”: the chance of being met is {base} now, {asked} wanted.",
        "goal.under": "{target} “{short}”: under the scenario “{scenario}” the chance of being met is {base}, {asked} wanted.",
        "goal.table": "What gives a chance of {asked}: the least common level of the levers that reach the target (from"
        " {first} on), the latest start at full, or how much more is promised every period. “Not enough”: not feasible with"
        " effects as assumed. “Best pace”: the chance at the best pace observed, taken up at once. *: more than in the best"
        " year on record.",
        "goal.now": "Now",
        "goal.with_levers": "Levers at full",
        "goal.at_best": "Best pace",
        "goal.least": "Level needed",
        "goal.latest_start": "Latest start",
        "goal.promised": "Or more promised every period",
        "goal.no_lever": "none",
        "goal.beyond_mark": " *",
        "goal.none": "Nothing more is needed: the chance is {asked} or more already.",
        "goal.level": "If the effects are as assumed, then {levers} at {level}: a chance of {chance}.",
        "goal.infeasible": "Not feasible at the best pace observed: even at that pace from now on the chance is {frontier}.",
        "goal.infeasible_alone": "Without units promised period by period it is not feasible at the best pace observed: even with"
        " all that is left going at that pace from now on the chance is {frontier}.",
        "goal.beyond_levers": "At the best pace observed the chance is {frontier}, but with effects as assumed the levers do not"
        " bring it there.",
        "goal.full": "With {levers} at full the chance is {best}.",
        "goal.short": "less than {asked}",
        "goal.no_levers": "No lever reaches this target.",
        "goal.unable": "They do not reach {target}: {levers}.",
        "goal.able": "These reach {target}: {levers}.",
        "goal.frontier": "At the best pace observed from now on the chance is {frontier}.",
        "still.no_basis": "There is no basis yet for a forecast of {target}.",
        "still.decided": "{target} has its verdict: nothing changes it any more.",
        "still.at_best": "{target}: its pace is the best observed already, or more, so no lever has an effect in the model.",
        "still.too_late": "{target}: the effect of the levers begins only after the deadline.",
        "still.waits": "{target}: what must come first does not come in time, so the levers have no effect.",
        "still.too_weak": "{target}: what the levers do by the deadline is too little to change the chance.",
        "goal.alone": "Each lever alone: {items}.",
        "goal.alone_item": "{lever}: {level}",
        "goal.not_enough": "not enough",
        "goal.none_alone": "No lever is enough by itself.",
        "goal.mixes": "The cheapest mixes ({price}):",
        "goal.mix": "  {n}. {items}: a chance of {chance}",
        "by_money": "by cost a year",
        "by_levels": "by the sum of levels, as costs have no source of their own",
        "budget": "With {budget} {unit} a year the best is {items} ({cost} {unit}): a chance of {chance}.",
        "budget.nothing": "no lever at all",
        "goal.latest": "They must be carried out in full from {period} at the latest.",
        "goal.units": "Or promise {n} more {entity} in every period from {first} on: a chance of {chance}.",
        "goal.record": "The most on record in a year: {record} a period on average, with more left to do then.",
        "goal.over_record": "That is beyond anything on record: {record} a period on average in the best year.",
        "goal.no_units": "No number every period gives that chance.",
        "assumed": "The effects of levers are assumptions, not measurements.",
        "parameter": "Parameter",
        "low": "Low",
        "high": "High",
        "p_low": "Chance (low)",
        "p_high": "Chance (high)",
        "width": "Span (points)",
        "effect": "effect of {lever}",
        "lag": "lag of {lever}",
        "ramp": "ramp of {lever}",
        "level_of": "level of {lever}",
        "start_of": "start of {lever}",
        "none": "The scenario {name} sets no lever that reaches {target}.",
        "none_moves": "No parameter of the scenario {name} moves the chance of {target} noticeably.",
        "sorted": "Parameters by their influence, all others as they are; those that move nothing are left out.",
        "schedules": "Schedules",
        "towards_best": "Best pace observed",
        "brought": "Brought by (points)",
        "moved": "Changes of chances by half a point or more against the baseline ({shown} of {n}), the 80% range from the"
        " effects' uncertainty, and each lever's part (if the effects are as assumed).",
        "moved.none": "No scenario with levers or schedules changes a chance by half a point or more.",
        "moved.title": "Changes of chances by scenario",
        "untold": "No parts are told for {targets}: more than {most} things move it at once.",
        "at_pace": "Every indicator closes {share} of its gap to the best pace observed at once.",
        "mark": "ILLUSTRATIVE DATA",
        "left_out": "Scenario files with a fault, left out of the comparison: {faults}.",
        "beyond": "The scenario “{title}” goes beyond anything on record: {n} times the gap to the best pace observed.",
        "waits": "For {name}, only once {other} stands at {level} or more do these help: {levers}. Reason: {why}.",
        "points": "Points of chance (all targets)",
        "cost": "Cost ({unit})",
        "each": "Points per {unit}",
        "goal.all": "No target needs more: each is likely to be met or its verdict is in.",
        "money": "Chances cannot be set against costs: no lever has both its effect and its cost from a source of its own.",
    },
}


def goal_lines(goal, registry, lang: str, *, first: str, spec=None, mixes=()) -> list[str]:
    """A goal in sentences (``planning.Goal``): what is wanted, what would do it, or that nothing on record would.

    ``spec``: the scenario that it starts from, None for the baseline; ``mixes``: the cheapest mixes of levers.
    """
    words, lines = TEXT[lang], goal_head(goal, registry, lang, spec)
    if goal.base >= goal.asked:
        return [
            *lines,
            words["goal.none"].format(asked=exact_percent(goal.asked, lang)),
            *notes_of_goal(goal, registry, lang, spec),
        ]
    if goal.unable:
        lines.append(words["goal.unable"].format(target=goal.target, levers=titles(goal.unable, registry, lang)))
    lines += levers_lines(goal, registry, lang)
    lines += units_line(goal, registry.targets[goal.target], registry, lang, first=first)
    lines += mix_lines(mixes, registry, lang)
    return [*lines, *notes_of_goal(goal, registry, lang, spec)]


def goal_head(goal, registry, lang: str, spec=None) -> list[str]:
    """What is wanted: the chance now, or under the scenario ``spec``, and the chance asked for."""
    key = "goal" if spec is None or spec.name == "baseline" else "goal.under"
    values = {
        "target": goal.target,
        "short": registry.targets[goal.target].short[lang],
        "base": formats.chance(goal.base, lang, **caps_of(registry)),
    }
    title = spec.title[lang] if spec is not None else ""
    return [TEXT[lang][key].format(asked=exact_percent(goal.asked, lang), scenario=title, **values)]


def levers_lines(goal, registry, lang: str) -> list[str]:
    """What the levers of a goal can do: the level that is needed, or that and why they are not enough."""
    words = TEXT[lang]
    if goal.still and goal.levers:
        return [words[f"still.{goal.still}"].format(target=goal.target), frontier_line(goal, registry, lang)]
    if not goal.levers:
        own = {part.indicator for part in registry.targets[goal.target].parts}
        able = [name for name, lever in registry.levers.items() if own & set(lever.reaches)]
        said = (
            words["goal.able"].format(target=goal.target, levers=titles(able, registry, lang))
            if able
            else words["goal.no_levers"]
        )
        return [said, frontier_line(goal, registry, lang)]
    names = titles(goal.levers, registry, lang)
    if goal.level is None:
        best = short_of(goal.best, goal.asked, registry, lang)
        return [words["goal.full"].format(levers=names, best=best), frontier_line(goal, registry, lang)]
    level, chance = formats.percent(goal.level, lang, 0), formats.chance(goal.chance, lang, **caps_of(registry))
    lines = [words["goal.level"].format(levers=names, level=level, chance=chance)]
    if goal.alone:
        enough = any(level is not None for level in goal.alone.values())
        items = "; ".join(alone_item(name, level, registry, lang) for name, level in goal.alone.items())
        lines.append(words["goal.alone"].format(items=items) if enough else words["goal.none_alone"])
    return [*lines, *([words["goal.latest"].format(period=mid(goal.latest, lang))] if goal.latest else [])]


def frontier_line(goal, registry, lang: str) -> str:
    """The best attainable: the chance at the best pace observed, and that it is not feasible there where it falls short."""
    said = short_of(goal.frontier, goal.asked, registry, lang)
    short = "goal.infeasible" if goal.units is None else "goal.infeasible_alone"
    enough = "goal.beyond_levers" if goal.levers else "goal.frontier"
    return TEXT[lang][short if goal.frontier < goal.asked else enough].format(frontier=said)


def notes_of_goal(goal, registry, lang: str, spec=None) -> list[str]:
    """What must be known of an answer: what its levers wait for, whether the scenario goes beyond the record; where there are
    levers, that effects are assumed, and why no money is named."""
    words, own = TEXT[lang], [part.indicator for part in registry.targets[goal.target].parts]
    notes = [] if spec is None else beyond_notes(spec, lang)
    if not goal.still and goal.base < goal.asked:
        notes += waiting_notes(goal.levers, registry, lang, about=own)
    priced = any(lever.is_sourced for lever in registry.levers.values())
    return [
        *notes,
        *([words["assumed"]] if registry.levers else []),
        *([words["money"]] if registry.levers and not priced else []),
    ]


def titles(levers, registry, lang: str) -> str:
    """Titles of levers in a row; some hold commas."""
    return "; ".join(registry.levers[name].title[lang] for name in levers)


def exact_percent(share: float, lang: str) -> str:
    """A share in per cent, with the decimals that it was given with (at most two)."""
    decimals = next((n for n in range(2) if abs(100 * share - round(100 * share, n)) < 1e-9), 2)
    return formats.percent(share, lang, decimals)


def short_of(chance: float, asked: float, registry, lang: str, *, evidence: str = "") -> str:
    """A chance in print, as fine as the ``evidence`` allows; one that falls short of what is asked never reads as if it did
    not."""
    caps = caps_of(registry)
    said, wanted = chance_like(chance, evidence, lang, **caps), formats.chance(asked, lang, **caps)
    return TEXT[lang]["goal.short"].format(asked=exact_percent(asked, lang)) if chance < asked and said == wanted else said


def goal_rows(goals: list, registry, lang: str, *, evidence) -> list[tuple[str, ...]]:
    """Goals of several targets side by side, as rows of print with their heads: the chance now, with the levers at full, at the
    best pace observed; the least level of the levers, the latest start, units or items promised every period. ``evidence``: the
    grade of each target."""
    words = TEXT[lang]
    heads = ("id", "target", "goal.now", "goal.with_levers", "goal.at_best", "goal.least", "goal.latest_start", "goal.promised")
    rows = [tuple(words[name] for name in heads)]
    for goal in goals:
        grade = evidence[goal.target]
        chances = [short_of(p, goal.asked, registry, lang, evidence=grade) for p in (goal.base, goal.best, goal.frontier)]
        if not goal.levers:
            chances[1] = words["goal.no_lever"]
        missing = words["goal.not_enough"] if goal.levers else NONE
        level = missing if goal.level is None else whole_percent(goal.level, lang)
        latest = formats.period_tick(goal.latest, lang) if goal.latest else NONE
        short = registry.targets[goal.target].short[lang]
        rows.append((goal.target, short, *chances, level, latest, promised(goal, registry, lang)))
    return rows


def promised(goal, registry, lang: str) -> str:
    """Units or items a period that would do it, with a mark where they are beyond anything on record."""
    target = registry.targets[goal.target]
    indicator = registry.indicators[target.parts[0].indicator]
    if goal.units is None:
        return NONE
    mark = TEXT[lang]["goal.beyond_mark"] if goal.units > goal.unit_record else ""
    return f"{goal.units} {entity_text(goal.units, indicator, lang)}{mark}"


def mid(period: str, lang: str) -> str:
    """A period inside a sentence."""
    return lower_first(formats.period_text(period, lang), words=("Quý", "Năm", "Tháng"))


def alone_item(name: str, level: float | None, registry, lang: str) -> str:
    """One lever by itself: the level it needs, or that it is not enough."""
    words = TEXT[lang]
    said = words["goal.not_enough"] if level is None else formats.percent(level, lang, 0)
    return words["goal.alone_item"].format(lever=registry.levers[name].title[lang], level=said)


def units_line(goal, target, registry, lang: str, *, first: str) -> list[str]:
    """How many units or items every period would do it; nothing where the target counts none."""
    indicator, words = registry.indicators[target.parts[0].indicator], TEXT[lang]
    if len(target.parts) > 1 or indicator.entity is None:
        return []
    if goal.units is None:
        return [words["goal.no_units"]]
    values = {"n": goal.units, "entity": entity_text(goal.units, indicator, lang), "first": mid(first, lang)}
    lines = [words["goal.units"].format(chance=formats.chance(goal.unit_chance, lang, **caps_of(registry)), **values)]
    if goal.unit_record == goal.unit_record:
        key = "goal.over_record" if goal.units > goal.unit_record else "goal.record"
        lines.append(words[key].format(record=formats.number(goal.unit_record, lang, 1), entity=values["entity"]))
    return lines


def tornado_rows(table, registry, lang: str) -> list[tuple[str, ...]]:
    """What a chance depends on, as rows of print with their heads (``planning.tornado``); what moves it by less than a twentieth
    of a point is left out, and where that is all there are no rows."""
    words = TEXT[lang]
    heads = tuple(words[name] for name in ("parameter", "low", "high", "p_low", "p_high", "width"))
    key = {"effect": "effect", "lag": "lag", "ramp": "ramp", "level": "level_of", "start": "start_of"}
    show = {"start": formats.period_tick, "lag": whole_periods, "ramp": whole_periods}
    rows = [heads]
    for row in table[(table["p_high"] - table["p_low"]).abs() >= LEAST].itertuples():
        name = words[key[row.parameter]].format(lever=registry.levers[row.lever].title[lang])
        ends = [show.get(row.parameter, whole_percent)(end, lang) for end in (row.low, row.high)]
        chances = [formats.chance(p, lang, **caps_of(registry)) for p in (row.p_low, row.p_high)]
        rows.append((name, *ends, *chances, formats.signed(100 * (row.p_high - row.p_low), lang)))
    return rows[1:] and rows


def tornado_none(table, *, name: str, target: str, lang: str, still: str = "") -> str:
    """Why a tornado has no rows: ``still`` (``planning.why_still``), else that no lever of the scenario reaches or moves the
    target."""
    key = f"still.{still}" if f"still.{still}" in TEXT[lang] else "none" if table.empty else "none_moves"
    return TEXT[lang][key].format(name=name, target=target)


def mix_items(levels: dict[str, float], registry, lang: str) -> str:
    """The levers of a mix with their levels; those at 0 are left out."""
    items = [(name, level) for name, level in levels.items() if level > 0]
    return "; ".join(alone_item(name, level, registry, lang) for name, level in items) or TEXT[lang]["budget.nothing"]


def mix_lines(mixes, registry, lang: str) -> list[str]:
    """The cheapest mixes (``planning.Mix``) as lines; nothing where there is none, or where one lever is all there is."""
    words = TEXT[lang]
    if not mixes or len(mixes[0].levels) < 2:
        return []
    price = "by_money" if all(registry.levers[name].is_sourced for name in mixes[0].levels) else "by_levels"
    rows = [(mix_items(mix.levels, registry, lang), formats.chance(mix.chance, lang, **caps_of(registry))) for mix in mixes]
    lines = [words["goal.mix"].format(n=n, items=items, chance=chance) for n, (items, chance) in enumerate(rows, 1)]
    return [words["goal.mixes"].format(price=words[price]), *lines]


def budget_line(mix, budget: float, registry, lang: str) -> str:
    """The best mix that a budget pays for."""
    unit = registry.levers[next(iter(mix.levels))].cost.unit[lang]
    values = {"budget": formats.number(budget, lang, 1), "cost": formats.number(mix.cost, lang, 1), "unit": unit}
    return TEXT[lang]["budget"].format(
        items=mix_items(mix.levels, registry, lang), chance=formats.chance(mix.chance, lang, **caps_of(registry)), **values
    )


def notes_of(spec, registry, lang: str) -> list[str]:
    """What must be said of a scenario: that it goes beyond precedent, and which of its levers wait for another indicator."""
    return [*beyond_notes(spec, lang), *waiting_notes([n for n, one in spec.levers.items() if one.level > 0], registry, lang)]


def beyond_notes(spec, lang: str) -> list[str]:
    """That a scenario goes beyond precedent, where it does."""
    if spec.towards_best <= 1:
        return []
    return [TEXT[lang]["beyond"].format(title=spec.title[lang], n=formats.number(spec.towards_best, lang, 1))]


def waiting_notes(levers, registry, lang: str, *, about=None) -> list[str]:
    """Which of some levers wait for another indicator before they help one (of those in ``about``; any where None)."""
    words, notes, set_up = TEXT[lang], [], [registry.levers[name] for name in levers]
    needy = dict.fromkeys(name for lever in set_up for name in lever.needs)
    for reached in [name for name in needy if about is None or name in about]:
        waiting = [lever for lever in set_up if reached in lever.needs]
        need = waiting[0].needs[reached]
        counted = registry.indicators[need.indicator].kind == "count"
        level = formats.number(need.at_least, lang, 0) if counted else whole_percent(need.at_least, lang)
        shown = {"levers": "; ".join(lever.title[lang] for lever in waiting), "name": reached, "other": need.indicator}
        notes.append(words["waits"].format(level=level, why=need.why[lang], **shown))
    return notes


def whole_periods(count: float, lang: str) -> str:
    """A whole number of periods."""
    return formats.number(count, lang, 0)


def whole_percent(share: float, lang: str) -> str:
    """A share in whole per cent."""
    return formats.percent(share, lang, 0)
