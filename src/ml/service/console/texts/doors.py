"""The ways in."""

from __future__ import annotations

from ml.service.console.texts.text import Texts

TEXTS: Texts = {
    "door.name": ("Name", "Name"),
    "door.password": ("Password", "Passwort"),
    "door.new_password": ("New password", "Neues Passwort"),
    "door.code": ("Code of your app", "Code deiner App"),
    "door.code_words": (
        "Type the six digits that your app shows, or a recovery code.",
        "Gib die sechs Ziffern ein, die deine App zeigt, oder einen Wiederherstellungscode.",
    ),
    "door.rule": (
        "12 to 128 characters; a few words that nobody else would put together are best.",
        "12 bis 128 Zeichen; am besten ein paar Wörter, die niemand sonst zusammenstellt.",
    ),
    "door.becomes": ("The account will have the role: {role}.", "Das Konto bekommt die Rolle: {role}."),
    "login.title": ("Log in", "Anmelden"),
    "login.lead": (
        "Your catalogue, your listeners, on your machine.",
        "Dein Katalog, deine Hörer, auf deinem Rechner.",
    ),
    "login.do": ("Log in", "Anmelden"),
    "login.setup_due": (
        "There is no account yet. “ml serve” prints a link that makes the first one.",
        "Es gibt noch kein Konto. „ml serve“ gibt einen Link aus, der das erste anlegt.",
    ),
    "setup.title": ("The first account", "Das erste Konto"),
    "setup.lead": (
        "It runs the place: it lets others in and sees everything.",
        "Es führt das Haus: es lässt andere ein und sieht alles.",
    ),
    "setup.do": ("Make the account", "Konto anlegen"),
    "invitation.title": ("You are invited", "Du bist eingeladen"),
    "invitation.lead": (
        "Choose a password; the link serves once.",
        "Wähle ein Passwort; der Link gilt einmal.",
    ),
    "invitation.do": ("Go in", "Eintreten"),
}
