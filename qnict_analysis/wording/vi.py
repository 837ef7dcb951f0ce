"""Vietnamese sentences. ``**…**`` is bold; ``{…}`` are facts, put in after the marks are read, so that data cannot
set type."""

COMMON = {
    "and": " và ",
    "list": ", ",
    "items": "; ",
    "quoted": "“{text}”",
    "others": "{n} chỉ tiêu khác",
    "targets.one": "{n} chỉ tiêu",
    "targets.many": "{n} chỉ tiêu",
    "the": "{name}",
    "end_of": "hết {period}",
}

COUNTS = {
    "met": "**{n}** đã đạt",
    "at_level": "**{n}** hiện đạt mức mục tiêu",
    "likely": "**{n}** có khả năng đạt",
    "uncertain": "**{n}** chưa chắc chắn",
    "unlikely": "**{n}** khó đạt",
    "missed": "**{n}** không đạt",
    "no_basis": "**{n}** chưa đủ căn cứ dự báo",
    "not_sourced": "**{n}** chưa có số liệu kỳ hạn",
}

GOALS = {
    "at_least": "{goal}",
    "above": "trên {goal}",
    "at_most": "mức không quá {goal}",
    "below": "mức dưới {goal}",
}
"""The target inside a sentence, by comparator; ``goal`` is the bare number with its unit."""

TITLES = {
    "met": "Đã đạt {goal}: kết quả {now}",
    "met_by_source": "Đã đạt {goal} theo nguồn công bố",
    "missed": "Không đạt {goal}: kết quả {now}, thiếu {gap}",
    "missed_by_source": "Không đạt {goal} theo nguồn công bố",
    "no_basis": "Chưa đủ căn cứ dự báo: {reason}",
    "not_sourced": "Chưa có số liệu kỳ hạn để kết luận",
    "at_level": "Hiện đạt mức mục tiêu, khả năng vẫn đạt khi hết hạn {in_ten}",
    "open.likely": "Có khả năng đạt {goal}: cần thêm {gap}",
    "open.uncertain": "Chưa chắc đạt {goal}: còn thiếu {gap}",
    "open.unlikely": "Khó đạt {goal}: còn thiếu {gap}",
    "falling.likely": "Có khả năng giảm còn {goal}: cần giảm thêm {gap}",
    "falling.uncertain": "Chưa chắc giảm còn {goal}: còn cao hơn {gap}",
    "falling.unlikely": "Khó giảm còn {goal}: còn cao hơn {gap}",
    "falling.missed": "Không đạt {goal}: kết quả {now}, còn cao hơn {gap}",
    "binding": "{title} ({part})",
}

NUMBERS = {
    "now": "Hiện nay",
    "latest": "Số liệu gần nhất",
    "since": "Đạt từ",
    "lack": "Phần còn thiếu",
    "result": "Kết quả",
    "target": "Mục tiêu",
    "chance": "Khả năng đạt",
    "verdict": "Kết luận",
    "forecast": "Dự báo {deadline}",
    "as_of": "số liệu {period}",
    "missing": "còn thiếu {gap}",
    "too_high": "còn cao hơn {gap}",
    "reached": "hiện đạt mức này",
    "deadline": "hạn {deadline}",
    "milestone": "mốc {period}: {goal}",
    "evidence": "căn cứ {evidence}",
    "interval_note": "80% số lần mô phỏng",
    "pace": "cần gấp {pace} lần tốc độ hiện nay",
    "no_forecast": "không có dự báo",
}

