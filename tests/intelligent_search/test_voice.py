"""A search by voice."""

import io
import json
import shutil
import subprocess
import wave
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from ml.cli.main import app as command
from ml.data.audio_files import excerpt
from ml.foundation.errors import BadInput
from ml.intelligent_search.speaking import names_of
from ml.intelligent_search.voice import Recogniser, VoiceRequest
from ml.intelligent_search.voice.acoustics import AcousticModel
from ml.intelligent_search.voice.letters import LETTERS, letters
from ml.intelligent_search.voice.pronouncing import pronunciations
from ml.intelligent_search.voice.reading import readings
from ml.intelligent_search.voice.sphinx import acoustic_model

RATE = 16_000

speaking = pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng says what is heard")


def spoken(text, voice="en-us"):
    """Say a text."""
    sound = subprocess.run(
        ["espeak-ng", "--stdout", "-v", voice, "-s", "150", "--", text], check=True, capture_output=True
    ).stdout
    return np.pad(excerpt(io.BytesIO(sound), RATE, most_s=30.0), RATE // 4)


def file_of(folder, samples, name="query.wav"):
    path = folder / name
    with wave.open(str(path), "wb") as out:
        out.setparams((1, 2, RATE, 0, "NONE", ""))
        out.writeframes((np.clip(samples, -1, 1) * 32_767).astype("<i2").tobytes())
    return path


@pytest.fixture(scope="module")
def recogniser():
    names = [
        "The Beatles",
        "Radiohead",
        "Sigur Rós",
        "50 Cent",
        "P!nk",
        "Massive Attack",
        "Portishead",
        "Björk",
        "R.E.M.",
    ]
    return Recogniser(names)


@speaking
@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("the beatles", "The Beatles"),
        ("play radiohead", "Radiohead"),
        ("fifty cent", "50 Cent"),
        ("songs by pink", "P!nk"),
        ("r e m", "R.E.M."),
        ("massive attack", "Massive Attack"),
    ],
)
def test_a_name_that_is_said_is_heard(recogniser, said, name):
    assert recogniser.hear(VoiceRequest.of((spoken(said), RATE)).samples)[0].name == name


@speaking
def test_words_before_a_name_are_not_held_against_it(recogniser):
    heard = recogniser.hear(VoiceRequest.of((spoken("play radiohead", "en-gb"), RATE)).samples)
    assert heard[0].probability > 0.5


@speaking
def test_a_name_is_heard_in_noise_at_any_level(recogniser):
    quiet = spoken("portishead", "en-gb") * 0.05
    noise = np.random.default_rng(3).standard_normal(len(quiet)) * np.sqrt(np.mean(quiet**2)) * 0.1
    assert recogniser.hear((quiet + noise).astype(np.float32))[0].name == "Portishead"


@speaking
def test_guesses_are_the_most_probable_first_and_add_up_to_one_at_most(recogniser):
    guesses = recogniser.hear(VoiceRequest.of((spoken("radiohead"), RATE)).samples)
    chances = [one.probability for one in guesses]
    assert len(guesses) == 3
    assert chances == sorted(chances, reverse=True)
    assert sum(chances) <= 1
    assert guesses[0].probability > 0.5


@speaking
def test_a_sentence_in_another_tongue_is_less_sure_than_any_name(recogniser):
    known = recogniser.hear(VoiceRequest.of((spoken("massive attack"), RATE)).samples)[0]
    foreign = recogniser.hear(VoiceRequest.of((spoken("Wo ist hier der Bahnhof", "de"), RATE)).samples)[0]
    assert foreign.probability < 0.2 < known.probability


@speaking
def test_a_search_by_voice_finds_what_a_text_finds(app, tmp_path):
    found = app.search_engine.search_voice(file_of(tmp_path, spoken("radiohead")), kinds=["artist"])
    assert found.heard.text == "Radiohead"
    assert found.heard.by == "grammar"
    assert found.hits[0].name == "Radiohead"
    assert found.hits[0].parts["voice"] == found.heard.confidence
    scores = [hit.score for hit in found.hits]
    assert scores == sorted(scores, reverse=True)
    assert {hit.kind for hit in found.hits} == {"artist"}


@speaking
async def test_a_search_by_voice_can_be_awaited(app, tmp_path):
    found = await app.search_engine.search_voice_async(file_of(tmp_path, spoken("come together")))
    assert found.hits[0].name == "Come Together"


