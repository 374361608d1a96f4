"""Models of Hugging Face's ``transformers``, from a local folder.

The folder's feature extractor makes of a mono waveform what the model wants, a spectrogram (CLAP, AST) or the waveform
itself (wav2vec 2.0, HuBERT, WavLM); the vector is the model's audio embedding where it has one
(``get_audio_features``), else the mean of its last hidden states over time. Only folders with weights in
``safetensors`` are read: the older form is a pickle. Code that lies in a folder is not run: a model that needs its own
(such as MERT) has to be exported to ONNX first.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from ml.audio_analysis.embedders.onnx import EXPORT, PLACES
from ml.audio_analysis.embedders.windows import RATE, hash_of, mean_vector, rate_in
from ml.data.audio_files import Source, printable
from ml.features.audio.framing import Floats
from ml.foundation.errors import BadInput
from ml.foundation.extras import extra

_NEEDED = ("config.json", "preprocessor_config.json")


class TransformersEmbedder:
    """A model that ``transformers`` loads from a folder; nothing is downloaded.

    Parameters
    ----------
    folder : Path or str
        With ``config.json``, ``preprocessor_config.json`` and weights in ``*.safetensors``.
    window_s : float > 0
        What the model gets at a time.

    Raises
    ------
    BadInput
        If it holds no such model.
    MissingExtra
        If transformers or torch are not installed.
    """

    def __init__(self, folder: Path | str, *, window_s: float = 10.0) -> None:
        place = Path(folder).expanduser()
        weights = sorted(place.glob("*.safetensors"))
        lacking = [name for name in _NEEDED if not (place / name).is_file()] + ["*.safetensors"] * (not weights)
        if lacking:
            raise BadInput(
                f"{printable(place)}: holds no {' and no '.join(PLACES)}, and lacks {', '.join(lacking)}",
                f"export the model first: {EXPORT}",
            )
        with extra("transformers"):
            import torch
            import transformers
        self._torch: Any = torch
        self._folder = place
        self.rate = rate_in(place) or RATE
        self.window = round(window_s * self.rate)
        content = hash_of([*(place / name for name in _NEEDED), *weights])
        self.name = f"{place.resolve().name}-{content}-{self.rate}-{window_s:g}s"
        local: dict[str, Any] = {"local_files_only": True, "trust_remote_code": False}
        try:
            self._extractor: Any = transformers.AutoFeatureExtractor.from_pretrained(str(place), **local)
            model: Any = transformers.AutoModel.from_pretrained(str(place), use_safetensors=True, **local)
        except (OSError, ValueError, KeyError, ImportError) as error:
            said = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
            raise BadInput(
                f"{printable(place)}: transformers cannot load it ({said})", f"export it to ONNX: {EXPORT}"
            ) from error
        self._model = model.eval()

    def embed(self, source: Source) -> Floats | None:
        """Give the vector of a sound, float32 [shape=(n,)]; None for silence.

        Raises
        ------
        BadInput
            If it cannot be read as a sound, or the model does not take one.
        """
        return mean_vector(source, self.rate, self.window, self._embed)

    def _embed(self, window: Floats) -> Floats:
        with self._torch.inference_mode():
            try:
                given = self._extractor(window, sampling_rate=self.rate, return_tensors="pt")
                audio = getattr(self._model, "get_audio_features", None)
                found = audio(**given) if audio is not None else self._model(**given)
            except (TypeError, ValueError, RuntimeError) as error:
                raise BadInput(
                    f"{printable(self._folder)}: the model does not take a sound ({error})", "give a model of audio"
                ) from error
        for name in ("pooler_output", "last_hidden_state") if audio is not None else ("last_hidden_state",):
            found = getattr(found, name, found)
        values = np.asarray(found.numpy(), dtype=np.float32)
        vector: Floats = values.reshape(-1, values.shape[-1]).mean(axis=0)
        return vector
