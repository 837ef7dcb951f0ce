"""What ``method_page.py`` says around its figures, in both languages."""

ENGLISH = {
    "decimal": ".",
    "clear": {True: "clear", False: "not clear"},
    "to": "to",
    "points": "points",
    "all": "all points",
    "scales": {"logit": "logit", "raw": "raw"},
    "freqs": {"Y": "yearly", "Q": "quarterly"},
    "measures": {"brier": "Brier", "cov80": "within the 80 % interval", "width80": "mean width of the 80 % interval"},
    "names": {
        "engine pooled": "**this engine**",
        "engine alone": "this engine without like series",
        "engine pooled, as shipped": "this engine as shipped (has seen these tasks)",
    },
    "head": ["forecaster", "Brier", "CRPS", "log", "within the 80 % interval", "within the 90 % interval", "ECE"],
    "covered": (
        "{tasks} tasks on {asked} series; the file holds {series} series of {indicators} indicators, and those without a "
        "task only serve as like series. The tasks cover values of {value} at the origin, targets of {target}, deadlines "
        "{years} years after the last point and {points} points shown; nothing is known beyond that. All {quarterly} "
        "quarterly tasks are of {quarterly_kinds}, in {regions} countries."
    ),
    "scores": (
        "Brier: mean of (chance − 1 or 0)². Log: mean of −ln of the chance given to what came, no chance counting as "
        "surer than 0.001. CRPS: twice the mean pinball loss of the seven quantiles (5, 10, 25, 50, 75, 90 and 95 %), a "
        "weighted quantile score that stands for the integral and is blind beyond the 5 and 95 % points. ECE (expected "
        "calibration error): ten equal bins of the chance, the mean of |mean chance − share that came true| weighted by "
        "their size. All but the two coverages: lower is better.\n\n"
        "Rows are in order of Brier score. Each peer is shown on the scale, raw or logit, on which its own Brier score "
        "on these tasks is lower, a choice in the peers' favour; the other scale stands in the full table."
    ),
    "stood_in": (
        "Where a peer's library refused a task or gave no interval, persistence on the same scale stands in ({listed})."
    ),
    "differences": (
        "This engine less a peer on the same tasks (negative: the engine is better), with the middle 90 % of 2,000 draws "
        "of whole regions. Compared are the two peers that always are, and the best one:"
    ),
    "differences_head": ["peer", "Brier, all", "CRPS, all", "Brier, yearly", "Brier, quarterly"],
    "frequencies": "By frequency (tasks):",
    "frequencies_head": ["tasks", "forecaster", "Brier", "log", "within the 80 % interval", "within the 90 % interval"],
    "short": "With only the last points shown:",
    "short_head": ["score", "forecaster"],
    "sure": "{n} of {all} statements gave a chance of 9 in 10 or more: chances as high as that are hardly tested.",
    "units_head": [
        *("forecaster", "target: Brier", "target: log", "all N: Brier", "all N: log", "all N: mean chance", "all N: came true"),
    ],
    "units": {
        "share": "share k/N with like series",
        "share alone": "share k/N alone",
        "workbench": "**the workbench**",
        "hazard alone kappa=1 strength=3 shock=0": "hazard alone",
        "now": "k stays as it is",
        "base rate": "how often targets were met",
    },
    "wholes": (
        "Of {all} forecasts {drawn} are of made-up wholes, means of 5, 15 or 35 series of one indicator drawn at random, "
        "and {real} of real ones, countries and the EU with their parts. Over {kinds} kinds the loss of the sum of the "
        "parts was {lost} below that of the forecast from the whole's own history (mean of Brier and CRPS). Over kinds "
        "drawn with replacement (5, 50 and 95 % points) the Brier score differs by {brier}, the CRPS by {crps}; a "
        "difference is clear where all three lie below 0: Brier {brier_is}, CRPS {crps_is}. The 80 % intervals held "
        "{parts} of the outcomes (direct: {direct}), by kind from {least} (`{least_kind}`) to {most} (`{most_kind}`)."
    ),
}

