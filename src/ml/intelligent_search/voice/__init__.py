"""A name that somebody says, found among the names of the catalogue.

What is said is compared with how each name sounds: nothing is dictated, since names of artists are in no language model
and hardly in any dictionary. A name is read as words, words become phones (by CMU's dictionary, or by their letters),
phones become pieces of sound (by the acoustic model that comes with PocketSphinx), and the whole recording is aligned
with each name. Where the settings name a folder with Whisper's weights, its transcript is looked for instead.

Conventions
-----------
- The voice speaks English; names are read as an English speaker would, whatever language they are of.
- Probabilities of names add up to one at most; the rest is for what is no name of the catalogue.
"""

from ml.intelligent_search.voice.asking import VoiceRequest
from ml.intelligent_search.voice.recognising import Guess, Recogniser
from ml.intelligent_search.voice.whisper import Transcript, Whisper

__all__ = ["Guess", "Recogniser", "Transcript", "VoiceRequest", "Whisper"]
