from nn.table import table


def test_words_stand_left_and_numbers_right():
    assert (
        table([("name", "count"), ("w", "1,200"), ("bias", "3")]) == "name  count\nw     1,200\nbias      3"
    )


def test_a_table_shows_itself_without_quotes():
    assert repr(table([("a",), ("b",)])) == "a\nb"
