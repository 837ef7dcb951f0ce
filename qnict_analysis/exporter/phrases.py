"""What the exporter itself says on a page: Vietnamese first, English from the same facts."""

PHRASES = {
    "vi": {
        "as_of": "tính đến {}",
        "broken_picture": "Không đọc được hình ({kind}): {alt}",
        "error": "Lỗi: {}",
        "folded": "… {left} dòng được lược ở đây; toàn bộ nằm trong sổ tay ({lines} dòng) …",
        "interactive": "Nội dung tương tác, hiển thị dạng văn bản",
        "name": "Tham số",
        "not_fetched": "Hình không được tải: {alt} [{address}]",
        "notes": "Ghi chú khi chuyển đổi",
        "nothing": "Sổ tay không có nội dung hiển thị.",
        "not_run": "{} ô mã lệnh chưa được chạy nên không có kết quả.",
        "parameters": "Tham số",
        "part": "Cột {first}–{last} trên {count}",
        "scenario": "kịch bản {}",
        "seed": "hạt giống ngẫu nhiên {}",
        "stderr": "Thông báo (stderr)",
        "value": "Giá trị",
        "widget": "Phần tử tương tác, không có trên bản in",
    },
    "en": {
        "as_of": "as of {}",
        "broken_picture": "Picture that cannot be read ({kind}): {alt}",
        "error": "Error: {}",
        "folded": "… {left} lines are left out here; all {lines} stand in the notebook …",
        "interactive": "Interactive content, shown as text",
        "name": "Parameter",
        "not_fetched": "Picture not fetched: {alt} [{address}]",
        "notes": "Notes on the conversion",
        "nothing": "The notebook shows nothing.",
        "not_run": "{} code cells have not been run and show no result.",
        "parameters": "Parameters",
        "part": "Columns {first}–{last} of {count}",
        "scenario": "scenario {}",
        "seed": "random seed {}",
        "stderr": "Messages (stderr)",
        "value": "Value",
        "widget": "Interactive element, not in print",
    },
}

WARNINGS = {
    "vi": {
        "accessibility": "Chưa đạt PDF/UA-1 (trợ năng): {}",
        "content": "Không chuyển được {kind} ({reason}); giữ nguyên dạng văn bản",
        "folded": "Lược {left} trên {lines} dòng của một kết quả",
        "formula": "Không dựng được công thức, giữ nguyên mã TeX: {}",
        "interactive": "Nội dung {} chỉ hiển thị được dạng văn bản",
        "letters": "Phông chữ không có {count} ký tự, thay bằng tên trong ngoặc vuông: {sample}",
        "local": "Không đọc được hình {}: chỉ nhận tệp hình trong thư mục của sổ tay",
        "mathml": "Không dựng được công thức MathML, giữ nguyên dạng văn bản: {}",
        "not_run": "{} ô mã lệnh chưa được chạy",
        "picture": "Không đọc được hình {}",
        "remote": "Không tải hình từ mạng: {}",
        "tex": "Không đọc được mã TeX, giữ nguyên dạng văn bản: {}",
        "typst": "Mã Typst lạ được hiển thị dạng văn bản",
        "widget": "Phần tử tương tác (widget) không có trên bản in",
    },
    "en": {
        "accessibility": "Not accessible PDF/UA-1: {}",
        "content": "{kind} could not be converted ({reason}); kept as text",
        "folded": "{left} of {lines} lines of an output are left out",
        "formula": "A formula could not be set, its TeX is kept: {}",
        "interactive": "{} can only be shown as text",
        "letters": "The fonts lack {count} letters, shown by name in square brackets: {sample}",
        "local": "Picture {} could not be read: only picture files inside the notebook's folder are taken",
        "mathml": "A MathML formula could not be set and is kept as text: {}",
        "not_run": "{} code cells have not been run",
        "picture": "Picture {} could not be read",
        "remote": "Pictures are never fetched from the network: {}",
        "tex": "TeX that could not be read is kept as text: {}",
        "typst": "Typst that is not ours is shown as text",
        "widget": "Interactive elements (widgets) are not in print",
    },
}


def phrase(lang: str, name: str, *values, **named) -> str:
    """A phrase of the page in a language."""
    return PHRASES[lang][name].format(*values, **named)


def warning(lang: str, name: str, *values, **named) -> str:
    """A warning for the log and the page's last lines in a language."""
    return WARNINGS[lang][name].format(*values, **named)
