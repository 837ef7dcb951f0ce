"""What stands beside the PDF: the briefing as a Word document to mark changes in, and its tables as a workbook.

``word``  the blocks of an executed briefing as .docx      ``paper``  Word's own styles, fields and tables for it
``page``  the same blocks as one page of HTML              ``workbook``  the tables of a run as .xlsx
"""
