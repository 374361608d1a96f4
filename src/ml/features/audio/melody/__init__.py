"""The melody of a sound: the pitch of a voice alone, or of what leads in a mix, as a contour, and how contours differ.

What
----
:func:`pitch_of_voice` follows somebody who hums, sings or whistles; :func:`pitch_of_lead` what stands out of a mix.
:func:`contour_of` makes a line of either, :func:`contour_of_notes` of written notes: semitones from the median, rests
left out, :data:`CONTOUR_RATE` values a second. :func:`subsequence_costs` warps one contour onto a stretch of others,
:func:`salience_costs` a line onto what stands out of a mix, in which no melody was decided on.
"""

from ml.features.audio.melody.contour import CONTOUR_RATE, contour_of, contour_of_notes, line_of, stretched
from ml.features.audio.melody.lead import LEAD_FRAMING, SALIENCE_RATE, lead_salience, pitch_of_lead
from ml.features.audio.melody.tracking import PitchTrack
from ml.features.audio.melody.voice import VOICE_FRAMING, is_one_voice, pitch_of_voice
from ml.features.audio.melody.warping import salience_costs, subsequence_costs

__all__ = [
    "CONTOUR_RATE",
    "LEAD_FRAMING",
    "SALIENCE_RATE",
    "VOICE_FRAMING",
    "PitchTrack",
    "contour_of",
    "contour_of_notes",
    "is_one_voice",
    "lead_salience",
    "line_of",
    "pitch_of_lead",
    "pitch_of_voice",
    "salience_costs",
    "stretched",
    "subsequence_costs",
]
