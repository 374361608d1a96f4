"""What people write of when and where they listen, on what, and what they do, besides the words of the tables."""

from __future__ import annotations

#: As :mod:`ml.features.language.entries` reads it.
OF_OCCASIONS = """
[activity]
workout: half marathon, halbmarathon, climbing, klettern, bouldering, bouldern, swimming, schwimmen, rowing, rudern,
    zumba, gym session, lifting weights, exercise bike, ergometer, home workout, trainingseinheit, tabata,
    intervalltraining, interval training, intervals, intervalle, radeln, radtour, laufeinheit, tempolauf, squats, leg
    day, deadlifts, spinningkurs, spin classes, spinning class, spinning classes, sportlich aktiv, sporteln,
    auspowern, warmmachen, pumpen gehen, gewichte heben, gewichtheben, stair climber, crosstrainer, jogger, runner,
    runners, läufer, jogge, jogg, work out session, trail running, trail run, bike workout, kickboxen, kickboxing,
    martial arts, kampfsport, liegestütze, hanteltraining, bodybuilding, powerlifting, beim sport, sport machen, sport
    treiben, rennrad, mountainbiken, mountainbiking, long run, skating, inlineskaten, bike rides, fahrradtour,
    radausflug, aquajogging, fussballtraining, football practice, tennis
focus: thesis, masterarbeit, bachelorarbeit, essay, essays, büffeln, cramming, productive, productivity, produktiv,
    produktivität, research, thinking, nachdenken, deep thinking, read a book, reading a book, buch lesen, vokabeln,
    konzentriert, concentrated, focused, fokussiert, focussed, study time, study music, study playlist, lernmusik,
    lernsession, abitur, abi lernen, uni lernen, learning vocabulary, software development, developing, debugging,
    data science, write, writing an essay, writing a paper, mathe, math homework, reading time, bücher, schmökern,
    lektüre, lesestunde, zum schmökern, arbeitskonzentration, konzentrationsmusik, flow state
commute: commuter, daily commute, pendler, journey, nachhauseweg, way to school, weg zur schule, weg zur uni,
    arbeitsweg, train rides, bahnfahrten, zugfahrten, long flight, langstreckenflug, langer flug, flüge, flights,
    fliegen, travels, traveler, traveller, auf reisen, way to the office, weg ins büro, busreise, ride to work, train
    bahnreise, zugreise, anreise, heimfahrt, heimreise, plane ride, subway ride, u bahn fahrt
drive: drives, drive home, driving home, road trips, highway, motorway, freeway, landstraße, autoreise, spritztour,
    cruise, cabrio, cabriofahrt, lange autofahrt, lange autofahrten, on the roadtrip musik, im cabrio, long car ride,
    car journey, car car rides, motorradtour, motorrad, motorcycle ride, motorbike, cruise down, autobahnfahrt, im
    stau, traffic jam, coast drive, am steuer, hinterm steuer, behind the wheel
work: schicht, werkstatt, baustelle, büroalltag, emails, working from home, work from home, wfh, office work,
    arbeitsalltag, workdays, working day, bürotag, schreibtischarbeit, malern, renovieren, handwerken, renovating,
    heimarbeit, nine to five, crafting, schicht, shift, shifts
walk: gassi, dog walk, walking the dog, walk the dog, trekking, bergwandern, nordic walking, schlendern, bummeln,
    spazierengehe, walks, long walk, long walks, wanderungen, hikes, bergtour, spazier, mit dem hund raus,
    stadtbummel, stroll around, spazieren gehen, mountain hike, city walk, wandertour, wandertag, laufen durch den
    wald, hunderunde, gassirunde
party: danced, stimmungsmusik, fest, feste, warm up set, warmup set, dj set, peak time, junggesellenabschied,
    junggesellinnenabschied, jga, bachelorette, bachelor party, hen night, stag do, polterabend, abtanzen, abdancen,
    abfeiern, celebrating, celebrate, pre party, preparty, after party, afterparty, aftershowparty, get together,
    sause, dance the night away, dancefloors, dance floors, party crowd, get the party started, get people dancing,
    zum tanzen bringen, dorffest, stadtfest, volksfest, straßenfest, schützenfest, weinfest, betriebsfest,
    betriebsfeier, firmenfeier, abiball, prom, prom night, school dance, vereinsfest, tanzveranstaltung, tanzt, tanze,
    festivität, feten, dance to, dances, tänze, gets people dancing, kneipentour, bar hopping, night out, ladies
    night, girls night, mädelsabend, kick off party, zum feiern, party time, cocktail party, cocktailparty, street
    party, block party, celebrations, dance around
relax: yogastunde, yogakurs, yoga class, yoga session, yoga flow, yin yoga, vinyasa, vinyasa flow, sauna, couch, sofa,
    hammock, hängematte, me time, self care, selfcare, selbstfürsorge, cool down, cooling down, tai chi, qigong, qi
    gong, autogenes training, atemübung, atemübungen, breathing exercises, breathing, savasana, downtime, nach
    feierabend, after a long day, nach einem langen tag, decompress, seele baumeln lassen, relaxed evening at home,
    mindfulness, achtsamkeit, chill session, chillsession, chilling out, chill out session, massages, spa day,
    wellnesstag, wellness tag, meditations, meditating, meditationen, take it easy, nichts tun, doing nothing, lazy
    day, fauler tag, hot bath, bathtub, heißes bad, schaumbad, vollbad, ausspannen, zur ruhe kommen, calm evening in,
    feierabendbier, gammeltag, stretch, dehnübungen, pause, coffee break, kaffeepause, loungen, spannungsabbau,
    stressabbauen, zur entspannung, schalte ab
sleep: einzuschlafen, wegdämmern, schlummern, eindösen, power nap, powernap, mittagsschlaf, siesta, nap time, naptime,
    put to sleep, put me to sleep, asleep, dozing off, doze off, drift off, drifting off, schlafenszeit,
    schlafengehen, schlafen gehen, ins bett gehen, ins bett, before bed, before bedtime, go to bed, vor dem schlafen,
    vor dem schlafengehen, slumber, nachtruhe, deep sleep, tiefschlaf, tiefer schlaf, einschlafhilfe, sleep aid, sleep
    better, besser schlafen, beim einschlafen, schlafmusik, einschlafmusik, einschlaflieder, schlaflieder, schlaflied,
    schlummerlied, get to sleep, sending me to sleep, help me sleep, good night's sleep, nachts schlafen, babyschlaf,
    baby sleep, schlaflos, sleepless, schlaflosigkeit, schlafe, schläft, bedtime story, zu bett gehen, zubettgehzeit,
    in den schlaf, falling to sleep, sleepy time
dinner: abendbrot, dinner date, tafelmusik, tischmusik, festessen, aperitif, aperitivo, apero, dinieren, speisen,
    candlelight dinners, kaffee und kuchen, wine and dine, dinner time, dinnertime, dinners, gala dinner, dinnermusik,
    abendessen mit freunden, festmahl, menü, family dinner, wine evening, wine tasting, weinprobe, raclette, tapas,
    beim essen
cook: bake, meal prep, plätzchenbacken, plätzchen backen, baking cookies, bake cookies, cooking dinner, cook dinner,
    making dinner, preparing dinner, abendessen kochen, kuchen backen, koche, kocht, backe, kochsession, cooking
    session, food prep, gemeinsam kochen, backnachmittag, backstube, cooking meals
clean: bügel, tidy, tidy up, vacuuming, hoovering, mopping, putztag, spring cleaning, wischen, saugen, fenster putzen,
    do the dishes, washing up, washing the dishes, wash the dishes, wäsche, wäsche waschen, geschirr spülen, spülen,
    entrümpeln, ausmisten, declutter, decluttering, scrubbing, cleaning day, house cleaning, putzaktion, großputz,
    putze, putzt, aufzuräumen, sauber machen, saubermachen, haushalt, housekeeping, doing laundry, folding laundry,
    deep clean, deep cleaning, kitchen cleaning, cleanup, putzmusik, clean the
play: gaming session, pokern, poker, kartenspielen, spielerunde, chess, schach, dungeons and dragons, dungeons &
    dragons, pen and paper, tabletop, rollenspiel, videogames, computerspiele, video gaming, gamer, gamers, zock,
    zocke, gamesession, board game night, minecraft, playstation zocken, lan party, rpg session, esports
[location]
home: my place, apartment, flat, bei mir zu hause, in der wohnung, daheim auf der couch, wg, house sitting, dining
    room, esszimmer, badezimmer, bathroom, balcony at home
office: desk, schreibtisch, großraumbüro, coworking, coworking space, arbeitszimmer, workspace, am arbeitsplatz,
    praxis, kanzlei, open plan office
school: classroom, klassenzimmer, uni, hörsaal, lecture hall, klassenraum, schulhof, school bus, schulbus, university
    library, unibibliothek, unterricht, musikunterricht
gym: fitnessclub, fitnessraum, kraftraum, weight room, turnhalle, boxing gym, gyms
car: cars, pkw, lkw, truck, wohnmobil, camper autoradio, car radio, auf der rückbank, taxi
transit: trains, airplane, aeroplane, s bahn, sbahn, ubahn, flughafen, airport, bahnhof, train station, fähre, ferry,
    öffis, buses, tramway, zügen, regionalbahn
outdoors: sea, ocean, meer, am see, open air, boat, boot, schiff, campsite, campingplatz, playground, spielplatz,
    backyard, patio, wiese, küste, coast, riverside, mountains, mountain, berge, berg, bergen, woods, countryside,
    natur, lakeside, am fluss, parks, beaches, strände, beach bar, strandbar, beach club, innenhof, hof, countryside
    walk, veranda, porch, schrebergarten, freibad, swimming pool, feld, by the sea, by the lake, by the pool,
    zeltplatz, am wasser, roof terrace, dachterrasse, zelt, segeln, sailing, angeln, fishing, gartenarbeit, gardening
club: bars, diskothek, dance club, cocktailbar, cocktail bar, irish pub, tanzlokal, kneipen, pubs, festivals,
    nightclubs, discothek, tanzschuppen, eckkneipe, sports bar, hotelbar, hotel bar, rooftop bar, jazz bar, weinbar,
    wine bar
restaurant: kaffeehaus, cafes, bakery, bäckerei, eisdiele, biergarten, beer garden, tea house, restaurants, gasthaus,
    wirtshaus, gaststätte, trattoria, pizzeria, brasserie, coffee house, coffee shops, cafés, hotel lobby, hotellobby,
    tea room
[time_of_day]
morning: weckmusik, weck, früher morgen, frühen morgen, frühsendung, morgensendung, morning show, frühshow,
    morgenshow, breakfast show, morgenmagazin, wecker, alarm, alarm clock, wecken, in der früh, wach werden,
    wachwerden, wakeup, aufwach, morgenroutine, morning routine, morgendlich, start the day, start my day, in den tag
    starten, start in den tag, guten start in den tag, frühaufsteher, early bird, first thing in the morning, am
    frühen morgen, frühmorgens, früh morgens, morgenstunden, morgengrauen, wakes me up, wake me up, get me out of bed,
    forenoon, am vormittag, in the morning, wake up call, aus dem bett kommen, munter werden, frühaufstehern,
    wecksignal
midday: high noon, noontime, mittagszeit, zur mittagszeit, mittagsstunde, lunch hour, am mittag
afternoon: am nachmittag, nachmittagstee, afternoon tea, kaffeezeit, nachmittagsstunden, spätnachmittag, später
    nachmittag, late afternoon, early afternoon
evening: this evening, abendlich, vorabend, feierabendstimmung, abendstunden, early evening, früher abend, am frühen
    abend, abendstimmung, heut abend, abendprogramm, evening show, abendsendung, heute abends
night: nocturnal, nächtlich, small hours, wee hours, after midnight, nach mitternacht, all night, all night long, die
    ganze nacht, overnight, nachtschwärmer, night owl, night owls, heute nacht, nachtsendung, late night show, spät
    abends, tief in der nacht, deep into the night, mitternächtlich, nighttime, night time, dead of night, middle of
    the night, mitten in der nacht, zur späten stunde, 2 am, 3 am, 4 am, 1 am, zu später stunde, nachteule,
    nachteulen, nachtstimmung
[weekday]
monday: mondays, montags, montagmorgen blues
friday: fridays, freitags
saturday: saturdays, samstags, weekends, wochenenden, sonnabends, am wochenende
sunday: sundays, sonntags
[device]
phone: mobile phone, cell phone, cellphone, mobiltelefon, my mobile
speaker: speakers, bluetooth speakers, alexa, google home, musikanlage, stereoanlage, hi fi, boxen, bluetoothbox,
    stereo system, echo dot, home stereo, soundbar, hifi anlage
tv: smart tv, telly, glotze, apple tv
computer: macbook, am pc, gaming pc, rechnern
watch: apple watch, sportuhr, garmin
"""
