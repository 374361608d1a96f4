"""What of a request is not understood: field by field, what is wrong with it and what is allowed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from http import HTTPStatus
from typing import Any, NamedTuple

from fastapi import Request
from fastapi.exceptions import RequestValidationError

from ml.foundation.errors import did_you_mean, meant
from ml.foundation.phrase import Phrase

#: So many fields are told of; a body of a thousand mistakes makes no document of a thousand.
MOST_FIELDS = 10
#: And so many in the one sentence that says what is wrong.
_IN_DETAIL = 3
_JSON, _FORM = "application/json", "multipart/form-data"


def _says(english: str, german: str) -> Mapping[Any, str]:
    return {"en": english, "de": german}


_TEXT = _says("has to be a text", "muss ein Text sein")
_WHOLE = _says("has to be a whole number", "muss eine ganze Zahl sein")
_NUMBER = _says("has to be a number", "muss eine Zahl sein")
_TRUTH = _says("has to be true or false", "muss true oder false sein")
_LIST = _says("has to be a list", "muss eine Liste sein")
_OBJECT = _says("has to be an object of names and values", "muss ein Objekt aus Namen und Werten sein")
_MOMENT = _says(
    "has to be a moment as in ISO 8601: 2026-01-31T12:00:00Z",
    "muss ein Zeitpunkt nach ISO 8601 sein: 2026-01-31T12:00:00Z",
)
_CHOICE = _says("has to be one of: {expected}", "muss eines davon sein: {expected}")
_DATE = _says("has to be a day: 2026-01-31", "muss ein Tag sein: 2026-01-31")
#: By pydantic's type of an error; in braces what it says of the case.
MISTAKES: Mapping[str, Mapping[Any, str]] = {
    "missing": _says("is missing", "fehlt"),
    "extra_forbidden": _says("there is no such field here", "ein solches Feld gibt es hier nicht"),
    **dict.fromkeys(("string_type", "string_sub_type", "string_unicode"), _TEXT),
    **dict.fromkeys(("int_type", "int_parsing", "int_from_float", "int_parsing_size"), _WHOLE),
    **dict.fromkeys(("float_type", "float_parsing", "decimal_type", "decimal_parsing"), _NUMBER),
    "finite_number": _says("has to be a finite number", "muss eine endliche Zahl sein"),
    **dict.fromkeys(("bool_type", "bool_parsing"), _TRUTH),
    **dict.fromkeys(("list_type", "tuple_type", "set_type", "frozen_set_type"), _LIST),
    **dict.fromkeys(("dict_type", "mapping_type", "model_type", "model_attributes_type", "dataclass_type"), _OBJECT),
    **dict.fromkeys(
        ("datetime_type", "datetime_parsing", "datetime_from_date_parsing", "datetime_object_invalid"), _MOMENT
    ),
    **dict.fromkeys(("date_type", "date_parsing", "date_from_datetime_parsing", "date_from_datetime_inexact"), _DATE),
    "timezone_aware": _says("needs a time zone, such as +00:00", "braucht eine Zeitzone, etwa +00:00"),
    "greater_than": _says("has to be above {gt}", "muss größer als {gt} sein"),
    "greater_than_equal": _says("has to be {ge} or more", "muss mindestens {ge} sein"),
    "less_than": _says("has to be below {lt}", "muss kleiner als {lt} sein"),
    "less_than_equal": _says("has to be {le} or less", "darf höchstens {le} sein"),
    "string_too_short": _says("needs at least {min_length} characters", "braucht mindestens {min_length} Zeichen"),
    "string_too_long": _says("may have {max_length} characters at most", "darf höchstens {max_length} Zeichen haben"),
    "too_short": _says("needs at least {min_length} entries", "braucht mindestens {min_length} Einträge"),
    "too_long": _says("may have {max_length} entries at most", "darf höchstens {max_length} Einträge haben"),
    "string_pattern_mismatch": _says("does not have the form of {pattern}", "hat nicht die Form {pattern}"),
    **dict.fromkeys(("literal_error", "enum"), _CHOICE),
    "value_error": _says("{error}", "{error}"),
}
_OTHERWISE = _says("is not taken: {said}", "wird so nicht angenommen: {said}")
_SEND_AGAIN = Phrase(
    _says(
        "correct it and send it again; /api/v1/openapi.json describes every field",
        "berichtige es und sende es noch einmal; /api/v1/openapi.json beschreibt jedes Feld",
    )
)


class Misread(NamedTuple):
    """What is wrong with a request."""

    status: int
    code: str
    detail: Phrase
    hint: str
    fields: list[tuple[str, Phrase]]
    more: int = 0


def misread(request: Request, error: RequestValidationError) -> Misread:
    """Say what of a request is not understood.

    Nothing that was sent is repeated, but the names of fields: it may be a secret.
    """
    found = list(error.errors())
    first, kind = found[0], request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if first["type"] == "json_invalid":
        return _broken(error.body, first)
    wanted = _kind_wanted(request, found)
    if wanted and kind and kind != wanted and not (wanted == _JSON and kind.endswith("+json")):
        says = _says("the body is {kind}, and {wanted} is wanted", "der Body ist {kind}, gebraucht wird {wanted}")
        hint = _says(
            "send it with the header Content-Type: {wanted}", "sende ihn mit dem Header Content-Type: {wanted}"
        )
        values = {"kind": kind[:100], "wanted": wanted}
        return Misread(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "wrong_content_type", Phrase(says, values), Phrase(hint, values), []
        )
    if first["type"] == "missing" and tuple(first["loc"]) == ("body",):
        says = _says("the body of the request is missing", "der Body der Anfrage fehlt")
        hint = _says(
            "send it as JSON; /api/v1/openapi.json describes it",
            "sende ihn als JSON; /api/v1/openapi.json beschreibt ihn",
        )
        return Misread(HTTPStatus.UNPROCESSABLE_ENTITY, "body_missing", Phrase(says), Phrase(hint), [])
    fields = [(place_of(each["loc"]), _mistake(each)) for each in found[:MOST_FIELDS]]
    pairs = [
        Phrase(_says("{field}: {said}", "{field}: {said}"), {"field": f, "said": s}) for f, s in fields[:_IN_DETAIL]
    ]
    joined = "; ".join(f"{{p{place}}}" for place in range(len(pairs)))
    detail = Phrase(_says(joined, joined), {f"p{place}": each for place, each in enumerate(pairs)})
    more = max(0, len(found) - MOST_FIELDS)
    return Misread(HTTPStatus.UNPROCESSABLE_ENTITY, "not_understood", detail, _hint(request, first), fields, more)


def place_of(parts: Sequence[Any]) -> str:
    """Name a field as whoever sent it knows it.

    >>> place_of(("body", "context", "activity")), place_of(("query", "count"))
    ('context.activity', 'count')
    """
    names = [str(part) for part in parts]
    return ".".join(names[1:] or names)


def _mistake(each: Mapping[str, Any]) -> Phrase:
    """Say what is wrong with one field, and what is allowed."""
    about = {name: _plain(value) for name, value in each.get("ctx", {}).items()}
    return Phrase(MISTAKES.get(each["type"], _OTHERWISE), about | {"said": str(each["msg"])})


def _plain(value: Any) -> Any:
    """Give what can stand in a sentence: limits with the digits they have."""
    return (
        value
        if isinstance(value, int) and not isinstance(value, bool)
        else f"{value:g}"
        if isinstance(value, float)
        else str(value)
    )


def _hint(request: Request, first: Mapping[str, Any]) -> str:
    """Say what to do about the first mistake."""
    if first["type"] != "extra_forbidden":
        return _SEND_AGAIN
    name, known = str(first["loc"][-1]), first.get("ctx", {}).get("known")
    if known:  # of a form
        near = get_close_matches(name, known, n=3)
        listed = did_you_mean("", known)
        return (
            Phrase({"en": "{near} {listed}", "de": "{near} {listed}"}, {"near": meant(near), "listed": listed})
            if near
            else listed
        )
    near = get_close_matches(name, _names(request, first["loc"]), n=3)
    return meant(near) if near else _SEND_AGAIN


def _names(request: Request, parts: Sequence[Any]) -> list[str]:
    """Give the fields that the body has at a place where one is that it has not."""
    field = getattr(request.scope.get("route"), "body_field", None)
    if field is None or tuple(parts[:-1]) != ("body",):
        return []
    return list(getattr(field.field_info.annotation, "model_fields", {}))


def _kind_wanted(request: Request, found: Sequence[Mapping[str, Any]]) -> str:
    """Give the kind of body that an operation takes, where none of that kind can have come."""
    if not any(each["loc"][0] == "body" for each in found):
        return ""
    params = request.scope["route"].dependant.body_params
    forms = any(type(each.field_info).__name__ in {"File", "Form"} for each in params)
    if forms:
        return _FORM
    return _JSON if tuple(found[0]["loc"]) == ("body",) else ""


def _broken(body: Any, first: Mapping[str, Any]) -> Misread:
    """Say where what should be JSON is none."""
    at = int(first["loc"][-1])
    before = body[:at] if isinstance(body, str) else ""
    line, column = before.count("\n") + 1, at - (before.rfind("\n") + 1) + 1
    values = {"line": line, "column": column, "why": str(first.get("ctx", {}).get("error", ""))}
    says = _says(
        "the body is no JSON, at line {line}, character {column}: {why}",
        "der Body ist kein JSON, in Zeile {line}, Zeichen {column}: {why}",
    )
    hint = _says("correct it there, and send it again", "berichtige ihn dort und sende ihn noch einmal")
    return Misread(HTTPStatus.UNPROCESSABLE_ENTITY, "json_invalid", Phrase(says, values), Phrase(hint), [])
