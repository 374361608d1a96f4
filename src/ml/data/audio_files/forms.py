"""What a file is, by its bytes, and which names go with that."""

from __future__ import annotations

from pathlib import PurePath
from typing import BinaryIO

from ml.data.audio_files.problems import Problem
from ml.data.importers.audio_payload import form_of as form_of_music

_MP4 = ".m4a .mp4 .m4b .m4r .m4v .mov .3gp .3g2 .aac .alac .qt"

#: Suffixes that are right for each form; those of containers include the video's.
SUFFIXES: dict[str, frozenset[str]] = {
    form: frozenset(suffixes.split())
    for form, suffixes in {
        "wav": ".wav .wave .bwf .rf64",
        "aiff": ".aif .aiff .aifc",
        "flac": ".flac .fla",
        "ogg": ".ogg .oga .opus .spx .ogv .ogx",
        "mp3": ".mp3 .mp2 .mp1 .mpga .mpa",
        "mp4": _MP4,
        "aac": ".aac .adts",
        "wma": ".wma .asf .wmv",
        "matroska": ".mkv .mka .webm .mks .weba",
        "avi": ".avi",
        "flv": ".flv .f4v",
        "mpeg": ".mpg .mpeg .vob .m2p",
        "mpegts": ".ts .mts .m2ts",
        "ape": ".ape",
        "wavpack": ".wv",
        "tta": ".tta",
        "musepack": ".mpc .mp+",
        "ac3": ".ac3",
        "amr": ".amr",
        "dsf": ".dsf",
        "au": ".au .snd",
        "caf": ".caf",
    }.items()
}
#: What libsndfile does not know, and ffmpeg's libraries do.
FOREIGN = frozenset(
    "mp4 aac wma matroska avi flv mpeg mpegts ape wavpack tta musepack ac3 amr dsf".split()  # noqa: SIM905
)
#: By which of their readers FFmpeg's libraries may read each form; what reads playlists, and what these name, is none.
DEMUXERS: dict[str, str] = {
    **{form: form for form in ("aiff", "flac", "ogg", "matroska", "avi", "flv", "mpeg", "mpegts", "ape", "tta")},
    **{form: form for form in ("dsf", "au", "caf")},
    "wav": "wav,w64",
    "mp3": "mp3,aac",
    "aac": "aac,mp3",
    "mp4": "mov",
    "wma": "asf",
    "wavpack": "wv",
    "musepack": "mpc,mpc8",
    "ac3": "ac3,eac3",
    "amr": "amr,amrnb,amrwb",
}
_MARKS = (
    (b"\x1aE\xdf\xa3", "matroska"),
    (b"FLV\x01", "flv"),
    (b"\x00\x00\x01\xba", "mpeg"),
    (b"MAC ", "ape"),
    (b"wvpk", "wavpack"),
    (b"TTA1", "tta"),
    (b"MPCK", "musepack"),
    (b"MP+", "musepack"),
    (b"\x0bw", "ac3"),
    (b"#!AMR", "amr"),
    (b"DSD ", "dsf"),
    (b".snd", "au"),
    (b"caff", "caf"),
)
_TS_PACKET = 188


def form_of(stream: BinaryIO) -> str | None:
    """Tell a file's form from its bytes; None where they are of none that is known here.

    Returns
    -------
    str or None
        A key of :data:`SUFFIXES`.
    """
    stream.seek(0)
    head = stream.read(2 * _TS_PACKET + 1)
    if head.startswith(b"RIFF") and head[8:12] == b"AVI ":
        return "avi"
    for mark, form in _MARKS:
        if head.startswith(mark):
            return form
    if len(head) > 2 * _TS_PACKET and head[0] == head[_TS_PACKET] == head[2 * _TS_PACKET] == 0x47:
        return "mpegts"
    return form_of_music(stream)


def printable(path: PurePath) -> str:
    r"""Give a path as text for people and for JSON: a byte of it that is no UTF-8 becomes a question mark.

    >>> printable(PurePath("a\udcff.wav"))
    'a?.wav'
    """
    return str(path).encode("utf-8", "replace").decode("utf-8")


def wrong_name(path: PurePath, form: str | None) -> Problem | None:
    """Say that a file's suffix is another form's; the bytes decide what it is read as.

    >>> wrong_name(PurePath("song.mp3"), "flac").message
    'its name ends in .mp3, and its content is FLAC'
    >>> wrong_name(PurePath("song"), "flac") is wrong_name(PurePath("song.FLAC"), "flac") is None
    True
    """
    suffix = path.suffix.lower()
    known = any(suffix in suffixes for suffixes in SUFFIXES.values())
    if form is None or not known or suffix in SUFFIXES.get(form, ()):
        return None
    return Problem("wrong_suffix", f"its name ends in {suffix}, and its content is {form.upper()}")
