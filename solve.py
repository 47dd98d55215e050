"""The command line: read → apply → solve → save → render. Wiring, no logic."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Protocol, TypedDict

import typer

from model.result.answer import Findings
from reports.terminal.console import (
    DEBUG,
    ExitCode,
    exit_code_of,
    explain,
    progress,
    say,
)
from reports.terminal.options import (
    AsJson,
    Budget,
    CasePath,
    End,
    Exclude,
    FigureName,
    Full,
    FullChoice,
    Include,
    MostProjects,
    MostSets,
    OutPath,
    Places,
    Png,
    ProductionCost,
    Quick,
    QuickChoice,
    Quotas,
    Rivals,
    RunLimit,
    RunName,
    RunNames,
    Scenarios,
    SearchLimit,
    Start,
    TimeLimit,
)
from reports.terminal.outcome import Outcome
from reports.terminal.run_scenarios import Request, run_scenarios
from reports.terminal.streams import is_json_due, prepared_streams, print_json

if TYPE_CHECKING:
    from model.case.case import Case
    from model.interface.result import Result
    from model.scenarios.prepare import PreparedCase
    from model.solve.deadline import Deadline
    from model.studies.allowance import Allowance
    from model.studies.whatif.workspace import Draft

DATA = Path(__file__).resolve().parent / "data"
DEFAULT_CASE = DATA / "prebaked_2024"
DEFAULT_OUT = Path("reports/runs")

app = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Allocate anode output to smelters and export markets at least transport cost.\n\n"
    "Masses are kt per year, money is CNY (MCNY: million), unit costs are CNY/t, distances km. "
    "Without a command, the bundled 2024 market is solved and its report written.",
    epilog="Exit codes: 0 proved optimal, or the check passed · 1 a fault of the program or the "
    "solver · 2 bad usage or bad input, nothing written · 3 no feasible allocation · 4 a limit "
    "came before proof · 5 verify disagrees · 130 interrupted. Every command takes --debug, which "
    "shows where an error arose.",
)


@app.command(
    epilog="Examples: solve.py run base yunnan_new · solve.py run --case my.xlsx --quick --json"
)
def run(
    scenarios: Scenarios = None,
    case: CasePath = DEFAULT_CASE,
    out: OutPath = DEFAULT_OUT,
    full: Full = False,
    quick: Quick = False,
    time_limit: RunLimit = None,
    png: Png = False,
    as_json: AsJson = False,
) -> None:
    """Solve a case under each SCENARIO; write run folders with report.html and report.xlsx.

    Several scenarios make one run each and a comparison of all.
    """
    from reports.page.pictures import BROWSERS, find_browser

    if png and find_browser() is None:
        raise typer.BadParameter(f"--png needs a browser; install one of {', '.join(BROWSERS)}")

    if full and quick:
        raise typer.BadParameter("--quick leaves out what --full adds; give one of them")

    request = Request(scenarios, case, out, as_json)
    raise typer.Exit(run_each(request, time_limit, full=full, quick=quick, png=png))


@app.command(
    epilog="Examples: solve.py curve --at Yunnan --at Guizhou --up-to 1000 · "
    "solve.py curve --of rate --at rail --from 0.1 --up-to 0.2 · "
    'solve.py curve --of links.km --at "mode=road_local" --up-to 100'
)
def curve(
    scenarios: Scenarios = None,
    at: Places = None,
    up_to: End = 1500.0,
    cost: ProductionCost = None,
    of: FigureName = "capacity",
    start: Start = None,
    time_limit: TimeLimit = None,
    case: CasePath = DEFAULT_CASE,
    out: OutPath = DEFAULT_OUT,
    as_json: AsJson = False,
) -> None:
    """Value added capacity exactly, kt by kt, or the cost along any other figure."""
    from model.interface.allocate import study
    from model.studies.questions import CAPACITY, capacity_question, figure_question
    from reports.terminal.study_answer import curve_answer

    names = at or []
    if of == CAPACITY and not names:
        raise typer.BadParameter("name a region with --at REGION")

    options = {"of": of, "at": names, "up_to": up_to, "cost": cost, "from": start}

    def findings(case: Case, allowance: Allowance) -> Findings:
        if of == CAPACITY:
            return Findings(capacity_question(case, names, up_to, cost, allowance))
        return Findings(figure_question(case, of, names, start, up_to, allowance))

    ask = partial(study, kind="curve", ask=findings, options=options)
    request = Request(scenarios, case, out, as_json)
    raise typer.Exit(study_each(ask, curve_answer, request, time_limit))


@app.command(epilog="Example: solve.py ranges --within 1%")
def ranges(
    scenarios: Scenarios = None,
    within: Annotated[
        str, typer.Option(metavar="SHARE", help="How much dearer plans may be; 0% for equal ones.")
    ] = "1%",
    time_limit: TimeLimit = None,
    case: CasePath = DEFAULT_CASE,
    out: OutPath = DEFAULT_OUT,
    as_json: AsJson = False,
) -> None:
    """Tell how far every flow may vary in plans that cost nearly as little; show other plans."""
    from model.interface.allocate import study
    from model.studies.questions import ranges_question, share_of
    from reports.terminal.study_answer import ranges_answer

    share_of(within)

    def findings(case: Case, allowance: Allowance) -> Findings:
        return Findings(ranges_question(case, within, allowance))

    ask = partial(study, kind="ranges", ask=findings, options={"within": within})
    request = Request(scenarios, case, out, as_json)
    raise typer.Exit(study_each(ask, ranges_answer, request, time_limit))


@app.command(epilog='Example: solve.py why Shandong Xinjiang · solve.py why Henan "South Korea"')
def why(
    origin: Annotated[str, typer.Argument(metavar="ORIGIN")],
    sink: Annotated[str, typer.Argument(metavar="SINK")],
    scenarios: Scenarios = None,
    kt: Annotated[
        float, typer.Option(metavar="KT", min=0, help="Forced through the pair, for its cost.")
    ] = 10.0,
    time_limit: TimeLimit = None,
    case: CasePath = DEFAULT_CASE,
    out: OutPath = DEFAULT_OUT,
    as_json: AsJson = False,
) -> None:
    """Explain why a lane is used, or is not: its cost in legs, what it displaces, what it takes."""
    from model.interface.allocate import study
    from model.studies.questions import why_question
    from reports.terminal.study_answer import why_answer

    options = {"origin": origin, "sink": sink, "kt": kt}

    def findings(case: Case, allowance: Allowance) -> Findings:
        return Findings(why_question(case, origin, sink, kt, allowance))

    ask = partial(study, kind="why", ask=findings, options=options)
    request = Request(scenarios, case, out, as_json)
    raise typer.Exit(study_each(ask, why_answer, request, time_limit))


@app.command(epilog="Example: solve.py site --budget 2000 --top 10 --against suez_closed")
def site(
    scenarios: Scenarios = None,
    case: CasePath = DEFAULT_CASE,
    out: OutPath = DEFAULT_OUT,
    budget: Budget = None,
    max_projects: MostProjects = None,
    top: MostSets = 10,
    quota: Quotas = None,
    include: Include = None,
    exclude: Exclude = None,
    against: Rivals = None,
    full: FullChoice = False,
    quick: QuickChoice = False,
    time_limit: SearchLimit = None,
    as_json: AsJson = False,
) -> None:
    """Choose among the case's projects and closures at least cost of freight, production, capital.

    Ranks the best sets, prices every project alone and at the margin, and follows cost against
    budget and number of projects.
    """
    from model.interface.choose import site as choose
    from model.interface.read_case import as_read
    from model.scenarios.prepare import prepare, refuse_same_names
    from reports.terminal.publish import published

    if full and quick:
        raise typer.BadParameter("--quick leaves out what --full adds; give one of them")
    required = required_of(budget, max_projects, quota, include, exclude)
    request = Request(scenarios, case, out, as_json)
    rivals = prepare(case, against) if against else []
    refuse_same_names(rivals)
    others = {prepared.scenario.name: as_read(prepared) for prepared in rivals}

    def answer(prepared: PreparedCase, earlier: Sequence[Result]) -> Outcome:
        result = choose(
            as_read(prepared),
            **required,
            top=top,
            full=full,
            quick=quick,
            against=others,
            time_limit_s=time_limit,
            show=request.show,
        )
        return replace(published(result, out), saved=None)

    raise typer.Exit(run_scenarios(answer, request, doing="Choosing under"))


@app.command(epilog="Example: solve.py plan announced_plants_built --budget 4000")
def plan(
    scenarios: Scenarios = None,
    case: CasePath = DEFAULT_CASE,
    out: OutPath = DEFAULT_OUT,
    budget: Budget = None,
    max_projects: MostProjects = None,
    quota: Quotas = None,
    include: Include = None,
    exclude: Exclude = None,
    time_limit: SearchLimit = None,
    as_json: AsJson = False,
) -> None:
    """Choose what to build and when, over the periods of periods.csv, at least discounted cost."""
    from model.interface.choose import plan as schedule
    from model.interface.read_case import as_read
    from reports.terminal.publish import published

    required = required_of(budget, max_projects, quota, include, exclude)

    def answer(prepared: PreparedCase, earlier: Sequence[Result]) -> Outcome:
        result = schedule(as_read(prepared), **required, time_limit_s=time_limit)
        return replace(published(result, out), saved=None)

    request = Request(scenarios, case, out, as_json)
    raise typer.Exit(run_scenarios(answer, request, doing="Planning under"))


@app.command(epilog="Example: solve.py sweep DRAWS.toml --draws 10000 --workers 2")
def sweep(
    file: Annotated[Path, typer.Argument(metavar="DRAWS.toml", help="What varies, and how.")],
    scenarios: Scenarios = None,
    draws: Annotated[
        int | None,
        typer.Option(metavar="N", min=1, help="Draws.", show_default="as the file says"),
    ] = None,
    workers: Annotated[int, typer.Option(metavar="N", min=1, help="Processes here.")] = 1,
    cluster: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Scheduler of a Dask cluster.")
    ] = None,
    time_limit: TimeLimit = None,
    case: CasePath = DEFAULT_CASE,
    out: OutPath = DEFAULT_OUT,
    as_json: AsJson = False,
) -> None:
    """Solve under thousands of draws of uncertain figures: spread of cost, drivers, lane use.

    The answers are the same for any number of workers.
    """
    from model.interface.allocate import sweep as sweep_case
    from model.studies.sweep.read_draws import read_draws
    from reports.terminal.study_answer import sweep_answer

    read_draws(file)  # what is wrong with it is said before anything is solved

    def ask(case: Case, deadline: Deadline) -> Result:
        return sweep_case(
            case, file, draws=draws, workers=workers, cluster=cluster, time_limit_s=deadline.left_s
        )

    request = Request(scenarios, case, out, as_json)
    raise typer.Exit(study_each(ask, sweep_answer, request, time_limit))


@app.command(epilog="Example: solve.py check --case my_case")
def check(case: CasePath = DEFAULT_CASE, as_json: AsJson = False) -> None:
    """Validate a case and its scenarios; list every fault at once. Nothing is solved or written."""
    from model.scenarios.prepare import check_case

    with progress(f"Checking {case}"):
        name, scenarios, warnings = check_case(case)
    for warning in warnings:
        say(f"warning: {warning}")
    if as_json:
        print_json({"status": "valid", "case": name, "scenarios": scenarios, "warnings": warnings})
    else:
        print(f"{name}: valid; scenarios: {', '.join(scenarios) or 'none'}")


@app.command("list")
def list_everything(
    case: CasePath = DEFAULT_CASE, out: OutPath = DEFAULT_OUT, as_json: AsJson = False
) -> None:
    """List the bundled cases, the scenarios of a case, and the runs there are."""
    from model.scenarios.prepare import list_cases, list_titles
    from model.store.store import list_runs

    listing = {
        "cases": list_cases(DATA),
        "scenarios": list_titles(case),
        "runs": list_runs(out),
    }
    if as_json:
        print_json(listing)
        return
    for kind, entries in listing.items():
        print(f"{kind}:")
        width = max(map(len, entries), default=0)
        print("\n".join(f"  {name:{width}}  {note}" for name, note in entries.items()) or "  none")


@app.command(epilog="Example: solve.py compare base-20260101T000000Z-1a2b3c4d reports/runs/other")
def compare(runs: RunNames, out: OutPath = DEFAULT_OUT, as_json: AsJson = False) -> None:
    """Put runs side by side, the first one as the base: inputs that differ, outputs, cost."""
    from model.interface.runs import compare as compared
    from model.interface.runs import load_run
    from model.store.folder import check_writable
    from model.store.store import find_run
    from reports.terminal.publish import published

    results = [load_run(find_run(name, out)) for name in runs]
    check_writable(out)
    with progress("Comparing"):
        comparison = published(compared(results), out)
    if as_json:
        print_json(comparison.entry)
    (say if as_json else print)(comparison.texts[0])


@app.command(epilog="Example: solve.py verify base-20260101T000000Z-1a2b3c4d")
def verify(run: RunName, out: OutPath = DEFAULT_OUT, as_json: AsJson = False) -> None:
    """Check a whole run folder again from its own inputs; name every figure and file that is off.

    What a certificate can tell is derived in exact arithmetic, everything else by solving again.
    """
    from model.store.store import find_run
    from model.verification.verify import verify as verified

    folder = find_run(run, out)
    with progress(f"Verifying {folder.name}"):
        found = verified(folder)
    if as_json:
        print_json(
            {
                "run": str(folder),
                "agrees": found.agrees,
                "disagreements": [vars(entry) for entry in found.disagreements],
                "not_covered": list(found.not_covered),
            }
        )
    else:
        lines = [str(entry) for entry in found.disagreements]
        lines = lines or [f"{folder.name}: every figure agrees"]
        print("\n".join([*lines, *(f"not covered: {name}" for name in found.not_covered)]))
    if not found.agrees:
        raise typer.Exit(ExitCode.DISAGREES)


@app.command(epilog="Example: solve.py export latest --mps base.mps")
def export(
    run: RunName,
    mps: Annotated[Path, typer.Option(metavar="FILE", help="To write; ends in .mps.")],
    out: OutPath = DEFAULT_OUT,
    as_json: AsJson = False,
) -> None:
    """Write the linear program of a run as a file that other solvers read.

    It holds every lane that no other beats; of `site` the chosen set is built. Its least cost, in
    thousand CNY, is that of the run less yearly costs and capital.
    """
    from model.store.store import find_run
    from model.studies.export import solved_case, write_mps

    folder = find_run(run, out)
    with progress(f"Writing {mps}"):
        rows, columns = write_mps(solved_case(folder), mps)
    if as_json:
        print_json({"run": str(folder), "mps": str(mps), "rows": rows, "columns": columns})
    else:
        print(f"{mps}: {rows:,} rows, {columns:,} columns")


@app.command(epilog="Example: solve.py template my_case.xlsx, fill it in, run --case my_case.xlsx")
def template(
    file: Annotated[Path, typer.Argument(metavar="FILE.xlsx", help="The workbook to make.")],
) -> None:
    """Write an empty workbook with drop-downs and units; a filled one is a case."""
    from reports.workbook import template_workbook

    if file.exists():
        raise typer.BadParameter(f"{file} exists already; name a new file")
    if file.suffix.lower() != ".xlsx":
        raise typer.BadParameter(f"{file} is not read as a workbook; end its name in .xlsx")
    if not file.parent.is_dir():
        raise typer.BadParameter(f"{file.parent} is no folder; make it, or name another")
    template_workbook(file)
    print(f"{file}: fill it in, then run it with --case {file}")


@app.command(epilog="Example: solve.py explore, move sliders, save what convinces as a run")
def explore(
    run: Annotated[
        str | None,
        typer.Argument(
            metavar="RUN", help="Where to start; the case by default.", show_default=False
        ),
    ] = None,
    case: CasePath = DEFAULT_CASE,
    out: OutPath = DEFAULT_OUT,
    port: Annotated[
        int, typer.Option(metavar="N", min=0, max=65535, help="0 for any that is free.")
    ] = 8050,
    as_json: AsJson = False,
) -> None:
    """Open the what-if page on 127.0.0.1: sliders, and the answer before the sentence ends."""
    from importlib.util import find_spec

    from model.store.folder import check_writable
    from model.store.store import find_run

    if find_spec("dash") is None:
        raise typer.BadParameter("the page needs Dash: pip install '.[explore]'")
    from model.studies.whatif.workspace import Workspace
    from reports.explore.server import serve

    given = find_run(run, out) / "inputs" if run else case
    check_writable(out)

    def announce(address: str) -> None:
        if as_json:
            print_json({"status": "serving", "address": address})
        (say if as_json else print)(f"{address}  what if, from {run or case}; Ctrl-C ends it")

    serve(Workspace(given, out), lambda draft: save_draft(draft, out), out, port, announce)


class Ask(Protocol):
    """Allocates a case and asks a study about it."""

    def __call__(self, case: Case, *, deadline: Deadline) -> Result:
        """The answer, with what is proved by the deadline."""


def run_each(
    request: Request, time_limit_s: float | None, *, full: bool, quick: bool, png: bool
) -> int:
    """Allocate under each scenario, beside its companion where it names one; return the exit code.

    The time limit is that of all of them together.
    """
    from model.interface.allocate import allocate
    from model.interface.read_case import as_read
    from model.interface.runs import compare as compared
    from model.solve.deadline import Deadline
    from reports.pages import Extras
    from reports.terminal.publish import published
    from reports.terminal.study_answer import cut_short_text

    deadline = Deadline.after(time_limit_s)

    def answer(prepared: PreparedCase, earlier: Sequence[Result]) -> Outcome:
        result = allocate(as_read(prepared), full=full, quick=quick, time_limit_s=deadline.left_s)
        companion = None
        if prepared.companion and not deadline.has_passed:
            other = as_read(prepared.companion)
            companion = allocate(other, quick=quick, time_limit_s=deadline.left_s)
        extras = Extras(earlier[0] if earlier else None, companion, pictures=png)
        outcome = published(result, request.out, extras)
        return replace(outcome, texts=[*outcome.texts, *cut_short_text(result)])

    return run_scenarios(answer, request, compare=compared)


def study_each(
    ask: Ask,
    headline: Callable[[Result], str],
    request: Request,
    time_limit_s: float | None,
) -> int:
    """Ask a study under each scenario; its folder holds the run, the answer and its tables.

    An answer that the time limit cuts short holds what was proved by then, and says so.
    """
    from model.interface.read_case import as_read
    from model.interface.runs import compare as compared
    from model.solve.deadline import Deadline
    from reports.pages import Extras
    from reports.terminal.publish import published
    from reports.terminal.study_answer import answer_text

    deadline = Deadline.after(time_limit_s)

    def answer(prepared: PreparedCase, earlier: Sequence[Result]) -> Outcome:
        result = ask(as_read(prepared), deadline=deadline)
        outcome = published(result, request.out, Extras(earlier[0] if earlier else None))
        if not result.studies:
            return outcome
        entry = outcome.entry | {"studies": result.studies}
        texts = [*outcome.texts, answer_text(result, headline)]
        return replace(outcome, entry=entry, texts=texts)

    return run_scenarios(answer, request, compare=compared)


def save_draft(draft: Draft, out: Path) -> Path:
    """Run a drafted scenario and save it as any other run, with its scenario file beside."""
    from tempfile import TemporaryDirectory

    from model.interface.allocate import allocate
    from model.interface.read_case import as_read
    from model.scenarios.prepare import prepare
    from reports.pages import Extras, write_pages

    with TemporaryDirectory() as folder:
        file = Path(folder) / f"{draft.name}.toml"
        file.write_text(draft.text, encoding="utf-8")
        (prepared,) = prepare(draft.case_path, [str(file)])
        extras = Extras(files={file.name: file.read_bytes()})
        return allocate(as_read(prepared)).save(out, partial(write_pages, extras=extras))


class Required(TypedDict):
    """What is required of the choice of `site` and `plan`."""

    budget_mcny: float | None
    max_projects: int | None
    quotas: dict[str, int]
    include: list[str]
    exclude: list[str]


def required_of(
    budget: Budget, max_projects: MostProjects, quota: Quotas, include: Include, exclude: Exclude
) -> Required:
    """Read what is required of a choice."""
    from model.studies.siting.requirements import parse_quotas

    return {
        "budget_mcny": budget,
        "max_projects": max_projects,
        "quotas": parse_quotas(quota or []),
        "include": include or [],
        "exclude": exclude or [],
    }


def main() -> int:
    """Run one command; return its exit code."""
    arguments = [argument for argument in sys.argv[1:] if argument != DEBUG]
    if not arguments or (arguments[0].startswith("-") and arguments[0] != "--help"):
        arguments.insert(0, "run")
    with prepared_streams(as_json="--json" in arguments):
        code, failure = _ended(arguments)
        if failure and is_json_due():
            print_json(failure)
    return code


def _ended(arguments: list[str]) -> tuple[int, Mapping[str, object]]:
    """Run one command; return its exit code, and for `--json` why it ended without an answer."""
    try:
        app(arguments)
    except SystemExit as ended:
        code = int(ended.code or 0)
        if code == ExitCode.INTERRUPTED:
            say("interrupted; finished runs are kept, nothing is half-written")
            return code, {"status": "interrupted"}
        bad_usage = {"status": "refused", "faults": ["bad usage: see standard error"]}
        return code, bad_usage if code == ExitCode.BAD_INPUT else {}
    except Exception as error:  # noqa: BLE001  a user gets one line, not a traceback
        failure = explain(error)
        return exit_code_of(error), failure
    return ExitCode.PROVED, {}


if __name__ == "__main__":
    sys.exit(main())
