"""The pages of papers as a browser without scripts gets them: list, paper, file, a new record."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from scmine.database.curation import Curation
from scmine.database.layer_packing import DocumentLayers, pack
from scmine.database.papers import Papers
from scmine.database.results import DocumentResult
from scmine.database.sessions import Tokens
from scmine.database.store import Database, open_database
from scmine.database.users import Role, Users
from scmine.extractors.document import Cell, Passage, PassageKind, Table
from scmine.pipelines import ingest
from scmine.web.app import create_app
from scmine.web.options import WebOptions
from tests.web.conftest import DOC_ID
from tests.web.papers import read_paper, sha256, write_paper


@pytest.fixture
def path(database: Database, tmp_path: Path) -> Path:
    """The file of a paper that was read."""
    path = write_paper(tmp_path)
    database.save_document(database.start_run("5"), read_paper(path))
    return path


@pytest.fixture
def doc_id(path: Path) -> str:
    """The paper's id."""
    return sha256(path)


def _client(database: Database, options: WebOptions | None = None) -> TestClient:
    return TestClient(create_app(database, options), base_url="http://127.0.0.1:8000")


def _hidden(page: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))


def test_the_list_escapes_titles_and_leads_to_papers(client: TestClient):
    page = client.get("/papers").text
    assert "Two &lt;superconductors&gt;" in page
    assert "<superconductors>" not in page
    assert f'href="/papers/{DOC_ID}"' in page


@pytest.mark.parametrize(
    ("query", "number"), [("text=two", 1), ("text=none", 0), ("status=done", 1), ("page=2", 0)]
)
def test_the_list_is_filtered_by_its_address(client: TestClient, query: str, number: int):
    page = client.get(f"/papers?{query}").text
    assert page.count(f'href="/papers/{DOC_ID}"') == number


@pytest.mark.parametrize("query", ["sort=nothing", "page=0", "page=x", f"text={'x' * 300}"])
def test_an_address_that_cannot_be_is_refused(client: TestClient, query: str):
    assert client.get(f"/papers?{query}").status_code == 422


def test_a_paper_without_layers_shows_what_is_stored_and_what_to_do(client: TestClient):
    page = client.get(f"/papers/{DOC_ID}").text
    assert "MgB2 becomes superconducting at 39 K" in page
    assert "scmine ingest --force" in page
    assert "scmine serve --papers DIR" in page
    assert page.count('data-record="') == 2


@pytest.mark.parametrize("part", ["", "/highlights", "/file", "/add?text=MgB2"])
@pytest.mark.parametrize("name", ["0" * 64, "..%2f..%2fetc%2fpasswd", "x"])
def test_an_unknown_paper_is_a_page_that_says_so(client: TestClient, name: str, part: str):
    answer = client.get(f"/papers/{name}{part}")
    assert answer.status_code == 404
    assert "root:" not in answer.text


def test_the_pages_of_a_pdf_are_drawn_and_its_text_is_there_too(client: TestClient, doc_id: str):
    page = client.get(f"/papers/{doc_id}").text
    assert 'data-view="pages"' in page
    text = client.get(f"/papers/{doc_id}?view=text").text
    assert 'data-view="text"' in text
    assert re.search(r'<span class="mention label-material "[^>]*>LaH10</span>', text)
    assert re.search(r'<span class="mention label-tcValue "[^>]*>250 K</span>', text)


def test_highlights_join_records_mentions_and_links(client: TestClient, doc_id: str):
    found = client.get(f"/papers/{doc_id}/highlights").json()
    by_id = {r["id"]: r for r in found["records"]}
    record = next(r for r in Papers(client.app.state.database).records(doc_id) if r.tc_K == 250.0)
    said = {found["mentions"][n]["text"] for n in by_id[record.record_id]["mentions"]}
    assert {"LaH10", "250 K", "170 GPa"} <= said
    linked = [{found["mentions"][n]["text"] for n in link} for link in found["links"]]
    assert {"LaH10", "250 K"} in linked
    mention = next(m for m in found["mentions"] if m["text"] == "LaH10")
    ((page, x0, y0, x1, y1),) = mention["boxes"]
    # The fourth line of the page, whose first stands on y = 720, with 13.75 points between lines.
    assert page == 1
    assert y0 < 792 - 720 + 3 * 13.75 < y1
    assert 72 < x0 < x1 < 300