VIETNAMESE = {
    "decimal": ",",
    "clear": {True: "rõ", False: "chưa rõ"},
    "to": "đến",
    "points": "kỳ",
    "all": "mọi kỳ",
    "scales": {"logit": "thang logit", "raw": "thang tỷ lệ"},
    "freqs": {"Y": "theo năm", "Q": "theo quý"},
    "measures": {"brier": "Brier", "cov80": "trong khoảng 80%", "width80": "độ rộng trung bình của khoảng 80%"},
    "names": {
        "engine pooled": "**công cụ này**",
        "engine alone": "công cụ này, không có chuỗi tương tự",
        "engine pooled, as shipped": "công cụ này với tham số cài sẵn (đã học từ chính các câu hỏi này)",
        "LightGBM on all indicators": "LightGBM học từ mọi chỉ tiêu",
        "LightGBM on other indicators": "LightGBM học từ các chỉ tiêu khác",
        "statsmodels Theta": "Theta (statsmodels)",
        "persistence": "giữ nguyên giá trị cuối",
        "AutoETS": "san mũ tự động (AutoETS)",
        "AutoARIMA": "ARIMA tự động (AutoARIMA)",
        "statsmodels random walk with drift": "bước ngẫu nhiên có xu hướng (statsmodels)",
        "drift": "bước ngẫu nhiên có xu hướng (statsforecast)",
        "statsmodels local linear trend": "xu thế tuyến tính cục bộ (statsmodels)",
        "dynamic Theta": "Theta động",
        "straight line": "đường thẳng hồi quy",
        "statsmodels ETS": "san mũ (statsmodels ETS)",
        "ESCAP rule": "quy tắc của ESCAP",
        "CAGR rule": "quy tắc tăng trưởng bình quân (CAGR)",
    },
    "head": ["phương pháp", "Brier", "CRPS", "log", "trong khoảng 80%", "trong khoảng 90%", "ECE"],
    "covered": (
        "{tasks} câu hỏi về {asked} chuỗi; tệp có {series} chuỗi của {indicators} chỉ tiêu, những chuỗi không có câu hỏi "
        "chỉ dùng làm chuỗi tương tự. Các câu hỏi có giá trị {value} vào lúc dự báo, mức mục tiêu {target}, hạn sau kỳ "
        "cuối {years} năm và cho xem {points} kỳ số liệu; ngoài phạm vi đó chưa biết gì. Cả {quarterly} câu hỏi theo quý "
        "đều thuộc {quarterly_kinds}, ở {regions} nước."
    ),
    "scores": (
        "Brier: trung bình của (khả năng − 1 hoặc 0)². Log: trung bình của −ln của khả năng đã gán cho điều xảy ra, "
        "không khả năng nào được tính là chắc chắn hơn 0.001. CRPS: hai lần trung bình tổn thất pinball của bảy phân vị "
        "(5, 10, 25, 50, 75, 90 và 95%), một điểm phân vị có trọng số thay cho tích phân và không thấy gì ngoài các điểm "
        "5% và 95%. ECE (sai số hiệu chuẩn kỳ vọng): chia khả năng thành mười khoảng bằng nhau, lấy trung bình của |khả "
        "năng trung bình − tỷ lệ thành sự thật| theo số câu hỏi. Trừ hai cột khoảng, điểm càng nhỏ càng tốt.\n\n"
        "Các dòng xếp theo điểm Brier. Mỗi phương pháp so sánh được nêu ở thang (tỷ lệ hay logit) mà điểm Brier của "
        "chính nó trên các câu hỏi này thấp hơn, tức là chọn có lợi cho nó; thang kia có trong bảng đầy đủ."
    ),
    "stood_in": (
        "Khi thư viện từ chối câu hỏi hoặc không cho khoảng dự báo, cách giữ nguyên giá trị cuối trên cùng thang được "
        "dùng thay ({listed})."
    ),
    "differences": (
        "Công cụ này trừ phương pháp so sánh, trên cùng các câu hỏi (âm: công cụ tốt hơn), kèm 90% giữa của 2,000 lần "
        "rút lại cả vùng. Chỉ so với hai phương pháp luôn được so và phương pháp tốt nhất:"
    ),
    "differences_head": ["phương pháp", "Brier, tất cả", "CRPS, tất cả", "Brier, số liệu năm", "Brier, số liệu quý"],
    "frequencies": "Theo tần suất số liệu (số câu hỏi):",
    "frequencies_head": ["câu hỏi", "phương pháp", "Brier", "log", "trong khoảng 80%", "trong khoảng 90%"],
    "short": "Khi chỉ cho xem vài kỳ số liệu gần nhất:",
    "short_head": ["điểm", "phương pháp"],
    "sure": "Chỉ {n} trong {all} dự báo nêu khả năng từ 9 trên 10 trở lên: khả năng cao như vậy hầu như chưa được kiểm tra.",
    "units_head": [
        *("phương pháp", "mục tiêu: Brier", "mục tiêu: log", "cả N: Brier", "cả N: log", "cả N: khả năng trung bình"),
        "cả N: thành sự thật",
    ],
    "units": {
        "share": "tỷ lệ k/N với chuỗi tương tự",
        "share alone": "riêng tỷ lệ k/N",
        "workbench": "**công cụ**",
        "hazard alone kappa=1 strength=3 shock=0": "riêng mô hình từng đơn vị",
        "now": "k giữ nguyên",
        "base rate": "tần suất đạt chung",
    },
    "wholes": (
        "Trong {all} dự báo, {drawn} là của các tổng thể dựng lên (trung bình của 5, 15 hoặc 35 chuỗi cùng chỉ tiêu chọn "
        "ngẫu nhiên) và {real} là của tổng thể thật: các nước và EU cùng các phần của mình. Trên {kinds} loại, cộng các "
        "phần có tổn thất thấp hơn {lost} so với dự báo từ lịch sử của chính tổng thể (trung bình của Brier và CRPS). Khi "
        "rút lại các loại (điểm 5, 50 và 95%), chênh lệch Brier là {brier}, CRPS là {crps}; chênh lệch là rõ khi cả ba số "
        "đều âm: Brier {brier_is}, CRPS {crps_is}. Khoảng 80% chứa {parts} số kết quả (dự báo trực tiếp: {direct}), theo "
        "loại từ {least} (`{least_kind}`) đến {most} (`{most_kind}`)."
    ),
}

WORDS = {"en": ENGLISH, "vi": VIETNAMESE}
