"""Answers in the form of arXiv's servers, with papers that we made up."""

from __future__ import annotations

from html import escape

VERSION = (
    '<version version="v{}"><date>Wed, {:02} Apr 2024 15:29:38 GMT</date>'
    "<size>{}kb</size>{}</version>"
)


def versions(*sources: str) -> str:
    """The history of a paper by the types of its sources; ``I`` is a withdrawal."""
    told = (
        VERSION.format(k, k, 0 if s == "I" else 17, f"<source_type>{s}</source_type>" if s else "")
        for k, s in enumerate(sources, start=1)
    )
    return "".join(told)


def record(key: str = "2404.01234", history: str = versions("D"), **fields: str) -> str:
    """A record in the format arXivRaw; ``fields`` by their names with ``_`` for ``-``."""
    told = {
        "title": "Superconductivity at 12 K\n  in Made$_2$Up",
        "authors": r"A. M\"uster (1), B. Two and C. Three ((1) A Univ.)",
        "categories": "cond-mat.supr-con cond-mat.mtrl-sci",
        "abstract": "  We report $T_c$ = 12 K.\n",
    } | {name.replace("_", "-"): text for name, text in fields.items()}
    parts = "".join(f"<{name}>{escape(text)}</{name}>" for name, text in told.items())
    return (
        f"<record><header><identifier>oai:arXiv.org:{key}</identifier>"
        "<datestamp>2024-04-05</datestamp><setSpec>physics:cond-mat:supr-con</setSpec></header>"
        '<metadata><arXivRaw xmlns="http://arxiv.org/OAI/arXivRaw/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation='
        '"http://arxiv.org/OAI/arXivRaw/ http://arxiv.org/OAI/arXivRaw.xsd">'
        f"<id>{key}</id><submitter>A. Muster</submitter>{history}{parts}"
        "</arXivRaw></metadata></record>"
    )


def listing(*records: str, token: str | None = None) -> bytes:
    """A page of ListRecords."""
    more = f"<resumptionToken expires='2024-04-06T00:00:00Z'>{token}</resumptionToken>"
    return oai(
        f"<ListRecords>{''.join(records)}{more if token else '<resumptionToken/>'}</ListRecords>"
    )


def oai(told: str) -> bytes:
    """An answer of the OAI-PMH server."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation='
        '"http://www.openarchives.org/OAI/2.0/ http://www.openarchives.org/OAI/2.0/OAI-PMH.xsd">'
        "<responseDate>2024-04-05T04:00:00Z</responseDate>"
        f'<request verb="ListRecords">http://oaipmh.arxiv.org/oai</request>{told}</OAI-PMH>'
    ).encode()


def oai_error(code: str) -> bytes:
    """An error that the server names."""
    return oai(f"<error code='{code}'>Something is not as it should be.</error>")


def entry(name: str = "2404.01234v2", updated: str = "2024-04-05", **fields: str) -> str:
    """An entry of the query API's feed; ``fields`` are arXiv's own elements."""
    space = 'xmlns:arxiv="http://arxiv.org/schemas/atom"'
    own = "".join(f"<arxiv:{k} {space}>{escape(v)}</arxiv:{k}>" for k, v in fields.items())
    return (
        f"<entry><id>http://arxiv.org/abs/{name}</id><updated>{updated}T17:59:02Z</updated>"
        "<published>2024-04-01T12:00:00Z</published><title>Superconductivity\n  at 12 K</title>"
        "<summary>  We report 12 K.\n</summary><author><name>Ada Müster</name>"
        f"<arxiv:affiliation {space}>A Univ.</arxiv:affiliation></author>{own}"
        f'<link href="http://arxiv.org/abs/{name}" rel="alternate" type="text/html"/>'
        '<category term="cond-mat.supr-con" scheme="http://arxiv.org/schemas/atom"/></entry>'
    )


def feed(*entries: str, total: int) -> bytes:
    """A feed of the query API."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">'
        "<title>ArXiv Query: search_query=ti:made</title><id>http://arxiv.org/api/x</id>"
        '<opensearch:totalResults xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/">'
        f"{total}</opensearch:totalResults>{''.join(entries)}</feed>"
    ).encode()
