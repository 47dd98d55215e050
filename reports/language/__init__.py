"""The language of reports: its catalogue, numbers and names as people read them.

May import nothing of the reports.
"""

from reports.language.catalogue import named, say, speaking, speaking_of, word

__all__ = ["named", "say", "speaking", "speaking_of", "word"]
