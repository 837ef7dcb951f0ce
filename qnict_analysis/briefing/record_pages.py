"""What notebook 04 shows: how right the forecasts would have been, beside official rules, standing still and statsmodels."""

import time

import pandas as pd

from qnict_analysis import backtest, changes, charts, formats, ledger
from qnict_analysis.backtest.replay import METHODS, QUANTILES
from qnict_analysis.backtest.scores import OURS
from qnict_analysis.briefing import html, pages
from qnict_analysis.document import Block
from qnict_analysis.facts import caps_of
from qnict_analysis.intake import ensure_store
from qnict_analysis.kept import content_hash, kept_table
from qnict_analysis.wording import plain, record

MOST_ROWS = 60
"""Cases printed one by one: the longest list that anybody reads."""


class Replay:
    """Everything that was replayed for an analysis: ``chances`` and ``spreads`` with what came, the ``as_ofs``, the ``seconds``
    it took now, the seconds that the as-ofs took when they were worked out (``first``), and how many were just now (``made``)."""

    def __init__(self, analysis):
        started = time.monotonic()
        tables = []
        history = ensure_store(analysis.workspace, analysis.registry)
        self.as_ofs = backtest.replayed_as_ofs(analysis.registry, analysis.as_of)
        # The caps of printed chances change as the ledger grows; nothing here is printed.
        programme = analysis.registry.programme.model_copy(update={"caps": None})
        registry = repr(vars(analysis.registry) | {"programme": programme})
        for then in self.as_ofs:
            tables.append(self._kept(analysis, history, then, registry))
        self.made = sum(table.attrs["made"] for table in tables)
        self.first = sum(table.attrs["first"] for table in tables)
        both = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=["table"])
        said = {name: both[both["table"] == name].reindex(columns=list(columns)) for name, columns in TABLES.items()}
        chances = said["chances"].astype(dict.fromkeys(METHODS, float))
        spreads = said["spreads"].astype(dict.fromkeys((*QUANTILES, "goal", "p_met"), float))
        self.chances, self.spreads = backtest.with_outcomes(chances, spreads, analysis)
        self.seconds = time.monotonic() - started

    def _kept(self, analysis, history: pd.DataFrame, then, registry: str) -> pd.DataFrame:
        """What one as-of would have said: both tables in one, as kept in the store. ``registry``: all that it says, as text."""
        seen = history[history["reported_on"] <= pd.Timestamp(then.cutoff)]
        settings = {"draws": analysis.params.draws, "seed": analysis.params.seed, "as_of": repr(then)}
        known = {"seen": content_hash(seen), "registry": registry} | ({} if len(seen) else {"all": content_hash(history)})

        def make() -> pd.DataFrame:
            found = backtest.replay_at(history, analysis.registry, then, n_draws=settings["draws"], seed=settings["seed"])
            return pd.concat([frame.assign(table=name) for name, frame in zip(TABLES, found, strict=True)], ignore_index=True)

        return kept_table(analysis.workspace, "replay", settings | known, make)


TABLES = {"chances": backtest.CHANCES, "spreads": backtest.SPREADS}


def opening(analysis, replay: Replay) -> Block:
    """What was replayed, on which vintages, and what the engine had learned from."""
    said = record.opening(replay, analysis.registry, analysis.params.lang, illustrative=analysis.illustrative)
    return prose(analysis, said)


def scores(analysis, replay: Replay, *, deadline: bool = False) -> list[Block]:
    """The table of scores of all methods, and in words where we win and where we lose. ``deadline``: only the verdicts at the
    targets' deadlines."""
    lang, came = analysis.params.lang, compared(replay, deadline=deadline)
    if came.empty:
        return [pages.prose_block(analysis, record.TEXT[lang]["nothing_deadline" if deadline else "nothing"])]
    vintages = record.vintages(came, lang)
    rows = [[*score_row(row, len(came), lang), vintages] for row in backtest.chance_scores(came, METHODS).itertuples()]
    heads = [record.TEXT[lang][name] for name in ("method", "n", "brier", "ours_brier", "log", "ours_log", "vintages")]
    found = backtest.skill(came, METHODS, seed=analysis.params.seed)
    said = record.verdict(found, came, lang, illustrative=analysis.illustrative)
    names = ("target", *["now"] * 5, "id")
    return [pages.table_block(analysis, pd.DataFrame(rows, columns=heads), names=names), prose(analysis, said)]


def compared(replay: Replay, *, deadline: bool) -> pd.DataFrame:
    """The chances that can be held against what came; with ``deadline`` those for the targets' deadlines only."""
    return replay.chances[replay.chances["at_deadline"].astype(bool)] if deadline else replay.chances


