"""Exact certificates: what a run's files prove to someone who trusts neither model nor solver.

Standard library only, but for `compiled_paths`, whose every label is checked; imports no other
package of this program. Everything is derived again from the text of `inputs/` and of the run's
outputs, in rational numbers:

- reading, selection, paths, program, derive, derive_networks, lanes: the linear program, and any
  lane of it;
- elimination, plan, basis: flows and duals of the final basis, solved exactly;
- explicit, routes, bound: reduced costs of all lanes on offer, and the bound that duals prove;
- proof, certificate, infeasible: what is proved, in a word;
- choice, horizon, starts, start_rules: what may be built or closed, and when;
- outlets, openings, choice_bound, root_bound: what no choice undercuts, from stored multipliers.
"""