NEXT = {
    "step": "Việc cần làm: trong {next}, {lead} cần {action}.",
    "step_whole": "Giữ được nhịp này đến hạn thì đạt mục tiêu.",
    "step_part": "Giữ được nhịp này đến hạn thì nội dung này đạt.",
    "pace": "Tốc độ cần có gấp **{pace} lần** tốc độ đã đạt.",
    "reach": "Theo dự báo, khả năng đạt cao hơn không đạt từ **{reach}**.",
    "no_reach": "Theo dự báo, khả năng không đạt trong hạn cao hơn đạt.",
    "hold": "Giữ mức đã có đến hết {deadline}; {lead} theo dõi để không tụt lại.",
    "cure": "Để có dự báo cần {cure}.",
    "cure_verdict": "Để kết luận cần {cure}.",
    "met": "Cần duy trì kết quả đã đạt.",
    "missed": "{lead} báo cáo nguyên nhân và thời hạn khắc phục phần còn thiếu.",
    "parts": "Chỉ tiêu chỉ đạt khi mọi nội dung thành phần cùng đạt; khả năng nêu trên là của tất cả cùng lúc.",
    "soft": "Kế hoạch ghi đây là mức phấn đấu.",
}

ACTIONS = {
    "rise": "đưa “{short}” lên ít nhất {level} (thêm {more})",
    "rise_all": "đưa “{short}” lên đủ {level} (thêm {more})",
    "fall": "đưa “{short}” xuống còn nhiều nhất {level} (giảm {more})",
    "item": "“{short}”",
    "hold": "giữ vững “{short}” ở mức {now}",
    "repair": "báo cáo nguyên nhân và thời hạn khắc phục “{short}”",
}

TASKS = {
    **ACTIONS,
    "rise": "“{short}” đạt ít nhất {level} (thêm {more})",
    "rise_all": "“{short}” đạt đủ {level} (thêm {more})",
    "fall": "“{short}” giảm còn nhiều nhất {level} (giảm {more})",
    "repair": "báo cáo nguyên nhân và thời hạn khắc phục",
    "cure": "{items}: {cure}",
    "repairs": "{cure}: {items}",
    "lack": "“{short}” (còn {gap})",
    "lack_high": "“{short}” (còn cao hơn {gap})",
}
"""The same actions in a list of tasks."""

