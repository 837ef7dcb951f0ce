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

PROGRESS = {
    "vi": {
        "way": "phần đường đã đi từ mức ban đầu (0%) đến mục tiêu (100%)",
        "reach": "khả năng đạt và giữ được từ kỳ này đến hạn",
        "none": "không có",
        "alt": "Phần đường đã đi đến mục tiêu: {said}. Chậm so với đường thẳng: {behind}.",
        "at": "Khả năng đạt, {period}",
        "time": "Thời gian trôi qua",
        "new_period": "Số liệu kỳ mới",
        "restated": "Số liệu cũ báo cáo lại, gửi muộn",
        "frame": "Mẫu số, phạm vi đơn vị",
        "corrections": "Đính chính",
        "pool": "Các chỉ số cùng loại",
        "parameters": "Tham số, kịch bản",
        "method": "Phiên bản phương pháp",
    },
    "en": {
        "way": "share of the way from the first figure (0%) to the goal (100%)",
        "reach": "chance of being met from this period to the deadline",
        "none": "none",
        "alt": "Share of the way to the goal: {said}. Behind the straight path: {behind}.",
        "at": "Chance, {period}",
        "time": "Time passing",
        "new_period": "New period's figures",
        "restated": "Past restated or reported late",
        "frame": "Denominators, frame of units",
        "corrections": "Corrections",
        "pool": "Like indicators",
        "parameters": "Parameters, scenario",
        "method": "Version of the method",
    },
}
"""Words of the charts of all targets at once; the causes of a change by their code."""

RECORD = {
    "vi": {
        "said": "khả năng đã dự báo",
        "came": "tỷ lệ thực tế đạt (hàng số ở trên: số dự báo)",
        "pit": "vị trí của kết quả thực trong phân phối dự báo",
        "number": "số dự báo (đường đứt và dải xám: nếu dự báo đúng)",
        "interval": "khoảng {level}",
        "held": "tỷ lệ kết quả nằm trong khoảng",
        "horizon.quarterly": "số quý dự báo trước",
        "horizon.yearly": "số năm dự báo trước",
        "skill": "chênh lệch điểm Brier",
        "better": "← hệ thống tốt hơn",
        "worse": "hệ thống kém hơn →",
    },
    "en": {
        "said": "chance that was said",
        "came": "share that was met (row of numbers above: forecasts)",
        "pit": "where the outcome fell in the forecast",
        "number": "forecasts (dashed line and grey band: if the forecasts are right)",
        "interval": "{level} interval",
        "held": "share of outcomes inside the interval",
        "horizon.quarterly": "quarters ahead",
        "horizon.yearly": "years ahead",
        "skill": "difference in Brier score",
        "better": "← ours is better",
        "worse": "ours is worse →",
    },
}
"""Words of the charts of the track record."""

CHANGED = {
    "vi": {
        "course": "Đến nay lẽ ra phải đạt đến đâu (thanh: hiện tại; vạch đen: mức lẽ ra phải đạt; đường xám: dự báo đến hạn, "
        "80%)",
        "reach": "Chỉ tiêu đạt từ khi nào",
        "reach_none": "Không còn chỉ tiêu nào chưa có kết luận.",
        "reach_alt": "Khả năng đạt tại kỳ cuối: {said}.",
        "waterfall": "{id} {short}: {change}",
        "id": "Mã",
        "target": "Chỉ tiêu",
        "change": "Thay đổi",
    },
    "en": {
        "course": "Where each should be by now (bar: level now; black tick: level due; grey line: forecast at the deadline, 80%)",
        "reach": "From when each target is met",
        "reach_none": "Every verdict is in.",
        "reach_alt": "Chance at the last period: {said}.",
        "waterfall": "{id} {short}: {change}",
        "id": "Id",
        "target": "Target",
        "change": "Change",
    },
}
"""Titles and heads of the pages on all targets at once."""

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
        "result": "Kết quả",
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
        "coverage": "Độ phủ, cả số giữ tạm",
        "reporting": "Đơn vị báo cáo",
        "published": "Số liệu công bố (để đối chiếu)",
        "cagr": "Tăng trưởng (Open SDG)",
        "unsd": "UNSD",
        "escap_status": "ESCAP: hiện trạng",
        "escap_outlook": "ESCAP: dự kiến",
        "destatis": "Destatis",
        "not_in_time": "sau hạn",
        "none": "–",
    },
    "en": {
        "id": "Id",
        "target": "Target",
        "now": "Now",
        "result": "Result",
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
        "coverage": "Coverage, carried too",
        "reporting": "Units reporting",
        "published": "Published figures (for comparison)",
        "cagr": "Growth (Open SDG)",
        "unsd": "UNSD",
        "escap_status": "ESCAP: status",
        "escap_outlook": "ESCAP: outlook",
        "destatis": "Destatis",
        "not_in_time": "later",
        "none": "–",
    },
}
"""Heads of columns."""

