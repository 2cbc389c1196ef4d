"""From a file to claims: readers, mentions, links, tables, materials, records.

``read`` opens a paper, ``extract`` gives its records; both can be used on their own, and so can
``normal_form`` and ``same_material`` of formulas, and ``classify`` of what ``formula`` reads.
"""

from scmine.extractors.extract import PIPELINE_VERSION, Extraction, extract, warm_up
from scmine.extractors.material_class import ClassDecision, classify
from scmine.extractors.normal_form import normal_form, same_material
from scmine.extractors.reading import read

__all__ = [
    "PIPELINE_VERSION",
    "ClassDecision",
    "Extraction",
    "classify",
    "extract",
    "normal_form",
    "read",
    "same_material",
    "warm_up",
]
