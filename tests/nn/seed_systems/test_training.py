"""Rows 10, 15, 18, 20, 30 and 36: training as Keras writes it, gradients in depth, learning rates, curves."""

import re
import sys

import numpy as np
import pytest

import autograd as ag
import nn
from nn import watching

DRAW = np.random.default_rng(0)
X, Y = DRAW.random((80, 10)), DRAW.random((80, 1))


def keras_program(epochs=10):
    """Run the program of the text, its imports changed; weights as NumPy drew them."""
    from nn.keras import Dense, Sequential, optimizers

    model = Sequential([Dense(32, activation="relu", input_shape=(10,)), Dense(1)])
    model.compile(optimizer=optimizers.Adam(learning_rate=0.01), loss="mse", metrics=["mae"])
    draw = np.random.default_rng(1)
    W1, W2 = draw.normal(0, 0.3, (32, 10)), draw.normal(0, 0.3, (1, 32))
    state = dict(zip(model.state_dict(), (W1.tolist(), [0.0] * 32, W2.tolist(), [0.0]), strict=True))
    model.load_state_dict(state)
    history = model.fit(X, Y, batch_size=32, epochs=epochs, shuffle=False, verbose=0)
    return model, history, (W1, W2)


def numpy_program(W1, W2, epochs=10):
    """Compute the same in NumPy: the losses of all epochs, and the weights at the end."""
    weights = [W1.T.copy(), np.zeros(32), W2.T.copy(), np.zeros(1)]
    means, squares, t, history = [0.0] * 4, [0.0] * 4, 0, []
    for _ in range(epochs):
        total = 0.0
        for start in range(0, len(X), 32):
            x, y = X[start : start + 32], Y[start : start + 32]
            A, b, C, d = weights
            z = x @ A + b
            h = np.maximum(z, 0)
            error = h @ C + d - y
            total += (error**2).mean() * len(x)
            g = 2 * error / len(x)
            back = (g @ C.T) * (z > 0)
            t += 1
            for i, gradient in enumerate((x.T @ back, back.sum(0), h.T @ g, g.sum(0))):
                means[i] = 0.9 * means[i] + 0.1 * gradient
                squares[i] = 0.999 * squares[i] + 0.001 * gradient**2
                rate = 0.01 * np.sqrt(1 - 0.999**t) / (1 - 0.9**t)
                weights[i] = weights[i] - rate * means[i] / (np.sqrt(squares[i]) + 1e-7)
        history.append(total / len(X))
    return history, weights


def test_row_10_compile_fit_evaluate_have_the_losses_of_numpy():
    model, history, drawn = keras_program()
    losses, (A, b, C, d) = numpy_program(*drawn)
    assert history.history["loss"] == pytest.approx(losses, rel=1e-9)
    ours = list(model.state_dict().values())
    for mine, theirs in zip(ours, (A.T, b, C.T, d), strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=1e-9, atol=1e-12)
    said = np.maximum(X @ A + b, 0) @ C + d
    assert model.evaluate(X, Y) == pytest.approx([((said - Y) ** 2).mean(), abs(said - Y).mean()], rel=1e-9)


ROW_10 = [
    0.26327094895026876,
    0.1296944220831751,
    0.14830037128018664,
    0.10897445671169999,
    0.09480321711280328,
    0.0943496708844692,
    0.08980651712235152,
    0.08503834466344236,
    0.08544441386755958,
    0.08697593111790673,
]


def test_row_10_the_losses_of_all_ten_epochs_are_stored():
    assert keras_program()[1].history["loss"] == pytest.approx(ROW_10, rel=1e-9)


@pytest.mark.parity
@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # Keras's own
def test_row_10_the_losses_are_those_of_keras(keras):
    _, ours, (W1, W2) = keras_program()
    Dense = keras.layers.Dense
    model = keras.Sequential([keras.Input((10,)), Dense(32, activation="relu"), Dense(1)])
    model.set_weights([W1.T, np.zeros(32), W2.T, np.zeros(1)])
    model.compile(optimizer=keras.optimizers.Adam(learning_rate=0.01), loss="mse", metrics=["mae"])
    theirs = model.fit(X, Y, batch_size=32, epochs=10, shuffle=False, verbose=0)
    for name in ("loss", "mae"):  # on torch, Keras multiplies and records in float32, whatever floatx says
        assert ours.history[name] == pytest.approx([float(x) for x in theirs.history[name]], rel=1e-4)


@pytest.mark.parity
def test_row_10_with_the_adam_of_torch_the_losses_are_those_of_torch(torch):
    from nn.keras import Dense, Sequential

    ours = Sequential([Dense(32, activation="relu", input_shape=(10,)), Dense(1)])
    ours.compile(lambda p: nn.Adam(p, lr=0.01))
    theirs = torch.nn.Sequential(torch.nn.Linear(10, 32), torch.nn.ReLU(), torch.nn.Linear(32, 1))
    for p, q in zip(theirs.parameters(), ours.state_dict().values(), strict=True):
        p.data = torch.tensor(q)
    optimizer, x, y = torch.optim.Adam(theirs.parameters(), lr=0.01), torch.tensor(X), torch.tensor(Y)
    losses = []
    for _ in range(10):
        total = 0.0
        for start in range(0, len(X), 32):
            part = slice(start, start + 32)
            optimizer.zero_grad()
            loss = torch.nn.functional.mse_loss(theirs(x[part]), y[part])
            loss.backward()
            optimizer.step()
            total += loss.item() * len(x[part])
        losses.append(total / len(X))
    history = ours.fit(X, Y, batch_size=32, epochs=10, shuffle=False, verbose=0)
    assert history["loss"] == pytest.approx(losses, rel=1e-9)


