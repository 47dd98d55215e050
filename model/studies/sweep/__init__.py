"""Thousands of draws of uncertain figures, each solved and proved over every lane on offer."""

from model.studies.sweep.sweep import Sweep, sweep

__all__ = ["Sweep", "sweep"]
