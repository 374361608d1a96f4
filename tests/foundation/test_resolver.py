import os
import threading

import pytest

from ml.foundation.resolver import Resolver


class App:
    def __init__(self):
        self.closed = False

    def close(self):
        self.closed = True


@pytest.fixture
def resolver():
    return Resolver()


def test_nothing_is_built_before_somebody_asks(resolver):
    built = []
    resolver.set_builder(lambda: built.append(1) or App())
    assert built == []
    assert resolver.current() is resolver.current()
    assert built == [1]


def test_without_a_builder_it_says_whose_fault_it_is(resolver):
    with pytest.raises(RuntimeError, match="no builder"):
        resolver.current()


def test_threads_that_ask_at_once_get_one_object(resolver):
    start, got, built = threading.Barrier(8), [], []

    def build():
        built.append(1)
        threading.Event().wait(0.02)
        return App()

    def ask():
        start.wait()
        got.append(resolver.current())

    resolver.set_builder(build)
    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(built) == 1
    assert len({id(app) for app in got}) == 1


def test_each_workspace_has_its_own(resolver):
    home = ["a"]
    resolver.set_builder(App, key=lambda: home[0])
    first = resolver.current()
    home[0] = "b"
    assert resolver.current() is not first
    home[0] = "a"
    assert resolver.current() is first


def test_a_failed_build_is_tried_again(resolver):
    answers = iter([ValueError("no"), None])

    def build():
        error = next(answers)
        if error:
            raise error
        return App()

    resolver.set_builder(build)
    with pytest.raises(ValueError, match="no"):
        resolver.current()
    assert isinstance(resolver.current(), App)


def test_a_builder_that_asks_for_itself_is_told(resolver):
    resolver.set_builder(resolver.current)
    with pytest.raises(RuntimeError, match="what it is building"):
        resolver.current()


def test_replace_is_seen_by_all_threads_and_ends(resolver):
    resolver.set_builder(App)
    mine, seen = App(), []
    with resolver.replace(mine) as app:
        thread = threading.Thread(target=lambda: seen.append(resolver.current()))
        thread.start()
        thread.join()
        assert app is mine
        with resolver.replace("inner"):
            assert resolver.current() == "inner"
        assert resolver.current() is mine
    assert seen == [mine]
    assert resolver.current() is not mine
    assert not mine.closed


def test_replace_ends_with_an_exception_too(resolver):
    resolver.set_builder(App)
    with pytest.raises(KeyError), resolver.replace("other"):
        raise KeyError
    assert resolver.current() != "other"


def test_replace_needs_no_builder(resolver):
    with resolver.replace("app"):
        assert resolver.current() == "app"


def test_reset_forgets_and_closes(resolver):
    resolver.set_builder(App)
    first = resolver.current()
    resolver.reset()
    assert first.closed
    assert resolver.current() is not first


def test_a_new_builder_replaces_what_the_old_one_made(resolver):
    resolver.set_builder(lambda: "old")
    assert resolver.current() == "old"
    resolver.set_builder(lambda: "new")
    assert resolver.current() == "new"


@pytest.mark.filterwarnings("ignore:This process")  # Python warns of forks beside threads
def test_a_forked_child_builds_its_own(resolver):
    resolver.set_builder(os.getpid)
    assert resolver.current() == os.getpid()
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(write, str(resolver.current() == os.getpid()).encode())
        os._exit(0)
    os.waitpid(child, 0)
    assert os.read(read, 10) == b"True"
    os.close(read)
    os.close(write)
