"""The workbook of a run, of a comparison, and the empty template.

May import `figures` and what reports share.
"""

from reports.workbook.comparison import comparison_workbook
from reports.workbook.futures_workbook import futures_workbook
from reports.workbook.plan_workbook import plan_workbook
from reports.workbook.run import run_workbook
from reports.workbook.template import case_workbook, template_workbook

__all__ = [
    "case_workbook",
    "comparison_workbook",
    "futures_workbook",
    "plan_workbook",
    "run_workbook",
    "template_workbook",
]
