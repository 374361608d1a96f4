"""The search box."""

from __future__ import annotations

from ml.service.console.texts.text import Texts

TEXTS: Texts = {
    "search.title": ("Search", "Suche"),
    "search.box": ("What to look for", "Wonach gesucht wird"),
    "search.example": ("a name, or: calm piano without vocals", "Name, oder: Klavier ohne Gesang"),
    "search.do": ("Search", "Suchen"),
    "search.record": ("Listen", "Zuhören"),
    "search.stop": ("Stop", "Fertig"),
    "search.listening": ("Listening, 15 seconds at most …", "Hört zu, höchstens 15 Sekunden …"),
    "search.no_microphone": (
        "The microphone cannot be used; the browser has to allow it",
        "Das Mikrofon ist nicht zu benutzen; der Browser muss es erlauben",
    ),
    "search.drop": (
        "Or drop a sound or the picture of a cover here.",
        "Oder lege einen Klang oder das Bild eines Covers hier ab.",
    ),
    "search.choose": ("Choose a file", "Datei wählen"),
    "search.how": ("Sounds are", "Klänge werden"),
    "how.auto": ("taken as they seem", "genommen, wie sie scheinen"),
    "how.identify": ("recognised", "wiedererkannt"),
    "how.similar": ("matched by likeness", "nach Ähnlichkeit gesucht"),
    "how.hum": ("hummed melodies", "gesummte Melodien"),
    "search.sending": ("{name} is looked at …", "{name} wird angesehen …"),
    "search.counted": ("{n} found", "{n} gefunden"),
    "search.nearest": (
        "Nothing is known for sure; this comes nearest",
        "Sicher bekannt ist nichts; das kommt am nächsten",
    ),
    "search.understood": ("Understood:", "Verstanden:"),
    "search.not": ("not ", "nicht "),
    "search.meant": ("Did you mean", "Meintest du"),
    "search.similar": ("Similar", "Ähnliche"),
    "search.no_similar": ("Nothing goes with it.", "Nichts passt dazu."),
    "search.none": ("Nothing was found", "Nichts gefunden"),
    "search.none_words": ("Use fewer words, or others.", "Nimm weniger Wörter, oder andere."),
    "search.begin": ("One box for everything", "Ein Feld für alles"),
    "search.begin_words": (
        "Names however misspelt, descriptions in English or German, a hummed melody, a photograph of a cover.",
        "Namen, wie auch immer geschrieben, Beschreibungen auf Deutsch oder Englisch, eine gesummte Melodie, ein Foto.",
    ),
    "kind.artist": ("artist", "Künstler"),
    "kind.album": ("album", "Album"),
    "kind.track": ("track", "Titel"),
}
