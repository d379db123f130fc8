import numpy as np
import pytest

pytestmark = pytest.mark.parity


def outputs(path, case, dtype):
    import onnxruntime

    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    kinds = {x.name: np.int64 if "int64" in x.type else dtype for x in session.get_inputs()}
    feed = {name: column.astype(kind) for (name, kind), column in zip(kinds.items(), case.columns)}
    return dict(zip([x.name for x in session.get_outputs()], session.run(None, feed)))


@pytest.mark.parametrize(("dtype", "digits"), [("float64", 1e-12), ("float32", 1e-3)])
def test_onnxruntime_gives_the_losses_and_gradients_of_the_function(case, tmp_path, dtype, digits):
    case.fast.to_onnx(tmp_path / "m.onnx", gradients=True, dtype=dtype)
    found = outputs(tmp_path / "m.onnx", case, dtype)
    np.testing.assert_allclose(found["loss"], case.losses, rtol=digits, atol=digits)
    if "failed" in found:
        assert found["failed"].tolist() == [0] * len(case.losses)
    for name, g in case.sums.items():
        np.testing.assert_allclose(found[f"gradient.{name}"], g, rtol=digits, atol=digits)


def test_parameters_are_initialisers_under_our_names(case, tmp_path):
    import onnx

    case.fast.to_onnx(tmp_path / "m.onnx", dtype="float32")
    model = onnx.load(tmp_path / "m.onnx")
    assert set(case.numbers) <= {x.name for x in model.graph.initializer}
