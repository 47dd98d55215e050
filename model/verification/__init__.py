"""What `verify` answers of a run folder: the audit in rationals, and every question asked again.

May import every room of the model: only its public interface stands higher.
"""
