"""What time it is where most people of a country live."""

from __future__ import annotations

# Hours ahead of UTC in winter, by ISO 3166 code, for the zone in which most of a country's people live (IANA time zone
# database). Summer time moves an hour by one, which a time of day of several hours bears.
_COUNTRIES: dict[float, str] = {
    -8: "PN",
    -6: "US MX CR GT HN NI SV BZ",
    -5: "CA CO PE EC PA JM CU HT BS KY TC",
    -4: "VE BO DO PR TT BB GY CW AW BM GP MQ",
    -3: "BR AR CL UY PY SR GF FK",
    -2: "GL",
    0: "GB IE PT IS GH SN CI ML BF GM GN SL LR TG MR FO",
    1: "DE AT CH FR ES IT NL BE LU DK NO SE PL CZ SK HU SI HR BA RS ME MK AL MT MC LI SM VA AD XK GI NG CM DZ TN MA "
    "AO CD GA CG BJ NE TD CF",
    2: "FI EE LV LT UA RO BG GR CY MD IL PS LB JO EG LY ZA ZW ZM MZ BW NA MW RW BI SD LS SZ",
    3: "RU TR BY SA IQ KW QA BH YE SY ET KE TZ UG SO DJ ER MG",
    3.5: "IR",
    4: "AE OM GE AM AZ MU SC RE",
    4.5: "AF",
    5: "PK UZ TM TJ MV KZ",
    5.5: "IN LK",
    5.75: "NP",
    6: "BD BT KG",
    6.5: "MM",
    7: "TH VN KH LA ID",
    8: "CN HK MO TW SG MY PH BN MN",
    9: "JP KR KP TL",
    10: "AU PG GU",
    11: "SB NC VU",
    12: "NZ FJ",
    13: "TO WS",
}
_OFFSETS = {code: hours for hours, codes in _COUNTRIES.items() for code in codes.split()}


def utc_offset_h(country: str | None) -> float:
    """Give a country's local time minus UTC, in hours; 0 where it is not known.

    >>> utc_offset_h("DE"), utc_offset_h("IN"), utc_offset_h(None)
    (1, 5.5, 0)
    """
    return _OFFSETS.get(country or "", 0)
