"""The plan as data: programme, indicators, targets, units, levers, corrections, outcomes, assumptions, quality, projects.

``items``   the frozen records      ``checks``  what must hold between them      ``reading``  YAML in, every fault at once
"""

from qnict_analysis.registry.items import (
    Assumption,
    Caps,
    Correction,
    Indicator,
    Lever,
    Outcome,
    Part,
    Programme,
    Project,
    QualityRule,
    Registry,
    Target,
    Unit,
)
from qnict_analysis.registry.reading import RegistryError, load_registry

__all__ = [
    "Assumption",
    "Caps",
    "Correction",
    "Indicator",
    "Lever",
    "Outcome",
    "Part",
    "Programme",
    "Project",
    "QualityRule",
    "Registry",
    "RegistryError",
    "Target",
    "Unit",
    "load_registry",
]
