"""Lines from pipes, files and terminals."""

from __future__ import annotations

import asyncio
import os

import pytest

from adapters.tryit.console_input import LONGEST, DescriptorLines


@pytest.fixture
def pipe():
    """A pipe: the end to read from, and the end to write to."""
    reading, writing = os.pipe()
    yield reading, writing
    os.close(reading)


@pytest.fixture
def terminal():
    """A terminal: the program's end, and the typing end."""
    typing, reading = os.openpty()
    yield reading, typing
    os.close(reading)
    os.close(typing)


async def everything(descriptor) -> list[str]:
    read = DescriptorLines(descriptor)
    lines = []
    while (line := await read()) is not None:
        lines.append(line)
    assert await read() is None
    return lines


@pytest.mark.parametrize(
    ("written", "lines"),
    [
        (b"", []),
        (b"\n", [""]),
        (b"one\ntwo\n", ["one", "two"]),
        (b"one\r\nthe last has no end", ["one", "the last has no end"]),
        ("é à ñ\n".encode(), ["é à ñ"]),
        (b"\xff\xfe\n", ["\udcff\udcfe"]),
    ],
)
async def test_a_pipe_is_read_line_by_line(pipe, written, lines):
    reading, writing = pipe
    os.write(writing, written)
    os.close(writing)
    assert await everything(reading) == lines


async def test_a_file_is_read_like_a_pipe(tmp_path):
    (tmp_path / "typed.txt").write_text("one\ntwo\n")
    with (tmp_path / "typed.txt").open() as file:
        assert await everything(file.fileno()) == ["one", "two"]


async def test_a_line_without_end_is_cut_before_it_fills_the_memory(tmp_path):
    (tmp_path / "zeros").write_bytes(bytes(LONGEST * 2))
    with (tmp_path / "zeros").open() as file:
        read = DescriptorLines(file.fileno())
        first = await read()
    assert first is not None
    assert LONGEST <= len(first) < LONGEST * 2


async def test_waiting_for_a_line_ends_when_it_is_told_to(pipe):
    reading, writing = pipe
    read = DescriptorLines(reading)
    waiting = asyncio.create_task(read())
    asyncio.get_running_loop().call_soon(read.stop)
    assert await waiting is None
    os.write(writing, b"too late\n")
    assert await read() is None
    os.close(writing)


async def test_lines_pasted_into_a_terminal_come_together_and_single_ones_alone(terminal):
    reading, typing = terminal
    read = DescriptorLines(reading)
    os.write(typing, b"one\ntwo\n\nfour\n")
    assert await read() == "one\ntwo\n\nfour"
    os.write(typing, b"alone\n")
    assert await read() == "alone"


async def test_keys_that_move_the_cursor_are_not_text(terminal):
    reading, typing = terminal
    os.write(typing, b"he\x1b[Allo\x1bOB\x1b[3~\n")
    assert await DescriptorLines(reading)() == "hello"


async def test_control_d_ends(terminal):
    reading, typing = terminal
    os.write(typing, b"\x04")
    assert await everything(reading) == []
