"""Is this model whole? Fitted objects, model folders and ONNX files.

Conventions
-----------
A check that fails is a line of the report, not an exception; :meth:`IntegrityReport.raise_if_bad` makes one of it.
What cannot be looked at at all (no such file, an object of no known kind) is an exception. Nothing is
unpickled, and no library is imported to look at an object of another one.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import issparse

from ml.foundation.errors import BadInput, CorruptModel, NotTrained
from ml.foundation.extras import extra
from ml.foundation.paths import expanded
from ml.foundation.results import Result

__all__ = ["Check", "IntegrityReport", "validate_model_integrity"]

ACCEPTED = "a fitted model of ours, a scikit-learn estimator, a torch module, a model folder or an .onnx file"
CARD = "card.json"


@dataclass(frozen=True, slots=True)
class Check(Result):
    """One thing that was looked at."""

    name: str
    ok: bool
    detail: str = ""


@dataclass(frozen=True, slots=True)
class IntegrityReport(Result):
    """What was found.

    Parameters
    ----------
    ok : bool
        Whether every check passed.
    kind : str
        ``"model"``, ``"sklearn"``, ``"torch"``, ``"folder"`` or ``"onnx"``.
    subject : str
        The class or the path.
    checks : tuple of Check
    """

    ok: bool
    kind: str
    subject: str
    checks: tuple[Check, ...]

    def raise_if_bad(self) -> None:
        """Raise what is wrong.

        Raises
        ------
        ml.foundation.errors.CorruptModel
            If a check failed; the message names all that did.
        """
        bad = [f"{check.name}: {check.detail}" for check in self.checks if not check.ok]
        if bad:
            raise CorruptModel(f"{self.subject} is not whole: {'; '.join(bad)}", "train it again, or fetch it again")


def validate_model_integrity(model: Any) -> IntegrityReport:
    """Look whether a model is whole.

    Parameters
    ----------
    model : object, str or Path
        A fitted model of ours (arrays finite, no empty matrix), a scikit-learn estimator (fitted, what it learned
        finite), a torch module (parameters and buffers there and finite), the path of a model folder (files as
        its card says, numbers finite) or of an ``.onnx`` file (well-formed, finite, loads in ONNX Runtime).

    Raises
    ------
    ml.foundation.errors.BadInput
        If there is no such path, or it is none of these.
    ml.foundation.errors.MissingExtra
        If it is an ONNX file and its libraries are not installed.

    Examples
    --------
    >>> from ml.models.popularity import Popularity
    >>> report = validate_model_integrity(Popularity())
    >>> report.ok, [check.name for check in report.checks if not check.ok]
    (False, ['fitted'])
    """
    if isinstance(model, str | Path):
        return _of_path(expanded(model))
    if isinstance(model, type):
        raise BadInput(f"{model.__qualname__} is a class", "pass a fitted object of it")
    kind = type(model)
    subject = f"{kind.__module__}.{kind.__qualname__}"
    if _instance_of(model, "torch.nn", "Module"):
        return _report("torch", subject, _torch(model))
    if _instance_of(model, "sklearn.base", "BaseEstimator"):
        return _report("sklearn", subject, _sklearn(model))
    if all(callable(getattr(model, name, None)) for name in ("fit", "score", "arrays", "restore")):
        return _report("model", subject, _ours(model))
    raise BadInput(f"{subject} is no model that can be looked at", f"pass {ACCEPTED}")


def _report(kind: str, subject: str, checks: Iterable[Check]) -> IntegrityReport:
    done = tuple(checks)
    return IntegrityReport(all(check.ok for check in done), kind, subject, done)


def _of_path(path: Path) -> IntegrityReport:
    if not path.exists():
        raise BadInput(f"{path}: no such file or folder", "check the path")
    if (path / CARD).is_file():
        return _report("folder", str(path), _folder(path))
    if path.suffix.lower() == ".onnx" and path.is_file():
        return _report("onnx", str(path), _onnx(path))
    if path.is_dir():
        raise BadInput(f"{path}: no model folder, it has no {CARD}", f"pass {ACCEPTED}")
    raise BadInput(f"{path}: no model file that can be looked at", f"pass {ACCEPTED}")


def _instance_of(model: Any, module: str, name: str) -> bool:
    """Tell whether an object is of a library's class; where the library is not loaded, it is not."""
    loaded = sys.modules.get(module)
    kind = getattr(loaded, name, None)
    return kind is not None and isinstance(model, kind)


