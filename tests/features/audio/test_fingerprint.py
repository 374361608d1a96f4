"""Fingerprints: what is known again, what is not, and files that are damaged."""

from importlib import import_module

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import butter, sosfilt

from ml.data.demo.sound import corpus, render
from ml.features.audio import Spectrograms
from ml.features.audio.fingerprint import FingerprintIndex, PeakCollector, Peaks, Query, landmarks, peaks_of
from ml.features.audio.fingerprint.peaks import AROUND_BINS, AROUND_FRAMES, FLOOR, HIGHEST, LOWEST
from ml.features.audio.fingerprint.segment import MAGIC, Segment
from ml.features.audio.spectrum import power_spectrogram

index_module = import_module("ml.features.audio.fingerprint.index")
landmarks_module = import_module("ml.features.audio.fingerprint.landmarks")
RATE = 22_050


@pytest.fixture(scope="module")
def songs():
    drawn = corpus(6, duration_s=20.0, seed=41)
    return {f"song {i}": render(song, rate=RATE).samples.mean(axis=1) for i, song in enumerate(drawn)}


@pytest.fixture(scope="module")
def index(songs):
    """All but the last."""
    return FingerprintIndex().with_tracks((name, peaks_of(songs[name])) for name in sorted(songs)[:-1])


def under_noise(samples, rng):
    noise = rng.normal(size=len(samples))
    return (samples + noise * np.sqrt(np.mean(samples**2) / np.mean(noise**2))).astype(np.float32)


def test_an_excerpt_is_found_to_the_frame_under_noise_band_pass_and_gain(songs, index):
    rng = np.random.default_rng(3)
    telephone = butter(4, [300, 3400], "bandpass", fs=RATE, output="sos")
    for name in index.tracks:
        begin = int(rng.integers(0, 10 * RATE))
        excerpt = songs[name][begin : begin + 10 * RATE]
        for heard in (excerpt, 0.05 * excerpt, 0.3 * sosfilt(telephone, under_noise(excerpt, rng))):
            best = index.identify(heard.astype(np.float32))[0]
            assert best.track == name
            assert best.offset_s == pytest.approx(begin / RATE, abs=0.015)
            assert best.probability > 0.95


def test_what_is_not_there_is_unknown(songs, index):
    rng = np.random.default_rng(4)
    other = songs[max(songs)][: 10 * RATE]
    silence = np.zeros(10 * RATE, dtype=np.float32)
    noise = rng.normal(0, 0.1, 10 * RATE).astype(np.float32)
    for sound in (other, silence, noise, silence[:100], silence[:0]):
        assert index.identify(sound.astype(np.float32)) == ()
    assert FingerprintIndex().identify(other) == ()


def test_peaks_are_the_maxima_around_them_however_the_sound_is_cut(songs):
    sound = songs["song 1"][: 6 * RATE].astype(np.float32)
    collector = PeakCollector()
    spectrograms = Spectrograms([collector])
    for piece in np.array_split(sound, 37):
        spectrograms.push(piece)
    spectrograms.finish()
    found = collector.peaks(per_band=1_000)
    spectra = np.sqrt(power_spectrogram(sound, PeakCollector.framing))[:, LOWEST:HIGHEST]
    padded = np.pad(spectra, ((AROUND_FRAMES,) * 2, (AROUND_BINS,) * 2))
    size = (2 * AROUND_FRAMES + 1, 2 * AROUND_BINS + 1)
    highest = np.lib.stride_tricks.sliding_window_view(padded, size).max(axis=(2, 3))
    frames, bins = np.nonzero((spectra >= highest) & (spectra > FLOOR))
    assert abs(len(frames) - len(found.frames)) <= 2  # rounding where the root of a square is taken
    both = set(zip(frames.tolist(), (bins + LOWEST).tolist(), strict=True))
    assert len(both & set(zip(found.frames.tolist(), found.bins.tolist(), strict=True))) > 0.99 * len(both)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 5_000), st.integers(LOWEST, HIGHEST - 1)), max_size=40, unique=True))
def test_peaks_survive_being_written(points):
    points.sort()
    frames, bins = (np.array([point[i] for point in points], dtype=np.int64) for i in (0, 1))
    again = Peaks.from_bytes(Peaks(frames, bins, 5_001).to_bytes())
    assert (again.frames.tolist(), again.bins.tolist(), again.n_frames) == (frames.tolist(), bins.tolist(), 5_001)


@pytest.mark.parametrize("data", [b"", b"abc", b"\x01\x00\x00\x00\xff\xff"])
def test_other_bytes_are_no_peaks(data):
    with pytest.raises(ValueError, match="no fingerprint"):
        Peaks.from_bytes(data)


def test_tracks_come_and_go(songs, index):
    last = max(songs)
    both = index.with_tracks([(last, peaks_of(songs[last]))])
    at_once = FingerprintIndex([Segment.of([(name, peaks_of(songs[name])) for name in sorted(songs)])])
    assert both.tracks == at_once.tracks
    assert np.array_equal(both.segments[0].entries, at_once.segments[0].entries)
    assert both.identify(songs[last][RATE : 11 * RATE])[0].track == last
    left = both.without(["song 0", last])
    assert left.tracks == ("song 1", "song 2", "song 3", "song 4")
    assert left.identify(songs["song 0"][RATE : 11 * RATE]) == ()
    assert left.identify(songs["song 3"][RATE : 11 * RATE])[0].track == "song 3"


