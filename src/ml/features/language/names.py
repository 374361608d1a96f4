"""What kinds and canonical words are called when a parse is said in words."""

from __future__ import annotations

#: English and German, by kind of slot.
KIND_NAMES: dict[str, tuple[str, str]] = {
    "mood": ("mood", "Stimmung"),
    "activity": ("activity", "Tätigkeit"),
    "time_of_day": ("time of day", "Tageszeit"),
    "weekday": ("weekday", "Wochentag"),
    "location": ("place", "Ort"),
    "device": ("device", "Gerät"),
    "energy_level": ("energy", "Energie"),
    "genre": ("genre", "Genre"),
    "instrument": ("instrument", "Instrument"),
    "tag": ("tag", "Schlagwort"),
    "years": ("years", "Jahre"),
    "tempo_bpm": ("tempo", "Tempo"),
    "key": ("key", "Tonart"),
    "mode": ("mode", "Tongeschlecht"),
    "duration_s": ("duration", "Dauer"),
    "track_duration_s": ("duration of each track", "Dauer je Titel"),
    "count": ("tracks", "Titel"),
    "language": ("language", "Sprache"),
    "familiarity": ("familiarity", "Vertrautheit"),
    "popularity": ("popularity", "Bekanntheit"),
    "like": ("like", "wie"),
    "artist": ("artist", "Interpret"),
    "name": ("name", "Name"),
    "change": ("change", "Änderung"),
}
_PAIRS = """
happy fröhlich|excited begeistert|energetic energiegeladen|tense angespannt|angry wütend|gloomy düster|sad traurig|
sleepy schläfrig|calm ruhig|romantic romantisch|commute Pendeln|drive Autofahren|work Arbeiten|focus Konzentration|
workout Training|walk Spaziergang|party Feiern|relax Entspannen|sleep Schlafen|dinner Essen|cook Kochen|clean Putzen|
play Spielen|morning Morgen|midday Mittag|afternoon Nachmittag|evening Abend|night Nacht|monday Montag|
tuesday Dienstag|wednesday Mittwoch|thursday Donnerstag|friday Freitag|saturday Samstag|sunday Sonntag|home Zuhause|
bed Bett|office Büro|school Schule|gym Fitnessstudio|car Auto|transit Bahn|outdoors draußen|club Club|
restaurant Restaurant|phone Handy|tablet Tablet|computer Computer|speaker Lautsprecher|tv Fernseher|watch Uhr|
console Konsole|low niedrig|medium mittel|high hoch|electronic Elektronisch|classical Klassik|hip-hop Hip-Hop|
latin Latin|world Weltmusik|soundtrack Filmmusik|spoken Gesprochenes|children Kinder|piano Klavier|organ Orgel|
harpsichord Cembalo|accordion Akkordeon|guitar Gitarre|acoustic_guitar Akustikgitarre|electric_guitar E-Gitarre|
mandolin Mandoline|harp Harfe|lute Laute|violin Geige|viola Bratsche|double_bass Kontrabass|strings Streicher|
flute Flöte|recorder Blockflöte|clarinet Klarinette|bassoon Fagott|saxophone Saxophon|trumpet Trompete|
trombone Posaune|horn Horn|brass Blechbläser|winds Bläser|harmonica Mundharmonika|bagpipes Dudelsack|
drums Schlagzeug|percussion Perkussion|xylophone Xylophon|vibraphone Vibraphon|bells Glocken|orchestra Orchester|
choir Chor|whistling Pfeifen|acoustic akustisch|cover Coverversion|female_vocals Frauenstimme|
male_vocals Männerstimme|screaming Geschrei|ballad Ballade|classics Klassiker|love Liebe|sing-along Mitsingen|
background Hintergrund|nature Naturklänge|noise Rauschen|dreamy verträumt|epic episch|nostalgic nostalgisch|
atmospheric atmosphärisch|catchy eingängig|danceable tanzbar|hypnotic hypnotisch|psychedelic psychedelisch|
spooky gruselig|funny lustig|experimental experimentell|rain Regen|sun Sonne|sunset Sonnenuntergang|
sunrise Sonnenaufgang|summer Sommer|autumn Herbst|winter Winter|spring Frühling|christmas Weihnachten|
new_year Silvester|birthday Geburtstag|wedding Hochzeit|funeral Beerdigung|barbecue Grillen|campfire Lagerfeuer|
breakup Trennung|vacation Urlaub|carnival Karneval|easter Ostern|duet Duett|minor Moll|major Dur|new neu|
known bekannt|favourite Lieblinge|popular bekannt|obscure unbekannt|tempo Tempo|energy Energie|loudness Lautstärke|
valence Heiterkeit|year Jahr|acousticness Akustisches|danceability Tanzbarkeit|vocals Gesang|popularity Bekanntheit|
duration Dauer
"""
#: German by canonical word; what is missing is the same in both.
GERMAN: dict[str, str] = {
    english.replace("_", " "): german
    for english, german in (pair.strip().split(" ", 1) for pair in _PAIRS.replace("\n", "").split("|"))
}
