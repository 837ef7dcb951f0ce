"""Sentences of the track record: what was replayed, who was right, where we lose, and what the ledger holds."""

from qnict_analysis import formats
from qnict_analysis.backtest.scores import OURS, brier
from qnict_analysis.engine.learned import shipped
from qnict_analysis.wording.speech import runs
from qnict_analysis.words import COLUMNS

HALF = 0.5
PRINTED = 0.001
"""The last place of a score in print: a difference that does not show is none."""

MOST_SCORE = 1000.0
"""Quantile scores beyond ten times the goal are told apart no more: the method left the scale."""

RULES_AHEAD = ("cagr", "unsd", "escap_outlook", "destatis")
"""Official rules that look ahead, named as in the table of rules (``words.COLUMNS``)."""

SHORT = {lang: {rule: COLUMNS[lang][rule] for rule in RULES_AHEAD} for lang in ("vi", "en")}

METHODS = {
    "vi": {
        OURS: "dự báo của hệ thống",
        "persistence": "giữ nguyên mức hiện tại",
        **SHORT["vi"],
        "ets": "ETS giảm dần (statsmodels)",
        "theta": "Theta (statsmodels)",
        "ucm": "bước ngẫu nhiên có xu thế (statsmodels)",
    },
    "en": {
        OURS: "our forecast",
        "persistence": "everything stays as it is",
        **SHORT["en"],
        "ets": "damped ETS (statsmodels)",
        "theta": "Theta (statsmodels)",
        "ucm": "random walk with drift (statsmodels)",
    },
}

