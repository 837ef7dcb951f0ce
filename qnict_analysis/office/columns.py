"""What the tables of a run hold, column by column, in both languages, and how a workbook shows their numbers."""

PERCENT, NUMBER, WHOLE = "0.0%", "0.00", "#,##0"

FORMATS = {
    **dict.fromkeys(("asked", "p_now", "level", "p_at_level", "p_levers_full", "p_best_pace", "p_with_units"), PERCENT),
    **dict.fromkeys(("p_change", "p_change_low", "p_change_high"), PERCENT),
    **dict.fromkeys(("p_met", "p_printed", "p_touch", "coverage", "probability", "closes", "until_then"), PERCENT),
    **dict.fromkeys(("pace_ratio", "mean", "adds", "promised", "at_least", "units_record"), NUMBER),
    **dict.fromkeys(("k_min", "n_units", "n_reporting", "targets_met", "horizon", "units_each"), WHOLE),
}
"""Number formats of columns whose unit is the same in every row."""

SHARES = {"share": PERCENT, "ratio": "0.00%"}
LEVEL_COLUMNS = {
    **dict.fromkeys(
        ("assessment", "indicators"),
        (("value", "threshold", "gap", "low", "median", "high"), SHARES | {"units": PERCENT}),
    ),
    "series": (("value", "low_bound", "high_bound", "change"), SHARES | {"units": PERCENT}),
    "draws": (("mean", "q025", "q100", "q250", "q500", "q750", "q900", "q975"), SHARES),
    "forecasts": (("value",), SHARES),
}
"""By table: the columns whose unit is that of the row's indicator, and their number formats by its kind. What is simulated of
units is their number, what is reported and asked of them is their share."""

READ_FIRST = {
    "sheet": "Đọc trước - Read first",
    "title": "Các bảng của báo cáo · The tables of the briefing",
    "tables": ("Bảng · Table", "Nội dung", "What it holds", "Dòng · Rows"),
    "columns": ("Cột · Column", "Ý nghĩa", "Meaning"),
}

TABLES = {
    "assessment": {
        "vi": "mỗi chỉ tiêu một dòng; chỉ tiêu nhiều nội dung nêu nội dung yếu nhất",
        "en": "one row a target; a compound target shows its binding part",
    },
    "indicators": {"vi": "mỗi nội dung của chỉ tiêu một dòng", "en": "one row a part of a target"},
    "targets_met": {"vi": "khả năng của từng số chỉ tiêu đạt", "en": "the chance of each number of targets met"},
    "series": {"vi": "số liệu của tỉnh theo kỳ, từng chỉ số", "en": "the figures of the whole by period, each indicator"},
    "draws": {"vi": "trung bình và phân vị của các lần mô phỏng", "en": "mean and quantiles of the simulated futures"},
    "pace": {"vi": "kịch bản thay đổi tiến độ ra sao", "en": "what the scenario does to the pace"},
    "scenarios": {
        "vi": "mỗi chỉ tiêu trong mỗi kịch bản một dòng, thay đổi so với hiện trạng",
        "en": "one row a target and scenario, with its change against the baseline",
    },
    "goals": {
        "vi": "chỉ tiêu chưa chắc chắn hoặc khó đạt cần gì, tính từ hiện trạng",
        "en": "what targets at risk would need, from the baseline",
    },
    "forecasts": {
        "vi": "dự báo được ghi vào sổ để chấm điểm sau này",
        "en": "what is entered into the ledger, to be scored later",
    },
}

