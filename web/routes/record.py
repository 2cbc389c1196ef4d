"""One record: its page, editing and judging it, its history; rules and structures it links to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, HTTPException, Query, Request
from fastapi.responses import RedirectResponse
from starlette.datastructures import UploadFile
from starlette.responses import PlainTextResponse, Response

from scmine.database.curation import Curation
from scmine.database.editing import ChangeError
from scmine.database.lookup import structure
from scmine.database.neighbours import neighbours
from scmine.database.record import RecordStatus
from scmine.database.revision import ConflictError, NoChangeError, NotFoundError, Revision
from scmine.database.status import StatusError
from scmine.validator.plausibility.rules import rules
from scmine.validator.structures.stored import stored_cif
from scmine.web import printing, record_words
from scmine.web.dependencies import Db
from scmine.web.known_values import KnownValues
from scmine.web.pages import render
from scmine.web.record_checks import flag
from scmine.web.record_conflict import Choice, choices_between
from scmine.web.record_fields import can_be_unknown, error_types, fields, groups, shown
from scmine.web.record_form import LONGEST, Filled, filled_with, of_formula, read_form
from scmine.web.record_page import RecordPage, claim, record_page
from scmine.web.record_query import read_query
from scmine.web.security import Curator, Role, User, Viewer
from scmine.web.table_view import read_view

router = APIRouter(include_in_schema=False)

OWN_PARAMETERS = frozenset({"done", "a", "b", "group", "after", "then"})
"""Parameters of record pages themselves; all others are those of the search that led there."""

HELPERS: dict[str, Any] = {
    "p": printing,
    "words": record_words,
    "shown": shown,
    "claim": claim,
    "flag": flag,
    "can_be_unknown": can_be_unknown,
}
"""What templates of records call."""


async def _form(request: Request) -> dict[str, str]:
    """The fields of a form that are text, the last of each name."""
    form = await request.form()
    return {name: v for name, v in form.multi_items() if not isinstance(v, UploadFile)}


Form = Annotated[Mapping[str, str], Depends(_form)]


def _known(request: Request, db: Db) -> KnownValues:
    """The reference sets, one for the application."""
    state = request.app.state
    if not hasattr(state, "known_values"):
        state.known_values = KnownValues(db)
    found = state.known_values
    assert isinstance(found, KnownValues)
    return found


Known = Annotated[KnownValues, Depends(_known)]


@router.get("/records/{record_id}")
def show_record(
    request: Request, user: Viewer, db: Db, known: Known, record_id: str, done: str = ""
) -> Response:
    """The page of a record."""
    try:
        page = record_page(db, known, record_id)
    except NotFoundError as error:
        raise HTTPException(404, error.what) from error
    view = read_view(read_query(request.query_params), request.query_params)
    before, behind = neighbours(
        db, record_id, view.query.wanted, sort=view.sort, descending=view.descending
    )
    context = record_context(request, user, page, done) | {"before": before, "behind": behind}
    return render(request, "record.html", user, **context)


def record_context(
    request: Request, user: User, page: RecordPage, done: str = ""
) -> dict[str, Any]:
    """What templates that show a record are given."""
    return {
        **HELPERS,
        "page": page,
        "record": page.record,
        "search": search_of(request),
        "done": _revision_done(page.history, done),
        "can_curate": user.role >= Role.CURATOR,
        "errors": error_types(),
        "judgements": record_words.JUDGEMENTS,
        "fields": fields(),
    }


def _revision_done(history: list[Revision] | Any, done: str) -> Revision | None:
    """The revision that the address says was just made."""
    return next((r for r in history if done and str(r.number) == done), None)


def search_of(request: Request) -> str:
    """The search that led to a record, as a query without what is the record page's own."""
    items = request.query_params.multi_items()
    return urlencode([(name, value) for name, value in items if name not in OWN_PARAMETERS])


def address(path: str, search: str, **more: object) -> str:
    """A path with the search that is carried along and parameters of its own.

    >>> address("/records/r1", "tc_min=5", done=3)
    '/records/r1?tc_min=5&done=3'
    """
    query = "&".join(filter(None, [search, urlencode(more)]))
    return f"{path}?{query}" if query else path


