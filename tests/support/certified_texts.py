"""Dantzig's problem, and outputs, as the texts that a certificate reads."""

from __future__ import annotations

import json
from collections.abc import Mapping

from model.certify.lanes import LaneKey
from tests.support.random_texts import Texts

DANTZIG: Texts = {
    "case.toml": 'name = "dantzig"\n',
    "origins.csv": "origin,supply_kt\nSan Diego,600\nSeattle,350\n",
    "sinks.csv": "sink,demand_kt\nChicago,300\nNew York,325\nTopeka,275\n",
    "lanes.csv": (
        "origin,sink,cost_cny_per_t\nSan Diego,Chicago,162\nSan Diego,New York,225\n"
        "San Diego,Topeka,126\nSeattle,Chicago,153\nSeattle,New York,225\nSeattle,Topeka,162\n"
    ),
}
DANTZIG_FLOWS = {
    ("San Diego", "New York"): 275,
    ("San Diego", "Topeka"): 275,
    ("Seattle", "Chicago"): 300,
    ("Seattle", "New York"): 50,
}


def flows_text(flows: Mapping[tuple[str, ...], object]) -> str:
    rows = [",".join([*(*key, "", "")[:4], str(kt)]) for key, kt in flows.items()]
    return "\n".join(["origin,sink,mode,route,ship_kt", *rows]) + "\n"


def outputs(flows: Mapping[tuple[str, ...], object], **certificate: object) -> Texts:
    return {"flows.csv": flows_text(flows), "certificate.json": json.dumps(certificate)}


def basis_of(columns: Mapping[tuple[str, ...], str], rows: Mapping[str, str]) -> dict[str, object]:
    fields = LaneKey._fields
    return {
        "columns": [
            dict(zip(fields, (*key, "", "")[:4], strict=True)) | {"at": at}
            for key, at in columns.items()
        ],
        "rows": [{"row": row, "at": at} for row, at in rows.items()],
    }


DANTZIG_BASIS = basis_of(
    dict.fromkeys(DANTZIG_FLOWS, "basic"),
    {
        "supply_limit[San Diego]": "basic",
        "supply_limit[Seattle]": "upper",
        "demand_met[Chicago]": "lower",
        "demand_met[New York]": "lower",
        "demand_met[Topeka]": "lower",
    },
)
