"""The evidence rule: what of an answer the page does not say is dropped and counted.

This module names the checks, one a task; each lives in a module of its own.
"""

from scmine.extractors.llm.claim_evidence import check_claims
from scmine.extractors.llm.crystal_evidence import check_crystal
from scmine.extractors.llm.drops import Checked, Drop, Dropped
from scmine.extractors.llm.findings import Findings
from scmine.extractors.llm.mention_evidence import check_links, check_mentions
from scmine.extractors.llm.table_evidence import check_table
from scmine.extractors.llm.verdict_evidence import check_records, check_whose

__all__ = [
    "Checked",
    "Drop",
    "Dropped",
    "Findings",
    "check_claims",
    "check_crystal",
    "check_links",
    "check_mentions",
    "check_records",
    "check_table",
    "check_whose",
]
