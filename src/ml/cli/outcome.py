"""What a command ends with: JSON, text, or an error's message and exit code."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import Any

import orjson

from ml.foundation.errors import MLError
from ml.foundation.outcomes import outcome_of
from ml.foundation.results import plain


def exit_code(error: MLError) -> int:
    """Give the exit code of an error.

    >>> from ml.foundation.errors import DiskFull
    >>> exit_code(DiskFull("no space"))
    6
    """
    return outcome_of(error).exit_code


def print_json(value: Any) -> None:
    """Write a result, or a list of them, as indented JSON on stdout."""
    sys.stdout.write(orjson.dumps(plain(value), option=orjson.OPT_INDENT_2).decode() + "\n")


def print_json_list(values: Iterable[Any]) -> None:
    """Write results as :func:`print_json` writes a list of them, each as it comes."""
    before = "["
    for value in values:
        text = orjson.dumps(plain(value), option=orjson.OPT_INDENT_2).decode()
        sys.stdout.write(f"{before}\n  " + text.replace("\n", "\n  "))
        before = ","
    sys.stdout.write("[]\n" if before == "[" else "\n]\n")


def print_json_lines(values: Iterable[Any], *, at_once: bool = False) -> None:
    """Write one JSON object a line, as they come; ``at_once`` so that a pipe has each before the next."""
    for value in values:
        sys.stdout.write(orjson.dumps(plain(value)).decode() + "\n")
        if at_once:
            sys.stdout.flush()


def print_error(error: MLError) -> None:
    """Write an error for people on stderr."""
    from ml.cli.screen import problems

    problems().print(f"[bold red]error:[/] {_safe(error.message)}", soft_wrap=True)
    if error.hint:
        problems().print(f"  [dim]→[/] {_safe(error.hint)}", soft_wrap=True)


def _safe(text: str) -> str:
    from rich.markup import escape

    return escape(text)
