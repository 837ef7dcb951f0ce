"""The method in plain words, and where every figure comes from."""

from qnict_analysis import formats
from qnict_analysis.forecast.units import BY_SHARE
from qnict_analysis.ledger import SCORED_FOR_WIDER
from qnict_analysis.wording.speech import Voice, runs

HELD = {
    "vi": {"until": "cho đến khi đủ số dự báo được kiểm chứng", "since": "kể từ khi có đủ {n} dự báo được kiểm chứng"},
    "en": {"until": "until enough forecasts have been verified", "since": "now that {n} forecasts have been verified"},
}
"""How long the caps of printed chances hold, or from when they have been this wide."""


def method_sections(voice: Voice, registry, *, record: str, verified: int, draws: int, illustrative: bool) -> list[dict]:
    """The sections of the method page, each with heading, paragraphs and bullets; only what the programme has is explained.
    ``record``: a clause on what was verified; ``verified``: how many forecasts that is."""
    words, values = voice.text.METHOD, method_values(voice, registry, draws=draws, verified=verified)
    values |= {"record": record[:1].upper() + record[1:]}
    return [
        {
            "heading": words[name],
            "paragraphs": [runs(words[f"{name}.{key}"], **values) for key in keys],
            "bullets": assumptions(voice, registry) if name == "assumptions" else [],
        }
        for name, keys in chapters(voice, registry, illustrative=illustrative).items()
    ]


def chapters(voice: Voice, registry, *, illustrative: bool) -> dict[str, list[str]]:
    """Which paragraphs each section of the method page has."""
    kinds = {"share" if one.kind == "ratio" else one.kind for one in registry.indicators.values()}
    parts = ["parts"] if any(len(target.parts) > 1 for target in registry.targets.values()) else []
    models = [kind for kind in ("share", "units", "count") if kind in kinds]
    found = {
        "figures": ["units" if len(registry.units) > 1 else "whole", "known"],
        "forecast": [*models, "draws", *parts],
        "chance": ["meaning", "words", "rough"],
        "record": ["ledger"],
    }
    return found | ({"illustrative": ["what"]} if illustrative else {}) | {"assumptions": []}


def method_values(voice: Voice, registry, *, draws: int, verified: int) -> dict[str, str]:
    """The numbers that the method page names: cut-off, carrying, coverage, weight of the share, caps, edges of the words."""
    programme, lang = registry.programme, voice.lang
    return {
        "cutoff": voice.cutoff,
        "carry": formats.number(registry.assumption("carry_periods"), lang, 0),
        "coverage": formats.percent(registry.assumption("coverage_min"), lang, 0),
        "draws": formats.number(draws, lang, 0),
        "by_share": formats.percent(BY_SHARE, lang, 0),
        **edges(programme, lang, verified=verified),
    }


def edges(programme, lang: str, *, verified: int = 0) -> dict[str, str]:
    """Caps of printed chances and edges of the status words as per cent; ``held``: until or, with so many forecasts ``verified``,
    since when the caps are these."""
    caps, steps = programme.caps, programme.status_edges
    named = {"low": caps.low, "high": caps.high, "likely": steps.likely, "uncertain": steps.uncertain}
    held = HELD[lang]["since" if verified >= SCORED_FOR_WIDER else "until"].format(n=SCORED_FOR_WIDER)
    return {name: formats.percent(value, lang, 0) for name, value in named.items()} | {"held": held}


OF_UNITS = ("kappa",)
"""Assumptions that only forecasts of k of N units rest on."""


def assumptions(voice: Voice, registry) -> list[list[dict]]:
    """Each number that no return can supply, with the ground it stands on; none of units where no indicator counts units."""
    template, lang = voice.text.METHOD["assumptions.one"], voice.lang
    counted = any(indicator.kind == "units" for indicator in registry.indicators.values())
    known = [one for name, one in registry.assumptions.items() if counted or name not in OF_UNITS]
    return [runs(template, value=trimmed(one.value, lang), source=one.source[lang]) for one in known]


def glossary(voice: Voice, registry) -> list[list[dict]]:
    """What the words of the briefing mean, in alphabetical order of the language; only those that the programme needs."""
    absent = set() if registry.levers else {"lever"}
    absent |= set() if len(registry.units) > 1 else {"unit", "nearest"}
    values = edges(registry.programme, voice.lang)
    return [runs(text, **values) for name, text in voice.text.GLOSSARY.items() if name not in absent]


def trimmed(value: float, lang: str) -> str:
    """A number with the decimals it has, no more."""
    digits = f"{value:.6g}".partition(".")[2]
    return formats.number(value, lang, len(digits))


def sources(voice: Voice, *, illustrative: bool, observed: list[str], published) -> list[list[dict]]:
    """The plan, the returns or the sources of the figures, and the published figures with their addresses."""
    words = voice.text.BLOCKS
    found = [runs(words["sources_plan"], source=voice.programme.source[voice.lang])]
    if observed:
        found += [runs(words["sources_observed"], source=source) for source in observed]
    else:
        found.append(runs(words[f"sources_returns.{'illustrative' if illustrative else 'real'}"], cutoff=voice.cutoff))
    return found + published_sources(published, voice)


def published_sources(published, voice: Voice) -> list[list[dict]]:
    """Each source of comparable published figures once: places, years, title and address.

    A briefing names no figure of a year after its as-of, unless it was planned for a year of the programme.
    """
    if published is None or published.empty:
        return []
    year, dated = published["period"].str[:4], published["period"].str.match(r"\d{4}")
    known = (year <= voice.as_of.through[:4]) | ((published["kind"] == "planned") & (year <= voice.programme.deadline[:4]))
    used = published[(published["indicator_id"] != "") & dated & known]
    groups = used.groupby(["source_title", "source_url"], sort=False)
    return [published_source(rows, title, url, voice) for (title, url), rows in groups]


def published_source(rows, title: str, url: str, voice: Voice) -> list[dict]:
    """One published source: places, years, title and address."""
    names = [voice.places.get(name, name.split(" (")[0]) for name in dict.fromkeys(rows["scope_vi"])]
    years = sorted(set(rows["period"].str[:4]))
    template = voice.text.BLOCKS["sources_published"]
    name = ", ".join(names)
    return runs(template, place=name[:1].upper() + name[1:], years=", ".join(years), title=title, url=url)
