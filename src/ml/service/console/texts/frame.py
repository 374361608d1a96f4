"""The frame of every page, its states and its problems."""

from __future__ import annotations

from ml.service.console.texts.text import Texts

TEXTS: Texts = {
    "frame.skip": ("To the content", "Zum Inhalt"),
    "frame.home": ("ml, first page", "ml, Startseite"),
    "frame.pages": ("Pages", "Seiten"),
    "frame.languages": ("Language", "Sprache"),
    "frame.theme": ("Appearance", "Darstellung"),
    "frame.log_out": ("Log out", "Abmelden"),
    "frame.close": ("Close", "Schließen"),
    "frame.undo": ("Undo", "Rückgängig"),
    "frame.demo": (
        "This is the made-up demo world: its listeners, tracks and numbers are synthetic.",
        "Das ist die erfundene Demo-Welt: ihre Hörer, Titel und Zahlen sind künstlich.",
    ),
    "theme.auto": ("As the system", "Wie das System"),
    "theme.light": ("Light", "Hell"),
    "theme.dark": ("Dark", "Dunkel"),
    "role.admin": ("Admin", "Admin"),
    "role.analyst": ("Analyst", "Analyst"),
    "role.service": ("Program", "Programm"),
    "role.listener": ("Listener", "Hörer"),
    "state.once": (
        "It is shown now and never again: only a hash of it is kept.",
        "Er wird jetzt gezeigt und nie wieder: behalten wird nur ein Hash.",
    ),
    "state.copy": ("Copy", "Kopieren"),
    "state.copied": ("Copied", "Kopiert"),
    "state.waiting": ("Loading …", "Wird geladen …"),
    "problem.hint": ("What to do:", "Was hilft:"),
    "problem.again": ("Try again", "Noch einmal"),
    "problem.over": ("Your session is over", "Deine Sitzung ist vorbei"),
    "problem.over_hint": (
        "log in again in another tab, then do this once more: what you have typed stays here",
        "melde dich in einem anderen Tab wieder an und versuche es dann noch einmal: was du getippt hast, bleibt hier",
    ),
    "problem.log_in": ("Log in", "Anmelden"),
    "problem.request": ("Request", "Anfrage"),
    "problem.away": ("The service does not answer", "Der Dienst antwortet nicht"),
    "problem.away_hint": (
        "see whether this device is in the network; if it is, ask whoever runs the service",
        "sieh nach, ob dieses Gerät im Netz ist; wenn ja, frag, wer den Dienst betreibt",
    ),
    "missing.title": ("There is no such page", "Diese Seite gibt es nicht"),
    "missing.words": (
        "The address may be misspelt, or what it led to is gone.",
        "Die Adresse ist vielleicht verschrieben, oder was dort war, ist weg.",
    ),
    "missing.search": ("Look for music", "Musik suchen"),
    "missing.log_in": ("To the log-in", "Zur Anmeldung"),
    "refused.title": ("This page is not for your role", "Diese Seite ist nicht für deine Rolle"),
    "refused.words": (
        "You are logged in, but your role may not open it. An admin can give you another one.",
        "Du bist angemeldet, aber deine Rolle darf sie nicht öffnen. Ein Admin kann dir eine andere geben.",
    ),
    "refused.back": ("To your first page", "Zu deiner ersten Seite"),
}