def score_row(row, total: int, lang: str) -> list[str]:
    """One method in print, with how many of all cases it speaks on: silent ones have dashes."""
    name = record.METHODS[lang][row.method]
    spoken = record.TEXT[lang]["of"].format(n=formats.number(row.n, lang, 0), total=formats.number(total, lang, 0))
    if not row.n:
        return [name, spoken, *[pages.NONE] * 4]
    brier, log, our_brier, our_log = (
        formats.number(value, lang, 3) for value in (row.brier, row.log, row.ours_brier, row.ours_log)
    )
    return (
        [name, spoken, brier, pages.NONE, log, pages.NONE]
        if row.method == OURS
        else [name, spoken, brier, our_brier, log, our_log]
    )


def by_vintage(analysis, replay: Replay) -> Block:
    """Brier scores apart for vintages as received and rebuilt ones; where all are of one sort, that they are."""
    words, came = record.TEXT[analysis.params.lang], replay.chances
    if came.empty:
        return pages.prose_block(analysis, words["nothing"])
    if came["vintage"].nunique() == 1:
        return pages.prose_block(analysis, words[f"all_{came['vintage'].iloc[0]}"])
    columns: dict[str, list[str]] = {words["method"]: [record.METHODS[analysis.params.lang][name] for name in METHODS]}
    for vintage in ("true", "pseudo"):
        own = came[came["vintage"] == vintage]
        rows = [score_row(row, len(own), analysis.params.lang) for row in backtest.chance_scores(own, METHODS).itertuples()]
        columns |= {
            words[f"{vintage}_{name}"]: [row[place] for row in rows] for place, name in enumerate(("n", "brier", "ours"), 1)
        }
    return pages.table_block(analysis, pd.DataFrame(columns), names=("target", *["now"] * 6))


def interval_scores(analysis, replay: Replay) -> list[Block]:
    """Quantile score and coverage of each method that gives a distribution, and what they mean."""
    lang, words = analysis.params.lang, record.TEXT[analysis.params.lang]
    if replay.spreads.empty:
        return [pages.prose_block(analysis, words["nothing"])]
    ratios = backtest.relative_scores(replay.spreads, seed=analysis.params.seed).set_index("method")
    rows = [
        [
            record.METHODS[lang][row.method],
            formats.number(row.n, lang, 0),
            record.score_text(row.wqs, lang),
            record.ratio_text(ratios.loc[row.method], lang) if row.method in ratios.index else pages.NONE,
            *(formats.percent(share, lang, 0) for share in (row.cov50, row.cov80, row.cov90)),
            record.vintages(replay.spreads[replay.spreads["method"] == row.method], lang),
        ]
        for row in backtest.spread_scores(replay.spreads).itertuples()
    ]
    heads = [words[name] for name in ("method", "n", "wqs", "ratio", "cov50", "cov80", "cov90", "vintages")]
    table = pages.table_block(analysis, pd.DataFrame(rows, columns=heads), names=("target", *["now"] * 6, "id"))
    return [table, prose(analysis, [[{"t": words["intervals"]}]])]


def picture(analysis, name: str, axes, title: str, alt: str, *, of: pd.DataFrame) -> Block:
    """A chart whose title is what it shows; on illustrative figures, from which nothing follows, the question. The title says how
    many of the forecasts (``of``) rest on rebuilt vintages."""
    lang = analysis.params.lang
    title = record.TEXT[lang][name] if analysis.illustrative else title
    return pages.figure_block(analysis, axes, title=record.with_rebuilt(title, of, lang), alt=alt)


def skill_picture(analysis, replay: Replay) -> list[Block]:
    """Better or worse than each other method, and by how much; nothing where nothing came."""
    lang = analysis.params.lang
    found = backtest.skill(replay.chances, METHODS, seed=analysis.params.seed)
    if found.empty:
        return []
    axes = charts.skill_chart(found, record.METHODS[lang], lang=lang)
    return [picture(analysis, "skill", axes, record.skill_title(found, lang), record.skill_alt(found, lang), of=replay.chances)]


def reliability_picture(analysis, replay: Replay) -> list[Block]:
    """What was said against what came; nothing where nothing came."""
    lang = analysis.params.lang
    if replay.chances.empty:
        return []
    bins = backtest.reliability(replay.chances)
    title, alt = record.reliability_title(replay.chances, lang), record.reliability_alt(bins, lang)
    return [picture(analysis, "reliability", charts.reliability_chart(bins, lang=lang), title, alt, of=replay.chances)]


