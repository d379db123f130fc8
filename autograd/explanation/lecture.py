"""`lecture`: scenes for a class, full screen, by keyboard: the question first, the answer node by node."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from html import escape
from string import Template
from typing import Any, NamedTuple

from autograd.drawing.cards import Look
from autograd.drawing.frames import Film, after_backward, carries
from autograd.drawing.layout import Layout
from autograd.drawing.picture import draw
from autograd.drawing.scene import Scene
from autograd.drawing.svg import document, lay_out_scene, peak_of, pieces, render
from autograd.explanation.assembly import Framed, colours, source
from autograd.messages import language, page_language, say, word

MOST_BOXES = 60  # more cannot be read from the last row
SCREEN = 1800.0, 640.0  # pixels of a projector that a picture has


class Shot(NamedTuple):
    """What stands on the screen between two presses: a picture and what is told under it."""

    svg: str
    told: str


class LectureScene(NamedTuple):
    """One question: its shots, the remark at its end, and the pictures for the paper."""

    question: str
    remark: str
    shots: list[Shot]
    blank: str
    solved: str


class Lecture(Framed):
    """What `lecture` returns: `.save` writes the page, `.presses` says how often Space is pressed.

    Attributes:
        scenes: what is shown, question by question.
    """

    height = 640

    def __init__(self, title: str, scenes: Sequence[LectureScene], lang: str) -> None:
        self.name, self.scenes, self.lang = title, list(scenes), lang

    @property
    def title(self) -> str:
        """The name of the lecture."""
        return self.name

    @property
    def presses(self) -> list[int]:
        """How often Space is pressed in each scene, from the question to the remark."""
        return [len(scene.shots) - 1 for scene in self.scenes]

    @property
    def html(self) -> str:
        """The page: one HTML document that needs nothing else; printed, a handout with blanks and the key."""
        shown = [
            {"question": x.question, "say": x.remark, "shots": [shot._asdict() for shot in x.shots]}
            for x in self.scenes
        ]
        return Template(source("lecture.html")).substitute(
            lang=page_language(self.lang), title=escape(self.title), colours=colours(), paper=self._paper(),
            scenes=json.dumps(shown, ensure_ascii=False).replace("</", "<\\/"),
        )  # fmt: skip

    def _paper(self) -> str:
        """The handout, scene by scene with blanks, and after it the key."""
        asked = [
            f'<section><h2>{k}. {escape(x.question)}</h2>{x.blank}<p class="blank"></p></section>'
            for k, x in enumerate(self.scenes, 1)
        ]
        name = escape(word("lecture_key", self.lang))
        key = [
            f"<section><h2>{name} {k}. {escape(x.question)}</h2>{x.solved}<ol>"
            + "".join(f"<li>{escape(shot.told)}</li>" for shot in x.shots[1:])
            + f"</ol><p>{escape(x.remark)}</p></section>"
            for k, x in enumerate(self.scenes, 1)
        ]
        return f"<h1>{escape(self.title)}</h1>" + "\n".join([*asked, *key])

    def __repr__(self) -> str:
        count, pictures = len(self.scenes), len([shot for scene in self.scenes for shot in scene.shots])
        return word("lecture_repr", self.lang, title=self.title, scenes=count, pictures=pictures)


def lecture(
    title: str,
    scenes: Iterable[tuple[Any, str, str]],
    *,
    lang: str | None = None,
    names: Mapping[str, Any] | None = None,
) -> Lecture:
    """A page for a lecture: every scene shows its question first, Space reveals the answer node by node.

    Args:
        title: of the lecture.
        scenes: triples (result, question, remark): the node whose graph is shown, what the class is asked,
            and what is said at the end.
        lang: "en" or "zh"; by default the language in force.
        names: variable names to use instead of the caller's, such as `locals()`.

    Returns:
        What `.save("lecture.html")` writes: full screen, by keyboard (Space, arrows, Home, End, `f` for the
        whole screen); printed, a handout with blanks and the key.

    Raises:
        ValueError: no scenes, or a graph of more than 60 boxes, which nobody reads from the last row.

    >>> from autograd import Value, lecture
    >>> a, b = Value(2.0), Value(-3.0)
    >>> L = a * b + a
    >>> lecture("Backpropagation I", [(L, "What is a.grad?", "a is used twice: the flows add.")])
    <lecture: Backpropagation I, 1 scene, 4 pictures; to give it: .save("lecture.html")>
    """
    lang = lang or language()
    made = [_scene(root, question, remark, lang, names) for root, question, remark in scenes]
    if not made:
        raise ValueError(say("lecture_empty"))
    return Lecture(title, made, lang)


def _scene(root: Any, question: str, remark: str, lang: str, names: Mapping[str, Any] | None) -> LectureScene:
    picture = draw(root, collapse=False, legend=False, lang=lang, names=names)
    if len(picture.scene.boxes) > MOST_BOXES:
        raise ValueError(say("draw_too_large", count=len(picture.scene.boxes), most=MOST_BOXES))
    look = picture.look
    final = after_backward(picture.scene)
    layout = _fitting(final, look)
    peak = peak_of(final)
    shots = [Shot(_svg(scene, layout, look, peak), told) for scene, told in _by_node(picture.scene, look)]
    paper = Look(lang, "light", ("grad", "local"), legend=False, digits=look.digits)
    open_ = replace(final, links=[replace(link, flow=None) for link in final.links])  # a 0 would be dotted
    on_paper = render(open_, lay_out_scene(open_, paper, "auto"), paper)
    key = Look(lang, "light", legend=False, digits=look.digits)
    solved = render(final, lay_out_scene(final, key, "auto"), key)
    return LectureScene(question, remark, shots, on_paper, solved)


def _fitting(scene: Scene, look: Look) -> Layout:
    """The direction in which the picture gets largest on a projector."""
    ways = [lay_out_scene(scene, look, way) for way in ("LR", "TB")]
    return max(ways, key=lambda x: min(SCREEN[0] / x.width, SCREEN[1] / x.height))


def _svg(scene: Scene, layout: Layout, look: Look, peak: float | None) -> str:
    lines, wide, high = pieces(scene, layout, look, peak)
    return document("\n".join(filter(None, lines)), wide, high, scene, look)


def _by_node(scene: Scene, look: Look) -> Iterator[tuple[Scene, str]]:
    """The question; all values; then every node that hands on, with the equations of its edges."""
    state = Film(scene, look)
    order = [i for i, box in enumerate(scene.boxes) if box.kind == "op"]
    yield state.frame("", None), ""
    state.known = [True] * len(scene.boxes)
    root = order[-1] if order else 0
    state.grads[root] = 1.0
    yield state.frame("", root), state.say("turn", root=scene.boxes[root].name)
    for i in reversed(order):
        links = [link for link in state.into[i] if carries(scene, link)]
        told = [state.hand_on(link) for link in links]
        if links:
            yield state.frame("", i, links), "\n".join(told)
