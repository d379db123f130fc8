"""Losses that are recognised."""

import nn
from autograd import Value, explain, logsumexp
from autograd.explanation.closing import cross_entropy_of
from autograd.trace.steps import trace_graph


def test_cross_entropy_is_recognised_with_its_target():
    z = [Value(float(i)) for i in range(4)]
    loss = cross_entropy_of(trace_graph(nn.cross_entropy(z, 2), {}).root)
    assert loss.target == 2
    assert [node.source for node in loss.scores] == z


def test_the_difference_to_another_number_is_not_cross_entropy():
    z = [Value(1.0), Value(2.0)]
    assert cross_entropy_of(trace_graph(logsumexp(z) - Value(1.0), {}).root) is None


def test_a_score_that_is_used_elsewhere_is_not_called_its_share():
    z = [Value(1.0), Value(2.0) * 2]
    z[0] = z[1] + 1
    assert "Together" not in str(explain(nn.cross_entropy(z, 0)))
