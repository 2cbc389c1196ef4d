"""The API against its own description: schemathesis makes requests of every kind it allows."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)
from schemathesis.specs.openapi.schemas import OpenApiSchema

from scmine.database.store import open_database
from scmine.web.app import create_app
from scmine.web.options import WebOptions
from scmine.web.routes import api
from tests.web.conftest import document

CHECKS = [
    schemathesis.checks.not_a_server_error,
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
]


@pytest.fixture(scope="module")
def description(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenApiSchema]:
    """The description of an application over a database of its own."""
    with open_database(tmp_path_factory.mktemp("api") / "api.db") as database:
        database.save_document(database.start_run("5"), document())
        app = create_app(database, WebOptions(names=("testserver",)))
        yield schemathesis.openapi.from_asgi("/api/v1/openapi.json", app)


OPERATIONS = [(m.upper(), path) for path, ms in api.description()["paths"].items() for m in ms]


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_answers_are_as_described(
    description: OpenApiSchema, method: str, path: str, data: st.DataObject
) -> None:
    operation = description[path][method]
    mode = data.draw(st.sampled_from([GenerationMode.POSITIVE, GenerationMode.NEGATIVE]))
    case = data.draw(operation.as_strategy(generation_mode=mode))
    case.call_and_validate(checks=CHECKS)
