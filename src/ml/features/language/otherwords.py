"""Words that are one letter from a known one and mean something else: no misspellings."""

from __future__ import annotations

from ml.features.language.tokens import words

#: Of the 60,000 most frequent words of English and of German (package `wordfreq` 3.1.1), those that would be mended.
OTHER_WORDS = words(
    """
abfangen abfeuern abgeben abgesagt abhanden abreise absehen abwischen advert adverts aergern aergert aergerte aermer
aermere aermeren africa afterword albania albanians albanien albeit allegra allegri ambien amends american americano
americans angefahren angehen angel angela angell angelo angels anhaengen anniversaries anreize anschalten antanzen
anthea antreiben anxieties apartments arabia arabica arbeiter arbeitern arbeitet armenia armenians armenien arouse
aufgefallen aufmachen aufmuntern aufregen aufsehen aufwachsen aufwacht aufwarten ausraeumen ausrufen ausstehen
auszuraeumen autofahrer autofahrern babes bacher baches backed backend backer backing backward badger badgers bagger
baker bakers ballard ballen baller ballert ballon ballot bange banged bangen bangor banken banker bankers banking
banner banners banque banter barack barbecued barbies baring barking baseline basing basking batter beached becher
becken bedrucken beecher beendigung begeistern bekennt belebt belebte belebten belieben benannt benannte benannten
benches bengal bengals berger beruehrt beruehrte beruehrten beruhigen beruht beruhte beruhten besteller bestsellers
better beugen biding bieter bight bikini billet bisque biter biting bitte bitten bitters bittet bittner bizarro blase
blasen blasser blaster blauer blazer blight blockbuster bloede bloeden bloeder bloedes bluecher boeing bogie boing
bongs boning booing bookie borgen boring bosnia bosnien bosque boucher boulder boulders bounce bounty bowing bracken
braking bramsche branch branchen brandner brasilianer brazilians breaches breaching bricht brock bruch bruechen buche
buchen buches buchner buechel buechner bueffel buegel buergel buergen bulgaria bulgarians bulgarien bullet bummel
bunch burgen butcher butter called calling calving campino campos camps camus capping cardi cardin carlos carls carol
carola carole carts catalans catch cathy cauchy ceding celebrated cells censured chairs chants charms chars charta
chartres chats chilli chillies chiral chokes choking chosen christiana christin christina clamping classic cleansing
clearing cocking coders collage comers comey coming commune commuted computed computes computing concert concerts
cooling coping coral cores cornea corned corner coronet corridor corridors corset countrywide county coursing covert
coves coveted creep creeps cristian croatia crores cruised cruiser cumbria curbing curing curling currant currents
curving cushing dancers danes dankes danner dantes dashes deadlift decent deinen denen depresses derives deriving
diener diesen diner diners dinger dinkel dished distress dives doesn donner dozent dozenten dramatik dreading dream
dreams dreamt dreary dries drivel driven driver drivers droves drummed duefte duesen dummer dunked dunkeln dusted
dynamics dynamik dynamit dynamite dystopia ealing easier easing eastern eater einloesen einschlaefern einschlag
einschlagen einzuschlagen elector electra elektr elektra elster eludes email energie energies englishmen entdecke
entdecker entdeckten erster escorts espanyol esport ester estonia ethic ethnie europol excised excite excites
exercised exited exiting exorcise exports exudes faehrt faehrte fahnen fahrer fahrern fahrradfahrer fairen familia
familial famos federn feiert feinster fenster fernen fernsehen fersen festtag fettig fettige feuern fiddly fiedler
fight fights filipina filipinos finish finisher finishes fisting flache flachen flaeche fliege flieger fliehen flieht
fliesen flirt flirts float floats floehe flogen flohen florist fluch flucht fluegge flughaefen fluted fluxes focuses
forrest forst fragen franchise franchises francis francois francoise frech freien freital fremde frenchie frenchmen
freud freuds freue freuen freunde freute freytag frida friedrich fright frost frosts fruehe fruehen fruehes frustrate
frustrates fuege fuehre fuhren gabler gaerten gallic gallischen galten gameplan gaping garber garde garen garlic
garter garvin gating gatten gazing gebruellt gegen geier geilen geiler gelang gelungen gelungene gente gentile
gentlemen gently georgia georgiana georgians georgien georgina germain germaine germanien germans germany gerungen
gesunden gesunken gewichtheber glatze glich glocke gloom gorman grabber grange grellen grilled groben grooming groot
grooved grove groves growing grows grudge gruel grunde grundig gurten guttural haefen hafen halfen handwerker
handwerkern harmonic harmonics harren haufen haushalts hawking heater hebrews hecking heider heifer heilen heiler
heimat heimweh heiner heiser heizer helen hellen helter herat herbs heroin hester heule heulend hiding hiring hocking
hoerer holliday hopefuls horne horned hornet hovering hungarians hunted hunting hymen hymne impressionist incense
indonesia indonesians indonesien infections inlaendische inlaendischen insomniac intensify intensities internals
interval intervall interview interviewt intimated italia italiana italians italien italiener jagger javanese jingle
jogged juggle junge kammer kannen kanzler keinen kennel kenner kenney kernen kidder kiddie kinde kindergaerten kindes
kindler kirchen kletter knallen kneifen kneipp knochen kocher koeche koennen konnen kontert konzept konzern konzerts
koran korea koreans korsett kuchen kuehe kuemmer kuemmere kuenste kuesse kuesste kuester kulti kutschen laeufe laeufen
landry langham latent latina latvia lauder lauen lauer laufe laufend laufes lauffen launches launen lauper lauren
leaning lecture lehnen leibes leinen lerne lerner lernten leung levers lieber liebling liedes likely listing lithuania
lithuanians livers livery living lodging loesung loesungen logging loring losers losging losing losung loveliness
lover lowers luftig lunge lungen lusting malen maler malerin malers malvern manches mapping marche marched marchers
margen marshes masern massaged massager matches mauern meddling mediaeval mediate mediating mediation medicate
medication medications medikation meditated mello mellon mellor memorise meringue message messages midway minima
miserabel miserably missing mitreisenden mitreissen mittal mittig moaning moden moderat moderate moderaten moderater
moderates moderator moderatoren moderner moegen moncton monotony monson montagu monumenta morden morgan morten
motivate motivates motivations motivieren mountainbike mountainbiker mourning muendigkeit musica nachdenke nachos
nachteile nachteilen naschen natura natured nerves nervosa nervus neuestem neuester newland nichts nicolaus nighty
niklaus nikolas nipping norwegians obscured officer ominoese ominoesen orchestration osten outdoor outsider overcooked
oversight overturn packen panties parken partie partied partien parting parts pasties paths patties peddler pendel
pender perle permian persia persians persien pesto petry pfeife pfeifer pfeilen pickwick pilate pilatus pimped pimping
pirates placed plaid plates plumpen polis poplar poppin popping populace populate poring portugiese pouting praised
preclude precludes preise preston prise programing programmierer protect punch punjab puppen pushed pusher pushes
pusten quatscht quirk quirks racine racker racking radeon radfahrer radfahrern raiding railing raising ramsch rancher
ranchers ranging rapier rapped rappen rasen rauch rauscht readying reaping rearing rebellions recant rechne rechnen
rechnet rechter recorded redding regent reggie regnen reiben reifen reigen reihen reimen reiser reissen reisten reiten
reizen related relating relayed relaying relent religion religions remit rending renne renner rennes renovierten
renten repent resent reserve reserven reserves reusing rhoades rhode rhodos riesen rinnen ripper risen rocked rocken
rocket rockin rocking rodeln romane romania romanians romantics romanze roping routing roving rowling rucker ruder
rudert runder runter russia russians russin saber sacral saegen sagen sager saiten sammer sander sandown sapling
sapper saucen saucer sauen saufen sauter scares schaaf schaf schafe schafen schaff schaft schah schale schanz scheiben
schell schelle schellen scheller schenkel schenkeln scherz scherze scherzt schickt schief schilf schinkel schlaefe
schlaefst schlaeger schlaegt schlaff schlagt schlampe schlampen schlau schlaue schlauen schlauer schleppe schleppen
schlepper schleudern schlicht schliff schlimmen schlummert schmach schnalle schnallen schnapp schnappen schneeball
schneien schnuller scholl schrank schreibe schreiber schreie schreiend schreier schrein schreinerei schrieben schrien
schueller schuhe schul schuld schulde schuler schult schulte schulz schwach schwager schwammen schwanz schweben
schwelle schwellen schwimmer schwule scones scopes score scored scorer scorers scouting scroll scrolling searing sears
seating seedy segel segen seiten selene senate serbia serbien serena serine shaders shafts shaker shakes shearing
shears shedding shifty shirts shits shooting shores shorting shorts shorty shout shouts siegeln siegen siegers signers
signing simmer singe singed singin singling sinken sinking sinnen sinners sirene sites skimming skinning sledge
slimming slinging slovenia slowaken smashes smearing smears smiling smooch smoothie smoothies smoothing smudge sneaker
sneakers snores snorts snowball sober sobre softens sombra somme sommerloch somthing sores sorrows sorten sorts space
spaced spacer spaces spacex spacing spanier spanned spannen spare spares sparing spars sparst sparte spears speed
speedo speeds speise spesen spiele spielend spieler spielern spieles spielten splint spoke spokes spook spooks sporen
sporty spots spouting spouts sprang spreng sprig springy sprints sprit sprung spuele spueren spule spuren spurts
spying squads squat stacey staende stand stande stange stars stating staubsauger stifts stingers stinging stings stoll
stores storey story strandbad stranded stranger strangle strass strasser streamed streamer streaming streams strebt
streep streich streiche streicheln streichen streit strenge stressen stresses stretcher stretchy streut stringy strobl
strolz stummer subdue subset subsets subtile subtly suited suits sumer summary summe summed summen sumner sumter
sundae sundry super suppe suppen surprised sweating sweats swifts swingers swinging sylvester synthesize synthesized
table tabled tablett taenzer tanken tannen tanten tarnen techn tended tenders tendiere tendieren tending tenner
tensions terraced terrance thanking theiss theorie therein theses thinning thriller thrush tinder tippy tireless today
traben trace tracer trader traene traeume traeumer trafen tragen tragik trailing trails trainierten traits tranche
tranken trans transe transen transmit trash traten trauben traue trauern trauert trauten traveled travelled travers
treading treiben treuer tripp truer trumped ukrainians unbeaten underscored unease universite unkind unterbricht
unterschaetze unterschaetzen unwin urban urbana urbane valentin valentina valentino vantage verandah verbaut verdaut
verdrueckt vergassen vergesse vergiessen vergossen verlieben verliert vermessen verreckt versagt verschlagen
verspielen verstaut vertrat vertrau vertraue vertrauter vibrate vibrates vocation vocations wache wacken wacker
waescht waiting waking walker waller walling walser walter walze walzen wandel wandeln wandering wandler wanker
wanking warship wasch wasserball weaken weaker wecke weeding weeknd wehtut weiden weighs weight weighty weihen weilen
weinbau weine weiner weines weisen weiten weizen welding welker werken whistler whiting whittle whittled wichen
wichtig wichtige wichtigem wichtigen wichtiger wichtiges wicker winery winger wingers winner winners winzer winzig
wishful witter woking wonder wording wrecker writhing wueten wunder wundern yearling zacken zecken zeiten zellen zelte
zeugen ziegen zielten zocker zucken zuege zuegel zuegeln zufahrt zugegen zulegen zungen zurueckgekommen zurueckhalten
"""
)
