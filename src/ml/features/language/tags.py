"""What else requests say of music: its sort, its air, its season and its occasion."""

from __future__ import annotations

from ml.features.vocabulary.word import Table, Word

TAGS = Table(
    "tag",
    (
        # How it was made.
        Word(
            "live",
            "concert, live version, live versions, liveaufnahme, liveaufnahmen, live recording, konzert, live "
            "recordings, konzertmitschnitt, in concert, liveversion, liveversionen, live album",
        ),
        Word(
            "acoustic",
            "akustik, unplugged, akustisch, acoustic version, acoustic versions, akustikversion, stripped down",
        ),
        Word("cover", "covers, cover version, cover versions, coverversion, coverversionen, covered"),
        Word("remix", "remixes, remixe, remixed, bootleg, mashup, mashups"),
        Word("remaster", "remastered, remasters"),
        Word("lo-fi", "lofi, low fi, low fidelity"),
        Word("demo", "demos, demo version, demoaufnahme, demoaufnahmen"),
        Word("a cappella", "acapella, acappella, a capella"),
        Word(
            "female vocals",
            "female vocal, female voice, female voices, female singer, female singers, women singers, female "
            "vocalist, female vocalists, female fronted, female led, woman singing, women singing, women, woman, "
            "female, female artists, by women, frauen, von frauen, künstlerinnen, musikerinnen, female musicians, "
            "frauenstimme, frauenstimmen, sängerin, sängerinnen, weiblicher stimme, weibliche stimme, weiblicher "
            "gesang, weiblichem gesang, frauengesang",
        ),
        Word(
            "male vocals",
            "male vocal, male voice, male voices, male singer, male singers, male vocalist, male vocalists, man "
            "singing, männerstimme, männerstimmen, sänger, männliche stimme, männlicher stimme, männlicher "
            "gesang, männlichem gesang, männergesang",
        ),
        Word("screaming", "screams, growling, growls, shouting, geschrei, gegröle, gebrüll, schreien"),
        Word("autotune", "auto tune"),
        # What it is.
        Word("ballad", "ballade, ballads, power ballad, power ballads, schnulze, schnulzen"),
        Word("classics", "klassiker, evergreen, evergreens, golden oldies, oldies, oldie, all time classics"),
        Word("old school", "oldschool, old skool"),
        Word("love", "liebe, love song, love songs, liebeslied, liebeslieder, liebes"),
        Word("sing-along", "singalong, singalongs, singing along, karaoke, mitsingen, mitsing, sing along"),
        Word("background", "hintergrund, background music, hintergrundmusik, in the background, im hintergrund"),
        Word(
            "nature",
            "nature sounds, naturgeräusche, naturklänge, rain sounds, regengeräusche, birdsong, vogelgezwitscher, "
            "ocean waves, meeresrauschen, wellenrauschen, waldgeräusche",
        ),
        Word("noise", "white noise, pink noise, brown noise, weißes rauschen"),
        Word("minimal", "minimalist, minimalistic, minimalistisch"),
        # Its air.
        Word(
            "dreamy",
            "verträumt, ethereal, träumerisch, sphärisch, floaty, dreamlike, träumen, dreaming, daydreaming, "
            "tagträumen, traumhaft",
        ),
        Word("epic", "episch, heroic, heroisch, bombastic, bombastisch, grandios, majestic, majestätisch"),
        Word("nostalgic", "nostalgisch, nostalgia, nostalgie, wistful, wehmütig, bittersweet, sehnsüchtig"),
        Word("atmospheric", "atmosphärisch, cinematic, filmisch, moody, stimmungsvoll"),
        Word("groovy", "groove, grooves, grooving"),
        Word("catchy", "ohrwurm, ohrwürmer, eingängig, earworm, earworms"),
        Word("danceable", "tanzbar"),
        Word("hypnotic", "hypnotisch, trippy, tranceartig, trancelike"),
        Word("psychedelic", "psychedelisch"),
        Word("spooky", "gruselig, creepy, unheimlich, scary, eerie"),
        Word("funny", "lustig, witzig, humorous, silly, humorvoll"),
        Word("retro", "vintage"),
        Word("experimental", "experimentell, avant garde, avantgarde, weird, schräg, quirky, verrückt"),
        # Weather, season and occasion.
        Word(
            "rain",
            "rainy, raining, rainy day, rainy days, regen, regnerisch, verregnet, regentag, regentage, stormy, "
            "stürmisch, storm, regenwetter",
        ),
        Word("sun", "sunny, sunshine, sonnig, sonnenschein, sonne, sunny day"),
        Word("sunset", "sonnenuntergang, dusk, abenddämmerung, golden hour"),
        Word("sunrise", "sonnenaufgang, dawn, morgendämmerung"),
        Word("summer", "sommer, summertime, summery, sommerlich"),
        Word("autumn", "herbst, herbstlich, fall season"),
        Word("winter", "winterlich, wintry, snow, snowy, schnee, verschneit"),
        Word("spring", "frühling, springtime, frühlingshaft, frühjahr"),
        Word(
            "christmas",
            "xmas, christmas eve, christmas day, christmas time, heiligabend, weihnachtszeit, weihnachten, "
            "weihnachts, weihnachtlich, weihnachtslied, holiday season, advent",
        ),
        Word("halloween"),
        Word("new year", "new years eve, silvester, neujahr"),
        Word("birthday", "geburtstag, geburtstagsfeier, birthday party, geburtstagsparty"),
        Word("wedding", "hochzeit, hochzeitsfeier, wedding party"),
        Word("funeral", "beerdigung, trauerfeier"),
        Word("barbecue", "bbq, grillen, grillabend, grillparty, barbeque, grill party"),
        Word("campfire", "lagerfeuer, kaminfeuer, fireplace, bonfire, kamin, fireside"),
        Word("breakup", "break up, liebeskummer, trennung, breakups, trennungsschmerz"),
        Word("vacation", "urlaub, holiday, holidays, ferien"),
        Word("carnival", "karneval, fasching, mardi gras"),
        Word("easter", "ostern"),
        Word("duet", "duett"),
        Word("protest", "protest song, protestlied"),
        Word("oktoberfest", "wiesn"),
        Word("après-ski", "après ski"),
    ),
)
