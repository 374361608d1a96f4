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

#: Modules that only training with an extra imports, and nothing else does: a network of PyTorch is a class of PyTorch.
OF_EXTRAS = {"ml.models.sequential.learning": "deep", "ml.models.sequential.network": "deep"}


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
    names = [name for name in names if name not in OF_EXTRAS or not missing(OF_EXTRAS[name])]
    for name in names:
        import_module(name)
    print(f"{len(names)} modules imported" + (f" with the extra {wanted[0]}" if wanted else ""))


if __name__ == "__main__":
    main()
