import io
import subprocess
import sys

import pytest

from ml.foundation.progress import progress


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_silent_where_stderr_is_no_terminal(capsys):
    with progress(total=2, label="work") as bar:
        bar.advance()
        bar.describe("other")
    assert capsys.readouterr() == ("", "")


def test_rich_is_not_imported_to_draw_nothing():
    code = (
        "import sys\nfrom ml.foundation.progress import progress\n"
        "list(progress(label='x').over([1]))\nprint('rich' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_drawn_on_a_terminal_with_label_and_count(monkeypatch):
    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setenv("TERM", "xterm")
    with progress(total=2, label="[import] files") as bar:
        bar.advance(2)
    assert "[import] files" in screen.getvalue()
    assert "2/2" in screen.getvalue()


def test_over_gives_the_items_and_counts_them(monkeypatch):
    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setenv("TERM", "xterm")
    assert list(progress(label="items").over([3, 4])) == [3, 4]
    assert "2/2" in screen.getvalue()


def test_the_time_left_is_told_where_an_end_is_known(monkeypatch):
    for total, told in ((2, True), (None, False)):
        screen = Terminal()
        monkeypatch.setattr(sys, "stderr", screen)
        monkeypatch.setenv("TERM", "xterm")
        with progress(total=total, label="files") as bar:
            bar.advance()
        assert ("left" in screen.getvalue()) is told


def test_an_unknown_total_is_drawn_too(monkeypatch):
    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setenv("TERM", "xterm")
    assert list(progress(label="stream").over(iter([1, 2, 3]))) == [1, 2, 3]
    assert "3/?" in screen.getvalue()


def test_an_exception_ends_the_bar_and_passes(monkeypatch):
    monkeypatch.setattr(sys, "stderr", Terminal())
    with pytest.raises(KeyError), progress(total=1, label="x"):
        raise KeyError


def test_no_stderr_at_all_is_no_error(monkeypatch):
    monkeypatch.setattr(sys, "stderr", None)
    with progress(total=1, label="x") as bar:
        bar.advance()
