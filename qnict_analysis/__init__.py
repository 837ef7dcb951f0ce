"""Target assessment, short-series forecasting, scenarios and the quarterly briefing for a plan with a deadline."""

__version__ = "0.1.0"

import os

# openpyxl writes other bytes where lxml is there (python-docx brings it): a return of the same figures must be the same file.
os.environ.setdefault("OPENPYXL_LXML", "False")