MEANINGS = {
    "target": {"vi": "mã chỉ tiêu", "en": "id of the target"},
    "target_vi": {"vi": "tên chỉ tiêu (không có trong CSV)", "en": "name of the target in Vietnamese (not in CSV)"},
    "target_en": {"vi": "tên chỉ tiêu bằng tiếng Anh (không có trong CSV)", "en": "name of the target (not in CSV)"},
    "indicator": {"vi": "mã chỉ số", "en": "id of the indicator"},
    "value": {
        "vi": "mức hiện nay: tỷ lệ 0–1, số đếm là số nguyên; trong forecasts: khả năng hoặc phân vị",
        "en": "level now: shares 0 to 1, counts whole; in forecasts: a chance or a quantile",
    },
    "threshold": {"vi": "mức phải đạt, cùng đơn vị với value", "en": "what is asked, in the unit of value"},
    "comparator": {"vi": "cách so với mức phải đạt", "en": "how it is compared with what is asked"},
    "k_min": {"vi": "số đơn vị hoặc hạng mục ít nhất", "en": "least number of units or items"},
    "n_units": {"vi": "số đơn vị trong phạm vi", "en": "units in scope"},
    "gap": {"vi": "phần còn thiếu (dương) hoặc đã vượt (âm)", "en": "what is missing (above 0) or exceeded (below 0)"},
    "pace_ratio": {"vi": "tốc độ cần có chia cho tốc độ đã đạt", "en": "pace needed divided by pace made"},
    "p_met": {"vi": "khả năng đạt khi hết hạn, chưa giới hạn", "en": "chance of being met at the deadline, never capped"},
    "p_printed": {"vi": "khả năng như in trong báo cáo", "en": "the chance as printed"},
    "p_touch": {"vi": "khả năng đạt mức ở một kỳ nào đó đến hạn", "en": "chance of reaching the level in some period up to it"},
    "low": {"vi": "phân vị 10% khi hết hạn", "en": "10% point at the deadline"},
    "median": {"vi": "mức giữa khi hết hạn", "en": "median at the deadline"},
    "high": {"vi": "phân vị 90% khi hết hạn", "en": "90% point at the deadline"},
    "reach": {"vi": "kỳ mà từ đó khả năng đạt cao hơn không đạt", "en": "period from which it is more likely met than not"},
    "status": {"vi": "trạng thái, hoặc số liệu thật hay minh họa", "en": "status, or whether figures are real or illustrative"},
    "decided": {"vi": "đã có số liệu kỳ hạn", "en": "the deadline's figure is in"},
    "evidence": {"vi": "căn cứ của dự báo", "en": "evidence of the forecast"},
    "flags": {"vi": "điều cần lưu ý về số liệu", "en": "what must be known of the figures"},
    "period": {"vi": "kỳ", "en": "period"},
    "numerator": {"vi": "tử số", "en": "numerator"},
    "denominator": {"vi": "mẫu số", "en": "denominator"},
    "coverage": {
        "vi": "phần mẫu số có số liệu, kể cả số giữ tạm",
        "en": "share of the denominator known, carried figures too",
    },
    "low_bound": {"vi": "mức thấp nhất nếu nơi chưa báo cáo đều không", "en": "least level, were all silent units at nothing"},
    "high_bound": {"vi": "mức cao nhất nếu nơi chưa báo cáo đều có", "en": "highest level, were all silent units at everything"},
    "n_reporting": {"vi": "số đơn vị đã báo cáo", "en": "units that have reported"},
    "change": {"vi": "thay đổi so với kỳ trước, cùng các đơn vị", "en": "change on the period before, matched units"},
    "mean": {"vi": "trung bình của các lần mô phỏng", "en": "mean of the simulated futures"},
    **{
        f"q{1000 * level:03.0f}": {
            "vi": f"phân vị {100 * level:g}%".replace(".", ","),
            "en": f"{100 * level:g}% point of the simulated futures",
        }
        for level in (0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975)
    },
    "targets_met": {"vi": "số chỉ tiêu đạt khi hết hạn", "en": "number of targets met at their deadlines"},
    "probability": {"vi": "khả năng của đúng số đó", "en": "chance of just that number"},
    "closes": {"vi": "phần khoảng cách đến tiến độ tốt nhất được thu hẹp", "en": "share of the gap to the best pace closed"},
    "adds": {"vi": "số đơn vị hoặc hạng mục dự kiến thêm theo lịch", "en": "units or items that schedules add, expected"},
    "promised": {"vi": "số đã cam kết", "en": "of so many promised"},
    "waits_for": {"vi": "chỉ số phải đạt trước", "en": "indicator that must come first"},
    "at_least": {"vi": "mức mà chỉ số đó phải đạt", "en": "where that indicator must stand"},
    "until_then": {"vi": "phần được thu hẹp trong khi chờ", "en": "share closed while waiting"},
    "as_of": {"vi": "thời điểm số liệu", "en": "as-of"},
    "scenario": {"vi": "kịch bản", "en": "scenario"},
    "p_change": {"vi": "thay đổi khả năng so với hiện trạng", "en": "change of the chance against the baseline"},
    "p_change_low": {
        "vi": "phân vị 10% của thay đổi, theo tác động của các đòn bẩy; trống: dưới nửa điểm hoặc không do đòn bẩy",
        "en": "10% point of the change, over the levers' effects; empty: below half a point, or no lever does it",
    },
    "p_change_high": {
        "vi": "phân vị 90% của thay đổi, theo tác động của các đòn bẩy",
        "en": "90% point of the change, over the levers' effects",
    },
    "asked": {"vi": "khả năng cần có", "en": "chance that is asked for"},
    "p_now": {"vi": "khả năng theo hiện trạng", "en": "chance in the baseline"},
    "level": {
        "vi": "mức chung ít nhất của các đòn bẩy; trống: không đủ",
        "en": "least common level of the levers; empty: not enough",
    },
    "p_at_level": {"vi": "khả năng ở mức đó", "en": "chance at that level"},
    "p_levers_full": {"vi": "khả năng khi mọi đòn bẩy ở mức đầy đủ", "en": "chance with all levers at full"},
    "p_best_pace": {
        "vi": "khả năng nếu đi ngay theo tốc độ cao nhất từng ghi nhận",
        "en": "chance at the best pace observed from now on",
    },
    "latest_start": {"vi": "kỳ muộn nhất phải triển khai đầy đủ", "en": "last period to begin in full"},
    "units_each": {"vi": "số cam kết thêm mỗi kỳ", "en": "units or items promised in every period"},
    "p_with_units": {"vi": "khả năng với số cam kết đó", "en": "chance with those promised"},
    "units_record": {
        "vi": "bình quân mỗi kỳ trong năm cao nhất từng ghi nhận",
        "en": "a period on average in the best year on record",
    },
    "why_still": {
        "vi": "vì sao đòn bẩy không đổi được gì: no_lever (không tác động), at_best (đã nhanh nhất), too_late, waits, too_weak",
        "en": "why levers move nothing: no_lever (none reaches it), at_best (best pace already), too_late, waits, too_weak",
    },
    "horizon": {"vi": "số kỳ từ số liệu cuối", "en": "periods ahead of the last figure"},
    "output_type": {"vi": "p_met: khả năng đạt; quantile: phân vị", "en": "p_met: a chance; quantile: a quantile"},
    "output_type_id": {"vi": "mức của phân vị", "en": "level of the quantile"},
    "rule": {"vi": "quy tắc của chỉ tiêu khi nói ra dự báo", "en": "the target's rule as it was when this was said"},
    "data": {"vi": "mã của số liệu đầu vào", "en": "code of the figures"},
    "code": {"vi": "mã của chương trình", "en": "code of the program"},
}
