import pickle
import random

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.neural_network import MLPClassifier as SkMLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import check_estimator

import nn
from nn.estimators import MLPClassifier, MLPRegressor
from nn.fit.loop import Eager

# checks that scikit-learn itself leaves out here, and why
LEFT_OUT = {
    "check_array_api_input": "needs the environment variable SCIPY_ARRAY_API; arrays become lists here",
}
# as in scikit-learn's own MLP: an order of batches is drawn, so weights and copies train differently
UNEQUAL = {
    "check_sample_weight_equivalence_on_dense_data": "batches are drawn from other samples then",
}
# a short training is what most tests want
pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
QUICK = {"hidden_layer_sizes": (4,), "max_iter": 12, "learning_rate_init": 0.1, "batch_size": 16}
X, Y = (np.array(part) for part in nn.data.moons(60))


@pytest.mark.parametrize("kind", [MLPClassifier, MLPRegressor])
@pytest.mark.filterwarnings("ignore")  # the checks provoke warnings to see what an estimator does
def test_an_estimator_passes_the_checks_of_scikit_learn(kind):
    model = kind(random_state=0, **QUICK)
    found = check_estimator(model, on_fail=None, on_skip=None, expected_failed_checks=UNEQUAL)
    assert [(one["check_name"], one["exception"]) for one in found if one["status"] == "failed"] == []
    assert {one["check_name"] for one in found if one["status"] == "skipped"} <= set(LEFT_OUT)
    assert len([one for one in found if one["status"] == "passed"]) > 45


def test_a_clone_has_the_parameters_and_nothing_learned():
    model = MLPClassifier((3, 2), activation="tanh", alpha=0.5).fit(X[:8], Y[:8])
    copy = clone(model)
    assert copy.get_params() == model.get_params()
    assert not hasattr(copy, "model_")


def test_hidden_layers_are_built_as_asked():
    model = MLPClassifier((3, 2), max_iter=1).fit(X, Y)
    assert repr(model.model_) == (
        "Sequential(Linear(2 -> 3), ReLU(), Linear(3 -> 2), ReLU(), Linear(2 -> 2))"
    )


def test_classes_may_be_texts():
    words = np.where(Y == 1, "lower", "upper")
    model = MLPClassifier(random_state=0, **QUICK).fit(X, words)
    assert set(model.predict(X)) <= {"lower", "upper"}
    assert model.score(X, words) > 0.75
    np.testing.assert_allclose(model.predict_proba(X).sum(axis=1), 1.0)


def test_the_same_random_state_gives_the_same_predictions_and_leaves_random_alone():
    random.seed(5)
    expected = random.random()
    random.seed(5)
    first, second = (MLPClassifier(random_state=3, **QUICK).fit(X, Y).predict_proba(X) for _ in range(2))
    assert random.random() == expected
    np.testing.assert_array_equal(first, second)


def test_a_fitted_estimator_comes_back_from_pickle():
    model = MLPRegressor(random_state=0, **QUICK).fit(X, X[:, 0])
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(model)).predict(X), model.predict(X))


@pytest.mark.parametrize("kind", [MLPClassifier, MLPRegressor])
@pytest.mark.parametrize("pass_by_pass", [False, True])
def test_a_weight_of_2_is_a_sample_that_came_twice_and_only_ratios_count(kind, pass_by_pass):
    weights = np.tile([2.0, 0.0, 1.0], 20)
    repeated = np.repeat(np.arange(60), weights.astype(int))
    settings = {"random_state": 0, "batch_size": None, "shuffle": False, "max_iter": 5}

    def trained(places, **more):
        model = kind((4,), **settings)
        if not pass_by_pass:
            return model.fit(X[places], Y[places], **more)
        classes = {"classes": [0, 1]} if kind is MLPClassifier else {}
        return model.partial_fit(X[places], Y[places], **classes, **more)

    once, all_of_them = trained(repeated), np.arange(60)
    for scale in (1.0, 100.0):
        weighted = trained(all_of_them, sample_weight=scale * weights)
        np.testing.assert_allclose(weighted.predict(X), once.predict(X), rtol=1e-12)
        assert weighted.loss_curve_ == pytest.approx(once.loss_curve_, rel=1e-12)
        assert weighted.score(X, Y, sample_weight=weights) == pytest.approx(
            once.score(X[repeated], Y[repeated])
        )
    with pytest.raises(ValueError, match="at least one non-zero"):
        trained(all_of_them, sample_weight=np.zeros(60))


