import pytest

import nn


def test_a_text_comes_back():
    tokenizer = nn.CharTokenizer(["emma", "olivia"])
    assert tokenizer.decode(tokenizer.encode("olivia")) == "olivia"
    assert tokenizer.encode("am") == [tokenizer.boundary, 0, 4, tokenizer.boundary]
    assert tokenizer.size == len(set("emmaolivia")) + 1


def test_an_unknown_letter_is_named():
    with pytest.raises(ValueError, match="the tokenizer does not know 'z' in 'liz': it was made from 'il'"):
        nn.CharTokenizer(["il"]).encode("liz")
