import pytest

from nn.data import load_names, names


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


def test_a_file_that_is_not_utf_8_says_where(tmp_path):
    path = tmp_path / "latin.txt"
    path.write_bytes(b"zo\xeb\n")
    with pytest.raises(ValueError, match=r"latin\.txt is not UTF-8 text \(byte 2\)"):
        load_names(path)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"nowhere\.txt"):
        load_names(tmp_path / "nowhere.txt")
