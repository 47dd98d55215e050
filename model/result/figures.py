"""The figures of a run: one table of what each is called, counts and means.

Every list of figures in the program is made from `FIGURES`: what ``run.json`` carries, what pages
and workbooks print, what a comparison sets side by side, and docs/outputs.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

RUN, SITE, PLAN, COMPARISON = "run", "site", "plan", "comparison"
FUTURES = "futures"
"""A site that serves several futures; each has a run of its own in its folder."""
STUDIES = ("curve", "ranges", "why", "sweep")
"""Kinds of answers that are a run with an answer to a further question."""
ALLOCATIONS = (RUN, *STUDIES, SITE)
"""Kinds of answers that hold one allocation: flows, balance, prices."""
CHOICES = (SITE, PLAN, FUTURES)
"""Kinds of answers that choose among projects."""
KINDS = (*ALLOCATIONS, PLAN, FUTURES, COMPARISON)

MCNY, KT, T_KM, SHARE = "MCNY/yr", "kt/yr", "bn t-km/yr", "%"


@dataclass(frozen=True)
class FigureInfo:
    """A figure of a run: what it is called, counts and means.

    Attributes
    ----------
    name : its key in ``run.json`` and ``--json``; ends in its unit
    title : for people
    unit : blank for counts and texts; a share is stored as a fraction
    decimals : digits that tables of fixed width show
    definition : one sentence
    absent : why a run that has a plan may still be without it
    kinds : of answers that state it; others carry null with a reason where `everywhere`
    is_printed : whether tables of figures show it
    part : its short name as a part of the total cost; blank where it is none
    sign : of that part in the total
    is_rare : left out of tables where it is 0, as every cost is
    """

    name: str
    title: str
    unit: str
    decimals: int
    definition: str
    absent: str = ""
    kinds: tuple[str, ...] = ALLOCATIONS
    is_printed: bool = True
    part: str = ""
    sign: int = 1
    is_rare: bool = False


def _cost(
    part: str, title: str, definition: str, *, adds: str = "", kinds: tuple[str, ...] = ALLOCATIONS
) -> FigureInfo:
    return FigureInfo(f"{part}_cost_mcny", title, MCNY, 1, definition, kinds=kinds, part=adds)


_EVERY = (*ALLOCATIONS, PLAN, FUTURES)
_COUNTED = (*ALLOCATIONS, PLAN)
_LISTED = (
    _cost(
        "total", "Total cost", "Transport, production, duty, carbon, fixed, holding and shortage"
        " cost, less revenue; of a plan, discounted to its first period; of several futures, the"
        " weighted mean.", kinds=_EVERY,
    ),
    FigureInfo(
        "objective_kcny", "Objective", "kCNY/yr", 0, "The total cost in the unit of the program.",
        kinds=_EVERY, is_printed=False,
    ),
    _cost("transport", "Transport cost", "Freight by land and by sea.", kinds=_EVERY),
    _cost("land", "of it by land", "All modes but the sea.", adds="land freight"),
    _cost("sea", "of it by sea", "Stretches by sea.", adds="sea freight and ports"),
    _cost("inbound", "of it for inputs", "Freight of what is not the case's own commodity."),
    _cost(
        "production", "Production cost", "Where origins, sources of inputs too, state a cost per"
        " tonne.",
        adds="production", kinds=_EVERY,
    ),
    _cost("duty", "Duty", "Rate times value of what bears it.", adds="duties", kinds=_EVERY),
    _cost(
        "carbon", "Carbon cost", "Emissions of transport at the case's carbon price.",
        adds="carbon", kinds=_EVERY,
    ),
    _cost("holding", "Holding cost", "Of stock carried to a later period.",
          adds="holding of stock", kinds=(PLAN,)),
    _cost(
        "fixed", "Fixed cost", "Annuities and fixed cost of what is built, less what closures"
        " save.", adds="fixed cost", kinds=_EVERY,
    ),
    _cost(
        "shortage", "Shortage cost", "Of demand that goes unmet where a sink states its price.",
        adds="shortage", kinds=_EVERY,
    ),
    FigureInfo(
        "revenue_mcny", "Revenue", MCNY, 1,
        "What sinks pay for tonnes above their demand; it lowers the total cost.",
        kinds=_EVERY, part="revenue", sign=-1, is_rare=True,
    ),
    FigureInfo(
        "shipped_kt", "Shipped", KT, 1,
        "What leaves the origins that make the case's own commodity.",
    ),
    FigureInfo(
        "domestic_kt", "Domestic shipments", KT, 1, "From domestic origins to domestic sinks.",
    ),
    FigureInfo(
        "export_kt", "Exports", KT, 1, "From domestic origins to export sinks.", is_rare=True,
    ),
    FigureInfo(
        "unshipped_kt", "Unshipped", KT, 1,
        "Supply that stays; which origin keeps it is the plan's choice.",
    ),
    FigureInfo(
        "shortage_kt", "Unmet demand", KT, 1, "What sinks go without, at a price.", is_rare=True,
    ),
    FigureInfo(
        "deficit_kt", "Deficit", KT, 1,
        "Demand above supply of the regions that are short, before any shipment.",
    ),
    FigureInfo("moved_kt", "Moved", KT, 1, "Domestic shipments that cross a regional border."),
    FigureInfo(
        "bn_t_km", "Domestic haulage", T_KM, 2, "Tonnes times kilometres of domestic shipments.",
    ),
    FigureInfo(
        "mean_haul_km", "Mean haul", "km", 0, "Of domestic shipments, weighted by tonnes.",
        absent="there are no domestic shipments",
    ),
    FigureInfo(
        "export_bn_t_km", "Export haulage", T_KM, 2,
        "Tonnes times kilometres of exports, sea included.", is_rare=True,
    ),
    FigureInfo(
        "self_sufficiency", "Self-sufficiency", SHARE, 1,
        "Share of domestic demand met within its region.", absent="there is no domestic demand",
    ),
    FigureInfo("co2_kt", "Emissions", "kt CO2e/yr", 1, "Of transport.", is_rare=True),
    FigureInfo("lanes_offered", "Lanes offered", "", 0, "Between all pairs.", kinds=_COUNTED),
    FigureInfo("lanes_used", "Lanes used", "", 0, "Lanes that carry anything.", kinds=_COUNTED),
    FigureInfo(
        "capital_mcny", "Capital", "MCNY", 1,
        "Paid upfront for what is built; of a plan, every purchase in full.", kinds=CHOICES,
    ),
    FigureInfo(
        "nothing_cost_mcny", "Cost of doing nothing", MCNY, 1,
        "Total cost if nothing starts, whatever is forced.",
        absent="demand cannot be met if nothing starts, or the time limit came first",
        kinds=(PLAN,),
    ),
    FigureInfo(
        "proved_bound_mcny", "Proved bound", MCNY, 1,
        "No choice costs less, as the certificate proves.",
        absent="no bound was proved", kinds=CHOICES,
    ),
    FigureInfo(
        "claimed_bound_mcny", "Claimed bound", MCNY, 1,
        "No choice costs less, as the search found and the certificate does not prove.",
        absent="what bounds the cost is proved, or nothing does", kinds=CHOICES,
    ),
    FigureInfo(
        "gap_share", "Gap", SHARE, 4, "Total cost above the bound, as a share of the total.",
        absent="there is no bound to measure it from", kinds=CHOICES, is_printed=False,
    ),
    FigureInfo(
        "projects", "Returns", "", 0,
        "Of each project at the margin of the set: net present value, internal rate of return,"
        " payback.",
        absent="no table was asked for", kinds=(SITE,), is_printed=False,
    ),
    FigureInfo(
        "tables_proved", "Tables proved", "", 0,
        "Whether every row of every table is there and proved.",
        kinds=(SITE, FUTURES), is_printed=False,
    ),
    FigureInfo(
        "opened", "Opened", "", 0, "Projects that are built.", kinds=CHOICES, is_printed=False,
    ),
    FigureInfo(
        "opened_kt", "Sizes", KT, 1, "Capacity of each project that is built.",
        kinds=CHOICES, is_printed=False,
    ),
    FigureInfo(
        "closed", "Closed", "", 0, "Origins that are closed.", kinds=CHOICES, is_printed=False,
    ),
    FigureInfo(
        "idle", "Idle", "", 0, "Projects that are built and, below their least load, ship nothing.",
        absent="no project has a min_load", kinds=(SITE,), is_printed=False,
    ),
    FigureInfo(
        "criterion", "Criterion", "", 0, "What was minimised over all sets: expected cost, worst"
        " cost, or greatest regret.", kinds=(FUTURES,), is_printed=False,
    ),
    FigureInfo(
        "criterion_value_mcny", "Criterion", MCNY, 1, "Its value for the set that is chosen.",
        kinds=(FUTURES,),
    ),
    FigureInfo(
        "value_of_perfect_information_mcny", "Value of perfect information", MCNY, 1,
        "Mean cost of the set less the mean of what each future's own best set costs there.",
        absent="it is a figure of the expected cost", kinds=(FUTURES,),
    ),
    FigureInfo(
        "value_of_stochastic_solution_mcny", "Value of the stochastic solution", MCNY, 1,
        "Mean cost of the best set of the first future, less that of the chosen set.",
        absent="it is a figure of the expected cost, or that set has no plan in some future",
        kinds=(FUTURES,),
    ),
    *(
        FigureInfo(name, title, MCNY, 1, definition, kinds=(FUTURES,), is_printed=False)
        for name, title, definition in (
            ("cost_by_scenario_mcny", "Cost by future", "Total cost of the set in each."),
            ("best_by_scenario_mcny", "Best by future", "Cost of each future's own best set."),
            ("regret_by_scenario_mcny", "Regret by future", "What the set costs more than that."),
        )
    ),
    FigureInfo(
        "weight_by_scenario", "Weights", "", 0, "Of each future in the mean.",
        kinds=(FUTURES,), is_printed=False,
    ),
    FigureInfo(
        "best_set_by_scenario", "Best sets", "", 0, "Each future's own best set.",
        kinds=(FUTURES,), is_printed=False,
    ),
    FigureInfo(
        "starts", "Starts", "", 0, "Period in which each choice begins: its name, else its year.",
        kinds=(PLAN,), is_printed=False,
    ),
    FigureInfo(
        "first_year", "First period", "", 0, "When it begins; costs are discounted to it.",
        absent="no period has a year", kinds=(PLAN,), is_printed=False,
    ),
    FigureInfo(
        "last_year", "Last period", "", 0, "When it begins.",
        absent="no period has a year", kinds=(PLAN,), is_printed=False,
    ),
    FigureInfo(
        "discount_rate", "Discount rate", SHARE, 1, "As the case states it, a year.",
        kinds=(PLAN,), is_printed=False,
    ),
)  # fmt: skip

FIGURES: dict[str, FigureInfo] = {figure.name: figure for figure in _LISTED}
"""Every figure by its name, in the order in which they are read."""
OF_ALLOCATION: tuple[str, ...] = tuple(
    name
    for name, figure in FIGURES.items()
    if figure.kinds in (ALLOCATIONS, _EVERY) and not name.startswith("lanes_")
)
"""Figures that follow from the flows of one allocation."""
COST_FIGURES: tuple[str, ...] = tuple(name for name in OF_ALLOCATION if name.endswith("_mcny"))
"""The total cost and all parts of it, parts of parts too."""
COST_PARTS: dict[str, str] = {name: figure.part for name, figure in FIGURES.items() if figure.part}
"""Parts that sum to the total cost, each with its short name; revenue with its sign turned."""


def cost_parts(figures: Mapping[str, Any]) -> dict[str, float]:
    """Parts of the total cost that are not 0, by name, as they add up to it.

    >>> cost_parts({"land_cost_mcny": 5.0, "duty_cost_mcny": 0.0, "revenue_mcny": 2.0})
    {'land_cost_mcny': 5.0, 'revenue_mcny': -2.0}
    """
    return {name: FIGURES[name].sign * figures[name] for name in COST_PARTS if figures.get(name)}


def printed(figures: Mapping[str, Any]) -> list[str]:
    """Names of the figures that tables show of a run, in reading order.

    A figure that does not apply is left out, and so is a part of the cost that is 0.

    >>> printed({"total_cost_mcny": 5.0, "duty_cost_mcny": 0.0, "mean_haul_km": None})
    ['total_cost_mcny']
    """
    return [
        name
        for name, figure in FIGURES.items()
        if figure.is_printed
        and figures.get(name) is not None
        and (figures[name] or not (figure.is_rare or name.endswith("_cost_mcny")))
    ]
