"""scikit-learn's estimator protocol: `MLPClassifier` and `MLPRegressor`, for pipelines and searches.

The parameters are named as in scikit-learn's classes of the same names. Nothing of a search is written here:
`GridSearchCV`, `RandomizedSearchCV`, `cross_val_score`, `Pipeline` take these estimators as their own.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import train_test_split
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, check_random_state, validate_data

import nn
from autograd.settings import FROM_0, WHOLE_FROM_1, Range, chosen_number, chosen_word
from nn.messages import problem, say

ACTIVATIONS = {"identity": nn.Identity, "logistic": nn.Sigmoid, "tanh": nn.Tanh, "relu": nn.ReLU}
SOLVERS = {"adam": nn.Adam, "sgd": nn.SGD}
RANGES = {
    "alpha": FROM_0, "learning_rate_init": FROM_0, "max_iter": WHOLE_FROM_1, "tol": FROM_0,
    "n_iter_no_change": WHOLE_FROM_1, "validation_fraction": Range(0, 1, open="both"),
}  # fmt: skip


class _Perceptron(BaseEstimator):  # type: ignore[misc]  # scikit-learn has no type hints
    _loss = ""
    model_: nn.Sequential
    _width: tuple[int, ...]

    def __init__(
        self,
        hidden_layer_sizes: Sequence[int] = (16,),
        activation: str = "relu",
        *,
        solver: str = "adam",
        alpha: float = 0.0001,
        batch_size: int | str | None = 32,
        learning_rate_init: float = 0.01,
        max_iter: int = 200,
        shuffle: bool = True,
        random_state: Any = None,
        tol: float = 1e-4,
        verbose: bool = False,
        early_stopping: bool = False,
        validation_fraction: float = 0.1,
        n_iter_no_change: int = 10,
    ) -> None:
        self.hidden_layer_sizes = hidden_layer_sizes
        self.activation = activation
        self.solver = solver
        self.alpha = alpha
        self.batch_size = batch_size
        self.learning_rate_init = learning_rate_init
        self.max_iter = max_iter
        self.shuffle = shuffle
        self.random_state = random_state
        self.tol = tol
        self.verbose = verbose
        self.early_stopping = early_stopping
        self.validation_fraction = validation_fraction
        self.n_iter_no_change = n_iter_no_change

    def _train(self, X: Any, y: list[Any], outputs: int, sample_weight: Any, **learned: Any) -> None:
        """Build the model and fit it; y as `nn.fit` takes it, `learned` what goes with the model."""
        self._check_settings()
        seed = int(check_random_state(self.random_state).randint(2**31 - 1))
        rows, held_out, weights = X.tolist(), None, self._weights(sample_weight, X)
        if self.early_stopping:  # a part drawn at random, of a classifier with all classes in their shares
            classes = y if isinstance(self, ClassifierMixin) else None
            share = self.validation_fraction
            columns = [rows, y] if weights is None else [rows, y, weights]
            parts = train_test_split(*columns, test_size=share, random_state=seed, stratify=classes)
            (rows, y, *counted), held_out = parts[::2], tuple(parts[1::2])
            weights = counted[0] if counted else None
        self._begin(X.shape[1], outputs, seed, learned)
        watched = "val_loss" if held_out else "loss"
        stopping = nn.EarlyStopping(watched, self.n_iter_no_change, self.tol, bool(held_out))
        how = {"epochs": self.max_iter, "seed": seed, "verbose": self.verbose, "callbacks": [stopping]}
        self.history_ = self._fit(rows, y, validation_data=held_out, sample_weight=weights, **how)
        self.n_iter_ = len(self.history_)
        if self.history_.stopped == "finished":
            import warnings

            warnings.warn(say("estimator_unconverged", count=self.max_iter), ConvergenceWarning, stacklevel=3)

    def _weights(self, sample_weight: Any, X: Any) -> list[float] | None:
        """How much each sample counts, with the mean 1, so that only ratios matter."""
        if sample_weight is None:
            return None
        given = _check_sample_weight(sample_weight, X, dtype=np.float64, ensure_non_negative=True)
        scaled: list[float] = (given / given.mean()).tolist()
        return scaled

    def _go_on(self, X: Any, y: list[Any], outputs: int, sample_weight: Any, **learned: Any) -> None:
        """One more pass over these samples, with the weights and the optimizer as they stand."""
        self._check_settings()
        weights = self._weights(sample_weight, X)
        seed = int(check_random_state(self.random_state).randint(2**31 - 1))
        if not hasattr(self, "model_"):
            self._begin(X.shape[1], outputs, seed, learned)
            self.n_iter_ = 0
        before = getattr(self, "loss_curve_", [])
        how = {"epochs": 1, "seed": seed + self.n_iter_, "verbose": False}
        self.history_ = self._fit(X.tolist(), y, sample_weight=weights, **how)
        self.loss_curve_: list[float] = [*before, *self.history_["loss"]]
        self.n_iter_ += 1

    def _begin(self, inputs: int, outputs: int, seed: int, learned: dict[str, Any]) -> None:
        """A new model, and what goes with it, at once: what is refused before leaves the old ones."""
        model = self._build(inputs, outputs, seed)
        optimizer = SOLVERS[self.solver](model.parameters(), lr=self.learning_rate_init)
        self.__dict__.update(learned, model_=model, _optimizer=optimizer)

    def _fit(self, X: list[Any], y: list[Any], **options: Any) -> nn.History:
        """`fit` of the model; what compiled it is let go, since it holds functions, which do not pickle."""
        size = 200 if isinstance(self.batch_size, str) else self.batch_size or len(X)
        self.model_.compile(self._optimizer, self._loss, penalty=self._penalty if self.alpha else None)
        try:
            history: nn.History = self.model_.fit(
                X, y, batch_size=min(size, len(X)), shuffle=self.shuffle, **options
            )
        finally:
            self.model_._choices = None
        if history.stopped == "interrupted":
            raise KeyboardInterrupt  # a search should stop, not go on to the next candidate
        self.loss_ = history["loss"][-1]
        self.loss_curve_ = list(history["loss"])
        return history

    def _check_settings(self) -> None:
        """Check every parameter: it is a known word or in its range. scikit-learn wants this in `fit`."""
        chosen_word(self, "activation", self.activation, ACTIVATIONS)
        chosen_word(self, "solver", self.solver, SOLVERS)
        for name, among in RANGES.items():
            chosen_number(self, name, getattr(self, name), among)
        for width in np.atleast_1d(self.hidden_layer_sizes).tolist():
            chosen_number(self, "hidden_layer_sizes", width, WHOLE_FROM_1)
        if isinstance(self.batch_size, str):
            chosen_word(self, "batch_size", self.batch_size, ("auto",))
        else:
            chosen_number(self, "batch_size", self.batch_size, WHOLE_FROM_1, none=True)

    def _build(self, inputs: int, outputs: int, seed: int) -> nn.Sequential:
        sizes = [inputs, *np.atleast_1d(self.hidden_layer_sizes).tolist(), outputs]
        before = random.getstate()
        random.seed(seed)
        try:
            layers: list[Any] = []
            for fan_in, fan_out in pairwise(sizes):
                layers += [nn.Linear(fan_in, fan_out), ACTIVATIONS[self.activation]()]
        finally:
            random.setstate(before)  # the reader's own random numbers go on as if nothing had happened
        return nn.Sequential(*layers[:-1])

    def _penalty(self, model: Any) -> Any:
        return nn.l2([w for layer in model.layers[::2] for row in layer.weight for w in row], self.alpha / 2)

    def _outputs(self, X: Any) -> Any:
        check_is_fitted(self, "model_")
        X = validate_data(self, X, reset=False, dtype=np.float64)
        return np.array(self.model_.predict(X.tolist()))


class MLPClassifier(ClassifierMixin, _Perceptron):  # type: ignore[misc]  # scikit-learn has no type hints
    """A multi-layer perceptron that learns classes by cross-entropy.

    Args:
        hidden_layer_sizes: neurons of each hidden layer.
        activation: "relu", "tanh", "logistic" or "identity".
        solver: "adam" or "sgd".
        alpha: L2 penalty on the weights, `alpha/2 * sum(w**2)`.
        batch_size: samples per step; None takes all, "auto" 200, or all where they are fewer.
        learning_rate_init: learning rate.
        max_iter: the most epochs.
        shuffle: a new order of the samples each epoch.
        random_state: seed of weights and orders.
        tol: what counts as an improvement.
        verbose: show progress.
        early_stopping: watch the loss on a part put aside at random, every class in its share, and keep the
            best weights.
        validation_fraction: that part.
        n_iter_no_change: stop after so many epochs without improvement.

    Attributes: `model_` (the `nn.Sequential`), `classes_`, `history_`, `n_iter_`, `loss_`, `loss_curve_`,
    `n_features_in_`, and `feature_names_in_` of a table with names. A warning says when `max_iter` ended the
    training before it had settled.

    >>> model = MLPClassifier((8,), learning_rate_init=0.05, tol=0.01, random_state=0)
    >>> X, y = nn.data.moons(40)
    >>> model.fit(X, y).score(X, y) > 0.8
    True
    """

    _loss = "cross_entropy"

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> MLPClassifier:
        """Learn from n samples (n rows) and their classes, numbers or texts.

        Args:
            X: the rows; a table of pandas leaves its names in `feature_names_in_`.
            y: the classes.
            sample_weight: how much each sample counts beside the others.
        """
        X, y = validate_data(self, X, y, dtype=np.float64)
        check_classification_targets(y)
        classes, labels = np.unique(y, return_inverse=True)
        _check_classes(classes)
        self._train(X, labels.tolist(), len(classes), sample_weight, classes_=classes)
        return self

    def partial_fit(self, X: Any, y: Any, classes: Any = None, sample_weight: Any = None) -> MLPClassifier:
        """Learn from one pass over n samples more.

        Args:
            X: n rows.
            y: their classes.
            classes: all classes that will ever come; needed by the first call, optional later.
            sample_weight: how much each sample counts beside the others.

        Raises:
            ValueError: the first call has no classes, or a class is none of them.
        """
        first = not hasattr(self, "classes_")
        X, y = validate_data(self, X, y, dtype=np.float64, reset=first)
        check_classification_targets(y)
        if first and classes is None:
            raise problem(ValueError, "estimator_classes")
        known = np.unique(classes) if first else self.classes_
        unknown = np.setdiff1d(y if classes is None else np.union1d(y, classes), known)
        if len(unknown):
            raise problem(ValueError, "estimator_class", got=unknown.tolist(), known=known.tolist())
        _check_classes(known)
        self._go_on(X, np.searchsorted(known, y).tolist(), len(known), sample_weight, classes_=known)
        return self

    def predict_proba(self, X: Any) -> Any:
        """The share of each class, one row per sample, in the order of `classes_`."""
        scores = self._outputs(X)
        weights = np.exp(scores - scores.max(axis=1, keepdims=True))
        return weights / weights.sum(axis=1, keepdims=True)

    def predict(self, X: Any) -> Any:
        """The most probable class of each sample."""
        best = self._outputs(X).argmax(axis=1)
        return self.classes_[best]


class MLPRegressor(RegressorMixin, _Perceptron):  # type: ignore[misc]  # scikit-learn has no type hints
    """A multi-layer perceptron that learns numbers by their mean squared error.

    The parameters are those of `MLPClassifier`.

    >>> model = MLPRegressor((), learning_rate_init=0.1, n_iter_no_change=50, random_state=0)
    >>> model.fit([[0.0], [1.0], [2.0]], [1.0, 3.0, 5.0]).score([[3.0], [4.0]], [7.0, 9.0]) > 0.9
    True
    """

    _loss = "mse"

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> MLPRegressor:
        """Learn from n samples and their targets, one number each or a row of several.

        `sample_weight` says how much each sample counts beside the others.
        """
        X, y = validate_data(self, X, y, dtype=np.float64, multi_output=True, y_numeric=True)
        y = np.asarray(y, dtype=np.float64)
        width = y.shape[1:]
        self._train(X, y.tolist(), width[0] if width else 1, sample_weight, _width=width)
        return self

    def partial_fit(self, X: Any, y: Any, sample_weight: Any = None) -> MLPRegressor:
        """Learn from one pass over n samples more; targets as in the first call."""
        first = not hasattr(self, "model_")
        X, y = validate_data(self, X, y, dtype=np.float64, multi_output=True, y_numeric=True, reset=first)
        y = np.asarray(y, dtype=np.float64)
        width = y.shape[1:]
        if not first and width != self._width:
            raise problem(ValueError, "nn_shapes", got=self._width, wanted=width)
        self._go_on(X, y.tolist(), width[0] if width else 1, sample_weight, _width=width)
        return self

    def predict(self, X: Any) -> Any:
        """The numbers of each sample."""
        outputs = self._outputs(X)
        return outputs.reshape(len(outputs), *self._width)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.target_tags.multi_output = True
        return tags


def _check_classes(classes: Any) -> None:
    if len(classes) < 2:
        raise problem(ValueError, "estimator_one_class", got=classes.tolist())
