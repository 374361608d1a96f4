"""Words that carry a request and say nothing of the music."""

from __future__ import annotations

from ml.features.language.tokens import words

_WORDS = """
kannst koennt koennten koenntest wuerdest wuerden drin know knows sings singt fast almost two wheres whos hows lief
laeuft gelaufen mostly groesstenteils ueberwiegend couple heisst lautet nennt oft schoenste schoensten liebsten
preferably help having brauchen dauern dauert man denen ones along je sachen zeug kram bereich w nor either neither ab
gegen nach vor after before trotzdem leicht were nein moeglich possible kurz kurze kurzer kurzes kurzen lang lange
langer langes langen whats now between zwischen davon solo zwischendurch everything thats lets a an the this that
these those some any something anything someone stuff bit little few several many lot lots of kind kinds sort sorts
type types style styles thing things music musics song songs track tracks tune tunes piece pieces playlist playlists
list lists mix mixes mixtape set sets album albums band bands artist artists musician musicians record records sound
sounds sounding vibe vibes feel feels feeling mood moods atmosphere play playing put listen listening hear give get
find search show make create build generate recommend suggest need want looking look please pls thanks thank hey hi
hello me my mine i im id ive we us our you your it its they he she them is are was be been being am will would could
should can might do does did have has had let go going got wanna gimme like love while when whilst for to with in on
at from by and or but then than as so just only really very quite rather pretty too much more most less totally
extremely super nice good great best better cool awesome perfect beautiful lovely right suitable appropriate ideal up
out about around over during into onto through maybe perhaps possibly also plus still even else nothing all every each
both there here who which what where how if because whole full long lasting length total time times speed tempo bpm
key energy genre language duration era instrument lyrics year years released made sein ist sind war waren bin bist
wird werden soll sollen sollte sollten kann koennen koennte darf muss muessen ein eine einen einem einer eines der die
das den dem des dies diese dieser dieses diesen diesem jene jener welche welcher etwas irgendwas irgendetwas einige
paar bisschen wenig mal bitte danke hallo ich du er sie es wir ihr mich mir dich dir uns euch mein meine meinen meinem
meiner meines dein deine deinen unser unsere spiel spiele spielt hoeren hoere hoert such suche suchen finde finden
zeig zeige gib mach mache erstelle empfiehl brauche brauch moechte moecht haette gern gerne lieber wuensche leg starte
musik musikstueck lied lieder liedern titel stueck stuecke stuecken werk werke werken nummer nummern liste alben
kuenstler kuenstlern kuenstlerin gruppe gruppen interpret interpreten klang klaenge klaengen art stil stimmung gefuehl
atmosphaere richtung rhythmus beat fuer fuers zum zur zu beim bei mit ins ans auf aus von vom um ueber unter bis
waehrend wenn als dass damit dabei dazu und oder aber sondern doch auch noch nur schon sehr ganz recht ziemlich eher
wirklich richtig schoen schoene schoener schoenes schoenen toll tolle gut gute guter gutes guten beste besten perfekte
passende passend passt passen geeignet geeignete vielleicht eventuell gerade jetzt heute alles alle allem viel viele
mehr meiste weniger sonst nichts jeder jede jedes wo wer wie welch einfach bloss halt eben denn dann da hier irgendwie
moeglichst immer einmal hat habe haben hab geht gehen gibt klingt klingen klingende laenge dauer jahr jahre jahren
tonart sprache zeit zeiten energie day days tag tage tagen machen doing release releases aehnlich aehnliche aehnlicher
aehnliches aehnlichen gross grosse grosser grosses grossem grossen klein kleine kleiner kleines kleinem kleinen
aufnahme aufnahmen recording recordings version versions versionen ok okay fine per pro feat ft vs etc usw bzw ca
circa etwa today todays heutzutage momentan sofort gleich later spaeter tomorrow away soon mucke mukke beats jams jam
groove bop bops slaps stimmungen klangwelt klangwelten driven based led infused tinged flavoured flavored oriented
focused heavy lastig gepraegt inspired orientiert basiert bring bringt makes macht gets keep keeps helps hilft helfen
helfe lass lassen lasse geil geile geiler geiles mega krass krasse echt voll absolut absolutely truly definitely
somebody everybody people leute menschen crowd jemand jemanden anyone one other others andere anderen anderes anderer
weitere weiterer next naechste naechsten naechster first erste last passenden passender geeigneten fit fits fitting
ideally idealerweise vorzugsweise bevorzugt preferred prefer ruhig simple simply einzig solely exclusively
ausschliesslich durchgehend durchgaengig throughout continuous nonstop non stop dauernd staendig always never auflegen
aufzulegen anmachen abspielen played spielen laufen run runs hoerbar listenable zusammenstellung compilation sampler
collection sammlung selection auswahl queue warteschlange station radio sender programme programm sendung stunde
segment slot block opener session sessions rotation range approx mark bpms deren dessen thereof whose wants wanting
hast gehabt bisher already yet bereits ever jemals wollen wollte mag moegen magst lust bock laune likes liked liebend
unbedingt dringend desperately mischung blend mixture combination kombination moegt knapp knappe erschienen
veroeffentlicht herausgekommen aufgenommen recorded came ham hamm haste kannste genau exactly precisely solos soli
decade decades jahrzehnt jahrzehnts epoche somthing sumthing sth smth musick muzik irgendein irgendeine irgendeinen
irgendwelche beliebig whatever egal kinda sorta bissel bissl bisserl nem ner nen ne grad grade nochmal wieder again
zurueck back jawohl jo yo yeah ja quasi sozusagen namens called named sowie sowas soetwas setlist lineup fill filling
gefuellt fuellen ungefaehr rund approximately roughly camelot minute minutes minuten hour hours stunden min s t m d ll
re ve o
"""
#: Folded.
FILLER = frozenset(_WORDS.split())
#: Of these a request without any slot is freed; a title may hold all the others.
COURTESY = words("please pls thanks thank bitte danke hey hi hello hallo")
#: Of these, what a title may well begin with: with a capital before another it is no filler ("Hey Jude", "Let It Be").
OF_TITLES = words(
    "hey hello here there let it be what when where who how you your me my all one we she he i im its this that the "
    "a an under over up out from with for to in on at by and do does dont is are was will would can could have has "
    "had get got give take make feel love like good great best better perfect beautiful super long last first time "
    "day days ich du er sie es wir ihr ein eine mein dein kein alles wenn weil"
)
#: Of these, what belongs to the word behind it where that says something: "long build-ups".
MEASURES = words("long lang lange langen langer langes short kurz kurze kurzen kurzer kurzes")
