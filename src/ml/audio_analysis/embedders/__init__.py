"""Larger embedders than our own, from a file: one protocol, and models that fit it.

Conventions
-----------
- An embedder takes a sound and gives one float32 vector for the whole of it, None for silence. Vectors of embedders
  with different names are never compared; the name holds a hash of the model's bytes, the rate and the window.
- :func:`open_embedder` takes an ONNX file, or a local Hugging Face folder: one with an ONNX model in it
  (:class:`OnnxEmbedder`), else one that the library ``transformers`` loads (:class:`TransformersEmbedder`). Nothing is
  downloaded, and no code of a folder is run.
- A model that wants spectra needs an embedder of its own with the same two members.
"""

from ml.audio_analysis.embedders.embedder import Embedder, Plugged, open_embedder, plugged
from ml.audio_analysis.embedders.onnx import OnnxEmbedder
from ml.audio_analysis.embedders.transformers import TransformersEmbedder

__all__ = ["Embedder", "OnnxEmbedder", "Plugged", "TransformersEmbedder", "open_embedder", "plugged"]
