import autograd as ag
from nn.looking.flowchart import training_loop


def test_the_way_back_goes_to_the_next_batch_and_not_to_the_beginning():
    text = training_loop("en")
    assert "stop -- no --> batch" in text
    assert "--> init" not in text


def test_gradients_are_zeroed_before_backward():
    text = training_loop("en")
    places = [text.index(f"--> {step}[") for step in ("zero", "backward", "update")]
    assert places == sorted(places)


def test_it_is_told_in_the_language_in_force():
    ag.language("zh")
    try:
        assert "反向" in training_loop()
    finally:
        ag.language("en")
