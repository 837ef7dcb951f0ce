"""Sentences in Vietnamese and English from the same facts. ``vi``, ``en`` hold the phrases, the rest says which one is used when.

``speech``  templates, runs and voice   ``targets``  one target   ``rules``  official rules beside it
``report``, ``overview``, ``method``  the pages of a briefing
"""

from qnict_analysis.wording import method, overview, report
from qnict_analysis.wording.rules import sentence_of, sentences_of
from qnict_analysis.wording.speech import Voice, plain, runs, voice_of
from qnict_analysis.wording.targets import action_of, goal_words, next_of, numbers_of, title_of, worrying

__all__ = [
    "Voice",
    "action_of",
    "goal_words",
    "method",
    "next_of",
    "numbers_of",
    "overview",
    "plain",
    "report",
    "runs",
    "sentence_of",
    "sentences_of",
    "title_of",
    "voice_of",
    "worrying",
]
