import pytest

from nn.data import load_names, names, read_csv
from nn.data.files import _target_column

GOOD = 'height;"width, cm";kind\n1;2.5;cup\n\n-3e2; 4 ;"jar;\nbig"\n'


@pytest.fixture
def write(tmp_path):
    def write(text, encoding="utf-8"):
        path = tmp_path / "t.csv"
        path.write_bytes(text.encode(encoding))
        return path

    return write


def test_numbers_quotes_blanks_and_empty_lines_are_read(write):
    table = read_csv(write(GOOD), target="kind", delimiter=";")
    assert table.X == [[1.0, 2.5], [-300.0, 4.0]]
    assert table.y == ["cup", "jar;\nbig"]
    assert table.columns == ["height", "width, cm"]


def test_a_byte_order_mark_is_no_part_of_a_name(write):
    assert read_csv(write("a,b\n1,2\n", "utf-8-sig"), target="a").y == [1]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [(["0", "1"], [0, 1]), (["0", "1.5"], [0.0, 1.5]), (["-2", "+3"], [-2, 3]), (["no", "1"], ["no", "1"])],
)
def test_targets_are_int_float_or_text_as_a_whole(write, cells, expected):
    y = read_csv(write("y,x\n" + "".join(f"{cell},0\n" for cell in cells)), target="y").y
    assert y == expected
    assert [type(label) for label in y] == [type(label) for label in expected]


@pytest.mark.parametrize(
    ("text", "target", "message"),
    [
        ("a,b\n1,2\n3,four\n", "a", "line 3, column 'b': 'four' is not a finite number."),
        ("a,b\n1,2\n\n,4\n", "b", "line 4, column 'a': the cell is empty."),
        ("a,b\n1,nan\n", "a", "line 2, column 'b': 'nan' is not a finite number."),
        ("a,b\n1,1_000\n", "a", "line 2, column 'b': '1_000' is not a finite number."),
        ("a,b\n1,2\nx,2\n", "a", "line 3, column 'a': 'x' is not a finite number."),
        ("a,b\nx,2\n,2\n", "a", "line 3, column 'a': the cell is empty."),
        ("a,b\n1,2\n1,2,3\n", "a", "line 3: 3 cells, line 1 names 2 columns."),
        ("a,a\n1,2\n", "a", "line 1: the column name 'a' stands twice."),
        ("a,b\n1,2\n", "c", "has no column 'c'; it has 'a', 'b'."),
        ("a;b\n1;2\n", "a", "Its cells look separated by ';': add delimiter=';'."),
        ("a,b\n", "a", "holds no data: a line of column names and at least one row are needed."),
        ("", "a", "holds no data: a line of column names and at least one row are needed."),
        ('a,b\n1,"2\n', "a", "line 2: unexpected end of data."),
    ],
)
def test_every_fault_names_its_place(write, text, target, message):
    with pytest.raises(ValueError) as caught:  # noqa: PT011  the message is compared below
        read_csv(write(text), target=target)
    assert str(caught.value).endswith(message)
    assert "t.csv" in str(caught.value)


def test_a_file_that_is_not_utf_8_says_where(write):
    with pytest.raises(ValueError, match=r"t\.csv is not UTF-8 text \(byte 6\)"):
        read_csv(write("a,b\n1,\xe4\n", "latin-1"), target="a")


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"no\.csv"):
        read_csv(tmp_path / "no.csv", target="a")


def test_whole_targets_beyond_2_to_the_53_stay_apart(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("x,y\n1,9007199254740993\n2,9007199254740992\n3,-9007199254740993\n")
    assert read_csv(path, target="y").y == [9007199254740993, 9007199254740992, -9007199254740993]


def test_column_names_are_compared_once_each(tmp_path):
    class Name(str):
        compared = 0

        def __eq__(self, other):
            Name.compared += 1
            return str.__eq__(self, other)

        __hash__ = str.__hash__

    names = [Name(f"c{i}") for i in range(300)]
    assert _target_column("t.csv", names, "c299", ",") == 299
    assert Name.compared < 3000


def test_there_are_1000_different_names_of_the_letters_a_to_z():
    words = names()
    assert len(words) == len(set(words)) == 1000
    assert set("".join(words)) == set("abcdefghijklmnopqrstuvwxyz")


def test_a_file_gives_its_words_in_order_without_empty_lines(tmp_path):
    path = tmp_path / "words.txt"
    path.write_bytes("\ufeffZoë\r\n\r\n  max \n李\n".encode())
    assert load_names(path) == ["Zoë", "max", "李"]
    assert load_names(str(path)) == ["Zoë", "max", "李"]


def test_a_file_without_words_says_what_it_should_hold(tmp_path):
    path = tmp_path / "empty.txt"
    path.write_text("\n \n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"empty\.txt holds no names\. Write one a line\."):
        load_names(path)


def test_a_list_of_names_that_is_not_utf_8_says_where(tmp_path):
    path = tmp_path / "latin.txt"
    path.write_bytes(b"zo\xeb\n")
    with pytest.raises(ValueError, match=r"latin\.txt is not UTF-8 text \(byte 2\)"):
        load_names(path)


def test_a_missing_list_of_names_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"nowhere\.txt"):
        load_names(tmp_path / "nowhere.txt")
