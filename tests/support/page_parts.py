"""What a page of the sample result shows: studies, the order of sections, a nasty name."""

from __future__ import annotations

NASTY = "<script>alert(1)</script>"
CURVES = [
    {"place": "Yunnan", "from_kt": 0.0, "to_kt": 400.0, "value_cny_per_t": 430.0, "moves": "less"},
    {"place": "Yunnan", "from_kt": 400.0, "to_kt": 1500.0, "value_cny_per_t": 210.0, "moves": ""},
    {"place": "Qinghai", "from_kt": 0.0, "to_kt": 1500.0, "value_cny_per_t": 120.0, "moves": ""},
]
RANGES = [
    {"within": 0.01, "kind": kind, "origin": "Henan", "sink": sink}
    | {"low_kt": low, "high_kt": high, "ship_kt": ship}
    for kind, sink, low, high, ship in (
        ("pair", "Yunnan", 500.0, 772.0, 772.0),
        ("pair", "Qinghai", 0.0, 480.0, 80.0),
        ("pair", "Guizhou", 0.0, 0.0, 0.0),
        ("outflow", "", 500.0, 860.0, 852.0),
    )
]
RESTS_ON = [
    {"assumption": "Rail tariff", "cost_at_low_mcny": 900.0, "cost_at_high_mcny": 1500.0},
    {"assumption": "Ocean freight", "cost_at_low_mcny": 1100.0, "cost_at_high_mcny": 1200.0},
]
STUDIES = {"curves": CURVES, "ranges": RANGES, "rests_on": RESTS_ON}
ORDER = [
    "answer", "headlines", "world", "who", "throughput", "balance", "prices", "lanes", "changes",
    "companion", "ledger", "assumptions", "sources", "certificate", "computed",
]  # fmt: skip
