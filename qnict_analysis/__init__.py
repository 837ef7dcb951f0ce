"""Target assessment, short-series forecasting, scenarios and the quarterly briefing for a plan with a deadline."""

__version__ = "0.1.0"

import os

# openpyxl writes other bytes where lxml is there (python-docx brings it): a return of the same figures must be the same file.
os.environ.setdefault("OPENPYXL_LXML", "False")

# Matrices here are small: BLAS threads that wait for each other took as much time again, or far more on a busy machine, and
# changed no digit. It counts only where numpy is not loaded yet, and a number that is set already stands.
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")
