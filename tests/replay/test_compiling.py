"""What is said while kernels are compiled, by a clock that the test moves on."""

import io
from itertools import count

import pytest

from autograd.replay import compiling


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self):
        return True


@pytest.fixture
def said(monkeypatch):
    """Give a function from a stream and the seconds each kernel takes to what is written."""

    def run(stream, seconds):
        now = [0.0]
        monkeypatch.setattr("sys.stderr", stream)
        monkeypatch.setattr(compiling.time, "perf_counter", lambda: now[0])
        notice = compiling.Compiling()
        for number, took in zip(count(), seconds):
            notice.begin(f"kernel{number}", len(seconds) - number)
            if stream.isatty():
                notice._move_on(Once(), len(seconds))
            now[0] += took
            notice.end()
        return stream.getvalue()

    return run


class Once:
    """An event that is set at the second look."""

    looks = 0

    def wait(self, _):
        self.looks += 1
        return self.looks > 1


def test_a_file_gets_one_line_at_the_beginning_and_the_true_time_after_what_took_long(said):
    assert said(io.StringIO(), [1.0, 2.0, 40.0, 1.0]) == (
        "autograd: compiling the replay kernels, once on this machine ...\n"
        "autograd: 3 kernels compiled in 43 s\n"
    )


def test_a_terminal_sees_a_bar_that_names_the_kernel_and_the_seconds(said, monkeypatch):
    monkeypatch.setattr(compiling, "PAUSE", 1e6)  # the thread never writes: the test does
    text = said(Terminal(), [2.0, 30.0])
    assert "once on this machine [                    ] 0 s, kernel0" in text
    assert "once on this machine [##########          ] 2 s, kernel1" in text
    assert text.endswith("autograd: 2 kernels compiled in 32 s\n")


def test_what_lies_on_disk_is_loaded_without_a_word(capsys):
    from autograd.replay.function import warm
    from autograd.replay.jit import is_compiled
    from autograd.replay.kernels import loops

    warm()
    before = len(compiling.OF_THIS_PROCESS.names)
    capsys.readouterr()
    warm()
    assert is_compiled(loops.run)
    assert len(compiling.OF_THIS_PROCESS.names) == before
    assert capsys.readouterr().err == ""
