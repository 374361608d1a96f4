import logging
import subprocess
import sys

import pytest

from ml.foundation.errors import SettingsError
from ml.foundation.log import logger, setup


@pytest.fixture(autouse=True)
def as_before():
    handlers, level = list(logger.handlers), logger.level
    yield
    logger.handlers[:] = handlers
    logger.setLevel(level)


def test_a_library_is_silent():
    code = "from ml.foundation.log import logger; logger.error('x')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr == ""


def test_setup_writes_to_stderr_from_its_level_on(capsys):
    setup("info")
    logger.debug("quiet")
    logging.getLogger("ml.data").info("said")
    out, err = capsys.readouterr()
    assert out == ""
    assert "INFO ml.data: said" in err
    assert "quiet" not in err


def test_setup_twice_says_things_once(capsys):
    setup("ERROR")
    setup("WARNING")
    logger.warning("once")
    assert capsys.readouterr().err.count("once") == 1


def test_an_unknown_level_is_named():
    with pytest.raises(SettingsError, match="did you mean 'WARNING'"):
        setup("warnin")
