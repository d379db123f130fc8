"""Every setting of everything public in nn: unknown words and numbers out of range are refused at once."""

import inspect
import math
import re

import pytest
from public_names import good, public

import nn.keras

REFUSED = r"needs an? .*, got|sizes are whole numbers"
# texts that are no choice among a few, and numbers that may be any
TEXTS = {"path", "filepath", "title", "target", "delimiter", "resume", "texts"}
ANY_NUMBER = {"seed", "value"}
# the run knows what it records
LATER = {"nn.LearningRate(monitor)", "nn.Checkpoint(monitor)", "nn.keras.ModelCheckpoint(monitor)"}
LIMITS = {"max_norm", "norm_type", "max_value", "clip_value"}  # inf: no limit
KERAS = {"min_delta", "baseline"}  # either sign there
SIGNED = {
    "minval",
    "maxval",
    "mean",
    "a",
    "b",
    "threshold",
    "dim",
    "start_dim",
    "end_dim",
    "ignore_index",
    "negative_slope",
    "alpha",
    "param",
}


def settings(annotation):
    """Every parameter with such an annotation, as (callable, name)."""
    for label, thing in public():
        for p in inspect.signature(thing).parameters.values():
            skipped = (
                p.kind is p.VAR_POSITIONAL
                or p.name in TEXTS | ANY_NUMBER
                or f"{label}({p.name})" in LATER
                or (label.startswith("nn.keras") and p.name == "name")  # the reader's own
            )
            if re.match(annotation, str(p.annotation)) and not skipped:
                yield pytest.param(thing, p.name, id=f"{label}({p.name})")


@pytest.mark.parametrize(("thing", "name"), [*settings(r"str\b")])
def test_a_word_that_nobody_knows_is_refused_with_all_that_are_known(thing, name):
    with pytest.raises(ValueError, match=r"choose one of|cannot know whether|watches"):
        thing(**good(thing, name), **{name: "nonsense"})


@pytest.mark.parametrize(("thing", "name"), [*settings(r"(int|float|Size)( \| None)?$")])
def test_a_number_out_of_range_is_refused(thing, name):
    wrong = [math.nan, "nonsense", 1j]
    wrong += [] if name in SIGNED or (thing is nn.keras.EarlyStopping and name in KERAS) else [-1000]
    wrong += [] if name in LIMITS else [math.inf]
    for number in wrong:
        with pytest.raises((ValueError, TypeError), match=REFUSED):
            thing(**good(thing, name), **{name: number})


UNREAD = {nn.data.Table, nn.keras.metrics.metric_of}  # what is given back, and what names are found in


@pytest.mark.parametrize(("thing", "name"), [*settings(r"(Sequence|Iterable|list)\b")])
def test_one_thing_in_the_place_of_a_list_is_refused_with_what_is_wanted(thing, name):
    if thing in UNREAD or thing is nn.unroll:  # a cell and its inputs: the cell says what it wants
        return
    for alone in [print] if name == "milestones" else [3, print]:  # one number is a list of one
        with pytest.raises((TypeError, ValueError), match=r"\blist|\blayers|give schedules|needs|shape"):
            thing(**good(thing, name), **{name: alone})


@pytest.mark.parametrize(("thing", "name"), [*settings(r"(int|Size)( \| None)?$")])
def test_a_count_is_whole(thing, name):
    with pytest.raises((ValueError, TypeError), match=REFUSED):
        thing(**good(thing, name), **{name: 2.5})
