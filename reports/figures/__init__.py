"""The pictures of a report: plotly figure dictionaries, each a pure function of a result.

Nothing here imports plotly: a figure is data, and the page carries the JavaScript that draws it.
"""
