"""Names as people misspell them, drawn by a seed."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping

LETTERS = "abcdefghijklmnopqrstuvwxyz"
#: Letters beside each other on the keyboards that English and German are typed on.
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_NEAR: Mapping[str, str] = {
    letter: "".join(row[place + step] for step in (-1, 1) if 0 <= place + step < len(row))
    for row in _ROWS
    for place, letter in enumerate(row)
}
#: Spellings that sound alike.
_SOUNDS = (
    *(("ph", "f"), ("f", "ph"), ("ck", "k"), ("c", "k"), ("k", "c"), ("ie", "ei"), ("ei", "ie"), ("y", "i")),
    *(("i", "y"), ("th", "t"), ("s", "z"), ("z", "s"), ("ea", "ee"), ("ou", "u"), ("gh", "g"), ("v", "w"), ("w", "v")),
    *((letter * 2, letter) for letter in "lmnprst"),
)

Edit = Callable[[str, random.Random], str]


def budget(name: str) -> int:
    """Give how many edits a name may get: one for every four of its letters.

    >>> budget("abba"), budget("radiohead"), budget("the beatles")
    (1, 2, 2)
    """
    return max(sum(sign != " " for sign in name) // 4, 1)


def changed(name: str, rng: random.Random) -> str:
    """Put another letter in the place of one, that beside it on the keyboard in half of the cases."""
    place = rng.randrange(len(name))
    near = _NEAR.get(name[place], "")
    return name[:place] + rng.choice(near if near and rng.random() < 0.5 else LETTERS) + name[place + 1 :]


def dropped(name: str, rng: random.Random) -> str:
    """Leave a letter out."""
    place = rng.randrange(len(name))
    return name[:place] + name[place + 1 :]


def added(name: str, rng: random.Random) -> str:
    """Put a letter in; in half of the cases one is typed twice."""
    place = rng.randrange(len(name))
    return name[:place] + (name[place] if rng.random() < 0.5 else rng.choice(LETTERS)) + name[place:]


def swapped(name: str, rng: random.Random) -> str:
    """Let two neighbours change places."""
    place = rng.randrange(max(len(name) - 1, 1))
    return name[:place] + name[place : place + 2][::-1] + name[place + 2 :]


def at_the_beginning(name: str, rng: random.Random) -> str:
    """Misspell the first letter."""
    how = rng.choice(("changed", "dropped", "added", "swapped"))
    return {
        "changed": rng.choice(LETTERS) + name[1:],
        "dropped": name[1:],
        "added": rng.choice(LETTERS) + name,
        "swapped": name[:2][::-1] + name[2:],
    }[how]


def by_ear(name: str, rng: random.Random) -> str:
    """Write a sound in another way; a letter is changed where none is there."""
    there = [(one, other) for one, other in _SOUNDS if one in name]
    if not there:
        return changed(name, rng)
    one, other = rng.choice(there)
    return name.replace(one, other, 1)


def joined_or_split(name: str, rng: random.Random) -> str:
    """Join two words, or split one."""
    if " " in name:
        places = [place for place, sign in enumerate(name) if sign == " "]
        place = rng.choice(places)
        return name[:place] + name[place + 1 :]
    place = rng.randrange(1, len(name))
    return f"{name[:place]} {name[place:]}"


KINDS: Mapping[str, Edit] = {
    "changed": changed,
    "dropped": dropped,
    "added": added,
    "swapped": swapped,
    "first": at_the_beginning,
    "by_ear": by_ear,
    "joined": joined_or_split,
}


def misspelt(name: str, kind: str, rng: random.Random) -> str:
    """Misspell a name by a kind, and then, within its budget, by as many more edits as are drawn."""
    text = KINDS[kind](name, rng)
    for _ in range(rng.randint(0, budget(name) - 1)):
        text = rng.choice((changed, dropped, added, swapped))(text, rng) if len(text) > 1 else text
    return text
