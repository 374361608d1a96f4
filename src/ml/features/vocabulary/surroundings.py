"""Where people listen, and on what."""

from __future__ import annotations

from ml.features.vocabulary.word import Table, Word

#: Sound has no place of its own: what a place says is what people are mostly there for.
LOCATIONS = Table(
    "location",
    (
        Word("home", "house, living room, zuhause, daheim, haus, wohnung, wohnzimmer, at home, zu hause"),
        Word("bed", "bedroom, bett, schlafzimmer", activity="sleep"),
        Word("office", "work, workplace, büro, arbeit, arbeitsplatz", activity="work"),
        Word(
            "school",
            "university, library, campus, high school, college, schule, universität, bibliothek",
            activity="focus",
        ),
        Word("gym", "fitness studio, fitnessstudio, sporthalle, fitnesscenter, muckibude", activity="workout"),
        Word("car", "auto, wagen", activity="drive"),
        Word(
            "transit",
            "train, bus, subway, metro, tram, plane, zug, bahn, u bahn, straßenbahn, flugzeug",
            activity="commute",
        ),
        Word(
            "outdoors",
            "outside, park, beach, street, draußen, im freien, strand, straße, garden, garten, balcony, balkon, "
            "terrace, terrasse, forest, wald, pool, camping, zelten, picnic, picknick, seaside, lake, nature "
            "walk, poolside, rooftop",
        ),
        Word("club", "bar, disco, festival, disko, kneipe, clubs, pub, nightclub, nachtclub", activity="party"),
        Word("restaurant", "cafe, café, kitchen, küche, coffee shop, coffeehouse, bistro, caféhaus", activity="dinner"),
    ),
)
DEVICES = Table(
    "device",
    (
        Word("phone", "smartphone, mobile, iphone, android, handy, telefon"),
        Word("tablet", "ipad"),
        Word("computer", "desktop, laptop, pc, mac, web, browser, rechner, notebook"),
        Word(
            "speaker",
            "smart speaker, stereo, hifi, bluetooth speaker, bluetooth box, sonos, homepod, echo, lautsprecher, anlage",
        ),
        Word("car", "carplay, android auto, auto"),
        Word("tv", "television, chromecast, fernseher"),
        Word("watch", "smartwatch, wearable, uhr"),
        Word("console", "playstation, xbox, game console, konsole, spielkonsole"),
    ),
)
# Beginnings of what services write for a device, and the device; the first that occurs in the text counts, so what is
# narrow comes before what is wide ("Android OS … TV", "iOS … iPad").
_MARKS: tuple[tuple[str, str], ...] = (
    ("android auto", "car"),
    ("carplay", "car"),
    ("carthing", "car"),
    ("automotive", "car"),
    ("watch", "watch"),
    ("wear os", "watch"),
    ("ipad", "tablet"),
    ("tablet", "tablet"),
    ("android_tv", "tv"),
    ("android tv", "tv"),
    ("appletv", "tv"),
    ("roku", "tv"),
    ("tizen", "tv"),
    ("webos", "tv"),
    ("chromecast", "tv"),
    ("playstation", "console"),
    ("xbox", "console"),
    ("sonos", "speaker"),
    ("speaker", "speaker"),
    ("homepod", "speaker"),
    ("alexa", "speaker"),
    ("echo", "speaker"),
    ("cast", "speaker"),
    ("iphone", "phone"),
    ("ios", "phone"),
    ("android", "phone"),
    ("windows", "computer"),
    ("linux", "computer"),
    ("macos", "computer"),
    ("os x", "computer"),
    ("osx", "computer"),
    ("web_player", "computer"),
    ("webplayer", "computer"),
)


def device_in(text: str) -> str | None:
    """Name the device in what a service wrote; None where nothing in it is known.

    >>> device_in("Android OS 9 API 28 (samsung, SM-G950F)"), device_in("web_player windows 10;chrome"), device_in("?")
    ('phone', 'computer', None)
    """
    found = DEVICES.find(text)
    if found is None:
        plain = text.lower()
        found = next((device for mark, device in _MARKS if mark in plain), None)
    return found
