"""Rows 17 and 29: what narrows the gap between training and validation, and how settings are chosen."""

import random

import numpy as np
import pytest

import nn
from nn import data
from nn.estimators import MLPClassifier

X_ALL, Y_ALL = data.digits("train")
WRONG = [(label + 1) % 10 if i % 4 == 0 else label for i, label in enumerate(Y_ALL[:40])]
TRAIN, HELD_OUT = (
    (X_ALL[:40], WRONG),
    (X_ALL[600:700], Y_ALL[600:700]),
)  # a label in four is wrong


def gap(hidden=20, penalty=None, dropout=0.0, callbacks=(), extra=(), epochs=40):
    """Train on 40 digits; validation loss minus training loss at the end."""
    random.seed(1)
    dropping = [nn.Dropout(dropout)] if dropout else []
    model = nn.Sequential(nn.Linear(64, hidden), nn.Tanh(), *dropping, nn.Linear(hidden, 10))
    model.compile(lambda p: nn.Adam(p, lr=0.05), "cross_entropy", penalty=penalty)
    X, y = TRAIN[0] + [x for x, _ in extra], TRAIN[1] + [label for _, label in extra]
    watched = HELD_OUT if callbacks else None
    model.fit(X, y, epochs=epochs, batch_size=15, validation_data=watched, callbacks=callbacks, verbose=False)
    return model.evaluate(*HELD_OUT) - model.evaluate(*TRAIN)


def changed_copies(count):
    """Give every training image `count` times more, moved and with noise."""
    return [pair for seed in range(1, count + 1) for pair in zip(data.augment(TRAIN[0], seed=seed), TRAIN[1])]


@pytest.fixture(scope="module")
def unrestrained():
    return gap()


REMEDIES = {
    "L1": {"penalty": lambda model: nn.l1(model.parameters(), 0.003)},
    "L2": {"penalty": lambda model: nn.l2(model.parameters(), 0.005)},
    "dropout": {"dropout": 0.5},
    "early stopping": {"callbacks": [nn.EarlyStopping(patience=2, min_delta=0.01)]},
    "augmentation": {"extra": changed_copies(3), "epochs": 10},  # as many steps as without
    "a simpler model": {"hidden": 3},
}


@pytest.mark.parametrize("remedy", REMEDIES)
def test_row_17_each_remedy_narrows_the_gap(remedy, unrestrained):
    assert gap(**REMEDIES[remedy]) < unrestrained


def test_row_17_dropout_is_off_in_eval():
    model = nn.Sequential(nn.Dropout(0.5), nn.Linear(4, 1))
    assert model.predict([[1.0] * 4]) == model.predict([[1.0] * 4])
    model.train()
    assert len({model([1.0] * 4)[0].data for _ in range(8)}) > 1


MOONS = tuple(np.array(part) for part in data.moons(60))
# searches train briefly
pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
QUICK = {"hidden_layer_sizes": (4,), "max_iter": 15, "batch_size": 20, "random_state": 0}


def test_row_29_grid_random_search_and_cross_validation_are_those_of_scikit_learn():
    from sklearn.model_selection import GridSearchCV, RandomizedSearchCV, cross_val_score

    rates = {"learning_rate_init": [1e-5, 0.1]}
    grid = GridSearchCV(MLPClassifier(**QUICK), rates, cv=2).fit(*MOONS)
    assert grid.best_params_ == {"learning_rate_init": 0.1}
    tried = RandomizedSearchCV(MLPClassifier(**QUICK), rates, n_iter=2, cv=2, random_state=0).fit(*MOONS)
    assert tried.best_params_ == grid.best_params_
    assert cross_val_score(MLPClassifier(learning_rate_init=0.1, **QUICK), *MOONS, cv=3).mean() > 0.75


def objective(trial):
    """What Optuna is given: study.optimize(objective, n_trials=20)."""
    from sklearn.model_selection import cross_val_score

    model = MLPClassifier(learning_rate_init=trial.suggest_float("rate", 1e-4, 0.3, log=True), **QUICK)
    return cross_val_score(model, *MOONS, cv=2).mean()


def test_row_29_the_recipe_for_optuna_runs():
    class Trial:
        def __init__(self, rate):
            self.rate = rate

        def suggest_float(self, name, low, high, log=False):
            assert (name, low < self.rate < high, log) == ("rate", True, True)
            return self.rate

    assert objective(Trial(0.1)) > objective(Trial(0.00011))
