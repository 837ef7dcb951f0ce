"""How sentences are made: templates of one language, facts put into them, runs of text with bold where the template says so."""

import datetime as dt
import re
from typing import NamedTuple

from qnict_analysis import formats, periods
from qnict_analysis.wording import en, vi
from qnict_analysis.words import PLACES

TEXT = {"vi": vi, "en": en}
_TOKENS = re.compile(r"(\*\*|\{[a-z_]+\})")


class Voice(NamedTuple):
    """Who speaks, from when, in which language; ``span``: how many periods the report covers."""

    lang: str
    programme: object
    as_of: object
    names: tuple
    span: int = 1

    @property
    def text(self):
        return TEXT[self.lang]

    @property
    def places(self) -> dict:
        return PLACES[self.lang]

    @property
    def style(self) -> str:
        return self.programme.letterhead

    @property
    def steps(self) -> int:
        """Periods until the end of the span ahead: as many as the report covers, but no more than are left."""
        left = periods.ordinal(self.programme.deadline) - periods.ordinal(self.as_of.through)
        return min(self.span, left) if left > 0 else 1

    @property
    def ahead(self) -> str:
        """What the span ahead is called: quarterly, half-yearly, yearly."""
        months = 12 * self.span // periods.STEPS_PER_YEAR[self.programme.frequency]
        return {3: "quarterly", 6: "half-yearly", 12: "yearly"}[months]

    @property
    def next(self) -> str:
        """The next period, whose returns come next."""
        return periods.shift(self.as_of.through, 1)

    @property
    def coming(self) -> str:
        """The span ahead inside a sentence: quý III/2014, 6 tháng cuối năm 2014, năm 2015."""
        return self.mid(periods.shift(self.as_of.through, self.steps), span=self.steps)

    @property
    def now(self) -> str:
        return self.mid(self.as_of.through)

    @property
    def end(self) -> str:
        return self.text.COMMON["end_of"].format(period=self.mid(self.as_of.through, span=self.span))

    @property
    def cutoff(self) -> str:
        return formats.date_text(self.as_of.cutoff, self.lang)

    def mid(self, period: str, *, span: int = 1) -> str:
        """A period (or several that end a half-year or year with it) inside a sentence: quý II/2014."""
        return lower_first(formats.span_text(period, span, self.lang), words=("Quý", "Năm", "Tháng"))

    def day(self) -> str:
        """The last day of the span ahead: 30/9/2014."""
        return self.short_day(periods.period_end(periods.shift(self.as_of.through, self.steps)))

    def returns_day(self) -> str:
        """The day by which the returns of the next period are due."""
        return self.short_day(periods.period_end(self.next) + dt.timedelta(days=self.programme.cutoff_days))

    def short_day(self, day: dt.date) -> str:
        """A day in few letters: 30/9/2014, 30 September 2014."""
        return f"{day.day}/{day.month}/{day.year}" if self.lang == "vi" else formats.date_text(day, self.lang)

    def agency(self, name: str = "agency") -> str:
        """The programme's own agency or another of its bodies, as named in a head or a list."""
        return in_prose(getattr(self.programme, name)[self.lang], self.names)

    def the(self, name: str) -> str:
        """A body inside a sentence."""
        return self.text.COMMON["the"].format(name=lower_first(name, words=("Các ",)))


def voice_of(registry, as_of, lang: str, *, report: str = "period") -> Voice:
    """The voice of a programme at an as-of; ``report``: what it covers (``periods.span_of``)."""
    leads = [target.lead[lang] for target in registry.targets.values()]
    recipients = [text[lang].split(" (")[0] for text in registry.programme.recipients]
    names = tuple(dict.fromkeys([*leads, *recipients]))
    return Voice(lang, registry.programme, as_of, names, periods.span_of(report, as_of.through))


def lower_first(text: str, *, words: tuple) -> str:
    """Text with its first letter lowered where it starts with one of the words."""
    return text[0].lower() + text[1:] if text.startswith(words) else text


SMALL = ("of", "and", "the", "for", "và", "của")


def in_prose(name: str, known: tuple) -> str:
    """A letterhead's capitals as they stand in a sentence: a known name where one matches, else capitalised words."""
    if name != name.upper():
        return name
    for other in known:
        if name.casefold().startswith(other.casefold()):
            rest = name[len(other) :].strip()
            return other + (f" {rest.title()}" if rest else "")
    words = [word.casefold() if word.casefold() in SMALL else word.capitalize() for word in name.split()]
    return " ".join(words)


def runs(template: str, **values) -> list[dict]:
    """A paragraph: ``template`` with ``**bold**`` and ``{facts}``; a fact may itself be a list of runs.

    Marks are read before the facts are put in, so that an asterisk in a name stays an asterisk.
    """
    found, bold = [], False
    for token in _TOKENS.split(template):
        if token == "**":
            bold = not bold
            continue
        inner = values[token[1:-1]] if _TOKENS.fullmatch(token) else token
        found += inner if isinstance(inner, list) else [run(str(inner), bold)] if str(inner) else []
    return merged(found)


def run(text: str, bold: bool) -> dict:
    """One run of text."""
    return {"t": text, "b": True} if bold else {"t": text}


def merged(found: list[dict]) -> list[dict]:
    """Neighbouring runs of the same face as one."""
    whole: list[dict] = []
    for piece in found:
        if whole and whole[-1].get("b") == piece.get("b"):
            whole[-1] = {**whole[-1], "t": whole[-1]["t"] + piece["t"]}
        else:
            whole.append(piece)
    return whole


def joined(pieces: list[list[dict]], voice: Voice, *, how: str = "list") -> list[dict]:
    """Several runs in a row: ``list`` puts “and” before the last, ``items`` separates with semicolons."""
    common = voice.text.COMMON
    found: list[dict] = []
    for place, piece in enumerate(pieces):
        last = place == len(pieces) - 1
        between = common["items"] if how == "items" else common["and"] if last else common["list"]
        found += ([run(between, False)] if place else []) + piece
    return merged(found)


def cut(pieces: list[list[dict]], voice: Voice, *, most: int) -> list[list[dict]]:
    """At most so many of the pieces; a last one says how many targets more there are."""
    left = len(pieces) - most
    return pieces if left <= 0 else [*pieces[:most], runs(voice.text.COMMON["others"], n=left)]


def plain(paragraph: list[dict]) -> str:
    """The text of a paragraph without its faces."""
    return "".join(piece["t"] for piece in paragraph)


def counted(phrases: dict, key: str, n: int) -> str:
    """The phrase for one or for many."""
    return phrases[f"{key}.{'one' if n == 1 else 'many'}"]


def upper_first(paragraph: list[dict]) -> list[dict]:
    """The paragraph with a capital at its start."""
    if not paragraph:
        return paragraph
    first = paragraph[0]
    return [{**first, "t": first["t"][:1].upper() + first["t"][1:]}, *paragraph[1:]]