REPORT = {
    "kind": "BÁO CÁO",
    "title": "Kết quả thực hiện {title} đến {end}",
    "intro.vn_state": "Thực hiện {source}, {agency} báo cáo tình hình thực hiện {targets} của Kế hoạch đến {end}, "
    "theo số liệu nhận được "
    "đến {cutoff}, như sau:",
    "intro.plain": "Báo cáo này cho biết {targets} của {short} đang ở đâu, khả năng đạt và việc cần làm, theo số "
    "liệu được công bố đến "
    "{cutoff}. Cơ sở của các chỉ tiêu: {source}.",
    "I": "I. KẾT QUẢ ĐẠT ĐƯỢC",
    "II": "II. TỒN TẠI, HẠN CHẾ",
    "III": "III. NGUYÊN NHÂN",
    "IV.quarterly": "IV. NHIỆM VỤ TRỌNG TÂM QUÝ TỚI",
    "IV.half-yearly": "IV. NHIỆM VỤ TRỌNG TÂM 6 THÁNG TỚI",
    "IV.yearly": "IV. NHIỆM VỤ TRỌNG TÂM NĂM TỚI",
    "IV.after": "IV. NHIỆM VỤ TRỌNG TÂM THỜI GIAN TỚI",
    "V": "V. KIẾN NGHỊ, ĐỀ XUẤT",
    "overall": "Đến {end}, trong **{n}** chỉ tiêu: {counts}.",
    "at_level.one": "Trong đó **1** chỉ tiêu hiện đạt mức mục tiêu và phải giữ đến hạn.",
    "at_level.many": "Trong đó **{n}** chỉ tiêu hiện đạt mức mục tiêu và phải giữ đến hạn.",
    "joint": "Khi hết hạn, dự kiến có từ **{low}** đến **{high}** chỉ tiêu đạt (80% số lần mô phỏng; "
    "mức giữa **{middle}**){apart}.",
    "joint_same": "Khi hết hạn, dự kiến có **{middle}** chỉ tiêu đạt{apart}.",
    "joint_apart": ", chưa kể {n} chỉ tiêu không có dự báo",
    "levels": "**{group}:** {items}.",
    "level": "{short}: {now} (mục tiêu {goal})",
    "level_old": "{short}: {now}, {period} (mục tiêu {goal})",
    "level_by_source": "{short}: đã đạt theo nguồn công bố (mục tiêu {goal})",
    "level_unknown": "{short}: chưa có số liệu (mục tiêu {goal})",
    "basis.now": "tiến độ đến nay tiếp diễn",
    "basis.scenario": "các tác động của kịch bản “{title}” xảy ra đúng như giả định",
    "evidence.vn_state": "Khả năng đạt được tính từ số liệu đã báo cáo, với giả định {basis}; {record}.",
    "evidence.plain": "Khả năng đạt được tính từ số liệu đã công bố, với giả định {basis}; {record}.",
    "illustrative": "**Số liệu của các đơn vị trong báo cáo này là số liệu minh họa, không phải số liệu thật.**",
    "worry.one": "Có **1** chỉ tiêu {standing}:",
    "worry.many": "Có **{n}** chỉ tiêu {standing}:",
    "worry.both": "chưa chắc chắn hoặc khó đạt",
    "worry.uncertain": "chưa chắc chắn đạt",
    "worry.unlikely": "khó đạt",
    "worry.more": "Có **{n}** chỉ tiêu {standing}; đáng lo nhất là **{shown}** chỉ tiêu sau:",
    "worry.none": "Không có chỉ tiêu nào ở mức chưa chắc chắn hoặc khó đạt.",
    "missed.one": "**1** chỉ tiêu không đạt khi hết hạn:",
    "missed.many": "**{n}** chỉ tiêu không đạt khi hết hạn:",
    "missed_and_worry": "**{missed}** chỉ tiêu không đạt khi hết hạn; **{n}** chỉ tiêu chưa đến hạn {standing}:",
    "missed.none": "Không có chỉ tiêu nào được xác định là không đạt.",
    "no_basis": "Chưa đủ căn cứ dự báo: {items}.",
    "no_basis_item": "“{short}” ({reason})",
    "not_sourced": "Chưa kết luận được vì chưa có số liệu kỳ hạn: {items}.",
    "cause.pace": "Tiến độ chậm hơn yêu cầu: để đạt đúng hạn, tốc độ phải gấp {items}.",
    "cause.pace_item": "**{pace} lần** (“{short}”)",
    "cause.fading": "Tốc độ một năm qua là đủ, nhưng dự báo tính đến khả năng tốc độ chậm dần: {items}.",
    "cause.stalled": "Chưa tiến về phía mục tiêu trong thời gian qua: {items}.",
    "cause.units": "Còn đối tượng chưa triển khai: {items}.",
    "cause.units_item": "“{short}” còn thiếu {gap}",
    "cause.high_item": "“{short}” còn cao hơn {gap}",
    "cause.coverage": "Báo cáo chưa đầy đủ: số liệu {period} của “{short}” chỉ phủ **{coverage}** đối tượng phải "
    "báo cáo{others}.",
    "cause.coverage_others": "; {n} chỉ số khác cũng còn thiếu báo cáo",
    "cause.short": "Kết quả khi hết hạn còn cách mục tiêu: {items}.",
    "cause.none": "Số liệu không cho thấy chỉ tiêu nào chậm hơn tiến độ cần có.",
    "cause.limits": "Số liệu không đủ để kết luận nguyên nhân về kinh phí, nhân lực hay tổ chức thực hiện; các cơ "
    "quan chủ trì cần làm rõ.",
    "cause.limits_plain": "Số liệu không cho biết vì sao; nguyên nhân cần được cơ quan chủ trì làm rõ.",
    "task.next": "gần nhất: {units}",
    "task": "**{lead}:** {action}, chậm nhất ngày **{date}**.",
    "task.more.one": "**Ngoài ra:** {n} việc khác nêu tại {annex}.",
    "task.more.many": "**Ngoài ra:** {n} việc khác nêu tại {annex}.",
    "task.return.vn_state": "**Các đơn vị báo cáo:** gửi số liệu {next} chậm nhất ngày **{date}**.",
    "task.return.plain": "**{agency}:** công bố số liệu {next} chậm nhất ngày **{date}**.",
    "task.none": "Tiếp tục theo dõi; không có chỉ tiêu nào cần nhiệm vụ bổ sung.",
    "ask.vn_state": "{agency} kính đề nghị {parent} xem xét, chỉ đạo:",
    "ask.lead.vn_state": "Giao các cơ quan chủ trì nêu tại mục IV thực hiện đúng hạn và báo cáo kết quả cùng số liệu {next}.",
    "ask.lead.plain": "Các cơ quan chủ trì nêu tại mục IV thực hiện và báo cáo kết quả cùng số liệu {next}.",
    "ask.low": "Xem xét biện pháp bổ sung về nguồn lực hoặc lộ trình đối với {items}, vì theo dự báo khả năng đạt thấp.",
    "ask.low_item": "“{short}” ({chance})",
    "ask.returns": "Chỉ đạo các đơn vị còn thiếu báo cáo gửi đủ và đúng hạn.",
    "ask.missed": "Xem xét đưa các chỉ tiêu không đạt vào kế hoạch giai đoạn sau, kèm thời hạn và cơ quan chịu trách nhiệm.",
    "ask.sourced": "Bổ sung số liệu kỳ hạn có nguồn cho các chỉ tiêu chưa kết luận được.",
    "ask.none": "Không có kiến nghị mới.",
    "close": "./.",
    "recipients": "Nơi nhận:",
}