def test_the_file_is_given_whole_and_in_ranges(client: TestClient, path: Path, doc_id: str):
    answer = client.get(f"/papers/{doc_id}/file")
    assert answer.content == path.read_bytes()
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"] == "inline"
    assert answer.headers["x-content-type-options"] == "nosniff"
    part = client.get(f"/papers/{doc_id}/file", headers={"Range": "bytes=0-3"})
    assert (part.status_code, part.content) == (206, b"%PDF")
    assert client.head(f"/papers/{doc_id}/file").headers["accept-ranges"] == "bytes"
    far = client.get(f"/papers/{doc_id}/file", headers={"Range": "bytes=99999999-"})
    assert far.status_code == 416


def test_a_file_that_changed_is_not_given_out(client: TestClient, path: Path, doc_id: str):
    path.write_bytes(path.read_bytes() + b" ")
    answer = client.get(f"/papers/{doc_id}/file")
    assert answer.status_code == 404
    assert "scmine serve --papers DIR" in answer.text
    assert 'data-view="text"' in client.get(f"/papers/{doc_id}").text


def test_a_file_that_moved_is_found_in_the_folder_given(
    database: Database, path: Path, doc_id: str, tmp_path: Path
):
    content = path.read_bytes()
    folder = tmp_path / "now"
    folder.mkdir()
    path.rename(folder / "renamed.pdf")
    with _client(database, WebOptions(papers=(folder,))) as client:
        assert client.get(f"/papers/{doc_id}/file").content == content


