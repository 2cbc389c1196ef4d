"""From a file to claims: readers, mentions, links, tables, materials, records.

``read`` opens a paper, ``extract`` gives its records; both can be used on their own.
"""

from scmine.extractors.extract import PIPELINE_VERSION, Extraction, extract, warm_up
from scmine.extractors.reading import read

__all__ = ["PIPELINE_VERSION", "Extraction", "extract", "read", "warm_up"]
