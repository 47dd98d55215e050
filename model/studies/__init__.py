"""Questions about a case beyond one run: each calls the core and never edits it.

May import everything of the model; a study that another one uses stands below it.
"""