TEXT = {
    "vi": {
        "opening": "Lập lại dự báo tại **{n}** thời điểm ({first}–{last}), mỗi lần chỉ dùng số liệu biết được lúc đó; "
        "**{cases}** dự báo về việc đạt chỉ tiêu đã có kết quả để đối chiếu.",
        "opening.pseudo": "{n} thời điểm đầu dùng số liệu dựng lại: con số công bố đầu tiên của mỗi kỳ được coi như đã biết "
        "{days} "
        "ngày sau khi hết kỳ, vì bản công bố sớm nhất mà hệ thống nhận được ra sau đó. Dòng nào dùng số liệu này có ghi “dựng "
        "lại”"
        "; các dòng khác ghi “như đã nhận”.",
        "opening.illustrative": "Số liệu là **minh họa**: điểm số dưới đây chỉ đo chương trình tạo ra số liệu, không phải kết "
        "quả kiểm "
        "chứng và không nói gì về tỉnh.",
        "opening.none": "Chưa có thời điểm nào trước đây đủ số liệu để lập lại dự báo.",
        "nothing": "Chưa có dự báo nào có kết quả để đối chiếu.",
        "nothing_deadline": "Chưa chỉ tiêu nào đến hạn, nên chưa chấm được kết luận cuối cùng.",
        "method": "Cách dự báo",
        "n": "Số dự báo",
        "brier": "Điểm Brier",
        "ours_brier": "hệ thống, cùng trường hợp",
        "log": "Điểm logarit",
        "ours_log": "hệ thống, cùng trường hợp ",
        "wqs": "Điểm phân vị (% mục tiêu)",
        "ratio": "Hệ thống so với cách này (khoảng 90%)",
        "vintages": "Số liệu",
        "true_n": "Số dự báo, như đã nhận",
        "true_brier": "Brier, như đã nhận",
        "true_ours": "hệ thống",
        "pseudo_n": "Số dự báo, dựng lại",
        "pseudo_brier": "Brier, dựng lại",
        "pseudo_ours": "hệ thống ",
        "all_true": "Mọi thời điểm đều dùng số liệu như đã nhận: đúng những con số đã biết lúc đó.",
        "all_pseudo": "Mọi dự báo đối chiếu được đều lập trên số liệu dựng lại.",
        "intervals": "Điểm phân vị đo sai lệch của cả phân phối dự báo, tính bằng phần trăm của mức chỉ tiêu; càng nhỏ càng "
        "tốt. Cột “so với” "
        "là trung bình nhân theo chỉ số, trên cùng trường hợp: dưới 1 là hệ thống tốt hơn.",
        "of": "{n}/{total}",
        "shown": "{n} trong {total} dự báo, cách đều các thời điểm.",
        "cov50": "Trong khoảng 50%",
        "cov80": "Trong khoảng 80%",
        "cov90": "Trong khoảng 90%",
        "base": "Điểm càng nhỏ càng tốt; quy tắc chỉ kết luận “đạt” hoặc “không đạt”, tính là 100% hoặc 0%. Mỗi cách chỉ được "
        "chấm ở những "
        "trường hợp nó có kết luận, đặt cạnh điểm của hệ thống ở đúng các trường hợp đó. Trong {n} trường hợp, {met} trường hợp "
        "đạt.",
        "wins": "Dự báo của hệ thống tốt hơn: {items}.",
        "ties": "Ngang nhau: {items}.",
        "loses": "**Dự báo của hệ thống kém hơn**: {items}.",
        "item": "{method} ({difference}; khoảng 90%: {low} đến {high})",
        "item_alone": "{method} ({difference}; một chỉ tiêu)",
        "unsure": "Khoảng có chứa số 0 nghĩa là {n} chỉ tiêu chưa đủ để kết luận cách nào hơn.",
        "reliability_title": "Dự báo dưới 50%: {low_came} ({low_n} dự báo); từ 50% trở lên: {high_came} ({high_n} dự báo)",
        "came_of": "thực tế đạt {came}",
        "none_of": "không có",
        "skill_title": "Điểm Brier tốt hơn {better} trong {n} cách khác, chắc chắn hơn {sure}",
        "coverage_title": "Khoảng 80% chứa {share} kết quả",
        "pit_title": "{low} kết quả thấp hơn trung vị dự báo, {high} cao hơn",
        "reliability": "Dự báo bao nhiêu phần trăm, thực tế bao nhiêu phần trăm",
        "skill": "Hơn hay kém các cách dự báo khác bao nhiêu",
        "coverage": "Các khoảng dự báo chứa bao nhiêu kết quả",
        "pit": "Kết quả thực tế nằm ở đâu trong phân phối dự báo",
        "reliability_alt": "Dự báo và thực tế theo nhóm: {said}.",
        "reliability_item": "dự báo {said}, thực tế {came} (n = {n})",
        "skill_alt": "Chênh lệch điểm Brier so với các cách khác: {said}.",
        "coverage_alt": "Tỷ lệ kết quả trong khoảng 50%, 80%, 90% theo số kỳ dự báo trước: {said}.",
        "pit_alt": "Số kết quả nằm trong từng phần mười của phân phối dự báo: {said}.",
        "as_of": "Thời điểm",
        "vintage": "Số liệu",
        "target": "Chỉ tiêu",
        "period": "Kỳ",
        "said": "Khả năng đã dự báo",
        "rules": "Quy tắc kết luận đạt",
        "came": "Thực tế",
        "true": "như đã nhận",
        "pseudo": "dựng lại",
        "none_said": "không có",
        "yes": "đạt",
        "no": "không đạt",
        "timing": "Lập lại {n} thời điểm, trong đó {made} tính mới.",
        "timing.made": "Lần này tính hết {seconds} giây.",
        "timing.kept": "Tính lần đầu hết {first} giây; lần này lấy từ bộ nhớ, {seconds} giây.",
        "rebuilt": "{title}; {n} trong {total} dự báo từ số liệu dựng lại",
        "learned": "Các tham số cài sẵn của hệ thống được học từ {n} chuỗi số liệu phát triển, thuộc {indicators} chỉ số, trong "
        "đó có "
        "tỷ lệ người dùng Internet. Những chuỗi ấy có thể có cả số liệu ra sau các thời điểm lập lại ở đây, nên điểm của hệ "
        "thống ở "
        "các chỉ tiêu về sử dụng Internet có thể đẹp hơn so với một dự báo thật lúc đó.",
        "ledger.rules": "Mức chỉ tiêu đang dùng khác mức đã ghi trong sổ: {items}. Dự báo đã ghi được chấm theo mức ghi lúc đó.",
        "ledger.none": "Sổ dự báo chưa có dự báo nào.",
        "ledger": "Sổ dự báo có **{n}** khả năng đã ghi, tại {as_ofs} thời điểm.",
        "ledger.unscored": "Chưa có dự báo nào được kiểm chứng: một dự báo chỉ được chấm khi đã lập từ số liệu thật, trước khi "
        "kỳ đó kết "
        "thúc, và khi đã có số liệu thật của kỳ đó.",
        "ledger.scored": "**{n}** khả năng đã được chấm: điểm Brier **{brier}**, dự báo trung bình {said}, thực tế đạt {came}.",
        "ledger.caps": "Khả năng được in trong khoảng {low}–{high}; khi đủ {least} cặp chỉ tiêu và độ dài dự báo được chấm "
        "(hiện có "
        "{pairs}) thì in trong khoảng {wide_low}–{wide_high}.",
        "line.none": "chưa có dự báo nào của {who} được kiểm chứng",
        "line": "{n} dự báo của {who} đã được kiểm chứng: dự báo trung bình {said}, thực tế đạt {came} (điểm Brier {brier})",
        "who.vn_state": "tỉnh",
        "who.plain": "chương trình này",
    },
    "en": {
        "opening": "Forecasts were made again at **{n}** as-ofs ({first}–{last}), each with only what was known then; "
        "**{cases}** of them, "
        "on whether a target is met, can be compared with what came.",
        "opening.pseudo": "The first {n} as-ofs use rebuilt figures: the first figure of every period as if it had been known "
        "{days} days "
        "after the period's end, because the earliest release on hand came later. Their rows say “rebuilt”, the others “as "
        "received”.",
        "opening.illustrative": "The figures are **illustrative**: the scores below measure the script that made them; they "
        "are no record and "
        "say nothing of the province.",
        "opening.none": "No earlier as-of has enough figures for a replay.",
        "nothing": "No forecast can be compared with an outcome yet.",
        "nothing_deadline": "No target is due yet, so no final verdict can be scored.",
        "method": "Method",
        "n": "Forecasts",
        "brier": "Brier score",
        "ours_brier": "ours, same cases",
        "log": "Log score",
        "ours_log": "ours, same cases ",
        "wqs": "Quantile score (% of goal)",
        "ratio": "Ours as a multiple of it (90% interval)",
        "vintages": "Figures",
        "true_n": "Forecasts, as received",
        "true_brier": "Brier, as received",
        "true_ours": "ours",
        "pseudo_n": "Forecasts, rebuilt",
        "pseudo_brier": "Brier, rebuilt",
        "pseudo_ours": "ours ",
        "all_true": "Every as-of uses figures as received: just those that were known then.",
        "all_pseudo": "All forecasts that can be compared rest on rebuilt figures.",
        "intervals": "The quantile score is the error of the whole forecast distribution in per cent of the goal; "
        "smaller is better. The multiple is a geometric mean over indicators on the same cases: below 1 ours is better.",
        "of": "{n}/{total}",
        "shown": "{n} of {total} forecasts, from evenly spaced as-ofs.",
        "cov50": "Inside 50%",
        "cov80": "Inside 80%",
        "cov90": "Inside 90%",
        "base": "Smaller is better; a rule says met or not met, which counts as 100% or 0%. A method is scored only where it "
        "speaks, beside our "
        "score on just these cases. Of {n} cases {met} were met.",
        "wins": "Our forecast was better than {items}.",
        "ties": "No different: {items}.",
        "loses": "**Our forecast was worse** than {items}.",
        "item": "{method} ({difference}; 90% interval {low} to {high})",
        "item_alone": "{method} ({difference}; one target)",
        "unsure": "Where an interval holds 0, these {n} targets cannot tell which is better.",
        "reliability_title": "Said under 50%: {low_came} ({low_n} forecasts); said 50% or more: {high_came} ({high_n} forecasts)",
        "came_of": "{came} came",
        "none_of": "none",
        "skill_title": "Better Brier score than {better} of {n} other methods, clearly so than {sure}",
        "coverage_title": "80% intervals held {share} of the outcomes",
        "pit_title": "{low} of the outcomes fell below the median forecast, {high} above",
        "reliability": "What was said, and how often it came",
        "skill": "Better or worse than others, and by how much",
        "coverage": "How many outcomes the intervals held",
        "pit": "Where the outcomes fell in the forecasts",
        "reliability_alt": "Said and came by group: {said}.",
        "reliability_item": "said {said}, came {came} (n = {n})",
        "skill_alt": "Difference in Brier score to the other methods: {said}.",
        "coverage_alt": "Share of outcomes inside the 50%, 80% and 90% intervals by periods ahead: {said}.",
        "pit_alt": "Outcomes in each tenth of the forecast distribution: {said}.",
        "as_of": "As-of",
        "vintage": "Figures",
        "target": "Target",
        "period": "Period",
        "said": "Chance said",
        "rules": "Rules that said met",
        "came": "Came",
        "true": "as received",
        "pseudo": "rebuilt",
        "none_said": "none",
        "yes": "met",
        "no": "not met",
        "timing": "{n} as-ofs replayed, {made} of them anew.",
        "timing.made": "Worked out now, in {seconds} seconds.",
        "timing.kept": "Worked out in {first} seconds the first time; taken from the store now, in {seconds} seconds.",
        "rebuilt": "{title}; {n} of {total} forecasts from rebuilt figures",
        "learned": "The numbers that the engine comes with were learned from {n} series of development figures on {indicators} "
        "indicators, internet users among them. Those series may hold figures that came after the as-ofs replayed here, so on "
        "targets "
        "of internet use our score may look better than a real forecast of that day would have.",
        "ledger.rules": "Today's rule is not the one in the ledger: {items}. What was said is scored by the rule written down "
        "then.",
        "ledger.none": "The ledger holds no forecast yet.",
        "ledger": "The ledger holds **{n}** chances, said at {as_ofs} as-ofs.",
        "ledger.unscored": "None has been verified: a forecast is scored only if it was said before its period had ended, "
        "from real figures, and "
        "once the real figures of that period are known.",
        "ledger.scored": "**{n}** chances have been scored: Brier score **{brier}**, said on average {said}, came {came}.",
        "ledger.caps": "Chances are printed within {low}–{high}; once {least} pairs of target and horizon are scored ({pairs} "
        "now) within "
        "{wide_low}–{wide_high}.",
        "line.none": "no forecast of {who} has been verified yet",
        "line": "{n} forecasts of {who} have been verified: said on average {said}, came {came} (Brier score {brier})",
        "who.vn_state": "the province",
        "who.plain": "this programme",
    },
}