def _ours(model: Any) -> Iterator[Check]:
    try:
        arrays = {name: np.asarray(array) for name, array in model.arrays().items()}
    except NotTrained as error:
        yield Check("fitted", ok=False, detail=error.message)
        return
    if not arrays:
        yield Check("fitted", ok=False, detail="it has learned nothing")
        return
    yield Check("fitted", ok=True, detail=f"{len(arrays)} arrays, {sum(a.size for a in arrays.values()):,} numbers")
    yield _named("shapes", _empty(arrays))
    yield _named("types", [f"{name} holds objects" for name, array in arrays.items() if array.dtype.hasobject])
    yield _named("finite", [text for name, array in arrays.items() if (text := _not_finite(name, array))])


def _empty(arrays: Mapping[str, NDArray[Any]]) -> list[str]:
    """Name what may not be empty: a matrix never, a list (a sparse matrix may hold nothing) only if all are."""
    empty = {name: array for name, array in arrays.items() if array.size == 0}
    bad = {name: a for name, a in empty.items() if a.ndim > 1 or len(empty) == len(arrays)}
    return [f"{name} is empty {array.shape}" for name, array in bad.items()]


def _named(name: str, faults: list[str]) -> Check:
    more = f", and {len(faults) - 5} more" if len(faults) > 5 else ""
    return Check(name, ok=not faults, detail=", ".join(faults[:5]) + more)


def _not_finite(name: str, array: NDArray[Any]) -> str:
    if array.dtype.kind not in "fc":
        return ""
    bad = int(array.size - np.count_nonzero(np.isfinite(array)))
    return f"{name} has {bad:,} of {array.size:,} that are NaN or infinite" if bad else ""


def _folder(path: Path) -> Iterator[Check]:
    from ml.models.files import verify  # other kinds of models do not need the files of ours

    for name, ok, detail in verify(path):
        yield Check(name, ok=ok, detail=detail)


def _sklearn(model: Any) -> Iterator[Check]:
    validation = import_module("sklearn.utils.validation")
    not_fitted = import_module("sklearn.exceptions").NotFittedError
    try:
        validation.check_is_fitted(model)
    except (not_fitted, TypeError) as error:  # TypeError: it has nothing to fit
        yield Check("fitted", ok=False, detail=str(error))
        return
    yield Check("fitted", ok=True)
    faults = [text for name, array in _learned("", model) if (text := _not_finite(name, array))]
    yield _named("finite", faults)


# Learned attributes in which NaN is a legitimate word: a category, a fold that could not be scored.
_NAN_ALLOWED = frozenset({"categories_", "cv_results_", "statistics_"})


def _learned(name: str, value: Any) -> Iterator[tuple[str, NDArray[Any]]]:
    """Walk through what an estimator learned, nested estimators included."""
    if isinstance(value, np.ndarray) and value.dtype != object:
        yield name, value
    elif isinstance(value, float):
        yield name, np.asarray(value)
    elif _instance_of(value, "sklearn.base", "BaseEstimator"):
        yield from _attributes(name, value)
    elif _instance_of(value, "sklearn.tree._tree", "Tree"):
        # Not its thresholds: infinity is one, where a split tells missing from present.
        yield f"{name}.value", value.value
    elif issparse(value):
        yield name, _stored(value)
    else:
        for key, item in _members(value):
            yield from _learned(f"{name}[{key!r}]", item)


def _stored(matrix: Any) -> NDArray[Any]:
    return np.asarray(matrix.tocoo().data)


def _members(value: Any) -> Iterable[tuple[Any, Any]]:
    if isinstance(value, np.ndarray):
        return enumerate(value.ravel())
    if isinstance(value, Mapping):
        return value.items()
    return enumerate(value) if isinstance(value, list | tuple) else ()


