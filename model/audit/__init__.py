"""The audit of a stored run (`verify`): every figure and file of it derived again from texts.

May import `certify` alone:

- corner, ratio, marginals: exact left and right marginal values, by pivots from the basis;
- figures, observed, ledger, manifest: every other figure and file of a run;
- siting: what a run has chosen to build, and what it costs;
- stored, disagreement, check_*, verify: a stored run against all of these;
- check_claim: the status that a certificate confirms.
"""
