"""Words that are one letter from a known one and mean something else: no misspellings."""

from __future__ import annotations

from ml.features.language.tokens import words

#: Of the 60,000 most frequent words of English and of German (package `wordfreq` 3.1.1), those that would be mended.
OTHER_WORDS = words(
    """
abfangen abfeuern abgeben abgesagt abhanden abreise absehen abwischen advert adverts aergern aergert aergerte aermer
aermere aermeren africa afterword albeit allegra allegri ambien amends american americano americans angefahren angehen
angela angell angelo angels anhaengen anniversaries anreize anschalten antanzen anthea antreiben anxieties apartments
arabia arabica arbeiter arbeitern arbeitet arouse aufgefallen aufmachen aufmuntern aufregen aufsehen aufwachsen
aufwacht aufwarten ausraeumen ausrufen ausstehen auszuraeumen autofahrer autofahrern bacher baches backed backend
backer backing backward badger badgers bagger bakers ballard ballen baller ballert ballon ballot banged bangen bangor
banken banker bankers banking banner banners banque banter barack barbecued barbies baring barking baseline basing
basking batter beached becher becken bedrucken beecher beendigung begeistern bekennt belebt belebte belebten belieben
benannt benannte benannten benches berger beruehrt beruehrte beruehrten beruhigen beruht beruhte beruhten besteller
bestsellers better beugen biding bieter bikini billet bisque biting bitten bitters bittet bittner bizarro blasen
blasser blaster blauer blazer blight blockbuster bloede bloeden bloeder bloedes bluecher boeing boning booing bookie
borgen boring bosque boucher boulder boulders bounce bounty bowing bracken braking bramsche branch branchen brandner
brasilianer brazilians breaches breaching bricht bruechen buchen buches buchner buechel buechner bueffel buegel
buergen bullet bummel burgen butcher butter called calling calving campino campos capping cardin carlos carola carole
catalans cauchy ceding celebrated censured chairs chants charms charta chartres chilli chillies chiral chokes choking
chosen christiana christin christina clamping classic cleansing clearing cocking coders collage comers coming commune
commuted computed computes computing concert concerts cooling coping cornea corned corner coronet corridor corridors
corset countrywide county coursing covert coveted creeps cristian croatia crores cruised cruiser cumbria curbing
curing curling currant currents curving cushing dancers dankes danner dantes dashes deadlift decent deinen depresses
derives deriving diener diesen diners dinger dinkel dished distress donner dozent dozenten dramatik dreading dreams
dreamt dreary drivel driven driver drivers droves drummed duefte duesen dummer dunked dunkeln dusted dynamics dynamik
dynamit dynamite dystopia ealing easing einloesen einschlaefern einschlag einschlagen einzuschlagen elector electra
elektr elektra eludes energie energies englishmen entdecke entdecker entdeckten escorts espanyol esport ethnie europol
excised excite excites exercised exited exiting exorcise exports exudes faehrt faehrte fahnen fahrer fahrern
fahrradfahrer fairen familia familial federn feiert feinster fenster fernen fernsehen fersen festtag fettig fettige
feuern fiddly fiedler fights finish finisher finishes fisting flache flachen flaeche fliege flieger fliehen flieht
fliesen flirts floats floehe flogen flohen florist flucht fluegge flughaefen fluted fluxes focuses forrest fragen
franchise franchises francis francois francoise freien freital fremde frenchie frenchmen freuds freuen freunde freute
freytag friedrich fright frosts fruehe fruehen fruehes frustrate frustrates fuehre fuhren gabler gaerten gallic
gallischen galten gameplan gaping garber garlic garter garvin gating gatten gazing gebruellt geilen geiler gelang
gelungen gelungene gentile gentlemen gently germain germaine germanien germans germany gerungen gesunden gesunken
gewichtheber glatze glocke gorman grabber grange grellen grilled groben grooming grooved groves growing grudge grunde
grundig gurten guttural haefen halfen handwerker handwerkern harmonic harmonics harren haufen haushalts hawking heater
hebrews hecking heider heifer heilen heiler heimat heimweh heiner heiser heizer hellen helter heroin hester heulend
hiding hiring hocking hoerer holliday hopefuls horned hornet hovering hungarians hunted hunting impressionist incense
infections inlaendische inlaendischen insomniac intensify intensities internals interval intervall interview
interviewt intimated italia italiana italians italien italiener jagger javanese jingle jogged juggle kammer kannen
kanzler keinen kennel kenner kenney kernen kidder kiddie kindergaerten kindes kindler kirchen kletter knallen kneifen
kneipp knochen kocher koeche koennen konnen kontert konzept konzern konzerts koreans korsett kuemmer kuemmere kuenste
kuesse kuesste kuester kutschen laeufe laeufen landry langham latent latina lauder laufend laufes lauffen launches
launen lauper lauren leaning lecture lehnen leibes leinen lerner lernten levers lieber liebling liedes likely listing
livers livery living lodging loesung loesungen logging loring losers losging losing losung loveliness lowers luftig
lungen lusting malerin malers malvern manches mapping marche marched marchers margen marshes masern massaged massager
matches mauern meddling mediaeval mediate mediating mediation medicate medication medications medikation meditated
mellon mellor memorise meringue message messages midway minima miserabel miserably missing mitreisenden mitreissen
mittal mittig moaning moderate moderaten moderater moderates moderator moderatoren moderner moegen moncton monotony
monson montagu monumenta morden morgan morten motivate motivates motivations motivieren mountainbike mountainbiker
mourning muendigkeit musica nachdenke nachos nachteile nachteilen naschen natura natured nerves nervosa nervus
neuestem neuester newland nichts nicolaus nighty niklaus nikolas nipping norwegians obscured officer ominoese
ominoesen orchestration outdoor outsider overcooked oversight overturn packen panties parken partie partied partien
parting pasties patties peddler pendel pender permian persia persians persien pfeife pfeifer pfeilen pickwick pilate
pilatus pimped pimping pirates placed plates plumpen poplar poppin popping populace populate poring portugiese pouting
praised preclude precludes preise preston programing programmierer puppen pushed pusher pushes pusten quatscht quirks
racine racker racking radeon radfahrer radfahrern raiding railing raising ramsch rancher ranchers ranging rapier
rapped rappen rauscht readying reaping rearing rebellions recant rechne rechnen rechnet rechter recorded redding
regent reggie regnen reiben reifen reigen reihen reimen reiser reissen reisten reiten reizen related relating relayed
relaying relent religion religions rending renner rennes renovierten renten repent resent reserve reserven reserves
reusing rhoades rhodos riesen rinnen ripper rocked rocken rocket rockin rocking rodeln romane romania romanians
romantics romanze roping routing roving rowling rucker rudert runder runter russia russians russin sacral saegen
sammer sander sandown sapling sapper saucen saucer saufen sauter scares schaaf schafe schafen schaff schaft schale
schanz scheiben schell schelle schellen scheller schenkel schenkeln scherz scherze scherzt schickt schief schilf
schinkel schlaefe schlaefst schlaeger schlaegt schlaff schlagt schlampe schlampen schlau schlaue schlauen schlauer
schleppe schleppen schlepper schleudern schlicht schliff schlimmen schlummert schmach schnalle schnallen schnapp
schnappen schneeball schneien schnuller scholl schrank schreibe schreiber schreie schreiend schreier schrein
schreinerei schrieben schrien schueller schuhe schuld schulde schuler schult schulte schulz schwach schwager schwammen
schwanz schweben schwelle schwellen schwimmer schwule scones scopes scored scorer scorers scouting scroll scrolling
searing seating selene senate serbia serbien serena serine shaders shaker shakes shearing shears shedding shooting
shores shorting shorts shorty shouts siegeln siegen siegers signers signing simmer singed singin singling sinken
sinking sinnen sinners sirene skimming skinning sledge slimming slinging smashes smearing smears smiling smooch
smoothie smoothies smoothing smudge sneaker sneakers snores snorts snowball softens sombra sommerloch somthing sorrows
sorten spaced spacer spaces spacex spacing spanier spanned spannen spares sparing sparst sparte spears speedo speeds
speise spesen spiele spielend spieler spielern spieles spielten splint spokes spooks sporen sporty spouting spouts
sprang spreng springy sprints sprung spuele spueren spuren spurts spying squads stacey staende stande stange stating
staubsauger stingers stinging stings stores storey strandbad stranded stranger strangle strass strasser streamed
streamer streaming streams strebt streep streich streiche streicheln streichen streit strenge stressen stresses
stretcher stretchy streut stringy strobl strolz stummer subdue subset subsets subtile subtly summary summed summen
sumner sumter sundae sundry suppen surprised sweating sweats swingers swinging sylvester synthesize synthesized tabled
tablett taenzer tanken tannen tanten tarnen tended tenders tendiere tendieren tending tenner tensions terraced
terrance thanking theiss theorie therein theses thinning thriller thrush tinder tireless traben tracer trader traene
traeume traeumer trafen tragen tragik trailing trails trainierten traits tranche tranken transe transen transmit
traten trauben trauern trauert trauten traveled travelled travers treading treiben treuer trumped ukrainians unbeaten
underscored unease universite unkind unterbricht unterschaetze unterschaetzen urbana urbane valentin valentina
valentino vantage verandah verbaut verdaut verdrueckt vergassen vergesse vergiessen vergossen verlieben verliert
vermessen verreckt versagt verschlagen verspielen verstaut vertrat vertrau vertraue vertrauter vibrate vibrates
vocation vocations wacken wacker waescht waiting waking walker waller walling walser walter walzen wandel wandeln
wandering wandler wanker wanking warship wasserball weaken weaker weeding weeknd wehtut weiden weighs weight weighty
weihen weilen weinbau weiner weines weisen weiten weizen welding welker werken whistler whiting whittle whittled
wichen wichtig wichtige wichtigem wichtigen wichtiger wichtiges wicker winery winger wingers winner winners winzer
winzig wishful witter woking wonder wording wrecker writhing wueten wunder wundern yearling zacken zecken zeiten
zellen zeugen ziegen zielten zocker zucken zuegel zuegeln zufahrt zugegen zulegen zungen zurueckgekommen zurueckhalten
"""
)