def _attributes(name: str, estimator: Any) -> Iterator[tuple[str, NDArray[Any]]]:
    for attribute, value in vars(estimator).items():
        # Pipelines and unions keep their fitted parts under the names of their parameters.
        learned = attribute.endswith("_") and not attribute.startswith("__")
        if (learned or attribute in {"steps", "transformer_list"}) and attribute not in _NAN_ALLOWED:
            yield from _learned(f"{name}.{attribute}".lstrip("."), value)


def _torch(model: Any) -> Iterator[Check]:
    torch = sys.modules["torch"]
    tensors = dict(model.state_dict(keep_vars=True))
    tensors |= {name: tensor for name, tensor in model.named_buffers() if name not in tensors}
    parameters = dict(model.named_parameters())
    yield Check("parameters", ok=bool(parameters), detail=f"{len(parameters)}" if parameters else "it has none")
    tensors = {name: tensor for name, tensor in tensors.items() if isinstance(tensor, torch.Tensor)}
    absent = [name for name, tensor in tensors.items() if _unmade(torch, tensor)]
    yield _named("made", [f"{name} has no values yet" for name in absent])
    made = {name: tensor.detach() for name, tensor in tensors.items() if name not in absent}
    yield _named("shapes", [f"{name} is empty {tuple(t.shape)}" for name, t in made.items() if t.numel() == 0])
    yield _named("finite", [f"{name} has NaN or infinite numbers" for name, t in made.items() if not _finite(torch, t)])
    yield Check("shared", ok=True, detail=", ".join(_shared(made)))


def _unmade(torch: Any, tensor: Any) -> bool:
    return tensor.is_meta or isinstance(tensor, torch.nn.parameter.UninitializedTensorMixin)


def _finite(torch: Any, tensor: Any) -> bool:
    if tensor.is_quantized:
        tensor = tensor.dequantize()
    if tensor.layout != torch.strided:
        tensor = tensor.to_dense()
    if not (tensor.is_floating_point() or tensor.is_complex()):
        return True
    if tensor.element_size() == 1:  # the 8-bit floats know few operations
        tensor = tensor.float()
    return bool(torch.isfinite(tensor).all())


def _shared(tensors: Mapping[str, Any]) -> Iterator[str]:
    """Name tensors that are one tensor under two names: tied weights, meant or not."""
    first: dict[tuple[Any, ...], str] = {}
    for name, tensor in tensors.items():
        if tensor.numel() == 0 or tensor.layout != sys.modules["torch"].strided:
            continue
        place = (tensor.data_ptr(), tuple(tensor.shape), tensor.stride(), tensor.dtype)
        if place in first:
            yield f"{name} is {first[place]}"
        first.setdefault(place, name)


def _onnx(path: Path) -> Iterator[Check]:
    with extra("onnx"):
        import onnx
        import onnxruntime
    try:
        onnx.checker.check_model(str(path))
        graph = onnx.load(str(path)).graph
    except Exception as error:  # noqa: BLE001  # protobuf and onnx have errors of their own without a common base
        yield Check("well_formed", ok=False, detail=_first_line(error))
        return
    yield Check("well_formed", ok=True)
    yield from _weights(onnx, graph)
    try:
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 4  # what is wrong is in the report
        onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # noqa: BLE001  # its errors have no common base either
        yield Check("loads", ok=False, detail=_first_line(error))
    else:
        yield Check("loads", ok=True)


def _weights(onnx: Any, graph: Any) -> Iterator[Check]:
    """Check initialisers; a graph may have none."""
    weights = [(tensor.name, onnx.numpy_helper.to_array(tensor)) for tensor in _initializers(graph)]
    yield Check("weights", ok=True, detail=f"{len(weights)}, {sum(array.size for _, array in weights):,} numbers")
    yield _named("finite", [text for name, array in weights if (text := _not_finite(name, array))])


def _initializers(graph: Any) -> Iterator[Any]:
    yield from graph.initializer
    for node in graph.node:
        for attribute in node.attribute:
            for inner in [attribute.g, *attribute.graphs]:
                yield from _initializers(inner)


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0] or type(error).__name__
