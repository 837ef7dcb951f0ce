"""Target assessment, short-series forecasting, scenarios and the quarterly briefing for a plan with a deadline."""

__version__ = "0.1.0"
