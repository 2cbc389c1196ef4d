"""A row of SuperCon²'s CSV as values of our columns, its numbers read as those of papers are.

The columns are those of the published file (supercon2_v22.12.03.csv, github.com/lfoppiano/supercon)
and of its curation interface (github.com/lfoppiano/supercon2), in any spelling of capitals. What
we write in these columns lives in ``scmine.database.supercon2``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from scmine.database.import_rows import stable_doc_id
from scmine.database.import_values import Reason, RowError, typed
from scmine.database.record import Evidence, PressureKind, make_record_id
from scmine.database.revision import ErrorType
from scmine.extractors.claim import Claim
from scmine.extractors.quantities import Quantity, parse_quantity
from scmine.extractors.tc_fields import pressure_fields, tc_fields
from scmine.extractors.tc_methods import tc_method_of
from scmine.pipelines.curate import composition_of

EXTRACTOR = "supercon2"

_TEXTS = {
    "rawmaterial": "raw_material",
    "name": "name",
    "formula": "formula",
    "doping": "doping",
    "shape": "shape",
    "materialclass": "material_class",
    "fabrication": "fabrication",
    "substrate": "substrate",
    "spacegroup": "space_group",
    "crystalstructure": "crystal_structure",
    "section": "section",
    "sentence": "sentence",
    "title": "title",
    "doi": "doi",
    "publisher": "publisher",
    "journal": "journal",
}
"""Their columns, in small letters, whose text is one of ours."""

_JUDGED = ("id", "status", "error_type", "errortype", "type", "timestamp")
"""Columns that may change while a row goes on saying the same."""

_ERRORS = {"anomaly_detection": ErrorType.ANOMALY}
"""Their names of errors that are not ours; the others are alike but for blanks and capitals."""

_SHA256 = re.compile(r"[0-9a-f]{64}")
_MONGO_ID = re.compile(r"[0-9a-f]{24}")
_NEXT_VARIABLE = re.compile(r"[,;]\s*(?=[^=,;]{1,40}=)")
_CALCULATED = re.compile(r"calc|predict|theor|simulat|comput|first.principles|ab.initio", re.I)


def read_supercon2(row: Mapping[str, Any]) -> dict[str, Any]:
    """What a row says, by our columns.

    A Tc and a pressure are read with their printed units; one without a unit leaves its number
    unknown, with a flag. The id of the record follows from SuperCon²'s own where that is one of
    its database, else from what the row says.

    Raises
    ------
    RowError
        There is no Tc, or a Tc or pressure that cannot be read, or a word that we do not know.

    >>> found = read_supercon2({"rawMaterial": "MgB2", "criticalTemperature": "39 K", "doi": "x"})
    >>> found["tc_K"], found["superconducting"]
    (39.0, True)
    """
    said = {name.strip().lower(): value for name, value in row.items()}
    values: dict[str, Any] = {
        ours: said[theirs] for theirs, ours in _TEXTS.items() if said.get(theirs)
    }
    values |= _paper(said)
    values |= _numbers(said)
    values |= _method(said)
    if formula := values.get("formula"):
        values["composition"] = composition_of(formula) or {}
    values.setdefault("raw_material", values.get("formula") or values.get("name"))
    if said.get("variables"):
        values["variables"] = _variables(said["variables"])
    values["extractor"] = EXTRACTOR
    if said.get("status"):
        values["status"] = said["status"].strip().lower()
    if error := said.get("error_type") or said.get("errortype"):
        word = re.sub(r"[\s-]+", "_", error.strip().lower())
        values["error_type"] = str(_ERRORS.get(word, word))
    values["record_id"] = _record_id(said, values)
    return values


def _variables(text: str) -> dict[str, str]:
    """Variables and their values; a value may be a list.

    >>> _variables("M=Nb, Ta, x=0.1")
    {'M': 'Nb, Ta', 'x': '0.1'}
    """
    pairs = (part.partition("=") for part in _NEXT_VARIABLE.split(text))
    return {name.strip(): value.strip() for name, sign, value in pairs if sign}


def _paper(said: Mapping[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    if authors := said.get("authors"):
        separator = ";" if ";" in authors else ","
        values["authors"] = [name.strip() for name in authors.split(separator) if name.strip()]
    if said.get("year"):
        values["year"] = typed("year", said["year"])
    digest = (said.get("hash") or "").strip()
    path = said.get("path") or said.get("filename")
    if path:
        values["path"] = path
    if _SHA256.fullmatch(digest):
        values["doc_id"] = digest
    elif not said.get("doi") and digest:
        # Their hash is a shorter one; it still tells papers apart.
        values["doc_id"] = stable_doc_id({"path": f"{EXTRACTOR}:{digest}"})
    return values


def _numbers(said: Mapping[str, Any]) -> dict[str, Any]:
    """Tc and pressure, read as `scmine.extractors.tc_fields` reads those of papers."""
    tc_text = (said.get("criticaltemperature") or "").strip()
    pressure_text = (said.get("appliedpressure") or "").strip()
    tc = parse_quantity(tc_text, "temperature") if tc_text else None
    if tc is None:
        raise RowError(Reason.TC_NOT_READ, tc_text, "criticalTemperature")
    _check_not_below_zero(tc, "criticalTemperature", tc_text)
    stated = {"tc": tc_text, "pressure": pressure_text}
    claim = Claim(
        material="",
        values={name: text for name, text in stated.items() if text},
        source="text",
        section="",
        sentence="",
        page=None,
        boxes=(),
        extractor=EXTRACTOR,
        confidence=1.0,
        hints={"pressure_kind": PressureKind.APPLIED.value},
    )
    flags: list[str] = []
    values = tc_fields(claim, tc, flags)
    if pressure_text:
        pressure = parse_quantity(pressure_text, "pressure")
        if pressure is None:
            # A Tc under a pressure that is not known would pass for one without.
            raise RowError(Reason.PRESSURE_NOT_READ, pressure_text, "appliedPressure")
        values |= pressure_fields(claim, pressure, flags)
    return values | {"flags": list(dict.fromkeys(flags))}


def _check_not_below_zero(tc: Quantity, column: str, text: str) -> None:
    numbers = (tc.value, tc.minimum, tc.maximum)
    if any(number is not None and number < 0 for number in numbers) or "unphysical" in tc.flags:
        raise RowError(Reason.NEGATIVE, text, column)


def _method(said: Mapping[str, Any]) -> dict[str, Any]:
    """How the Tc was found; the name of a theory says that it was calculated."""
    method = (said.get("criticaltemperaturemeasurementmethod") or "").strip()
    if not method:
        return {}
    theory = tc_method_of(method)
    if theory is not None:
        return {"evidence": Evidence.CALCULATED.value, "tc_method": theory}
    if _CALCULATED.search(method):
        return {"evidence": Evidence.CALCULATED.value}
    return {"evidence": Evidence.MEASURED.value, "measurement_method": method}


def _record_id(said: Mapping[str, Any], values: Mapping[str, Any]) -> str:
    own = (said.get("id") or "").strip()
    if _MONGO_ID.fullmatch(own):
        return make_record_id(EXTRACTOR, own)
    what = {name: value for name, value in sorted(said.items()) if value and name not in _JUDGED}
    return make_record_id(EXTRACTOR, values.get("doc_id"), what)
