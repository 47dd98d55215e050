"""The columns of a run's outputs: one table of what each is called, counts and means."""

from __future__ import annotations

from dataclasses import dataclass

from model.result.figures import FIGURES, SHARE

CNY_PER_T, KT, MCNY, KM = "CNY/t", "kt/yr", "MCNY/yr", "km"


@dataclass(frozen=True)
class OutputColumn:
    """A column of a table of outputs.

    Attributes
    ----------
    name : as in the file; ends in its unit
    title : for people
    meaning : one sentence
    unit : blank for texts and counts; a share is stored as a fraction
    is_text : whether its cells are texts when read back
    decimals : digits of a cell in a workbook; None for as many as it has
    is_signed : whether a sign before positive numbers says something
    """

    name: str
    title: str
    meaning: str
    unit: str = ""
    is_text: bool = False
    decimals: int | None = None
    is_signed: bool = False


def _text(name: str, title: str, meaning: str) -> OutputColumn:
    return OutputColumn(name, title, meaning, is_text=True)


def _kt(name: str, title: str, meaning: str, *, is_signed: bool = False) -> OutputColumn:
    return OutputColumn(name, title, meaning, KT, decimals=1, is_signed=is_signed)


def _mcny(name: str, title: str, meaning: str, unit: str = MCNY) -> OutputColumn:
    return OutputColumn(name, title, meaning, unit, decimals=1)


def _unit_cost(name: str, title: str, meaning: str) -> OutputColumn:
    return OutputColumn(name, title, meaning, CNY_PER_T, decimals=2)


def _km(name: str, title: str, meaning: str) -> OutputColumn:
    return OutputColumn(name, title, meaning, KM, decimals=0)


def _share(name: str, title: str, meaning: str) -> OutputColumn:
    return OutputColumn(name, title, meaning, SHARE, decimals=1)


def _plain(name: str, title: str, meaning: str) -> OutputColumn:
    return OutputColumn(name, title, meaning)


def _figure(name: str) -> OutputColumn:
    """The column of a figure of the run."""
    figure = FIGURES[name]
    return OutputColumn(
        name, figure.title, figure.definition, figure.unit, decimals=figure.decimals
    )


