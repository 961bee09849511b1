"""Tables and JSON lines: what is wrong is told by its line, and what was written is read back exactly."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import InvalidInput
from bot.tablefile import (
    MOST_ROWS,
    Note,
    guarded,
    join_cell,
    read_json_lines,
    read_table,
    split_cell,
    unguarded,
    write_table,
)
from bot.textfile import LONGEST_LINE, lines, read_text, whole_file

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))


def table(path, known=("a", "b"), required=("a",)):
    return read_table(path, lambda name: name in known, required)


@given(texts)
def test_what_guards_a_cell_is_undone_exactly(cell):
    assert unguarded(guarded(cell)) == cell


@given(st.sampled_from(["=", "+", "-", "@", "\t", "\r", "'=", "''@"]), texts)
def test_no_cell_begins_like_a_formula(sign, rest):
    assert guarded(sign + rest) == "'" + sign + rest


@given(st.lists(texts.filter(bool)))
def test_a_list_in_one_cell_comes_back(items):
    assert split_cell(join_cell(items)) == tuple(items)


def test_a_list_written_by_hand_may_have_spaces():
    assert split_cell(" rpl ; tvet;; été ") == ("rpl", "tvet", "été")


@given(st.lists(st.tuples(texts, texts).filter(lambda row: any(cell.strip() for cell in row))))
def test_a_table_comes_back(tmp_path_factory, rows):
    target = io.StringIO()
    write_table(target, ("a", "b"), rows)
    path = tmp_path_factory.mktemp("table") / "t.csv"
    path.write_text(target.getvalue(), encoding="utf-8", newline="")
    assert [tuple(row.cells.values()) for row in table(path).rows] == rows


def test_cells_that_spreadsheets_would_run_are_written_as_text(tmp_path):
    target = io.StringIO()
    write_table(target, ("a",), [["=1+1"], ["+1"], ["-1"], ["@x"], ["\tx"], ["\rx"], ["plain"]])
    cells = [row[0] for row in csv.reader(io.StringIO(target.getvalue(), newline=""))][1:]
    assert cells == ["'=1+1", "'+1", "'-1", "'@x", "'\tx", "'\rx", "plain"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings_that_say_what_they_are_are_read(tmp_path, encoding):
    path = tmp_path / "t.csv"
    path.write_text("a,b\nvalidé,ñ\n", encoding=encoding)
    assert [row.cells for row in table(path).rows] == [{"a": "validé", "b": "ñ"}]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_spreadsheets_of_every_country_are_read(tmp_path, delimiter):
    path = tmp_path / "t.csv"
    path.write_text(f"\nA {delimiter} B\n1{delimiter}2\n\n3{delimiter}4\n", encoding="utf-8")
    assert [(row.line, *row.cells.values()) for row in table(path).rows] == [(3, "1", "2"), (5, "3", "4")]


def test_latin_1_names_the_line_and_says_how_to_save(tmp_path):
    path = tmp_path / "t.csv"
    path.write_bytes("a,b\nplain,x\nvalidé,y\n".encode("latin-1"))
    with pytest.raises(InvalidInput, match=r"Line 3 is not UTF-8.*“validé,y”.*CSV UTF-8"):
        list(table(path).rows)


def test_utf_16_without_its_mark_is_told(tmp_path):
    path = tmp_path / "t.csv"
    path.write_bytes("a,b\n1,2\n".encode("utf-16-le"))
    with pytest.raises(InvalidInput, match="UTF-16"):
        table(path)


def test_utf_16_cut_in_half_is_told(tmp_path):
    path = tmp_path / "t.csv"
    path.write_bytes("a,b\n1,2\n".encode("utf-16")[:-1])
    with pytest.raises(InvalidInput, match="cut off or damaged"):
        list(table(path).rows)


@pytest.mark.parametrize(
    ("body", "line", "said"),
    [
        ('"open,1\nnext,2\n', 2, "a quote is opened"),
        ('x,1\n"open" more,2\n', 3, "a quote is opened"),
        ("x,1\ny\nz,3\n", 3, "there are 1 cells"),
        ("x,1,2\n", 2, "there are 3 cells"),
        (f'"two\n{"x" * 5000}",1\nx,\0\n', 4, "NUL"),
    ],
)
def test_a_bad_row_is_told_by_its_line(tmp_path, body, line, said):
    path = tmp_path / "t.csv"
    path.write_text("a,b\n" + body, encoding="utf-8")
    found = [row for row in table(path).rows if isinstance(row, Note)]
    assert [note.line for note in found] == [line]
    assert said in found[0].text


@pytest.mark.parametrize(
    ("head", "said"),
    [("", "is empty"), ("b,c\n", "there is no “a”"), ("a,b,a\n", "“a” twice")],
)
def test_a_bad_first_line_is_told(tmp_path, head, said):
    path = tmp_path / "t.csv"
    path.write_text(head, encoding="utf-8")
    with pytest.raises(InvalidInput, match=said):
        table(path)


def test_columns_nobody_knows_are_named(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("a,notes\n1,2\n", encoding="utf-8")
    assert table(path).unknown == ("notes",)


def test_too_many_rows_are_given_up_without_reading_them_all(tmp_path):
    path = tmp_path / "t.csv"
    path.write_bytes(b"a\n" + b"x\n" * (2 * MOST_ROWS) + b"\xff")  # what is no text is never reached
    rows = table(path).rows
    for _number in range(MOST_ROWS):
        next(rows)
    with pytest.raises(InvalidInput, match="more than 10,000 rows"):
        next(rows)


def test_a_line_without_end_is_given_up(tmp_path):
    path = tmp_path / "t.txt"
    path.write_text("x" * (LONGEST_LINE + 1), encoding="utf-8")
    with pytest.raises(InvalidInput, match="Line 1 is longer"):
        list(lines(path))


@pytest.mark.parametrize("line", ["{", "[1]", '"x"', "[" * 100_000, '{"a": "\\ud800"}', '{"a": ["\\u0000"]}'])
def test_lines_that_hold_no_object_are_told(tmp_path, line):
    path = tmp_path / "t.jsonl"
    path.write_text('{"a": "\\\\u0000"}\n' + line + "\n", encoding="utf-8")
    first, second = read_json_lines(path)
    assert first == (1, {"a": "\\u0000"})
    assert isinstance(second, Note)
    assert second.line == 2


def test_files_that_cannot_be_opened_are_told(tmp_path):
    for path in (tmp_path, tmp_path / "none"):
        with pytest.raises(InvalidInput, match="cannot be read"):
            read_text(path)


def test_a_file_is_written_whole_or_not_at_all(tmp_path):
    path = tmp_path / "out.csv"
    path.write_text("before", encoding="utf-8")
    with pytest.raises(RuntimeError), whole_file(path) as target:
        target.write("half")
        raise RuntimeError
    assert [each.name for each in tmp_path.iterdir()] == ["out.csv"]
    assert path.read_text(encoding="utf-8") == "before"
    with whole_file(path) as target:
        target.write("after")
    assert path.read_text(encoding="utf-8") == "after"
    assert path.stat().st_mode & 0o077 == 0
    with pytest.raises(InvalidInput, match="could not be written"), whole_file(tmp_path / "none" / "x"):
        pass