@speaking
def test_what_is_no_name_here_finds_nothing_and_says_so(app):
    said = (spoken("Ich habe gestern lange auf den Bus gewartet", "de"), RATE)
    english, german = (app.search_engine.search_voice(said, language=language) for language in ("en", "de"))
    assert english.hits == ()
    assert any("no name here" in notice for notice in english.notices)
    assert any("kein Name" in notice for notice in german.notices)


@speaking
def test_a_voice_is_told_when_not_all_names_are_known(app, tmp_path):
    engine = app.search_engine
    engine._parts = replace(engine._parts, spoken_names=2)
    found = engine.search_voice(file_of(tmp_path, spoken("the beatles")))
    assert any("2 names" in notice for notice in found.notices)


@speaking
def test_the_command_shows_what_was_heard(app, tmp_path, monkeypatch):
    monkeypatch.setenv("ML_HOME", str(app.workspace.home))
    file = str(file_of(tmp_path, spoken("play radiohead")))
    shown = CliRunner().invoke(command, ["search", "--voice", file, "--language", "de"])
    assert shown.exit_code == 0, shown.output
    assert "gehört: Radiohead" in shown.output
    told = json.loads(CliRunner().invoke(command, ["search", "--voice", file, "--json"]).stdout)
    assert told["heard"]["text"] == "Radiohead"
    assert told["hits"][0]["name"] == "Radiohead"


@speaking
def test_recordings_of_speech_recognition_are_taken(recogniser, tmp_path):
    recognition = pytest.importorskip("speech_recognition", exc_type=ImportError)
    samples = spoken("massive attack")
    file = file_of(tmp_path, samples)
    data = recognition.AudioData((samples * 32_767).astype("<i2").tobytes(), RATE, 2)
    for source in (data, recognition.AudioFile(str(file))):
        assert recogniser.hear(VoiceRequest.of(source).samples)[0].name == "Massive Attack"


@pytest.mark.parametrize(
    ("samples", "message"),
    [
        (np.zeros(RATE), "silent"),
        (np.full(800, 0.5), "under 0.3 seconds"),
        (np.random.default_rng(1).standard_normal(2 * RATE) * 0.1, "nothing in it stands out"),
        (np.random.default_rng(1).standard_normal(16 * RATE) * 0.1, "longer than 15 seconds"),
    ],
)
def test_what_is_no_speech_is_an_error(samples, message):
    with pytest.raises(BadInput, match=message):
        VoiceRequest.of((samples.astype(np.float32), RATE))


def test_a_file_that_is_no_sound_is_an_error(tmp_path):
    (tmp_path / "text.wav").write_text("no sound")
    with pytest.raises(BadInput, match=r"text\.wav"):
        VoiceRequest.of(tmp_path / "text.wav")


def test_without_a_microphone_talking_is_an_error(app, monkeypatch):
    sounddevice = pytest.importorskip("sounddevice", exc_type=(ImportError, OSError)) if _has_portaudio() else None
    if sounddevice is not None and any(one["max_input_channels"] for one in sounddevice.query_devices()):
        pytest.skip("there is a microphone")
    monkeypatch.setenv("ML_HOME", str(app.workspace.home))
    shown = CliRunner().invoke(command, ["search", "--talk"])
    assert isinstance(shown.exception, BadInput)
    assert "microphone" in str(shown.exception)


def _has_portaudio():
    try:
        import sounddevice  # noqa: F401
    except OSError:
        return False
    return True