def interval_pictures(analysis, replay: Replay) -> list[Block]:
    """Coverage by horizon and the PIT histogram; nothing where nothing came."""
    lang, frequency = analysis.params.lang, analysis.registry.programme.frequency
    if replay.spreads.empty:
        return []
    table, counts = backtest.coverage(replay.spreads), backtest.pit_counts(replay.spreads)
    own = replay.spreads[replay.spreads["method"] == OURS]
    held = charts.coverage_chart(table, lang=lang, frequency=frequency)
    fell = charts.pit_chart(counts, lang=lang)
    return [
        picture(analysis, "coverage", held, record.coverage_title(table, lang), record.coverage_alt(table, lang), of=own),
        picture(analysis, "pit", fell, record.pit_title(counts, lang), record.pit_alt(counts, lang), of=own),
    ]


def cases(analysis, replay: Replay) -> list[Block]:
    """The forecasts for the deadline (else the longest horizon that has come) one by one: what was said, and what came. Where
    there are more than MOST_ROWS, those of evenly spaced as-ofs, with how many they are."""
    words, came = record.TEXT[analysis.params.lang], replay.chances
    if came.empty:
        return [pages.prose_block(analysis, words["nothing"])]
    final = compared(replay, deadline=True)
    every = final if len(final) else came[came["horizon"] == came["horizon"].max()]
    chosen = every[every["as_of"].isin(list(every["as_of"].unique())[:: -(-len(every) // MOST_ROWS)])]
    rows = [case_row(row, analysis) for row in chosen.itertuples()]
    heads = [words[name] for name in ("as_of", "vintage", "target", "period", "said", "rules", "came")]
    names = ("id", "id", "target", "id", "now", "goal", "now")
    counts = {name: formats.number(len(frame), analysis.params.lang, 0) for name, frame in (("n", chosen), ("total", every))}
    table = pages.table_block(analysis, pd.DataFrame(rows, columns=heads), names=names)
    return [table] if len(chosen) == len(every) else [table, pages.prose_block(analysis, words["shown"].format(**counts))]


def case_row(row, analysis) -> list[str]:
    """One replayed forecast in print."""
    lang, words = analysis.params.lang, record.TEXT[analysis.params.lang]
    rules = [name for rule, name in record.SHORT[lang].items() if getattr(row, rule) == 1]
    return [
        formats.period_tick(row.as_of, lang),
        words[row.vintage],
        f"{row.target} {analysis.registry.targets[row.target].short[lang]}",
        formats.period_tick(row.period, lang),
        formats.chance(row.forecast, lang, **caps_of(analysis.registry)),
        ", ".join(rules) or words["none_said"],
        words["yes" if row.met else "no"],
    ]


def ledger_state(analysis) -> list[Block]:
    """How many forecasts the ledger holds, how many could be scored and how right they were, which targets have another rule than
    the one that went with them, and which caps follow."""
    rows = ledger.read(analysis.workspace)
    said = rows[rows["output_type"] == "p_met"]
    pairs = ledger.pairs_scored(analysis.scored, analysis.registry)
    changed = ledger.rules_changed(said, analysis.registry)
    found = ledger.scored(analysis)
    return [prose(analysis, record.ledger_words(said, found, pairs, analysis.registry, analysis.params.lang, changed=changed))]


def timing(analysis, replay: Replay) -> Block:
    """How long the replay took when it was worked out, how much of it was just now, and how long that took."""
    lang, again = analysis.params.lang, replay.made < len(replay.as_ofs)
    how_many = record.TEXT[lang]["timing"].format(n=len(replay.as_ofs), made=replay.made)
    return pages.prose_block(analysis, f"{how_many} {record.seconds(replay.first if again else None, replay.seconds, lang)}")


class Moves:
    """What the changes since the report before took: ``first``, seconds when they were worked out, ``seconds`` now, and whether
    they were worked out just now (``made``)."""

    def __init__(self, analysis):
        started = time.monotonic()
        taken = changes.since_previous(analysis).attrs
        self.made, self.seconds = taken.get("made", True), time.monotonic() - started
        self.first = taken.get("first", self.seconds)


def moves_timing(analysis, moves: Moves) -> Block:
    """How long the changes since the report before took, when they were worked out and now."""
    taken = record.seconds(None if moves.made else moves.first, moves.seconds, analysis.params.lang)
    return pages.prose_block(analysis, taken)


def prose(analysis, paragraphs: list[list[dict]]) -> Block:
    """Paragraphs as a block, marked where they rest on illustrative figures."""
    text = "\n".join(plain(paragraph) for paragraph in paragraphs)
    block = Block("prose", {"paragraphs": paragraphs}, html=html.page(html.paragraphs(paragraphs)), text=text)
    return pages.marked(analysis, block)


__all__ = [
    "Moves",
    "Replay",
    "by_vintage",
    "cases",
    "interval_pictures",
    "interval_scores",
    "ledger_state",
    "moves_timing",
    "opening",
    "reliability_picture",
    "scores",
    "skill_picture",
    "timing",
]