OVERVIEW = {
    "annex": "Phụ lục {n}",
    "title": "Toàn cảnh {end}",
    "first": "Đến {end}, **{good} trong {n}** chỉ tiêu đã đạt hoặc có khả năng đạt; {rest}.",
    "first_done": "Đến {end}, **{good} trong {n}** chỉ tiêu đã đạt; {rest}.",
    "first_all": "Đến {end}, cả **{n}** chỉ tiêu đều đã đạt hoặc có khả năng đạt.",
    "second": "Khi hết hạn, dự kiến **{middle}** chỉ tiêu đạt (80% khả năng: từ **{low}** đến **{high}**){apart}.",
    "second_same": "Khi hết hạn, dự kiến **{middle}** chỉ tiêu đạt{apart}.",
    "second_done": "Đã có kết luận cho **{n}** chỉ tiêu.",
    "third": "Đáng lo nhất: {items}.",
    "third_item": "{id} {short}, khả năng **{chance}**",
    "third_none": "Không có chỉ tiêu nào ở mức chưa chắc chắn hoặc khó đạt.",
    "third_missed": "Không đạt: {items}.",
    "third_missed_item": "{id} {short} (**{now}**)",
    "attention": "Cần chú ý",
    "attention_none": "Không có chỉ tiêu nào cần chú ý thêm",
    "now": "hiện {now}",
    "result": "kết quả {now}",
    "needed": "cần {goal}",
    "pace": "phải nhanh gấp {pace} lần",
    "pace_stalled": "chưa tiến về phía mục tiêu",
    "pace_ok": "tốc độ một năm qua là đủ nếu giữ được",
    "pace_none": "đã hết hạn",
    "chances": "**So với {previous}:** khả năng đạt tăng ở {up}, giảm ở {down}{most}.",
    "chances_most": "; nhiều nhất là {id} “{short}” ({change}{mostly})",
    "chances_mostly": ", chủ yếu do {cause}",
    "change": "**So với {previous}:** {up} chỉ số tiến về phía mục tiêu, {down} chỉ số lùi, {same} chỉ số không đổi.",
    "change_none": "**So với kỳ trước:** chưa có số liệu {period} để so sánh.",
    "quality_full": "**Chất lượng số liệu:** {n} chỉ số đều có đủ báo cáo của {period}.",
    "quality": "**Chất lượng số liệu:** {full} trong {n} chỉ số có đủ báo cáo của {period}{others}.",
    "quality_old": "; {old} chỉ số chưa có số liệu {period}, phải dùng kỳ trước đó",
    "quality_silent": "; có chỉ số thiếu báo cáo của {silent} đơn vị, số liệu gần nhất của các đơn vị này được giữ tạm",
    "quality_low": "; độ phủ thấp nhất là {short} ({coverage})",
    "quality_doubts": "; {doubts} số liệu cần hỏi lại đơn vị",
    "record": "**Kiểm chứng:** {record}.",
}