def test_row_10_accuracy_of_a_regression_is_refused_with_advice():
    model = nn.Sequential(nn.Dense(1, input_shape=(10,)))
    model.compile("adam", "mse", metrics=["accuracy"])
    with pytest.raises(ValueError, match=r"For a regression write metrics=\['mae', 'r2'\]"):
        model.fit(X, Y, verbose=0)


def test_row_15_gradients_vanish_explode_or_arrive_by_depth_and_recipe():
    def through(recipe, depth):
        sizes = watching.gradient_flow(recipe, depth, width=12)
        return sizes[0] / sizes[-1]  # what is left at the first layer

    sigmoid, tanh, relu, large = watching.RECIPES
    depths = (1, 10, 20, 30)
    by_depth = {recipe.name: [through(recipe, depth) for depth in depths] for recipe in watching.RECIPES}
    assert all(ratios[0] == 1.0 for ratios in by_depth.values())
    assert sorted(by_depth[sigmoid.name], reverse=True) == by_depth[sigmoid.name]
    assert by_depth[sigmoid.name][-1] < 1e-15
    assert sorted(by_depth[large.name]) == by_depth[large.name]
    assert by_depth[large.name][-1] > 1e6
    assert all(1e-3 < ratio < 1e3 for recipe in (tanh, relu) for ratio in by_depth[recipe.name])
    assert watching.flow_picture(depth=4, width=4).count("<path") > len(watching.RECIPES)


def least_squares(rate, steps=300):
    """Descend on a plane of least squares; the losses on the way, and the largest stable rate."""
    points = DRAW_LEAST.tolist()
    model = nn.Linear(2, 1)
    model.load_state_dict({"weight": [[0.0, 0.0]], "bias": [0.0]})
    model.compile(lambda p: nn.SGD(p, lr=rate), loss="mse")
    targets = [1.0 + 2.0 * a - b for a, b in points]
    return model.fit(points, targets, epochs=steps, batch_size=len(points), verbose=0)["loss"]


DRAW_LEAST = np.random.default_rng(3).normal(0, 1, (12, 2))
ROWS = np.hstack([DRAW_LEAST, np.ones((12, 1))])
LARGEST = 2 / np.linalg.eigvalsh(2 / 12 * ROWS.T @ ROWS).max()  # 2 / largest eigenvalue of the Hessian


def test_row_18_the_largest_stable_rate_is_2_over_the_largest_eigenvalue():
    below, above = least_squares(0.99 * LARGEST), least_squares(1.01 * LARGEST)
    assert below[-1] < below[150] < below[0]
    assert above[-1] > above[150] > min(above)


def test_row_18_a_rate_that_is_too_low_learns_little_and_search_finds_a_good_one():
    rates = [0.001 * LARGEST, 0.5 * LARGEST, 1.2 * LARGEST]
    after = {rate: least_squares(rate, steps=60)[-1] for rate in rates}
    assert min(after, key=after.get) == rates[1]
    assert after[rates[0]] > 0.5 * least_squares(rates[0], steps=1)[0]


def test_row_18_adaptive_rates_make_bad_scales_harmless():
    def steps_to_learn(optimizer):
        w = [ag.Value(1.0), ag.Value(1.0)]
        made = optimizer(w)
        for step in range(1, 5001):
            made.zero_grad()
            loss = 1000.0 * w[0] ** 2 + 0.01 * w[1] ** 2
            if loss.data < 1e-6:
                return step
            loss.backward()
            made.step()
        return 5001

    assert (
        steps_to_learn(lambda w: nn.Adam(w, lr=0.02)) < 1000 < steps_to_learn(lambda w: nn.SGD(w, lr=0.0009))
    )


@pytest.mark.parametrize(("start", "end"), [(2.0, 1.1309), (-2.0, -1.3008)])
def test_row_20_descent_from_two_starts_ends_in_two_minima(start, end):
    x = ag.Value(start)
    optimizer = nn.SGD([x], lr=0.02)
    for _ in range(500):
        optimizer.zero_grad()
        (x**4 - 3 * x**2 + x).backward()
        optimizer.step()
    assert x.data == pytest.approx(end, abs=1e-4)
    assert abs(4 * x.data**3 - 6 * x.data + 1) < 1e-9
    assert 12 * x.data**2 - 6 > 0


def test_row_30_history_as_curves_and_in_a_terminal_without_matplotlib(monkeypatch, capsys, tmp_path):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    model = nn.Linear(10, 1)
    model.compile(lambda p: nn.SGD(p, lr=0.1), metrics=["mae"])
    history = model.fit(X, Y, epochs=4, validation_split=0.2)
    assert "epoch 4/4" in capsys.readouterr().err
    picture = history.plot(tmp_path / "curves.svg")
    assert picture.count("<path") >= 4
    assert [name in picture for name in ("val_loss", "val_mae")] == [True, True]
    assert re.search(r"loss +[▁-█]{4}  ", repr(history))


def test_row_36_graphs_and_the_training_loop_are_mermaid_text():
    a, b = ag.Value(2.0, label="a"), ag.Value(-3.0, label="b")
    text = ag.draw((a * b).tanh()).mermaid
    assert text.startswith("flowchart")
    assert "tanh" in text
    loop = watching.training_loop("en")
    arrows = re.findall(r"(\w+)(?:\[.*?\]|\{.*?\})? (?:-- \w+ )?--> (\w+)", loop)
    assert ("stop", "batch") in arrows
    assert "init" not in [end for _, end in arrows]  # nothing leads back to the initial weights
    assert "梯度下降" in watching.training_loop("zh")