def opening(replay, registry, lang: str, *, illustrative: bool) -> list[list[dict]]:
    """What was replayed: as-ofs, cases with an outcome, which vintages are rebuilt, and, of real figures, what the numbers that
    come with the engine were learned from: a replay that knew them knew more than a forecast of that day."""
    words = TEXT[lang]
    if not replay.as_ofs:
        return [runs(words["opening.none"])]
    first, last = (formats.period_tick(then.label, lang) for then in (replay.as_ofs[0], replay.as_ofs[-1]))
    found = [runs(words["opening"], n=len(replay.as_ofs), first=first, last=last, cases=len(replay.chances))]
    pseudo = replay.chances.loc[replay.chances["vintage"] == "pseudo", "as_of"].nunique()
    if pseudo:
        found.append(runs(words["opening.pseudo"], n=pseudo, days=registry.programme.cutoff_days))
    came_with = shipped().provenance
    if not illustrative and "internet_users" in came_with.get("indicators", ()):
        n = formats.number(came_with["series"]["number"], lang, 0)
        found.append(runs(words["learned"], n=n, indicators=len(came_with["indicators"])))
    return found


def vintages(came, lang: str) -> str:
    """Which vintages the forecasts ``came`` rest on, as every table says it."""
    return ", ".join(TEXT[lang][name] for name in ("true", "pseudo") if name in set(came["vintage"]))


