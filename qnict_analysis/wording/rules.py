"""One sentence a target: where the rules of statistical offices and the forecast part, and why."""

from qnict_analysis.wording.speech import Voice, runs
from qnict_analysis.words import REASONS, RULES

ASIDE = {"rules_high": "off_track", "rules_low": "on_track"}
"""Which rules stand with the forecast where others do not."""


def sentence_of(row, fact, voice: Voice) -> list[dict]:
    """The sentence of one row of the panel (``schema.RULE_PANEL``) and the fact of the same target.

    The chance is the target's; of a target with several parts the sentence names the part that the rules were read from.
    """
    words = voice.text.RULES
    key = f"{row.kind}.{fact.status}" if row.kind == "decided_against" else row.kind
    template = words[key]
    if len(fact.target.parts) > 1:
        template = words["part"].replace("{sentence}", template[0].lower() + template[1:])
    values = {"on": names_of(row.on_track, voice), "off": names_of(row.off_track, voice)}
    return runs(
        template,
        **values,
        chance=fact.chance,
        label=fact.label,
        part=fact.indicator.short[voice.lang],
        reason=REASONS[voice.lang].get(fact.reason, fact.label),
        why=voice.text.RULES_WHY.get(row.why, ""),
        others=others_of(row, voice),
        said=said_of(row, values, voice),
    )


def sentences_of(panel, facts: list, voice: Voice) -> list[list[dict]]:
    """A sentence for each fact, in their order; ``panel`` has a row for each target."""
    rows = {row.target: row for row in panel.itertuples(index=False)}
    return [sentence_of(rows[fact.id], fact, voice) for fact in facts]


def names_of(rules: str, voice: Voice) -> str:
    """Rules by name in a sentence: a, b and c, or that it is all of them. ``rules``: ids joined by a space."""
    if len(rules.split()) == len(RULES[voice.lang]):
        return voice.text.RULES["all"]
    names = [RULES[voice.lang][rule] for rule in rules.split()]
    common = voice.text.COMMON
    return common["and"].join([common["list"].join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)


def others_of(row, voice: Voice) -> str:
    """The rules that side with the forecast while others do not; empty where none does."""
    names = names_of(getattr(row, ASIDE[row.kind]), voice) if row.kind in ASIDE else ""
    return voice.text.RULES["others"].format(names=names) if names else ""


def said_of(row, values: dict, voice: Voice) -> str:
    """What the rules say on their own: on track by these; off track by those."""
    words = voice.text.RULES
    said = {"said_on": row.on_track, "said_off": row.off_track}
    return voice.text.COMMON["items"].join(words[key].format(**values) for key, rules in said.items() if rules)
