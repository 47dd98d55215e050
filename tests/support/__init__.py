"""Helpers that tests share: cases, oracles, workbooks."""
