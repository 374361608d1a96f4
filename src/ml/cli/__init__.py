"""The command line: parse, call one verb, render.

One file a group of commands. :mod:`~ml.cli.main` puts them together, :mod:`~ml.cli.outcome`
turns errors into messages and exit codes, :mod:`~ml.cli.screen` draws.
"""