def test_weights_go_along_with_the_part_that_is_put_aside():
    weights = np.where(Y == 1, 1e-6, 1.0)
    model = MLPClassifier(random_state=0, early_stopping=True, **QUICK).fit(X, Y, sample_weight=weights)
    assert "val_loss" in model.history_
    assert (model.predict(X) == 0).mean() > 0.9


def test_a_table_of_pandas_leaves_its_names_and_other_names_are_refused():
    import pandas

    table = pandas.DataFrame(X, columns=["left", "right"])
    labels = pandas.Series(np.where(Y == 1, "one", "zero"), name="kind")
    model = MLPClassifier(random_state=0, **QUICK).fit(
        table, labels, sample_weight=pandas.Series(np.ones(60))
    )
    assert model.feature_names_in_.tolist() == ["left", "right"]
    assert model.classes_.tolist() == ["one", "zero"]
    assert model.n_iter_ == len(model.loss_curve_) == len(model.history_)
    assert model.score(table, labels) == (model.predict(table) == labels).mean()
    np.testing.assert_array_equal(model.predict_proba(table), model.predict_proba(pandas.DataFrame(table)))
    theirs = SkMLPClassifier(max_iter=1, random_state=0).fit(table, labels)
    errors = []
    for each in (model, theirs):
        with pytest.raises(ValueError, match="feature names should match") as caught:
            each.predict(table.rename(columns={"left": "up"}))
        errors.append(str(caught.value))
    assert errors[0] == errors[1]
    with pytest.warns(
        UserWarning, match="does not have valid feature names, but MLPClassifier was fitted with"
    ):
        model.predict(X)


def test_fit_of_a_module_takes_tables_too():
    import pandas

    table, column = pandas.DataFrame(X, columns=["a", "b"]), pandas.Series(Y * 1.0)
    models = [nn.Linear(2, 1) for _ in range(2)]
    models[1].load_state_dict(models[0].state_dict())
    for model, x, y in zip(models, (table, X.tolist()), (column, (Y * 1.0).tolist())):
        model.compile("sgd", "mse")
        model.fit(x, y, epochs=2, verbose=False)
    assert models[0].state_dict() == models[1].state_dict()
    assert models[0].predict(table) == models[1].predict(X.tolist())


def test_several_outputs_keep_their_shape():
    model = MLPRegressor(random_state=0, **QUICK).fit(X, X[:, ::-1])
    assert model.predict(X).shape == X.shape


def test_early_stopping_watches_a_part_that_is_put_aside():
    model = MLPClassifier(random_state=0, early_stopping=True, **QUICK).fit(X, Y)
    assert "val_loss" in model.history_
    assert "val_loss" not in MLPClassifier(random_state=0, **QUICK).fit(X, Y).history_


def test_a_stronger_penalty_gives_smaller_weights():
    def size(alpha):
        model = MLPClassifier(random_state=0, alpha=alpha, **QUICK).fit(X, Y)
        return sum(w.data**2 for row in model.model_.layers[0].weight for w in row)

    assert size(1.0) < size(0.0) / 2


def test_it_works_in_a_pipeline_under_a_grid_search_and_cross_validation():
    pipeline = make_pipeline(StandardScaler(), MLPClassifier(random_state=0, **QUICK))
    search = GridSearchCV(pipeline, {"mlpclassifier__hidden_layer_sizes": [(1,), (4,)]}, cv=2).fit(X, Y)
    assert search.best_params_["mlpclassifier__hidden_layer_sizes"] in [(1,), (4,)]
    assert cross_val_score(pipeline, X, Y, cv=3).mean() > 0.7


def test_an_unknown_choice_is_told_with_the_known_ones():
    with pytest.raises(ValueError, match="activation 'cubic' is not known: choose one of identity, logistic"):
        MLPClassifier(activation="cubic").fit(X, Y)
    with pytest.raises(ValueError, match="solver 'lbfgs' is not known: choose one of adam, sgd"):
        MLPClassifier(solver="lbfgs").fit(X, Y)