@router.get("/records/{record_id}/edit")
def edit_record(
    request: Request, user: Curator, db: Db, known: Known, record_id: str, group: str = ""
) -> Response:
    """The form of a record, or of one group of its fields."""
    page = _page(db, known, record_id)
    if not page.can_edit:
        raise HTTPException(
            409,
            f"the values of a record that is {page.record.status} cannot be changed; "
            "give it another status first",
        )
    return _edit_page(request, user, page, filled_with(page.record), page.number, group=group)


@router.post("/records/{record_id}/edit")
def save_record(
    request: Request, user: Curator, db: Db, known: Known, record_id: str, form: Form
) -> Response:
    """Save what was typed as one revision, or say what stands against it."""
    curation = Curation(db)
    expected = _expected(form)
    base = _revision(curation, record_id, expected).record
    filled = read_form(form, base)
    if filled.errors or (filled.doubts and not form.get("anyway")):
        page = _page(db, known, record_id)
        return _edit_page(request, user, page, filled, expected, given=form, status=422)
    try:
        revision = curation.edit(
            record_id,
            filled.changes,
            who=user.name,
            why=form.get("why", "").strip(),
            error_type=form.get("error_type") or None,
            status=form.get("status") or None,
            expected=expected,
        )
    except ChangeError as error:
        raise HTTPException(422, str(error)) from error
    except ConflictError as conflict:
        choices = choices_between(base, conflict.current.record, filled.changes)
        return _conflict_page(request, user, conflict, form, choices)
    except NoChangeError:
        return to(_back(form, record_id, ""))
    except StatusError as error:
        raise HTTPException(409, str(error)) from error
    return to(_back(form, record_id, str(revision.number)))


@router.post("/records/{record_id}/judge")
def judge_record(request: Request, user: Curator, db: Db, record_id: str, form: Form) -> Response:
    """Give a record another status."""
    curation = Curation(db)
    expected = _expected(form)
    _revision(curation, record_id, expected)
    try:
        status = RecordStatus(form.get("status", ""))
        revision = curation.judge(
            record_id,
            status,
            who=user.name,
            why=form.get("why", "").strip(),
            error_type=form.get("error_type") or None,
            expected=expected,
        )
    except ConflictError as conflict:
        return _conflict_page(request, user, conflict, form, [])
    except NoChangeError:
        return to(_back(form, record_id, ""))
    except StatusError as error:
        raise HTTPException(409, str(error)) from error
    except ChangeError as error:
        raise HTTPException(422, str(error)) from error
    except ValueError as error:
        raise HTTPException(422, "choose what to do with the record") from error
    return to(_back(form, record_id, str(revision.number)))


@router.post("/records/{record_id}/undo")
def undo_record(request: Request, user: Curator, db: Db, record_id: str, form: Form) -> Response:
    """Take the last change back."""
    return _turn(request, user, db, record_id, form, "undo")


@router.post("/records/{record_id}/redo")
def redo_record(request: Request, user: Curator, db: Db, record_id: str, form: Form) -> Response:
    """Put what was undone last in force again."""
    return _turn(request, user, db, record_id, form, "redo")


def _turn(
    request: Request, user: User, db: Db, record_id: str, form: Mapping[str, str], what: str
) -> Response:
    curation = Curation(db)
    expected = _expected(form)
    _revision(curation, record_id, expected)
    turn = {"undo": curation.undo, "redo": curation.redo}[what]
    try:
        revision = turn(record_id, who=user.name, expected=expected)
    except ConflictError as conflict:
        return _conflict_page(request, user, conflict, form, [])
    except NoChangeError as error:
        raise HTTPException(409, str(error)) from error
    if form.get("then") == "queue":
        return to(address(f"/queue/{record_id}", search_in(form)))
    return to(address(f"/records/{record_id}", search_in(form), done=revision.number))


@router.get("/records/{record_id}/history")
def show_history(
    request: Request,
    user: Viewer,
    db: Db,
    record_id: str,
    a: int | None = None,
    b: int | None = None,
) -> Response:
    """All revisions of a record, and any two of them compared."""
    curation = Curation(db)
    try:
        history = curation.history(record_id)
        last = history[-1].number
        left, right = (history[0].number if a is None else a), (last if b is None else b)
        changes = curation.difference(record_id, left, right)
    except NotFoundError as error:
        raise HTTPException(404, error.what) from error
    return render(
        request,
        "record_history.html",
        user,
        **HELPERS,
        record=history[-1].record,
        history=history,
        a=left,
        b=right,
        changes=record_words.changes_in_words(changes),
        search=search_of(request),
    )


