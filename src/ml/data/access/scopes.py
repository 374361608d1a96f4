"""What may be done, in words: one scope for each kind of thing, to read it or to change it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ml.foundation.errors import BadInput, did_you_mean
from ml.foundation.phrase import Phrase


def _says(english: str, german: str) -> Phrase:
    return Phrase({"en": english, "de": german})


#: What each scope allows. Written by hand: a scope that is not here does not exist.
SCOPES: Mapping[str, Phrase] = {
    "recommendations:read": _says("ask for recommendations and reasons", "Empfehlungen und Gründe erfragen"),
    "events:write": _says("record plays, skips and likes", "melden, was gehört, übersprungen und gemocht wird"),
    "search:read": _says("search", "suchen"),
    "catalogue:read": _says("read tracks and artists", "Titel und Künstler lesen"),
    "catalogue:write": _says("merge and split tracks and artists", "Titel und Künstler zusammenlegen und trennen"),
    "playlists:read": _says("make and read playlists", "Playlists machen und lesen"),
    "playlists:write": _says("keep, change and send playlists", "Playlists behalten, ändern und verschicken"),
    "audio:read": _says("identify sounds and read analyses", "Klänge erkennen und Analysen lesen"),
    "audio:write": _says("upload sounds and have them analysed", "Klänge hochladen und analysieren lassen"),
    "models:read": _says("read models and their scores", "Modelle und ihre Werte lesen"),
    "models:write": _says("train models and choose those in use", "Modelle trainieren und in Dienst nehmen"),
    "experiments:read": _says("read experiments", "Experimente lesen"),
    "experiments:write": _says("create, start and stop experiments", "Experimente anlegen, beginnen und beenden"),
    "imports:read": _says("read imports and what they refused", "Importe lesen und was sie ablehnten"),
    "imports:write": _says("import, and undo imports", "importieren und Importe zurücknehmen"),
    "listeners:read": _says("read personal data: histories, likes", "Personenbezogenes lesen: Verläufe, Vorlieben"),
    "listeners:write": _says("pause histories, erase listeners", "Verläufe anhalten, Hörer löschen"),
    "exports:read": _says("export whole tables, personal data too", "ganze Tabellen ausführen, auch Personenbezogenes"),
    "metrics:read": _says("read how the service fares", "lesen, wie es dem Dienst geht"),
    "settings:read": _says("read the settings", "die Einstellungen lesen"),
    "keys:read": _says("list keys", "Schlüssel auflisten"),
    "keys:write": _says("create, rotate and revoke keys", "Schlüssel ausgeben, wechseln und sperren"),
    "accounts:read": _says("list accounts", "Konten auflisten"),
    "accounts:write": _says("invite, change and disable accounts", "Konten einladen, ändern und stilllegen"),
    "audit:read": _says("read the audit log", "das Protokoll lesen"),
}


def checked(scopes: Iterable[str]) -> frozenset[str]:
    """Give the scopes as a set.

    Raises
    ------
    BadInput
        If there is no such scope.
    """
    if isinstance(scopes, str):
        raise BadInput(f"scopes = {scopes!r}", "give a list of scopes")
    found = frozenset(scopes)
    for scope in sorted(found - set(SCOPES), key=str):
        raise BadInput(f"no scope {scope!r}", did_you_mean(str(scope), SCOPES))
    return found