BLOCKS = {
    "table_title": "Bảng các chỉ tiêu",
    "targets_title": "Từng chỉ tiêu",
    "annex_scenarios": "Các kịch bản và điều cần có",
    "annex_changes": "Thay đổi và tiến độ lẽ ra phải đạt",
    "annex_rules": "Các quy tắc khác và bức tranh chung",
    "annex_units": "Các đơn vị báo cáo",
    "data_title": "Chất lượng số liệu",
    "data_doubts": "Quy tắc kiểm tra số liệu nêu **{n}** số liệu của {period} cần hỏi lại đơn vị; số liệu vẫn được dùng "
    "trong khi chờ trả lời.",
    "data_none": "Không có số liệu nào của {period} bị quy tắc kiểm tra nêu ra.",
    "data_more": "Còn {n} số liệu khác trong bảng của sổ tay 01.",
    "data_caption": "Số liệu của {period} cần kiểm tra lại",
    "method_title": "Phương pháp",
    "sources_title": "Nguồn số liệu",
    "glossary_title": "Giải thích từ ngữ",
    "annexes": "Các phụ lục",
    "author": "{agency}",
    "mark": "SỐ LIỆU MINH HỌA",
    "draft": "DỰ THẢO",
    "draft_figures": "có số liệu minh họa",
    "draft_font": "chưa dùng phông chữ Times New Roman",
    "footer": "Số liệu đến {as_of} (nhận đến {cutoff}) · Kịch bản: {scenario} · qnict {version} · hạt giống ngẫu nhiên {seed}"
    " · mã số liệu {hash}",
    "place_date": "{place}, ngày …… tháng …… năm {year}",
    "number": "Số: ……/BC-{code}",
    "nation": "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    "motto": "Độc lập - Tự do - Hạnh phúc",
    "caption": "Điểm: số liệu đã có. Dải màu: 50%, 80% và 95% số lần mô phỏng. Nét đứt: mục tiêu. Chấm: đường cần đi.",
    "caption_done": "Điểm: số liệu đã có. Nét đứt: mục tiêu.",
    "table_note": "Khả năng in trong khoảng {low}–{high} {held}. Có khả năng đạt: từ "
    "{likely} trở lên; "
    "khó đạt: dưới {uncertain}. 80%: khoảng chứa 80% số lần mô phỏng ở kỳ hạn.",
    "table_alt": "Bảng {n} chỉ tiêu: mức hiện nay, mục tiêu, phần còn thiếu, khả năng đạt và trạng thái.",
    "worry_caption": "Các chỉ tiêu cần chú ý",
    "worry_alt": "Bảng các chỉ tiêu cần chú ý: mức hiện nay, mục tiêu, phần còn thiếu, khả năng đạt.",
    "parts_alt": "Bảng các nội dung thành phần của chỉ tiêu {id}.",
    "trend_alt": "Bảng mức, tăng một năm, độ phủ và số đơn vị báo cáo của {short}.",
    "sources_plan": "**Căn cứ của chỉ tiêu:** {source}.",
    "sources_returns.illustrative": "**Số liệu báo cáo:** phiếu báo cáo minh họa của các đơn vị, do một chương "
    "trình tạo ra để chạy thử; "
    "không phải số liệu thật của đơn vị nào.",
    "sources_returns.real": "**Số liệu báo cáo:** phiếu báo cáo của các đơn vị, nhận đến {cutoff}.",
    "sources_observed": "**Số liệu:** {source}",
    "sources_published": "**{place}, {years}:** {title}. {url}",
    "sources_note": "Số liệu công bố chỉ để đối chiếu, không trộn vào chuỗi số liệu; nhiều số có định nghĩa khác.",
    "sources_note_observed": "Mỗi con số đi kèm nguồn trong tệp số liệu.",
}

