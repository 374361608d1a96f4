"""Words and syllables that the demo world's invented names are made of, by language.

Conventions
-----------
The lists were written for this package. Any opening goes with any phrase and any tail:
German phrases are neuter, feminine or plural, so that they read alike as subject and
object. No two phrases of a language become the same without accents.
"""

from __future__ import annotations

from typing import NamedTuple


def _split(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split("|"))


class Words(NamedTuple):
    """What the names of one language are made of.

    Parameters
    ----------
    given : tuple of tuple of str
        Beginnings and ends of given names.
    family : tuple of tuple of str
        Beginnings, middles and ends of family names.
    article : str
        Stands before a band's name.
    firsts, bands : tuple of str
        A band's first and second word; empty where the language has no first.
    openings, phrases, tails : tuple of str
        Of titles: "Without" + "the River" + "at Dawn".
    """

    given: tuple[tuple[str, ...], tuple[str, ...]]
    family: tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]
    article: str
    firsts: tuple[str, ...]
    bands: tuple[str, ...]
    openings: tuple[str, ...]
    phrases: tuple[str, ...]
    tails: tuple[str, ...]


ENGLISH = Words(
    given=(
        _split("Mar|Bren|Lor|Tam|Wil|Ed|Hal|Jes|Kel|Ros|Der|Fen|Gwen|Ash|Cor|Nel|Per|Hol"),
        _split("ley|win|na|ric|ton|sa|dy|lyn|mer|den|ora|bel"),
    ),
    family=(
        _split("Ash|Brook|Cald|Drey|Elm|Far|Gran|Hask|Kirk|Lang|Mer|North|Oak|Pem|Quar|Rush|Stan|Thorn|Wex|Yar"),
        _split("a|e|i|o|er|en|ing|el"),
        _split("ford|ley|wick|ton|by|worth|more|dale|well|stead|combe|gate"),
    ),
    article="The",
    firsts=_split(
        "Paper|Copper|Velvet|Hollow|Quiet|Northern|Crooked|Salted|Borrowed|Plastic|Lucid|Feral|Tidal|Amber|"
        "Wandering|Half-Lit|Second|Narrow|Marble|Unlikely|Patient|Painted|Drowsy|Electric"
    ),
    bands=_split(
        "Lanterns|Harbours|Foxgloves|Signals|Orchards|Satellites|Pilots|Umbrellas|Cartographers|Sparrows|Engines|"
        "Mirrors|Tramlines|Librarians|Comets|Turbines|Hedgerows|Postcards|Antlers|Kites|Ferries|Almanacs|Thimbles|Weathervanes"
    ),
    openings=_split(
        "Under|Without|After|Beyond|Chasing|Leaving|Before|Counting|Almost|Against|Carry|Follow|Forget|Inside|Painting|Still"
    ),
    phrases=_split(
        "the River|the Morning|Your Shadow|the Long Road|Silver Rain|the Window|Every Light|the Tide|Old Letters|"
        "the Last Train|a Quiet House|the Garden|Our Winter|the Distance|Broken Glass|the Machine|Cold Coffee|"
        "the Hill|Empty Rooms|the Orchard|My Own Name|the Neon|Small Fires|the Static|Paper Boats|the Ceiling|"
        "a Thousand Doors|the Harbour|Two Strangers|the Afterglow|Summer Dust|the Signal"
    ),
    tails=_split(
        "at Dawn|Again|in July|Tonight|for You|Without Sleep|in Reverse|on the Roof|by the Sea|Out Loud|in Colour|"
        "Once More|at the Border|All Week"
    ),
)

GERMAN = Words(
    given=(
        _split("Ann|Ber|Die|El|Fried|Ger|Hen|Jo|Kat|Lu|Mat|Ot|Rein|Sieg|Til|Ul|Wal|Hed"),
        _split("a|hard|ke|rich|da|mund|rik|lind|mar|wig|tha|bert"),
    ),
    family=(
        _split(
            "Alten|Berg|Dorn|Eichen|Falken|Grün|Hagen|Kessel|Linden|Mühl|Nieder|Ober|Rauch|Stein|Trauben|Wald|Winter|Zell"
        ),
        _split("|er|en|el|acker|bach"),
        _split("mann|hof|feld|bauer|stedt|horst|brink|kamp|reuter|wieser|thal|egger"),
    ),
    article="Die",
    firsts=(),
    bands=_split(
        "Laternen|Dachböden|Nachtzüge|Papierflieger|Sternwarten|Kellergeister|Zugvögel|Wolkenfabriken|Schreibtische|"
        "Trambahnen|Haselnüsse|Wetterfrösche|Fensterbänke|Glühwürmchen|Leuchttürme|Kaffeetassen|Ameisen|Pfützen|"
        "Seifenblasen|Bushaltestellen|Hinterhöfe|Nebelhörner|Funkmasten|Sonntagskinder"
    ),
    openings=_split(
        "Ohne|Durch|Für|Gegen|Ich suche|Wir zählen|Noch immer|Nimm|Vergiss|Hinter uns|Über uns|Nur|Fast|Um|Trotzdem|Wie"
    ),
    phrases=_split(
        "die Nacht|das Licht|die Stadt|das Meer|die Straße|mein Zimmer|die Stille|das Fenster|kalte Hände|deine Stimme|"
        "das Ende|die Brücke|graue Tage|das Karussell|die Zeit|altes Papier|die Sterne|das Gewitter|meine Schuhe|"
        "die Küche|zwei Fremde|das Rauschen|leere Gläser|die Ferne|das Dach|bunte Scherben|die Wolken|das Versteck|"
        "deine Briefe|die Insel"
    ),
    tails=_split(
        "bei Nacht|und du|im Regen|am Morgen|ohne dich|im Kopf|noch einmal|im Winter|am Fluss|für immer|nach dem Fest"
        "|auf Papier"
    ),
)

