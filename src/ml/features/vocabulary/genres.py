"""Genres, and what people write for them."""

from __future__ import annotations

from ml.features.vocabulary.word import Table, Word

#: Broad on purpose: what tags call a subgenre leads to the genre that it is mostly filed under.
GENRES = Table(
    "genre",
    (
        Word(
            "rock",
            "alternative, alternative rock, alt rock, alt. rock, classic rock, hard rock, indie rock, indie, "
            "soft rock, progressive rock, prog rock, psychedelic rock, garage rock, post rock, grunge, rock & roll, "
            "rock and roll, rock'n'roll, rockabilly, britpop",
        ),
        Word(
            "pop", "dance pop, synth pop, synthpop, electropop, indie pop, pop rock, pop/rock, k pop, j pop, schlager"
        ),
        Word(
            "electronic",
            "electronica, electro, edm, dance, house, deep house, tech house, techno, trance, idm, drum and bass, "
            "drum & bass, drum'n'bass, dnb, dubstep, breakbeat, electro rock, downtempo, trip hop, elektronisch, "
            "elektronische musik",
        ),
        Word("ambient", "dark ambient, drone, chillout, chill out, new age"),
        Word(
            "classical",
            "classic, klassik, baroque, barock, romantic, opera, oper, choral, chamber music, kammermusik, symphony, "
            "orchestral, renaissance, medieval, early music, alte musik, contemporary classical",
        ),
        Word("jazz", "bebop, swing, big band, fusion, jazz fusion, smooth jazz, free jazz, cool jazz, vocal jazz"),
        Word("blues", "delta blues, electric blues, blues rock, rhythm and blues (classic)"),
        Word("hip-hop", "hip hop, hiphop, rap, trap, hip hop/rap, rap/hip hop, gangsta rap, deutschrap"),
        Word("r&b", "rnb, r and b, rhythm and blues, contemporary r&b, neo soul"),
        Word("soul", "motown, northern soul"),
        Word("funk", "p funk, disco, funk / soul"),
        Word("reggae", "dub, ska, dancehall, roots reggae, rocksteady"),
        Word(
            "metal", "heavy metal, death metal, black metal, thrash metal, doom metal, power metal, nu metal, metalcore"
        ),
        Word("punk", "punk rock, hardcore, hardcore punk, post punk, pop punk, emo"),
        Word("folk", "folk rock, indie folk, singer songwriter, singer/songwriter, acoustic, americana, liedermacher"),
        Word("country", "bluegrass, country rock, alt country, country & western"),
        Word("latin", "salsa, bossa nova, samba, tango, reggaeton, flamenco, cumbia, latin pop"),
        Word("world", "world music, weltmusik, ethnic, celtic, afrobeat, traditional, volksmusik"),
        Word("soundtrack", "score, film score, ost, original soundtrack, filmmusik, musical, video game music"),
        Word("gospel", "christian, worship, spiritual, religious"),
        Word("spoken", "spoken word, speech, audiobook, hörbuch, hörspiel, podcast, comedy"),
        Word("children", "children's music, kids, kinder, kinderlieder"),
    ),
)
