"""Single words in both languages: status, evidence, column heads, labels in charts. Sentences stand in ``wording``."""

INK = "#1f3a5f"
GREY = "#6b7280"

STATUS = {
    "vi": {
        "met": "đã đạt",
        "likely": "có khả năng đạt",
        "uncertain": "chưa chắc chắn",
        "unlikely": "khó đạt",
        "missed": "không đạt",
        "no_basis": "chưa đủ căn cứ dự báo",
        "not_sourced": "chưa có số liệu kỳ hạn",
    },
    "en": {
        "met": "met",
        "likely": "likely",
        "uncertain": "uncertain",
        "unlikely": "unlikely",
        "missed": "not met",
        "no_basis": "no basis",
        "not_sourced": "not sourced",
    },
}
"""Word of each status; ``not_sourced``: the deadline has passed and no figure for it is known."""

SHAPES = {"met": "●", "likely": "▲", "uncertain": "◆", "unlikely": "▼", "missed": "✕", "no_basis": "○"}
COLOURS = {
    "met": "#00795c",
    "likely": "#2b7bba",
    "uncertain": "#b07a00",
    "unlikely": "#c2410c",
    "missed": "#7f1d1d",
    "no_basis": "#6b7280",
}

EVIDENCE = {
    "vi": {"strong": "mạnh", "fair": "khá", "weak": "yếu", "very_weak": "rất yếu"},
    "en": {"strong": "strong", "fair": "fair", "weak": "weak", "very_weak": "very weak"},
}

SEVERITY = {
    "vi": {"error": "lỗi", "warning": "cần hỏi lại", "note": "lưu ý"},
    "en": {"error": "error", "warning": "ask", "note": "note"},
}

POINTS = {"vi": "điểm %", "en": "points"}
"""Percentage points in a narrow column."""

REASONS = {
    "vi": {
        "no_figures": "chưa có số liệu báo cáo",
        "few_points": "mới có một kỳ số liệu dùng được, cần ít nhất hai kỳ cùng định nghĩa",
        "low_coverage": "số liệu kỳ gần nhất phủ dưới 70% đối tượng báo cáo",
        "too_old": "số liệu gần nhất đã cũ hơn một năm",
        "not_sourced": "chưa có số liệu của kỳ hạn",
    },
    "en": {
        "no_figures": "no figure has been reported",
        "few_points": "only one usable figure, where two of the same definition are needed",
        "low_coverage": "the latest figures cover less than 70% of those who should report",
        "too_old": "the latest figure is more than a year old",
        "not_sourced": "no figure for the deadline has been published",
    },
}
"""Why a target has no forecast."""

CURES = {
    "vi": {
        "no_figures": "gửi báo cáo số liệu kỳ đầu",
        "few_points": "bổ sung thêm ít nhất một kỳ số liệu theo cùng định nghĩa",
        "low_coverage": "đôn đốc các đơn vị chưa gửi báo cáo để độ phủ đạt từ 70% trở lên",
        "too_old": "bổ sung số liệu các kỳ gần đây",
        "not_sourced": "tìm và bổ sung số liệu của kỳ hạn kèm nguồn",
    },
    "en": {
        "no_figures": "send a first figure",
        "few_points": "add at least one more figure of the same definition",
        "low_coverage": "bring in the missing returns until coverage is 70% or more",
        "too_old": "add the figures of recent periods",
        "not_sourced": "find the figure for the deadline and add it with its source",
    },
}
"""What would make a forecast possible."""

FLAGS = {
    "vi": {
        "illustrative": "số liệu minh họa",
        "low_coverage": "thiếu báo cáo",
        "soft": "chỉ tiêu mang tính phấn đấu",
        "at_level": "hiện đạt mức mục tiêu",
        "few_points": "ít kỳ số liệu",
        "jump": "có bước nhảy chưa rõ lý do",
        "doubted": "có số liệu cần kiểm tra lại",
        "not_sourced": "chưa có số liệu kỳ hạn",
        "decided_by_source": "theo kết luận của nguồn công bố",
        "no_figures": "chưa có số liệu",
        "too_old": "số liệu đã cũ",
    },
    "en": {
        "illustrative": "illustrative data",
        "low_coverage": "returns missing",
        "soft": "an aim rather than a promise",
        "at_level": "at the target level today",
        "few_points": "few figures",
        "jump": "a step nobody has explained",
        "doubted": "rests on a doubted figure",
        "not_sourced": "no figure for the deadline",
        "decided_by_source": "decided by a published verdict",
        "no_figures": "no figures",
        "too_old": "figures out of date",
    },
}

