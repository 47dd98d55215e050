"""Outline files of a case: GeoJSON that the maps of its reports may use in place of their own."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from model.case.errors import BadInput, Fault, quoted
from model.case.names import file_name_fault
from model.case.records import Json
from model.reading.files import is_there, read_utf8

ROLES = ("regions", "surroundings", "world")
_SHAPES = ("Polygon", "MultiPolygon")


def read_outlines(
    names: Iterable[str], folders: Sequence[Path], where: str
) -> tuple[dict[str, str], list[Fault]]:
    """Return the texts of outline files by name, and the faults of those that are none.

    Parameters
    ----------
    names : file names; those that are no plain file names are for others to refuse
    folders : where to look for each, in this order
    where : the place that names them
    """
    texts: dict[str, str] = {}
    faults: list[Fault] = []
    plain = [name for name in names if not file_name_fault(name, where)]
    files = outline_files(plain, folders)
    for name in plain:
        if name not in files:
            rule = "an outline file must stand beside the case"
            faults.append(Fault(where, quoted(name), rule, "put it there, or drop its name"))
            continue
        try:
            text = read_utf8(files[name], name)
        except BadInput as error:
            faults += error.faults
            continue
        if _is_outline(text):
            texts[name] = text
        else:
            rule = "it must be a GeoJSON FeatureCollection of named polygons in degrees"
            remedy = f"write it so, with a top-level member role, one of {', '.join(ROLES)}"
            faults.append(Fault(name, "no outline file", rule, remedy))
    return texts, faults


def outline_files(names: Iterable[str], folders: Sequence[Path]) -> dict[str, Path]:
    """Return the files that there are, by name; the first folder that has one counts."""
    found = {name: [folder / name for folder in folders] for name in names}
    files = {name: next(filter(is_there, paths), None) for name, paths in found.items()}
    return {name: file for name, file in files.items() if file}


def _is_outline(text: str) -> bool:
    try:
        content = json.loads(text)
        is_collection = content["type"] == "FeatureCollection" and content["role"] in ROLES
        return is_collection and all(map(_is_shape, content["features"]))
    except (ValueError, KeyError, TypeError, RecursionError):
        return False


def _is_shape(feature: Json) -> bool:
    name, geometry = feature["properties"]["name"], feature["geometry"]
    coordinates = geometry["coordinates"]
    polygons = [coordinates] if geometry["type"] == "Polygon" else coordinates
    points = [point for polygon in polygons for ring in polygon[:1] for point in ring]
    is_placed = all(abs(float(point[0])) <= 360 and abs(float(point[1])) <= 90 for point in points)
    return isinstance(name, str) and geometry["type"] in _SHAPES and bool(points) and is_placed
