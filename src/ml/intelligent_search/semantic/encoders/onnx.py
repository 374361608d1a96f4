"""Texts to vectors with onnxruntime and tokenizers."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ml.foundation.errors import BadInput
from ml.foundation.extras import extra
from ml.intelligent_search.semantic.encoders.folder import beside, length_in, pooling_in

Floats = NDArray[np.float32]
#: Texts at a time: what lies between two layers stays in a processor's cache.
_BATCH = 32
#: Texts whose tokens are held at a time.
_TOKENISED = 8_192
_UNKNOWN = "[UNK]"


class OnnxTextEncoder:
    """A sentence transformer as an ONNX model, with its tokenizer.

    The model takes tokens and their mask, and gives a vector a text, or a state a token: of those the mean is taken,
    or the first, as ``1_Pooling/config.json`` says.

    Parameters
    ----------
    file : Path
        The model; ``tokenizer.json`` lies beside it, or a folder above.
    version : str, optional
        Left out, it is made from the bytes of model and tokenizer.

    Raises
    ------
    BadInput
        If there is no such model, or no tokenizer.
    MissingExtra
        If onnxruntime or tokenizers are not installed.
    """

    def __init__(self, file: Path, *, version: str | None = None) -> None:
        with extra("semantic"):
            import onnxruntime
            from tokenizers import Tokenizer
        words = beside(file, "tokenizer.json")
        if words is None:
            raise BadInput(f"{file}: no tokenizer.json beside it", "copy it from where the model comes from")
        options = onnxruntime.SessionOptions()
        # One thread: a query is short, and who encodes a catalogue has processes of their own.
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 4  # what is wrong is said by the error
        try:
            self._session: Any = onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
            self._tokenizer: Any = Tokenizer.from_file(str(words))
        except Exception as error:  # both libraries have classes of their own
            raise BadInput(f"{file}: not a model of texts that can be read: {error}", "export it again") from error
        self._tokenizer.no_padding()
        length, self._pooling = length_in(file), pooling_in(file)
        self._tokenizer.enable_truncation(length)
        self._inputs = [one.name for one in self._session.get_inputs()]
        self._file = file
        self.version = version or f"{file.stem}-{_hash_of(file, words)}-{self._pooling}-{length}"
        self.size = len(self.encode([""])[0])

    def encode(self, texts: Sequence[str]) -> Floats:
        """Give a vector of length 1 for each text, float32 [shape=(len(texts), size)].

        Raises
        ------
        BadInput
            If the model does not take what the tokenizer gives.
        """
        if not texts:
            return np.zeros((0, self.size), dtype=np.float32)
        parts = [self._encoded(texts[begin : begin + _TOKENISED]) for begin in range(0, len(texts), _TOKENISED)]
        return np.concatenate(parts)

    def knows(self, words: str) -> bool:
        """Tell whether all words are whole in the tokenizer's vocabulary."""
        found = self._tokenizer.encode(words, add_special_tokens=False)
        return len(found.tokens) == len(set(found.word_ids)) and _UNKNOWN not in found.tokens

    def _encoded(self, texts: Sequence[str]) -> Floats:
        tokens = [one.ids for one in self._tokenizer.encode_batch(list(texts))]
        # Texts of about one length together: padding costs as much as words.
        order = np.argsort([len(one) for one in tokens], kind="stable")
        batches = [order[begin : begin + _BATCH] for begin in range(0, len(order), _BATCH)]
        vectors = np.concatenate([self._run([tokens[one] for one in batch]) for batch in batches])
        found = np.empty_like(vectors)
        found[order] = vectors
        return found

    def _run(self, tokens: list[list[int]]) -> Floats:
        ids = np.zeros((len(tokens), max(map(len, tokens))), dtype=np.int64)
        mask = np.zeros_like(ids)
        for row, one in enumerate(tokens):
            ids[row, : len(one)], mask[row, : len(one)] = one, 1
        fed = {name: mask if "mask" in name else np.zeros_like(ids) if "type" in name else ids for name in self._inputs}
        try:
            given = np.asarray(self._session.run(None, fed)[0], dtype=np.float32)
        except Exception as error:  # onnxruntime has a class for each status
            raise BadInput(f"{self._file}: the model fails: {error}", "a sentence transformer is wanted") from error
        if given.ndim == 3:
            given = given[:, 0] if self._pooling == "cls" else (given * mask[:, :, None]).sum(axis=1)
        return np.asarray(given / np.maximum(np.linalg.norm(given, axis=1, keepdims=True), 1e-12))


def _hash_of(*files: Path) -> str:
    digest = sha256()
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()[:12]
