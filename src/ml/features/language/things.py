"""Names of artists and titles that are made of words with a meaning: they are left whole, as a name.

Only what is widely known and would be misread: the rest is the catalogue's, which a search asks besides.
"""

from __future__ import annotations

_ARTISTS = """
alicia keys, angels and airwaves, arcade fire, arctic monkeys, bad bunny, band of horses, bar italia, beach boys,
beach fossils, beach house, belle and sebastian, better than ezra, billy ocean, black keys, bloc party, blood sweat
and tears, blue man group, blue october, blues brothers, bob marley and the wailers, bombay bicycle club, car seat
headrest, city and colour, coheed and cambria, cold war kids, comedian harmonists, courtney love, crosby stills and
nash, crowded house, culture club, daft punk, dance gavin dance, deep blue something, deep forest, deep sea diver, die
fantastischen vier, die goldenen zitronen, die prinzen, die ärzte, donna summer, dream theater, earth wind and fire,
echo and the bunnymen, einstürzende neubauten, electric light orchestra, element of crime, feine sahne fischfilet,
fettes brot, florence and the machine, frank ocean, frankie goes to hollywood, friday pilots club, fünf sterne deluxe,
gang of four, good charlotte, guns n roses, gym class heroes, hall and oates, happy mondays, house of pain, ich und
ich, imagine dragons, jan delay, jazz jackrabbit, john lee hooker, jungle brothers, katrina and the waves, kc and the
sunshine band, kid cudi, kid kopphausen, kid rock, kings of convenience, kings of leon, kool and the gang, la brass
banda, lady gaga, less than jake, lil baby, loud luxury, love of lesbian, manchester orchestra, massive attack, max
raabe, modern talking, modest mouse, moody blues, morning parade, mumford and sons, münchener freiheit, never shout
never, new kids on the block, new order, new radicals, nick cave and the bad seeds, no doubt, nothing but thieves,
ocean colour scene, old 97s, old crow medicine show, penguin cafe orchestra, pet shop boys, peter paul and mary,
portugal the man, prince and the revolution, public enemy, purple disco machine, quiet riot, rage against the machine,
rain tree crow, salt n pepa, saltatio mortis, simon and garfunkel, simple minds, simply red, siouxsie and the
banshees, sleaford mods, sleep token, sleeping with sirens, sleepy hallow, sly and the family stone, snow patrol, soft
cell, soft machine, soul asylum, spandau ballet, spider murphy gang, sportfreunde stiller, summer walker, sunn o,
sunny day real estate, swedish house mafia, system of a down, taking back sunday, talk talk, tears for fears, the bar
kays, the beach boys, the black keys, the blues brothers, the clash, the doors, the dream syndicate, the english beat,
the modern lovers, the moody blues, the new pornographers, the pretenders, the war on drugs, the weeknd, thin lizzy,
tokio hotel, tom petty and the heartbreakers, ton steine scherben, trans siberian orchestra, trap them, two door
cinema club, violent femmes, walk off the earth, walk the moon, wir sind helden, wise guys
"""
_TITLES = """
9 to 5, 99 luftballons, a hard days night, a sunday kind of love, ab in den süden, aint no sunshine, all i want for
christmas is you, all you need is love, alles nur geklaut, always on my mind, am i blue, american woman, an tagen wie
diesen, another brick in the wall, are you lonesome tonight, atemlos durch die nacht, baby love, baby one more time,
back in black, back to black, because the night, behind blue eyes, big girls dont cry for me argentina, bitter sweet
symphony, black hole sun, black magic woman, black or white, black velvet, blue monday, blue suede shoes, blue velvet,
bohemian rhapsody, born to run, boys dont cry, burning love, california dreamin, cant buy me love, cant stop the
feeling, carmina burana, carol of the bells, comfortably numb, country roads, crazy in love, crazy little thing called
love, crocodile rock, cruel summer, cry me a river, crying in the rain, dance me to the end of love, dance monkey,
dancing in the dark, dancing in the street, dancing on my own, dancing queen, der mond ist aufgegangen, der
nussknacker, der ring des nibelungen, der traum ist aus, die vier jahreszeiten, die zauberflöte, do they know its
christmas, dont look back in anger, dont stop believin, dont stop me now, dont stop til you get enough, dont worry be
happy, dont you forget about me, dont you want me, dream a little dream of me, drive my car, driving home for
christmas, du hast, easy like sunday morning coming down, ein bisschen frieden, eine kleine nachtmusik, empire of the
sun, endless love, enjoy the silence, enter sandman, every breaking wave, every breath you take, fade to black, fast
car, feels like home, fight for your right, four seasons, friday im in love, gangstas paradise, girls just want to
have fun, girls like you, good morning, griechischer wein, guitar man, gute nacht, guten abend gut nacht, guten
morgen, happy together, happy xmas, hard days night, haus am see, have you ever seen the rain, hells bells, here comes
the rain again, here comes the sun, highway to hell, hip hop hooray, hit me baby one more time, hot fun in the
summertime, hotel california, house of the rising sun, i am woman, i cant stand the rain, i dont like mondays, i love
rock n roll, i walk the line, i wanna dance with somebody, i want to know what love is, ich liebe dich, in the air
tonight, in the midnight hour, jailhouse rock, jingle bell rock, jingle bells, just like heaven, kein schwein ruft
mich an, killing me softly, killing me softly with his song, la bamba, last christmas, let it snow, like a hurricane,
like a prayer, like a rolling stone, like a virgin, like ice in the sunshine, like toy soldiers, links 2 3 4, little
drummer boy, little red corvette, love is all around, love me do, love me tender, love to love you baby, love will
tear us apart, mad about you, mad world, major tom, mambo no 5, man in the mirror, manic monday, midnight city,
midnight train to georgia, mit freundlichen grüßen, monday monday, moonlight sonata, more than a woman, morning has
broken, moves like jagger, mr sandman, männer sind schweine, nights in white satin, nine to five, no diggity, no
scrubs, no surprises, no woman no cry, nothing compares 2 u, nothing compares to you, nothing else matters, november
rain, oh pretty woman, ohne dich, old time rock and roll, old town road, on the road again, paint it black, party in
the usa, party rock anthem, peter and the wolf, peter und der wolf, piano man, pretty woman, private dancer, purple
rain, radio ga ga, rainy day women, rappers delight, rhapsody in blue, rhythm is a dancer, rhythm of my life, rhythm
of the night, riders on the storm, road to hell, rock and roll all nite, rock around the clock, rock me amadeus, rock
the casbah, rock you like a hurricane, rocket man, ruby tuesday, run to the hills, running up that hill, sad but true,
safety dance, saturday night fever, schrei nach liebe, seasons in the sun, set fire to the rain, seven nation army,
shape of you, she works hard for the money, shiny happy people, shut up and dance, singin in the rain, skandal im
sperrbezirk, sleeping beauty, smells like teen spirit, smooth criminal, smooth operator, somebody that i used to know,
someone like you, sommer unseres lebens, sound of silence, space oddity, strangers in the night, sultans of swing,
summer of 69, summer wine, summertime blues, summertime sadness, sunday bloody sunday, swan lake, sweet dreams, tage
wie diese, tainted love, take a walk on the wild side, take five, take me home country roads, tears in heaven, teenage
dream, the boys of summer, the final countdown, the house of the rising sun, the lion sleeps tonight, the magic flute,
the nutcracker, the power of love, the sound of silence, this is the morning, tiny dancer, tonight tonight, verdammt
ich lieb dich, video killed the radio star, vier jahreszeiten, waiting for the sun, walk like an egyptian, walk on the
wild side, walk the line, walking in memphis, walking on sunshine, walking on the moon, we will rock you, whats love
got to do with it, when a man loves a woman, when doves cry, while my guitar gently weeps, white christmas, wind of
change, wish you were here, with or without you, without me, without you, wonderful tonight, work bitch, working class
hero, you are the sunshine of my life, you give love a bad name, you should be dancing, über den wolken
"""
#: Places and things that are none of the listener's.
_OTHERS = """
abbey road, black forest, breaking bad, call of duty, dark side of the moon, dirty dancing, game of thrones,
glastonbury festival, grand central station, guitar hero, happy hour, high school musical, house of cards, kind of
blue, la la land, miami beach, moulin rouge, new jersey, new mexico, new orleans, new york, new zealand, palm beach,
pulp fiction, rock am ring, rocket league, rocky mountains, rolling stone magazine, star wars, stranger things, the
lion king, venice beach, wacken open air, white house
"""

#: All of them, in lower case.
NAMES_OF_THINGS = tuple(
    " ".join(name.split()) for table in (_ARTISTS, _TITLES, _OTHERS) for name in table.replace("\n", " ").split(",")
)
