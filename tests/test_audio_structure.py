"""What an analysis says of sections, mix points and groove of a rendered song, and when it says nothing."""

import json

import numpy as np
import pytest
import soundfile
from typer.testing import CliRunner

from ml.audio_analysis import AudioAnalyzer
from ml.cli.main import app
from ml.data.demo.sound import Brief, draw_song, render
from ml.foundation.errors import BadInput

RATE = 22_050
SAID = ("intro_end_s", "outro_start_s", "mix_in_s", "mix_out_s")


@pytest.fixture(scope="module")
def made():
    wishes = Brief(duration_s=90.0, form="song", tempo_bpm=120.0, metre="4/4", drums=True, noise_db=float("inf"))
    return render(draw_song(np.random.default_rng(3), wishes), rate=RATE)


@pytest.fixture(scope="module")
def found(made):
    return AudioAnalyzer().analyze((made.samples, RATE))


def test_sections_lie_without_gaps_and_begin_where_those_of_the_song_do(made, found):
    assert found.sections[0].start_s == 0.0
    assert found.sections[-1].end_s == 90.0
    assert [one.end_s for one in found.sections[:-1]] == [one.start_s for one in found.sections[1:]]
    true = np.array([one.start_s for one in made.truth.sections])
    for one in found.sections[1:]:
        assert np.abs(true - one.start_s).min() < 0.5
    assert found.sections[0].label == "A"


def test_sections_of_the_same_letter_are_of_one_kind(made, found):
    kinds = {}
    for one in found.sections:
        middle = (one.start_s + one.end_s) / 2
        true = next(span.label for span in made.truth.sections if span.start_s <= middle < span.end_s)
        kinds.setdefault(one.label, set()).add(true)
    assert all(len(one) == 1 for one in kinds.values())


def test_mix_points_lie_on_bars(made, found):
    for at in (found.mix_in_s, found.mix_out_s):
        assert np.abs(made.truth.downbeats_s - at).min() < 0.07
    assert found.mix_in_s < 45.0 < found.mix_out_s


def test_groove_and_danceability(made, found):
    assert found.groove.swing_ratio == pytest.approx(made.truth.swing, rel=0.1)
    assert 0.0 < found.groove.pulse_clarity <= 1.0
    assert 0.0 < found.danceability < 1.0


def test_the_waveform_is_an_overview_of_the_mix(made, found):
    mono = made.samples.mean(axis=1)
    assert 400 < len(found.waveform.rms) <= 800
    assert max(found.waveform.high) == pytest.approx(mono.max(), abs=1e-3)
    assert min(found.waveform.low) == pytest.approx(mono.min(), abs=1e-3)
    assert (len(found.waveform.low) - 1) * found.waveform.point_s < 90.0


@pytest.mark.parametrize("kind", ["silence", "noise", "tone", "one sample"])
def test_nothing_is_invented(kind):
    samples = {
        "silence": np.zeros(40 * RATE),
        "noise": np.random.default_rng(0).normal(0, 0.1, 40 * RATE),
        "tone": 0.2 * np.sin(2 * np.pi * 440 * np.arange(40 * RATE) / RATE),
        "one sample": np.full(1, 0.5),
    }[kind]
    found = AudioAnalyzer().analyze((samples, RATE))
    assert [found[name] for name in SAID] == [None] * 4
    assert found.groove is None
    assert found.danceability is None
    assert [one.label for one in found.sections] == ([] if kind == "silence" else ["A"])


def test_what_comes_again_has_its_letter_again():
    time = np.arange(60 * RATE) / RATE
    tone, noise = 0.2 * np.sin(2 * np.pi * 220 * time), np.random.default_rng(0).normal(0, 0.1, len(time))
    found = AudioAnalyzer().analyze((np.where((time // 15) % 2 == 0, tone, noise), RATE))
    assert [one.label for one in found.sections] == ["A", "B", "A", "B"]
    assert [one.start_s for one in found.sections] == pytest.approx([0.0, 15.0, 30.0, 45.0], abs=0.5)
    # Where nothing is beaten, nobody can mix.
    assert found.mix_in_s is None


@pytest.mark.parametrize("name", ["report.html", "report.png"])
def test_the_command_writes_a_report(tmp_path, made, name):
    path = tmp_path / "song <b>.wav"
    soundfile.write(path, made.samples[: 20 * RATE], RATE)
    out = tmp_path / name
    done = CliRunner().invoke(app, ["audio", "show", str(path), "--out", str(out), "--json"])
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["analysis"]["sections"]
    if name.endswith("png"):
        assert out.read_bytes().startswith(b"\x89PNG")
    else:
        text = out.read_text(encoding="utf-8")
        assert "data:image/png;base64," in text
        assert "song &lt;b&gt;.wav" in text
        assert "http" not in text.replace("http-equiv", "")


def test_a_report_that_cannot_be_written_is_refused_before_the_sound_is_read(tmp_path):
    done = CliRunner().invoke(app, ["audio", "show", "nothing.wav", "--out", str(tmp_path / "report.txt")])
    assert isinstance(done.exception, BadInput)
    assert "is not the name of a page or picture" in done.exception.message


def test_a_report_of_silence_says_that_nothing_is_known(tmp_path):
    out = tmp_path / "silence.html"
    AudioAnalyzer().show((np.zeros(3 * RATE), RATE), out)
    text = out.read_text(encoding="utf-8")
    assert text.count("unknown") > 8
    assert "nothing is louder" in text


@pytest.mark.realdata
@pytest.mark.parametrize("name", ["1.mp3", "102.mp3"])
def test_real_songs_have_sections_without_gaps_and_mix_points_only_with_a_beat(realdata, name):
    found = AudioAnalyzer().analyze(realdata / "emotify" / "original" / name)
    assert [one.end_s for one in found.sections[:-1]] == [one.start_s for one in found.sections[1:]]
    assert found.sections[-1].end_s == pytest.approx(found.duration_s, abs=1e-3)
    assert 2 <= len(found.sections) <= 10
    if found.tempo_bpm is None:
        assert found.mix_in_s is None
        assert found.danceability is None
    else:
        assert 0.0 <= found.mix_in_s < 30.0 < found.mix_out_s < 60.0
