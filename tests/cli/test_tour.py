from autograd.cli import main


def test_the_tour_explains_draws_and_learns(tmp_path, capsys):
    assert main(["tour", "-o", str(tmp_path / "out"), "--epochs", "1"]) == 0
    said = capsys.readouterr().out
    assert "at o = tanh(v4) (o.grad = 1): tanh hands it on times its slope, 1 - o**2" in said
    accuracy = float(said.split("held-out accuracy: ")[1].split()[0])
    assert accuracy > 0.8
    for name in ("neuron.svg", "neuron.dot", "neuron.html", "digits-weights.json"):
        assert (tmp_path / "out" / name).stat().st_size > 100
        assert name in said


def test_a_tour_without_an_epoch_shows_the_untrained_network(tmp_path, capsys):
    assert main(["tour", "-o", str(tmp_path), "--epochs", "0"]) == 0
    said = capsys.readouterr().out
    assert 0.0 <= float(said.split("held-out accuracy: ")[1].split()[0]) < 0.5
    assert (tmp_path / "digits-weights.json").exists()