@router.get("/records/{record_id}/composition")
def show_composition(
    request: Request,
    user: Curator,
    db: Db,
    record_id: str,
    formula: Annotated[str, Query(max_length=LONGEST)] = "",
) -> Response:
    """What follows from a formula that is being typed, as a piece of a page."""
    record = Curation(db).record(record_id)
    if record is None:
        raise HTTPException(404, f"there is no record {record_id}")
    text = " ".join(formula.split())
    follows = of_formula(text, record) if text != (record.formula or "") else {}
    return render(request, "record_composition.html", user, **HELPERS, follows=follows, text=text)


@router.get("/structures/{structure_id}.cif")
def structure_cif(user: Viewer, db: Db, structure_id: str) -> Response:
    """The CIF of a stored structure."""
    stored = structure(db, structure_id)
    if stored is None:
        raise HTTPException(404, f"there is no structure {structure_id}")
    if stored.structure is None:
        raise HTTPException(404, f"this structure has no atoms: it is {stored.verdict}")
    name = f'attachment; filename="{stored.structure_id}.cif"'
    return PlainTextResponse(
        stored_cif(stored), media_type="chemical/x-cif", headers={"Content-Disposition": name}
    )


@router.get("/rules")
def show_rules(request: Request, user: Viewer) -> Response:
    """The rules of the validator."""
    return render(
        request, "rules.html", user, **HELPERS, rules=list(rules().values()), fields=fields()
    )


def _page(db: Db, known: KnownValues, record_id: str) -> RecordPage:
    try:
        return record_page(db, known, record_id)
    except NotFoundError as error:
        raise HTTPException(404, error.what) from error


def _edit_page(
    request: Request,
    user: User,
    page: RecordPage,
    filled: Filled,
    expected: int,
    *,
    group: str = "",
    given: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response:
    """The form, whole or of one group; ``given`` is what was sent and cannot be saved yet."""
    chosen = [g for g in groups() if g.editable and group in ("", g.name)]
    template = "record_group.html" if request.headers.get("HX-Request") else "record_edit.html"
    return render(
        request,
        template,
        user,
        status=status,
        **record_context(request, user, page),
        groups=chosen,
        filled=filled,
        expected=expected,
        given=given or {},
    )


def _conflict_page(
    request: Request,
    user: User,
    conflict: ConflictError,
    form: Mapping[str, str],
    choices: list[Choice],
) -> Response:
    """Theirs and ours side by side; what was typed stays in the form."""
    current = conflict.current
    return render(
        request,
        "record_conflict.html",
        user,
        status=409,
        **HELPERS,
        record=current.record,
        current=current,
        number=current.number,
        choices=choices,
        given=form,
        changes=record_words.changes_in_words(current.changes),
        what=request.url.path.rpartition("/")[2],
        judgements=record_words.JUDGEMENTS,
        errors=error_types(),
    )


def _revision(curation: Curation, record_id: str, number: int) -> Revision:
    try:
        history = curation.history(record_id)
    except NotFoundError as error:
        raise HTTPException(404, error.what) from error
    found = next((r for r in history if r.number == number), None)
    if found is None and number < history[0].number:
        raise HTTPException(
            409,
            "the paper was read again since you opened this record, and says something else now; "
            "open the record again",
        )
    if found is None:
        raise HTTPException(422, f"record {record_id} has no revision {number}")
    return found


def _expected(form: Mapping[str, str]) -> int:
    """The revision that the person saw."""
    text = form.get("expected", "")
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise HTTPException(422, "the form does not say which revision it shows; open it again")
    return int(text)


def search_in(form: Mapping[str, str]) -> str:
    """The search that a form carries along."""
    return form.get("search", "")[:4000]


def _back(form: Mapping[str, str], record_id: str, done: str) -> str:
    """Where a form leads once it is saved: the record, or the queue it was opened from."""
    more = {"done": done} if done else {}
    if form.get("then") == "queue":
        more = {"done": f"{record_id}:{done}"} if done else {}
        return address("/queue/next", search_in(form), after=record_id, **more)
    return address(f"/records/{record_id}", search_in(form), **more)


def to(path: str) -> Response:
    """Lead to a page of ours."""
    return RedirectResponse(path, 303)
