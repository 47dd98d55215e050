"""The program of all futures at once: flows of each, answers and sizes in common.

In words of `siting/page.py`, with a copy of its flows x_f and rows for every future f, and one y
and one s for all:

    min   Σ_f w_f z_f                  expected,   z_f = the cost of future f
    min   t,  z_f − b_f ≤ t ∀ f        worst (b = 0) and regret (b_f = cost of f's own best set)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import csc_array, csr_array, hstack, vstack

from model.arrays import Booleans, Floats, Integers
from model.solve.program import Program
from model.studies.futures.criterion import Criterion
from model.studies.futures.future import Future


@dataclass(frozen=True)
class Joint:
    """The program, and where its columns are.

    Columns are the flows of each future, then answers and sizes, then t.

    Attributes
    ----------
    program : without whole numbers
    answers : columns of the answers
    decisions : columns of answers and sizes
    integer : columns that are whole, (n,)
    spare : rows that whole answers keep anyhow
    cost, offset : what every column costs in each future, (F, n), and what no column bears, (F,)
    """

    program: Program
    answers: slice
    decisions: slice
    integer: Booleans
    spare: Integers
    cost: Floats
    offset: Floats

    def costs_of(self, value: Floats) -> Floats:
        """What values of the columns cost in each future, CNY thousand a year, (F,)."""
        return np.asarray(self.cost @ value + self.offset)

    def given(self, yes: Booleans) -> Program:
        """The program with given answers."""
        lower, upper = self.program.lower.copy(), self.program.upper.copy()
        lower[self.answers] = upper[self.answers] = yes
        return replace(self.program, lower=lower, upper=upper)


def join(
    futures: Sequence[Future], criterion: Criterion, weights: Floats, own_kcny: Floats
) -> Joint:
    """State the program.

    Parameters
    ----------
    weights : of each future, (F,)
    own_kcny : cost of each future's own best set, (F,); used for regret alone
    """
    programs = [_with_requirements(future) for future in futures]
    flows = [future.problem.formulation.layout.first_answer for future in futures]
    first = sum(flows)
    count = programs[0].matrix.shape[1] - flows[0]
    width = first + count + 1
    cost = np.array(
        [_spread(p.cost, at, n, first, width) for p, at, n in _each(programs, flows)]
    ).reshape(len(futures), width)
    offset = np.array([program.offset_kcny for program in programs])
    kept = _kept_rows(programs, flows)
    matrix, row_lower, row_upper = _rows(programs, kept, flows, first, width)
    is_mean = criterion is Criterion.EXPECTED
    if not is_mean:
        base = own_kcny if criterion is Criterion.REGRET else np.zeros(len(futures))
        above = cost.copy()
        above[:, -1] = -1.0
        matrix = csr_array(vstack([matrix, csr_array(above)], format="csr"))
        row_lower = np.r_[row_lower, np.full(len(futures), -np.inf)]
        row_upper = np.r_[row_upper, base - offset]
    program = Program(
        cost=weights @ cost if is_mean else np.eye(1, width, width - 1)[0],
        lower=np.r_[_flows(programs, flows, "lower"), _least(programs, flows), _top(is_mean, -1)],
        upper=np.r_[_flows(programs, flows, "upper"), _most(programs, flows), _top(is_mean, 1)],
        matrix=csc_array(matrix),
        row_lower=row_lower,
        row_upper=row_upper,
        offset_kcny=float(weights @ offset) if is_mean else 0.0,
    )
    options = futures[0].problem.formulation.options
    return Joint(
        program,
        slice(first, first + len(options)),
        slice(first, first + count),
        _integer(programs, flows, width),
        _spare(futures, kept),
        cost,
        offset,
    )


def _with_requirements(future: Future) -> Program:
    """The program of a future with the requirements as its last rows."""
    formulation = future.problem.formulation
    return formulation.with_rows(future.problem.rows)


def _each(programs: Sequence[Program], flows: Sequence[int]) -> list[tuple[Program, int, int]]:
    """Each program with its first column among all flows, and the number of its flows."""
    starts = np.cumsum([0, *flows[:-1]]).tolist()
    return list(zip(programs, starts, flows, strict=True))


def _spread(values: Floats, at: int, flows: int, first: int, width: int) -> Floats:
    """Values of the columns of one future as of all columns."""
    wide = np.zeros(width)
    wide[at : at + flows] = values[:flows]
    wide[first : width - 1] = values[flows:]
    return wide


def _rows(
    programs: Sequence[Program],
    kept: Sequence[Integers],
    flows: Sequence[int],
    first: int,
    width: int,
) -> tuple[csr_array, Floats, Floats]:
    """Rows of every future that are kept, over all columns."""
    blocks, lower, upper = [], [], []
    for (program, at, n), rows in zip(_each(programs, flows), kept, strict=True):
        own = csr_array(csr_array(program.matrix)[rows])
        before, after = (csr_array((len(rows), wide)) for wide in (at, first - at - n))
        t = csr_array((len(rows), 1))
        blocks.append(hstack([before, own[:, :n], after, own[:, n:], t], format="csr"))
        lower.append(program.row_lower[rows])
        upper.append(program.row_upper[rows])
    matrix = csr_array(vstack(blocks, format="csr"))
    assert matrix.shape[1] == width
    return matrix, np.concatenate(lower), np.concatenate(upper)


def _kept_rows(programs: Sequence[Program], flows: Sequence[int]) -> list[Integers]:
    """Rows of every future; of those about decisions alone, each once."""
    seen: set[bytes] = set()
    return [
        np.array(_new_rows(csr_array(program.matrix), n, program, seen), np.intp)
        for program, n in zip(programs, flows, strict=True)
    ]


def _spare(futures: Sequence[Future], kept: Sequence[Integers]) -> Integers:
    """Rows that say which lanes are opened, which whole answers keep anyhow."""
    found, start = [], 0
    for future, rows in zip(futures, kept, strict=True):
        spare = future.problem.formulation.tightening_rows
        found.append(start + np.flatnonzero((rows >= spare.start) & (rows < spare.stop)))
        start += len(rows)
    return np.concatenate(found)


def _new_rows(own: csr_array, flows: int, program: Program, seen: set[bytes]) -> list[int]:
    """Rows with flows, and rows of decisions that no future before has; those are noted."""
    own.sort_indices()
    has_flows = np.diff(csr_array(own[:, :flows]).indptr) > 0
    kept = []
    for row in range(own.shape[0]):
        here = slice(own.indptr[row], own.indptr[row + 1])
        bounds = np.array([program.row_lower[row], program.row_upper[row]])
        columns = own.indices[here] - flows
        key = columns.tobytes() + own.data[here].tobytes() + bounds.tobytes()
        if has_flows[row] or key not in seen:
            kept.append(row)
        if not has_flows[row]:
            seen.add(key)
    return kept


def _flows(programs: Sequence[Program], flows: Sequence[int], bound: str) -> Floats:
    return np.concatenate(
        [getattr(program, bound)[:n] for program, n in zip(programs, flows, strict=True)]
    )


def _least(programs: Sequence[Program], flows: Sequence[int]) -> Floats:
    """Lower bounds of the decisions that hold in every future."""
    bounds = [p.lower[n:] for p, n in zip(programs, flows, strict=True)]
    return np.asarray(np.max(bounds, axis=0))


def _most(programs: Sequence[Program], flows: Sequence[int]) -> Floats:
    """Upper bounds of the decisions that hold in every future."""
    bounds = [p.upper[n:] for p, n in zip(programs, flows, strict=True)]
    return np.asarray(np.min(bounds, axis=0))


def _top(is_mean: bool, sign: int) -> Floats:
    """Bound of t, which the mean does not need."""
    return np.array([0.0 if is_mean else sign * np.inf])


def _integer(programs: Sequence[Program], flows: Sequence[int], width: int) -> Booleans:
    """Columns that a future says are whole; flows of none are, t is not."""
    whole = [np.zeros(len(p.cost), bool) if p.integer is None else p.integer for p in programs]
    of_flows = np.concatenate([each[:n] for each, n in zip(whole, flows, strict=True)])
    of_decisions = np.any([each[n:] for each, n in zip(whole, flows, strict=True)], axis=0)
    integer = np.r_[of_flows, of_decisions, False]
    assert len(integer) == width
    return np.asarray(integer, bool)
