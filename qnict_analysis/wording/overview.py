"""The overview on one page: three sentences, the tiles, what to watch, and three lines on change, data and record."""

from qnict_analysis import periods
from qnict_analysis.facts import DECIDED, covered
from qnict_analysis.wording.moves import LEAST_POINTS, TEXT, main_cause, points_text, printed_parts
from qnict_analysis.wording.report import apart, counts_of, incomplete, latest_rows, missed_of, short_of, spread_of
from qnict_analysis.wording.speech import Voice, counted, cut, joined, runs
from qnict_analysis.wording.targets import FALLING, action_of, title_of, worrying

MOST_WATCHED = 3
GOOD = ("met", "likely")


def sentences(facts: list, joint, voice: Voice) -> list[list[dict]]:
    """How many stand well, how many are expected, which worry most."""
    return [first(facts, voice), second(facts, joint, voice), third(facts, voice)]


def first(facts: list, voice: Voice) -> list[dict]:
    """How many targets are met or likely, and how the others stand."""
    good = sum(fact.status in GOOD for fact in facts)
    rest = counts_of([fact for fact in facts if fact.status not in GOOD], voice)
    words = voice.text.OVERVIEW
    open_ones = "first" if any(fact.chance for fact in facts) else "first_done"
    return runs(words[open_ones if rest else "first_all"], end=voice.end, good=good, n=len(facts), rest=rest)


def second(facts: list, joint, voice: Voice) -> list[dict]:
    """How many targets are expected to be met, or for how many the verdict is in."""
    words = voice.text.OVERVIEW
    if any(fact.chance for fact in facts):
        low, middle, high = spread_of(joint)
        return runs(
            words["second" if low < high else "second_same"], low=low, middle=middle, high=high, apart=apart(joint, voice)
        )
    return runs(words["second_done"], n=sum(fact.status in ("met", "missed") for fact in facts))


def third(facts: list, voice: Voice) -> list[dict]:
    """The targets most in danger, else those that were missed."""
    words, lang = voice.text.OVERVIEW, voice.lang
    danger, missed = worrying(facts)[:MOST_WATCHED], missed_of(facts)
    if danger:
        items = [runs(words["third_item"], id=fact.id, short=fact.target.short[lang], chance=fact.in_ten) for fact in danger]
        return runs(words["third"], items=joined(items, voice, how="items"))
    if missed:
        items = [
            runs(words["third_missed_item"], id=fact.id, short=fact.target.short[lang], now=fact.now_short) for fact in missed
        ]
        return runs(words["third_missed"], items=joined(cut(items, voice, most=MOST_WATCHED), voice, how="items"))
    return runs(words["third_none"])


def tiles(facts: list, voice: Voice) -> list[dict]:
    """The strip of tiles, grouped as in the plan."""
    groups = [
        (title[voice.lang], [fact for fact in facts if fact.target.group == group])
        for group, title in voice.programme.groups.items()
    ]
    return [{"title": title, "tiles": [tile(fact, voice) for fact in own]} for title, own in groups if own]


def tile(fact, voice: Voice) -> dict:
    """One target in the strip of tiles."""
    short = fact.target.short[voice.lang]
    return {"id": fact.id, "short": short, "status": fact.status, "label": fact.label, "chance": fact.chance or "–"}


def attention(facts: list, voice: Voice) -> dict:
    """The targets to watch: now, needed, pace needed over pace made, and what would do it."""
    words = voice.text.OVERVIEW
    chosen = (worrying(facts) or missed_of(facts))[:MOST_WATCHED]
    title = words["attention" if chosen else "attention_none"]
    return {"title": title, "items": [watched(fact, voice) for fact in chosen]}


def watched(fact, voice: Voice) -> dict:
    """One target to watch: now, needed, pace, action."""
    words = voice.text.OVERVIEW
    action = action_of(fact, voice)
    return {
        "id": fact.id,
        "title": title_of(fact, voice),
        "now": words["result" if fact.status in DECIDED else "now"].format(now=fact.now),
        "needed": words["needed"].format(goal=fact.goal_full),
        "pace": words[pace_key(fact)].format(pace=fact.pace),
        "action": action[:1].upper() + action[1:],
    }


