"""Texts to vectors: one protocol, MiniLM, and other sentence transformers from a path.

Conventions
-----------
- Vectors are float32 and of length 1. Vectors of encoders with different versions are never compared; the version
  holds a hash of weights and tokenizer.
- Answering needs onnxruntime and tokenizers. Graphs are written from the weights themselves, node by node, so that
  PyTorch is needed nowhere. Nothing is downloaded, no code of a folder is run, and pickles are not read.
"""

from ml.intelligent_search.semantic.encoders.encoder import TextEncoder, open_encoder
from ml.intelligent_search.semantic.encoders.minilm import minilm
from ml.intelligent_search.semantic.encoders.onnx import OnnxTextEncoder

__all__ = ["OnnxTextEncoder", "TextEncoder", "minilm", "open_encoder"]