def with_rebuilt(title: str, came, lang: str) -> str:
    """A title with how many of the forecasts ``came`` rest on rebuilt vintages; as it is where none does."""
    rebuilt = int((came["vintage"] == "pseudo").sum())
    numbers = {"n": formats.number(rebuilt, lang, 0), "total": formats.number(len(came), lang, 0)}
    return TEXT[lang]["rebuilt"].format(title=title, **numbers) if rebuilt else title


def seconds(first: float | None, now: float, lang: str) -> str:
    """How long a table took: ``now``, and ``first``, when it was worked out, where it was kept (None: it was not)."""
    numbers = {name: formats.number(value, lang, 1) for name, value in (("first", first), ("seconds", now)) if value is not None}
    return TEXT[lang]["timing.made" if first is None else "timing.kept"].format(**numbers)


def verdict(found, came, lang: str, *, illustrative: bool) -> list[list[dict]]:
    """Whom we beat and to whom we lose (``backtest.skill``); on illustrative figures only that nothing follows from it."""
    words = TEXT[lang]
    base = runs(words["base"], n=len(came), met=int(came["met"].sum()))
    if illustrative:
        return [base, runs(words["opening.illustrative"])]
    said = [base]
    apart = found["difference"].abs() >= PRINTED / 2
    sides = {"wins": apart & (found["difference"] < 0), "ties": ~apart, "loses": apart & (found["difference"] > 0)}
    for key, chosen in sides.items():
        items = "; ".join(skill_item(row, lang) for row in found[chosen].itertuples())
        said += [runs(words[key], items=items)] if items else []
    return [*said, runs(words["unsure"], n=int(came["target"].nunique()))]


