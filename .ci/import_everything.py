"""Import every module of the installed package; nothing may ask for an optional library.

usage: import_everything.py [EXTRA]

Without an argument no extra may be installed, or the test would prove nothing.
With one, its libraries have to be there.
"""

import pkgutil
import sys
from importlib import import_module

import ml
from ml.foundation.extras import EXTRAS, missing

#: Modules, and packages with all in them, that nothing imports before their extra was asked for: a network of PyTorch
#: is a class of PyTorch, and a route one of FastAPI.
OF_EXTRAS = {
    "ml.models.sequential.learning": "deep",
    "ml.models.sequential.network": "deep",
    "ml.data.store.postgresql": "postgres",
    "ml.service": "service",
}


def needed(name: str) -> str | None:
    """Name the extra that a module needs."""
    return next((extra for start, extra in OF_EXTRAS.items() if f"{name}.".startswith(f"{start}.")), None)


def main() -> None:
    """Check what is installed, then import everything."""
    wanted = sys.argv[1:]
    for extra in wanted:
        if missing(extra):
            sys.exit(f"the extra {extra!r} does not install {', '.join(missing(extra))}")
    if not wanted:
        present = sorted(set().union(*EXTRAS.values()) - {name for extra in EXTRAS for name in missing(extra)})
        if present:
            sys.exit(f"this is not the core alone: {', '.join(present)} can be imported")
    names = [
        module.name for module in pkgutil.walk_packages(ml.__path__, "ml.") if not module.name.endswith("__main__")
    ]
    names = [name for name in names if needed(name) is None or not missing(needed(name))]
    for name in names:
        import_module(name)
    print(f"{len(names)} modules imported" + (f" with the extra {wanted[0]}" if wanted else ""))


if __name__ == "__main__":
    main()
