import pytest
from interrupts import interrupted_at

import nn
from nn.fit.faults import Snapshot
from nn.fit.run import Run


class Averaging(nn.Module):
    buffers = ("mean",)

    def __init__(self):
        self.linear = nn.Linear(1, 1)
        self.mean = [0.0, 1.0]

    def forward(self, x):
        self.mean[0] += 1.0
        return self.linear(x)


def test_a_snapshot_holds_weights_and_running_averages():
    model = Averaging()
    kept, before = Snapshot(model), model.state_dict()
    model([1.0])
    model.linear.bias[0].data = 7.0
    assert model.state_dict() != before
    kept.put_back()
    assert model.state_dict() == before


def test_a_later_take_replaces_the_earlier():
    model = nn.Linear(1, 1)
    kept = Snapshot(model)
    model.bias[0].data = 7.0
    kept.take()
    model.bias[0].data = 8.0
    kept.put_back()
    assert model.bias[0].data == 7.0


@pytest.mark.parametrize("make", [lambda p: nn.SGD(p, lr=0.1, momentum=0.9), lambda p: nn.Adam(p, lr=0.1)])
def test_a_step_of_fit_interrupted_anywhere_leaves_weights_and_optimizer_of_one_step(make, monkeypatch):
    X, y = [[0.0], [1.0], [2.0]], [1.0, 3.0, 5.0]
    one_step = Run._one_step

    def fitted(moment):
        """Interrupt the third step: where all steps ended, where the run did, and how, and the moments."""
        model = nn.Sequential(nn.Linear(1, 1))
        model.load_state_dict({"layers.0.weight": [[0.5]], "layers.0.bias": [0.0]})
        optimizer = make(model.parameters())
        model.compile(optimizer)
        steps, count = [(model.state_dict(), optimizer.state_dict())], [0]

        def interrupted(run, *data):
            with interrupted_at(moment if run.step == 2 else -1) as moments:
                made = one_step(run, *data)
            steps.append((model.state_dict(), optimizer.state_dict()))
            count.append(moments[0])
            return made

        monkeypatch.setattr(Run, "_one_step", interrupted)
        history = model.fit(X, y, epochs=2, batch_size=2, verbose=False, replay=False)
        return steps, (model.state_dict(), optimizer.state_dict()), history.stopped, count

    steps, _, _, count = fitted(-1)
    assert len(steps) == 5
    ends = [fitted(moment)[1:3] for moment in range(count[3])]
    where = [end for end, how in ends if how == "interrupted"]
    assert len(where) > 0.9 * count[3]
    assert all(end in steps[2:4] for end in where)
