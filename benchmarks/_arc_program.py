"""What someone would write by hand for one case: flows on arcs, in HiGHS, nothing proved.

``python -m benchmarks._arc_program FOLDER [BUDGET_MCNY]`` solves the run, or with a budget the
choice among projects and closures, and prints what it costs in MCNY a year. One commodity stands
for the origins that limits on pairs tell apart, one for each pair that must ship a least amount.
It reads the columns that the synthetic cases have, not every column that a case may have.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any, NamedTuple

import highspy as hs
import numpy as np
import pandas as pd
from scipy.sparse import coo_array

KCNY_PER_MCNY = 1000
GAP = 1e-9
STANDING = None
"""The mode of the state in which a tonne stands at a node and in no mode."""
State = tuple[str, str | None]


class Arc(NamedTuple):
    """A way from one state to the next; `link` names it where it is a link, else it is blank."""

    tail: State
    head: State
    cost: float
    link: str = ""

    def passes(self, via: str) -> bool:
        """Whether it enters a node, or is a link, that a limit names."""
        return bool(self.link) and via in (self.head[0], self.link, self.link.split(":")[0])


class Commodity(NamedTuple):
    """Origins whose tonnes are told apart, and the one sink of a captive pair."""

    origins: frozenset[str]
    sink: str = ""
    least_kt: float = 0.0


class Rows:
    """A linear program that grows by rows and columns."""

    def __init__(self) -> None:
        self.columns: list[tuple[float, float, float, bool]] = []
        self.rows: list[tuple[float, float]] = []
        self.entries: list[tuple[int, int, float]] = []

    def column(
        self, cost: float, low: float = 0.0, high: float = np.inf, *, whole: bool = False
    ) -> int:
        """Add a column; returns its number."""
        self.columns.append((cost, low, high, whole))
        return len(self.columns) - 1

    def row(self, low: float, high: float, terms: dict[int, float] | None = None) -> int:
        """Add a row; returns its number."""
        self.rows.append((low, high))
        number = len(self.rows) - 1
        self.entries += [(number, column, weight) for column, weight in (terms or {}).items()]
        return number

    def put(self, row: int, column: int, weight: float) -> None:
        """Add a coefficient."""
        self.entries.append((row, column, weight))

    def solve(self) -> float:
        """The least cost, thousand CNY a year."""
        cost, low, high, whole = (np.array(part) for part in zip(*self.columns, strict=True))
        row, column, value = zip(*self.entries, strict=True)
        matrix = coo_array((value, (row, column)), shape=(len(self.rows), len(cost))).tocsc()
        lp = hs.HighsLp()
        lp.num_col_, lp.num_row_ = len(cost), len(self.rows)
        lp.col_cost_, lp.col_lower_, lp.col_upper_ = cost, low, high
        lp.row_lower_, lp.row_upper_ = (np.array(side) for side in zip(*self.rows, strict=True))
        lp.a_matrix_.format_ = hs.MatrixFormat.kColwise
        lp.a_matrix_.start_, lp.a_matrix_.index_ = matrix.indptr, matrix.indices
        lp.a_matrix_.value_ = matrix.data
        if whole.any():
            kinds = [hs.HighsVarType.kContinuous, hs.HighsVarType.kInteger]
            lp.integrality_ = [kinds[int(is_whole)] for is_whole in whole]
        highs = hs.Highs()  # type: ignore[no-untyped-call]
        for option, setting in (("output_flag", False), ("threads", 1), ("mip_rel_gap", GAP)):
            highs.setOptionValue(option, setting)
        highs.passModel(lp)
        highs.run()
        assert highs.getModelStatus() == hs.HighsModelStatus.kOptimal
        return float(highs.getInfo().objective_function_value)


class ArcProgram:
    """The program of one case."""

    def __init__(self, folder: Path, *, with_choice: bool) -> None:
        self.folder, self.program = folder, Rows()
        self.limits = self._table("limits")
        self.origins, self.projects = self._table("origins"), self._table("projects")
        if with_choice:
            self.origins = pd.concat([self.origins, self._project_origins()], ignore_index=True)
        self.arcs = self._arcs()
        self.commodities = self._commodities()
        self.supply_row: dict[str, int] = {}
        self.limit_row: dict[str, int] = {}
        self.sent: defaultdict[str, list[int]] = defaultdict(list)
        self._flows()

    def _table(self, name: str) -> pd.DataFrame:
        path = self.folder / f"{name}.csv"
        found = pd.read_csv(path, keep_default_na=False, na_values=[""]) if path.exists() else None
        table = pd.DataFrame() if found is None else found
        text = ("region", "origin", "sink", "kind", "via", "adds_to_limit", "group", "requires")
        figures = ("min", "max", "max_kt", "cost_cny_per_t", "limit_kt", "supply_kt",
                   "fixed_cny_per_t", "cny_per_t_km", "fixed_mcny_per_year")  # fmt: skip
        for column in (*text, *figures, "one_way"):
            if column not in table:
                table[column] = np.nan
        return table.astype(dict.fromkeys(text, object)).fillna(dict.fromkeys(text, ""))

    def _project_origins(self) -> pd.DataFrame:
        supplying = self.projects[self.projects["adds_to_limit"] == ""]
        host = self.origins.set_index("origin").reindex(supplying["origin"])
        region = supplying["region"].where(supplying["region"] != "", host["region"].to_numpy())
        return pd.DataFrame({
            "origin": supplying["project"], "host": supplying["origin"], "supply_kt": 0.0,
            "region": region, "cost_cny_per_t": supplying["cost_cny_per_t"],
            "node": supplying["node"].fillna(pd.Series(host["node"].to_numpy(), supplying.index)),
        })  # fmt: skip

    def _arcs(self) -> list[Arc]:
        modes = (
            self._table("modes").set_index("mode")[["fixed_cny_per_t", "cny_per_t_km"]].fillna(0)
        )
        arcs: dict[tuple[State, State, str], Arc] = {}
        parallel = []
        for _, link in self._table("links").iterrows():
            mode = link["mode"]
            fixed, per_km = modes.loc[mode]
            cost = link["cost_cny_per_t"]
            cost = link["km"] * per_km if np.isnan(cost) else cost
            ends = [(link["from"], link["to"]), (link["to"], link["from"])]
            for tail, head in ends[: 1 if link["one_way"] is True else 2]:
                parallel.append(Arc((tail, mode), (head, mode), cost, f"{tail}>{head}:{mode}"))
            for node in ends[0]:
                standing, moving = (node, STANDING), (node, mode)
                arcs[standing, moving, mode] = Arc(standing, moving, fixed)
                arcs[moving, standing, mode] = Arc(moving, standing, 0.0)
        return [*arcs.values(), *parallel]

    def _commodities(self) -> list[Commodity]:
        """Groups of origins that limits on pairs tell apart, and captive pairs."""
        limits, names = self.limits, self.origins["origin"]
        of_pairs = limits[(limits["kind"] != "") | (limits["sink"] != "")]
        capped = of_pairs[of_pairs["max"].notna()]
        classes: defaultdict[tuple[bool, ...], set[str]] = defaultdict(set)
        for name, region in zip(names, self.origins["region"], strict=True):
            classes[tuple(region in r.split("|") for r in capped["region"])].add(name)
        groups = [Commodity(frozenset(group)) for group in classes.values()]
        for _, pair in of_pairs[of_pairs["min"].notna()].iterrows():
            own = frozenset(self._at_origin(pair["origin"]))
            groups.append(Commodity(own, pair["sink"], pair["min"]))
        return groups

    def _at_origin(self, origin: str) -> list[str]:
        """An origin, and the projects that extend it."""
        table = self.origins
        host = table["host"] if "host" in table else pd.Series("", table.index)
        return table["origin"][(table["origin"] == origin) | (host == origin)].tolist()

    def _flows(self) -> None:
        program, nodes = self.program, sorted({arc.tail for arc in self.arcs}, key=str)
        sinks, duty = self._table("sinks"), self._duties()
        moved = [[program.column(arc.cost) for arc in self.arcs] for _ in self.commodities]
        stays = [{node: program.row(0, 0) for node in nodes} for _ in self.commodities]
        for columns, row in zip(moved, stays, strict=True):
            for arc, column in zip(self.arcs, columns, strict=True):
                program.put(row[arc.tail], column, -1.0)
                program.put(row[arc.head], column, 1.0)
        for _, origin in self.origins.iterrows():
            self._send(origin, stays)
        arrived: dict[tuple[str, int], int] = {}
        for _, sink in sinks.iterrows():
            most = sink["demand_kt"] if np.isnan(sink["max_kt"]) else sink["max_kt"]
            met = program.row(sink["demand_kt"], most)
            for number, commodity in enumerate(self.commodities):
                if commodity.sink in ("", sink["sink"]):
                    column = program.column(duty.get(sink["sink"], 0.0), commodity.least_kt)
                    program.put(met, column, 1.0)
                    program.put(stays[number][sink["node"], STANDING], column, -1.0)
                    arrived[sink["sink"], number] = column
        exports = set(sinks["sink"][sinks["kind"] == "export"])
        for _, limit in self.limits.iterrows():
            self._limit(limit, moved, arrived, exports)

    def _duties(self) -> dict[str, float]:
        duty: defaultdict[str, float] = defaultdict(float)
        for _, row in self._table("duties").iterrows():
            for sink in row["sink"].split("|"):
                duty[sink] += row["rate"] * row["value_cny_per_t"]
        return duty

    def _send(self, origin: pd.Series[Any], stays: list[dict[State, int]]) -> None:
        row = self.supply_row[origin["origin"]] = self.program.row(-np.inf, origin["supply_kt"])
        for commodity, stay in zip(self.commodities, stays, strict=True):
            if origin["origin"] in commodity.origins:
                column = self.program.column(np.nan_to_num(origin["cost_cny_per_t"]))
                self.program.put(row, column, 1.0)
                self.program.put(stay[origin["node"], STANDING], column, 1.0)
                self.sent[origin["origin"]].append(column)

    def _limit(
        self,
        limit: pd.Series[Any],
        moved: list[list[int]],
        arrived: dict[tuple[str, int], int],
        exports: set[str],
    ) -> None:
        """A limit on places, on what an origin sends, or on exports; of captive pairs none."""
        if limit["via"]:
            vias = limit["via"].split("|")
            count = [sum(arc.passes(via) for via in vias) for arc in self.arcs]
            terms = {c: float(n) for flow in moved for c, n in zip(flow, count, strict=True) if n}
        elif limit["sink"]:
            return
        elif limit["kind"]:
            regions = dict(zip(self.origins["origin"], self.origins["region"], strict=True))
            taken = [
                number
                for number, commodity in enumerate(self.commodities)
                if {regions[name] for name in commodity.origins} <= set(limit["region"].split("|"))
            ]
            terms = {arrived[s, n]: 1.0 for s in exports for n in taken if (s, n) in arrived}
        else:
            names = self._at_origin(limit["origin"])
            terms = {column: 1.0 for name in names for column in self.sent[name]}
        low, high = (value if value == value else side for value, side in
                     ((limit["min"], -np.inf), (limit["max"], np.inf)))  # fmt: skip
        self.limit_row[limit["limit"]] = self.program.row(low, high, terms)

    def choose(self, budget_mcny: float, rate: float = 0.08, years: int = 20) -> None:
        """Let projects be built and origins closed."""
        program, annuity = self.program, rate / (1 - (1 + rate) ** -years)
        spent = program.row(-np.inf, budget_mcny * KCNY_PER_MCNY)
        built, group = {}, defaultdict(dict)  # type: ignore[var-annotated]
        for _, project in self.projects.iterrows():
            capital = np.nan_to_num(project["capex_cny_per_t"])
            yearly = np.nan_to_num(project["fixed_mcny_per_year"]) * KCNY_PER_MCNY
            is_built, size = (
                program.column(yearly, 0, 1, whole=True),
                program.column(capital * annuity),
            )
            least = (
                project["min_kt"]
                if project["min_kt"] == project["min_kt"]
                else project["capacity_kt"]
            )
            program.row(-np.inf, 0, {size: 1.0, is_built: -project["capacity_kt"]})
            program.row(0, np.inf, {size: 1.0, is_built: -least})
            program.put(spent, size, capital)
            rows = self.limit_row if project["adds_to_limit"] else self.supply_row
            program.put(rows[project["adds_to_limit"] or project["project"]], size, -1.0)
            built[project["project"]] = is_built
            group[project["group"]][is_built] = 1.0
        for name, members in group.items():
            if name:
                program.row(-np.inf, 1, members)
        for name, needed in zip(self.projects["project"], self.projects["requires"], strict=True):
            for other in filter(None, needed.split("|")):
                program.row(-np.inf, 0, {built[name]: 1.0, built[other]: -1.0})
        supply = self.origins.set_index("origin")["supply_kt"]
        for _, closure in self._table("closures").iterrows():
            saved = closure["saved_mcny_per_year"] * KCNY_PER_MCNY
            closed = program.column(-saved, 0, 1, whole=True)
            program.put(self.supply_row[closure["origin"]], closed, supply[closure["origin"]])


def main(folder: str, budget_mcny: str = "") -> None:
    """Solve a case and print its cost."""
    case = ArcProgram(Path(folder), with_choice=bool(budget_mcny))
    if budget_mcny:
        case.choose(float(budget_mcny))
    print(json.dumps({"total_cost_mcny": case.program.solve() / KCNY_PER_MCNY}))


if __name__ == "__main__":
    main(*sys.argv[1:])
