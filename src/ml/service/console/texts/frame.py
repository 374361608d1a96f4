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
    "frame.some_listener": ("source:name", "quelle:name"),
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
    "problem.request": ("Request", "Anfrage"),
    "problem.away": ("The service does not answer", "Der Dienst antwortet nicht"),
    "problem.away_hint": (
        "see whether “ml serve” is running, and whether this device is in the network",
        "sieh nach, ob „ml serve“ läuft und dieses Gerät im Netz ist",
    ),
    "refused.title": ("This page is not for your role", "Diese Seite ist nicht für deine Rolle"),
    "refused.words": (
        "You are logged in, but your role may not open it. An admin can give you another one.",
        "Du bist angemeldet, aber deine Rolle darf sie nicht öffnen. Ein Admin kann dir eine andere geben.",
    ),
    "refused.back": ("To your first page", "Zu deiner ersten Seite"),
}
