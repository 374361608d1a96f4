"""``python -m ml``: the command ``ml``."""

from ml.cli.main import run

if __name__ == "__main__":
    run()
