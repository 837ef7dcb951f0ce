"""What is said of reporting units: who holds a target back, who comes next, how they rank. Both languages side by side."""

from qnict_analysis.wording.speech import counted
from qnict_analysis.words import POINTS

UNITS = {
    "vi": {
        "none": "Toàn bộ số liệu của mỗi chỉ tiêu do một nơi cung cấp, không có đơn vị báo cáo, nên không có phần đóng góp "
        "của từng đơn vị.",
        "alone": "Không có trong bảng vì do một nơi báo cáo cho toàn bộ: {names}.",
        "gap_how": "Phần thiếu của mỗi đơn vị là tỷ trọng của đơn vị nhân với khoảng cách đến mức mục tiêu; đơn vị vượt mức bù "
        "cho đơn vị khác. Cộng lại đúng bằng phần còn thiếu của chỉ tiêu. “Chiếm” tính trên phần thiếu của các đơn vị còn thiếu. "
        "Chỉ tiêu đếm số lượng chung không giao phần cho từng đơn vị, nên không nói được đơn vị nào còn thiếu.",
        "gap_heads": ["Mã", "Chỉ số", "Còn thiếu", "Đơn vị còn thiếu", "Ai còn thiếu, nhiều nhất đứng trước", "Chiếm"],
        "change_how": "Thay đổi so với {period} được tách làm ba: đơn vị tự thay đổi; tỷ trọng giữa các đơn vị thay đổi; đơn vị "
        "mới có hoặc không còn số liệu. Ba phần cộng lại đúng bằng thay đổi của chỉ số.",
        "change_heads": ["Chỉ số (đơn vị tính)", "Thay đổi", "Tự thay đổi", "Tỷ trọng", "Thêm/mất số liệu", "Góp nhiều nhất"],
        "next_how": "Đơn vị chưa đạt, gần đạt nhất đứng trước, kèm khả năng đạt khi hết hạn. Khả năng của các đơn vị khớp với dự "
        "báo của chỉ tiêu: số đơn vị, hoặc mức, mà các đơn vị cùng đưa đến bằng đúng dự báo chung.",
        "next_heads": ["Mã", "Chỉ số", "Chỉ tiêu còn cần", "Gần đạt nhất (khả năng)", "Đơn vị khác"],
        "nothing_next": "Không còn đơn vị nào chưa đạt ở các chỉ tiêu đang theo dõi.",
        "there": "đã đủ",
        "unsure": "{names} (chưa có dự báo)",
        "about_equal": "{n} đơn vị gần ngang nhau",
        "more.one": "và 1 đơn vị khác",
        "more.many": "và {n} đơn vị khác",
        "ladder_units": "{name}: đã có {there}/{n} đơn vị, cần {rung}; gần nhất: {next}",
        "ladder_units.silent": "{name}: đã có {there}/{n} đơn vị, cần {rung}",
        "ladder_level": "{name}: {there}/{n} đơn vị đạt mức {level}; gần nhất: {next}",
        "ladder_level.silent": "{name}: {there}/{n} đơn vị đạt mức {level}",
        "league_how": "Xếp hạng tính trên mọi tỷ lệ và việc triển khai của đơn vị, mỗi chỉ số ngang nhau. Tỷ lệ của đơn vị ít hồ "
        "sơ, ít văn bản được kéo về mức chung của nhóm theo đúng phần mà may rủi có thể gây ra, nên đơn vị nhỏ không được lợi "
        "cũng không chịu thiệt. Thiếu báo cáo làm khoảng hạng rộng ra, không trừ điểm. Hai đơn vị có khoảng hạng giao nhau thì "
        "chưa thể nói đơn vị nào hơn. Hạng giữa là trung vị của các hạng có thể có, nên hai đơn vị có thể chung một hạng và có "
        "hạng để trống.",
        "league_heads": ["Đơn vị", "Hạng giữa (khoảng 80%)", "Điểm", "Thuộc 1/4 đầu", "Thuộc 1/4 cuối", "Thiếu báo cáo"],
        "league_title": "{group}: {n} đơn vị",
        "sure.top": "Có khả năng từ {p} trở lên thuộc một phần tư đầu: {names}.",
        "sure.bottom": "Có khả năng từ {p} trở lên thuộc một phần tư cuối: {names}.",
        "nobody": "không đơn vị nào",
        "folded": "{n} đơn vị",
        "silent": "chưa báo cáo: {names}",
        "since": ", từ {period}",
        "no_league": "Chưa có nhóm nào đủ {n} đơn vị cùng báo cáo để xếp hạng.",
    },
    "en": {
        "none": "Each target's figures come from one body: there are no reporting units, so there are no parts of units to show.",
        "alone": "Not in the table, since one body reports it all: {names}.",
        "gap_how": "A unit's part of what is missing is its weight times its distance to the target's level; units beyond it "
        "make up for others. The parts add up to what the target is short of. “Of it” is out of what those behind are short of. "
        "No unit has promised a part of a common count, so that none can be said to be behind.",
        "gap_heads": ["Id", "Indicator", "To go", "Units behind", "Who is behind, most first", "Of it"],
        "change_how": "The change since {period} is split in three: units moved themselves; weights moved between units; units "
        "came with, or went without, figures. The three add up to the indicator's change.",
        "change_heads": ["Indicator (in)", "Change", "Units moved", "Weights", "Came, went", "Added most"],
        "next_how": "Units that are not there yet, nearest first, each with its chance of being there at the deadline. The "
        "chances agree with the target's forecast: the number of units, or the level, that all units bring is the one forecast.",
        "next_heads": ["Id", "Indicator", "Target still needs", "Nearest (chance)", "Other units"],
        "nothing_next": "No unit is short of the level of a target that is still open.",
        "there": "nothing",
        "unsure": "{names} (no forecast)",
        "about_equal": "{n} units, about equally near",
        "more.one": "and 1 other",
        "more.many": "and {n} others",
        "ladder_units": "{name}: {there} of {n} units are there, {rung} needed; nearest: {next}",
        "ladder_units.silent": "{name}: {there} of {n} units are there, {rung} needed",
        "ladder_level": "{name}: {there} of {n} units are at the level {level}; nearest: {next}",
        "ladder_level.silent": "{name}: {there} of {n} units are at the level {level}",
        "league_how": "Ranks are over all of a unit's shares and adoptions, each indicator the same. The rate of a unit with few "
        "cases is drawn towards its group's by as much as chance could have done, so that small units neither gain nor lose by "
        "being small. A missing return widens the span of a rank and takes nothing off. Of two units whose spans overlap nobody "
        "can say yet which is ahead. The middle rank is the median of the possible ones, so units can share one and a rank can "
        "stay empty.",
        "league_heads": ["Unit", "Middle rank (80% span)", "Score", "In top quarter", "In last quarter", "Returns missing"],
        "league_title": "{group}: {n} units",
        "sure.top": "In the top quarter with a chance of {p} or more: {names}.",
        "sure.bottom": "In the last quarter with a chance of {p} or more: {names}.",
        "nobody": "nobody",
        "folded": "{n} units",
        "silent": "without a return: {names}",
        "since": ", since {period}",
        "no_league": "No group has the {n} units that a ranking needs.",
    },
}
"""Sentences, heads and titles, by language."""


def named(names: list[str], lang: str, *, most: int) -> str:
    """Some names in a row, and how many more there are: Sở 01, Sở 02 và 3 đơn vị khác."""
    shown, left = names[:most], len(names) - most
    if left <= 0:
        return ", ".join(shown)
    return f"{', '.join(shown)} {counted(UNITS[lang], 'more', left).format(n=left)}"


def points_short(printed: str, lang: str) -> str:
    """A number of percentage points in a narrow column."""
    return f"{printed} {POINTS[lang]}"
