"""What is said of a return, in English and Vietnamese: analysts read the one, the units that mend their files the other."""


class Said(str):
    """An English text that knows its Vietnamese twin (``vi``)."""

    vi: str


def said(template: str, **fields) -> Said:
    """A text of ``VIETNAMESE`` with its fields filled in; ``KeyError`` for a template that has no translation."""
    text = Said(template.format(**fields))
    text.vi = VIETNAMESE[template].format(**{name: getattr(value, "vi", value) for name, value in fields.items()})
    return text


def vietnamese(text: str) -> str:
    """The Vietnamese twin of a text; a plain text (a list of codes, a name) is the same in both."""
    return getattr(text, "vi", text)


VIETNAMESE = {
    # files
    "is not a return": "không phải là phiếu báo cáo",
    "is a spreadsheet of another kind": "là bảng tính loại khác",
    "the form saved as .xlsx": "biểu mẫu được lưu lại dưới dạng .xlsx",
    "holds no return": "không có phiếu báo cáo nào",
    "files ending in {endings}": "tệp có đuôi {endings}",
    "a file ending in {endings}": "một tệp có đuôi {endings}",
    "cannot be opened": "không mở được",
    "an existing file": "một tệp có thật",
    "is too large": "quá lớn",
    "at most {n} MB": "nhiều nhất {n} MB",
    "cannot be read as an Excel workbook": "không đọc được như một tệp Excel",
    "an .xlsx file saved by Excel, without a password": "tệp .xlsx lưu từ Excel, không đặt mật khẩu",
    "unpacks to an absurd size": "giải nén ra dung lượng quá lớn",
    "at most {n} MB unpacked": "giải nén ra nhiều nhất {n} MB",
    "holds macros": "có chứa macro",
    "an .xlsx file without macros": "tệp .xlsx không có macro",
    "declares XML entities": "có khai báo thực thể XML",
    "a workbook as a spreadsheet program saves it": "tệp do phần mềm bảng tính lưu",
    "has a cell far outside any form": "có ô nằm quá xa phạm vi biểu mẫu",
    "at most {rows} rows and {columns} columns": "nhiều nhất {rows} dòng và {columns} cột",
    "has too many merged cells": "có quá nhiều ô gộp",
    "at most {n} cells in merged areas": "nhiều nhất {n} ô trong các vùng gộp",
    "holds no table with the headings Mã and Tử số": "không có bảng nào với tiêu đề Mã và Tử số",
    "the form, sheet {sheet}": "biểu mẫu, trang {sheet}",
    "reports nothing": "không có số liệu nào",
    "at least one figure": "ít nhất một số liệu",
    "cannot be read as a CSV file": "không đọc được như một tệp CSV",
    "UTF-8 text with commas between the columns": "văn bản UTF-8, các cột cách nhau bằng dấu phẩy",
    "has {n} rows": "có {n} dòng",
    "at most {n}": "nhiều nhất {n}",
    "has unknown or repeated columns: {columns}": "có cột lạ hoặc cột lặp lại: {columns}",
    "lacks columns": "thiếu cột",
    "{columns} and either numerator with denominator, or value, or value_percent": (
        "{columns}, cùng với numerator và denominator, hoặc value, hoặc value_percent"
    ),
    "is followed by more cells than there are columns": "có nhiều ô hơn số cột",
    "{n} cells": "{n} ô",
    # archives
    "cannot be read as a zip archive": "không đọc được như một tệp nén zip",
    "a .zip file without a password": "tệp .zip không đặt mật khẩu",
    "holds a name that leads out of the archive": "có tên tệp dẫn ra ngoài tệp nén",
    "plain file and folder names": "tên tệp và thư mục bình thường",
    "holds {n} files": "có {n} tệp",
    "holds an archive within the archive": "có tệp nén nằm trong tệp nén",
    "returns, in folders or not": "các phiếu báo cáo, có thể nằm trong thư mục",
    # who, when, what
    "is not a known reporting unit": "không phải là đơn vị báo cáo đã biết",
    "the name of a reporting unit as in the registry": "tên đơn vị báo cáo như trong danh mục",
    "is not a reporting unit": "không phải là đơn vị báo cáo",
    "names another unit than the one the form was made for ({unit})": "ghi tên đơn vị khác với đơn vị được phát phiếu ({unit})",
    "is another period than the one the form was made for": "là kỳ khác với kỳ của phiếu được phát",
    "is not a period": "không phải là kỳ báo cáo",
    "a period such as Quý II/2014 or 2014Q2": "kỳ báo cáo, ví dụ Quý II/2014",
    "periods such as {period}": "kỳ báo cáo như {period}",
    "is not a {kind} period": "không phải là kỳ {kind}",
    "quarterly": "theo quý",
    "yearly": "theo năm",
    "is outside the programme": "nằm ngoài thời gian của kế hoạch",
    "{first} to {last}": "từ {first} đến {last}",
    "is not earlier than the period of this form": "không sớm hơn kỳ của phiếu này",
    "a period before {period}": "một kỳ trước {period}",
    "is missing and no day of receipt was given": "để trống, và không có ngày nhận phiếu",
    "is not a date": "không phải là ngày tháng",
    "a date such as 15/07/2014": "ngày tháng, ví dụ 15/07/2014",
    "lies before the end of {period}": "sớm hơn ngày cuối của {period}",
    "{day} or later": "từ ngày {day} trở đi",
    "lies more than {n} years after {period}": "muộn hơn {period} quá {n} năm",
    "the day on which it was reported": "ngày báo cáo",
    "is an unknown form version": "là phiên bản biểu mẫu không biết",
    "does not fit the form it stands in": "không khớp với biểu mẫu này",
    "the form as it was sent out": "biểu mẫu như đã phát",
    "is not followed by the headings Mã and Tử số": "không có dòng tiêu đề Mã và Tử số theo sau",
    "is not an indicator of this programme": "không phải là chỉ tiêu của kế hoạch",
    "is not reported by {unit} in {period}": "không thuộc phần báo cáo của {unit} trong {period}",
    "figures of {unit}, into which it was merged": "số liệu của {unit}, nơi đơn vị đã sáp nhập vào",
    "is a name that {unit} bore until {period}": "là tên cũ của {unit}, dùng đến {period}",
    "nothing in this period": "không báo cáo gì trong kỳ này",
    "stands in row {row} already": "đã có ở dòng {row}",
    "one row an indicator": "mỗi chỉ tiêu một dòng",
    "has a figure of the same period and day in {place}": "đã có số liệu cùng kỳ và cùng ngày ở {place}",
    "line {row}": "dòng {row}",
    "one line": "một dòng",
    "stands twice, here and in column {column}": "có hai lần, ở đây và ở cột {column}",
    "each heading once": "mỗi tiêu đề một lần",
    "is unknown": "không biết",
    # figures
    "a number": "một số",
    "Có, Không or a number": "Có, Không hoặc một số",
    "a number; {text} can mean {one} or {other}, so write it without a separator of thousands": (
        "một số; {text} có thể là {one} hoặc {other}, hãy viết không có dấu phân cách hàng nghìn"
    ),
    "cannot be read as a number": "không đọc được như một số",
    "digits with a decimal point": "chữ số với dấu chấm thập phân",
    "is missing": "để trống",
    "holds an error or a formula without its result": "có lỗi, hoặc công thức chưa có kết quả",
    "a number, or a blank cell": "một số, hoặc để trống",
    "is negative": "là số âm",
    "0 or more": "từ 0 trở lên",
    "is not a whole number": "không phải là số nguyên",
    "a whole number": "số nguyên",
    "stands beside a plain count": "đứng cạnh một số đếm không có mẫu số",
    "blank": "để trống",
    "a number above 0": "một số lớn hơn 0",
    "is zero": "bằng 0",
    "a number above 0; leave the row blank if there is nothing to report": (
        "một số lớn hơn 0; để trống cả dòng nếu không có gì để báo cáo"
    ),
    "is larger than its denominator": "lớn hơn mẫu số",
    "is a bare value of an indicator that counts cases": "chỉ có tỷ lệ, trong khi chỉ tiêu này đếm số trường hợp",
    "numerator and denominator": "tử số và mẫu số",
    "contradicts its figures: {numerator} of {denominator} is {percent}%": (
        "mâu thuẫn với số liệu: {numerator} trên {denominator} là {percent}%"
    ),
    "the per cent of its figures, or a blank cell": "tỷ lệ tính từ số liệu, hoặc để trống",
    "is neither a per cent nor a fraction that can be told apart": "không rõ là phần trăm hay phân số",
    "per cent with the sign, such as 75%": "phần trăm có dấu, ví dụ 75%",
    "is not the sum of the rows above, {sum}": "không bằng tổng các dòng trên, {sum}",
    "the sum, or no row of totals": "đúng tổng, hoặc bỏ dòng tổng",
    "differs from {figure} in {file}, which bears the same date ({day})": (
        "khác với {figure} trong {file}, cùng ngày báo cáo ({day})"
    ),
    "the same figure, or a later date": "cùng số liệu, hoặc ngày báo cáo muộn hơn",
}
"""English template to Vietnamese template, with the same fields."""
