"""The audit log."""

from __future__ import annotations

from ml.service.console.texts.text import Texts

TEXTS: Texts = {
    "audit.title": ("Audit log", "Protokoll"),
    "audit.lead": (
        "Who did what, when and with what result. Listeners stand here under pseudonyms.",
        "Wer was wann tat, und mit welchem Ergebnis. Hörer stehen hier unter Pseudonymen.",
    ),
    "audit.whole": ("Is the log whole?", "Ist das Protokoll unversehrt?"),
    "audit.whole_lead": (
        "Each record has the hash of the one before: what was changed, removed or cut off is found.",
        "Jeder Eintrag trägt den Hash des vorigen: was geändert, entfernt oder abgeschnitten wurde, fällt auf.",
    ),
    "audit.verify": ("Verify", "Prüfen"),
    "audit.sound": ("whole", "unversehrt"),
    "audit.unsound": ("not whole", "versehrt"),
    "audit.counted": (
        "records: {records}, files: {files}, chains: {chains}",
        "Einträge: {records}, Dateien: {files}, Ketten: {chains}",
    ),
    "audit.records": ("Records", "Einträge"),
    "audit.when": ("When", "Wann"),
    "audit.who": ("Who", "Wer"),
    "audit.what": ("What", "Was"),
    "audit.whom": ("Of whom", "Über wen"),
    "audit.how": ("How", "Wie"),
    "audit.result": ("Result", "Ergebnis"),
    "audit.request": ("Request", "Anfrage"),
    "audit.any": ("any", "beliebig"),
    "audit.ok": ("done", "getan"),
    "audit.denied": ("refused", "verweigert"),
    "audit.begun": ("begun", "begonnen"),
    "audit.since": ("From", "Von"),
    "audit.until": ("To", "Bis"),
    "audit.show": ("Show", "Zeigen"),
    "audit.none": ("No records", "Keine Einträge"),
    "audit.none_words": ("Nothing was done that fits.", "Nichts Passendes wurde getan."),
}
