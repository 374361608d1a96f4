"""One's own account."""

from __future__ import annotations

from ml.service.console.texts.text import Texts

TEXTS: Texts = {
    "account.title": ("Account", "Konto"),
    "account.sessions": ("Where you are logged in", "Wo du angemeldet bist"),
    "account.sessions_lead": (
        "Each browser in which you logged in. One that you do not know: end it, and change your password.",
        "Jeder Browser, in dem du dich angemeldet hast. Kennst du einen nicht, beende ihn und ändere dein Passwort.",
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
    "account.password": ("Your password", "Dein Passwort"),
    "account.password_lead": (
        "All sessions end with the old one; this browser stays logged in.",
        "Mit dem alten enden alle Sitzungen; dieser Browser bleibt angemeldet.",
    ),
    "account.old": ("Old password", "Altes Passwort"),
    "account.password_do": ("Change it", "Ändern"),
}
