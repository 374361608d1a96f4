"""Words with a meaning of their own: singing, explicit words, what is known, what is popular, what is relative."""

from __future__ import annotations

from ml.features.language.slots import Value
from ml.features.language.tokens import words

#: By kind and value. Relative times are understood and refused: "old" is no year.
PHRASES: tuple[tuple[str, Value, str], ...] = (
    (
        "vocals",
        False,
        (
            "instrumental, instrumentals, instrumental music, instrumentalmusik, instrumentell, wordless, textlos, "
            "textfrei, gesangsfrei, gesanglos, instrumental only, rein instrumental, purely instrumental, nur "
            "instrumente, instrumental version, instrumental versions, instrumentalstücke, instrumentalversion, "
            "vocal free, lyric free"
        ),
    ),
    (
        "vocals",
        True,
        (
            "vocals, vocal, clean vocals, clean singing, singing, sung, gesang, gesungen, gesungene, gesänge, "
            "singen, lead vocals, vocalist, vocalists, sung vocals, singers"
        ),
    ),
    (
        "explicit",
        True,
        (
            "explicit, uncensored, unzensiert, explicit lyrics, explicit content, explicit language, explicit "
            "words, explicit songs, explicit tracks, explizit, explizite texte, expliziten texte, expliziten "
            "texten, explizite inhalte, explizite wörter, swearing, swear words, profanity, profanities, cursing, "
            "curse words, cuss words, cussing, schimpfwörter, schimpfworte, schimpfwörtern, kraftausdrücke, vulgär, "
            "vulgäre texte, bad words, bad language, dirty lyrics, foul language, fluchen, obszön, f bombs"
        ),
    ),
    (
        "explicit",
        False,
        (
            "clean, clean lyrics, clean version, clean versions, clean edit, clean only, family friendly, kid "
            "friendly, kids friendly, child friendly, safe for work, sfw, radio edit, radio edits, jugendfrei, "
            "jugendfreie versionen, familienfreundlich, familientauglich, kindgerecht, kinderfreundlich, "
            "kindertauglich, non explicit, child safe, kid safe, safe for kids, family safe, nicht explizit"
        ),
    ),
    (
        "familiarity",
        "new",
        (
            "new to me, unknown to me, unknown, never heard, never heard before, ive never heard, ive never heard "
            "before, i have never heard, i havent heard, i havent heard before, i havent heard yet, havent heard, i "
            "dont know, i dont know yet, i do not know, dont know yet, discover, discovery, discoveries, something "
            "new, etwas neues, was neues, neues, entdecken, entdeckung, entdeckungen, neuentdeckungen, neue "
            "entdeckungen, mir unbekannt, unbekannt, nicht kenne, noch nicht kenne, ich noch nicht kenne, ich nicht "
            "kenne, noch nie gehört, nie gehört, noch nicht gehört, ich noch nie gehört habe, unheard, surprise me, "
            "überrasch mich, überrasche mich, neu für mich, unfamiliar, unvertraut, nicht gehört habe, noch nicht "
            "gehört habe, fresh discoveries, new discoveries, new artists, neue künstler, neue bands, new bands, "
            "unfamiliar to me, i never heard, never listened to, havent listened to, i havent listened to, kenne "
            "ich noch nicht, noch nicht kennt, mir unbekannte, mir unbekannten"
        ),
    ),
    (
        "familiarity",
        "known",
        (
            "i know, i already know, already know, i know already, familiar, familiar to me, vertraut, ich kenne, "
            "kenne ich, ich schon kenne, schon kenne, ich bereits kenne, bereits kenne, mir bekannt, mir bekannte, "
            "altbekannt, bekanntes, mir vertraut, ive heard before, i have heard before, schon gehört habe, known "
            "to me"
        ),
    ),
    (
        "familiarity",
        "favourite",
        (
            "favourite, favourites, favorite, favorites, my favourite, my favourites, my favorite, my favorites, "
            "fav, favs, faves, my faves, favourite songs, favorite songs, favourite tracks, favorite tracks, my "
            "favourite songs, my favorite songs, my favourite tracks, my favorite tracks, favorit, favoriten, meine "
            "favoriten, meinen favoriten, lieblings, lieblingslieder, meine lieblingslieder, liked songs, my liked "
            "songs, songs i love, tracks i love, music i love, songs i like, that i love, die ich liebe, die ich "
            "mag, die ich so mag, meine lieblingssongs, meine lieblingsmusik, lieblingsstücke, meine likes, my top "
            "songs, my top tracks, best of my library"
        ),
    ),
    (
        "popularity",
        "popular",
        (
            "hits, hit, popular, charts, chart, chart hits, charthits, top hits, top songs, best known, well known, "
            "famous, berühmt, beliebt, beliebteste, bekannt, bekannteste, bekanntesten, beliebtesten, berühmteste, "
            "mainstream, greatest hits, biggest hits, größte hits, größten hits, anthems, anthem, radio hits, "
            "viral, big hits, populär, angesagt, smash hits, smash hit, hymnen, superhits, number ones, chart "
            "toppers, bestseller, most popular, most played, everybody knows, everyone knows, jeder kennt, alle "
            "kennen, alle mitsingen können, top charts, trending, meistgehört, meistgespielt"
        ),
    ),
    (
        "popularity",
        "obscure",
        (
            "underground, nicht jeder kennt, not everybody knows, not everyone knows, nobody knows, keiner kennt, "
            "niemand kennt, obscure, lesser known, lesser known songs, less well known, little known, deep cuts, "
            "deep cut, hidden gems, hidden gem, niche, rare, rarities, raritäten, rarität, geheimtipp, geheimtipps, "
            "weniger bekannt, wenig bekannt, kaum bekannt, unentdeckt, undiscovered, underrated, unterschätzt, "
            "nische, nischen, b sides, b seiten, nicht so bekannt, not so well known, not well known, overlooked, "
            "off the beaten track, abseits des mainstreams, perlen, verborgene schätze, selten gehört, small "
            "artists, kleine bands, kleine künstler"
        ),
    ),
    (
        "mode",
        "minor",
        "minor key, minor keys, a minor key, in minor, moll, in moll, molltonart, molltonarten, minor mode",
    ),
    ("mode", "major", "major key, major keys, a major key, in major, dur, in dur, durtonart, durtonarten, major mode"),
    (
        "unclear",
        "years",
        (
            "recent, recently, recent years, recent releases, recent songs, new releases, new release, "
            "neuerscheinung, neuerscheinungen, newest, neueste, neuesten, latest, modern, old, alt, last year, "
            "letztes jahr, letzten jahres, letzten jahr, this year, dieses jahr, dieses jahres, diesem jahr, "
            "aktuell, neu, new, früher, von früher, damals, von damals, back in the day, my youth, my childhood, "
            "meiner jugend, meine jugend, meiner kindheit, meine kindheit, my teens, my teenage years, last decade, "
            "letztes jahrzehnt, letzten jahrzehnt, this decade, last week, last month, letzte woche, letzten monat, "
            "this month, diesen monat, last summer, letzter sommer, letzten sommer, contemporary, current, "
            "zeitgenössisch, heutig, modernere, von heute, of today, todays, nowadays, old time, last few years, "
            "past few years, letzten jahren, letzten paar jahre, letzten jahre, long ago, uralt, steinalt, "
            "brandneu, brand new, freshly released, this week, diese woche"
        ),
    ),
    (
        "unclear",
        "track_duration_s",
        (
            "short songs, short tracks, short pieces, kurze songs, kurze lieder, kurze stücke, kurze titel, long "
            "songs, long tracks, long pieces, lange songs, lange lieder, lange stücke, lange titel"
        ),
    ),
)
#: Said of singing only after "no", "with" and their like: "words" alone are words.
SUNG = words(
    "words word worte worten woerter woertern text texte texten lyrics lyric voice voices stimme stimmen singer"
)
#: What looks like a slot and is none.
NAMES_OF_THINGS = (
    "happy hour, new york, new orleans, new order, house of cards, house of pain, blue monday, hip hop "
    "hooray, rock the casbah, white house, country roads, good morning, guten morgen, good night, gute "
    "nacht"
)
