"""One's own account."""

from __future__ import annotations

from ml.service.console.texts.text import Texts

TEXTS: Texts = {
    "account.title": ("Account", "Konto"),
    "account.sessions": ("Where you are logged in", "Wo du angemeldet bist"),
    "account.sessions_lead": (
        "Each browser in which you logged in. One of them is not yours? Log out there, and change your password.",
        "Jeder Browser, in dem du dich angemeldet hast. Einer ist dir fremd? Dort abmelden, Passwort ändern.",
    ),
    "account.since": ("Since", "Seit"),
    "account.seen": ("Last seen", "Zuletzt gesehen"),
    "account.ends": ("Ends at the latest", "Endet spätestens"),
    "account.here": ("this browser", "dieser Browser"),
    "account.end": ("Log out there", "Dort abmelden"),
    "account.end_this": ("Log out where you logged in {at}", "Abmelden, wo du dich {at} angemeldet hast"),
    "account.ended": ("Logged out there", "Dort abgemeldet"),
    "account.others": ("Log out everywhere else", "Überall sonst abmelden"),
    "account.others_ended": ("You are logged in here only", "Du bist nur noch hier angemeldet"),
    "account.everywhere": ("Log out everywhere", "Überall abmelden"),
    "account.factor": ("Second factor", "Zweiter Faktor"),
    "account.factor_lead": (
        "A code that an app on your phone makes is asked for beside your password. Any app for TOTP will do.",
        "Neben dem Passwort wird ein Code verlangt, den eine App auf deinem Telefon macht. Jede App für TOTP taugt.",
    ),
    "account.factor_needed": (
        "Admins need a second factor here. Until yours is set up, you can do nothing else.",
        "Admins brauchen hier einen zweiten Faktor. Bis deiner eingerichtet ist, kannst du nichts anderes tun.",
    ),
    "account.on": ("set up", "eingerichtet"),
    "account.off": ("not set up", "nicht eingerichtet"),
    "account.codes_left": ("Recovery codes left: {n}.", "Übrige Wiederherstellungscodes: {n}."),
    "account.begin": ("Set up", "Einrichten"),
    "account.scan": (
        "Have the app look at this code, then type the six digits that it shows.",
        "Lass die App diesen Code ansehen und gib dann die sechs Ziffern ein, die sie zeigt.",
    ),
    "account.qr": (
        "QR code for the app; the key below says the same",
        "QR-Code für die App; der Schlüssel darunter sagt dasselbe",
    ),
    "account.secret": ("The key for your app", "Der Schlüssel für deine App"),
    "account.secret_words": (
        "For an app that cannot see the code: add an account by hand and type this key.",
        "Für eine App, die den Code nicht sehen kann: füge von Hand ein Konto mit diesem Schlüssel hinzu.",
    ),
    "account.open_app": ("Open an app on this device", "Eine App auf diesem Gerät öffnen"),
    "account.confirm": ("Confirm", "Bestätigen"),
    "account.codes": ("Recovery codes", "Wiederherstellungscodes"),
    "account.codes_words": (
        "Write them down: each gets you in once if the app is lost. They are never shown again.",
        "Schreib sie auf: jeder lässt dich einmal ein, wenn die App verloren ist. Sie werden nie wieder gezeigt.",
    ),
    "account.written": ("I have written them down", "Ich habe sie aufgeschrieben"),
    "account.remove": ("Remove", "Entfernen"),
    "account.password": ("Your password", "Dein Passwort"),
    "account.password_lead": (
        "All sessions end with the old one; this browser stays logged in.",
        "Mit dem alten enden alle Sitzungen; dieser Browser bleibt angemeldet.",
    ),
    "account.password_changed": (
        "The password is changed; you are logged in here only",
        "Das Passwort ist geändert; du bist nur noch hier angemeldet",
    ),
    "account.old": ("Old password", "Altes Passwort"),
    "account.password_do": ("Change it", "Ändern"),
}