CHART = {
    "vi": {
        "target": "mục tiêu {value}",
        "as_of": "số liệu đến {period}",
        "median": "mức giữa: {value}",
        "interval": "80%: {span}",
        "hollow": "điểm rỗng: báo cáo chưa đủ",
        "planned": "{place} {year} (kế hoạch)",
        "published": "{place} {year}",
        "joint_x": "số chỉ tiêu đạt",
        "joint_y": "khả năng (%)",
        "count": "số lượng",
        "count_of": "số {entity}",
    },
    "en": {
        "target": "target {value}",
        "as_of": "figures to {period}",
        "median": "median: {value}",
        "interval": "80%: {span}",
        "hollow": "hollow: returns incomplete",
        "planned": "{place} {year} (planned)",
        "published": "{place} {year}",
        "joint_x": "targets met",
        "joint_y": "chance (%)",
        "count": "number",
        "count_of": "number of {entity}",
    },
}

CALENDAR = {
    "vi": {
        "on_time": "đúng hạn",
        "partly": "đúng hạn, còn thiếu",
        "late": "muộn",
        "carried": "giữ số cũ",
        "silent": "× không có",
        "then": "biết khi đó",
        "now": "biết hiện nay",
    },
    "en": {
        "on_time": "in time",
        "partly": "in time, incomplete",
        "late": "late",
        "carried": "figure kept",
        "silent": "× none",
        "then": "as known then",
        "now": "as known now",
    },
}
"""How a unit's return of a period stands; and which figures a chart of revisions shows."""

PHASES = {
    "vi": {
        "slow_start": "khởi đầu chậm",
        "take_off": "cất cánh",
        "fast": "tăng nhanh",
        "steady": "tăng đều",
        "standstill": "chững lại",
        "nearly_all": "gần như toàn bộ",
        "decline": "giảm",
        "too_few": "chưa đủ 4 kỳ",
    },
    "en": {
        "slow_start": "slow start",
        "take_off": "take-off",
        "fast": "fast growth",
        "steady": "steady growth",
        "standstill": "standstill",
        "nearly_all": "nearly all",
        "decline": "decline",
        "too_few": "fewer than 4 periods",
    },
}

PLACES = {"vi": {}, "en": {"cả nước": "Viet Nam"}}
"""Names of the places of published figures, where they differ from the Vietnamese name."""

COLUMNS = {
    "vi": {
        "id": "Mã",
        "target": "Chỉ tiêu",
        "now": "Hiện nay",
        "goal": "Mục tiêu",
        "gap": "Còn thiếu",
        "chance": "Khả năng",
        "outcome": "Khả năng",
        "interval": "80% khi hết hạn",
        "reach": "Đạt từ",
        "status": "Trạng thái",
        "part": "Nội dung",
        "indicator": "Chỉ số",
        "unit": "Đơn vị",
        "doubt": "Vì sao cần kiểm tra lại",
        "severity": "Mức",
        "period": "Kỳ",
        "level": "Mức",
        "growth": "Tăng một năm",
        "coverage": "Độ phủ",
        "reporting": "Đơn vị báo cáo",
        "published": "Số liệu công bố (để đối chiếu)",
        "not_in_time": "sau hạn",
        "none": "–",
    },
    "en": {
        "id": "Id",
        "target": "Target",
        "now": "Now",
        "goal": "Goal",
        "gap": "To go",
        "chance": "Chance",
        "outcome": "Chance",
        "interval": "80% at deadline",
        "reach": "Met from",
        "status": "Status",
        "part": "Part",
        "indicator": "Indicator",
        "unit": "Unit",
        "doubt": "Why it is doubted",
        "severity": "Severity",
        "period": "Period",
        "level": "Level",
        "growth": "Growth a year",
        "coverage": "Coverage",
        "reporting": "Units reporting",
        "published": "Published figures (for comparison)",
        "not_in_time": "later",
        "none": "–",
    },
}
"""Heads of columns."""
