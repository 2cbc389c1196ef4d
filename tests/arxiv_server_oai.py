"""OAI-PMH 2.0 as arXiv speaks it, with the formats arXivRaw (with versions) and arXiv.

After openarchives.org/OAI/openarchivesprotocol.html and info.arxiv.org/help/oa/.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlencode
from xml.sax.saxutils import escape

from tests.arxiv_server_papers import LICENCE, MadePaper

EARLIEST = date(2005, 9, 16)
_FORMATS = ("arXivRaw", "arXiv")
_SETS = {
    "physics": "Physics",
    "physics:cond-mat": "Condensed Matter",
    "physics:cond-mat:supr-con": "Superconductivity",
    "physics:cond-mat:mtrl-sci": "Materials Science",
    "physics:cond-mat:str-el": "Strongly Correlated Electrons",
    "physics:hep-th": "High Energy Physics - Theory",
    "cs": "Computer Science",
    "cs:cs:CL": "Computation and Language",
}
_ALONE = frozenset({"hep-th", "hep-ph", "hep-ex", "quant-ph", "gr-qc", "math-ph"})


class OaiError(Exception):
    """A request that OAI-PMH answers with an error, by its code."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True)
class _Place:
    """Where a listing stands, for a resumption token."""

    args: dict[str, str]
    skip: int
    until: datetime


class Oai:
    """The answers; ``page_size`` records come at once, tokens live for ``token_life_s``."""

    def __init__(self, papers: dict[str, MadePaper], now: Callable[[], datetime]) -> None:
        self.papers = papers
        self.page_size = 3
        self.token_life_s = 3600.0
        self._now = now
        self._tokens: dict[str, _Place] = {}
        self._numbers = itertools.count(1)

    def expire_tokens(self) -> None:
        """Forget where all listings stand."""
        self._tokens.clear()

    def answer(self, args: Mapping[str, str], base: str) -> str:
        """The XML for a request."""
        try:
            told = self._told(args, base)
        except OaiError as error:
            told = f'<error code="{error.code}">{escape(str(error))}</error>'
        stamp = self._now().strftime("%Y-%m-%dT%H:%M:%SZ")
        asked = "".join(f' {escape(k)}="{escape(v, {chr(34): "&quot;"})}"' for k, v in args.items())
        return (
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/" '
            'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation='
            '"http://www.openarchives.org/OAI/2.0/ '
            'http://www.openarchives.org/OAI/2.0/OAI-PMH.xsd">\n'
            f"<responseDate>{stamp}</responseDate>\n<request{asked}>{escape(base)}</request>\n"
            f"{told}\n</OAI-PMH>\n"
        )

    def _told(self, args: Mapping[str, str], base: str) -> str:
        match args.get("verb"):
            case "Identify":
                return _identify(base)
            case "ListSets":
                sets = (
                    f"<set><setSpec>{k}</setSpec><setName>{v}</setName></set>"
                    for k, v in _SETS.items()
                )
                return f"<ListSets>{''.join(sets)}</ListSets>"
            case "ListMetadataFormats":
                formats = (
                    f"<metadataFormat><metadataPrefix>{k}</metadataPrefix><schema>"
                    f"http://arxiv.org/OAI/{k}.xsd</schema><metadataNamespace>"
                    f"http://arxiv.org/OAI/{k}/</metadataNamespace></metadataFormat>"
                    for k in _FORMATS
                )
                return f"<ListMetadataFormats>{''.join(formats)}</ListMetadataFormats>"
            case "GetRecord":
                return self._record(args)
            case "ListRecords" | "ListIdentifiers":
                return self._list(dict(args))
        raise OaiError("badVerb", f"Bad verb: {args.get('verb')}")

    def _record(self, args: Mapping[str, str]) -> str:
        prefix = _format(args)
        paper = self.papers.get(args.get("identifier", "").removeprefix("oai:arXiv.org:"))
        if paper is None:
            raise OaiError("idDoesNotExist", "Nothing was found for the identifier")
        return f"<GetRecord>{_record(paper, prefix)}</GetRecord>"

    def _list(self, args: dict[str, str]) -> str:
        skip = 0
        if token := args.pop("resumptionToken", None):
            if set(args) != {"verb"}:
                raise OaiError("badArgument", "resumptionToken is an exclusive argument")
            place = self._tokens.get(token)
            if place is None or place.until < self._now() or place.args["verb"] != args["verb"]:
                raise OaiError("badResumptionToken", "The resumption token is not valid any more")
            args, skip = place.args, place.skip
        prefix, papers = _format(args), self._chosen(args)
        if not papers[skip:]:
            raise OaiError("noRecordsMatch", "No records match the request")
        shown = papers[skip : skip + self.page_size]
        if args["verb"] == "ListIdentifiers":
            told = "".join(_header(paper) for paper in shown)
        else:
            told = "".join(_record(paper, prefix) for paper in shown)
        more = self._more(args, skip, len(papers))
        return f"<{args['verb']}>{told}{more}</{args['verb']}>"

    def _chosen(self, args: dict[str, str]) -> list[MadePaper]:
        since, until = _day(args.get("from"), EARLIEST), _day(args.get("until"), date.max)
        if since > until:
            raise OaiError("badArgument", "from must not be after until")
        if (spec := args.get("set")) is not None and spec not in _SETS:
            raise OaiError("badArgument", f"There is no set {spec}")
        chosen = [
            paper
            for paper in self.papers.values()
            if since <= paper.changed <= until and (spec is None or spec in _sets(paper))
        ]
        return sorted(chosen, key=lambda paper: (paper.changed, paper.key))

    def _more(self, args: dict[str, str], skip: int, total: int) -> str:
        """The token, which counts nothing and has ``expires``, as arXiv's since 2025."""
        if skip + self.page_size >= total:
            return "<resumptionToken></resumptionToken>" if skip else ""
        until = self._now() + timedelta(seconds=self.token_life_s)
        token = urlencode({**args, "skip": skip + self.page_size, "n": next(self._numbers)})
        self._tokens[token] = _Place(args, skip + self.page_size, until)
        ends = until.strftime("%Y-%m-%dT%H:%M:%SZ")
        return f"<resumptionToken expires='{ends}'>{escape(token)}</resumptionToken>"