_LISTED = (
    _text("origin", "Origin", "Where the tonnes come from."),
    _text("sink", "Sink", "Where the tonnes go; of an input, the origin that takes it."),
    _text("commodity", "Commodity", "What the lane carries."),
    _text("mode", "Mode", "Modes along the route, joined by `+`."),
    _text("route", "Route", "Nodes and modes along the way; blank for an explicit lane."),
    _kt("ship_kt", "Shipped", "What the lane carries."),
    _km("km", "Length", "Length of the route."),
    _unit_cost("cost_cny_per_t", "Cost", "Freight, production, duty and carbon of a tonne."),
    _mcny("cost_mcny", "Cost", "Tonnes times cost."),
    OutputColumn("co2_kt", "Emissions", "Of transport.", "kt CO2e/yr", decimals=2),
    _unit_cost("freight_cny_per_t", "of it freight", "By land and by sea."),
    _unit_cost("sea_cny_per_t", "of freight at sea", "Stretches by sea."),
    _unit_cost("production_cny_per_t", "of it production", "Cost of the origin."),
    _unit_cost("duty_cny_per_t", "of it duty", "Rate times value."),
    _unit_cost("carbon_cny_per_t", "of it carbon", "Emissions at the carbon price."),
    _km("land_km", "by land", "Length of all modes but the sea."),
    _km("sea_km", "by sea", "Length of stretches by sea."),
    _text("region", "Region", "A region, or a market abroad."),
    _text("local_name", "Local name", "As names.csv gives it."),
    _text("role", "Role", "What the row is about."),
    _kt("supply_kt", "Supply", "Of domestic origins."),
    _kt("demand_kt", "Demand", "Of domestic sinks."),
    _figure("export_kt"),
    _kt("balance_kt", "Balance", "Supply − demand − exports.", is_signed=True),
    _figure("deficit_kt"),
    _kt("local_kt", "Local", "Shipped from a region to its own sinks."),
    _kt("inflow_kt", "Inflow", "Received from elsewhere; of a market, all that it receives."),
    _kt("outflow_kt", "Outflow", "Shipped to domestic sinks of other regions."),
    _figure("unshipped_kt"),
    _share("utilisation", "Utilisation", "Shipped ÷ capacity, or ÷ supply where none is given."),
    _figure("self_sufficiency"),
    _text("place", "Place", "An origin, a sink or a limit; of a curve, a region."),
    _unit_cost("left_cny_per_t", "Price for one tonne less", "Slope of the cost to the left."),
    _unit_cost("right_cny_per_t", "Price for one tonne more", "Slope of the cost to the right."),
    _text("left_reason", "With one tonne less", "What changes, or why there is no such tonne."),
    _text("right_reason", "With one tonne more", "What changes, or why there is no such tonne."),
    _text("direction", "Direction", "Of a link: from where to where; blank: whichever way."),
    _kt("through_kt", "Through",
        "Tonnes that pass, at each passage; of a limit, what it measures, in its unit."),
    _kt("by_sea_kt", "of it by sea", "Of a port: what comes or leaves by ship there."),
    OutputColumn("limit", "Limit", "Most that may pass; blank: no such limit.", decimals=1),
    _text("next_best", "Next best",
          "Port or border of the next best way; where there is none, the link on which it leaves,"
          " or the mode of a lane of lanes.csv (`direct` where it has none)."),
    _unit_cost("next_best_cny_per_t", "Dearer by",
               "Of lanes that pass, the least that another lane between the same two places costs"
               " more which avoids this place and every full limit that the first does not use;"
               " blank: nothing passes, or no such lane."),
    _mcny("closed_cost_mcny", "Closed",
          "What all that passes would cost more if each lane took its next best way, whether or not"
          " there is room for all; blank: nothing passes, or some lane has no other way."),
    _text("quantity", "Quantity", "A column of the balance, or another figure that is known."),
    _plain("reported", "Reported", "As observed.csv of the case has it."),
    _plain("reproduced", "Reproduced", "The same of this run."),
    _text("unit", "Unit", "Of the figures of the row."),
    _plain("difference", "Difference", "Reproduced − reported."),
    _plain("tolerance", "Tolerance", "Half-units of the printed operands."),
    _text("holds", "Holds", "Whether the difference is within the tolerance; blank without one."),
    _text("source", "Source", "A name in sources.csv."),
    _text("grade", "Grade", "How well founded the figure is."),
    _text("note", "Note", "What is to be said of it."),
    _plain("step", "Step", "Number of the step of the scenario."),
    _text("table", "Table", "Of the case."),
    _text("row", "Row", "Its key."),
    _text("column", "Column", "Of the table."),
    _text("before", "Before", "The cell as it was."),
    _text("after", "After", "The cell as it is."),
    _text("why", "Why", "As the scenario says."),
    _text("run", "Run", "Name of the scenario, numbered where several runs share it."),
    _text("figure", "Figure", "Name of a figure."),
    _text("what", "What", "Inputs that changed together."),
    _plain("changes", "Changes", "Cells that changed."),
    _text("rule", "Rule", "How the difference of cost is divided."),
    _plain("rank", "Rank", "1 is the best."),
    _text("set", "Set", "Projects built and origins closed."),
    _plain("projects", "Projects", "How many are built."),
    _mcny("capital_mcny", "Capital", FIGURES["capital_mcny"].definition, "MCNY"),
    _figure("fixed_cost_mcny"),
    _figure("revenue_mcny"),
    _mcny("gap_mcny", "Gap", "Cost above the best."),
    _share("gap_share", "Gap", "The same as a share of the best."),
    _text("option", "Option", "A project, or an origin that may be closed."),
    _text("kind", "Kind", "project or closure."),
    _plain("chosen", "Chosen", "Whether it is in the best set."),
    _kt("size_kt", "Size", "Capacity."),
    _plain("lines", "Lines", "How many of the equal lines of the project."),
    _mcny("saves_alone_mcny", "Saves alone",
          "Against nothing but what must be built; blank: no plan within the rules."),
    _mcny("saves_at_margin_mcny", "Saves at the margin",
          "Of the chosen set, sizes chosen again within the rules; blank: no plan within them."),
    _text("margin", "Margin", "`without it` where it is in the set, else `with it`."),
    _text("with", "With", "What it requires."),
    _text("blank_because", "Blank because", "Which of the two has no plan within the rules."),
    _text("basis", "Basis", "`margin` of the chosen set, `alone`, or the `set` against nothing."),
    _mcny("annuity_mcny", "Annuity", "Of its capital, over its life at the discount rate."),
    _mcny("yearly_cash_mcny", "Yearly cash",
          "System cost without it, less that with it but for its own annuity."),
    _plain("lead_years", "Lead", "Years."),
    _plain("life_years", "Life", "Years."),
    _mcny("npv_mcny", "Net present value", "At the case's discount rate.", "MCNY"),
    _share("irr", "Internal rate of return",
           "Rate at which the net present value is 0; blank: no capital, or no such rate."),
    _plain("payback_years", "Payback",
           "Capital by yearly cash, in years; blank: not within its life."),
    _plain("proved", "Proved", "Whether no better answer is left to find."),
    _mcny("proof_gap_mcny", "Gap to the bound", "At most so much better may others be."),
    _text("displaces", "Displaces", "Origins that send less, with kt a year."),
    _kt("displaced_kt", "Displaced", "All of these."),
    _mcny("freight_saved_mcny", "Freight", "What it saves in freight, of inputs apart."),
    _mcny("inputs_saved_mcny", "Inputs", "In inputs and their freight."),
    _mcny("production_saved_mcny", "Production", "In production, of inputs apart."),
    _mcny("duty_saved_mcny", "Duties", "In duties."),
    _mcny("carbon_saved_mcny", "Carbon", "In the price of carbon."),
    _mcny("trade_saved_mcny", "Trade", "In shortage, and in revenue."),
    _mcny("fixed_saved_mcny", "Fixed", "In fixed cost; below 0: what it costs."),
    _text("tie", "Tie", "`tie` or `hardly`: what the figures cannot tell; else blank."),
    _mcny("regret_from_mcny", "Regret from", "Least worst regret of the row."),
    _mcny("regret_to_mcny", "Regret to", "Greatest of the row."),
    _mcny("mean_from_mcny", "Mean cost from", "At the least regret."),
    _mcny("mean_to_mcny", "Mean cost to", "At the greatest regret."),
    _plain("weight_down", "Weight down to", "Below it another set is better; blank: none is."),
    _text("set_down", "Set below", "That set."),
    _plain("weight_up", "Weight up to", "Above it another set is better; blank: none is."),
    _text("set_up", "Set above", "That set."),
    _plain("from", "From", "Value at which it begins."),
    _plain("to", "To", "Value at which it ends."),
    _mcny("from_mcny", "Budget from", "Least budget of the row.", "MCNY"),
    _mcny("to_mcny", "Budget to", "Largest budget of the row; blank: any.", "MCNY"),
    _mcny("cost_from_mcny", "Cost at the least budget", "Total cost there."),
    _mcny("cost_to_mcny", "Cost at the largest budget", "Total cost there."),
    _mcny("saves_mcny", "Saves", "Against one project fewer."),
    _text("scenario", "Scenario", "Under which the sets are valued."),
    _mcny("best_mcny", "Best", "Cost of the scenario's own best set."),
    _plain("weight", "Weight", "Of the future in the mean."),
    _mcny("nothing_mcny", "With nothing", "Cost with nothing but what must be built."),
    _mcny("criterion_mcny", "Criterion", "What is minimised, of the set."),
    _mcny("mean_cost_mcny", "Mean cost", "Weighted mean over futures."),
    _mcny("worst_cost_mcny", "Worst cost", "The greatest over futures."),
    _mcny("worst_regret_mcny", "Worst regret", "The greatest over futures."),
    _mcny("regret_mcny", "Regret",
          "Cost there, at the sizes chosen, less the best set's; blank: no plan within the rules."),
    _text("best_set", "Best set", "Of that scenario."),
    _plain("now", "Now", "The figure as the case has it."),
    _plain("stays_best_below", "Stays best below", "Figure at which the choice changes."),
    _plain("change", "Change", "From now to there."),
    _share("change_share", "Change, share", "The same as a share of now."),
    _text("then", "Then", "The best set beyond."),
    _text("project", "Project", "A project."),
    _kt("down_kt", "Down by", "Fall in size that changes the set; blank: none does."),
    _text("down", "Set when smaller", "The best set with that smaller size."),
    _kt("up_kt", "Up by", "Rise in size that changes the set; blank: none does."),
    _text("up", "Set when larger", "The best set with that larger size."),
    _plain("starts", "Starts", "When it begins to stand, or to be closed, as a year."),
    _plain("ends", "Ends", "When it is gone, as a year; blank: it stands to the end of the plan."),
    _text("bought", "Bought",
          "When its capital is bought, each time, as a period's name or a year, joined by `|`."),
    _plain("length_years", "Length", "Of the period, in years."),
    _plain("year", "Year", "The period in which the tonnes are used."),
    _plain("made", "Made", "The period in which they are made."),
    _text("period", "Period", "Its name; the column is there where periods have names."),
    _text("made_period", "Made in period", "Name of the period in which they are made."),
    _text("from_period", "From period", "Name of the period at whose end the stock is held."),
    _text("to_period", "To period", "Name of the next period."),
    _plain("discount", "Discount factor", "Mean of the period; its length times it weighs money."),
    _kt("made_kt", "Made", "Made per year."),
    _figure("shipped_kt"),
    _figure("moved_kt"),
    _figure("domestic_kt"),
    _figure("bn_t_km"),
    _figure("export_bn_t_km"),
    OutputColumn("stock_kt", "Stock", "Carried on to the next period.", "kt", decimals=1),
    _figure("shortage_kt"),
    *(_figure(f"{part}_cost_mcny") for part in (
        "total", "transport", "land", "sea", "production", "duty", "carbon", "holding",
        "shortage")),
    _plain("from_year", "From", "Period at whose end the stock is held."),
    _plain("to_year", "To", "The next period."),
    _plain("draw", "Draw", "Its number."),
    _text("status", "Status", "optimal or infeasible."),
    _kt("short_kt", "Short", "Least demand unmet where no allocation is feasible."),
    _plain("mean", "Mean", "Over draws with a plan."),
    _plain("sd", "Standard deviation", "Over draws with a plan."),
    *(_plain(f"p{p}", f"{p} %", f"Quantile {p} %.") for p in (0, 5, 25, 50, 75, 95, 100)),
    _plain("regression", "Regression", "Standardised coefficient of the total cost."),
    _plain("rank_correlation", "Rank correlation", "Spearman's, with the total cost."),
    _mcny("cost_when_lowest_mcny", "Cost when lowest", "Mean over the tenth of lowest draws."),
    _mcny("cost_when_highest_mcny", "Cost when highest", "Mean over the tenth of highest draws."),
    _share("explained_share", "Explained", "Of the variance of cost, by the regression."),
    _share("used_share", "Used", "Share of draws in which the pair carries anything."),
    _kt("mean_kt", "Mean", "Over all draws with a plan."),
    _kt("mean_when_used_kt", "Mean when used", "Over draws in which it is used."),
    _kt("least_when_used_kt", "Least when used", "Over draws in which it is used."),
    _kt("most_kt", "Most", "Over all draws."),
    _share("ships_share", "Ships", "Share of draws in which it ships to other regions."),
    _kt("ships_mean_kt", "Ships, mean", "Over all draws with a plan."),
    _share("receives_share", "Receives", "Share of draws in which it receives from others."),
    _kt("receives_mean_kt", "Receives, mean", "Over all draws with a plan."),
)  # fmt: skip

COLUMNS: dict[str, OutputColumn] = {column.name: column for column in _LISTED}
"""Every column of outputs by its name."""

PERIOD_NAMES: dict[str, str] = {
    "starts": "period", "year": "period", "made": "made_period", "from_year": "from_period",
    "to_year": "to_period",
}  # fmt: skip
"""Columns of years of a plan, and those of the names of the same periods."""
