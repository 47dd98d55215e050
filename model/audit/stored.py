"""A run as its files have it, read once for all checks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from model.audit.disagreement import SUMS, SUMS_KCNY, Disagreement, compare_number, show
from model.audit.siting import fixed_cost_mcny
from model.certify.derive import derive_program
from model.certify.program import ZERO, Program
from model.certify.reading import read_json, read_output, read_texts, solved_inputs


@dataclass(frozen=True)
class Stored:
    """The files of a run.

    Attributes
    ----------
    inputs, outputs : name → text of `inputs/` and of the folder itself
    program : derived from `inputs`
    summary : run.json
    certificate : certificate.json
    fixed_cost_mcny : of what the run has chosen to build
    """

    inputs: Mapping[str, str]
    outputs: Mapping[str, str]
    program: Program
    summary: Mapping[str, Any]
    certificate: Mapping[str, Any]
    fixed_cost_mcny: Fraction = ZERO

    @property
    def has_prices(self) -> bool:
        """Whether it has marginal values: a quick run has none, nor one that a limit cut short."""
        return "prices.csv" in self.outputs and bool(read_output(self.outputs, "prices").rows)

    def figure(self, *path: str) -> Fraction | None:
        """A number of run.json, by the keys that lead to it; None where there is none."""
        value: Any = self.summary
        for key in path:
            value = (value or {}).get(key)
        is_number = isinstance(value, Fraction | int) and not isinstance(value, bool)
        return Fraction(value) if is_number else None

    def compare_figure(self, *path: str, found: Fraction | None) -> Iterator[Disagreement]:
        """A disagreement, if a number of run.json is another."""
        rounding = SUMS_KCNY if path[-1].endswith("_kcny") else SUMS
        yield from compare_number("run.json", ".".join(path), self.figure(*path), found, rounding)

    def compare_found(self, found: Mapping[str, Any]) -> Iterator[Disagreement]:
        """What the certificate says it found, where that is not what is found now."""
        yield from _compare("found", self.certificate.get("found"), found)


def read_stored(run: Path) -> Stored:
    """Read a run.

    Raises
    ------
    CertificateError
        A file is missing or malformed.
    """
    inputs, outputs = solved_inputs(run), read_texts(run)
    return Stored(
        inputs=inputs,
        outputs=outputs,
        program=derive_program(inputs),
        summary=read_json(outputs, "run.json"),
        certificate=read_json(outputs, "certificate.json"),
        fixed_cost_mcny=fixed_cost_mcny(run),
    )


def _compare(figure: str, said: Any, found: Any) -> Iterator[Disagreement]:
    if isinstance(found, Mapping):
        said = said if isinstance(said, Mapping) else {}
        for name in dict.fromkeys([*said, *found]):
            yield from _compare(f"{figure}.{name}", said.get(name), found.get(name))
    elif isinstance(said, Fraction | int) and isinstance(found, float | int):
        yield from compare_number("certificate.json", figure, Fraction(said), Fraction(found))
    elif said != found:
        yield Disagreement("certificate.json", figure, show(said), show(found))