METHOD = {
    "figures": "Số liệu",
    "figures.units": "Mỗi đơn vị báo cáo tử số và mẫu số; mức chung là tổng tử số chia tổng mẫu số. Đơn vị chưa báo "
    "cáo không bị coi là đã làm hay chưa làm: số gần nhất được giữ tối đa {carry} kỳ, sau đó được mô phỏng. Khi "
    "số liệu phủ dưới {coverage} mẫu số thì không đưa ra dự báo.",
    "figures.whole": "Mỗi chỉ tiêu dùng con số đã công bố cho toàn phạm vi. Nơi định nghĩa thay đổi, chuỗi được cắt "
    "và chỉ phần sau được dùng để dự báo; cần ít nhất hai kỳ cùng định nghĩa.",
    "figures.known": "Chỉ dùng số liệu đã có đến {cutoff}; số đến sau không ảnh hưởng đến báo cáo này.",
    "forecast": "Dự báo được tính thế nào",
    "forecast.share": "**Tỷ lệ:** dự báo từ tốc độ gần đây trên hai thang đo (thang thường và thang logit, trên đó tỷ lệ "
    "tăng chậm dần khi gần 100%), được kéo về mức thường gặp và chậm dần theo thời gian. Nơi có nhiều đơn vị báo cáo thì "
    "dự báo cho từng đơn vị, học từ các đơn vị khác, rồi cộng lại.",
    "forecast.units": "**Số đơn vị:** mỗi đơn vị chưa triển khai có một xác suất triển khai trong kỳ, học từ các "
    "chỉ tiêu cùng loại; những đơn vị sau cùng thường chậm hơn. {by_share} dự báo coi phần đã triển khai như một tỷ lệ "
    "thông thường. Kết quả luôn là số nguyên.",
    "forecast.count": "**Số lượng:** phần tăng thêm mỗi kỳ là số nguyên ngẫu nhiên quanh tốc độ đã có.",
    "forecast.draws": "Dự báo gồm {draws} lần mô phỏng, chung cho mọi chỉ tiêu, vì các chỉ tiêu cùng một bộ "
    "máy và một nguồn lực.",
    "forecast.parts": "Chỉ tiêu nhiều nội dung chỉ tính là đạt khi mọi nội dung cùng đạt trong một lần mô phỏng.",
    "chance": "Khả năng đạt nghĩa là gì",
    "chance.meaning": "“Khả năng 70%” nghĩa là 7 trong 10 lần mô phỏng đạt mục tiêu ở kỳ hạn, nếu tiến độ đến "
    "nay tiếp diễn. Đó không phải là lời cam kết và không tính đến quyết định chưa ban hành.",
    "chance.words": "Khả năng chỉ in trong khoảng {low}–{high} {held}. Có khả "
    "năng đạt: từ {likely} trở lên; chưa chắc chắn: từ {uncertain} đến dưới {likely}; khó đạt: dưới "
    "{uncertain}. “Đã đạt”, “không đạt” chỉ dùng khi đã có số liệu kỳ hạn.",
    "chance.rough": "Căn cứ “rất yếu” (hai hoặc ba kỳ số liệu): khả năng chỉ in đến hàng chục phần trăm.",
    "record": "Kiểm chứng",
    "record.ledger": "{record}. Mỗi báo cáo ghi dự báo của nó vào sổ; một dự báo chỉ được coi là kiểm chứng khi đã nói trước khi "
    "kỳ đó kết thúc, và số liệu thật của kỳ đó đã có.",
    "illustrative": "Số liệu minh họa",
    "illustrative.what": "Số liệu của các đơn vị trong tài liệu này do một chương trình tạo ra để chạy thử. Chỉ các "
    "chỉ tiêu và số liệu công bố là thật.",
    "assumptions": "Giả định",
    "assumptions.one": "{source}: **{value}**.",
}

