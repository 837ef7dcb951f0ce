"""What notebook 04 shows: how right the forecasts would have been, beside official rules, standing still and statsmodels."""

import time

import pandas as pd

from qnict_analysis import backtest, charts, formats, ledger
from qnict_analysis.backtest.replay import METHODS, QUANTILES
from qnict_analysis.backtest.scores import OURS
from qnict_analysis.briefing import html, pages
from qnict_analysis.document import Block
from qnict_analysis.intake import ensure_store
from qnict_analysis.kept import content_hash, kept_table
from qnict_analysis.wording import plain, record

MOST_ROWS = 60
"""Cases printed one by one: the longest list that anybody reads."""


class Replay:
    """Everything that was replayed for an analysis: ``chances`` and ``spreads`` with what came, the ``as_ofs``, the ``seconds``
    it took, and how many of the as-ofs were worked out anew (``made``)."""

    def __init__(self, analysis):
        started = time.monotonic()
        self.made, tables = 0, []
        history = ensure_store(analysis.workspace, analysis.registry)
        self.as_ofs = backtest.replayed_as_ofs(analysis.registry, analysis.as_of)
        for then in self.as_ofs:
            tables.append(self._kept(analysis, history, then))
        both = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=["table"])
        said = {name: both[both["table"] == name].reindex(columns=list(columns)) for name, columns in TABLES.items()}
        floats = {name: float for name in (*METHODS,)}
        chances = said["chances"].astype(floats)
        spreads = said["spreads"].astype({name: float for name in (*QUANTILES, "goal")})
        self.chances, self.spreads = backtest.with_outcomes(chances, spreads, analysis)
        self.seconds = time.monotonic() - started

    def _kept(self, analysis, history: pd.DataFrame, then) -> pd.DataFrame:
        """What one as-of would have said: both tables in one, as kept in the store."""
        seen = history[history["reported_on"] <= pd.Timestamp(then.cutoff)]
        settings = {"draws": analysis.params.draws, "seed": analysis.params.seed, "as_of": repr(then)}
        # The caps of printed chances change as the ledger grows; nothing here is printed.
        registry = repr({name: value for name, value in vars(analysis.registry).items() if name != "programme"})
        known = {"seen": content_hash(seen), "registry": registry} | ({} if len(seen) else {"all": content_hash(history)})

        def make() -> pd.DataFrame:
            self.made += 1
            found = backtest.replay_at(history, analysis.registry, then, n_draws=settings["draws"], seed=settings["seed"])
            return pd.concat([frame.assign(table=name) for name, frame in zip(TABLES, found, strict=True)], ignore_index=True)

        return kept_table(analysis.workspace, "replay", settings | known, make)


TABLES = {"chances": backtest.CHANCES, "spreads": backtest.SPREADS}


def opening(analysis, replay: Replay) -> Block:
    """What was replayed, on which vintages, how long it took."""
    said = record.opening(replay, analysis.registry, analysis.params.lang)
    return prose(analysis, said)


def scores(analysis, replay: Replay, *, deadline: bool = False) -> list[Block]:
    """The table of scores of all methods, and in words where we win and where we lose. ``deadline``: only the verdicts at the
    targets' deadlines."""
    lang = analysis.params.lang
    came = replay.chances[replay.chances["at_deadline"].astype(bool)] if deadline else replay.chances
    if came.empty:
        return [pages.prose_block(analysis, record.TEXT[lang]["nothing_deadline" if deadline else "nothing"])]
    table = backtest.chance_scores(came, METHODS)
    rows = [score_row(row, lang) for row in table.itertuples()]
    heads = [record.TEXT[lang][name] for name in ("method", "n", "brier", "ours_brier", "log", "ours_log")]
    found = backtest.skill(came, METHODS, seed=analysis.params.seed)
    said = record.verdict(found, came, lang, illustrative=analysis.illustrative)
    return [pages.table_block(analysis, pd.DataFrame(rows, columns=heads), names=("target", *["now"] * 5)), prose(analysis, said)]


def score_row(row, lang: str) -> list[str]:
    """One method in print: silent ones have dashes."""
    name = record.METHODS[lang][row.method]
    if not row.n:
        return [name, "0", *[pages.NONE] * 4]
    ours = (
        [pages.NONE] * 2
        if row.method == OURS
        else [formats.number(row.ours_brier, lang, 3), formats.number(row.ours_log, lang, 3)]
    )
    brier, log = (formats.number(value, lang, 3) for value in (row.brier, row.log))
    return [name, formats.number(row.n, lang, 0), brier, ours[0], log, ours[1]]