def test_a_path_from_another_folder_is_taken_from_that_of_the_database(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    path = write_paper(tmp_path)
    monkeypatch.chdir(tmp_path)
    database.save_document(database.start_run("5"), read_paper(Path(path.name)))
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    with _client(database) as client:
        assert client.get(f"/papers/{sha256(path)}/file").content == path.read_bytes()


def test_only_pdfs_are_given_out(database: Database, tmp_path: Path):
    path = tmp_path / "paper.md"
    path.write_text("# On MgB2\n\nMgB2 superconducts below <b>39 K</b>.\n")
    database.save_document(database.start_run("5"), read_paper(path))
    with _client(database) as client:
        assert client.get(f"/papers/{sha256(path)}/file").status_code == 404
        page = client.get(f"/papers/{sha256(path)}").text
    assert "MgB2" in page
    assert "<b>39" not in page


def test_tables_are_shown_with_a_way_to_add_each_row(database: Database, path: Path, doc_id: str):
    heads = (Cell("Material", is_header=True), Cell("Tc (K)", is_header=True))
    table = Table(rows=(heads, (Cell("V3Si"), Cell("17.1"))), caption="Tc of <i>some</i>.")
    passage = Passage(PassageKind.PARAGRAPH, "See the table.")
    layers = DocumentLayers(passages=(passage,), mentions=((),), links=((),), tables=(table,))
    result = replace(read_paper(path), layers=pack(layers))
    database.save_document(database.start_run("5"), result)
    with _client(database) as client:
        page = client.get(f"/papers/{doc_id}?view=text").text
        assert "Tc of &lt;i&gt;some&lt;/i&gt;." in page
        assert page.count('class="row-add"') == 1
        form = client.get(f"/papers/{doc_id}/add?table=0&row=1").text
    assert "Material | Tc (K) || V3Si | 17.1" in form
    assert re.search(r'name="tc_K" value="17.1"', form)
    assert re.search(r'name="raw_material" value="V3Si"', form)


def _first_sentence(client: TestClient, doc_id: str, text: str) -> dict[str, int]:
    found = client.get(f"/papers/{doc_id}/highlights").json()
    mention = next(m for m in found["mentions"] if m["text"] == text)
    return {name: mention[name] for name in ("passage", "start", "end")}


def test_a_record_is_added_without_scripts(client: TestClient, database: Database, doc_id: str):
    where = _first_sentence(client, doc_id, "LaH10")
    page = client.get(f"/papers/{doc_id}/add", params=where).text
    assert "The transition of LaH10 was seen at Tc = 250 K under a pressure of 170 GPa." in page
    for name, value in (("formula", "LaH10"), ("tc_K", "250"), ("pressure_GPa", "170")):
        assert f'name="{name}" value="{value}"' in page
    form = _hidden(page) | {"raw_material": "LaH10", "tc_K": "251", "evidence": "measured"}
    answer = client.post(f"/papers/{doc_id}/add", data=form, follow_redirects=False)
    assert answer.status_code == 303
    place, _, record_id = answer.headers["location"].partition("#record=")
    assert place == f"/papers/{doc_id}"
    record = Curation(database).record(record_id)
    assert record is not None
    assert (record.raw_material, record.tc_K, record.status) == ("LaH10", 251.0, "curated")
    assert (record.page, record.source) == (1, "text")
    assert record.sentence.startswith("The transition of LaH10")
    assert record.boxes
    found = client.get(f"/papers/{doc_id}/highlights").json()
    own = next(r for r in found["records"] if r["id"] == record_id)
    assert "LaH10" in {found["mentions"][n]["text"] for n in own["mentions"]}
    again = client.post(f"/papers/{doc_id}/add", data=form)
    assert again.status_code == 422
    assert "was added before" in again.text


def test_a_script_gets_the_form_alone_and_the_id(client: TestClient, doc_id: str):
    where = _first_sentence(client, doc_id, "NbN") | {"part": "form"}
    form = client.get(f"/papers/{doc_id}/add", params=where).text
    assert form.lstrip().startswith("<form")
    answer = client.post(
        f"/papers/{doc_id}/add?part=form",
        data=_hidden(form) | {"raw_material": "NbN"},
        headers={"Accept": "application/json"},
    )
    assert answer.status_code == 201
    assert answer.json()["record_id"]


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"raw_material": "", "tc_K": "3"}, "material as printed"),
        ({"raw_material": "NbN", "tc_K": "warm"}, "“warm” is no number"),
        ({"raw_material": "NbN", "tc_K": "-3"}, "below 0"),
    ],
)
def test_what_cannot_be_is_said_and_what_was_typed_stays(
    client: TestClient, doc_id: str, values: dict[str, str], message: str
):
    page = client.get(f"/papers/{doc_id}/add", params=_first_sentence(client, doc_id, "NbN")).text
    answer = client.post(f"/papers/{doc_id}/add", data=_hidden(page) | values)
    assert answer.status_code == 422
    assert message in answer.text
    assert f'name="tc_K" value="{values["tc_K"]}"' in answer.text


def test_a_value_that_the_checks_doubt_needs_a_second_yes(client: TestClient, doc_id: str):
    page = client.get(f"/papers/{doc_id}/add", params=_first_sentence(client, doc_id, "NbN")).text
    values = _hidden(page) | {"raw_material": "NbN", "formula": "NbN", "tc_K": "5000"}
    answer = client.post(f"/papers/{doc_id}/add", data=values)
    assert answer.status_code == 422
    assert 'name="anyway"' in answer.text
    answer = client.post(
        f"/papers/{doc_id}/add", data=values | {"anyway": "1"}, follow_redirects=False
    )
    assert answer.status_code == 303


@pytest.mark.parametrize(
    "query",
    [
        "",
        "passage=99&start=0&end=1",
        "passage=0&start=5&end=2",
        "passage=x&start=0&end=1",
        "table=0&row=0",
        "page=1&boxes=1,2,3",
        "page=1&boxes=nan,0,1,1",
        "page=1&boxes=" + ";".join(["1,2,3,4"] * 200),
    ],
)
def test_a_selection_that_cannot_be_is_refused(client: TestClient, doc_id: str, query: str):
    assert client.get(f"/papers/{doc_id}/add?{query}").status_code == 422


