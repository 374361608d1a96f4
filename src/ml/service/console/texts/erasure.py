"""The receipt of an erasure."""

from __future__ import annotations

from ml.service.console.texts.text import Texts

TEXTS: Texts = {
    "erased.title": ("{id} is erased", "{id} ist gelöscht"),
    "erased.title_own": ("You are erased", "Du bist gelöscht"),
    "erased.when": ("{at}: {n} entries, for good.", "{at}: {n} Einträge, endgültig."),
    "erased.what": ("What was erased", "Was gelöscht wurde"),
    "erased.count": ("Entries", "Einträge"),
    "erased.doors": (
        "Whoever got in as this listener no longer does: their account, keys and invitations went with them.",
        "Wer als dieser Hörer hereinkam, kommt nicht mehr herein: Konto, Schlüssel und Einladungen sind mit gelöscht.",
    ),
    "erased.no_doors": ("No account and no key was bound to them.", "Kein Konto und kein Schlüssel gehörte dazu."),
    "erased.shredded": (
        "Keys of encryption destroyed: {n}. Copies of what they sealed cannot be read any more.",
        "Vernichtete Schlüssel der Verschlüsselung: {n}. Kopien des damit Versiegelten sind nicht mehr lesbar.",
    ),
    "erased.learned": ("What learned from them", "Was daraus gelernt hat"),
    "erased.nothing_learned": ("No model and no snapshot.", "Kein Modell und kein Schnappschuss."),
    "erased.models": (
        "Models trained on what they heard: {names}. Train again, then remove these.",
        "Modelle, die am Gehörten gelernt haben: {names}. Trainiere neu und entferne dann diese.",
    ),
    "erased.snapshots": (
        "Snapshots that hold what they heard, under a number that leads to nobody: {n}.",
        "Schnappschüsse mit dem Gehörten, unter einer Nummer, die zu niemandem führt: {n}.",
    ),
    "erased.unclear": (
        "Models whose snapshot is gone, so that nobody can tell: {names}.",
        "Modelle, deren Schnappschuss fehlt, so dass es niemand sagen kann: {names}.",
    ),
    "erased.pseudonym": ("In the audit log they are", "Im Audit-Protokoll stehen sie als"),
    "erased.save": ("Download the receipt", "Beleg herunterladen"),
    "erased.leave": ("Leave", "Verlassen"),
    "erasedrow.listens": ("Listens", "Wiedergaben"),
    "erasedrow.play_counts": ("Play counts", "Zählungen"),
    "erasedrow.feedback": ("Likes and refusals", "Gefallen und Ablehnungen"),
    "erasedrow.blocks": ("Blocked tracks and artists", "Gesperrte Titel und Künstler"),
    "erasedrow.tags": ("Tags", "Schlagworte"),
    "erasedrow.exposures": ("Parts in experiments", "Teilnahmen an Experimenten"),
    "erasedrow.drafts": ("Mixed lists of experiments", "Gemischte Listen von Experimenten"),
    "erasedrow.outcomes": ("Outcomes of experiments", "Ergebnisse von Experimenten"),
    "erasedrow.friends": ("Friendships", "Freundschaften"),
    "erasedrow.playlists": ("Playlists", "Playlists"),
    "erasedrow.playlist_items": ("Entries of playlists", "Einträge von Playlists"),
    "erasedrow.playlist_recipes": ("Recipes of playlists", "Rezepte von Playlists"),
    "erasedrow.recipe_lists": ("Lists of recipes", "Listen von Rezepten"),
    "erasedrow.searches": ("Searches", "Suchen"),
    "erasedrow.saved_searches": ("Saved searches", "Gemerkte Suchen"),
    "erasedrow.jobs": ("Jobs", "Aufgaben"),
    "erasedrow.subjects": ("Profile", "Profil"),
    "erasedrow.users": ("Id of the listener", "Kennung des Hörers"),
    "erasedrow.accounts": ("Accounts", "Konten"),
    "erasedrow.sessions": ("Sessions", "Sitzungen"),
    "erasedrow.second_factors": ("Second factors", "Zweite Faktoren"),
    "erasedrow.invitations": ("Invitations", "Einladungen"),
    "erasedrow.api_keys": ("Keys for programs", "Schlüssel für Programme"),
}
