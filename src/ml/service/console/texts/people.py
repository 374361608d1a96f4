"""Keys and accounts."""

from __future__ import annotations

from ml.service.console.texts.text import Texts

TEXTS: Texts = {
    "people.title": ("Keys & accounts", "Schlüssel & Konten"),
    "people.accounts": ("Accounts", "Konten"),
    "people.name": ("Name", "Name"),
    "people.role": ("Role", "Rolle"),
    "people.listener": ("Listener", "Hörer"),
    "people.seen": ("Last log-in", "Zuletzt angemeldet"),
    "people.state": ("State", "Stand"),
    "people.active": ("active", "aktiv"),
    "people.disabled": ("disabled", "stillgelegt"),
    "people.enable": ("Enable", "Freigeben"),
    "people.disable": ("Disable", "Stilllegen"),
    "people.enable_this": ("Enable {name}", "{name} freigeben"),
    "people.disable_this": ("Disable {name}", "{name} stilllegen"),
    "people.factor": ("Second factor", "Zweiter Faktor"),
    "people.has_factor": ("set up", "eingerichtet"),
    "people.reset": ("Reset the factor", "Faktor entfernen"),
    "people.reset_this": ("Reset the second factor of {name}", "Den zweiten Faktor von {name} entfernen"),
    "people.reset_sure": ("Really reset it", "Wirklich entfernen"),
    "people.reset_sure_this": (
        "Really reset the second factor of {name}: their sessions end, and the password alone gets in",
        "Den zweiten Faktor von {name} wirklich entfernen: alle Sitzungen enden, und das Passwort allein genügt",
    ),
    "people.was_reset": (
        "{name} gets in with the password alone now",
        "{name} kommt jetzt mit dem Passwort allein hinein",
    ),
    "people.changed": ("Changed", "Geändert"),
    "people.invite": ("Invite somebody", "Jemanden einladen"),
    "people.invite_lead": (
        "A link that makes one account. Send it in a way that you trust.",
        "Ein Link, der ein Konto anlegt. Schick ihn auf einem Weg, dem du traust.",
    ),
    "people.invite_do": ("Make a link", "Link machen"),
    "people.invited": ("The link", "Der Link"),
    "people.links": ("Open links", "Offene Links"),
    "people.link": ("Link", "Link"),
    "people.until": ("Valid until", "Gültig bis"),
    "people.withdraw": ("Withdraw", "Zurückziehen"),
    "people.withdraw_this": ("Withdraw the link {id}", "Den Link {id} zurückziehen"),
    "people.keys": ("Keys of programs", "Schlüssel von Programmen"),
    "people.keys_lead": (
        "A program shows a key instead of a password: a player that scrobbles, a page that recommends.",
        "Ein Programm zeigt einen Schlüssel statt eines Passworts: ein Player, der meldet, eine Seite, die empfiehlt.",
    ),
    "people.expires": ("Expires", "Läuft ab"),
    "people.key_do": ("Make a key", "Schlüssel machen"),
    "people.new_token": ("Key of {name}", "Schlüssel von {name}"),
    "people.used": ("Last used", "Zuletzt benutzt"),
    "people.rotate": ("Renew", "Erneuern"),
    "people.rotate_this": ("Give {name} a new secret", "{name} ein neues Geheimnis geben"),
    "people.revoke": ("Revoke", "Sperren"),
    "people.revoke_this": ("Revoke the key {name}", "Den Schlüssel {name} sperren"),
    "people.revoked": (
        "The key is void from the next request on",
        "Der Schlüssel gilt ab der nächsten Anfrage nicht mehr",
    ),
    "people.no_keys": ("No keys", "Keine Schlüssel"),
    "people.no_keys_words": ("No program gets in yet.", "Noch kommt kein Programm hinein."),
    "key.active": ("valid", "gültig"),
    "key.expired": ("expired", "abgelaufen"),
    "key.revoked": ("revoked", "gesperrt"),
}
