"""What people write besides the words of the tables: spoken style, Denglisch, narrower names of the same things."""

from __future__ import annotations

#: By kind and value, as :mod:`ml.features.language.entries` reads it: of sound. Where a word is in a table too, the
#: table's meaning comes first.
OF_SOUND = """
[mood]
happy: positive, positiv, lighthearted, light hearted, unbeschwert, jolly, merry, optimistic, optimistisch, hopeful,
    hoffnungsvoll, frohgelaunt, beschwingt, wohlfühl, wohlfühlen, joy, freude, happiness, good times, good mood music,
    feeling good, fröhlichkeit, heiterkeit, lebensfroh, lebensfreude, gut drauf, bessere laune, good feeling, sunny
    vibes, life affirming, positivity
excited: hype, hype me up, pumped, pump me up, psyched, exciting, aufregend, triumphant, euphoria, euphorie, get
    hyped, get me pumped, excitement, vorfreude, rausch, ekstase, exhilarating, overexcited
energetic: mach mich wach, wachmacher, muntermacher, energising, energetisch, mitreißend, invigorating, fetzig,
    abgehen, bouncy, peppy, rousing, spritzig, vibrant, adrenaline, adrenalin, punchy, energie geladen, energie laden,
    power music, spirited, zum durchstarten, durchstarten, empowering, empowerment, in schwung, knackig, mit power,
    get moving, pusht, pushen, pushend
tense: suspense, tension, spannung, menacing, bedrohlich, anxiety, stressful, nervous energy, ominous,
    nervenaufreibend, nervenkitzel, uneasy, beklemmend, dread, foreboding
angry: anger, pissed off, hasserfüllt, raging, ärger, aggro, frustrated, frustriert, frust, hateful, wutentbrannt,
    aggression, aggressionen, rageful, rebellious, rebellisch
gloomy: darkness, grim, doomy, dystopian, dystopisch, düsternis, nightmarish, abgründig, despairing, bleakness
sad: sadness, trauer, traurigkeit, grief, tears, tränen, melancholia, feeling down, feeling low, broken hearted,
    heartache, weepy, lonesome, loneliness, einsamkeit, traurigsein, zum weinen, zum heulen, tear jerker, tear
    jerkers, tearjerker, tearjerkers, herzzerreißend, bedrückt, down in the dumps, sorrow, kummer, tragisch, tragic,
    unglücklich, unhappy, feeling sad, melancholischer stimmung, gebrochenes herz, broken heart
sleepy: sleepiness, müdigkeit, dösig, einschläfernd, ermüdet, schlapp, exhausted, worn out, übermüdet
calm: locker, lässig, chilled out, chill vibes, chillig, ruhe, stillness, restful, unaufgeregt, stressfrei, stress
    free, de stress, destress, stressabbau, calmness, smooth, tiefenentspannt, geruhsam, beschaulich, gemächlich, slow
    and calm, peace and quiet, ruhe und frieden, unhektisch, ausgeglichen, relaxend, relaxte stimmung, sanft und
    ruhig, entschleunigend, entschleunigen, entschleunigung, wohlig, calmed, relaxt, snug, peacefulness,
    contemplative, pensive, nachdenklich, introspective, thoughtful, placid, soft and slow, comforting, wind me down,
    calm me down
romantic: romance, romantik, date night, first date, erstes date, candlelight, candle light, kerzenschein,
    kerzenlicht, valentines day, valentine, valentines, valentinstag, seductive, verführerisch, flirty, kuscheln,
    schmusen, schmuse, knutschen, anniversary, jahrestag, lovers, verliebte, liebespaare, zärtlichkeit, romantische
    stimmung, sensuous, slow dance, slow dancing, engtanz, zu zweit, ein date, a date
[energy_level]
low: unaufdringliche, zurückhaltend, unintrusive, unaggressive, zurückgenommen, low volume, geringe energie, low in
    energy, hushed, dezente, mild, reserved, understated, non intrusive, leisen tönen, leise töne, with low energy,
    softe, soften, zaghaft
high: loudly, hard hitting, heavy hitting, intensity, wuchtig, vollgas, full throttle, volle pulle, mit viel energie,
    krachend, brachial, lots of energy, high intensity, high in energy, with a lot of energy, a lot of energy, plenty
    of energy, voll energie, hardcore energy, ordentlich energie, viel power, power, full power, high powered,
    thumping, wumms, mit wumms, krach, heavy hitter, volle power
medium: medium intensity, middling, nicht zu wild und nicht zu ruhig, mittlerer energie, mittlere intensität
[genre]
rock: ostrock, gothic rock, goth rock, gothic, goth, noise rock, hardrock, hamburger schule, heartland rock, slowcore,
    indierock, rocknroll, rock and roll music, britrock, folkrock, rocksongs, rocklieder, alternativ, alternative
    music, indie music, classic rock songs, rock music, rocker, grungig, mod rock, glam, acid rock, garage punk, jam
    bands, brit pop, aor, mathrock, progrock, mittelalterrock, country rock songs, post britpop, roots rock
pop: bubblegum pop, schlagermusik, discofox, austropop, c pop, mandopop, cantopop, boy band, boyband, boybands, boy
    bands, boygroup, boygroups, girl group, girlgroup, girl groups, girlgroups, indiepop, dreampop, electro pop,
    elektropop, elektro pop, jangle pop, art pop, sophisti pop, partyschlager, ballermann, pop music, popsongs,
    poplieder, mainstream pop, pop songs, popschlager, noise pop, folk pop, folkpop, deutsch pop, synthie pop,
    synthiepop, soft pop, piano pop, dark pop, alt pop, new romantic
electronic: electronic music, electronic dance music, footwork, uk bass, french house, afro house, slap house,
    hardtekk, tekk, tekkno, acid, acid techno, rave, raves, italo disco, triphop, downbeat, future garage, hard
    techno, chiptune, 8 bit, witch house, moombahton, happy hardcore, schranz, nightcore, phonk, synth wave, dark
    wave, darkwave, cold wave, coldwave, ambient techno, dub techno, detroit techno, lo fi house, lofi house,
    lofihouse, organic house, vocal house, electro house, chicago house, hard house, deephouse, techhouse, club music,
    clubmusik, dance music, dancemusic, elektromusik, elektronisches, drum & bass music, goa trance, uplifting trance,
    vocal trance, hard trance, big room, breakbeats, jersey club, speed garage, 2 step, leftfield, elektronische, d n
    b, drumnbass, hardbass, euro dance, eurodisco, euro disco, electronics, folktronica, idm music, dance pop music,
    techno music, house musik, housemusik, house music, technomusik, minimal house, outrun, melodic house,
    raggajungle, liquid funk, electroclash, glitch hop, trance music, italo dance
ambient: easy listening, ambient music, drone music, dark ambient music, space music, downtempo ambient, soundscape,
    soundscapes, klanglandschaft, klanglandschaften, klangteppich, klangteppiche, lounge music, loungemusik,
    ambientmusik, healing frequencies, binaural beats, entspannungsmusik ambient
classical: suite, suites, suiten, der romantik, epoche der romantik, concerto, concertos, concerti, konzerte für,
    fugue, fugues, fuge, fugen, prelude, preludes, präludium, präludien, etude, etudes, etüde, etüden, nocturne,
    nocturnes, requiem, cantata, cantatas, kantate, kantaten, oratorio, oratorium, oratorien, operetta, operette,
    operetten, ballet, ballett, ballet music, ballettmusik, overture, ouvertüre, ouvertüren, classics music,
    klassikmusik, chamber orchestra, kammerorchester, symphonic, sinfonisch, symphonisch, impressionism, barockmusik,
    baroque music, partita, rondo, scherzo, serenade, streichquartette, neue klassik, modern classical, post
    classical, wiener klassik, wiener walzer, orchestral music, orchestermusik, philharmonic, opernarien, opernmusik,
    renaissance music, chorale, klavierquintett, piano quintet, piano trio, klaviertrio, piano trios
jazz: jazzmusik, jazz music, swing music, swingmusik, ragtime, jazz manouche, manouche, dixie, barjazz, bar jazz,
    modal jazz, trad jazz, traditional jazz, new orleans jazz, lounge jazz, jazz standards, jazzstandards,
    jazzstandard, jazz trio, jazztrio, jazz quartet, jazzquartett, jazz quintet, modern jazz, spiritual jazz, cool
    jazz music, soul jazz, nordic jazz, swing era, big bands, be bop, jazz guitar music, piano jazz, jazz piano trio,
    jazz vocals, electro jazz, nujazz, jazzclub
blues: bluesmusik, blues music, bluesrock, country blues, blues guitar music, texas blues, electric blues music, slow
    blues music
hip-hop: rap music, east coast rap, west coast rap, east coast hip hop, west coast hip hop, g funk, crunk, trap music,
    straßenrap, gangsterrap, gangster rap, rapper, rappers, rap songs, rapsongs, battle rap, afro trap, turntablism,
    hip hop music, hip hop beats, hiphop beats, freestyle rap, southern rap, jazz rap, hiphopmusik, german rap beats,
    alternative hip hop, underground rap beats, conscious hip hop, instrumental hip hop beats, chill hop, chillhop,
    jazzhop, lo fi hip hop beats, lofi hip hop beats, trap beats, deutscher rap songs
r&b: rhythm n blues, quiet storm, new jack swing, r & b music, rnb music, r b, randb, r und b, contemporary rnb,
    alternative r&b, alt r&b
soul: soulmusik, soul music, southern soul, blue eyed soul, stax, deep soul, soulsongs, soul songs, psychedelic soul
funk: discomusik, disco music, diskomusik, boogie, jazz funk, funk music, funkmusik, disco era, philly disco, french
    disco
reggae: ragga, lovers rock, reggae music, reggaemusik, dub music, ska music, two tone, 2 tone
metal: djent, grindcore, sludge, sludge metal, thrash, deathmetal, blackmetal, viking metal, gothic metal, metal
    music, melodic death metal, doom, heavymetal, metalmusik, metal songs, alternative metal, groove metal, post
    metal, power metal songs, mittelaltermetal, drone metal, rap metal, funk metal, neue deutsche härte
punk: punkrock, poppunk, street punk, horror punk, psychobilly, riot grrrl, riot girl, punk music, punkmusik, celtic
    punk, folk punk, melodic hardcore, proto punk, punk songs, emo music, post hardcore, screamo, easycore
folk: folkmusik, folk music, neofolk, freak folk, folksongs, folksong, indie folk songs, singer songwriter music,
    english folk, scottish folk, nordic folk, contemporary folk, folk pop songs, protest folk, bardic, scandinavian
    folk
country: countryrock, nashville sound, country songs, countrysongs, country pop, countrypop, modern country, classic
    country, red dirt, texas country, western swing, cowboy songs, bro country, truck driver songs
latin: latin music, latino music, timba, son cubano, mpb, corridos, ranchera, rancheras, bolero, boleros, forro,
    sertanejo, dembow, latin songs, latin dance, latin beats, bossanova, perreo, latinopop, salsamusik, salsa music,
    tango argentino, latin rock, vallenato, latin trap, lateinamerika, südamerikanische musik, südamerikanisch,
    brasilianische musik, urbano, reggaeton music
world: rai, bollywood, bhangra, qawwali, gnawa, polka, polkas, jodeln, jodler, yodeling, yodelling, gamelan, folklore,
    celtic music, keltisch, keltische musik, volkstümlich, volkstümliche musik, volkstümliche lieder, marschmusik,
    marches, irish music, african music, afrikanische musik, balkan beats, balkan brass, traditional music,
    traditionelle musik, oriental, orientalisch, orientalische musik, desert blues, ethno, klezmermusik, oberkrainer,
    stubenmusik, volksmusi, throat singing, global music, mbalax, soukous, kwaito, amapiano, zouk, soca, calypso
soundtrack: film soundtrack, tv themes, tv theme songs, theme song, theme songs, titelmusik, titelmelodie,
    titelmelodien, filmsoundtrack, filmsoundtracks, serienmusik, spielemusik, computerspielmusik, videospielmusik,
    game music, vgm, anime music, anime openings, broadway, broadway musicals, movie soundtracks, movie score, movie
    scores, filmsongs, musicalsongs, cinematic scores, western score, scores, videospiel soundtrack, movie themes,
    movie songs, film themes, filmthemen, film songs, musical songs, musical theatre, musical theater, bond songs,
    movie soundtrack music, original score, soundtrack music, videogame music, video game soundtracks, video game
    soundtrack, spielfilmmusik, kinofilm, movie theme, theme from, theme tune, titelsong, titelsongs
gospel: kirchenlieder, lobpreis, praise, praise music, worship music, christian music, christian rock, gospel music,
    gospelmusik, gospelsongs, hymnal, spiritual songs, sakrale musik, sakral, sacred music, religiös, kirchlich,
    church songs
spoken: talk radio, stand up comedy, stand up, standup, poetry slam, interviews, lesung, lesungen, kabarett, poetry,
    gesprochenes, gesprochen, radio drama, radio play, guided meditation, geführte meditation
children: 2 year old, 2 year olds, 3 year olds, 4 year olds, 5 year olds, 6 year old, 6 year olds, 7 year old, 7 year
    olds, 8 year old, 8 year olds, 9 year old, 9 year olds, 10 year old, 10 year olds, kids songs, kids music, kid,
    childrens songs, childrens music, children, child, toddler, kleinkind, kita, kindergarten, newborn, kindersongs,
    kids tunes, disney songs, disney music, babys, for babies, little ones, die kleinen, kiddies, krabbelgruppe,
    kinderpop, preschool, preschoolers, kindergartenkinder, grundschulkinder, kindern, kinderliedern, disneylieder,
    disneysongs, 5 year old, 3 year old, 4 year old
[instrument]
piano: pianist, pianisten, pianos, klavierspiel, klavierklänge, piano music, klaviermelodien, soft piano, piano solo,
    pianosolo, klaviersolo, felt piano, piano pieces, upright piano
keyboard: rhodes piano, electric pianos, keys and synths
organ: organs, orgeln, church organs, orgelspiel
accordion: concertina, quetschkommode, akkordeonmusik, accordions
guitar: gitarren, gitarrist, guitarist, guitarists, guitar music, gitarrenmusik, gitarrenspiel, guitar licks, guitar
    work, 12 string guitar, slide guitars
acoustic guitar: acoustic guitars, akustische gitarren, akustikgitarren, akustik gitarre, fingerpicking, fingerstyle,
    nylon guitar, nylon string guitar, fingerstyle guitar, fingerpicked guitar, classical guitars, lagerfeuergitarre,
    acoustic guitar music, flamenco guitar, flamencogitarre
electric guitar: stromgitarre, stromgitarren, electric guitars, e gitarren, distorted guitars, verzerrte gitarren,
    verzerrte gitarre, elektrische gitarren, riff, riffs, shredding, guitar riffing, twin guitars, heavy guitars,
    crunchy guitars, loud guitars
bass: electric bass, slap bass, sub bass, bass line, bass lines, basslauf, bassläufe, basslinie, basslinien, fretless
    bass, e bässe
strings: string orchestra, streichinstrumente, stringed instruments, string arrangements, streichern, streicherklänge,
    string instruments, lush strings, orchestral strings
violin: violins, violinen, geigen, fiddles, fiddler, geiger, violinist, solo violins, geigenklänge
cello: cellos, cellist, cellomusik
double bass: double basses, standup bass, contrabass, acoustic bass
harp: harps, harfen, harfenklänge, celtic harp
flute: bansuri, shakuhachi, tin whistle, flutes, flöten, piccolo, flötist, bamboo flute, wooden flute, native american
    flute
saxophone: alto sax, baritone sax, saxophonist, saxes, saxophones, saxophonsolo, saxofonsolo, sax solo, sax solos,
    alto saxophone, tenor saxophone, saxy, soprano sax
trumpet: muted trumpet, trumpets, trompeten, cornet, kornett, trumpeter, trompeter, solo trumpet
brass: brass instruments, horn section, horns, bläsersatz, brass bands, blechblasinstrumente, big brass
harmonica: harmonicas, mouth harp, bluesharp, mundi
drums: drumming, drumbeat, drumbeats, schlagzeuger, drum beat, drum beats, 808, 808s, drum solo, schlagzeugsolo,
    drummers, live drums, big drums, drumsolo
percussion: tablas, timpani, pauken, castanets, kastagnetten, maracas, tambourine, tamburin, handtrommel,
    handtrommeln, hand drums, bongo, conga, percussionist, shakers, hand percussion
bells: gong, gongs, tibetan bowls, tibetan singing bowls, singing bowl, klangschale, church bells, kirchenglocken
synthesizer: synthesizern, synthesizers and pads, synthy, synth pads, pads, arpeggios, modular synth, modular synths,
    analoge synthesizer, analogsynths, synthieklänge, synth line, synth lines, analog synths, analogue synth,
    synthlines
orchestra: full orchestra, big orchestra, symphonieorchester, orchestrations, orchestriert, philharmonie, philharmonic
    orchestra, großes orchester, großem orchester
choir: choral singing, children's choir, kinderchor, frauenchor, männerchor, chorgesang, chormusik, choral voices,
    backing choir, chören
handpan: handpans, hang drums, steel pan
whistling: whistled, pfeift, whistles, gepfiffene melodie
ukulele: ukuleles
banjo: banjos
mandolin: mandolins, mandolinen
clarinet: klarinetten, clarinets
sitar: sitars
[tag]
live: live recordings, live concert, livekonzert, live aufnahme, live aufnahmen, live performance, live performances,
    live session, live sessions, live mitschnitt, konzertmitschnitte, livemusik, live music, live set, live gespielt,
    live show, recorded live, live albums, livealbum, live alben, bootlegs live
acoustic: akustikversionen, akustik version, akustik versionen, akustische version, akustische versionen, acoustic
    set, akustikset, acoustic session, acoustic sessions, acoustics, akustikcover, purely acoustic, akustikmusik,
    acoustic music, acoustic songs, nur akustisch, rein akustisch, acoustic versions of
cover: coversongs, cover songs, covers of, coverversionen von, coverband, gecovert, cover band, cover song
remix: remixversionen, remix version, remix versions, edits, club mix, clubmix, extended mix, club remix, dj edits,
    mash up, mash ups, remixt, dance remix, geremixt, extended version, extended versions
remaster: remastered version, remastered versions, neu gemastert
demo: demo tape, demo recordings, demotape, demo aufnahmen
female vocals: sung by women, sung by a woman, female fronted bands, weibliche stimmen, weibliche vocals, weibliche
    sängerin, weibliche sängerinnen, weiblichen vocals, frauenbands, frauenband, all female bands, all girl bands,
    girl bands, female rappers, female rapper, rapperinnen, rapperin, weiblich, weiblicher stimme, woman vocals,
    womans voice, von einer frau gesungen, von frauen gesungen, gesungen von frauen, gesungen von einer frau, singer
    songwriterinnen, frau, solo female, sung by a female, female lead, female voiced, female led bands, female lead
    singer, girl singers, weiblicher leadsängerin, leadsängerin, frontfrau, frontwoman, eine sängerin, weiblichen
    stimmen
male vocals: sung by men, sung by a man, men singing, male fronted, männliche vocals, männliche stimmen, männlichen
    stimmen, männlicher sänger, männliche sänger, man's voice, male lead, männerstimme, deep male voice, men, tiefe
    männerstimme, gesungen von männern, von männern gesungen, male rappers
screaming: screamed vocals, harsh vocals, screamer, growled vocals, gutturals, gekreische, gebrülle, grölen,
    gekreisch, yelling, screamed, shouty, schreierei, growl
ballad: schmachtfetzen, power balladen, powerballaden, powerballade, love ballads, love ballad, slow ballads, lovesong
    ballads
classics: kultsongs, all time classic, classic songs, zeitlose klassiker, timeless classics, timeless, zeitlos,
    evergreens, golden oldie, time honoured, kultklassiker, classic hits, klassiker der musikgeschichte, zeitlose
    songs, classic tracks, alte klassiker
old school: oldskool, oldschoolig
love: lovesong, lovesongs, love ballad songs, liebesballaden, liebessongs, songs about love, über die liebe, lieder
    über die liebe, about love, about being in love
sing-along: zum mitsingen, mitsingsongs, mitsinglieder, mitgrölen, mitgröl, mitsingbar, sing along songs, schunkeln,
    schunkel, schunkellieder, sing to, singing in the shower, belt out, scream along, everyone can sing, alle
    mitsingen, sing it loud, sing out loud, sing along to, karaoke songs, karaoke night, mitträllern, karaokesongs,
    zum mitgrölen
background: musikbett, nachrichtenbett, newsbett, moderationsbett, sprecherbett, klangbett, musikbetten, music bed,
    music beds, untermalung, musikalische untermalung, unterlegmusik, talkover, nebenbei, in background, musik im
    hintergrund, berieselung, nebenher, hintergrundbeschallung, ambient background, hintergrundberieselung, background
    noise music, elevator music, fahrstuhlmusik, zum nebenbeihören, voice over bed, underscore, bett für moderation,
    bed for, news bed, talk bed, sound bed
nature: ocean sounds, forest sounds, waterfall, bird songs, bird song, waves, sounds of nature, vogelstimmen,
    meeresgeräusche, wasserfall, geräusche der natur, thunderstorm sounds, gewittergeräusche, bachrauschen, wind
    sounds, bird sounds, wave sounds, cricket sounds, sea sounds, river sounds
noise: whitenoise, static noise, fan noise, weisses rauschen, rosa rauschen, braunes rauschen, föhngeräusch
minimal: minimalism, minimalismus, minimalistische, stripped back, reduziert, sparse
dreamy: dream like, traumwelt, verträumtes, ätherisch, floating, schwebend, spacey, spacig, otherworldly, dreamier
    sounds, daydream, tagträume, celestial, hazy, sphärische klänge
epic: dramatic, dramatisch, heldenhaft, monumental, bombast, anthemic, hymnisch, pathos, grand, trailer music,
    epischer, larger than life, pathetisch, sweeping
nostalgic: sentimental, sehnsucht, sehnsuchtsvoll, longing, yearning, wehmut, reminiscing, in erinnerungen schwelgen,
    erinnerungen, memories, childhood memories, throwback, throwbacks, nostalgische gefühle, bittersüß, memory lane
atmospheric: stimmungsvolle, atmosphärische, mood setting, immersive, vibey, dichte atmosphäre, filmische
groovy: groovig, groovend, funky groove, grooviges, groovt, grooves
catchy: hooky, eingängige melodien, eingängige melodie, catchy melodies, infectious, hängen bleibt, catchy hooks,
    catchy tune, stuck in my head
danceable: tanzbares, tanzbare musik, dancy, dancey, danceable music, zum abtanzen, tanztauglich, good to dance to
hypnotic: mesmerizing, mesmerising, trance like, repetitive, repetitiv, trance inducing, hypnotisierend, monoton
psychedelic: psychedelia, psych, psychedelische klänge, psychedelics, kaleidoscopic
spooky: schaurig, haunted, haunting, grusel, gruselmusik, horror, gespenstisch, schauerlich, chilling horror,
    unheimliche
funny: goofy, zum lachen, comedic, joke songs, ulkig, komisch, spaßlieder, quatsch, quatschlieder, blödel,
    blödellieder, laugh, hilarious, novelty songs
retro: old fashioned, altmodisch, retrosound, retroklänge, vintage sound, retro style, retrolook, retrovibes
experimental: experimentelles, abgefahren, abgedreht, strange, unconventional, unkonventionell, ausgefallen, bizarre,
    seltsam, skurril, offbeat, outlandish, noise music
rain: rainy weather, regentage, wet day, pouring, gewitter, thunderstorm, thunder, drizzle, it's raining, es regnet,
    regenmusik, raindrops, regentropfen, schmuddelwetter, verregneter tag, rainy season, schietwetter, drizzly,
    monsoon, rain outside
sun: sonnentag, sonnentage, sonniger tag, sunny days, sunny weather, sonnenstrahlen, sunbathing, sonnenbaden, sun is
    shining, die sonne scheint, sonnenwetter
sunset: sundown, sonnenuntergänge, sunsets, sundowner, dämmerung, abendrot, abendsonne, twilight
sunrise: sunrises, daybreak, morgenrot, tagesanbruch, morgensonne, sonnenaufgänge
summer: summers, sommerfeeling, sommerzeit, sommertag, sommertage, summer day, summer days, hot summer, hochsommer,
    heatwave, summer vibes, sommerlaune, midsummer, sommersonne
autumn: autumnal, herbsttage, autumn leaves, fall weather, herbstzeit, in the fall, fall vibes, herbststimmung, autumn
    day, crisp autumn, goldener herbst, november mood
winter: winters, wintertag, wintertage, winter day, winter days, snowfall, schneefall, wintertime, winterzeit, frosty,
    snow day, cold winter, cold winter day
spring: frühlings, spring day, spring days, frühlingstag, frühlingstage, lenz, frühlingszeit, frühlingsgefühle
christmas: christmas carols, christmas carol, xmas songs, christmassy, adventszeit, advents, heilig abend,
    weihnachtslieder, weihnachtsmusik, christmas songs, christmas music, carols, xmas music, nikolaus,
    weihnachtsmarkt, weihnachtsbaum, festive season, festtage, christmas tree, bescherung, yuletide, adventsstimmung,
    holiday songs, holiday music
halloween: trick or treat, trick or treating
new year: nye, new years, jahreswechsel, new years day, countdown party
birthday: bday, geburtstagskind, geburtstags, birthdays, geburtstage, geburtstagslied, geburtstagslieder, happy
    birthday
wedding: wedding reception, brautpaar, hochzeits, trauung, weddings, first dance, eröffnungstanz, wedding ceremony,
    wedding day, brautvater tanz, heirat, wedding songs
funeral: funerals, memorial service, trauer feier, begräbnis, bestattung, trauermusik, abschiedsfeier, trauerfeiern
barbecue: grilling, cookout, gegrillt, grill, barbecues, gartengrillen
campfire: lagerfeuerlieder, lagerfeuerstimmung, fire pit, by the fire, am feuer, am kamin, campfires, fireplaces, log
    fire, lagerfeuersongs
breakup: broke up, dumped me, left me, got dumped, break ups, breaking up, trennungen, trennungslieder, schluss
    gemacht, after a breakup, split up, ex boyfriend, ex girlfriend, verlassen worden, herzbruch, heartbreak songs,
    getting over someone, getting over him, getting over her
vacation: urlaubs, urlaubsfeeling, urlaubsstimmung, beach holiday, summer holiday, summer holidays, sommerurlaub,
    sommerferien, vacations, ferienstimmung, urlaubsreise, strandurlaub, getaway, holiday feeling, holiday vibes
carnival: karneval, fasching, mardi gras, karnevals, faschings, fastnacht, fasnacht, karnevalslieder, rosenmontag
easter: ostern, oster, osterlieder, ostersonntag
duet: duett, duets, duette, duetten
protest: protest song, protest songs, protestlied, protestlieder, protestsongs, political songs, political, politisch,
    politische lieder, anti war songs, antikriegslieder, gesellschaftskritisch, sozialkritisch, protestmusik, socially
    conscious
oktoberfest: wiesn, bierzelt, festzelt, beer tent, bierzeltmusik, wiesnstimmung
après-ski: après ski, apresski, skihütte, hüttengaudi, hüttenparty
"""
