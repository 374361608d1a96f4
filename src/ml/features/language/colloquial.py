"""What people write besides the words of the tables: spoken style, Denglisch, narrower names of the same things."""

from __future__ import annotations

from ml.features.language.slots import Value

#: By kind and value. Where a word is in a table too, the table's meaning comes first.
COLLOQUIAL: tuple[tuple[str, Value, str], ...] = (
    (
        "mood",
        "happy",
        (
            "positive, positiv, lighthearted, light hearted, unbeschwert, jolly, merry, optimistic, optimistisch, "
            "hopeful, hoffnungsvoll, frohgelaunt, beschwingt, wohlfühl, wohlfühlen, joy, freude, happiness, good times, "
            "good mood music, feeling good, fröhlichkeit, heiterkeit, lebensfroh, lebensfreude, gut drauf, bessere "
            "laune, good feeling, sunny vibes, life affirming, positivity"
        ),
    ),
    (
        "mood",
        "excited",
        (
            "hype, hype me up, pumped, pump me up, psyched, exciting, aufregend, triumphant, euphoria, euphorie, get "
            "hyped, get me pumped, excitement, vorfreude, rausch, ekstase, exhilarating, overexcited"
        ),
    ),
    (
        "mood",
        "energetic",
        (
            "energising, energetisch, mitreißend, invigorating, fetzig, abgehen, bouncy, peppy, rousing, spritzig, "
            "vibrant, adrenaline, adrenalin, punchy, energie geladen, energie laden, power music, spirited, zum "
            "durchstarten, durchstarten, empowering, empowerment, in schwung, knackig, mit power, get moving, pusht, "
            "pushen, pushend"
        ),
    ),
    (
        "mood",
        "tense",
        (
            "suspense, tension, spannung, menacing, bedrohlich, anxiety, stressful, nervous energy, ominous, "
            "nervenaufreibend, nervenkitzel, uneasy, beklemmend, dread, foreboding"
        ),
    ),
    (
        "mood",
        "angry",
        (
            "anger, pissed off, hasserfüllt, raging, ärger, aggro, frustrated, frustriert, frust, hateful, "
            "wutentbrannt, aggression, aggressionen, rageful, rebellious, rebellisch"
        ),
    ),
    (
        "mood",
        "gloomy",
        "darkness, grim, doomy, dystopian, dystopisch, düsternis, nightmarish, abgründig, despairing, bleakness",
    ),
    (
        "mood",
        "sad",
        (
            "sadness, trauer, traurigkeit, grief, tears, tränen, melancholia, feeling down, feeling low, broken "
            "hearted, heartache, weepy, lonesome, loneliness, einsamkeit, traurigsein, zum weinen, zum heulen, tear "
            "jerker, tear jerkers, tearjerker, tearjerkers, herzzerreißend, bedrückt, down in the dumps, sorrow, "
            "kummer, tragisch, tragic, unglücklich, unhappy, feeling sad, melancholischer stimmung, gebrochenes herz, "
            "broken heart"
        ),
    ),
    (
        "mood",
        "sleepy",
        "sleepiness, müdigkeit, dösig, einschläfernd, ermüdet, schlapp, exhausted, worn out, übermüdet",
    ),
    (
        "mood",
        "calm",
        (
            "chilled out, chill vibes, chillig, ruhe, stillness, restful, unaufgeregt, stressfrei, stress free, de "
            "stress, destress, stressabbau, calmness, smooth, tiefenentspannt, geruhsam, beschaulich, gemächlich, slow "
            "and calm, peace and quiet, ruhe und frieden, unhektisch, ausgeglichen, relaxend, relaxte stimmung, sanft "
            "und ruhig, entschleunigend, entschleunigen, entschleunigung, wohlig, calmed, relaxt, snug, peacefulness, "
            "contemplative, pensive, nachdenklich, introspective, thoughtful, placid, soft and slow, comforting, wind "
            "me down, calm me down"
        ),
    ),
    (
        "mood",
        "romantic",
        (
            "romance, romantik, date night, first date, erstes date, candlelight, candle light, kerzenschein, "
            "kerzenlicht, valentines day, valentine, valentines, valentinstag, seductive, verführerisch, flirty, "
            "kuscheln, schmusen, schmuse, knutschen, anniversary, jahrestag, lovers, verliebte, liebespaare, "
            "zärtlichkeit, romantische stimmung, sensuous, slow dance, slow dancing, engtanz, dinner for two, zu zweit"
        ),
    ),
    (
        "genre",
        "rock",
        (
            "ostrock, gothic rock, goth rock, gothic, goth, noise rock, hardrock, hamburger schule, heartland rock, "
            "slowcore, indierock, rocknroll, rock and roll music, britrock, folkrock, psychedelic rock, rocksongs, "
            "rocklieder, alternativ, alternative music, indie music, classic rock songs, rock music, rocker, grungig, "
            "mod rock, glam, acid rock, garage punk, jam bands, brit pop, aor, mathrock, progrock, mittelalterrock, "
            "country rock songs, post britpop, roots rock"
        ),
    ),
    (
        "genre",
        "pop",
        (
            "bubblegum pop, schlagermusik, discofox, austropop, c pop, mandopop, cantopop, boy band, boyband, boybands, "
            "boy bands, boygroup, boygroups, girl group, girlgroup, girl groups, girlgroups, indiepop, dreampop, "
            "electro pop, elektropop, elektro pop, jangle pop, art pop, sophisti pop, partyschlager, ballermann, pop "
            "music, popsongs, poplieder, mainstream pop, pop songs, popschlager, noise pop, folk pop, folkpop, deutsch "
            "pop, synthie pop, synthiepop, soft pop, piano pop, dark pop, alt pop, new romantic"
        ),
    ),
    (
        "genre",
        "electronic",
        (
            "electronic music, electronic dance music, footwork, uk bass, french house, afro house, slap house, "
            "hardtekk, tekk, tekkno, acid, acid techno, rave, raves, italo disco, triphop, downbeat, future garage, "
            "hard techno, chiptune, 8 bit, witch house, moombahton, happy hardcore, schranz, nightcore, phonk, synth "
            "wave, dark wave, darkwave, cold wave, coldwave, ambient techno, dub techno, detroit techno, lo fi house, "
            "lofi house, lofihouse, organic house, vocal house, electro house, chicago house, hard house, deephouse, "
            "techhouse, club music, clubmusik, dance music, dancemusic, elektromusik, elektronisches, drum & bass "
            "music, goa trance, uplifting trance, vocal trance, hard trance, big room, breakbeats, jersey club, speed "
            "garage, 2 step, leftfield, elektronische, d n b, drumnbass, hardbass, euro dance, eurodisco, euro disco, "
            "electronics, folktronica, idm music, dance pop music, techno music, house musik, housemusik, house music, "
            "technomusik, minimal house, outrun, melodic house, raggajungle, liquid funk, electroclash, glitch hop, "
            "trance music, italo dance"
        ),
    ),
    (
        "genre",
        "ambient",
        (
            "easy listening, ambient music, drone music, dark ambient music, space music, downtempo ambient, "
            "soundscape, soundscapes, klanglandschaft, klanglandschaften, klangteppich, klangteppiche, lounge music, "
            "loungemusik, ambientmusik, healing frequencies, binaural beats, entspannungsmusik ambient"
        ),
    ),
    (
        "genre",
        "classical",
        (
            "concerto, concertos, concerti, konzerte für, fugue, fugues, fuge, fugen, prelude, preludes, präludium, "
            "präludien, etude, etudes, etüde, etüden, nocturne, nocturnes, requiem, cantata, cantatas, kantate, "
            "kantaten, oratorio, oratorium, oratorien, operetta, operette, operetten, ballet, ballett, ballet music, "
            "ballettmusik, overture, ouvertüre, ouvertüren, classics music, klassikmusik, chamber orchestra, "
            "kammerorchester, symphonic, sinfonisch, symphonisch, impressionism, barockmusik, baroque music, partita, "
            "rondo, scherzo, serenade, streichquartette, klavierkonzert, klavierkonzerte, violinkonzert, "
            "violinkonzerte, cellokonzert, cellokonzerte, trompetenkonzert, flötenkonzert, orgelkonzert, neue klassik, "
            "modern classical, post classical, wiener klassik, wiener walzer, orchestral music, orchestermusik, "
            "philharmonic, opernarien, opernmusik, renaissance music, chorale, klavierquintett, piano quintet, piano "
            "trio, klaviertrio, piano trios"
        ),
    ),
    (
        "genre",
        "jazz",
        (
            "jazzmusik, jazz music, swing music, swingmusik, ragtime, jazz manouche, manouche, dixie, barjazz, bar "
            "jazz, modal jazz, trad jazz, traditional jazz, new orleans jazz, lounge jazz, jazz standards, "
            "jazzstandards, jazzstandard, jazz trio, jazztrio, jazz quartet, jazzquartett, jazz quintet, modern jazz, "
            "spiritual jazz, cool jazz music, soul jazz, nordic jazz, swing era, big bands, be bop, jazz guitar music, "
            "piano jazz, jazz piano trio, jazz vocals, electro jazz, nujazz, jazzclub"
        ),
    ),
    (
        "genre",
        "blues",
        (
            "bluesmusik, blues music, bluesrock, country blues, blues guitar music, texas blues, electric blues music, "
            "slow blues music"
        ),
    ),
    (
        "genre",
        "hip-hop",
        (
            "rap music, east coast rap, west coast rap, east coast hip hop, west coast hip hop, g funk, crunk, trap "
            "music, straßenrap, gangsterrap, gangster rap, rapper, rappers, rap songs, rapsongs, battle rap, afro trap, "
            "turntablism, hip hop music, hip hop beats, hiphop beats, freestyle rap, southern rap, jazz rap, "
            "hiphopmusik, german rap beats, alternative hip hop, underground rap beats, conscious hip hop, instrumental "
            "hip hop beats, chill hop, chillhop, jazzhop, lo fi hip hop beats, lofi hip hop beats, trap beats, "
            "deutscher rap songs"
        ),
    ),
    (
        "genre",
        "r&b",
        (
            "rhythm n blues, quiet storm, new jack swing, r & b music, rnb music, r b, randb, r und b, contemporary "
            "rnb, alternative r&b, alt r&b"
        ),
    ),
    (
        "genre",
        "soul",
        (
            "soulmusik, soul music, southern soul, blue eyed soul, stax, deep soul, soulsongs, soul songs, psychedelic "
            "soul"
        ),
    ),
    (
        "genre",
        "funk",
        (
            "discomusik, disco music, diskomusik, boogie, jazz funk, funk music, funkmusik, disco era, philly disco, "
            "french disco"
        ),
    ),
    (
        "genre",
        "reggae",
        "ragga, lovers rock, reggae music, reggaemusik, dub music, ska music, two tone, 2 tone",
    ),
    (
        "genre",
        "metal",
        (
            "djent, grindcore, sludge, sludge metal, thrash, deathmetal, blackmetal, viking metal, gothic metal, metal "
            "music, melodic death metal, doom, heavymetal, metalmusik, metal songs, alternative metal, groove metal, "
            "post metal, power metal songs, mittelaltermetal, drone metal, rap metal, funk metal, neue deutsche härte"
        ),
    ),
    (
        "genre",
        "punk",
        (
            "punkrock, poppunk, street punk, horror punk, psychobilly, riot grrrl, riot girl, punk music, punkmusik, "
            "celtic punk, folk punk, melodic hardcore, proto punk, punk songs, emo music, post hardcore, screamo, "
            "easycore"
        ),
    ),
    (
        "genre",
        "folk",
        (
            "folkmusik, folk music, neofolk, freak folk, folksongs, folksong, indie folk songs, singer songwriter "
            "music, english folk, scottish folk, nordic folk, contemporary folk, folk pop songs, protest folk, bardic, "
            "scandinavian folk"
        ),
    ),
    (
        "genre",
        "country",
        (
            "countryrock, nashville sound, country songs, countrysongs, country pop, countrypop, modern country, "
            "classic country, red dirt, texas country, western swing, cowboy songs, bro country, truck driver songs"
        ),
    ),
    (
        "genre",
        "latin",
        (
            "latin music, latino music, timba, son cubano, mpb, corridos, ranchera, rancheras, bolero, boleros, forro, "
            "sertanejo, dembow, latin songs, latin dance, latin beats, bossanova, perreo, latinopop, salsamusik, salsa "
            "music, tango argentino, latin rock, vallenato, latin trap, lateinamerika, südamerikanische musik, "
            "südamerikanisch, brasilianische musik, urbano, reggaeton music"
        ),
    ),
    (
        "genre",
        "world",
        (
            "rai, bollywood, bhangra, qawwali, gnawa, polka, polkas, jodeln, jodler, yodeling, yodelling, gamelan, "
            "folklore, celtic music, keltisch, keltische musik, volkstümlich, volkstümliche musik, volkstümliche "
            "lieder, marschmusik, marches, irish music, african music, afrikanische musik, balkan beats, balkan brass, "
            "traditional music, traditionelle musik, oriental, orientalisch, orientalische musik, desert blues, ethno, "
            "klezmermusik, oberkrainer, stubenmusik, volksmusi, throat singing, global music, mbalax, soukous, kwaito, "
            "amapiano, zouk, soca, calypso"
        ),
    ),
    (
        "genre",
        "soundtrack",
        (
            "film soundtrack, tv themes, tv theme songs, theme song, theme songs, titelmusik, titelmelodie, "
            "titelmelodien, filmsoundtrack, filmsoundtracks, serienmusik, spielemusik, computerspielmusik, "
            "videospielmusik, game music, vgm, anime music, anime openings, broadway, broadway musicals, movie "
            "soundtracks, movie score, movie scores, filmsongs, musicalsongs, cinematic scores, western score, scores, "
            "videospiel soundtrack, movie themes, movie songs, film themes, filmthemen, film songs, musical songs, "
            "musical theatre, musical theater, bond songs, movie soundtrack music, original score, soundtrack music, "
            "videogame music, video game soundtracks, video game soundtrack, spielfilmmusik, kinofilm, movie theme"
        ),
    ),
    (
        "genre",
        "gospel",
        (
            "kirchenlieder, lobpreis, praise, praise music, worship music, christian music, christian rock, gospel "
            "music, gospelmusik, gospelsongs, hymnal, spiritual songs, sakrale musik, sakral, sacred music, religiös, "
            "kirchlich, church songs"
        ),
    ),
    (
        "genre",
        "spoken",
        (
            "talk radio, stand up comedy, stand up, standup, poetry slam, interviews, lesung, lesungen, kabarett, "
            "poetry, gesprochenes, gesprochen, radio drama, radio play, guided meditation, geführte meditation"
        ),
    ),
    (
        "genre",
        "children",
        (
            "kids songs, kids music, kid, childrens songs, childrens music, children, child, toddler, kleinkind, kita, "
            "kindergarten, newborn, kindersongs, kids tunes, disney songs, disney music, babys, for babies, little "
            "ones, die kleinen, kiddies, krabbelgruppe, kinderpop, preschool, preschoolers, kindergartenkinder, "
            "grundschulkinder, kindern, kinderliedern, disneylieder, disneysongs, 5 year old, 3 year old, 4 year old"
        ),
    ),
    (
        "instrument",
        "piano",
        (
            "pianist, pianisten, pianos, klavierspiel, klavierklänge, piano music, klaviermelodien, soft piano, piano "
            "solo, pianosolo, klaviersolo, felt piano, piano pieces, upright piano"
        ),
    ),
    (
        "instrument",
        "keyboard",
        "rhodes piano, electric pianos, keys and synths",
    ),
    (
        "instrument",
        "organ",
        "organs, orgeln, church organs, orgelspiel",
    ),
    (
        "instrument",
        "accordion",
        "concertina, quetschkommode, akkordeonmusik, accordions",
    ),
    (
        "instrument",
        "guitar",
        (
            "gitarren, gitarrist, guitarist, guitarists, guitar music, gitarrenmusik, gitarrenspiel, guitar licks, "
            "guitar work, 12 string guitar, slide guitars"
        ),
    ),
    (
        "instrument",
        "acoustic guitar",
        (
            "acoustic guitars, akustische gitarren, akustikgitarren, akustik gitarre, fingerpicking, fingerstyle, nylon "
            "guitar, nylon string guitar, fingerstyle guitar, fingerpicked guitar, classical guitars, "
            "lagerfeuergitarre, acoustic guitar music, flamenco guitar, flamencogitarre"
        ),
    ),
    (
        "instrument",
        "electric guitar",
        (
            "electric guitars, e gitarren, distorted guitars, verzerrte gitarren, verzerrte gitarre, elektrische "
            "gitarren, riff, riffs, shredding, guitar riffing, twin guitars, heavy guitars, crunchy guitars, loud "
            "guitars"
        ),
    ),
    (
        "instrument",
        "bass",
        (
            "electric bass, slap bass, sub bass, bass line, bass lines, basslauf, bassläufe, basslinie, basslinien, "
            "fretless bass, e bässe"
        ),
    ),
    (
        "instrument",
        "strings",
        (
            "string orchestra, streichinstrumente, stringed instruments, string arrangements, streichern, "
            "streicherklänge, string instruments, lush strings, orchestral strings"
        ),
    ),
    (
        "instrument",
        "violin",
        "violins, violinen, geigen, fiddles, fiddler, geiger, violinist, solo violins, geigenklänge",
    ),
    (
        "instrument",
        "cello",
        "cellos, cellist, cellomusik",
    ),
    (
        "instrument",
        "double bass",
        "double basses, standup bass, contrabass, acoustic bass",
    ),
    (
        "instrument",
        "harp",
        "harps, harfen, harfenklänge, celtic harp",
    ),
    (
        "instrument",
        "flute",
        (
            "bansuri, shakuhachi, tin whistle, flutes, flöten, piccolo, flötist, bamboo flute, wooden flute, native "
            "american flute"
        ),
    ),
    (
        "instrument",
        "saxophone",
        (
            "alto sax, baritone sax, saxophonist, saxes, saxophones, saxophonsolo, saxofonsolo, sax solo, sax solos, "
            "alto saxophone, tenor saxophone, saxy, soprano sax"
        ),
    ),
    (
        "instrument",
        "trumpet",
        "muted trumpet, trumpets, trompeten, cornet, kornett, trumpeter, trompeter, solo trumpet",
    ),
    (
        "instrument",
        "brass",
        "brass instruments, horn section, horns, bläsersatz, brass bands, blechblasinstrumente, big brass",
    ),
    (
        "instrument",
        "harmonica",
        "harmonicas, mouth harp, bluesharp, mundi",
    ),
    (
        "instrument",
        "drums",
        (
            "drumming, drumbeat, drumbeats, schlagzeuger, drum beat, drum beats, 808, 808s, drum solo, schlagzeugsolo, "
            "drummers, live drums, big drums, drumsolo"
        ),
    ),
    (
        "instrument",
        "percussion",
        (
            "tablas, timpani, pauken, castanets, kastagnetten, maracas, tambourine, tamburin, handtrommel, "
            "handtrommeln, hand drums, bongo, conga, percussionist, shakers, hand percussion"
        ),
    ),
    (
        "instrument",
        "bells",
        "gong, gongs, tibetan bowls, tibetan singing bowls, singing bowl, klangschale, church bells, kirchenglocken",
    ),
    (
        "instrument",
        "synthesizer",
        (
            "synthesizern, synthesizers and pads, synthy, synth pads, pads, arpeggios, modular synth, modular synths, "
            "analoge synthesizer, analogsynths, synthieklänge, synth line, synth lines, analog synths, analogue synth, "
            "synthlines"
        ),
    ),
    (
        "instrument",
        "orchestra",
        (
            "full orchestra, big orchestra, symphonieorchester, orchestrations, orchestriert, philharmonie, "
            "philharmonic orchestra, großes orchester, großem orchester"
        ),
    ),
    (
        "instrument",
        "choir",
        (
            "choral singing, children's choir, kinderchor, frauenchor, männerchor, chorgesang, chormusik, choral "
            "voices, gospel choir, gospel choirs, backing choir, chören"
        ),
    ),
    (
        "instrument",
        "handpan",
        "handpans, hang drums, steel pan",
    ),
    (
        "instrument",
        "whistling",
        "whistled, pfeift, whistles, gepfiffene melodie",
    ),
    (
        "instrument",
        "ukulele",
        "ukuleles",
    ),
    (
        "instrument",
        "banjo",
        "banjos",
    ),
    (
        "instrument",
        "mandolin",
        "mandolins, mandolinen",
    ),
    (
        "instrument",
        "clarinet",
        "klarinetten, clarinets",
    ),
    (
        "instrument",
        "sitar",
        "sitars",
    ),
    (
        "tag",
        "live",
        (
            "live recordings, live concert, livekonzert, live aufnahme, live aufnahmen, live performance, live "
            "performances, live session, live sessions, live mitschnitt, konzertmitschnitte, livemusik, live music, "
            "live set, live gespielt, live show, recorded live, live albums, livealbum, live alben, bootlegs live"
        ),
    ),
    (
        "tag",
        "acoustic",
        (
            "akustikversionen, akustik version, akustik versionen, akustische version, akustische versionen, acoustic "
            "set, akustikset, acoustic session, acoustic sessions, acoustics, akustikcover, purely acoustic, "
            "akustikmusik, acoustic music, acoustic songs, nur akustisch, rein akustisch, acoustic versions of"
        ),
    ),
    (
        "tag",
        "cover",
        "coversongs, cover songs, covers of, coverversionen von, coverband, gecovert, cover band, cover song",
    ),
    (
        "tag",
        "remix",
        (
            "remixversionen, remix version, remix versions, edits, club mix, clubmix, extended mix, club remix, dj "
            "edits, mash up, mash ups, remixt, dance remix, geremixt, extended version, extended versions"
        ),
    ),
    (
        "tag",
        "remaster",
        "remastered version, remastered versions, neu gemastert",
    ),
    (
        "tag",
        "demo",
        "demo tape, demo recordings, demotape, demo aufnahmen",
    ),
    (
        "tag",
        "female vocals",
        (
            "sung by women, sung by a woman, female fronted bands, weibliche stimmen, weibliche vocals, weibliche "
            "sängerin, weibliche sängerinnen, weiblichen vocals, frauenbands, frauenband, all female bands, all girl "
            "bands, girl bands, female rappers, female rapper, rapperinnen, rapperin, weiblich, weiblicher stimme, "
            "woman vocals, womans voice, von einer frau gesungen, von frauen gesungen, gesungen von frauen, gesungen "
            "von einer frau, singer songwriterinnen, frau, solo female, sung by a female, female lead, female voiced, "
            "female led bands, female lead singer, girl singers, weiblicher leadsängerin, leadsängerin, frontfrau, "
            "frontwoman, eine sängerin, weiblichen stimmen"
        ),
    ),
    (
        "tag",
        "male vocals",
        (
            "sung by men, sung by a man, men singing, male fronted, männliche vocals, männliche stimmen, männlichen "
            "stimmen, männlicher sänger, männliche sänger, man's voice, male lead, männerstimme, deep male voice, men, "
            "tiefe männerstimme, gesungen von männern, von männern gesungen, male rappers"
        ),
    ),
    (
        "tag",
        "screaming",
        (
            "screamed vocals, harsh vocals, screamer, growled vocals, gutturals, gekreische, gebrülle, grölen, "
            "gekreisch, yelling, screamed, shouty, schreierei, growl"
        ),
    ),
    (
        "tag",
        "ballad",
        (
            "schmachtfetzen, power balladen, powerballaden, powerballade, love ballads, love ballad, slow ballads, "
            "lovesong ballads"
        ),
    ),
    (
        "tag",
        "classics",
        (
            "kultsongs, all time classic, classic songs, zeitlose klassiker, timeless classics, timeless, zeitlos, "
            "evergreens, golden oldie, time honoured, kultklassiker, classic hits, klassiker der musikgeschichte, "
            "zeitlose songs, classic tracks, alte klassiker"
        ),
    ),
    (
        "tag",
        "old school",
        "oldskool, oldschoolig",
    ),
    (
        "tag",
        "love",
        (
            "lovesong, lovesongs, love ballad songs, liebesballaden, liebessongs, songs about love, über die liebe, "
            "lieder über die liebe, about love, about being in love"
        ),
    ),
    (
        "tag",
        "sing-along",
        (
            "zum mitsingen, mitsingsongs, mitsinglieder, mitgrölen, mitgröl, mitsingbar, sing along songs, schunkeln, "
            "schunkel, schunkellieder, sing to, singing in the shower, belt out, scream along, everyone can sing, alle "
            "mitsingen, sing it loud, sing out loud, sing along to, karaoke songs, karaoke night, karaokeabend, "
            "mitträllern, karaokesongs, zum mitgrölen"
        ),
    ),
    (
        "tag",
        "background",
        (
            "musikbett, musikbetten, music bed, music beds, untermalung, musikalische untermalung, unterlegmusik, "
            "talkover, nebenbei, in background, musik im hintergrund, berieselung, nebenher, hintergrundbeschallung, "
            "ambient background, hintergrundberieselung, background noise music, elevator music, fahrstuhlmusik, zum "
            "nebenbeihören, voice over bed, underscore, bett für moderation"
        ),
    ),
    (
        "tag",
        "nature",
        (
            "ocean sounds, forest sounds, waterfall, bird songs, bird song, waves, sounds of nature, vogelstimmen, "
            "meeresgeräusche, wasserfall, geräusche der natur, thunderstorm sounds, gewittergeräusche, bachrauschen, "
            "wind sounds, bird sounds, wave sounds, cricket sounds, sea sounds, river sounds"
        ),
    ),
    (
        "tag",
        "noise",
        "whitenoise, static noise, fan noise, weisses rauschen, rosa rauschen, braunes rauschen, föhngeräusch",
    ),
    (
        "tag",
        "minimal",
        "minimalism, minimalismus, minimalistische, stripped back, reduziert, sparse",
    ),
    (
        "tag",
        "dreamy",
        (
            "dream like, traumwelt, verträumtes, ätherisch, floating, schwebend, spacey, spacig, otherworldly, dreamier "
            "sounds, daydream, tagträume, celestial, hazy, sphärische klänge"
        ),
    ),
    (
        "tag",
        "epic",
        (
            "dramatic, dramatisch, heldenhaft, monumental, bombast, anthemic, hymnisch, pathos, grand, trailer music, "
            "epischer, larger than life, pathetisch, sweeping"
        ),
    ),
    (
        "tag",
        "nostalgic",
        (
            "sentimental, sehnsucht, sehnsuchtsvoll, longing, yearning, wehmut, reminiscing, in erinnerungen schwelgen, "
            "erinnerungen, memories, childhood memories, throwback, throwbacks, nostalgische gefühle, bittersüß, memory "
            "lane"
        ),
    ),
    (
        "tag",
        "atmospheric",
        "stimmungsvolle, atmosphärische, mood setting, immersive, vibey, dichte atmosphäre, filmische",
    ),
    (
        "tag",
        "groovy",
        "groovig, groovend, funky groove, grooviges, grooviger, groovt, grooves",
    ),
    (
        "tag",
        "catchy",
        (
            "hooky, eingängige melodien, eingängige melodie, catchy melodies, infectious, hängen bleibt, catchy hooks, "
            "catchy tune, stuck in my head"
        ),
    ),
    (
        "tag",
        "danceable",
        "tanzbares, tanzbare musik, dancy, dancey, danceable music, zum abtanzen, tanztauglich, good to dance to",
    ),
    (
        "tag",
        "hypnotic",
        "mesmerizing, mesmerising, trance like, repetitive, repetitiv, trance inducing, hypnotisierend, monoton",
    ),
    (
        "tag",
        "psychedelic",
        "psychedelia, psych, psychedelische klänge, psychedelics, kaleidoscopic",
    ),
    (
        "tag",
        "spooky",
        (
            "schaurig, haunted, haunting, grusel, gruselmusik, horror, gespenstisch, schauerlich, chilling horror, "
            "unheimliche"
        ),
    ),
    (
        "tag",
        "funny",
        (
            "goofy, zum lachen, comedic, joke songs, ulkig, komisch, spaßlieder, quatsch, quatschlieder, blödel, "
            "blödellieder, laugh, hilarious, novelty songs"
        ),
    ),
    (
        "tag",
        "retro",
        "old fashioned, altmodisch, retrosound, retroklänge, vintage sound, retro style, retrolook, retrovibes",
    ),
    (
        "tag",
        "experimental",
        (
            "experimentelles, abgefahren, abgedreht, strange, unconventional, unkonventionell, ausgefallen, bizarre, "
            "seltsam, skurril, offbeat, outlandish, noise music"
        ),
    ),
    (
        "tag",
        "rain",
        (
            "rainy weather, regenabend, regentage, wet day, pouring, gewitter, thunderstorm, thunder, drizzle, it's "
            "raining, es regnet, regenmusik, raindrops, regentropfen, schmuddelwetter, verregneter tag, rainy season, "
            "schietwetter, drizzly, monsoon, rain outside"
        ),
    ),
    (
        "tag",
        "sun",
        (
            "sonnentag, sonnentage, sonniger tag, sunny days, sunny weather, sonnenstrahlen, sunbathing, sonnenbaden, "
            "sun is shining, die sonne scheint, sonnenwetter"
        ),
    ),
    (
        "tag",
        "sunset",
        "sundown, sonnenuntergänge, sunsets, sundowner, dämmerung, abendrot, abendsonne, twilight",
    ),
    (
        "tag",
        "sunrise",
        "sunrises, daybreak, morgenrot, tagesanbruch, morgensonne, sonnenaufgänge",
    ),
    (
        "tag",
        "summer",
        (
            "summers, sommerfeeling, sommerzeit, sommertag, sommertage, summer day, summer days, hot summer, "
            "hochsommer, heatwave, summer vibes, sommerlaune, midsummer, sommersonne"
        ),
    ),
    (
        "tag",
        "autumn",
        (
            "autumnal, herbsttag, herbsttage, autumn leaves, fall weather, herbstzeit, in the fall, fall vibes, "
            "herbststimmung, autumn day, crisp autumn, goldener herbst, november mood"
        ),
    ),
    (
        "tag",
        "winter",
        (
            "winters, wintertag, wintertage, winter day, winter days, snowfall, schneefall, wintertime, winterzeit, "
            "frosty, snow day, cold winter, cold winter day"
        ),
    ),
    (
        "tag",
        "spring",
        "frühlings, spring day, spring days, frühlingstag, frühlingstage, lenz, frühlingszeit, frühlingsgefühle",
    ),
    (
        "tag",
        "christmas",
        (
            "christmas carols, christmas carol, xmas songs, christmassy, adventszeit, advents, heilig abend, "
            "weihnachtslieder, weihnachtsmusik, christmas songs, christmas music, weihnachtsabend, carols, xmas music, "
            "nikolaus, weihnachtsmarkt, weihnachtsbaum, festive season, festtage, christmas tree, bescherung, yuletide, "
            "adventsstimmung, holiday songs, holiday music"
        ),
    ),
    (
        "tag",
        "halloween",
        "trick or treat, trick or treating",
    ),
    (
        "tag",
        "new year",
        "nye, new years, silvesterabend, silvesternacht, jahreswechsel, new years day, countdown party",
    ),
    (
        "tag",
        "birthday",
        (
            "bday, geburtstagskind, geburtstags, birthdays, geburtstage, geburtstagslied, geburtstagslieder, happy "
            "birthday"
        ),
    ),
    (
        "tag",
        "wedding",
        (
            "wedding reception, brautpaar, hochzeits, trauung, weddings, first dance, hochzeitstanz, eröffnungstanz, "
            "wedding ceremony, wedding day, brautvater tanz, heirat, wedding dance, wedding songs"
        ),
    ),
    (
        "tag",
        "funeral",
        "funerals, memorial service, trauer feier, begräbnis, bestattung, trauermusik, abschiedsfeier, trauerfeiern",
    ),
    (
        "tag",
        "barbecue",
        "grilling, cookout, gegrillt, grill, barbecues, gartengrillen",
    ),
    (
        "tag",
        "campfire",
        (
            "lagerfeuerlieder, lagerfeuerstimmung, fire pit, by the fire, am feuer, am kamin, campfires, fireplaces, "
            "kaminabend, log fire, lagerfeuersongs"
        ),
    ),
    (
        "tag",
        "breakup",
        (
            "got dumped, break ups, breaking up, trennungen, trennungslieder, schluss gemacht, after a breakup, split "
            "up, ex boyfriend, ex girlfriend, verlassen worden, herzbruch, heartbreak songs, getting over someone, "
            "getting over him, getting over her"
        ),
    ),
    (
        "tag",
        "vacation",
        (
            "urlaubs, urlaubsfeeling, urlaubsstimmung, beach holiday, summer holiday, summer holidays, sommerurlaub, "
            "sommerferien, vacations, ferienstimmung, urlaubsreise, strandurlaub, getaway, holiday feeling, holiday "
            "vibes"
        ),
    ),
    (
        "tag",
        "carnival",
        "karneval, fasching, mardi gras, karnevals, faschings, fastnacht, fasnacht, karnevalslieder, rosenmontag",
    ),
    (
        "tag",
        "easter",
        "ostern, oster, osterlieder, ostersonntag",
    ),
    (
        "tag",
        "duet",
        "duett, duets, duette, duetten",
    ),
    (
        "tag",
        "protest",
        (
            "protest song, protest songs, protestlied, protestlieder, protestsongs, political songs, political, "
            "politisch, politische lieder, anti war songs, antikriegslieder, gesellschaftskritisch, sozialkritisch, "
            "protestmusik, socially conscious"
        ),
    ),
    (
        "tag",
        "oktoberfest",
        "wiesn, bierzelt, festzelt, beer tent, bierzeltmusik, wiesnstimmung",
    ),
    (
        "tag",
        "après-ski",
        "après ski, apresski, skihütte, hüttengaudi, hüttenparty",
    ),
    (
        "activity",
        "workout",
        (
            "half marathon, halbmarathon, climbing, klettern, bouldering, bouldern, swimming, schwimmen, rowing, "
            "rudern, zumba, gym session, lifting weights, exercise bike, ergometer, home workout, trainingseinheit, "
            "tabata, intervalltraining, interval training, intervals, intervalle, radeln, radtour, laufeinheit, "
            "tempolauf, squats, leg day, deadlifts, spinningkurs, spin classes, spinning class, spinning classes, sportlich aktiv, sporteln, auspowern, "
            "warmmachen, pumpen gehen, gewichte heben, gewichtheben, stair climber, crosstrainer, jogger, runner, "
            "runners, läufer, jogge, jogg, work out session, trail running, trail run, morning run, morgenlauf, "
            "abendlauf, evening run, bike workout, kickboxen, kickboxing, martial arts, kampfsport, liegestütze, "
            "hanteltraining, bodybuilding, powerlifting, beim sport, sport machen, sport treiben, rennrad, "
            "mountainbiken, mountainbiking, long run, skating, inlineskaten, bike rides, fahrradtour, radausflug, "
            "aquajogging, fussballtraining, football practice, tennis"
        ),
    ),
    (
        "activity",
        "focus",
        (
            "thesis, masterarbeit, bachelorarbeit, essay, essays, büffeln, cramming, productive, productivity, "
            "produktiv, produktivität, research, thinking, nachdenken, deep thinking, read a book, reading a book, buch "
            "lesen, vokabeln, konzentriert, concentrated, focused, fokussiert, focussed, study time, study music, study "
            "playlist, lernmusik, lernsession, abitur, abi lernen, uni lernen, learning vocabulary, software "
            "development, developing, debugging, data science, write, writing an essay, writing a paper, late night "
            "coding, mathe, math homework, reading time, bücher, schmökern, lektüre, lesestunde, zum schmökern, "
            "arbeitskonzentration, konzentrationsmusik, flow state"
        ),
    ),
    (
        "activity",
        "commute",
        (
            "commuter, daily commute, pendler, journey, nachhauseweg, way to school, weg zur schule, weg zur uni, "
            "arbeitsweg, train rides, bahnfahrten, zugfahrten, long flight, langstreckenflug, langer flug, flüge, "
            "flights, fliegen, travels, traveler, traveller, auf reisen, way to the office, weg ins büro, busreise, "
            "ride to work, train bahnreise, zugreise, anreise, heimfahrt, heimreise, plane ride, subway ride, u bahn "
            "fahrt"
        ),
    ),
    (
        "activity",
        "drive",
        (
            "drives, drive home, driving home, road trips, nachtfahrt, night drives, highway, motorway, freeway, "
            "landstraße, nachtfahrten, autoreise, spritztour, cruise, cabrio, cabriofahrt, lange autofahrt, lange "
            "autofahrten, on the roadtrip musik, im cabrio, long car ride, car journey, car car rides, sunday drive, "
            "motorradtour, motorrad, motorcycle ride, motorbike, cruise down, autobahnfahrt, im stau, traffic jam, "
            "coast drive, am steuer, hinterm steuer, behind the wheel"
        ),
    ),
    (
        "activity",
        "work",
        (
            "nachtschicht, night shift, frühschicht, spätschicht, schicht, werkstatt, baustelle, büroalltag, emails, "
            "working from home, work from home, wfh, office work, arbeitsalltag, workdays, working day, bürotag, "
            "schreibtischarbeit, malern, renovieren, handwerken, renovating, heimarbeit, nine to five, crafting"
        ),
    ),
    (
        "activity",
        "walk",
        (
            "gassi, dog walk, walking the dog, walk the dog, trekking, bergwandern, nordic walking, schlendern, "
            "bummeln, spazierengehe, walks, long walk, long walks, wanderungen, hikes, bergtour, waldspaziergang, "
            "strandspaziergang, abendspaziergang, spazier, mit dem hund raus, stadtbummel, stroll around, spazieren "
            "gehen, evening walk, morning walk, mountain hike, city walk, wandertour, wandertag, laufen durch den wald, "
            "hunderunde, gassirunde"
        ),
    ),
    (
        "activity",
        "party",
        (
            "fest, feste, warm up set, warmup set, dj set, peak time, junggesellenabschied, junggesellinnenabschied, jga, bachelorette, bachelor party, hen night, "
            "stag do, polterabend, abtanzen, abdancen, abfeiern, celebrating, celebrate, pre party, preparty, after "
            "party, afterparty, aftershowparty, get together, sause, dance night, disco night, discoabend, dance the "
            "night away, dancefloors, dance floors, party crowd, get the party started, get people dancing, zum tanzen "
            "bringen, dorffest, stadtfest, volksfest, straßenfest, schützenfest, weinfest, betriebsfest, betriebsfeier, "
            "firmenfeier, abiball, prom, prom night, school dance, vereinsfest, tanzveranstaltung, tanzt, tanze, "
            "festivität, feten, dance to, dances, tänze, gets people dancing, kneipentour, bar hopping, night out, "
            "ladies night, girls night, mädelsabend, partynacht, party night, kick off party, zum feiern, party time, "
            "cocktail party, cocktailparty, street party, block party, celebrations, dance around"
        ),
    ),
    (
        "activity",
        "relax",
        (
            "yogastunde, yogakurs, yoga class, yoga session, yoga flow, yin yoga, vinyasa, vinyasa flow, sauna, couch, "
            "sofa, hammock, hängematte, me time, self care, selfcare, selbstfürsorge, cool down, cooling down, tai chi, "
            "qigong, qi gong, autogenes training, atemübung, atemübungen, breathing exercises, breathing, savasana, "
            "downtime, nach feierabend, after a long day, nach einem langen tag, decompress, seele baumeln lassen, "
            "relaxed evening at home, mindfulness, achtsamkeit, chill session, chillsession, chilling out, chill out "
            "session, massages, spa day, wellnesstag, wellness tag, meditations, meditating, meditationen, take it "
            "easy, nichts tun, doing nothing, lazy day, fauler tag, hot bath, bathtub, heißes bad, schaumbad, vollbad, "
            "ausspannen, zur ruhe kommen, calm evening in, feierabendbier, gammeltag, stretch, dehnübungen, pause, "
            "coffee break, kaffeepause, loungen, spannungsabbau, stressabbauen, zur entspannung, schalte ab"
        ),
    ),
    (
        "activity",
        "sleep",
        (
            "einzuschlafen, wegdämmern, schlummern, eindösen, power nap, powernap, mittagsschlaf, siesta, nap time, "
            "naptime, put to sleep, put me to sleep, asleep, dozing off, doze off, drift off, drifting off, "
            "schlafenszeit, schlafengehen, schlafen gehen, ins bett gehen, ins bett, before bed, before bedtime, go to "
            "bed, vor dem schlafen, vor dem schlafengehen, slumber, nachtruhe, deep sleep, tiefschlaf, tiefer schlaf, "
            "einschlafhilfe, sleep aid, sleep better, besser schlafen, beim einschlafen, schlafmusik, einschlafmusik, "
            "einschlaflieder, schlaflieder, schlaflied, schlummerlied, get to sleep, sending me to sleep, help me "
            "sleep, good night's sleep, nachts schlafen, babyschlaf, baby sleep, schlaflos, sleepless, schlaflosigkeit, "
            "schlafe, schläft, bedtime story, zu bett gehen, zubettgehzeit, in den schlaf, falling to sleep, sleepy "
            "time"
        ),
    ),
    (
        "activity",
        "dinner",
        (
            "abendbrot, dinner date, tafelmusik, tischmusik, festessen, aperitif, aperitivo, apero, dinieren, speisen, "
            "candlelight dinners, kaffee und kuchen, wine and dine, dinner time, dinnertime, dinners, gala dinner, "
            "dinnermusik, abendessen mit freunden, festmahl, menü, family dinner, wine evening, weinabend, wine "
            "tasting, weinprobe, raclette, tapas, tapasabend, sunday roast, beim essen, weihnachtsessen"
        ),
    ),
    (
        "activity",
        "cook",
        (
            "bake, kochabend, meal prep, plätzchenbacken, plätzchen backen, baking cookies, bake cookies, cooking "
            "dinner, cook dinner, making dinner, preparing dinner, abendessen kochen, kuchen backen, koche, kocht, "
            "backe, kochsession, cooking session, food prep, gemeinsam kochen, backnachmittag, backstube, cooking meals"
        ),
    ),
    (
        "activity",
        "clean",
        (
            "tidy, tidy up, vacuuming, hoovering, mopping, putztag, spring cleaning, wischen, saugen, fenster putzen, "
            "do the dishes, washing up, washing the dishes, wash the dishes, wäsche, wäsche waschen, geschirr spülen, "
            "spülen, entrümpeln, ausmisten, declutter, decluttering, scrubbing, cleaning day, house cleaning, "
            "putzaktion, großputz, putze, putzt, aufzuräumen, sauber machen, saubermachen, haushalt, housekeeping, "
            "doing laundry, folding laundry, deep clean, deep cleaning, kitchen cleaning, cleanup, putzmusik, clean the"
        ),
    ),
    (
        "activity",
        "play",
        (
            "gaming session, pokern, poker, kartenspielen, spielerunde, chess, schach, dungeons and dragons, dungeons & "
            "dragons, pen and paper, tabletop, rollenspiel, rollenspielabend, videogames, computerspiele, video gaming, "
            "gamer, gamers, zock, zocke, zockerabend, zockabend, gamesession, board game night, brettspielabend, "
            "minecraft, playstation zocken, lan party, rpg session, esports"
        ),
    ),
    (
        "location",
        "home",
        (
            "my place, apartment, flat, bei mir zu hause, in der wohnung, daheim auf der couch, wg, house sitting, "
            "dining room, esszimmer, badezimmer, bathroom, balcony at home"
        ),
    ),
    (
        "location",
        "office",
        (
            "desk, schreibtisch, großraumbüro, coworking, coworking space, arbeitszimmer, workspace, am arbeitsplatz, "
            "praxis, kanzlei, open plan office"
        ),
    ),
    (
        "location",
        "school",
        (
            "classroom, klassenzimmer, uni, hörsaal, lecture hall, klassenraum, schulhof, school bus, schulbus, "
            "university library, unibibliothek, unterricht, musikunterricht"
        ),
    ),
    (
        "location",
        "gym",
        "fitnessclub, fitnessraum, kraftraum, weight room, turnhalle, boxing gym, gyms",
    ),
    (
        "location",
        "car",
        "cars, pkw, lkw, truck, wohnmobil, camper autoradio, car radio, auf der rückbank, taxi",
    ),
    (
        "location",
        "transit",
        (
            "trains, airplane, aeroplane, s bahn, sbahn, ubahn, flughafen, airport, bahnhof, train station, fähre, "
            "ferry, öffis, buses, tramway, zügen, regionalbahn"
        ),
    ),
    (
        "location",
        "outdoors",
        (
            "sea, ocean, meer, am see, open air, boat, boot, schiff, campsite, campingplatz, playground, spielplatz, "
            "backyard, patio, wiese, küste, coast, riverside, mountains, mountain, berge, berg, bergen, woods, "
            "countryside, natur, lakeside, am fluss, parks, beaches, strände, beach bar, strandbar, beach club, "
            "innenhof, hof, countryside walk, veranda, porch, schrebergarten, freibad, swimming pool, feld, by the sea, "
            "by the lake, by the pool, zeltplatz, am wasser, roof terrace, dachterrasse, zelt, segeln, sailing, angeln, "
            "fishing, gartenarbeit, gardening"
        ),
    ),
    (
        "location",
        "club",
        (
            "bars, diskothek, dance club, cocktailbar, cocktail bar, irish pub, tanzlokal, kneipen, pubs, festivals, "
            "nightclubs, discothek, tanzschuppen, eckkneipe, sports bar, hotelbar, hotel bar, rooftop bar, jazz bar, "
            "weinbar, wine bar"
        ),
    ),
    (
        "location",
        "restaurant",
        (
            "kaffeehaus, cafes, bakery, bäckerei, eisdiele, biergarten, beer garden, tea house, restaurants, gasthaus, "
            "wirtshaus, gaststätte, trattoria, pizzeria, brasserie, coffee house, coffee shops, cafés, hotel lobby, "
            "hotellobby, tea room"
        ),
    ),
    (
        "time_of_day",
        "morning",
        (
            "früher morgen, frühen morgen, frühsendung, morgensendung, morning show, frühshow, morgenshow, breakfast show, morgenmagazin, wecker, "
            "alarm, alarm clock, wecken, in der früh, wach werden, wachwerden, wakeup, aufwach, morgenroutine, morning "
            "routine, morgendlich, start the day, start my day, in den tag starten, start in den tag, guten start in "
            "den tag, frühaufsteher, early bird, first thing in the morning, am frühen morgen, frühmorgens, früh "
            "morgens, morgenstunden, morgengrauen, wakes me up, wake me up, get me out of bed, forenoon, am vormittag, "
            "in the morning, wake up call, aus dem bett kommen, munter werden, frühsport, frühaufstehern, wecksignal"
        ),
    ),
    (
        "time_of_day",
        "midday",
        "high noon, noontime, mittagszeit, zur mittagszeit, mittagsstunde, lunch hour, am mittag",
    ),
    (
        "time_of_day",
        "afternoon",
        (
            "am nachmittag, nachmittagstee, afternoon tea, kaffeezeit, nachmittagsstunden, spätnachmittag, später "
            "nachmittag, late afternoon, early afternoon"
        ),
    ),
    (
        "time_of_day",
        "evening",
        (
            "this evening, abendlich, vorabend, feierabendstimmung, abendstunden, early evening, früher abend, am "
            "frühen abend, abendstimmung, heut abend, abendprogramm, evening show, abendsendung, heute abends"
        ),
    ),
    (
        "time_of_day",
        "night",
        (
            "nocturnal, nächtlich, small hours, wee hours, after midnight, nach mitternacht, all night, all night long, "
            "die ganze nacht, overnight, nachtschwärmer, night owl, night owls, heute nacht, nachtsendung, late night "
            "show, spät abends, tief in der nacht, deep into the night, mitternächtlich, nighttime, night time, dead of "
            "night, middle of the night, mitten in der nacht, zur späten stunde, 2 am, 3 am, 4 am, 1 am, zu später "
            "stunde, nachteule, nachteulen, nachtstimmung, night drive home"
        ),
    ),
    (
        "weekday",
        "monday",
        "mondays, montags, montagmorgen blues",
    ),
    (
        "weekday",
        "friday",
        "fridays, freitags",
    ),
    (
        "weekday",
        "saturday",
        "saturdays, samstags, weekends, wochenenden, sonnabends, am wochenende",
    ),
    (
        "weekday",
        "sunday",
        "sundays, sonntags",
    ),
    (
        "device",
        "phone",
        "mobile phone, cell phone, cellphone, mobiltelefon, my mobile",
    ),
    (
        "device",
        "speaker",
        (
            "speakers, bluetooth speakers, alexa, google home, musikanlage, stereoanlage, hi fi, boxen, bluetoothbox, "
            "stereo system, echo dot, home stereo, soundbar, hifi anlage"
        ),
    ),
    (
        "device",
        "tv",
        "smart tv, telly, glotze, apple tv",
    ),
    (
        "device",
        "computer",
        "macbook, am pc, gaming pc, rechnern",
    ),
    (
        "device",
        "watch",
        "apple watch, sportuhr, garmin",
    ),
    (
        "energy_level",
        "low",
        (
            "unaufdringliche, zurückhaltend, unintrusive, unaggressive, zurückgenommen, low volume, geringe energie, "
            "low in energy, hushed, dezente, mild, reserved, understated, non intrusive, leisen tönen, leise töne, with "
            "low energy, softe, soften, zaghaft"
        ),
    ),
    (
        "energy_level",
        "high",
        (
            "loudly, hard hitting, heavy hitting, intensity, wuchtig, vollgas, full throttle, volle pulle, mit viel "
            "energie, krachend, brachial, lots of energy, high intensity, high in energy, with a lot of energy, a lot "
            "of energy, plenty of energy, voll energie, hardcore energy, ordentlich energie, viel power, power, full "
            "power, high powered, thumping, wumms, mit wumms, krach, heavy hitter, volle power"
        ),
    ),
    (
        "energy_level",
        "medium",
        "medium intensity, middling, nicht zu wild und nicht zu ruhig, mittlerer energie, mittlere intensität",
    ),
)
