"""Letters that no font of the document has: shown by name in square brackets rather than as empty boxes."""

import re
import unicodedata
from collections.abc import Callable

from qnict_analysis.exporter.pieces import TURNING

SURE = re.compile(
    "[\t\n\r -~\u00a0-\u017f\u01a0-\u01b0\u0300-\u0303\u0309\u0323\u0391-\u03c9\u0410-\u044f\u1ea0-\u1ef9"
    "\u200b\u2010-\u2014\u2018-\u201d\u2022\u2026\u2190-\u2193\u2212\u2264\u2265]+"
)
"""Letters that the fonts have for sure (a test compiles them all); only the others are tried."""
PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010ffff\ufdd0-\ufdef]")
"""Letters without a meaning of their own, which PDF/A refuses even where a font has a shape for them."""
REFUSED = re.compile(f"{PRIVATE.pattern}|{TURNING.pattern}")
SAMPLE = 8


def missing_letters(texts: list[str], shows: Callable[[str], bool]) -> set[str]:
    """The letters of some texts that ``shows`` (a trial page) refuses."""
    rare = set(SURE.sub("", "".join(texts)))
    if not rare or (not REFUSED.search("".join(rare)) and shows(" ".join(sorted(rare)))):
        return set()
    return {letter for letter in rare if REFUSED.match(letter) or not shows(letter)}


def named(letters: str) -> str:
    """What stands for letters that cannot be shown: the name of a sign, the codes of other letters."""
    found = []
    for letter in letters:
        name = unicodedata.name(letter, "")
        sign = unicodedata.category(letter) in ("So", "Sk") and name and not any(part.isdigit() for part in name.split("-")[-1:])
        found.append(name.lower() if sign else f"U+{ord(letter):04X}")
    return f"[{' '.join(found)}]" if not any(" " in one for one in found) else "".join(f"[{one}]" for one in found)


def replacer(missing: set[str]) -> Callable[[str], str]:
    """A function that puts names in the place of missing letters."""
    if not missing:
        return lambda text: text
    pattern = re.compile(f"[{re.escape(''.join(sorted(missing)))}]+")
    # A long run of codes must still wrap, as the letters did.
    return lambda text: pattern.sub(lambda found: named(found[0]), text)
