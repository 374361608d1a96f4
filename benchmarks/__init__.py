"""Measurements with targets: ``python -m benchmarks [name …] [--quick] [--json FILE]``.

Adding one is one file in this folder: a module whose docstring says what is measured and how, with

- ``TARGETS``: a mapping of result names to :class:`~benchmarks.target.Target`;
- ``run(quick: bool) -> dict[str, float]``: measure, and give plain numbers by name. ``quick`` is for trying it out:
  small data, few repetitions, no claim.

What a benchmark runs in the environment of other libraries (`.venv-peers`) lies in ``peers/``, as scripts that know
nothing of `ml`.

Conventions
-----------
Names of results carry their unit (``median_ms``, ``listens_per_s``, ``peak_mib``). Whatever is random takes a fixed
seed. A benchmark makes its data itself, in a temporary folder, so that the one command is enough.
"""