RULES = {
    "agree_yes": "Các quy tắc và dự báo thống nhất: đúng tiến độ theo {on}, khả năng đạt **{chance}**.",
    "agree_no": "Các quy tắc và dự báo thống nhất: chậm tiến độ theo {off}, khả năng đạt **{chance}**.",
    "rules_high": "Đúng tiến độ theo {on}, nhưng khả năng đạt là **{chance}**: {why}{others}.",
    "rules_low": "Chậm tiến độ theo {off}, nhưng khả năng đạt là **{chance}**: {why}{others}.",
    "open_high": "Đúng tiến độ theo {on}, còn dự báo để ngỏ (khả năng đạt **{chance}**): {why}.",
    "open_low": "Chậm tiến độ theo {off}, còn dự báo để ngỏ (khả năng đạt **{chance}**): {why}.",
    "open_split": "Đúng tiến độ theo {on} nhưng không theo {off}; dự báo để ngỏ (khả năng đạt **{chance}**): {why}.",
    "silent": "Không quy tắc nào tính được; theo dự báo, khả năng đạt là **{chance}**.",
    "silent_decided": "Không quy tắc nào tính được; chỉ tiêu đã có kết luận: **{label}**.",
    "no_chance": "Không có dự báo để so sánh ({reason}); {said}.",
    "nothing": "Cả quy tắc lẫn dự báo đều chưa nói được gì: {reason}.",
    "decided": "Đã có kết luận (**{label}**), các quy tắc cũng cho như vậy: {said}.",
    "decided_against.met": "Đã có kết luận (**{label}**), dù vẫn là chậm tiến độ theo {off}: kết luận chỉ so số liệu kỳ hạn "
    "với mục tiêu.",
    "decided_against.missed": "Đã có kết luận (**{label}**), dù vẫn là đúng tiến độ theo {on}: kết luận chỉ so số liệu kỳ hạn "
    "với mục tiêu.",
    "part": "Xét nội dung “{part}”: {sentence}",
    "all": "cả 5 quy tắc",
    "others": "; cùng phía với dự báo: {names}",
    "said_on": "đúng tiến độ theo {on}",
    "said_off": "chậm tiến độ theo {off}",
}
"""One sentence on how the rules of statistical offices and the forecast stand to each other."""