FRENCH = Words(
    given=(
        _split("Am|Bap|Cé|Del|Élo|Fab|Ger|Hél|Jul|Lé|Mar|Noé|Océ|Pas|Rom|Syl|Thi|Val"),
        _split("ine|iste|line|ien|ane|ric|ette|ard|is|aud|mie|in"),
    ),
    family=(
        _split("Au|Beau|Char|Dela|Fon|Gail|Lar|Mon|Per|Rous|Sancer|Ther|Vau|Bois|Clair|Pont|Tour"),
        _split("ri|vi|bo|den|ge|lo|me|ti"),
        _split("val|lard|net|gnac|mont|reau|court|vigne|lier|sac|quet|ville"),
    ),
    article="Les",
    firsts=(),
    bands=_split(
        "Lampions|Escaliers|Tournesols|Parapluies|Horlogers|Nuages|Marins d'Hiver|Cerfs-volants|Papillons Gris|"
        "Jardins Secrets|Tramways|Phares|Promeneurs|Carrousels|Satellites|Coquelicots|Funambules|Encriers|Volets Bleus|"
        "Manèges|Rêveurs Pressés|Galets|Lundis|Wagons"
    ),
    openings=_split(
        "Sous|Sans|Après|Avant|Pour|Contre|Je cherche|Encore|Entre nous|Loin|Oublie|Derrière|Presque|Vers|Avec|Malgré"
    ),
    phrases=_split(
        "la lune|le vent|la pluie|ton ombre|le silence|la rue|mes nuits|le matin|la fenêtre|les vagues|le dernier train"
        "|"
        "la poussière|ton sourire|le jardin|la neige|les lumières|le miroir|mon hiver|la fièvre|le manège|les étoiles|"
        "la distance|nos secrets|le café froid|la route|le plafond|ta voix|les toits|la marée|le brouillard"
    ),
    tails=_split(
        "au matin|encore|à Nantes|sans toi|de nuit|en hiver|pour rien|au bord de l'eau|ce soir|en couleurs"
        "|à l'envers|demain"
    ),
)

SPANISH = Words(
    given=(
        _split("Ad|Bel|Car|Dam|El|Fer|Gab|Her|Inm|Jac|Lu|Mar|Nor|Pal|Ram|Sal|Tel|Val"),
        _split("ena|ián|oma|ito|isa|ando|ela|inda|ón|mira|vador|eria"),
    ),
    family=(
        _split("Alba|Bar|Casti|Del|Esca|Fon|Gala|Herre|Ibar|Lara|Mon|Nava|Oli|Pala|Que|Riva|Sala|Villa"),
        _split("ci|de|lo|ma|ne|ri|ta|ve"),
        _split("res|dero|llo|nos|gas|rán|dal|zuela|verde|rrubia|quín|monte"),
    ),
    article="Los",
    firsts=(),
    bands=_split(
        "Faroles|Tranvías|Girasoles|Paraguas|Relojeros|Barcos de Papel|Espejos|Vecinos Raros|Domingos|Cometas|Balcones|"
        "Grillos|Azulejos|Nómadas|Planetas Menores|Naufragios|Ventanales|Ascensores|Cuadernos|Olivos|Semáforos|Tejados|"
        "Malabares|Perfumistas"
    ),
    openings=_split("Bajo|Sin|Entre|Busco|Contra|Hasta|Desde|Olvida|Otra vez|Hacia|Sobre|Tras|Casi|Dame|Perdí|Lejos"),
    phrases=_split(
        "la luna|el mar|tu nombre|la ciudad|el viento|mis pasos|la noche|el último tren|la lluvia|tu voz|el silencio|"
        "la ventana|los días|el fuego|la distancia|el jardín|las calles|el verano|tu sombra|la arena|el reloj"
        "|la herida|"
        "mi casa|el espejo|las cartas|el humo|la sal|el desierto|tus manos|la tormenta"
    ),
    tails=_split(
        "de noche|otra vez|en abril|sin ti|y yo|al amanecer|en silencio|para siempre|de papel|a solas|en la piel|mañana"
    ),
)

