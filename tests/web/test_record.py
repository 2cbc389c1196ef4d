"""The pages of one record: shown, corrected, judged, taken back, compared, exported as a CIF."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape

import pytest
from fastapi.testclient import TestClient
from pymatgen.core import Structure

from scmine.database.curation import Curation
from scmine.database.record import Record, RecordStatus
from scmine.database.store import Database
from scmine.web.record_fields import fields
from tests.web.record_cases import SCRIPT, paper, record_id, save_papers

MGB2 = f"/records/{record_id('MgB2')}"
DOUBTFUL = f"/records/{record_id('doubtful')}"


@pytest.fixture(autouse=True)
def _papers(database: Database) -> None:
    save_papers(database)


def record(database: Database, name: str) -> Record:
    found = Curation(database).record(record_id(name))
    assert found is not None
    return found


def text_of(html: str) -> str:
    """What a person reads on a page."""
    without = re.sub(r"<(script|style)\b.*?</\1>", " ", html, flags=re.S)
    return " ".join(unescape(re.sub(r"<[^>]*>", "", without)).split())


def form_of(html: str) -> dict[str, str]:
    """The fields of the correcting form as a browser would send them."""
    form = re.search(r'<form method="post" action="[^"]*/edit".*?</form>', html, flags=re.S)
    assert form is not None
    sent: dict[str, str] = {}
    for tag in re.findall(r"<input\b[^>]*>", form[0]):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and 'type="checkbox"' not in tag:
            sent[name[1]] = unescape(value[1]) if value else ""
    for name_, options in re.findall(r'<select[^>]*name="(\w+)".*?>(.*?)</select>', form[0], re.S):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        sent[name_] = unescape(chosen[1]) if chosen else ""
    return sent


def test_the_page_says_what_the_paper_says_and_what_was_made_of_it(client: TestClient) -> None:
    html = client.get(MGB2).text
    said = text_of(html)
    assert "Tc = 39 K" in said
    assert "at 1.5 GPa" in said
    assert re.search(r'<mark class="from-raw_tc"[^>]*>39 K</mark>', html)
    assert re.search(r'<mark class="from-raw_material"[^>]*>MgB2</mark>', html)
    assert re.search(r'<mark class="from-lambda"[^>]*>0.87</mark>', html)
    assert "All 2 places" in said
    assert f'href="/papers/{"cd" * 32}#record={record_id("MgB2")}"' in html
    assert f"/api/v1{MGB2}" in html
    for column in fields():
        assert f"<code>{column}</code>" in html


def test_a_row_of_a_table_is_shown_as_a_table(client: TestClient) -> None:
    html = client.get(f"/records/{record_id('LSCO')}").text
    assert re.search(r'<th scope="col">Tc \(K\)</th>', html)
    assert re.search(r'<td><mark class="from-raw_tc"[^>]*>37.5</mark></td>', html)
    assert re.search(r'<td><mark class="from-variables"[^>]*>0.15</mark></td>', html)
    assert "Not in this sentence: the material" in text_of(html)


def test_the_validator_speaks_and_its_rule_is_linked(client: TestClient) -> None:
    html = client.get(DOUBTFUL).text
    assert 'href="/rules#tc_out_of_range"' in html
    assert 'id="tc_out_of_range"' in client.get("/rules").text
    assert "a label or a phrase that the paper ties to no formula" in html


def test_an_unknown_record_is_a_page_that_says_so(client: TestClient) -> None:
    answer = client.get("/records/none-such")
    assert answer.status_code == 404
    assert "there is no record none-such" in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/records/rec-hostile",
        "/records/rec-hostile/edit",
        "/records/rec-hostile/history",
        "/queue",
        "/queue/rec-hostile",
        "/records/rec-hostile/composition?formula=%3Cscript%3E",
        "/records/rec-hostile?text=%3Cscript%3Ealert(1)%3C/script%3E",
    ],
)
def test_text_of_a_paper_stays_text(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text
    assert "<img src=x" not in answer.text
    assert "{{7*7}}" in answer.text or "rec-hostile" not in answer.text
    assert ">49" not in answer.text


def test_hostile_text_that_is_typed_stays_text(client: TestClient, database: Database) -> None:
    form = form_of(client.get(f"{MGB2}/edit").text) | {"doping": SCRIPT, "why": SCRIPT}
    page = client.post(f"{MGB2}/edit", data=form).text
    assert "<script>alert" not in page
    assert record(database, "MgB2").doping == " ".join(SCRIPT.split())
    assert "<script>alert" not in client.get(f"{MGB2}/history").text
    late = client.post(f"{MGB2}/edit", data=form | {"doping": SCRIPT * 2})
    assert late.status_code == 409
    assert "<script>alert" not in late.text


def test_a_correction_is_one_revision_and_can_be_taken_back(
    client: TestClient, database: Database
) -> None:
    form = form_of(client.get(f"{MGB2}/edit").text)
    form |= {"tc_K": "38.6", "raw_tc": "38.6 K", "why": "misread", "error_type": "value_resolution"}
    page = text_of(client.post(f"{MGB2}/edit", data=form).text)
    assert "Saved" in page
    assert "Tc: 39 K → 38.6 K" in page
    corrected = record(database, "MgB2")
    assert (corrected.tc_K, corrected.status) == (38.6, RecordStatus.CURATED)
    history = Curation(database).history(record_id("MgB2"))
    assert [r.why for r in history][1:] == ["misread"]
    undone = text_of(client.post(f"{MGB2}/undo", data={"expected": "1"}).text)
    assert "Revision 1 was undone" in undone
    assert record(database, "MgB2").tc_K == 39.0
    client.post(f"{MGB2}/redo", data={"expected": "2"})
    assert record(database, "MgB2").tc_K == 38.6
    compared = text_of(client.get(f"{MGB2}/history?a=0&b=3").text)
    assert "39 K38.6 K" in compared


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"tc_K": "abc"}, "“abc” is no number"),
        ({"tc_K": "39,5"}, "write 39.5, with a point"),
        ({"tc_K": "-4"}, "below 0"),
        ({"tc_min_K": "40", "tc_max_K": "30"}, "above tc_max_K"),
        ({"raw_material": " "}, "every record needs the material"),
        ({"space_group_number": "231"}, "1 to 230"),
        ({"space_group_number": "12.5"}, "no whole number"),
        ({"variables": "0.15"}, "write x = 0.15"),
        ({"evidence": "guessed"}, "choose one of"),
        ({"tc_K": "1e999"}, "no number that a paper can state"),
    ],
)
def test_what_cannot_be_is_said_beside_the_field_and_nothing_typed_is_lost(
    client: TestClient, database: Database, typed: dict[str, str], said: str
) -> None:
    before = record(database, "MgB2")
    form = form_of(client.get(f"{MGB2}/edit").text) | typed | {"doping": "Al-doped"}
    answer = client.post(f"{MGB2}/edit", data=form)
    assert answer.status_code == 422
    column = next(iter(typed))
    beside = re.search(rf'id="wrong-{column}">(.*?)</p>', answer.text)
    assert beside is not None
    assert said in unescape(beside[1])
    assert form_of(answer.text)["doping"] == "Al-doped"
    assert record(database, "MgB2") == before


def test_no_error_type_is_chosen_for_a_person(client: TestClient, database: Database) -> None:
    form = form_of(client.get(f"{DOUBTFUL}/edit").text)
    assert form["error_type"] == ""
    client.post(f"{DOUBTFUL}/edit", data=form | {"doping": "Al-doped", "anyway": "1"})
    last = Curation(database).history(record_id("doubtful"))[-1]
    assert (last.error_type, last.record.doping) == (None, "Al-doped")


def test_an_implausible_value_is_asked_about_once(client: TestClient, database: Database) -> None:
    form = form_of(client.get(f"{MGB2}/edit").text) | {"tc_K": "3900", "raw_tc": "3900 K"}
    answer = client.post(f"{MGB2}/edit", data=form)
    assert answer.status_code == 422
    assert "save it all the same" in answer.text
    client.post(f"{MGB2}/edit", data=form | {"anyway": "1"})
    assert record(database, "MgB2").tc_K == 3900.0


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"tc_K": "38.9"}, "38.9 K is not what was printed, “39 K”"),
        ({"raw_tc": "38.9 K"}, "39 K is not what was printed, “38.9 K”"),
        ({"pressure_GPa": "1.505"}, "1.505 GPa is not what was printed, “1.5 GPa”"),
        ({"lambda": "0.86"}, "λ = 0.86 is not in the sentence, which has 0.87"),
    ],
)
def test_a_number_that_is_not_the_printed_one_is_asked_about(
    client: TestClient, database: Database, typed: dict[str, str], said: str
) -> None:
    before = record(database, "MgB2")
    form = form_of(client.get(f"{MGB2}/edit").text) | typed
    answer = client.post(f"{MGB2}/edit", data=form)
    assert answer.status_code == 422
    beside = re.search(rf'id="wrong-{next(iter(typed))}">(.*?)</p>', answer.text)
    assert beside is not None
    assert unescape(beside[1]) == said
    assert record(database, "MgB2") == before
    client.post(f"{MGB2}/edit", data=form | {"anyway": "1"})
    assert len(Curation(database).history(record_id("MgB2"))) == 2


def test_a_new_formula_brings_its_composition(client: TestClient, database: Database) -> None:
    seen = client.get(f"{MGB2}/composition", params={"formula": "Mg0.9Al0.1B2"}).text
    assert "Mg 0.9, Al 0.1, B 2" in seen
    form = form_of(client.get(f"{MGB2}/edit").text) | {"formula": "Mg0.9Al0.1B2"}
    client.post(f"{MGB2}/edit", data=form)
    assert record(database, "MgB2").composition == {"Mg": 0.9, "Al": 0.1, "B": 2.0}
    assert "leaves an amount open" in client.get(f"{MGB2}/composition?formula=MgBx").text


def test_a_part_of_the_form_changes_only_its_own_fields(
    client: TestClient, database: Database
) -> None:
    part = client.get(f"{MGB2}/edit?group=coupling", headers={"HX-Request": "true"}).text
    form = form_of(part)
    assert "tc_K" not in form
    client.post(f"{MGB2}/edit", data=form | {"mu_star": "0.1"})
    found = record(database, "MgB2")
    assert (found.mu_star, found.lambda_, found.tc_K) == (0.1, 0.87, 39.0)


def test_only_allowed_steps_are_offered(client: TestClient, database: Database) -> None:
    page = client.get(MGB2).text
    assert 'value="validated"' in page
    client.post(f"{MGB2}/judge", data={"expected": "0", "status": "removed", "why": "twice"})
    assert record(database, "MgB2").status is RecordStatus.REMOVED
    page = client.get(MGB2).text
    assert 'value="validated"' not in page
    assert 'value="curated"' in page
    refused = client.post(f"{MGB2}/judge", data={"expected": "1", "status": "validated"})
    assert refused.status_code == 409
    assert "brought back" in refused.text


def test_rejecting_says_what_went_wrong(client: TestClient, database: Database) -> None:
    answer = client.post(
        f"{MGB2}/judge",
        data={"expected": "0", "status": "invalid", "error_type": "linking", "why": "NbN's"},
    )
    assert "Rejected" in text_of(answer.text)
    found = record(database, "MgB2")
    assert (found.status, found.error_type) == (RecordStatus.INVALID, "linking")


def test_two_persons_at_one_record_lose_nothing(client: TestClient, database: Database) -> None:
    mine = form_of(client.get(f"{MGB2}/edit").text)
    theirs = {"tc_K": 40.0, "doping": "Al"}
    Curation(database).edit(record_id("MgB2"), theirs, who="ada", why="misread", expected=0)
    mine |= {"tc_K": "38.6", "raw_tc": "38.6 K", "shape": "powder", "why": "table 2"}
    page = client.post(f"{MGB2}/edit", data=mine)
    assert page.status_code == 409
    assert "ada changed this record" in text_of(page.text)
    assert record(database, "MgB2").tc_K == 40.0
    for value in ("40", "38.6"):
        assert f'name="tc_K" value="{value}" required>' in page.text
    assert 'name="shape" value="powder" required checked>' in page.text
    assert 'name="doping" value="Al" required checked>' in page.text
    assert 'name="why" maxlength="1000" value="table 2"' in page.text
    chosen = {"tc_K": "38.6", "raw_tc": "38.6 K", "shape": "powder", "doping": "Al"}
    client.post(f"{MGB2}/edit", data=chosen | {"expected": "1", "why": "table 2"})
    found = record(database, "MgB2")
    assert (found.tc_K, found.shape, found.doping) == (38.6, "powder", "Al")


def test_a_form_of_an_earlier_reading_changes_nothing(
    client: TestClient, database: Database
) -> None:
    mine = form_of(client.get(f"{MGB2}/edit").text)
    read = paper()
    other = [
        r.model_copy(update={"tc_K": 41.0}) if r.record_id == record_id("MgB2") else r
        for r in read.records
    ]
    database.save_document(database.start_run("6"), replace(read, records=other))
    answer = client.post(f"{MGB2}/edit", data=mine | {"shape": "powder"})
    assert answer.status_code == 409
    assert "read again" in answer.text
    assert (record(database, "MgB2").tc_K, record(database, "MgB2").status) == (41.0, "new")
    assert client.get(f"{MGB2}/history").status_code == 200
    mine = form_of(client.get(f"{MGB2}/edit").text)
    client.post(f"{MGB2}/edit", data=mine | {"shape": "powder"})
    assert (record(database, "MgB2").tc_K, record(database, "MgB2").shape) == (41.0, "powder")


def test_a_judgement_on_what_changed_meanwhile_is_asked_again(
    client: TestClient, database: Database
) -> None:
    Curation(database).edit(record_id("MgB2"), {"tc_K": 40.0}, who="ada", expected=0)
    page = client.post(f"{MGB2}/judge", data={"expected": "0", "status": "invalid", "why": "no"})
    assert page.status_code == 409
    assert "39 K" in page.text
    assert 'name="expected" value="1"' in page.text
    assert record(database, "MgB2").status is RecordStatus.CURATED


@pytest.mark.parametrize("expected", ["", "x", "-1", "7", "9" * 30])
def test_a_form_that_names_no_revision_changes_nothing(
    client: TestClient, database: Database, expected: str
) -> None:
    answer = client.post(f"{MGB2}/judge", data={"expected": expected, "status": "invalid"})
    assert answer.status_code == 422
    assert record(database, "MgB2").status is RecordStatus.NEW


def test_the_search_that_led_here_is_carried_along(client: TestClient) -> None:
    page = client.get(f"{MGB2}?tc_min=5&done=1").text
    assert 'href="/records?tc_min=5"' in page
    answer = client.post(
        f"{MGB2}/judge",
        data={"expected": "0", "status": "validated", "search": "tc_min=5"},
        follow_redirects=False,
    )
    assert answer.headers["location"] == f"{MGB2}?tc_min=5&done=1"


def test_the_structure_in_words_and_its_cif(client: TestClient) -> None:
    html = client.get(MGB2).text
    said = text_of(html)
    assert "not the paper's own list" in said
    assert "Estimated, not stated in the paper: sites, c" in said
    assert "Space group of the atoms" in said
    assert '"elem": "Mg"' in html
    answer = client.get("/structures/str-mgb2.cif")
    assert answer.status_code == 200
    assert 'filename="str-mgb2.cif"' in answer.headers["content-disposition"]
    read = Structure.from_str(answer.text, fmt="cif")
    assert read.composition.reduced_formula == "MgB2"


@pytest.mark.parametrize("name", ["none", "str-hostile", "..%2f..%2fetc%2fpasswd"])
def test_there_is_no_cif_without_atoms(client: TestClient, name: str) -> None:
    assert client.get(f"/structures/{name}.cif").status_code == 404


def test_a_removed_record_cannot_be_edited_but_brought_back(client: TestClient) -> None:
    client.post(f"{MGB2}/judge", data={"expected": "0", "status": "removed"})
    page = client.get(MGB2).text
    assert f'href="{MGB2}/edit' not in page
    assert client.get(f"{MGB2}/edit").status_code == 409
    client.post(f"{MGB2}/judge", data={"expected": "1", "status": "curated"})
    assert f'href="{MGB2}/edit' in client.get(MGB2).text


def test_the_table_leads_to_records_within_its_search(client: TestClient) -> None:
    table = client.get("/records?source=text&sort=tc_K&order=asc").text
    link = re.search(r'href="(/records/rec-calm[^"]*)"', table)
    assert link is not None
    page = client.get(unescape(link[1])).text
    assert "source=text" in link[1]
    before = re.search(r'rel="prev" href="/records/([^?"]*)', page)
    assert before is None or before[1] != record_id("LSCO")


def test_correcting_from_the_queue_leads_on_in_the_queue(client: TestClient) -> None:
    html = client.get(f"{DOUBTFUL}/edit?then=queue&source=text").text
    assert f'href="/queue/{record_id("doubtful")}?source=text"' in html
    answer = client.post(f"{DOUBTFUL}/edit", data=form_of(html) | {"shape": "film"})
    assert answer.url.path.startswith("/queue/")
    assert "Saved" in answer.text