def test_a_folder_without_whisper_is_an_error(app, tmp_path):
    engine = app.search_engine
    engine._parts = replace(engine._parts, speech_model=str(tmp_path))
    tone = np.sin(np.arange(RATE) / 20) * np.repeat([0, 0.5], RATE // 2)
    with pytest.raises(BadInput, match="no Whisper"):
        engine.search_voice((tone.astype(np.float32), RATE))


@pytest.fixture(scope="module")
def whisper_folder(tmp_path_factory):
    """A tiny Whisper that was never trained: it writes down anything, but it is one."""
    transformers = pytest.importorskip("transformers")
    import torch

    folder = tmp_path_factory.mktemp("whisper")
    signs = {sign: place for place, sign in enumerate([*"abcdefghijklmnopqrstuvwxyz", "Ġ"])}
    (folder / "vocab.json").write_text(json.dumps(signs))
    (folder / "merges.txt").write_text("#version: 0.2\n")
    tokenizer = transformers.WhisperTokenizer(str(folder / "vocab.json"), str(folder / "merges.txt"))
    config = transformers.WhisperConfig(
        vocab_size=len(tokenizer),
        d_model=16,
        encoder_layers=1,
        decoder_layers=1,
        encoder_attention_heads=2,
        decoder_attention_heads=2,
        encoder_ffn_dim=16,
        decoder_ffn_dim=16,
        pad_token_id=tokenizer.eos_token_id,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        decoder_start_token_id=tokenizer.bos_token_id,
        suppress_tokens=None,
        begin_suppress_tokens=None,
    )
    torch.manual_seed(1)
    transformers.WhisperForConditionalGeneration(config).save_pretrained(folder)
    transformers.WhisperProcessor(transformers.WhisperFeatureExtractor(), tokenizer).save_pretrained(folder)
    return folder


@pytest.mark.slow
def test_a_local_whisper_writes_down_what_is_looked_for(app, whisper_folder):
    engine = app.search_engine
    engine._parts = replace(engine._parts, speech_model=str(whisper_folder))
    tone = np.sin(np.arange(RATE) / 20) * np.repeat([0, 0.5], RATE // 2)
    found = engine.search_voice((tone.astype(np.float32), RATE))
    assert found.heard.by == "whisper"
    assert 0 <= found.heard.confidence <= 1
    assert found.text == found.heard.text


def test_words_by_their_letters():
    said = letters().pronounce(["radiohead", "kesha"], 3)
    assert ("K", "EH", "SH", "AH") in [phones for phones, _ in said["kesha"]]
    assert {phones[0] for phones, _ in said["radiohead"]} == {"R"}
    chances = [chance for _, chance in said["radiohead"]]
    assert chances == sorted(chances, reverse=True)


@settings(max_examples=20)
@given(st.lists(st.text(alphabet=LETTERS, min_size=1, max_size=20), min_size=1, max_size=4))
def test_every_word_of_letters_has_a_sound(words):
    said = letters().pronounce(words, 2)
    assert set(said) == set(words)
    assert all(said[word] for word in words if set(word) - {"'"})


@settings(max_examples=50)
@given(st.text(max_size=30))
def test_every_name_can_be_read(name):
    found = readings(name)
    assert len(found) <= 6
    assert all(word.rstrip(".") and set(word.rstrip(".")) <= set(LETTERS) for reading in found for word in reading)


@pytest.mark.parametrize(
    ("name", "reading"),
    [
        ("blink-182", ("blink", "one", "eighty", "two")),
        ("The 1975", ("the", "nineteen", "seventy", "five")),
        ("Simon & Garfunkel", ("simon", "and", "garfunkel")),
        ("AC/DC", ("a.", "c.", "d.", "c.")),
        ("Кино", ("kino",)),
        ("Ke$ha", ("kesha",)),
        ("Smooth (Live)", ("smooth",)),
    ],
)
def test_a_name_is_read_as_people_say_it(name, reading):
    assert reading in readings(name)


def test_a_name_is_said_in_several_ways_the_usual_first():
    ways = pronunciations(["Live", "!!!"])
    assert {("L", "AY", "V"), ("L", "IH", "V")} <= {way.words[0] for way in ways[0]}
    assert ways[0][0].cost == 0
    assert ways[1] == []


def test_a_phone_sounds_otherwise_beside_others():
    model = acoustic_model()
    cat, bat = model.senones([("K", "AE", "T")]), model.senones([("B", "AE", "T")])
    assert len(cat) == 9
    assert cat[3] != bat[3]
    assert {model.phones[owner] for owner in model.owners[cat]} == {"K", "AE", "T"}


def test_a_damaged_acoustic_model_is_an_error(tmp_path):
    (tmp_path / "mdef").write_bytes(b"BMDF" + bytes(100))
    with pytest.raises(BadInput, match="no acoustic model"):
        AcousticModel.open(tmp_path)


def test_artists_come_before_titles_and_each_name_once(app):
    with app.workspace.store.read() as connection:
        from ml.intelligent_search.documents import read_documents

        names = names_of(read_documents(connection, None))
    assert names[:2] == ["The Beatles", "Radiohead"]
    assert len(names) == len(set(names))
    assert names.index("Кино") < names.index("Help!")