PORTUGUESE = Words(
    given=(
        _split("Ana|Ber|Cai|Dal|Eli|Fla|Gil|He|Iva|Ju|Li|Mai|Ni|Pau|Ra|Tai|Vi|Zé"),
        _split("nara|nardo|que|va|ana|lia|vânia|berto|mila|son|lton|ssa"),
    ),
    family=(
        _split("Al|Bra|Car|Du|Fer|Gui|La|Ma|No|Oli|Pe|Ri|Sa|Tei|Va|Xa|Bar|Mon"),
        _split("va|me|ra|gue|no|li|bo|ta"),
        _split("ães|reira|valho|nha|randa|cedo|xoto|lhosa|drade|beiro|lares|tinho"),
    ),
    article="Os",
    firsts=(),
    bands=_split(
        "Lampiões|Bondes|Girassóis|Guarda-Sóis|Relojoeiros|Barquinhos|Vizinhos do Mar|Pirilampos|Azulejos Tortos|"
        "Sobrados|Trovões Mansos|Carrosséis|Jangadeiros|Varais|Cometas|Vagalumes|Domingueiros|Telhados|Marimbondos|"
        "Quintais|Faróis|Cajueiros|Retratos|Andarilhos"
    ),
    openings=_split(
        "Sem|Sob|Sobre|Entre|Até|Contra|Procuro|Esquece|De novo|Quase|Deixa|Longe|Talvez|Quero|Perdi|Desde"
    ),
    phrases=_split(
        "a chuva|o mar|teu nome|a cidade|o vento|meus passos|a madrugada|o último bonde|a lua|tua voz|o silêncio|"
        "a janela|os dias|o fogo|a distância|o quintal|as ruas|o verão|tua sombra|a areia|o relógio|a saudade|"
        "minha casa|o espelho|as cartas|a fumaça|o sal|a tempestade|tuas mãos|o carnaval"
    ),
    tails=_split(
        "de manhã|outra vez|em abril|sem você|e eu|no escuro|à beira-mar|pra sempre|de papel|a sós|na pele|amanhã"
    ),
)

JAPANESE = Words(
    given=(
        _split("Ha|Mi|Yu|Ka|Sa|No|Ri|Ta|Ko|Na|Shi|A|E|Hi|Mo|To|Se|Chi"),
        _split("ruka|sato|miko|zuki|nori|rumi|kari|haru|yako|suke|mika|taro"),
    ),
    family=(
        _split("Aka|Fuji|Hara|Ishi|Kawa|Kuro|Matsu|Mori|Naka|Oka|Saka|Taka|Tani|Uchi|Yama|Yoko|Asa|Shira"),
        _split("|no|ga|i|mi|zu"),
        _split("mura|saki|hashi|moto|da|numa|gawa|shima|mine|zawa|hata|be"),
    ),
    article="",
    firsts=_split("Yoru no|Ao|Shiro|Natsu|Kami|Hoshi no|Ame|Tsuki|Kumo|Nemuri|Midori|Kage"),
    bands=_split(
        "Densha|Kujira|Fune|Tokei|Hikari|Neko|Mado|Kaidan|Hanabi|Jidai|Toshokan|Kagami|Ringo|Kazoku|Denwa|Kissaten|"
        "Kairo|Suisou|Tegami|Hakusen|Gakudan|Orugoru|Kaze|Sabaku"
    ),
    openings=_split(
        "Aoi|Shiroi|Kuroi|Tooi|Chiisana|Nemutta|Wasureta|Saigo no|Hajimete no|Ano hi no|Natsu no|Dareka no"
    ),
    phrases=_split(
        "yoru|umi|machi|hoshi|ame|kaze|mado|tegami|kisetsu|hikari|eki|sora|yuki|hanabi|kage|yume|michi|shashin|asa|"
        "kotoba|heya|natsuzora|kaidan|sakamichi|tokei|namae|minato|tsukiyo|hitorigoto|kissaten"
    ),
    tails=_split("wo matsu|no naka de|ga kikoeru|to kimi|made|no mukou|wo sagasu|ni naru|no uta|dake|kara|no iro"),
)

#: By :data:`ml.data.demo.places.LANGUAGES`.
WORDS: tuple[Words, ...] = (ENGLISH, GERMAN, FRENCH, SPANISH, PORTUGUESE, JAPANESE)
