"""The mark by which a form is known again, whatever its file is called and whatever was typed over its visible names."""

import hashlib
from collections.abc import Sequence


def form_fingerprint(version: str, unit: str, period: str, codes: Sequence[str]) -> str:
    """16 hexadecimal digits over the form's version, unit, period and indicators in their order."""
    text = "|".join((version, unit, period, ",".join(codes)))
    return hashlib.sha256(text.encode()).hexdigest()[:16]