def skill_item(row, lang: str) -> str:
    """One other method with the difference of scores and its interval."""
    words, names = TEXT[lang], METHODS[lang]
    numbers = {name: formats.signed(getattr(row, name), lang, 3) for name in ("difference", "low", "high")}
    key = "item" if row.low == row.low else "item_alone"
    return words[key].format(method=names[row.method], **numbers)


def reliability_title(came, lang: str) -> str:
    """The reliability diagram in one line: how often came what was called more likely than not, and what was not."""
    words, halves = TEXT[lang], {}
    for side, own in (("low", came[came[OURS] < HALF]), ("high", came[came[OURS] >= HALF])):
        share = words["came_of"].format(came=formats.percent(own["met"].mean(), lang, 0)) if len(own) else words["none_of"]
        halves |= {f"{side}_came": share, f"{side}_n": formats.number(len(own), lang, 0)}
    return words["reliability_title"].format(**halves)


def skill_title(found, lang: str) -> str:
    """The chart of skill in one line: than how many methods ours is better, and with the whole interval."""
    better, sure = int((found["difference"] < 0).sum()), int((found["high"] < 0).sum())
    return TEXT[lang]["skill_title"].format(better=better, sure=sure, n=len(found))


def coverage_title(table, lang: str) -> str:
    """The chart of coverage in one line: how many outcomes the 80 % intervals held."""
    share = (table["cov80"] * table["n"]).sum() / table["n"].sum()
    return TEXT[lang]["coverage_title"].format(share=formats.percent(share, lang, 0))


def pit_title(counts, lang: str) -> str:
    """The PIT histogram in one line: which side of the median the outcomes fell."""
    below = counts.loc[counts["high"] <= HALF + 1e-9, "n"].sum() / counts["n"].sum()
    sides = {"low": formats.percent(below, lang, 0), "high": formats.percent(1 - below, lang, 0)}
    return TEXT[lang]["pit_title"].format(**sides)


