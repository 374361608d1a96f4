"""A transformer over listening histories.

What
----
:class:`Sequential` is the model. ``sequences``, ``content``, ``lessons`` and ``validation`` prepare what it learns
from; ``network``, ``learning`` and ``checkpoint`` train, with PyTorch; ``graph`` writes the encoder as ONNX and
``serving`` runs it with onnxruntime. Nothing that answers imports PyTorch.
"""

from ml.models.sequential.model import Sequential

__all__ = ["Sequential"]