def interval_scores(analysis, replay: Replay) -> list[Block]:
    """Quantile score and coverage of each method that gives a distribution."""
    lang = analysis.params.lang
    if replay.spreads.empty:
        return [pages.prose_block(analysis, record.TEXT[lang]["nothing"])]
    table = backtest.spread_scores(replay.spreads)
    rows = [
        [
            record.METHODS[lang][row.method],
            formats.number(row.n, lang, 0),
            formats.number(row.wqs, lang, 1),
            formats.number(row.ours_wqs, lang, 1) if row.method != OURS else pages.NONE,
            *(formats.percent(share, lang, 0) for share in (row.cov50, row.cov80, row.cov90)),
        ]
        for row in table.itertuples()
    ]
    words = record.TEXT[lang]
    heads = [words[name] for name in ("method", "n", "wqs", "ours_wqs", "cov50", "cov80", "cov90")]
    return [pages.table_block(analysis, pd.DataFrame(rows, columns=heads), names=("target", *["now"] * 6))]


def pictures(analysis, replay: Replay) -> list[Block]:
    """Reliability, PIT, coverage by horizon and skill, each with what it shows in words."""
    lang, words = analysis.params.lang, record.TEXT[analysis.params.lang]
    if replay.chances.empty:
        return []
    bins, found = backtest.reliability(replay.chances), backtest.skill(replay.chances, METHODS, seed=analysis.params.seed)
    names = record.METHODS[lang]
    blocks = [
        pages.figure_block(
            analysis,
            charts.reliability_chart(bins, lang=lang),
            title=words["reliability"],
            alt=record.reliability_alt(bins, lang),
        ),
        pages.figure_block(
            analysis, charts.skill_chart(found, names, lang=lang), title=words["skill"], alt=record.skill_alt(found, lang)
        ),
    ]
    if replay.spreads.empty:
        return blocks
    counts, table = backtest.pit_counts(replay.spreads), backtest.coverage(replay.spreads)
    frequency = analysis.registry.programme.frequency
    return [
        *blocks,
        pages.figure_block(
            analysis,
            charts.coverage_chart(table, lang=lang, frequency=frequency),
            title=words["coverage"],
            alt=record.coverage_alt(table, lang),
        ),
        pages.figure_block(analysis, charts.pit_chart(counts, lang=lang), title=words["pit"], alt=record.pit_alt(counts, lang)),
    ]


def cases(analysis, replay: Replay) -> Block:
    """The forecasts for the deadline (else the longest horizon that has come) one by one: what was said, and what came."""
    words, came = record.TEXT[analysis.params.lang], replay.chances
    if came.empty:
        return pages.prose_block(analysis, words["nothing"])
    final = came[came["at_deadline"].astype(bool)]
    chosen = final if len(final) else came[came["horizon"] == came["horizon"].max()]
    chosen = chosen.head(MOST_ROWS)
    rows = [case_row(row, analysis) for row in chosen.itertuples()]
    heads = [words[name] for name in ("as_of", "vintage", "target", "period", "said", "rules", "came")]
    return pages.table_block(
        analysis, pd.DataFrame(rows, columns=heads), names=("id", "id", "target", "id", "now", "goal", "now")
    )


def case_row(row, analysis) -> list[str]:
    """One replayed forecast in print."""
    lang, words = analysis.params.lang, record.TEXT[analysis.params.lang]
    rules = [record.SHORT[rule] for rule in record.SHORT if getattr(row, rule) == 1]
    return [
        formats.period_tick(row.as_of, lang),
        words[row.vintage],
        f"{row.target} {analysis.registry.targets[row.target].short[lang]}",
        formats.period_tick(row.period, lang),
        formats.chance(row.forecast, lang),
        ", ".join(rules) or words["none_said"],
        words["yes" if row.met else "no"],
    ]


def ledger_state(analysis) -> list[Block]:
    """How many forecasts the ledger holds, how many could be scored, how right they were, and which caps follow."""
    rows = ledger.read(analysis.workspace)
    said = rows[rows["output_type"] == "p_met"]
    pairs = ledger.pairs_scored(analysis.scored, analysis.registry)
    return [prose(analysis, record.ledger_words(said, ledger.scored(analysis), pairs, analysis.registry, analysis.params.lang))]


def timing(analysis, replay: Replay) -> Block:
    """How long the replay took, and how much of it was worked out anew."""
    words = record.TEXT[analysis.params.lang]
    seconds = formats.number(replay.seconds, analysis.params.lang, 1)
    text = words["timing"].format(n=len(replay.as_ofs), made=replay.made, seconds=seconds)
    return pages.prose_block(analysis, text)


def prose(analysis, paragraphs: list[list[dict]]) -> Block:
    """Paragraphs as a block, marked where they rest on illustrative figures."""
    text = "\n".join(plain(paragraph) for paragraph in paragraphs)
    return Block(
        "prose",
        {"paragraphs": paragraphs},
        html=pages.marked(analysis, html.page(html.paragraphs(paragraphs))),
        text=text,
    )


__all__ = [
    "Replay",
    "cases",
    "interval_scores",
    "ledger_state",
    "opening",
    "pictures",
    "scores",
    "timing",
]
