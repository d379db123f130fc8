"""Exercises that answer: `answer("1.2", -15)` says yes, or names the mistake, or asks a second question.

* `answer another student`: answer an exercise, have it set with other numbers, say whose file of attempts
* `check_engine`: an engine of your own, checked in ten stages
* `sheet`: exercises on a page that answers the same in the browser
* `add_exercise`: write one of your own, in ten lines
"""

from autograd.exercise import graphs, slopes, starts, training  # noqa: F401 - they declare their exercises
from autograd.exercise.answering import Verdict, another, answer, student
from autograd.exercise.engine import Report, check_engine
from autograd.exercise.question import add_exercise
from autograd.exercise.sheets import sheet

__all__ = ["Report", "Verdict", "add_exercise", "another", "answer", "check_engine", "sheet", "student"]
