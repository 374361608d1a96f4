"""Why rows are refused, and what is guessed of a file: every such sentence, by its code.

Conventions
-----------
A column of a frame that says what is wrong with its rows holds sentences *coded*
(:meth:`~ml.foundation.said.Said.coded`); a :class:`~ml.data.importers.base.Reject` reads them. What a library says is a
value of a sentence.
"""

from __future__ import annotations

from ml.foundation.said import Said, Sentences

REASONS = Sentences(
    {
        # Rows of any table, by their columns.
        "not_whole": "{column} is not a whole number",
        "not_duration": "{column} is not a duration",
        "not_flag": "{column} is neither true nor false",
        "not_year": "{column} is not a year",
        "not_time": "{column} is not a time",
        # What no row may say.
        "too_long": "{column} is longer than {most} characters",
        "negative_duration": "negative duration",
        "no_title": "no title and no id",
        "path_control": "the path holds control characters",
        "item_form": "the item's id is not of the form source:id",
        "negative_played": "negative playing time",
        "played_long": "played for longer than a day; is the playing time in milliseconds?",
        "no_date": "no date",
        "future": "dated in the future",
        "before_1970": "dated 1970 or before: the player's clock was not set",
        "no_listener": "no listener",
        "listener_form": "the listener's id is not of the form source:id",
        "no_plays": "no number of plays",
        "few_plays": "fewer than one play",
        "no_tag": "no tag",
        "no_value": "the feature has no finite value",
        "age_bounds": "an age outside 0–130",
        "no_friend": "no friend",
        "no_path": "no path",
        "no_content": "no content",
        "no_playlist": "no playlist",
        "nameless": "no title, no id and no file",
        # Lines that are no records.
        "line_long": "the line is longer than {most} bytes",
        "row_long": "the row is longer than {most} MiB",
        "not_encoding": "not {encoding}",
        "not_utf8": "not UTF-8; if the file is in another encoding, say which, such as cp1252 (--encoding)",
        "nul": "holds a NUL character",
        "open_quote": "a quote is not closed",
        "bad_quote": "bad quoting: {problem}",
        "fields": "{n} fields where {expected} are expected",
        "not_json": "not valid JSON ({problem})",
        "not_object": "not a JSON object",
        "open_string": "a text of this row is not closed",
        "cut_row": "this row never ends, so the file is truncated or a bracket is missing: nothing from here on"
        " was read",
        "trailing": "text after the end of the list",
        "not_numbers": "not whole numbers separated by single spaces",
        # Rows of exports.
        "no_user_id": "no user id",
        "no_id": "no id",
        "no_name": "no name",
        "no_friend_id": "no id of the friend",
        "not_weight": "the weight is not a whole number",
        "artist_not_in": "artist {id} is not in {file}",
        "tag_not_in": "tag {id} is not in {file}",
        "iso_time": "the time is not of the form 2009-05-04T23:08:57Z",
        "age_whole": "the age is not a whole number",
        "registered_day": "registered is not a day like Aug 13, 2006",
        "playing_now": "no date: what was playing when the export was made is no listen",
        "lastfm_date": "the date is neither seconds since 1970 nor of the form 11 Oct 2019 20:05",
        "playing_now_lb": "no listened_at: what was playing when the export was made is no listen",
        "listened_at": "listened_at is not a time in seconds since 1970",
        "end_time": "the end of the stream is not a time (YYYY-MM-DD HH:MM)",
        "not_music": "not music ({kind})",
        "no_track": "no track is named",
        "no_library_track": "no track is named (an episode, or a file on the listener's own disk)",
        "not_spotify": "no track of Spotify (spotify:track:…)",
        # Playlists and audio files.
        "not_text": "not text",
        "path_utf8": "the path is not valid UTF-8",
        "not_extinf": "no description: #EXTINF:SECONDS,ARTIST - TITLE",
        "not_length": "no length: {given}",
        "entry_object": "the entry is {found}, not an object",
        "not_ms": "duration is no number of milliseconds: {given}",
        "not_length_left": "duration is no length of time: {given}; read without it",
        "not_isrc": "isrc is none: {given}; read without it",
        "not_mbid": "mbid is no MusicBrainz id: {given}; read without it",
        "not_outside": "no source:id: {given}; read without it",
        "playlists_joined": "rows of {n} playlists ({names}), read as one list",
        "name_utf8": "the file's name is not valid UTF-8: rename it",
        "file_empty": "the file is empty (0 bytes)",
        "not_audio": "damaged, or not audio: no known format begins like this",
        "no_sound": "it holds no sound",
        "not_readable": "cannot be read: {problem}",
        "damaged_tags": "its tags or its structure are damaged ({problem})",
        "long_lyrics": "more than {most} bytes are no lyrics; the song is imported",
        # Why a table as a whole cannot be read, and what to do.
        "no_rows": "{file}: a header, but no rows below it",
        "no_rows_hint": "check that the export was complete",
        "table_empty": "{file}: the file is empty",
        "table_empty_hint": "export it again",
        "no_item": "{file}: no column tells which track or artist a row is about; the first line has {columns}",
        "no_item_hint": "say which column is what, such as user=listener,item=song_code,time=when (--map, or the field"
        " columns); a file without a header line needs one",
        # What was guessed.
        "epoch": "{column}: numbers are {unit} since 1970",
        "compact_dates": "{column}: numbers are dates, year month day",
        "month_first": "{column}: dates are month/day/year",
        "day_first": "{column}: dates are day/month/year",
        "day_first_unsure": "{column}: dates are day/month/year"
        " (nothing in the first rows tells them from month/day/year)",
        "units": "{column}: numbers are {unit}",
        "rating": "{column}: not read; each rated item counts as heard",
        "not_read": "not read: {columns}",
        "not_read_more": "not read: {columns} and {n} more",
        "taken_catalogue": "taken for a catalogue; if a row is a listen, say which columns are its time and its"
        " listener (--map time=…,user=…)",
        "perhaps_catalogue": "taken for listens of {user}, at the time in {column}; if that is something else, such"
        " as a release, say that there is no time (--map time=)",
        "perhaps_listens": "taken for a catalogue or a chart, though {column} could be when something was heard; if it"
        " is, say so (--map time={column})",
    }
)


def reason(code: str, **values: object) -> Said:
    """Say why a row is refused, or what was guessed."""
    return REASONS.say(code, **values)
