"""What people do while they listen, and the sound that publications found to suit it."""

from __future__ import annotations

from ml.features.vocabulary.region import Region
from ml.features.vocabulary.word import Table, Word

_WORKOUT = Region(
    {"tempo_bpm": (120.0, 140.0), "energy": (0.65, 1.0)},
    # Preferred: 123–131 BPM on the treadmill, 125–140 BPM on the bicycle, and slow music never.
    "Karageorghis and Jones, Psychology of Sport and Exercise 15, 2014; Karageorghis and Priest, 'Music in the "
    "exercise domain', International Review of Sport and Exercise Psychology 5, 2012",
)
_WALK = Region(
    {"tempo_bpm": (110.0, 130.0)},
    "Styns, van Noorden, Moelants and Leman, 'Walking on music', Human Movement Science 26, 2007",
)
_PARTY = Region(
    {"tempo_bpm": (115.0, 130.0), "energy": (0.6, 1.0), "danceability": (0.6, 1.0)},
    "Moelants, 'Preferred tempo reconsidered', ICMPC 2002, and 'Dance music, movement and tempo preferences', 2003",
)
_FOCUS = Region(
    {"instrumentalness": (0.5, 1.0), "energy": (0.0, 0.5), "tempo_bpm": (50.0, 120.0)},
    # Lyrics hinder memory and reading, music without words hardly does; fast and loud music disrupts most.
    "Souza and Leal Barbosa, 'Should we turn off the music?', Journal of Cognition 6, 2023; Thompson, Schellenberg "
    "and Letnic, Psychology of Music 40, 2012",
)
_WORK = Region(
    {"energy": (0.0, 0.65)},
    "Thompson, Schellenberg and Letnic, 'Fast and loud background music disrupts reading comprehension', Psychology "
    "of Music 40, 2012",
)
_RELAX = Region(
    {"energy": (0.0, 0.45), "tempo_bpm": (50.0, 105.0), "acousticness": (0.4, 1.0)},
    "Kirk and Timmers, 'Characterizing music for sleep: a comparison of Spotify playlists', Musicae Scientiae, 2024",
)
_SLEEP = Region(
    {
        "energy": (0.0, 0.3),
        "tempo_bpm": (50.0, 90.0),
        "acousticness": (0.6, 1.0),
        "instrumentalness": (0.5, 1.0),
    },
    # Softer, slower, more often without words and on acoustic instruments than music in general.
    "Scarratt, Heggli, Vuust and Jespersen, 'The audio features of sleep music', PLOS ONE 18, 2023",
)
_DINNER = Region(
    {"tempo_bpm": (50.0, 95.0)},
    "Milliman, 'The influence of background music on the behavior of restaurant patrons', Journal of Consumer "
    "Research 13, 1986",
)

ACTIVITIES = Table(
    "activity",
    (
        Word(
            "commute",
            "commuting, travel, travelling, traveling, pendeln, arbeitsweg, unterwegs, reisen, reise, bahnfahrt, "
            "zugfahrt, busfahrt, train ride, train journey, bus ride, way to work, way home, weg zur arbeit, "
            "heimweg, flug, flight",
        ),
        Word(
            "drive",
            "driving, road trip, roadtrip, fahren, autofahren, autofahrt, car ride, cruising, roadtrips, cruisen, "
            "autofahrten, long drive, long drives, night drive, lange fahrt, fahrt, autobahn",
        ),
        Word(
            "work",
            "working, office, job, arbeit, arbeiten, büroarbeit, home office, homeoffice, workday, arbeitstag, arbeits",
            _WORK,
        ),
        Word(
            "focus",
            "study, studying, concentrate, concentration, coding, programming, reading, learning, homework, "
            "lernen, konzentration, konzentrieren, lesen, studieren, hausaufgaben, programmieren, focusing, "
            "focussing, concentrating, study session, studying session, deep work, deep focus, exam, exams, "
            "revision, writing, schreiben, code, fokus, fokussieren, prüfung, prüfungsvorbereitung, klausur, "
            "lern, lese, konzentrations, coden, hacking",
            _FOCUS,
        ),
        Word(
            "workout",
            "exercise, exercising, training, sport, sports, fitness, gym, running, run, jogging, cycling, "
            "lifting, trainieren, joggen, laufen, radfahren, krafttraining, work out, working out, workouts, "
            "cardio, hiit, treadmill, jog, weightlifting, aufwärmen, warm up, warmup, warming up, weights, lauf, "
            "laufband, laufrunde, dauerlauf, pumpen, spinning, crossfit, boxing, boxen, marathon, aerobic, "
            "aerobics, bike ride, rennen, sprint, sportlich, trainings, fahrradfahren, biking, spin class",
            _WORKOUT,
        ),
        Word(
            "walk",
            "walking, hiking, spazieren, spaziergang, wandern, hike, stroll, strolling, spazierengehen, "
            "spaziergänge, wanderung, wander, gassi gehen",
            _WALK,
        ),
        Word(
            "party",
            "partying, dance, dancing, clubbing, celebration, feiern, feier, tanzen, tanz, parties, partys, house "
            "party, hausparty, wg party, dance party, dance floor, dancefloor, tanzfläche, club night, pre "
            "drinks, vorglühen, pregame, pre game, tanzparty, fete",
            _PARTY,
        ),
        Word(
            "relax",
            "relaxing, relaxation, chill, chilling, chillout, unwind, rest, yoga, meditation, meditate, "
            "entspannen, entspannung, ausruhen, abschalten, meditieren, unwinding, winding down, after work, nach "
            "der arbeit, afterwork, wind down, chillen, runterkommen, herunterkommen, wellness, spa, massage, "
            "bath, bubble bath, baden, badewanne, stretching, dehnen, hanging out, hang out, abhängen, "
            "feierabend, lounging, entspannungs, pilates, relaxen, gammeln",
            _RELAX,
        ),
        Word(
            "sleep",
            "sleeping, falling asleep, bedtime, schlafen, schlaf, einschlafen, fall asleep, go to sleep, nap, "
            "napping, nickerchen, dösen, einschlaf, lullaby, lullabies, wiegenlied, wiegenlieder, going to bed, "
            "zubettgehen, cant sleep, can not sleep, kann nicht schlafen, nicht einschlafen, insomnia, gute nacht "
            "lieder, gutenachtlieder, gute nacht lied, gutenachtlied, good night songs, bedtime songs, bedtime "
            "music",
            _SLEEP,
        ),
        Word(
            "dinner",
            "dining, eating, meal, lunch, breakfast, essen, abendessen, mittagessen, frühstück, brunch, dinner "
            "party, supper, candlelight dinner, candle light dinner, dinnerparty, barbecue dinner, frühstücken, "
            "breakfasts, tea time, kaffeekränzchen",
            _DINNER,
        ),
        Word("cook", "cooking, baking, kochen, backen, koch"),
        Word(
            "clean",
            "cleaning, housework, chores, putzen, hausarbeit, aufräumen, tidying, tidying up, cleaning up, clean "
            "up, ironing, bügeln, hausputz, staubsaugen, abwasch, abwaschen, putz, frühjahrsputz, dishes, doing "
            "the dishes, laundry",
        ),
        Word(
            "play",
            "gaming, games, playing, spielen, zocken, video games, videospiele, gamen, game, playing games, "
            "brettspiele, board games, spieleabend, game night",
        ),
    ),
)
