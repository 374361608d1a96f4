"""Covers whose truth is known: drawn by a seed, and photographed as people do.

What
----
:func:`draw_cover` draws the cover of an album: textures like photographs, shapes, lettering, in one of twelve styles.
A *series* is one layout with another number, colour or title on each member (``member=0, 1, 2, …``), as labels make
them; its covers are near-identical. :func:`photographed` makes of a cover what a camera or a screen makes of it: other
perspective, rotation, crop, glare, blur, pixels of a display, JPEG. The demo world has its covers from here
(:func:`cover_of_track`), on demand; pictures are never kept.

Conventions
-----------
- Pictures are uint8 [shape=(height, width, 3)], RGB.
- Half of the styles are held out: ``held_out=True`` draws from that half alone, for a last measurement.
- Styles whose details repeat by the thousand (:mod:`~ml.data.demo.covers.repeating`) are drawn by name only.
- Lettering is the font that comes with Pillow, stretched, thickened and turned: same seed, same Pillow, same picture.

Verbs
-----
``draw_cover(seed, member=, change=, held_out=)`` → picture; ``photographed(cover, condition, rng)`` → picture;
``cover_of_track(world, track)`` → picture.
"""

from ml.data.demo.covers.camera import CONDITIONS, photographed
from ml.data.demo.covers.cover import CHANGES, cover_of_track, draw_cover, style_of
from ml.data.demo.covers.sheet import Picture

__all__ = ["CHANGES", "CONDITIONS", "Picture", "cover_of_track", "draw_cover", "photographed", "style_of"]
