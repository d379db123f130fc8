import functools

import pytest

import nn
from nn.fit.choices import is_mean, loss_of, metrics_of, optimizer_of


def test_a_loss_is_a_name_or_a_function():
    assert loss_of("mse") is loss_of("mean_squared_error") is nn.mse
    assert loss_of(nn.hinge) is nn.hinge


def test_an_unknown_name_is_told_with_the_known_ones():
    with pytest.raises(ValueError, match=r"loss 'squared' is not known: choose one of bce, .*mse"):
        loss_of("squared")
    with pytest.raises(ValueError, match=r"metric 'auc' is not known: choose one of accuracy, mae, mse, r2"):
        metrics_of(["auc"], nn.mse)
    with pytest.raises(ValueError, match=r"optimizer 'newton' is not known: choose one of adagrad, adam"):
        optimizer_of("newton", nn.Linear(1, 1).parameters())


def test_metrics_are_recorded_under_their_names():
    def bias(predictions, targets):
        return 0.0

    assert list(metrics_of(["mae", "acc", bias], nn.mse)) == ["mae", "accuracy", "bias"]


def test_accuracy_of_logits_counts_above_0():
    assert metrics_of(["accuracy"], nn.bce_with_logits)["accuracy"]([0.3, -0.3], [1, 0]) == 1.0
    assert metrics_of(["accuracy"], nn.bce)["accuracy"]([0.3, 0.9], [0, 1]) == 1.0


def test_an_optimizer_is_a_name_an_object_or_a_function_of_the_parameters():
    parameters = nn.Linear(1, 1).parameters()
    ready = nn.SGD(parameters, lr=0.5)
    assert isinstance(optimizer_of("adam", parameters), nn.Adam)
    assert optimizer_of(ready, parameters) is ready
    assert optimizer_of(lambda p: nn.SGD(p, lr=0.25), parameters).param_groups[0]["lr"] == 0.25


def test_an_optimizer_of_another_model_is_refused():
    other = nn.SGD(nn.Linear(1, 1).parameters())
    with pytest.raises(ValueError, match="the optimizer trains none of this model's 2 parameters"):
        optimizer_of(other, nn.Linear(1, 1).parameters())


def test_what_is_no_optimizer_is_refused():
    with pytest.raises(TypeError, match=r"optimizer must be a name such as 'adam', .*; got float"):
        optimizer_of(0.1, nn.Linear(1, 1).parameters())


def test_an_unknown_optimizer_is_told_when_it_is_chosen():
    with pytest.raises(ValueError, match="adamm"):
        nn.Sequential(nn.Linear(1, 1)).compile(optimizer="adamm")


LOGITS = [
    "bce_with_logits", nn.bce_with_logits, nn.BCEWithLogitsLoss(),
    nn.functional.binary_cross_entropy_with_logits,
    functools.partial(nn.bce_with_logits, reduction="mean"), functools.partial(nn.BCEWithLogitsLoss()),
    "hinge", nn.hinge, functools.partial(functools.partial(nn.hinge, reduction="sum")),
]  # fmt: skip


@pytest.mark.parametrize("loss", LOGITS, ids=range(len(LOGITS)))
def test_the_threshold_of_accuracy_follows_the_loss_however_it_is_given(loss):
    for metric in ("accuracy", "acc", nn.accuracy):
        accuracy = metrics_of([metric], loss_of(loss))["accuracy"]
        assert accuracy([0.2, 0.3, -0.2], [1, 1, -1 if "hinge" in str(loss) else 0]) == 1.0
    assert (
        metrics_of([functools.partial(nn.accuracy, threshold=0.25)], nn.hinge)["accuracy"]([0.2], [1]) == 0.0
    )


def test_what_is_a_mean_over_samples_follows_from_the_settings():
    assert is_mean(nn.cross_entropy)
    assert is_mean(nn.HuberLoss(delta=2.0))
    assert is_mean(functools.partial(nn.cross_entropy, label_smoothing=0.1))
    assert is_mean(nn.CrossEntropyLoss(ignore_index=-100)) is False
    assert is_mean(functools.partial(nn.MSELoss(reduction="sum"))) is False
    assert is_mean(lambda p, t: 2 * nn.mse(p, t)) is None


def test_a_class_in_the_place_of_its_object_is_refused():
    with pytest.raises(ValueError, match=r"loss .*MSELoss.* is not known: choose one of bce"):
        loss_of(nn.MSELoss)


def test_what_compile_is_given_is_checked_by_compile():
    model = nn.Linear(1, 1)
    with pytest.raises(TypeError, match=r"optimizer must be a name such as 'adam', .*; got float"):
        model.compile(optimizer=0.1)
    with pytest.raises(TypeError, match=r"penalty must be a function of the model, .* got float"):
        model.compile(penalty=0.1)
