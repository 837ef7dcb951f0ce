"""What stands beside the PDF: the briefing as a Word document to mark changes in, and its tables as a workbook.

``word``  the blocks of an executed briefing as .docx      ``workbook``  the tables of a run as .xlsx
"""
