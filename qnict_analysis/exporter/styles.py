"""The small part of CSS that tables in notebooks use: colours, weights, alignment, bars."""

import itertools
import re
from dataclasses import dataclass, field
from functools import lru_cache

_COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b|(?:rgb|hsl)a?\([^)]*\)|\b[a-zA-Z]+\b")
_STOP = re.compile(rf"({_COLOUR.pattern})\s*(-?[\d.]+)?%?\s*(-?[\d.]+)?%?")
_ID_ONLY = re.compile(r"#[\w-]+")
INHERITED = ("b", "i", "u", "s", "sup", "sub", "code", "colour", "fill", "link")
"""What a word takes over from the elements around it."""


@dataclass
class Sheet:
    """The rules of a page's style elements: by id, which Styler uses by the thousand, and the others by selector."""

    by_id: dict[str, dict] = field(default_factory=dict)
    others: dict[int, dict] = field(default_factory=dict)
    """Declarations by the identity of the element."""

    def of(self, element) -> dict[str, str]:
        """Declarations for one element: the sheet's rules, then its own style attribute."""
        found = {**self.others.get(id(element), {}), **self.by_id.get(element.get("id") or "", {})}
        return {**found, **declarations(element.get("style") or "")} if element.get("style") else found

    def hides(self, element) -> bool:
        """Whether a browser would leave an element out: hidden, unless its style says otherwise, or not displayed."""
        field = element.name == "input" and element.get("type") == "hidden"
        shown = "none" if field or element.has_attr("hidden") else ""
        return self.of(element).get("display", shown).lower() == "none"


def sheet_of(page) -> Sheet:
    """The rules of all style elements of a parsed page; rules for states and media are left out."""
    import tinycss2

    sheet = Sheet()
    for style in page.find_all("style"):
        for rule in tinycss2.parse_stylesheet(style.string or "", skip_comments=True, skip_whitespace=True):
            if rule.type != "qualified-rule":
                continue
            values = declarations_in(rule.content)
            for selector in tinycss2.serialize(rule.prelude).split(","):
                add_rule(sheet, page, selector.strip(), values)
    return sheet


def add_rule(sheet: Sheet, page, selector: str, values: dict[str, str]) -> None:
    """Note the declarations of one selector for the elements that it selects."""
    if _ID_ONLY.fullmatch(selector):
        sheet.by_id.setdefault(selector[1:], {}).update(values)
        return
    if ":hover" in selector or not values:
        return
    try:
        elements = page.select(selector)
    except Exception:  # a selector that the library does not know styles nothing, as in a browser
        return
    for element in elements:
        sheet.others.setdefault(id(element), {}).update(values)


@lru_cache(maxsize=4096)
def declarations(text: str) -> dict[str, str]:
    """The declarations of a style attribute; a table repeats the same few in every cell."""
    import tinycss2

    return declarations_in(tinycss2.parse_component_value_list(text))


def declarations_in(tokens) -> dict[str, str]:
    """Property and value of each declaration, lower case names."""
    import tinycss2

    parsed = tinycss2.parse_blocks_contents(tokens, skip_comments=True, skip_whitespace=True)
    return {one.lower_name: tinycss2.serialize(one.value).strip() for one in parsed if one.type == "declaration"}


def colour_of(text: str) -> str | None:
    """A CSS colour as #rrggbb, mixed with white where it is transparent; None for none at all."""
    from tinycss2.color3 import parse_color

    found = parse_color(text.strip())
    if found is None or found == "currentColor" or found.alpha == 0:
        return None
    mixed = (round(255 * (1 - found.alpha * (1 - part))) for part in (found.red, found.green, found.blue))
    return "#{:02x}{:02x}{:02x}".format(*(min(255, max(0, part)) for part in mixed))


def style_of(values: dict[str, str]) -> dict:
    """The style of words (see ``words``) that declarations ask for; False takes back what stands around them."""
    found: dict = {}
    weight = values.get("font-weight", "")
    if weight:
        found["b"] = weight in ("bold", "bolder") or (weight.isdigit() and int(weight) >= 600)
    if "font-style" in values:
        found["i"] = values["font-style"] in ("italic", "oblique")
    line = values.get("text-decoration", values.get("text-decoration-line", ""))
    found |= {"u": True} if "underline" in line else {}
    found |= {"s": True} if "line-through" in line else {}
    if colour := colour_of(values.get("color", "")):
        found["colour"] = colour
    return found


def fill_of(values: dict[str, str]) -> str | None:
    """The background colour that declarations ask for."""
    for name in ("background-color", "background"):
        text = values.get(name, "")
        if text and "gradient" not in text and (found := _COLOUR.search(text)):
            return colour_of(found[0])
    return None


def bar_of(values: dict[str, str]) -> list[list]:
    """Coloured stretches [colour, from, to] (shares of the width) of a horizontal gradient with sharp ends: a bar in a cell."""
    text = values.get("background", "") or values.get("background-image", "")
    if "linear-gradient" not in text:
        return []
    inside = re.sub(r"^\s*(?:to \w+|-?[\d.]+(?:deg|turn|rad))\s*,", "", text[text.index("(") + 1 :])
    stops = [(name, float(share) / 100) for name, *shares in _STOP.findall(inside) for share in shares if share]
    if not stops:
        return []
    edges = [(stops[0][0], 0.0), *stops, (stops[-1][0], 1.0)]
    pairs = itertools.pairwise(edges)
    return [[colour_of(name), max(0.0, a), min(1.0, b)] for (name, a), (_, b) in pairs if b > a and colour_of(name)]