def pace_key(fact) -> str:
    """Which phrase speaks of the pace."""
    if not fact.chance:
        return "pace_none"
    if not fact.pace:
        return "pace_stalled"
    return "pace" if fact.pace_ratio > 1 else "pace_ok"


def lines(facts: list, series, voice: Voice, *, record: str, moves=None, doubts: int = 0) -> list[list[dict]]:
    """One line each: changed since the period before, data quality (with so many doubted figures), record.

    ``record``: a clause on what was verified; ``moves``: how the chances moved (``schema.CHANGES``), where that is known.
    """
    return [
        moved(facts, series, voice, moves=moves),
        quality(facts, series, voice, doubts=doubts),
        runs(voice.text.OVERVIEW["record"], record=record),
    ]


def moved(facts: list, series, voice: Voice, *, moves=None) -> list[dict]:
    """What changed since the report before: the chances (``schema.CHANGES``) or, where there are none to compare, the figures."""
    known = moves is not None and moves["change"].notna().any() and any(fact.chance for fact in facts)
    return chances_moved(facts, moves, voice) if known else changed(facts, series, voice)


def chances_moved(facts: list, moves, voice: Voice) -> list[dict]:
    """For how many targets the chance rose and fell, and which moved most."""
    words, known = voice.text.OVERVIEW, moves[moves["change"].notna()]
    up, down = ((sign * known["change"] >= LEAST_POINTS / 100).sum() for sign in (1, -1))
    row = known.loc[known["change"].abs().idxmax()]
    most = ""
    if abs(row["change"]) >= LEAST_POINTS / 100:
        parts = printed_parts(row)
        mostly = "" if parts is None else words["chances_mostly"].format(cause=TEXT[voice.lang]["causes"][main_cause(row, parts)])
        short = next(fact.target.short[voice.lang] for fact in facts if fact.id == row["target"])
        named = {"id": row["target"], "short": short}
        most = words["chances_most"].format(**named, change=points_text(row["change"], voice.lang), mostly=mostly)
    previous = voice.mid(periods.shift(voice.as_of.through, -voice.span))
    rose = counted(voice.text.COMMON, "targets", up).format(n=up)
    return runs(words["chances"], previous=previous, up=rose, down=down, most=most)


def changed(facts: list, series, voice: Voice) -> list[dict]:
    """How many indicators moved towards their targets since the period before, and how many away."""
    words, last = voice.text.OVERVIEW, voice.as_of.through
    signs = {part.indicator: -1.0 if part.comparator in FALLING else 1.0 for fact in facts for part in fact.target.parts}
    table = series.pivot(index="indicator", columns="period", values="change")
    before = periods.shift(last, -1)
    if before not in table or last not in table:
        return runs(words["change_none"], period=voice.mid(last))
    steps = table[last][list(signs.keys() & set(table.index))].dropna()
    moves = [signs[name] * step for name, step in steps.items()]
    up, down = sum(move > 1e-9 for move in moves), sum(move < -1e-9 for move in moves)
    if not moves:
        return runs(words["change_none"], period=voice.mid(last))
    return runs(words["change"], previous=voice.mid(before), up=up, down=down, same=len(moves) - up - down)


def quality(facts: list, series, voice: Voice, *, doubts: int = 0) -> list[dict]:
    """How many indicators have every unit's figure of the latest period; what the others rest on, the least covered, and how
    many figures of that period are doubted."""
    words, period = voice.text.OVERVIEW, voice.mid(voice.as_of.through)
    rows = latest_rows(series, facts)
    current = rows["period"] == voice.as_of.through
    silent = (rows["n_units"] - rows["n_reporting"]).astype(int)
    full = int((current & (silent == 0)).sum())
    if full == len(rows) and not doubts:
        return runs(words["quality_full"], n=full, period=period)
    others = [words["quality_old"].format(old=int((~current).sum()), period=period)] if not current.all() else []
    others += [words["quality_silent"].format(silent=silent[current].max())] if (silent[current] > 0).any() else []
    short = incomplete(series, facts)
    if len(short):
        least = short.iloc[0]
        named = {"short": short_of(least["indicator"], facts, voice), "coverage": covered(least["coverage"], voice.lang)}
        others.append(words["quality_low"].format(**named))
    others += [words["quality_doubts"].format(doubts=doubts)] if doubts else []
    return runs(words["quality"], full=full, n=len(rows), period=period, others="".join(others))
