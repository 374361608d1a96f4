"""Pictures of every kind, and what is none."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ml.data.images import read_picture
from ml.foundation.errors import BadInput

PIL = pytest.importorskip("PIL")
from PIL import Image  # noqa: E402


def saved(image: Image.Image, form: str, **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, form, **options)
    return file.getvalue()


def halves(mode: str = "RGB", size: tuple[int, int] = (64, 32)) -> Image.Image:
    """Red on the left, blue on the right."""
    image = Image.new("RGB", size, (220, 0, 0))
    image.paste((0, 0, 220), (size[0] // 2, 0, *size))
    return image.convert(mode)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF"])
def test_every_format_is_read_as_the_same_picture(form: str) -> None:
    picture = read_picture(saved(halves(), form))
    assert (picture.dtype, picture.shape) == (np.uint8, (32, 64, 3))
    assert np.abs(picture[16, 8].astype(int) - [220, 0, 0]).max() < 30
    assert np.abs(picture[16, 56].astype(int) - [0, 0, 220]).max() < 30


def test_a_file_turned_by_exif_is_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turn by 90 degrees
    picture = read_picture(saved(halves(), "JPEG", exif=exif))
    assert picture.shape == (64, 32, 3)
    assert picture[8, 16, 0] > 150
    assert picture[56, 16, 2] > 150


def test_cmyk_grey_and_palettes_become_rgb() -> None:
    assert read_picture(saved(halves("CMYK"), "JPEG"))[16, 8, 0] > 150
    assert read_picture(saved(halves("L"), "PNG")).shape == (32, 64, 3)
    assert read_picture(saved(halves("P"), "PNG"))[16, 56, 2] > 150


def test_what_is_transparent_lies_on_white() -> None:
    image = Image.new("RGBA", (32, 32), (0, 0, 0, 0))
    assert (read_picture(saved(image, "PNG")) == 255).all()


def test_sixteen_bits_are_scaled() -> None:
    ramp = np.linspace(0, 65_535, 64 * 64).reshape(64, 64).astype(np.uint16)
    picture = read_picture(saved(Image.fromarray(ramp), "PNG"))
    assert picture[0, 0, 0] < 5
    assert picture[-1, -1, 0] > 250
    assert 120 < picture[32, 0, 0] < 135


def test_of_an_animation_the_first_picture_counts() -> None:
    first, second = Image.new("RGB", (32, 32), (255, 0, 0)), Image.new("RGB", (32, 32), (0, 0, 255))
    data = saved(first, "GIF", save_all=True, append_images=[second], duration=50)
    assert read_picture(data)[0, 0].tolist() == [255, 0, 0]


def test_a_large_picture_is_given_smaller() -> None:
    assert max(read_picture(saved(halves(size=(4_000, 1_000)), "PNG")).shape) == 1_600


def bomb() -> bytes:
    """Claim 60,000 × 60,000 pixels in a few hundred bytes."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    heading = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", heading)
        + chunk(b"IDAT", zlib.compress(b"\0" * 100))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        pytest.param(b"", "empty", id="0 bytes"),
        pytest.param(b"no picture at all", "no picture", id="text"),
        pytest.param(saved(halves(size=(400, 400)), "JPEG")[:900], "damaged|no picture", id="cut short"),
        pytest.param(saved(halves(size=(1, 1)), "PNG"), "1 × 1 pixels", id="one pixel"),
        pytest.param(bomb(), "pixels", id="a bomb"),
        pytest.param(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "no picture", id="a program"),
    ],
)
def test_what_is_no_picture_is_said_to_be_none(data: bytes, complaint: str) -> None:
    with pytest.raises(BadInput, match=complaint):
        read_picture(data)


def test_files_that_are_not_there_are_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no such file"):
        read_picture(tmp_path / "none.jpg")
    with pytest.raises(BadInput, match="a folder"):
        read_picture(tmp_path)


SAMPLES = [saved(halves(), form) for form in ("JPEG", "PNG", "WEBP", "GIF", "TIFF", "BMP")]


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_any_bytes_are_a_picture_or_an_error(data: st.DataObject) -> None:
    if data.draw(st.booleans()):
        content = data.draw(st.binary(max_size=200))
    else:
        sample = bytearray(data.draw(st.sampled_from(SAMPLES)))
        for _ in range(data.draw(st.integers(1, 6))):
            sample[data.draw(st.integers(0, len(sample) - 1))] = data.draw(st.integers(0, 255))
        content = bytes(sample[: data.draw(st.integers(0, len(sample)))])
    try:
        picture = read_picture(content)
    except BadInput:
        return
    assert picture.dtype == np.uint8
    assert picture.shape[2] == 3
