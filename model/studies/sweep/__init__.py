"""Thousands of draws of uncertain figures: everything that only sweeps use.

May import the modules that studies share.
"""

from model.studies.sweep.sweep import Sweep, sweep

__all__ = ["Sweep", "sweep"]
