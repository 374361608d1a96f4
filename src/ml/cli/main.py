"""The command ``ml``."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated, Optional

import typer

from ml import __version__
from ml.cli.command_table import CommandTable
from ml.foundation import configuration, log
from ml.foundation.errors import MLError

#: As the shell names a command that Ctrl-C has ended.
INTERRUPTED = 130

app = typer.Typer(
    name="ml",
    cls=CommandTable,
    help="Music intelligence on your own catalogue, listening history and audio files.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"ml {__version__}")
        raise typer.Exit


@app.callback()
def options(
    home: Annotated[
        Optional[Path], typer.Option(help="Folder of the workspace; as ML_HOME.", file_okay=False)  # noqa: UP045
    ] = None,
    version: Annotated[  # noqa: ARG001
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Music intelligence on your own catalogue, listening history and audio files."""
    if home is not None:
        os.environ["ML_HOME"] = str(home)
        configuration.forget()
    log.setup(configuration.current().compute.log_level)


def run() -> None:
    """Run the command line; an error that a user can mend is a message, not a traceback."""
    from ml.cli.outcome import exit_code, print_error

    try:
        app(standalone_mode=True)
    except MLError as error:
        print_error(error)
        sys.exit(exit_code(error))
    except SystemExit as ended:
        # Typer turns Ctrl-C into this, and says nothing.
        if ended.code == INTERRUPTED:
            sys.stderr.write("interrupted; what was stored stays, and the same command goes on from there\n")
        raise
    except BrokenPipeError:
        # Whoever read our output has had enough, as `head` does.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)
    except OSError as error:
        if error.filename is None:
            raise
        told = MLError(f"{error.filename}: {error.strerror}", "check the path, its permissions and the space left")
        print_error(told)
        sys.exit(exit_code(told))


if __name__ == "__main__":
    run()