def test_boxes_on_a_page_select_the_sentence_that_stands_there(client: TestClient, doc_id: str):
    found = client.get(f"/papers/{doc_id}/highlights").json()
    mention = next(m for m in found["mentions"] if m["text"] == "LaH10")
    page, *edges = mention["boxes"][0]
    where = {"page": page, "boxes": ",".join(map(str, edges)), "text": "other words"}
    form = client.get(f"/papers/{doc_id}/add", params=where).text
    assert "<blockquote>The transition of LaH10 was seen" in form


def test_where_no_text_is_known_what_is_selected_is_the_sentence(client: TestClient):
    text = "Nb3Sn superconducts <at> 18 K."
    form = client.get(f"/papers/{DOC_ID}/add", params={"text": text}).text
    assert "<blockquote>Nb3Sn superconducts &lt;at&gt; 18 K.</blockquote>" in form
    assert 'name="tc_K" value="18"' in form


@pytest.fixture
def tokens(database: Database) -> dict[Role, dict[str, str]]:
    """The headers of an admin, a curator and a viewer."""
    users, made = Users(database), {}
    for role in (Role.ADMIN, Role.CURATOR, Role.VIEWER):
        user = users.add(role.name.lower(), "a long passphrase", role, by="test")
        secret = Tokens(database).make(user, "test", by="test")
        made[role] = {"Authorization": f"Bearer {secret}"}
    return made


def test_viewers_read_and_curators_add(
    database: Database, doc_id: str, tokens: dict[Role, dict[str, str]]
):
    viewer, curator = tokens[Role.VIEWER], tokens[Role.CURATOR]
    with _client(database) as client:
        assert client.get(f"/papers/{doc_id}/file", follow_redirects=False).status_code == 303
        for part in ("", "/highlights", "/file"):
            assert client.get(f"/papers/{doc_id}{part}", headers=viewer).status_code == 200
        assert "data-may-add" not in client.get(f"/papers/{doc_id}", headers=viewer).text
        form = {"text": "NbN", "raw_material": "NbN"}
        url = f"/papers/{doc_id}/add"
        assert client.get(f"{url}?text=NbN", headers=viewer).status_code == 403
        assert client.post(url, data=form, headers=viewer).status_code == 403
        answer = client.post(url, data=form, headers=curator, follow_redirects=False)
        assert answer.status_code == 303
        record_id = answer.headers["location"].partition("#record=")[2]
    assert Curation(database).history(record_id)[-1].who == "curator"


def test_layers_that_are_damaged_are_told(database: Database, path: Path, doc_id: str):
    result: DocumentResult = replace(read_paper(path), layers=b"broken")
    database.save_document(database.start_run("5"), result)
    with _client(database) as client:
        found = client.get(f"/papers/{doc_id}/highlights").json()
        page = client.get(f"/papers/{doc_id}?view=text").text
    assert (found["mentions"], len(found["records"])) == ([], len(result.records))
    assert "scmine ingest --force" in page


def test_a_source_that_has_a_pdf_is_shown_on_its_pages(tmp_path: Path, root: Path):
    folder = tmp_path / "papers"
    folder.mkdir()
    for ending in ("tex", "pdf"):
        shutil.copy(root / f"examples/alloy_onecolumn.{ending}", folder)
    ingest(folder, db=tmp_path / "web.db", workers=1)
    with open_database(tmp_path / "web.db") as database, _client(database) as client:
        (paper,) = Papers(database).page()
        assert paper.path.endswith(".tex")
        assert 'data-view="pages"' in client.get(f"/papers/{paper.doc_id}").text
        content = client.get(f"/papers/{paper.doc_id}/file").content
    assert content == (folder / "alloy_onecolumn.pdf").read_bytes()