RULES = {
    "vi": {
        "cagr": "tỷ số tăng trưởng (Open SDG)",
        "unsd": "biểu đồ tiến độ của UNSD",
        "escap_status": "chỉ số hiện trạng của ESCAP",
        "escap_outlook": "chỉ số dự kiến của ESCAP",
        "destatis": "ký hiệu thời tiết của Destatis",
    },
    "en": {
        "cagr": "the growth ratio (Open SDG)",
        "unsd": "the UNSD progress chart",
        "escap_status": "ESCAP's current status",
        "escap_outlook": "ESCAP's anticipated progress",
        "destatis": "the Destatis weather symbol",
    },
}
"""The rules of statistical offices, as named inside a sentence."""

RULE_CLASSES = {
    "vi": {
        "cagr.achieved": "đã đạt",
        "cagr.on_track": "đúng tiến độ",
        "cagr.accelerate": "cần nhanh hơn",
        "cagr.limited": "tiến bộ hạn chế",
        "cagr.deterioration": "xấu đi",
        "unsd.on_track": "đạt hoặc đúng tiến độ",
        "unsd.accelerate": "khá, cần nhanh hơn",
        "unsd.stagnation": "giậm chân hoặc thụt lùi",
        "escap_status.achieved": "đã đạt",
        "escap_status.as_due": "kịp tiến độ đều",
        "escap_status.behind": "chậm hơn tiến độ đều",
        "escap_status.gone_back": "thụt lùi",
        "escap_outlook.maintain": "duy trì",
        "escap_outlook.accelerate": "tăng tốc",
        "escap_outlook.reverse": "đảo chiều",
        "destatis.sun": "nắng",
        "destatis.sun_cloud": "nắng có mây",
        "destatis.cloud": "nhiều mây",
        "destatis.storm": "dông",
    },
    "en": {
        "cagr.achieved": "achieved",
        "cagr.on_track": "on track",
        "cagr.accelerate": "acceleration needed",
        "cagr.limited": "limited progress",
        "cagr.deterioration": "deterioration",
        "unsd.on_track": "met or on track",
        "unsd.accelerate": "fair, must speed up",
        "unsd.stagnation": "stagnation or regression",
        "escap_status.achieved": "achieved",
        "escap_status.as_due": "up with the straight way",
        "escap_status.behind": "behind the straight way",
        "escap_status.gone_back": "gone back",
        "escap_outlook.maintain": "maintain",
        "escap_outlook.accelerate": "accelerate",
        "escap_outlook.reverse": "reverse",
        "destatis.sun": "sun",
        "destatis.sun_cloud": "sun and cloud",
        "destatis.cloud": "cloud",
        "destatis.storm": "thunderstorm",
    },
}
"""Classes of each rule, by ``rule.class``."""

RULE_SILENT = {"vi": "không tính được: {reason}", "en": "cannot be computed: {reason}"}

RULE_REASONS = {
    "vi": {
        "no_figures": "chưa có số liệu",
        "few_points": "cần hai kỳ cách nhau ít nhất một năm",
        "few_years": "cần ít nhất bốn số liệu cách đều từng năm",
        "year_past": "đã hết hạn",
        "zero_base": "kỳ gốc bằng 0",
        "zero_goal": "mục tiêu bằng 0",
        "signs": "số liệu trái dấu nhau",
        "base_met": "kỳ gốc đã đạt mục tiêu",
        "base_at_goal": "kỳ gốc đúng bằng mục tiêu",
        "at_limit": "có kỳ bằng đúng 0% hoặc 100%",
        "at_goal_now": "hiện đã ở mức mục tiêu, không còn phần thiếu để so",
    },
    "en": {
        "no_figures": "no figures",
        "few_points": "needs two figures at least a year apart",
        "few_years": "needs at least four figures a year apart",
        "year_past": "the deadline has passed",
        "zero_base": "the base is zero",
        "zero_goal": "the target is zero",
        "signs": "figures of opposite sign",
        "base_met": "the base already met the target",
        "base_at_goal": "the base is exactly the target",
        "at_limit": "a figure is exactly 0% or 100%",
        "at_goal_now": "at the target level today, so nothing is missing to compare with",
    },
}
"""Why a rule cannot speak."""
