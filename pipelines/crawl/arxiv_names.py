"""arXiv's names: identifiers with their versions, and the OAI-PMH sets of categories.

What a paper says of itself lives in ``arxiv_metadata``.
"""

from __future__ import annotations

import re

from scmine.pipelines.crawl.errors import CrawlError

MAX_VERSION = 9999

_ID = r"\d{2}(?:0[1-9]|1[0-2])(?:\.\d{4,5}|\d{3})"
_NAME = re.compile(
    rf"(?P<key>(?:(?P<archive>[a-z]{{2,8}}(?:-[a-z]{{2,4}})?)(?:\.[A-Z]{{2}})?/)?(?P<number>{_ID}))"
    r"(?:v(?P<version>[1-9]\d{0,3}))?",
    re.ASCII,
)
_CATEGORY = re.compile(r"[a-z]{2,8}(?:-[a-z]{2,4})?(?:\.[A-Za-z]{2,8}(?:-[a-z]{2,8})?)?", re.ASCII)

# Source: arXiv's taxonomy, https://arxiv.org/category_taxonomy, and github.com/arXiv/arxiv-base,
# arxiv/taxonomy/definitions.py, 2025. Archives that stand for themselves are a group of one.
_GROUPS = {
    "physics": [
        "astro-ph",
        "cond-mat",
        "gr-qc",
        "hep-ex",
        "hep-lat",
        "hep-ph",
        "hep-th",
        "math-ph",
        "nlin",
        "nucl-ex",
        "nucl-th",
        "physics",
        "quant-ph",
    ],
    **{name: [name] for name in ("cs", "econ", "eess", "math", "q-bio", "q-fin", "stat")},
}
_SUBSUMED = {
    "acc-phys": "physics.acc-ph",
    "ao-sci": "physics.ao-ph",
    "atom-ph": "physics.atom-ph",
    "bayes-an": "physics.data-an",
    "chem-ph": "physics.chem-ph",
    "mtrl-th": "cond-mat.mtrl-sci",
    "plasm-ph": "physics.plasm-ph",
    "supr-con": "cond-mat.supr-con",
}
_UNDIVIDED = frozenset(
    ["gr-qc", "hep-ex", "hep-lat", "hep-ph", "hep-th", "math-ph", "nucl-ex", "nucl-th", "quant-ph"]
)


def split_name(name: str) -> tuple[str, int | None] | None:
    """The identifier and the version that a name consists of; None if it is no name of arXiv's.

    >>> split_name("2401.01234v2"), split_name("supr-con/9508001")
    (('2401.01234', 2), ('supr-con/9508001', None))
    >>> split_name("../etc/passwd") is None
    True
    """
    match = _NAME.fullmatch(name)
    if match is None or (match["archive"] is None) != ("." in match["number"]):
        return None
    return match["key"], int(match["version"]) if match["version"] else None


def file_stem(key: str) -> str:
    """An identifier as the beginning of a file's name.

    >>> file_stem("cond-mat/0104321")
    'cond-mat_0104321'
    """
    return key.replace("/", "_")


def month_of(key: str) -> str:
    """The year and month in an identifier, as it writes them.

    >>> month_of("2401.01234"), month_of("supr-con/9508001")
    ('2401', '9508')
    """
    return key.rpartition("/")[2][:4]


def current(category: str) -> str:
    """The category that has taken in an old archive, or ``category`` itself.

    >>> current("supr-con"), current("cond-mat")
    ('cond-mat.supr-con', 'cond-mat')

    Raises
    ------
    CrawlError
        If arXiv has no such category.
    """
    found = _SUBSUMED.get(category, category)
    archive, _, part = found.partition(".")
    known = any(archive in archives for archives in _GROUPS.values())
    if not known or not _CATEGORY.fullmatch(found) or (part and archive in _UNDIVIDED):
        raise CrawlError(
            f"arXiv has no category {category[:60]!r}; categories are written as in "
            "cond-mat.supr-con, cond-mat or quant-ph, see https://arxiv.org/category_taxonomy"
        )
    return found


def set_of(category: str) -> str:
    """The OAI-PMH set that holds a category: group, archive, part.

    >>> set_of("cond-mat.supr-con"), set_of("cond-mat"), set_of("quant-ph"), set_of("cs.LG")
    ('physics:cond-mat:supr-con', 'physics:cond-mat', 'physics:quant-ph', 'cs:cs:LG')

    Raises
    ------
    CrawlError
        If arXiv has no such category.
    """
    archive, _, part = current(category).partition(".")
    group = next(name for name, archives in _GROUPS.items() if archive in archives)
    return ":".join(filter(None, (group, archive, part)))


def term_of(category: str) -> str:
    """The term of arXiv's query language that finds a category's papers.

    >>> term_of("cond-mat.supr-con"), term_of("cond-mat"), term_of("quant-ph")
    ('cat:cond-mat.supr-con', 'cat:cond-mat*', 'cat:quant-ph')

    Raises
    ------
    CrawlError
        If arXiv has no such category.
    """
    name = current(category)
    return f"cat:{name}" + ("" if "." in name or name in _UNDIVIDED else "*")
