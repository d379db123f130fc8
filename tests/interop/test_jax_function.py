import numpy as np
import pytest

from tests.interop.every_target import QUICK

pytestmark = pytest.mark.parity


@pytest.fixture(autouse=True)
def _in_float64():
    import jax

    with jax.enable_x64(True):
        yield


def losses(found):
    return found[0] if isinstance(found, tuple) else found


def test_a_batch_has_the_losses_and_gradients_of_the_function(case):
    import jax

    f, params = case.fast.to_jax()

    def total(params, *columns):
        found = losses(f(params, *columns))
        return found.sum(), found

    (_, found), gradients = jax.jit(jax.value_and_grad(total, has_aux=True))(params, *case.columns)
    np.testing.assert_allclose(found, case.losses, rtol=1e-12, atol=1e-14)
    assert set(gradients) == set(case.sums)
    for name, g in case.sums.items():
        np.testing.assert_allclose(gradients[name], g, rtol=1e-12, atol=1e-12)


def test_vmap_agrees_with_a_batch_and_a_single_sample_has_one_loss(case):
    import jax

    f, params = case.fast.to_jax()
    each = jax.jit(jax.vmap(lambda *xs: losses(f(params, *xs))), compiler_options=QUICK)(*case.columns)
    np.testing.assert_allclose(each, case.losses, rtol=1e-12, atol=1e-14)
    assert losses(jax.eval_shape(f, params, *case.samples[0])).shape == ()


@pytest.mark.parametrize("chosen", ["branches", "random_graph"], indirect=True)  # formulas, and one table
def test_without_jit_a_single_sample_has_its_loss(chosen):
    f, params = chosen.fast.to_jax()
    found = losses(f(params, *chosen.samples[0]))
    assert found.shape == ()
    np.testing.assert_allclose(found, chosen.losses[0], rtol=1e-12, atol=1e-14)
