"""Which fonts a document can be set in: those that come along, and on request one that the machine has."""

OFFICIAL = "Times New Roman"
"""What Decree 30/2020/NĐ-CP asks for."""


def is_installed(name: str) -> bool:
    """Whether Typst finds a font family of this name on this machine."""
    import typst

    return name.casefold() in {family.casefold() for family in typst.Fonts(include_system_fonts=True).families()}


def check(name: str) -> None:
    """Raise ``ValueError`` for a font that is asked for and not installed; nothing for none."""
    if name and not is_installed(name):
        raise ValueError(f"font {name!r} is not installed on this machine; leave it out, or install it")