def test_ctrl_c_stops_a_search_and_is_not_taken_for_an_end(monkeypatch):
    def interrupted(self, *args, **kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr(Eager, "gradients", interrupted)
    with pytest.raises(KeyboardInterrupt):
        MLPClassifier(**QUICK).fit(X, Y)


def test_early_stopping_puts_aside_a_part_in_which_every_class_has_its_share():
    X, y = [[i / 15.0] for i in range(30)], [0] * 15 + [1] * 15  # sorted: the last part is of one class
    model = MLPClassifier(
        (8,), early_stopping=True, validation_fraction=0.5, max_iter=150, random_state=0,
        learning_rate_init=0.1, n_iter_no_change=60,
    )  # fmt: skip
    assert model.fit(X, y).score(X, y) > 0.8


def test_a_batch_size_may_be_left_to_the_data():
    steps = {}
    for size in ("auto", None, 16):
        model = MLPClassifier(batch_size=size, max_iter=2, random_state=0).fit(X, Y)
        steps[size] = len(model.history_.steps["loss"])
    assert steps == {"auto": 2, None: 2, 16: 8}


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"batch_size": "all"}, "batch_size 'all' is not known: choose one of auto"),
        ({"batch_size": 0}, "MLPRegressor needs a whole number batch_size >= 1, got 0"),
        ({"alpha": -1.0}, "MLPRegressor needs a finite number alpha >= 0, got -1.0"),
        ({"learning_rate_init": float("nan")}, "learning_rate_init >= 0, got nan"),
        ({"max_iter": 0}, "max_iter >= 1, got 0"),
        ({"validation_fraction": 1.0}, "0 < validation_fraction < 1, got 1.0"),
        ({"hidden_layer_sizes": (4, -1)}, "hidden_layer_sizes >= 1, got -1"),
    ],
)
def test_a_parameter_out_of_range_is_refused_by_fit(settings, message):
    with pytest.raises(ValueError, match=message):
        MLPRegressor(**settings).fit(X, Y)


def test_partial_fit_goes_on_pass_by_pass_as_one_fit_would():
    whole = MLPRegressor(random_state=0, max_iter=5, shuffle=False, n_iter_no_change=9).fit(X, X[:, 0])
    parts = MLPRegressor(random_state=0, shuffle=False)
    for _ in range(5):
        parts = pickle.loads(pickle.dumps(parts.partial_fit(X, X[:, 0])))
    np.testing.assert_array_equal(parts.predict(X), whole.predict(X))
    assert parts.n_iter_ == 5


def test_partial_fit_of_a_classifier_is_told_all_classes_first():
    model = MLPClassifier(random_state=0, **QUICK)
    with pytest.raises(ValueError, match="give the first call classes="):
        model.partial_fit(X, Y)
    half = Y == 0
    model.partial_fit(X[half], Y[half], classes=[0, 1])
    for _ in range(30):
        model.partial_fit(X, Y)
    assert model.score(X, Y) > 0.8
    with pytest.raises(ValueError, match=r"began with the classes \[0, 1\] and got \[2\]"):
        model.partial_fit(X, Y + (Y == 1))


def test_what_is_refused_leaves_the_model_with_its_own_classes_and_width():
    texts = np.where(Y, "old", "older")
    model = MLPClassifier((2,), max_iter=2, random_state=0).fit(X, texts)
    lines = MLPRegressor((2,), max_iter=2, random_state=0).fit(X, X)
    said = model.predict(X).tolist()
    for again in (model.fit, model.partial_fit):
        with pytest.raises(ValueError, match="sample_weight"):
            again(X, texts if again == model.partial_fit else Y, sample_weight=[1.0])
        assert model.predict(X).tolist() == said
    with pytest.raises(ValueError, match="alpha"):
        lines.set_params(alpha=-1.0).fit(X, X[:, 0])
    assert lines.predict(X).shape == X.shape


def test_one_class_alone_is_refused():
    with pytest.raises(ValueError, match=r"there is one class only, \[1\], .*: give samples of 2 classes"):
        MLPClassifier().fit(X, np.ones(len(X), dtype=int))


def test_a_training_that_max_iter_ended_is_told_and_its_losses_are_kept():
    from sklearn.exceptions import ConvergenceWarning

    with pytest.warns(ConvergenceWarning, match="max_iter=3 passes ended the training"):
        model = MLPRegressor(random_state=0, max_iter=3).fit(X, X[:, 0])
    assert model.n_iter_ == len(model.loss_curve_) == 3
    assert model.loss_curve_[-1] == model.loss_
    model.partial_fit(X, X[:, 0])
    assert len(model.loss_curve_) == 4