def ratio_text(row, lang: str) -> str:
    """A multiple with its interval: 0,82 (0,60–1,05)."""
    ratio, low, high = (formats.number(value, lang, 2) for value in (row.ratio, row.low, row.high))
    return f"{ratio} ({low}–{high})" if row.low == row.low else ratio


def score_text(value: float, lang: str) -> str:
    """A quantile score in print: beyond MOST_SCORE only that it is beyond."""
    if value > MOST_SCORE:
        return f"> {formats.number(MOST_SCORE, lang, 0)}"
    return formats.number(value, lang, 1)


def reliability_alt(bins, lang: str) -> str:
    """What the reliability diagram shows."""
    words = TEXT[lang]
    said = "; ".join(
        words["reliability_item"].format(
            said=formats.percent(row.said, lang, 0), came=formats.percent(row.came, lang, 0), n=formats.number(row.n, lang, 0)
        )
        for row in bins.itertuples()
    )
    return words["reliability_alt"].format(said=said)


def skill_alt(found, lang: str) -> str:
    """What the chart of skill shows."""
    said = "; ".join(f"{METHODS[lang][row.method]} {formats.signed(row.difference, lang, 3)}" for row in found.itertuples())
    return TEXT[lang]["skill_alt"].format(said=said)


def coverage_alt(table, lang: str) -> str:
    """What the chart of coverage shows."""
    said = []
    for row in table.itertuples():
        held = ", ".join(formats.percent(share, lang, 0) for share in (row.cov50, row.cov80, row.cov90))
        said.append(f"{formats.span(row.first, row.last, lang)}: {held} (n = {formats.number(row.n, lang, 0)})")
    return TEXT[lang]["coverage_alt"].format(said="; ".join(said))


def pit_alt(counts, lang: str) -> str:
    """What the PIT histogram shows."""
    return TEXT[lang]["pit_alt"].format(said=", ".join(formats.number(n, lang, 0) for n in counts["n"]))


def ledger_words(said, scored, pairs: int, registry, lang: str, *, changed: list[str]) -> list[list[dict]]:
    """What the ledger holds (chances ``said``), how right the ``scored`` ones were, which targets have another rule by now
    (``changed``), and which caps follow."""
    from qnict_analysis.ledger import SCORED_FOR_WIDER, WIDER

    words, caps = TEXT[lang], registry.programme.caps
    if said.empty:
        first = [runs(words["ledger.none"])]
    else:
        first = [runs(words["ledger"], n=len(said), as_ofs=said["as_of"].nunique())]
    result = runs(words["ledger.scored"], **scored_numbers(scored, lang)) if len(scored) else runs(words["ledger.unscored"])
    told = [runs(words["ledger.rules"], items=", ".join(changed))] if changed else []
    edges = {"low": caps.low, "high": caps.high, "wide_low": WIDER.low, "wide_high": WIDER.high}
    values = {name: formats.percent(value, lang, 0) for name, value in edges.items()}
    return [*first, result, *told, runs(words["ledger.caps"], least=SCORED_FOR_WIDER, pairs=pairs, **values)]


def scored_numbers(scored, lang: str) -> dict:
    """Number, mean Brier score, mean chance said, share that came."""
    return {
        "n": len(scored),
        "brier": formats.number(brier(scored["forecast"], scored["met"]).mean(), lang, 3),
        "said": formats.percent(scored["forecast"].astype(float).mean(), lang, 0),
        "came": formats.percent(scored["met"].astype(float).mean(), lang, 0),
    }


def line(scored, registry, lang: str) -> str:
    """The record of real briefings in one clause, without a full stop: that nothing was verified yet, or how right they were."""
    words = TEXT[lang]
    who = words[f"who.{registry.programme.letterhead}"]
    if not len(scored):
        return words["line.none"].format(who=who)
    return words["line"].format(who=who, **scored_numbers(scored, lang))
