"""Words of planning: scenarios side by side, goals, what a chance depends on."""

from qnict_analysis import formats

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
        "goal": "{target} “{short}”: hiện nay {base}, cần {asked}.",
        "goal.none": "Không cần thêm gì: khả năng đã từ {asked} trở lên.",
        "goal.level": "Nếu tác động đúng như giả định thì đặt {levers} ở mức {level}: khả năng {chance}.",
        "goal.infeasible": "Không khả thi ở tốc độ cao nhất từng ghi nhận: {levers} ở mức đầy đủ chỉ đưa khả năng lên {best}.",
        "goal.no_levers": "Không đòn bẩy nào tác động đến chỉ tiêu này.",
        "goal.alone": "Riêng từng đòn bẩy: {items}.",
        "goal.alone_item": "{lever}: {level}",
        "goal.not_enough": "không đủ",
        "goal.latest": "Muộn nhất phải bắt đầu đầy đủ từ {period}.",
        "goal.units": "Hoặc mỗi kỳ thêm {n} {entity} từ {first}: khả năng {chance}.",
        "goal.no_units": "Không số lượng nào mỗi kỳ đủ để đạt khả năng đó.",
        "assumed": "Mức tác động của đòn bẩy là giả định, không phải số đo.",
        "parameter": "Tham số",
        "low": "Thấp",
        "high": "Cao",
        "p_low": "Khả năng (thấp)",
        "p_high": "Khả năng (cao)",
        "width": "Chênh (điểm %)",
        "effect": "tác động của {lever}",
        "level_of": "mức của {lever}",
        "start_of": "thời điểm bắt đầu {lever}",
        "none": "Kịch bản {name} không đặt đòn bẩy nào tác động đến {target}.",
        "sorted": "Tham số xếp theo mức ảnh hưởng; các tham số khác giữ nguyên.",
        "schedules": "Lịch triển khai",
        "towards_best": "Tiến độ tốt nhất đã ghi nhận",
        "goal.all": "Không có chỉ tiêu nào cần thêm: mọi chỉ tiêu đều có khả năng đạt hoặc đã có kết luận.",
        "money": "Chưa tính được điểm khả năng trên mỗi tỷ đồng: chưa đòn bẩy nào có cả tác động và chi phí theo nguồn riêng.",
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
        "goal": "{target} “{short}”: {base} now, {asked} wanted.",
        "goal.none": "Nothing more is needed: the chance is {asked} or more already.",
        "goal.level": "If the effects are as assumed, then {levers} at {level}: a chance of {chance}.",
        "goal.infeasible": "Not feasible at the best pace observed: {levers} at full only bring the chance to {best}.",
        "goal.no_levers": "No lever reaches this target.",
        "goal.alone": "Each lever alone: {items}.",
        "goal.alone_item": "{lever}: {level}",
        "goal.not_enough": "not enough",
        "goal.latest": "At full, they must begin by {period} at the latest.",
        "goal.units": "Or {n} more {entity} every period from {first} on: a chance of {chance}.",
        "goal.no_units": "No number every period gives that chance.",
        "assumed": "The effects of levers are assumptions, not measurements.",
        "parameter": "Parameter",
        "low": "Low",
        "high": "High",
        "p_low": "Chance (low)",
        "p_high": "Chance (high)",
        "width": "Span (points)",
        "effect": "effect of {lever}",
        "level_of": "level of {lever}",
        "start_of": "start of {lever}",
        "none": "The scenario {name} sets no lever that reaches {target}.",
        "sorted": "Parameters by their influence; all others as they are.",
        "schedules": "Schedules",
        "towards_best": "Best pace observed",
        "goal.all": "No target needs more: each is likely to be met or its verdict is in.",
        "money": "No points of chance per billion đồng: no lever has both its effect and its cost from a source of its own.",
    },
}


def goal_lines(goal, registry, lang: str, *, first: str, spent: bool = True) -> list[str]:
    """A goal in sentences (``planning.Goal``): what is wanted, what would do it, or that nothing on record would."""
    words, target = TEXT[lang], registry.targets[goal.target]
    asked = formats.percent(goal.asked, lang, 0)
    lines = [
        words["goal"].format(target=goal.target, short=target.short[lang], base=formats.chance(goal.base, lang), asked=asked)
    ]
    if goal.base >= goal.asked:
        return [*lines, words["goal.none"].format(asked=asked)]
    names = ", ".join(registry.levers[name].title[lang] for name in goal.levers)
    if not goal.levers:
        lines.append(words["goal.no_levers"])
    elif goal.level is None:
        lines.append(words["goal.infeasible"].format(levers=names, best=formats.chance(goal.best, lang)))
    else:
        level, chance = formats.percent(goal.level, lang, 0), formats.chance(goal.chance, lang)
        lines.append(words["goal.level"].format(levers=names, level=level, chance=chance))
        if goal.alone:
            items = "; ".join(alone_item(name, level, registry, lang) for name, level in goal.alone.items())
            lines.append(words["goal.alone"].format(items=items))
        if goal.latest:
            lines.append(words["goal.latest"].format(period=formats.period_text(goal.latest, lang)))
    lines += units_line(goal, target, registry, lang, first=first)
    return [*lines, words["assumed"], words["money"]] if spent else lines


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
    values = {"n": goal.units, "entity": indicator.entity[lang], "first": formats.period_text(first, lang)}
    return [words["goal.units"].format(chance=formats.chance(goal.unit_chance, lang), **values)]


def tornado_rows(table, registry, lang: str) -> list[tuple[str, ...]]:
    """What a chance depends on, as rows of print with their heads (``planning.tornado``)."""
    words = TEXT[lang]
    heads = tuple(words[name] for name in ("parameter", "low", "high", "p_low", "p_high", "width"))
    key = {"effect": "effect", "level": "level_of", "start": "start_of"}
    rows = [heads]
    for row in table.itertuples():
        name = words[key[row.parameter]].format(lever=registry.levers[row.lever].title[lang])
        show = formats.period_tick if row.parameter == "start" else whole_percent
        ends = [show(end, lang) for end in (row.low, row.high)]
        chances = [formats.chance(p, lang) for p in (row.p_low, row.p_high)]
        rows.append((name, *ends, *chances, formats.signed(100 * (row.p_high - row.p_low), lang)))
    return rows


def whole_percent(share: float, lang: str) -> str:
    """A share in whole per cent."""
    return formats.percent(share, lang, 0)
