"""Whisper, from a folder on this machine: dictation instead of a grammar.

Nothing is fetched: whoever has the weights (``openai/whisper-…`` in the form of Hugging Face) names their folder by the
setting ``intelligent_search.speech_model``.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ml.foundation.errors import BadInput
from ml.foundation.extras import extra
from ml.foundation.paths import expanded
from ml.intelligent_search.voice.cepstra import RATE, Floats

_MOST_TOKENS = 64


@dataclass(frozen=True, slots=True)
class Transcript:
    """What somebody said, in words.

    Parameters
    ----------
    text : str
    confidence : float
        The mean probability of its tokens, in [0, 1]: no probability that it is right.
    """

    text: str
    confidence: float


class Whisper:
    """Writes down what is said.

    Parameters
    ----------
    folder : path

    Raises
    ------
    BadInput
        If it holds no Whisper.
    MissingExtra
        If ``transformers`` is not installed.
    """

    def __init__(self, folder: Path | str) -> None:
        place = expanded(folder)
        if not (place / "config.json").is_file():
            raise BadInput(
                f"{place}: no Whisper model in it",
                "name a folder with config.json, or nothing: ml settings intelligent_search.speech_model=''",
            )
        with extra("transformers"):
            from transformers import AutoProcessor, WhisperForConditionalGeneration
        try:
            self._processor: Any = AutoProcessor.from_pretrained(place, local_files_only=True)
            self._model: Any = WhisperForConditionalGeneration.from_pretrained(
                place, local_files_only=True, use_safetensors=True
            )
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise BadInput(f"{place}: no Whisper model ({error})", "download it anew, with its processor") from error
        self._model.eval()

    def transcribe(self, samples: Floats) -> Transcript:
        """Write down what is said, mono at 16 kHz."""
        import torch

        inputs = self._processor(samples, sampling_rate=RATE, return_tensors="pt", return_attention_mask=True)
        with torch.inference_mode():
            made = self._model.generate(
                inputs.input_features,
                attention_mask=inputs.attention_mask,
                max_new_tokens=_MOST_TOKENS,
                return_dict_in_generate=True,
                output_scores=True,
            )
            scores = self._model.compute_transition_scores(made.sequences, made.scores, normalize_logits=True)
        text = self._processor.batch_decode(made.sequences, skip_special_tokens=True)[0]
        chances = np.exp(scores[0].numpy())
        return Transcript(text.strip().rstrip(".!?"), round(float(chances.mean()), 4) if len(chances) else 0.0)
