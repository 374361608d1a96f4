"""``ml audio stream``."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Optional

import typer

from ml.cli.outcome import print_json_lines
from ml.cli.screen import data, notices, say, sure
from ml.data.audio_files.native import kept_aside

if TYPE_CHECKING:
    from ml.audio_analysis import AudioAnalysis, StreamAnalyzer, StreamUpdate
    from ml.data.audio_files import AudioReader
    from ml.data.audio_files.pipe import PipedSound

#: Every so many updates a line is shown: once a second.
_EVERY = 4


def add_to(group: typer.Typer) -> None:
    """Add the command."""
    group.command()(stream)


def stream(
    source: Annotated[
        str, typer.Argument(help="An audio file, or - for what a program writes to standard input.", metavar="FILE|-")
    ] = "-",
    rate: Annotated[
        Optional[int],  # noqa: UP045
        typer.Option(help="Of bare samples on standard input, in Hz; without it, WAV is expected."),
    ] = None,
    channels: Annotated[int, typer.Option(help="Of bare samples.")] = 1,
    sample_format: Annotated[
        str, typer.Option("--format", help="Of bare samples: u8, s16le, s24le, s32le, f32le or f64le.")
    ] = "s16le",
    json: Annotated[
        bool, typer.Option("--json", help="Print JSON: an object a line and quarter of a second, then the analysis.")
    ] = False,
) -> None:
    """Say of a sound that is still arriving what it is so far, and at its end what it was.

    A microphone: [bold]arecord -f cd | ml audio stream[/]; anything else: [bold]ffmpeg -i ADDRESS -f wav - |
    ml audio stream[/]. Ctrl-C ends the sound, and it is concluded from what was heard.
    """
    sound = _opened(source, rate, channels, sample_format)
    from ml.audio_analysis import StreamAnalyzer
    from ml.audio_analysis.hands.alone import with_complaint
    from ml.audio_analysis.heads import AudioHeads
    from ml.foundation import resolver

    heads = AudioHeads.of(resolver.own.current().workspace)
    analyzer = StreamAnalyzer(sound.rate, sound.n_channels, name=sound.name, form=sound.form, heads=heads)
    with kept_aside() as lines:
        updates = _updates(analyzer, sound)
        if json:
            print_json_lines(updates, at_once=True)
        else:
            for place, one in enumerate(updates):
                if place % _EVERY == _EVERY - 1:
                    _show_update(one)
        found = _ended(analyzer, sound)
    found = with_complaint(found, lines)
    if json:
        print_json_lines([found])
    else:
        _show_end(found)


def _opened(source: str, rate: int | None, channels: int, sample_format: str) -> AudioReader | PipedSound:
    if source != "-":
        from ml.data.audio_files import AudioReader

        return AudioReader(Path(source))
    from ml.data.audio_files.pipe import PipedSound

    return PipedSound(sys.stdin.buffer, rate=rate, n_channels=channels, sample_format=sample_format)


def _updates(analyzer: StreamAnalyzer, sound: AudioReader | PipedSound) -> Iterator[StreamUpdate]:
    """Give updates while the sound arrives."""
    with suppress(KeyboardInterrupt):  # the end of the sound, not of the program
        for piece in _pieces(sound):
            yield from analyzer.push(piece)


def _pieces(sound: AudioReader | PipedSound) -> Iterator[Any]:
    from ml.audio_analysis.streaming import STEP_S
    from ml.data.audio_files import AudioReader

    if not isinstance(sound, AudioReader):
        yield from sound.pieces()
        return
    with sound:
        yield from sound.blocks(STEP_S)


def _ended(analyzer: StreamAnalyzer, sound: AudioReader | PipedSound) -> AudioAnalysis:
    """Conclude, with what is wrong with the file, which shows at its end."""
    from ml.data.audio_files import AudioReader

    if isinstance(sound, AudioReader):
        return analyzer.finish(promised_s=sound.promised_s, problems=sound.about_file)
    return analyzer.finish()


def _show_update(one: StreamUpdate) -> None:
    loud = "silence" if one.momentary_lufs is None else f"{one.momentary_lufs:6.1f} LUFS"
    tempo = "no beat" if one.tempo_bpm is None else sure(f"{one.tempo_bpm:6.1f} BPM", one.tempo_confidence)
    key = "no key" if one.key is None else sure(f"{one.key} {one.mode}", one.key_confidence)
    beat = "" if one.next_beat_s is None else f", next beat at {one.next_beat_s:.2f} s"
    say(f"{one.at_s:7.2f} s  {loud}  {tempo}  {data(key)}{beat}")


def _show_end(one: AudioAnalysis) -> None:
    tempo = "no beat" if one.tempo_bpm is None else sure(f"{one.tempo_bpm:.1f} BPM", one.tempo_confidence)
    key = "no key" if one.key is None else sure(f"{one.key} {one.mode}", one.key_confidence)
    loud = "silence" if one.loudness_lufs is None else f"{one.loudness_lufs:.1f} LUFS"
    say(f"[bold]{one.duration_s:.2f} s: {loud}, {tempo}, {data(key)}[/]")
    for problem in one.problems:
        say(f"[yellow]note:[/] {data(problem.message)}")
    notices(one.notices)
