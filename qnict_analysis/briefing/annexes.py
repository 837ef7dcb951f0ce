"""Annexes of the briefing that are made of the same pieces as the notebooks' pages: what changed, official rules, units."""

from qnict_analysis.briefing import annex, html, outlook_pages, pages, scenario_pages, unit_pages, voice_of, words_in
from qnict_analysis.document import Block

PIECES = ("prose", "table", "figure")


def what_changed(analysis) -> Block:
    """Annex: how the chances moved since the period before, and why; when each target is reached; where it should be by now."""
    blocks = [*outlook_pages.changed(analysis), *outlook_pages.reached(analysis), *outlook_pages.course(analysis)]
    return annex_page(analysis, "changes", blocks)


def scenarios(analysis) -> Block:
    """Annex: scenarios side by side, what moves chances and how far that is sure, and what targets at risk would need."""
    planner = scenario_pages.planner_of(analysis)
    parts = (scenario_pages.compared, scenario_pages.needed, scenario_pages.moved)
    blocks = [block for part in parts for block in part(analysis, planner)]
    return annex_page(analysis, "scenarios", blocks)


def rules(analysis) -> Block:
    """Annex: what the rules of statistical offices say of the same figures, and targets seen together."""
    return annex_page(analysis, "rules", [*pages.rule_panel(analysis), *outlook_pages.together(analysis)], flipped=True)


def units(analysis) -> Block:
    """Annex: which units hold targets back, which come next, and how they rank."""
    found = [*unit_pages.holding_back(analysis), *unit_pages.next_crossings(analysis), *unit_pages.league_tables(analysis)]
    once = list({block.text if block.function == "prose" else id(block): block for block in found}.values())
    return annex_page(analysis, "units", once)  # a plan without units says so in each of them


def annex_page(analysis, name: str, blocks: list[Block], *, flipped: bool = False) -> Block:
    """Blocks of the notebooks' pages as one annex under its number and title, on pages laid across where ``flipped``."""
    voice = voice_of(analysis)
    pieces = [{"kind": block.function, **block.data} for block in blocks]
    unknown = {piece["kind"] for piece in pieces} - set(PIECES)
    if unknown:
        raise ValueError(f"an annex holds {', '.join(PIECES)}, not {', '.join(sorted(unknown))}")
    title = words_in(voice, "BLOCKS")[f"annex_{name}"]
    data = {"annex": annex(voice, name), "title": title, "flipped": flipped, "pieces": pieces}
    body = html.page(html.heading(title)) + "".join(block.html for block in blocks)
    return Block("annex-page", data, html=body, text="\n".join([title, *(block.text for block in blocks)]))
