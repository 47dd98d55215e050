"""The tables of a run folder: which kind of answer holds which, and the columns of each.

Reading a run back and docs/outputs.md are made from it; tests hold folders to it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from model.result.figures import ALLOCATIONS, COMPARISON, FUTURES, PLAN, RUN, SITE
from model.result.output_columns import COLUMNS

if TYPE_CHECKING:
    import pandas as pd

ALWAYS, ANSWERED, ASKED, PLACED = "always", "answered", "asked", "placed"
"""When a folder holds a file: always; where there is an answer; where it was asked for; where nodes
of its flows have coordinates."""


@dataclass(frozen=True)
class OutputTable:
    """A table of outputs, which a run folder holds as a CSV file.

    Attributes
    ----------
    name : of the file, without ``.csv``
    meaning : what a row is
    columns : in the order of the file
    kinds : of answers that hold it
    when : `ALWAYS`, `ANSWERED` or `ASKED`
    says : meanings of columns where they differ from those of `COLUMNS`
    names : columns of names, which are there where periods have names
    beyond : what further columns there are, if the case decides
    """

    name: str
    meaning: str
    columns: tuple[str, ...]
    kinds: tuple[str, ...] = ALLOCATIONS
    when: str = ALWAYS
    says: dict[str, str] = field(default_factory=dict)
    names: tuple[str, ...] = ()
    beyond: str = ""

    @property
    def text_columns(self) -> frozenset[str]:
        """Columns that are read back as texts."""
        return frozenset(name for name in (*self.columns, *self.names) if COLUMNS[name].is_text)


OBSERVED = (
    "quantity", "region", "reported", "reproduced", "unit", "difference", "tolerance", "holds",
    "source", "note",
)  # fmt: skip
FLOWS = (
    "origin", "sink", "mode", "route", "ship_kt", "km", "cost_cny_per_t", "cost_mcny", "co2_kt",
    "freight_cny_per_t", "sea_cny_per_t", "production_cny_per_t", "duty_cny_per_t",
    "carbon_cny_per_t", "land_km", "sea_km", "commodity",
)  # fmt: skip
BALANCE = (
    "region", "role", "supply_kt", "demand_kt", "export_kt", "balance_kt", "deficit_kt",
    "local_kt", "inflow_kt", "outflow_kt", "unshipped_kt", "utilisation", "self_sufficiency",
)  # fmt: skip
THROUGHPUT = (
    "place", "role", "direction", "through_kt", "by_sea_kt", "limit", "unit", "used_share",
    "next_best", "next_best_cny_per_t", "closed_cost_mcny",
)  # fmt: skip
DRAWN = (
    "total_cost_mcny", "transport_cost_mcny", "land_cost_mcny", "sea_cost_mcny",
    "production_cost_mcny", "duty_cost_mcny", "carbon_cost_mcny", "shortage_cost_mcny",
    "revenue_mcny", "shipped_kt", "domestic_kt", "export_kt", "moved_kt", "unshipped_kt",
    "shortage_kt", "deficit_kt", "bn_t_km", "export_bn_t_km", "co2_kt",
)  # fmt: skip
_SWEEP = ("sweep",)

OUTPUTS = (
    OutputTable("flows", "A row per lane that carries anything.", FLOWS),
    OutputTable(
        "balance", "A row per region, then a row per market.", BALANCE,
        says={"role": "region or market; a market has no demand or deficit of its own."},
    ),
    OutputTable(
        "prices",
        "A row per origin, sink, limit and input: what a tonne more or less changes; none of a"
        " quick run.",
        ("place", "role", "left_cny_per_t", "right_cny_per_t", "left_reason", "right_reason"),
        says={"role": "origin, sink, limit or input."},
    ),
    OutputTable(
        "changes", "A row per cell that the scenario changed.",
        ("step", "table", "row", "column", "before", "after", "why", "source", "grade"),
        kinds=(*ALLOCATIONS, PLAN),
    ),
    OutputTable(
        "observed", "A row per figure that the run is meant to reproduce.",
        OBSERVED,
    ),
    OutputTable(
        "throughput",
        "A row per port, border, direction of a limited link, and limit: what passes, and the next"
        " best way around it.",
        THROUGHPUT,
        says={"place": "A node, or a limit as prices.csv names it; of a link, its limit.",
              "role": "port, border, link or limit.", "unit": "Of what passes and of the limit.",
              "used_share": "What passes ÷ the limit."},
    ),
    OutputTable(
        "sets", "The best sets in order.",
        ("rank", "set", "projects", "capital_mcny", "fixed_cost_mcny", "cost_mcny", "gap_mcny",
         "gap_share", "proved", "proof_gap_mcny"),
        kinds=(SITE,), when=ASKED, says={"cost_mcny": "Total cost of the set."},
    ),
    OutputTable(
        "options", "What each option is worth.",
        ("option", "kind", "region", "chosen", "size_kt", "lines", "fixed_cost_mcny",
         "capital_mcny", "saves_alone_mcny", "saves_at_margin_mcny", "margin", "with",
         "blank_because", "proved"),
        kinds=(SITE,), when=ASKED,
    ),
    OutputTable(
        "money", "What the capital of a project, or of the set, brings.",
        ("option", "basis", "capital_mcny", "annuity_mcny", "yearly_cash_mcny", "lead_years",
         "life_years", "npv_mcny", "irr", "payback_years", "proved"),
        kinds=(SITE,), when=ASKED,
        says={"option": "A project; blank: the chosen set.",
              "capital_mcny": "In year 0.", "life_years": "Years in which cash comes in.",
              "lead_years": "Years before these."},
    ),
    OutputTable(
        "budget", "The best set by budget.",
        ("from_mcny", "to_mcny", "cost_from_mcny", "cost_to_mcny", "projects", "set", "proved",
         "proof_gap_mcny"),
        kinds=(SITE,), when=ASKED,
    ),
    OutputTable(
        "number", "The best set by number of projects.",
        ("projects", "cost_mcny", "capital_mcny", "saves_mcny", "set", "proved",
         "proof_gap_mcny"),
        kinds=(SITE,), when=ASKED, says={"cost_mcny": "Total cost of the set."},
    ),
    OutputTable(
        "why_set", "What each part of the set displaces, saves and costs; blank: all together.",
        ("option", "displaces", "displaced_kt", "freight_saved_mcny", "inputs_saved_mcny",
         "production_saved_mcny", "duty_saved_mcny", "carbon_saved_mcny", "trade_saved_mcny",
         "fixed_saved_mcny", "saves_mcny", "tie", "blank_because", "proved"),
        kinds=(SITE,), when=ASKED,
        says={"option": "What the row adds to the rows above it.",
              "saves_mcny": "All of these: what the set then costs less.",
              "blank_because": "Why there are no figures."},
    ),
    OutputTable(
        "along", "The best set as a figure moves.",
        ("figure", "unit", "from", "to", "cost_from_mcny", "cost_to_mcny", "capital_mcny",
         "projects", "set", "proved"),
        kinds=(SITE,), when=ASKED,
        says={"figure": "The figure that moves.", "unit": "Of its values.",
              "from": "Value at which the stretch begins.", "to": "Value at which it ends.",
              "cost_from_mcny": "Least cost there.", "cost_to_mcny": "Least cost there.",
              "capital_mcny": "Of the set, where the stretch begins.",
              "set": "The best set; `no plan` where no set has one."},
    ),
    OutputTable(
        "cost_flips", "The cost of each option at which the best set changes.",
        ("option", "chosen", "unit", "now", "stays_best_below", "change", "change_share", "then",
         "proved"),
        kinds=(SITE,), when=ASKED,
    ),
    OutputTable(
        "size_flips", "The size of each project at which the best set changes.",
        ("project", "chosen", "size_kt", "down_kt", "down", "up_kt", "up", "proved"),
        kinds=(SITE,), when=ASKED,
    ),
    OutputTable(
        "regret", "Each set under each scenario that it was valued against.",
        ("scenario", "rank", "cost_mcny", "best_mcny", "regret_mcny", "best_set", "proved",
         "proof_gap_mcny"),
        kinds=(SITE,), when=ASKED, says={"cost_mcny": "Total cost of the set there."},
    ),
    OutputTable(
        "futures", "A row per future: the set there, beside that future's own best set.",
        ("scenario", "weight", "cost_mcny", "best_mcny", "regret_mcny", "best_set",
         "nothing_mcny", "proved", "proof_gap_mcny"),
        kinds=(FUTURES,), when=ANSWERED, says={"cost_mcny": "Total cost of the set there."},
    ),
    OutputTable(
        "sets", "The best sets for all futures in order.",
        ("rank", "set", "projects", "capital_mcny", "criterion_mcny", "gap_mcny",
         "mean_cost_mcny", "worst_cost_mcny", "worst_regret_mcny", "proved"),
        kinds=(FUTURES,), when=ANSWERED, says={"gap_mcny": "Criterion above the best."},
    ),
    OutputTable(
        "regret", "Each of those sets in each future.",
        ("scenario", "rank", "cost_mcny", "best_mcny", "regret_mcny"),
        kinds=(FUTURES,), when=ANSWERED, says={"cost_mcny": "Total cost of the set there."},
    ),
    OutputTable(
        "tradeoff", "The least mean cost by the worst regret that is allowed, set by set.",
        ("regret_from_mcny", "regret_to_mcny", "mean_from_mcny", "mean_to_mcny", "projects",
         "set"),
        kinds=(FUTURES,), when=ASKED,
    ),
    OutputTable(
        "weights", "How large the weight of each future would have to be for another set.",
        ("scenario", "weight", "weight_down", "set_down", "weight_up", "set_up"),
        kinds=(FUTURES,), when=ASKED,
    ),
    OutputTable(
        "given", "Each set that was named, in each future.",
        ("set", "scenario", "cost_mcny", "best_mcny", "regret_mcny", "saves_mcny",
         "criterion_mcny", "gap_mcny", "blank_because"),
        kinds=(FUTURES,), when=ASKED,
        says={"cost_mcny": "Total cost of the set there.", "set": "As it was named.",
              "saves_mcny": "Against nothing but what must be built.",
              "gap_mcny": "Criterion above the best.",
              "blank_because": "Why it has no figures."},
    ),
    OutputTable(
        "schedule", "What starts when.",
        ("option", "kind", "region", "starts", "ends", "size_kt", "capital_mcny", "bought",
         "fixed_cost_mcny"),
        kinds=(PLAN,), names=("period",),
        says={"fixed_cost_mcny": "Per year in which it stands, the discounted mean; what closing"
              " saves is negative.", "capital_mcny": "Every purchase in full."},
    ),
    OutputTable(
        "years", "A row per period, of whatever length; rates per year, not discounted.",
        ("year", "length_years", "discount", "supply_kt", "demand_kt", "made_kt", "shipped_kt",
         "export_kt", "moved_kt", "bn_t_km", "deficit_kt", "shortage_kt", "stock_kt",
         "transport_cost_mcny",
         "production_cost_mcny", "duty_cost_mcny", "carbon_cost_mcny", "fixed_cost_mcny",
         "holding_cost_mcny", "shortage_cost_mcny", "revenue_mcny", "total_cost_mcny",
         "capital_mcny", "co2_kt"),
        kinds=(PLAN,), names=("period",),
        says={"year": "When the period begins, as a year; years after the beginning of the plan"
              " where there are none. A period is cut where a life may end.",
              "capital_mcny": "Bought in the period, in all."},
    ),
    OutputTable(
        "flows", "A row per lane that carries anything, period of making and period of use.",
        ("year", "made", *FLOWS), kinds=(PLAN,), names=("period", "made_period"),
        says={"ship_kt": "Shipped, kt per year: times the length of the period it is its tonnes."},
    ),
    OutputTable(
        "stocks", "A row per origin and period from which it carries stock to the next; within a"
        " period that is cut, stock passes freely and is not listed.",
        ("from_year", "to_year", "origin", "stock_kt"), kinds=(PLAN,),
        names=("from_period", "to_period"),
    ),
    OutputTable(
        "figures", "A row per figure that is a number in some run.",
        ("figure",), kinds=(COMPARISON,), beyond="A column per run holds its value.",
    ),
    OutputTable(
        "regions", "The balance of every run.", ("run", *BALANCE), kinds=(COMPARISON,),
        says={"role": "region or market."},
    ),
    OutputTable(
        "lanes", "A row per pair that some run uses.", ("origin", "sink"), kinds=(COMPARISON,),
        beyond="A column per run holds its tonnes, kt/yr.",
    ),
    OutputTable(
        "inputs", "A row per cell in which a run's case differs from the first.",
        ("run", "table", "row", "column", "before", "after"), kinds=(COMPARISON,),
    ),
    OutputTable(
        "easing", "Changes against the first run, of the whole, then of each region and market.",
        ("run", "region", "role", "deficit_kt", "moved_kt", "bn_t_km", "transport_cost_mcny",
         "co2_kt", "self_sufficiency"),
        kinds=(COMPARISON,), says={"role": "all, region or market."},
    ),
    OutputTable(
        "attribution", "What each changed input adds to the cost; rows of a run sum to its change.",
        ("run", "what", "changes", "cost_mcny", "rule"), kinds=(COMPARISON,),
        says={"cost_mcny": "What it adds to the total cost."},
    ),
    OutputTable(
        "sweep_quantiles", "Spread of each figure, and of each sink's price, over draws.",
        ("figure", "mean", "sd", "p0", "p5", "p25", "p50", "p75", "p95", "p100"),
        kinds=_SWEEP, when=ANSWERED,
    ),
    OutputTable(
        "sweep_drivers", "What drives the total cost, the strongest first.",
        ("figure", "regression", "rank_correlation", "cost_when_lowest_mcny",
         "cost_when_highest_mcny", "explained_share"),
        kinds=_SWEEP, when=ANSWERED, says={"figure": "What varies, as the draws file names it."},
    ),
    OutputTable(
        "sweep_lanes", "How often each pair is used.",
        ("origin", "sink", "used_share", "mean_kt", "mean_when_used_kt", "least_when_used_kt",
         "most_kt"), kinds=_SWEEP, when=ANSWERED,
    ),
    OutputTable(
        "sweep_regions", "How often each region ships and receives.",
        ("region", "ships_share", "ships_mean_kt", "receives_share", "receives_mean_kt"),
        kinds=_SWEEP, when=ANSWERED,
    ),
    OutputTable(
        "sweep_draws", "A row per draw.", ("draw", "status", *DRAWN, "short_kt"),
        kinds=_SWEEP, when=ANSWERED, beyond="A column `drawn NAME` holds what was drawn.",
    ),
    OutputTable(
        "sweep_prices", "A row per draw, where the draws file keeps prices.", ("draw",),
        kinds=_SWEEP, when=ASKED,
        beyond="A column per sink and origin holds one of its marginal values, CNY/t.",
    ),
    OutputTable(
        "sweep_flows", "A row per draw and pair, where the draws file keeps flows.",
        ("draw", "origin", "sink", "ship_kt"), kinds=_SWEEP, when=ASKED,
    ),
)  # fmt: skip


def tables_of(kind: str) -> dict[str, OutputTable]:
    """Tables that a folder of a kind may hold, by name."""
    return {table.name: table for table in OUTPUTS if kind in table.kinds}


def columns_of(kind: str, table: str) -> list[str]:
    """Columns of a table of a kind of answer, in the order of its file."""
    return list(tables_of(kind)[table].columns)


def empty_table(name: str) -> pd.DataFrame:
    """A table of an allocation without rows."""
    import pandas as pd

    return pd.DataFrame(columns=columns_of(RUN, name))


def text_columns(kind: str, table: str) -> frozenset[str]:
    """Columns of a table that are read back as texts; none of a table that is not known."""
    known = tables_of(kind).get(table)
    return frozenset() if known is None else known.text_columns
