"""Which decoder reads a sound, and what is said where none does."""

from __future__ import annotations

from ml.data.audio_files.decoder import Decoder, Material, Refused
from ml.data.audio_files.ffmpeg import FfmpegDecoder, program
from ml.data.audio_files.forms import FOREIGN
from ml.data.audio_files.libsndfile import SoundFileDecoder
from ml.data.audio_files.pyav import PyAvDecoder
from ml.data.audio_files.resuming import ResumingDecoder
from ml.foundation.errors import BadInput, MissingExtra
from ml.foundation.extras import install_command, missing

#: Sample rates a sound may have, in Hz.
SLOWEST, FASTEST = 1_000, 768_000


def open_decoder(material: Material) -> tuple[Decoder, str | None]:
    """Begin to decode, and give the form too; libsndfile first, FFmpeg's libraries for what it does not know.

    Raises
    ------
    BadInput
        If no decoder can read it.
    MissingExtra
        If what could read it is not installed.
    """
    if material.form in FOREIGN:
        return _sensible(_foreign(material), material), material.form
    try:
        decoder = SoundFileDecoder(material)
    except Refused as refused:
        if material.form is None:
            raise BadInput(
                f"{material.name}: not a sound of any form that is known here",
                "is it an audio file at all, and complete? Forms are told by content, not by name",
                code="no_audio",
                values={"name": material.name},
            ) from None
        return _sensible(_second_try(material, refused), material), material.form
    form = material.form or decoder.form
    return _sensible(ResumingDecoder(decoder, material, _foreign), material), form


def _second_try(material: Material, refused: Refused) -> Decoder:
    try:
        return _foreign(material)
    except MissingExtra as absent:
        raise BadInput(
            f"{material.name}: libsndfile cannot read this {(material.form or '').upper()} file ({refused})",
            f"FFmpeg's libraries may: {absent.hint}",
        ) from None


def _foreign(material: Material) -> Decoder:
    try:
        if not missing("pyav"):
            return PyAvDecoder(material)
        if program():
            return FfmpegDecoder(material)
    except Refused as refused:
        raise BadInput(
            f"{material.name}: this {(material.form or '').upper()} file cannot be decoded ({refused})",
            "is the file complete, and without copy protection?",
            code="undecodable",
            values={"name": material.name},
        ) from None
    raise MissingExtra(
        f"{material.name}: {(material.form or '').upper()} is decoded by ffmpeg or PyAV, and neither is there",
        f"{install_command('pyav')}, or put ffmpeg on the PATH (apt-get install ffmpeg)",
    )


def _sensible(decoder: Decoder, material: Material) -> Decoder:
    if not SLOWEST <= decoder.rate <= FASTEST:
        decoder.close()
        raise absurd_rate(material.name, decoder.rate)
    return decoder


def absurd_rate(name: str, rate: float) -> BadInput:
    """Say that a rate is none of sound."""
    return BadInput(
        f"{name}: {rate:,} samples a second is no rate of sound",
        f"rates are in Hz, from {SLOWEST:,} to {FASTEST:,}: 44100, 48000",
    )
