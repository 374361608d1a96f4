"""What explanations say, in English and in German, beside the phrases of :mod:`ml.recommendation_engine.words`."""

from __future__ import annotations

from collections.abc import Mapping

#: English and German by the name of the phrase.
EXPLAINED: Mapping[str, tuple[str, str]] = {
    # What signals are about: said to the listener and of them.
    "about listeners": ("what similar listeners play", "was ähnliche Hörer hören"),
    "about blend": ("all models of the hybrid together", "alle Modelle des Hybriden zusammen"),
    "about group": ("what listeners of the same kind like", "was Hörer derselben Art mögen"),
    "about content": ("its genres, tags and sound", "seine Genres, Schlagworte und sein Klang"),
    "about popularity": ("popularity", "Beliebtheit"),
    "about lately": ("how much it is played of late", "wie viel es zuletzt gehört wird"),
    "about country": ("popularity in the listener's country", "Beliebtheit im eigenen Land"),
    "about skips": ("how often it is skipped", "wie oft es übersprungen wird"),
    "about age": ("the age of the release", "das Alter der Veröffentlichung"),
    "about artist": ("how much of the artist was played", "wie viel vom Interpreten gehört wurde"),
    "about habits": ("how much and how varied the listening is", "wie viel und wie abwechslungsreich gehört wird"),
    "about repeats": ("how often and when it was played", "wie oft und wann es gehört wurde"),
    "about sequence": ("what was played last", "was zuletzt gehört wurde"),
    "about other": ("another model", "ein weiteres Modell"),
    # An explanation.
    "rank_new": (
        "rank {rank} of {n} new items, by {algorithm}",
        "Rang {rank} von {n} neuen Stücken, nach {algorithm}",
    ),
    "rank_new_one": (
        "rank {rank} of {n} new item, by {algorithm}",
        "Rang {rank} von {n} neuen Stück, nach {algorithm}",
    ),
    "rank_familiar": (
        "rank {rank} of {n} familiar items, by replay",
        "Rang {rank} von {n} vertrauten Stücken, nach replay",
    ),
    "rank_familiar_one": (
        "rank {rank} of {n} familiar item, by replay",
        "Rang {rank} von {n} vertrauten Stück, nach replay",
    ),
    "place": ("place {place} of the list of {count}", "Platz {place} der Liste von {count}"),
    "no_place": ("not in the list of {count}", "nicht in der Liste von {count}"),
    "capped": (
        "the list takes at most {cap} by one artist, and {titles} are before it",
        "die Liste nimmt höchstens {cap} je Interpret, und davor stehen {titles}",
    ),
    "capped_one": (
        "the list takes at most {cap} by one artist, and {titles} is before it",
        "die Liste nimmt höchstens {cap} je Interpret, und davor steht {titles}",
    ),
    "refused block": ("not offered: you blocked it on {day}", "nicht angeboten: du hast es am {day} gesperrt"),
    "refused block artist": (
        "not offered: you blocked {artist} on {day}",
        "nicht angeboten: du hast {artist} am {day} gesperrt",
    ),
    "refused dislike": ("not offered: you disliked it on {day}", "nicht angeboten: du hast es am {day} abgelehnt"),
    "refused dislike artist": (
        "not offered: you disliked {artist} on {day}",
        "nicht angeboten: du hast {artist} am {day} abgelehnt",
    ),
    "refused not_now": (
        "not offered before {until}: on {day} you did not want it now",
        "nicht angeboten vor {until}: am {day} wolltest du es gerade nicht",
    ),
    "refused not_now artist": (
        "not offered before {until}: on {day} you did not want {artist} now",
        "nicht angeboten vor {until}: am {day} wolltest du {artist} gerade nicht",
    ),
    "refused gone": ("not offered: it is no longer in the catalogue", "nicht angeboten: es ist nicht mehr im Katalog"),
    "filtered": (
        "not offered: the request leaves it out, by language, years or explicit words",
        "nicht angeboten: die Anfrage lässt es aus, nach Sprache, Jahren oder anstößigen Wörtern",
    ),
    "wish_fits": ("wished for: {wanted}; it has {has}", "gewünscht: {wanted}; es hat {has}"),
    "wish_misses": (
        "wished for: {wanted}; nothing says that it fits",
        "gewünscht: {wanted}; nichts sagt, dass es passt",
    ),
    "never_liked": (
        "not offered: it was skipped whenever it was played",
        "nicht angeboten: es wurde übersprungen, wann immer es kam",
    ),
    "lowered": (
        "early skips, of it or of its artist, and dislikes lower the score by {percent} %",
        "frühes Überspringen, des Stücks oder des Interpreten, und Ablehnen senken die Wertung um {percent} %",
    ),
    "for_it": ("for it: {names}", "dafür spricht: {names}"),
    "against_it": ("against it: {names}", "dagegen spricht: {names}"),
    "shares": ("what the score is made of: {names}", "woraus die Wertung besteht: {names}"),
    "share": ("{about} ({percent} %)", "{about} ({percent} %)"),
    "without": ("without {name}: rank {rank} → {without}", "ohne {name}: Rang {rank} → {without}"),
    "without_same": ("without {name}: still rank {rank}", "ohne {name}: weiter Rang {rank}"),
    "without_gone": ("without {name}: no longer ranked", "ohne {name}: nicht mehr in der Rangfolge"),
    "played_span": (
        "you played it {often}, first on {first}, last on {last}",
        "du hast es {often} gehört, zuerst am {first}, zuletzt am {last}",
    ),
    "as_new": (
        "had you never played it: rank {rank} of the new items",
        "hättest du es nie gehört: Rang {rank} der neuen Stücke",
    ),
    # The main parameters.
    "ranks": ("what is new to a listener is ranked by {algorithm}", "was für Hörer neu ist, ordnet {algorithm}"),
    "signals": (
        "in this order of importance: {names}",
        "in dieser Reihenfolge der Bedeutung: {names}",
    ),
    "param familiar_ratio": (
        "share of familiar items in a list, ranked by how often and how recently they were played",
        "Anteil vertrauter Stücke an einer Liste, geordnet danach, wie oft und wie kürzlich sie gehört wurden",
    ),
    "param max_per_artist": ("items of one artist in a list, at most", "Stücke eines Interpreten je Liste, höchstens"),
    "param session_strength": (
        "how loud what is played this moment speaks beside the whole history",
        "wie laut, was gerade gehört wird, neben dem ganzen Verlauf spricht",
    ),
    "param session_half_life_minutes": (
        "minutes after which it speaks half as loud",
        "Minuten, nach denen es halb so laut spricht",
    ),
    "param profiling": (
        "whether what is known of the listener is used, where the request does not say",
        "ob verwendet wird, was über den Hörer bekannt ist, wenn die Anfrage nichts dazu sagt",
    ),
    "param context": (
        "strength at which {part} counts where it is given, learned from listens; 0: not",
        "wie stark {part} zählt, wo angegeben, aus dem Hören gelernt; 0: gar nicht",
    ),
    "param own": (
        "how much more the listener's own plays in that {part} count where it is given, learned from listens",
        "wie viel mehr eigenes Hören zählt, das dazu passt: {part}, wo angegeben, aus dem Hören gelernt",
    ),
    "param mood": (
        "how much a mood counts where it is given, by publications",
        "wie viel eine Stimmung zählt, wo angegeben, nach Veröffentlichungen",
    ),
    "param min_tail_share": (
        "least share of the new items by the artists who are heard least",
        "kleinster Anteil der neuen Stücke von den Interpreten, die am wenigsten gehört werden",
    ),
    "param newcomer": (
        "known items up to which the listener's group keeps a voice",
        "bekannte Stücke, bis zu denen die Gruppe des Hörers eine Stimme behält",
    ),
    "param_line": ("{name} = {value}: {about}", "{name} = {value}: {about}"),
    "control dial": (
        "more of what is familiar or more of what is new, per request",
        "mehr Vertrautes oder mehr Neues, je Anfrage",
    ),
    "control wishes": (
        "the situation, genres, language, years and explicit words, per request",
        "Situation, Genres, Sprache, Jahre und anstößige Wörter, je Anfrage",
    ),
    "control no_profiling": (
        "an answer that uses nothing that is known of the listener",
        "eine Antwort, die nichts verwendet, was über den Hörer bekannt ist",
    ),
    "control pause": ("what is played is no longer kept", "was gehört wird, wird nicht mehr gespeichert"),
    "control block": (
        "a track or an artist is never offered again; dislike and not_now work in the same way",
        "ein Stück oder Interpret wird nie wieder angeboten; dislike und not_now wirken ebenso",
    ),
    "control undo": ("what was recorded is taken back", "was aufgezeichnet wurde, wird zurückgenommen"),
    "control explain": ("why an item is ranked where it is", "warum ein Stück steht, wo es steht"),
    "control_line": ("{how} – {about}", "{how} – {about}"),
    "controls": ("a listener can change this:", "Hörer können das ändern:"),
}