def _identify(base: str) -> str:
    return (
        f"<Identify><repositoryName>arXiv</repositoryName><baseURL>{escape(base)}</baseURL>"
        "<protocolVersion>2.0</protocolVersion><adminEmail>help@arxiv.org</adminEmail>"
        f"<earliestDatestamp>{EARLIEST}</earliestDatestamp><deletedRecord>persistent"
        "</deletedRecord><granularity>YYYY-MM-DD</granularity></Identify>"
    )


def _format(args: Mapping[str, str]) -> str:
    prefix = args.get("metadataPrefix")
    if prefix is None:
        raise OaiError("badArgument", "metadataPrefix is missing")
    if prefix not in _FORMATS:
        raise OaiError("cannotDisseminateFormat", f"There is no format {prefix}")
    return prefix


def _day(text: str | None, default: date) -> date:
    if text is None:
        return default
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise OaiError("badArgument", f"{text} is no day") from None


def _sets(paper: MadePaper) -> list[str]:
    """All sets of a paper, with those that hold its own: arXiv lists all of them."""
    found: dict[str, None] = {}
    for category in paper.categories:
        archive, _, rest = category.partition(".")
        group = "physics" if archive == "cond-mat" or archive in _ALONE else archive
        parts = [group, archive, rest] if rest else [group, archive]
        for k in range(1, len(parts) + 1):
            found[":".join(parts[:k])] = None
    return list(found)


def _header(paper: MadePaper) -> str:
    gone = ' status="deleted"' if paper.deleted else ""
    specs = "".join(f"<setSpec>{spec}</setSpec>" for spec in _sets(paper))
    return (
        f"<header{gone}><identifier>oai:arXiv.org:{escape(paper.key)}</identifier>"
        f"<datestamp>{paper.changed}</datestamp>{specs}</header>"
    )


def _record(paper: MadePaper, prefix: str) -> str:
    if paper.deleted:
        return f"<record>{_header(paper)}</record>"
    told = _raw(paper) if prefix == "arXivRaw" else _arxiv(paper)
    return f"<record>{_header(paper)}<metadata>{told}</metadata></record>"


def _raw(paper: MadePaper) -> str:
    versions = "".join(
        f'<version version="v{k}"><date>{_http_date(version.submitted)}</date>'
        f"<size>{version.size_kB}kb</size><source_type>{version.source_type}</source_type>"
        "</version>"
        for k, version in enumerate(paper.versions, start=1)
    )
    authors = [f"{first} {last}" for last, first in paper.authors]
    names = authors[0] if len(authors) == 1 else f"{', '.join(authors[:-1])} and {authors[-1]}"
    told = (
        f"<id>{escape(paper.key)}</id><submitter>{escape(authors[0])}</submitter>{versions}"
        f"<title>{escape(paper.title)}</title><authors>{escape(names)}</authors>{_rest(paper)}"
    )
    return _root("arXivRaw", told)


def _arxiv(paper: MadePaper) -> str:
    authors = "".join(
        f"<author><keyname>{escape(last)}</keyname><forenames>{escape(first)}</forenames></author>"
        for last, first in paper.authors
    )
    created, updated = paper.versions[0].submitted, paper.versions[-1].submitted
    later = f"<updated>{updated}</updated>" if len(paper.versions) > 1 else ""
    told = (
        f"<id>{escape(paper.key)}</id><created>{created}</created>{later}"
        f"<authors>{authors}</authors><title>{escape(paper.title)}</title>{_rest(paper)}"
    )
    return _root("arXiv", told)


def _root(name: str, told: str) -> str:
    space = f"http://arxiv.org/OAI/{name}/"
    return (
        f'<{name} xmlns="{space}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        f'xsi:schemaLocation="{space} http://arxiv.org/OAI/{name}.xsd">{told}</{name}>'
    )


def _rest(paper: MadePaper) -> str:
    parts = {
        "categories": " ".join(paper.categories),
        "comments": paper.comments,
        "journal-ref": paper.journal,
        "doi": paper.doi,
        "license": LICENCE,
        "abstract": f"  {paper.abstract}\n",
    }
    return "".join(f"<{k}>{escape(v)}</{k}>" for k, v in parts.items() if v is not None)


def _http_date(day: date) -> str:
    return datetime(day.year, day.month, day.day, 12).strftime("%a, %d %b %Y %H:%M:%S GMT")
