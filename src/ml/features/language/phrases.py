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
            "vocal free, lyric free, vocalless, lyricless, non vocal, nonvocal, music only, no vocal, no lyric, "
            "instrumentaltitel, instrumentalstück, instrumentalversionen, instrumental stücke, instrumental music "
            "only, gesangslos, ohne gesang und text"
        ),
    ),
    (
        "vocals",
        True,
        (
            "vocals, vocal, clean vocals, clean singing, singing, sung, gesang, gesungen, gesungene, gesänge, "
            "singen, lead vocals, vocalist, vocalists, sung vocals, singers, with words, mit worten, gesangsstimme, "
            "gesangsstimmen, gesanges, gesangs, singstimme, singstimmen, human voice, human voices, vocal parts"
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
            "vulgäre texte, nsfw, not safe for work, versaut, schmutzige texte, derbe texte, swears, swear, f word, "
            "f words, kraftwörter, parental advisory, beleidigungen, vulgarity, obscenities, flüche, cuss, curse, "
            "bad words, bad language, dirty lyrics, foul language, fluchen, obszön, f bombs"
        ),
    ),
    (
        "explicit",
        False,
        (
            "clean, clean lyrics, clean version, clean versions, clean edit, clean only, family friendly, kid "
            "friendly, kids friendly, child friendly, safe for work, sfw, radio edit, radio edits, jugendfrei, "
            "jugendfreie versionen, familienfreundlich, familientauglich, kindgerecht, kinderfreundlich, "
            "kindertauglich, censored, zensiert, for all ages, g rated, saubere texte, radio safe, broadcast safe, "
            "family friendly lyrics, clean songs, clean music, school appropriate, work appropriate, age "
            "appropriate, altersgerecht, kid appropriate, sauber, familiengeeignet, kindgeeignet, clean lyrics "
            "only, non explicit, child safe, kid safe, safe for kids, family safe, nicht explizit"
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
            "unknown songs, new to my ears, ich bisher nicht kenne, bisher nicht kenne, kenn ich nicht, kenne ich "
            "nicht, mir neu, neu sind, not in my library, nicht in meiner bibliothek, nicht in meiner sammlung, "
            "etwas unbekanntes, unbekanntes, never played, noch nie gespielt, noch nicht gespielt, never heard of, "
            "noch nie von gehört, i have not heard, i have not heard before, ive not heard, i havent listened to "
            "before, i havent listened to yet, i have never listened to, ive never listened to, i dont already "
            "know, not know yet, ich noch nie gehört, ich nie gehört habe, wir nicht kennen, wir noch nicht kennen, "
            "ich garantiert nicht kenne, ich nicht gehört habe, that are new to me, noch nie gehört habe, unheard "
            "by me, something i dont know, songs i dont know, nicht schon kenne, neuland, something unfamiliar, i "
            "didnt know, i havent discovered, discover something, überraschung, überrascht werden, surprise, i "
            "wouldnt know, i may not know, i might not know, new finds, neu entdecken, music discovery, unfamiliar "
            "to me, i never heard, never listened to, havent listened to, i havent listened to, kenne ich noch "
            "nicht, noch nicht kennt, mir unbekannte, mir unbekannten"
        ),
    ),
    (
        "familiarity",
        "known",
        (
            "i know, i already know, already know, i know already, familiar, familiar to me, vertraut, ich kenne, "
            "kenne ich, ich schon kenne, schon kenne, ich bereits kenne, bereits kenne, mir bekannt, mir bekannte, "
            "from my library, in my library, aus meiner bibliothek, aus meiner sammlung, my collection, my own "
            "collection, from my collection, songs i know, altvertraut, vertrautes, schon mal gehört, we know, we "
            "all know, wir kennen, wir alle kennen, die ich gut kenne, ich gut kenne, i know by heart, i already "
            "love, i have heard, ive heard, old friends, that i know, schon kenn, ich kenn, auswendig kenne, "
            "auswendig kann, i know well, altbekannt, bekanntes, mir vertraut, ive heard before, i have heard "
            "before, schon gehört habe, known to me"
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
            "songs, my top tracks, best of my library, my most played, most played by me, meine meistgehörten, all "
            "time favourites, all time favorites, my all time favourites, my all time favorites, lieblinge, meine "
            "lieblinge, mein lieblingslied, my favourite music, my favorite music, favourite music, favorite music, "
            "my fav songs, fav songs, my favs, meine besten songs, lieblingssong, lieblingstitel, lieblingstracks, "
            "lieblingsmusik, lieblingssongs, die ich am liebsten höre, am liebsten höre, ive liked, i have liked, "
            "ive saved, my saved songs, gespeicherte songs, meine gespeicherten, die ich geliked habe, geliked, i "
            "loved, i like most, i love most, favorite stuff, my hearted songs, die ich so liebe, my likes, "
            "herzenslieder, lieblingshits, tracks i like"
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
            "toppers, bestseller, most popular, most played, everybody knows, jeder kennt, alle kennen, bangers, "
            "banger, crowd pleaser, crowd pleasers, gassenhauer, welthits, welthit, kulthits, chartbreaker, "
            "chartstürmer, nummer eins hits, number one hits, number 1 hits, nummer 1 hits, top ten hits, radio "
            "friendly, weltbekannt, weltberühmt, megahits, megahit, most streamed, chart topping, erfolgreichste, "
            "kracher, knaller, best selling, allseits bekannt, die jeder kennt, that everyone knows, everyone "
            "knows, everyone will know, hitparade, singlecharts, top of the charts, big tunes, klassenschlager, "
            "party anthems, hitsingles, hit singles, hit single, dauerbrenner, smashers, blockbusters, floor "
            "fillers, floorfillers, floor filler, everybody loves, everyone loves, die alle kennen, wohlbekannt, "
            "chartmusik, number one, number 1s, erfolgreich, successful, alle mitsingen können, top charts, "
            "trending, meistgehört, meistgespielt"
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
            "artists, kleine bands, kleine künstler, insider tip, insider tips, insidertipp, insidertipps, no one "
            "knows, no one has heard of, nobody has heard of, nobody has ever heard of, kennt kein mensch, kaum "
            "jemand kennt, kein mensch kennt, under the radar, unbesungen, forgotten, vergessene perlen, vergessene "
            "songs, lost gems, gems, non mainstream, unpopular, unknown artists, unknown bands, little heard, "
            "hardly anyone knows, hardly known, few people know, wenige kennen, nur wenige kennen, nicht so "
            "bekannte, seltenheiten, abseits der charts, abseits vom mainstream, fernab vom mainstream, jenseits "
            "des mainstreams, kultig, not mainstream, indie gems, unentdeckte, verborgene perlen, unheralded, "
            "unsung, secret tips, rare tracks, rare grooves, selten gespielt"
        ),
    ),
    ("location", "home", "kitchen, küche, in the kitchen, in der küche"),
    (
        "time_of_day",
        "morning",
        "breakfast, breakfasts, frühstück, frühstücken, brunch, brunchen, breakfast time",
    ),
    ("time_of_day", "midday", "lunch, mittagessen, lunches, lunch time"),
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
            "y2k, brandneu, brand new, freshly released, this week, diese woche"
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
