"""Experiments: who is given what, what came of it, and what can be said while it runs.

===========================================  =======================================================================
:mod:`~ml.experiments.definition`            what an experiment is: variants, metrics, guardrails, targeting, layer
:mod:`~ml.experiments.registry`              made, started, ramped, stopped, in the store
:mod:`~ml.experiments.assignment`            salted hashes: buckets of layers, variants, the holdout
:mod:`~ml.experiments.exposure`              a listener's variant, written down once
:mod:`~ml.experiments.allocation`            how a bandit shares out its listeners
:mod:`~ml.experiments.drafts`                which of two rankings an item came from, written down where it changes
:mod:`~ml.experiments.outcomes`              clicks and other events
:mod:`~ml.experiments.sql`                   metrics a listener, in SQL that can only read
:mod:`~ml.experiments.sequential`            always-valid p-values and intervals
:mod:`~ml.experiments.counts`                the same for counts: sample-ratio mismatch, shares
:mod:`~ml.experiments.reading`               everything together, with a decision in words, whatever the design
:mod:`~ml.experiments.analysis`              of a split
:mod:`~ml.experiments.interleaved_analysis`  of two rankings in one list, by :mod:`~ml.experiments.credits`
:mod:`~ml.experiments.bandit_analysis`       of a bandit
:mod:`~ml.experiments.interleaving`          two rankings in one list: the draft, the credit, the preference
:mod:`~ml.experiments.bandits`               Thompson sampling and LinUCB, with propensities
:mod:`~ml.experiments.off_policy`            IPS, SNIPS and DR: what another policy would have reached
===========================================  =======================================================================

Conventions
-----------
Listeners appear by their random keys alone, times are UTC milliseconds, randomness is an argument. An experiment knows
nothing of what its parameters mean: whoever owns the surface reads them.
"""
