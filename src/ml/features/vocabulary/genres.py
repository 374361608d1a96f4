"""Genres, and what people write for them."""

from __future__ import annotations

from ml.features.vocabulary.word import Table, Word

#: Broad on purpose: what tags call a subgenre leads to the genre that it is mostly filed under.
GENRES = Table(
    "genre",
    (
        Word(
            "rock",
            "alternative, alternative rock, alt rock, alt. rock, classic rock, hard rock, indie rock, indie, soft "
            "rock, progressive rock, prog rock, psychedelic rock, garage rock, post rock, grunge, rock & roll, "
            "rock and roll, rock'n'roll, rockabilly, britpop, rock n roll, rock n' roll, shoegaze, shoegazing, "
            "new wave, no wave, krautrock, psych rock, math rock, stoner rock, surf rock, surf, arena rock, "
            "deutschrock, rockig, yacht rock, prog, dad rock, art rock, space rock, southern rock, postrock, glam "
            "rock, rockmusik, softrock",
        ),
        Word(
            "pop",
            "dance pop, synth pop, synthpop, electropop, indie pop, pop rock, pop/rock, k pop, j pop, schlager, "
            "kpop, jpop, city pop, dream pop, bedroom pop, power pop, chamber pop, hyperpop, chart pop, teen pop, "
            "poppig, deutschpop, baroque pop, popmusik, europop, neue deutsche welle, ndw",
        ),
        Word(
            "electronic",
            "electronica, electro, edm, dance, house, deep house, tech house, techno, trance, idm, drum and bass, "
            "drum & bass, drum'n'bass, dnb, dubstep, breakbeat, electro rock, downtempo, trip hop, elektronisch, "
            "elektronische musik, synthwave, retrowave, vaporwave, chillwave, eurodance, psytrance, goa, "
            "hardstyle, gabber, minimal techno, progressive house, future bass, drum n bass, jungle, uk garage, "
            "big beat, electroswing, electro swing, acid house, tropical house, melodic techno, psy trance, "
            "industrial, ebm, breakcore, elektronik, nu disco, glitch, elektro, liquid dnb, liquid drum and bass, "
            "liquid drum & bass",
        ),
        Word("ambient", "dark ambient, drone, chillout, chill out, new age, lounge"),
        Word(
            "classical",
            "classic, klassik, baroque, barock, romantic, opera, oper, choral, chamber music, kammermusik, "
            "symphony, orchestral, renaissance, medieval, early music, alte musik, contemporary classical, "
            "klassisch, klassische musik, romantik, neoklassik, neo classical, neoclassical, string quartets, "
            "symphonies, sinfonie, sinfonien, sonata, sonatas, sonate, sonaten, orchestermusik, waltz, waltzes, "
            "walzer, symphonie, konzertante, opern, operas, arias, arien, mittelalter, mittelaltermusik, "
            "classical music, minimal music, romantic era, romantic period",
        ),
        Word(
            "jazz",
            "bebop, swing, big band, fusion, jazz fusion, smooth jazz, free jazz, cool jazz, vocal jazz, jazzy, "
            "jazzig, dixieland, gypsy jazz, latin jazz, hard bop, acid jazz, nu jazz, bigband",
        ),
        Word(
            "blues",
            "delta blues, electric blues, blues rock, rhythm and blues (classic), bluesy, bluesig, chicago blues",
        ),
        Word(
            "hip-hop",
            "hip hop, hiphop, rap, trap, hip hop/rap, rap/hip hop, gangsta rap, deutschrap, boom bap, mumble rap, "
            "emo rap, conscious rap, drill, old school rap, lofi hip hop, lo fi hip hop, rapmusik, grime, cloud "
            "rap",
        ),
        Word("r&b", "rnb, r and b, rhythm and blues, contemporary r&b, neo soul, r n b, r'n'b, rhythm & blues"),
        Word("soul", "motown, northern soul, soulful, soulig, philly soul"),
        Word("funk", "p funk, disco, funk / soul, funky, funkig, disko"),
        Word("reggae", "dub, ska, dancehall, roots reggae, rocksteady, dub reggae"),
        Word(
            "metal",
            "heavy metal, death metal, black metal, thrash metal, doom metal, power metal, nu metal, metalcore, "
            "deathcore, progressive metal, prog metal, speed metal, hair metal, glam metal, symphonic metal, folk "
            "metal, industrial metal",
        ),
        Word(
            "punk",
            "punk rock, hardcore, hardcore punk, post punk, pop punk, emo, punkig, ska punk, deutschpunk, skate "
            "punk, postpunk",
        ),
        Word(
            "folk",
            "folk rock, indie folk, singer songwriter, singer/songwriter, acoustic, americana, liedermacher, "
            "folky, folkig, folk songs, sea shanty, sea shanties, shanties, singer songwriters, irish folk",
        ),
        Word(
            "country",
            "bluegrass, country rock, alt country, country & western, country music, honky tonk, outlaw country, "
            "countrymusik",
        ),
        Word(
            "latin",
            "salsa, bossa nova, samba, tango, reggaeton, flamenco, cumbia, latin pop, bachata, merengue, mambo, "
            "rumba, latino, lateinamerikanisch, bossa, mariachi, cha cha, latin american, reggaetón",
        ),
        Word(
            "world",
            "world music, weltmusik, ethnic, celtic, afrobeat, traditional, volksmusik, afrobeats, highlife, "
            "african, afrikanisch, afro beats, afro beat, volkslied, volkslieder, klezmer, balkan, irish "
            "traditional, fado, blasmusik, chanson, chansons",
        ),
        Word(
            "soundtrack",
            "score, film score, ost, original soundtrack, filmmusik, musical, video game music, soundtracks, film "
            "music, film scores, movie music, filmmusiken, musicals, game soundtracks, game soundtrack, movie "
            "soundtrack, anime soundtrack, show tunes",
        ),
        Word(
            "gospel",
            "christian, worship, spiritual, religious, spirituals, church music, kirchenmusik, hymns, gregorian "
            "chant, gregorianik, geistlich",
        ),
        Word(
            "spoken",
            "spoken word, speech, audiobook, hörbuch, hörspiel, podcast, comedy, podcasts, audiobooks, hörbücher, "
            "hörspiele, speeches",
        ),
        Word(
            "children",
            "children's music, kids, kinder, kinderlieder, nursery rhymes, kindermusik, kinderlied, toddlers, "
            "babies, baby, kleinkinder, disney",
        ),
    ),
)