def test_an_index_in_a_folder_is_the_same_and_damage_is_told(index, songs, tmp_path):
    index.write(tmp_path)
    again = FingerprintIndex.open(tmp_path)
    assert again.identify(songs["song 2"][: 10 * RATE]) == index.identify(songs["song 2"][: 10 * RATE])
    (file,) = tmp_path.iterdir()
    whole = file.read_bytes()
    del again
    for damaged in (whole[:-8], whole[:5], MAGIC + b"\xff" + whole[9:], b"pickle" + whole, MAGIC + whole[8:40]):
        file.write_bytes(damaged)
        with pytest.raises(ValueError, match="index"):
            FingerprintIndex.open(tmp_path)


def test_segments_that_stay_are_not_written_again(songs, index, tmp_path, monkeypatch):
    monkeypatch.setattr(index_module, "MOST_TRACKS", 2)
    peaks = {name: peaks_of(songs[name]) for name in sorted(songs)}
    before, after = tmp_path / "before", tmp_path / "after"
    before.mkdir()
    after.mkdir()
    first = FingerprintIndex().write(before, tracks=[(name, peaks[name]) for name in sorted(songs)[:5]])
    assert [len(segment.tracks) for segment in first.segments] == [2, 2, 1]
    second = first.write(after, without=["song 2"], tracks=[("song 5", peaks["song 5"])])
    assert [segment.tracks for segment in second.segments] == [("song 0", "song 1"), ("song 3",), ("song 4", "song 5")]
    same = [(before / file.name).samefile(file) for file in sorted(after.iterdir())]
    assert same == [True, False, False]
    for name in second.tracks:
        assert second.identify(songs[name][RATE : 11 * RATE].astype(np.float32))[0].track == name
    assert FingerprintIndex.open(after).tracks == second.tracks


def test_landmarks_do_not_depend_on_how_many_are_made_at_a_time(songs, monkeypatch):
    peaks = peaks_of(songs["song 0"])
    at_once = landmarks(peaks)
    monkeypatch.setattr(landmarks_module, "_BLOCK", 7)
    assert all(map(np.array_equal, landmarks(peaks), at_once))
    assert len(at_once[0]) > 4 * len(peaks.frames)


def test_pairs_are_those_of_the_definition_however_far_one_has_to_look():
    """Most peaks have all pairs among the next few: the others are not forgotten, and the order stays."""

    def slowly(peaks, pairs):
        found = []
        for one in range(len(peaks.frames)):
            made = 0
            for other in range(one + 1, min(one + 65, len(peaks.frames))):
                after, step = peaks.frames[other] - peaks.frames[one], peaks.bins[other] - peaks.bins[one]
                if 2 <= after < 64 and abs(step) < 100 and made < pairs:
                    made += 1
                    found.append(((peaks.bins[one] << 14) | ((step + 128) << 6) | after, peaks.frames[one]))
        return found

    rng = np.random.default_rng(0)
    for n, spread in ((0, 1), (1, 1), (30, 4), (400, 2), (400, 30)):
        frames = np.sort(rng.integers(0, max(1, n // spread), n))
        frames[n // 2 :] += 30  # as after a pause
        peaks = Peaks(frames, rng.integers(14, 316, n), n + 40)
        for pairs in (1, 5, 12):
            hashes, begins = landmarks(peaks, pairs)
            assert list(zip(hashes.tolist(), begins.tolist(), strict=True)) == slowly(peaks, pairs)


def test_a_thinned_search_says_what_the_whole_one_says(songs, index):
    """The rarest landmarks find the tracks, and these are compared with the whole excerpt: the same evidence."""
    kept = {name: peaks_of(songs[name]) for name in index.tracks}
    rng, asked = np.random.default_rng(5), []

    def peaks(names):
        asked.append(list(names))
        return [(name, kept[name]) for name in names]

    for name in index.tracks:
        query = Query.of(under_noise(songs[name][3 * RATE : 13 * RATE], rng))
        whole = index.evidence(query)
        total = sum(int(segment.counts(query.hashes).sum()) for segment in index.segments)
        thin = index.thinned(query, total // 3)
        assert 0 < len(thin.hashes) < len(query.hashes)
        counts = index.segments[0].counts(query.hashes)
        rest = ~np.isin(np.arange(len(query.hashes)), _rows_of(thin, query))
        assert index.segments[0].counts(thin.hashes).max() <= counts[rest].min()
        found = index.evidence(query, peaks=peaks, hits=total // 3)
        assert found[0] == whole[0]
        assert found[0][0].track == name
    assert asked
    asked.clear()
    assert index.evidence(query, peaks=peaks) == whole  # a small index is searched as a whole
    assert not asked


def _rows_of(part, whole):
    place = {pair: row for row, pair in enumerate(zip(whole.hashes.tolist(), whole.frames.tolist(), strict=True))}
    return [place[pair] for pair in zip(part.hashes.tolist(), part.frames.tolist(), strict=True)]
