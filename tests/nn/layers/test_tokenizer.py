import numpy as np
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


@pytest.mark.parametrize("token", [-1, 4, 1.0, True, "a", None], ids=repr)
def test_what_is_no_token_is_refused(token):
    t = nn.CharTokenizer(["abc"])
    assert t.decode(np.array([3, 0, 2, 3])) == "ac"
    with pytest.raises(ValueError, match=r"is none of this tokenizer: tokens are whole numbers from 0 to 3"):
        t.decode([0, token])
