"""Music-like sound whose truth is known: songs drawn by a seed, rendered to audio.

What
----
:func:`draw_song` draws a :class:`Song`: tempo with drift, metre, swing, keys, chords, form, what melody, chords, bass
and drums play, on which instruments, in which room, under which noise, mastered how. :func:`render` turns it into
samples and :class:`Truth`: tempo, beats, downbeats, onsets, keys, chords, sections, melody, each exact. The demo world
has its sound from here (:func:`song_of_track`), on demand; audio is never kept. ``docs/audio-truth.md`` says what is
drawn and by which conventions.

Conventions
-----------
- Half of the patterns, figures, progressions, kits and timbres are held out: ``held_out=True`` draws from that half
  alone, for a last measurement; without it a song has nothing of that half.
- The beat is what a drummer counts (:mod:`ml.data.demo.sound.patterns`); a progression begins with its tonic
  (:mod:`ml.data.demo.sound.harmony`).
- Samples are float32 [shape=(n, 2)] within [-1, 1]; times are seconds from the first of them.
- Same generator, same brief, same machine: same samples, bit for bit.

Verbs
-----
``draw_song(rng, brief, held_out=)`` → Song; ``render(song, rate=)`` → Rendered. ``excerpts(n)`` are of every tempo,
``progressions()`` in all 24 keys, ``corpus(n, duration_s=)`` distinct songs; ``another_version(song, rng)`` is the same
song by somebody else, ``song_of_track(world, track)`` the sound of the demo world.
"""

from ml.data.demo.sound.brief import Brief
from ml.data.demo.sound.compose import draw_song
from ml.data.demo.sound.humming import Hum, hum
from ml.data.demo.sound.rendering import Rendered, melody_of, render
from ml.data.demo.sound.sets import corpus, excerpts, progressions
from ml.data.demo.sound.singers import SINGERS, Singer
from ml.data.demo.sound.song import Song
from ml.data.demo.sound.tracks import song_of_track
from ml.data.demo.sound.truth import KeyTruth, Melody, Onsets, Span, Truth
from ml.data.demo.sound.versions import another_version

__all__ = [
    "SINGERS",
    "Brief",
    "Hum",
    "KeyTruth",
    "Melody",
    "Onsets",
    "Rendered",
    "Singer",
    "Song",
    "Span",
    "Truth",
    "another_version",
    "corpus",
    "draw_song",
    "excerpts",
    "hum",
    "melody_of",
    "progressions",
    "render",
    "song_of_track",
]
