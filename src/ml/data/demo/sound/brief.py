"""What is wanted of a song; everything that is not said is drawn."""

from __future__ import annotations

from dataclasses import dataclass

from ml.data.demo.sound.song import METRES
from ml.foundation.errors import BadInput

SLOWEST, FASTEST = 40.0, 220.0
FORMS = ("excerpt", "phrase", "song")


@dataclass(frozen=True)
class Brief:
    """Wishes for a song.

    Parameters
    ----------
    duration_s : float >= 1
    form : str
        ``excerpt``, a stretch from the middle of a song that begins anywhere in a bar; ``phrase``, a stretch that
        begins with the first chord of its progression; ``song``, a whole one.
    tempo_bpm : float in [40, 220], optional
    metre : str, optional
        ``4/4``, ``3/4``, ``6/8``, ``5/4`` or ``7/8``.
    tonic : int in [0, 11], optional
    mode : str, optional
        ``major`` or ``minor``.
    drums : bool, optional
    lead : bool, optional
    cents : float, optional
        Detuning.
    genre : str
        A genre of the demo world, for the patterns.
    energy, acousticness, valence, instrumentalness : float in [0, 1], optional
    loudness_lufs : float, optional
    noise_db : float, optional
        How far a noise lies below the music; infinity is none.
    """

    duration_s: float = 12.0
    form: str = "excerpt"
    tempo_bpm: float | None = None
    metre: str | None = None
    tonic: int | None = None
    mode: str | None = None
    drums: bool | None = None
    lead: bool | None = None
    cents: float | None = None
    genre: str = ""
    energy: float | None = None
    acousticness: float | None = None
    valence: float | None = None
    instrumentalness: float | None = None
    loudness_lufs: float | None = None
    noise_db: float | None = None

    def check(self) -> None:
        """Refuse what no song can be.

        Raises
        ------
        ml.foundation.errors.BadInput
        """
        if self.tempo_bpm is not None and not SLOWEST <= self.tempo_bpm <= FASTEST:
            raise BadInput(f"song: a tempo of {self.tempo_bpm:g} BPM", "give 40 to 220")
        if self.form not in FORMS:
            raise BadInput(f"song: the form {self.form!r}", f"one of {', '.join(FORMS)}")
        if self.metre is not None and self.metre not in METRES:
            raise BadInput(f"song: the metre {self.metre!r}", f"one of {', '.join(METRES)}")
        if self.mode not in {None, "major", "minor"}:
            raise BadInput(f"song: the mode {self.mode!r}", "major or minor")
        if self.tonic is not None and not 0 <= self.tonic <= 11:
            raise BadInput(f"song: the tonic {self.tonic}", "a pitch class from 0, which is C, to 11")
        for name in ("energy", "acousticness", "valence", "instrumentalness"):
            value = getattr(self, name)
            if value is not None and not 0.0 <= value <= 1.0:
                raise BadInput(f"song: {name} {value:g}", "give 0 to 1")
        if not self.duration_s >= 1.0:
            raise BadInput(f"song: a duration of {self.duration_s:g} s", "give a second or more")