RULES_WHY = {
    "joint": "quy tắc xét riêng từng nội dung, còn chỉ tiêu chỉ đạt khi mọi nội dung cùng đạt",
    "hold": "mức hiện nay đã đạt mục tiêu và quy tắc coi thế là xong, còn khả năng đòi mức đó phải giữ được đến hạn",
    "near_end": "quy tắc coi cách đích không quá một điểm là đạt, còn kế hoạch đòi đạt đúng đích",
    "status_only": "chỉ số này chỉ nhìn quãng đường đã đi, không nhìn tốc độ sắp tới",
    "slowed": "quy tắc còn tính cả những năm đầu nhanh hơn, trong khi năm gần nhất chậm lại và giữ nhịp ấy thì không kịp",
    "compound": "quy tắc kéo dài một đường cong ngày càng dốc, trong khi mức tăng mỗi năm đến nay nếu chỉ lặp lại thì không đủ",
    "tolerance": "quy tắc cho phép hụt một chút vẫn là đúng tiến độ, kế hoạch thì không",
    "ceiling": "quy tắc giữ nguyên một nhịp cho đến gần 100%, nơi phần cuối thường chậm nhất và dự báo có tính đến điều đó",
    "spread": "quy tắc cho một nhịp chạy tiếp không đổi, còn dự báo để nhịp chậm dần và đếm mọi diễn biến có thể xảy ra",
    "held": "quy tắc kéo dài đà giảm, còn theo dự báo mức đã đạt có nhiều khả năng giữ được",
    "sped_up": "quy tắc còn tính cả những năm đầu chậm hơn, trong khi năm gần nhất nhanh lên và giữ nhịp ấy thì kịp",
    "decay": "giảm theo tỷ lệ không đổi thì mỗi năm giảm được ít hơn, còn giảm đều như đến nay thì kịp",
    "odds": "quy tắc tính trên thang logit, vốn phẳng dần khi gần 100%",
    "one_path": "quy tắc chỉ đi theo một đường, còn khả năng đếm mọi diễn biến, kể cả những diễn biến nhanh hơn",
}
"""Why they differ, by the codes of ``assessment.official``."""

GLOSSARY = {
    "evidence": "**Căn cứ** (mạnh, khá, yếu, rất yếu): số kỳ có số liệu cùng định nghĩa và mức phủ của báo cáo mà dự báo"
    " dựa vào.",
    "indicator": "**Chỉ số**: đại lượng được đo cho một chỉ tiêu; chỉ tiêu có nhiều nội dung thì có nhiều chỉ số.",
    "target": "**Chỉ tiêu**: một cam kết của Kế hoạch, gồm mức phải đạt, thời hạn và cơ quan chủ trì.",
    "no_basis": "**Chưa đủ căn cứ dự báo**: số liệu quá ít, quá cũ hoặc phủ quá thấp để nói một khả năng; lý do được nêu"
    " cạnh đó.",
    "points": "**Điểm phần trăm**: chênh lệch giữa hai tỷ lệ phần trăm; từ 40% lên 45% là 5 điểm phần trăm.",
    "lever": "**Đòn bẩy**: giải pháp làm nhanh hoặc chậm tiến độ, với tác động giả định.",
    "unit": "**Đơn vị báo cáo**: cơ quan, huyện hoặc nhóm xã gửi biểu số liệu.",
    "nearest": "**Gần nhất**: các đơn vị chưa đạt có khả năng đạt khi hết hạn cao nhất.",
    "seed": "**Hạt giống ngẫu nhiên**: con số mở đầu phép mô phỏng; cùng số thì cùng kết quả.",
    "chance": "**Khả năng đạt**: tỷ lệ số lần mô phỏng mà chỉ tiêu đạt khi hết hạn, in trong khoảng {low}–{high}; từ"
    " {likely} là"
    " “có khả năng đạt”, dưới {uncertain} là “khó đạt”, ở giữa là “chưa chắc chắn”.",
    "interval": "**Khoảng 80%**: khoảng chứa 80% số lần mô phỏng; mười phần trăm thấp hơn, mười phần trăm cao hơn.",
    "scenario": "**Kịch bản**: một bộ mức đòn bẩy và lịch triển khai; mọi kịch bản được so trên cùng các lần mô phỏng.",
    "hash": "**Mã số liệu**: tám ký tự ở chân trang, thay đổi khi bất kỳ số liệu nào thay đổi.",
    "median": "**Mức giữa**: mức mà một nửa số lần mô phỏng cao hơn và một nửa thấp hơn.",
    "as_of": "**Thời điểm số liệu**: kỳ cuối mà báo cáo nói đến; số liệu nhận sau ngày chốt không được dùng.",
    "pace": "**Tốc độ (tiến độ)**: mức tăng trong một kỳ; “gấp 1,5 lần” là phải nhanh gấp rưỡi từ nay đến hạn.",
}
"""What the words of the briefing mean, in alphabetical order."""
