"""Exact certificates: what a run's files prove to someone who trusts neither model nor solver.

Standard library only; no other module of this program is imported. Everything is derived anew from
the text of `inputs/` and of the run's outputs, in rational numbers:

- reading, selection, paths, program, lanes: the linear program and any lane of it;
- elimination, plan, basis: flows and duals of the final basis, solved exactly;
- explicit, routes, bound: reduced costs of all lanes on offer, and the bound that duals prove;
- proof, certificate, infeasible: what is proved, in a word;
- corner, ratio, marginals: exact left and right marginal values, by pivots from the basis;
- figures, observed, ledger, manifest: every other figure and file of a run;
- siting: what a run has chosen to build, and what it costs;
- stored, disagreement, check_*, verify: a stored run against all of these.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from model.certify.certificate import certify_texts
from model.certify.disagreement import Disagreement
from model.certify.reading import read_texts
from model.certify.siting import solved_inputs
from model.certify.verify import verify

__all__ = ["Disagreement", "certify", "certify_content", "verify"]


def certify(folder: Path) -> dict[str, Any]:
    """What the files of a run folder prove: `inputs/`, `flows.csv`, `certificate.json`.

    Examples
    --------
    ::

        certificate["found"] = certify(run_folder)
    """
    return certify_content(solved_inputs(folder), read_texts(folder))


def certify_content(inputs: Mapping[str, str], outputs: Mapping[str, str]) -> dict[str, Any]:
    """The same for texts in memory, by file name, before a folder is written."""
    return certify_texts(inputs, outputs)
