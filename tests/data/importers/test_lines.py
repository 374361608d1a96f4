"""Whole lines, numbered, in bounded memory."""

import time

from hypothesis import given
from hypothesis import strategies as st

from ml.data.importers import lines as module
from ml.data.importers.lines import LineReader


@given(st.binary(max_size=200) | st.text("a\r\n", max_size=200).map(str.encode), st.integers(1, 7), st.integers(1, 5))
def test_the_lines_together_are_the_file(content, size, rows):
    chunks = [content[start : start + size] for start in range(0, len(content), size)]
    stretches = list(LineReader(chunks).stretches(rows))
    assert b"".join(stretch.data for stretch in stretches) == content
    assert all(len(stretch.ends) <= rows for stretch in stretches)
    numbers = [stretch.first + index for stretch in stretches for index in range(len(stretch.ends))]
    assert numbers == list(range(1, len(numbers) + 1))
    assert not any(stretch.final for stretch in stretches[:-1])
    lines = [line for stretch in stretches for line in stretch.lines()]
    assert b"".join(lines) == content
    assert len(lines) == len(numbers)


def test_lines_can_be_put_back():
    reader = LineReader([b"1\n2\n3\n4"])
    reader.take(2)
    stretch = reader.take(2)
    reader.put_back(b"4")
    assert (stretch.data, stretch.first) == (b"3\n4", 3)
    assert reader.take(2).first == 4


def test_lines_put_back_count_again():
    reader = LineReader([b"1\n2\n", b"3\n4\n5\n"])
    assert reader.take(2).data == b"1\n2\n"
    reader.put_back(b"1\n2\n")
    assert [(s.data, s.first, s.final) for s in (reader.take(3), reader.take(3))] == [
        (b"1\n2\n3\n", 1, False),
        (b"4\n5\n", 4, True),
    ]


def test_a_line_is_found_by_its_number():
    stretch = LineReader([b"one\r\ntwo\n" + b"x" * 5000]).take(9)
    assert [stretch.text(number) for number in (1, 2)] == ["one", "two"]
    assert stretch.text(3) == "x" * module.EXCERPT_CHARACTERS


def test_a_monstrous_line_takes_no_memory_and_keeps_its_number():
    taken = 0

    def chunks():
        nonlocal taken
        yield b"first\n"
        for _ in range(200):
            taken += 1
            yield b"x" * 1000
        yield b"\nlast\n"

    reader = LineReader(chunks(), max_line=5000)
    stretches = [reader.take(1) for _ in range(3)]
    assert taken == 200
    assert [stretch.first for stretch in stretches] == [1, 2, 3]
    assert 5000 < stretches[1].longest <= 6001
    assert stretches[2].data == b"last\n"


def test_an_endless_line_takes_linear_time():
    begun = time.process_time()
    reader = LineReader((b"x" * 10_000 for _ in range(20_000)), max_line=16 << 20, size=1 << 20)
    (stretch,) = reader.stretches(10)
    assert 16 << 20 < len(stretch.data) < 17 << 20
    assert time.process_time() - begun < 20


def test_a_stretch_ends_where_its_size_is_reached():
    reader = LineReader([b"12\n4", b"5\n7\n"] * 3, size=5)
    assert [(s.data, s.first) for s in reader.stretches(100)][:2] == [(b"12\n45\n7\n", 1), (b"12\n45\n7\n", 4)]


def test_an_excerpt_is_short_and_has_no_line_end():
    assert module.excerpt("é".encode() * 5000) == "é" * module.EXCERPT_CHARACTERS
    assert module.excerpt("a\r\n") == "a"
