import numpy as np
import pytest

import autograd as ag

pytestmark = pytest.mark.parity


def losses(found):
    return found[0] if isinstance(found, tuple) else found


def test_a_batch_has_the_losses_and_gradients_of_the_function(case):
    import torch

    module = case.fast.to_torch()
    found = losses(module(*[torch.tensor(x) for x in case.columns]))
    np.testing.assert_allclose(found.detach().numpy(), case.losses, rtol=1e-12, atol=1e-14)
    found.sum().backward()
    parameters = dict(module.named_parameters())
    assert set(parameters) == set(case.sums)
    for name, g in case.sums.items():
        own = parameters[name].grad
        np.testing.assert_allclose(own.numpy() if own is not None else 0 * g, g, rtol=1e-12, atol=1e-12)


def test_one_sample_has_one_loss(case):
    module = case.fast.to_torch()
    for sample, loss in zip(case.samples, case.losses):
        found = losses(module(*sample))
        assert found.shape == ()
        assert found.item() == pytest.approx(loss, rel=1e-12, abs=1e-14)


def test_a_function_without_parameters_is_a_module_in_float64():
    fast = ag.record(lambda x: ag.sin(ag.Value(2.0) * x), params=[])
    for _ in range(3):
        fast.value(0.5)
    found = fast.to_torch()(0.5)
    assert str(found.dtype) == "torch.float64"
    assert found.item() == pytest.approx(ag.sin(1.0), rel=1e-12)


def test_it_is_a_module_like_others(case):
    import copy

    import torch

    module = case.fast.to_torch()
    twin = copy.deepcopy(module).float()
    twin.load_state_dict(module.state_dict())
    found = losses(twin(*[torch.tensor(x, dtype=torch.float32) for x in case.columns]))
    assert found.dtype == torch.float32
    np.testing.assert_allclose(found.detach().numpy(), case.losses, rtol=1e-3, atol=1e-5)


def test_a_module_is_copied_pickled_and_saved_whole(case, tmp_path):
    import copy
    import pickle

    import torch

    module = case.fast.to_torch()
    torch.save(module, tmp_path / "module.pt")
    columns = [torch.tensor(x) for x in case.columns]
    for twin in (
        copy.deepcopy(module),
        pickle.loads(pickle.dumps(module)),
        torch.load(tmp_path / "module.pt", weights_only=False),
    ):
        assert torch.equal(losses(twin(*columns)), losses(module(*columns)))
        assert twin.source == module.source
        assert [*twin.state_dict()] == [*module.state_dict()]
        for ours, theirs in zip(module.parameters(), twin.parameters()):
            assert ours is not theirs


def test_torch_exports_it_with_a_free_batch(case):
    import torch

    module = case.fast.to_torch()
    columns = [torch.tensor(x) for x in case.columns]
    batch = torch.export.Dim("batch", min=2, max=1000)
    program = torch.export.export(module, tuple(columns), dynamic_shapes=tuple({0: batch} for _ in columns))
    more = [torch.cat([x, x, x]) for x in columns]
    found = losses(program.module()(*more))
    np.testing.assert_allclose(found.detach().numpy(), [*case.losses] * 3, rtol=1e-12, atol=1e-14)


@pytest.mark.more
@pytest.mark.filterwarnings(
    "ignore::DeprecationWarning"
)  # torch's own compiler imports what torch deprecates
@pytest.mark.program("c++", "g++")
@pytest.mark.parametrize("chosen", ["network", "branches", "gpt"], indirect=True)
def test_torch_compiles_it(chosen):
    import torch

    module = chosen.fast.to_torch()
    found = losses(torch.compile(module)(*[torch.tensor(x) for x in chosen.columns]))
    np.testing.assert_allclose(found.detach().numpy(), chosen.losses, rtol=1e-12, atol=1e-14)
    found.sum().backward()
    for name, parameter in module.named_parameters():
        np.testing.assert_allclose(parameter.grad.numpy(), chosen.sums[name], rtol=1e-12, atol=1e-12)
