"""Reads a picture back from its SVG and measures it: boxes, labels, edges as polylines, what crosses what."""

import re
from itertools import combinations, pairwise
from typing import NamedTuple
from xml.etree import ElementTree

SVG = "{http://www.w3.org/2000/svg}"
STEPS = 12  # straight pieces per curve


class Rect(NamedTuple):
    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other):
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )

    def shrunk(self, by):
        return Rect(self.left + by, self.top + by, self.right - by, self.bottom - by)


class Shape(NamedTuple):
    boxes: list
    labels: dict  # edge number: Rect
    edges: list  # polylines, and after them those of the trunks
    ends: list  # pairs of box numbers


def read(svg, links):
    """The geometry of an SVG; `links` are the scene's, in the order of the edges."""
    root = ElementTree.fromstring(svg)  # noqa: S314 - our own output
    boxes, labels, edges, trunks = [], {}, [], []
    for group in root.iter(f"{SVG}g"):
        kind = group.get("class")
        if kind == "ag-node":
            rects = [_rect(x) for x in group.findall(f"{SVG}rect")]
            boxes.append(max(rects, key=lambda r: (r.right - r.left) * (r.bottom - r.top)))
        elif kind == "ag-edge":
            edges.append(polyline(group.find(f"{SVG}path").get("d")))
        elif kind == "ag-trunk":
            trunks.append(polyline(group.find(f"{SVG}path").get("d")))
        elif kind == "ag-label":
            labels[int(group.get("data-edge-number"))] = _rect(group.find(f"{SVG}rect"))
    ends = [(x.source, x.target) for x in links] + [()] * len(trunks)
    return Shape(boxes, labels, edges + trunks, ends)


def _rect(element):
    x, y, w, h = (float(element.get(name)) for name in ("x", "y", "width", "height"))
    return Rect(x, y, x + w, y + h)


def polyline(d):
    """The points of a path of M, L and C commands, curves cut into straight pieces."""
    points = []
    for command, text in re.findall(r"([MLC])([^MLC]*)", d):
        numbers = [float(x) for x in text.replace(",", " ").split()]
        pairs = list(zip(numbers[::2], numbers[1::2]))
        if command in "ML":
            points += pairs
            continue
        for i in range(0, len(pairs), 3):
            p, (q, r, s) = points[-1], pairs[i : i + 3]
            points += [_bezier(p, q, r, s, (k + 1) / STEPS) for k in range(STEPS)]
    return points


def _bezier(p, q, r, s, t):
    u = 1 - t
    return tuple(
        u**3 * a + 3 * u * u * t * b + 3 * u * t * t * c + t**3 * d for a, b, c, d in zip(p, q, r, s)
    )


def crossing_count(shape):
    """At how many places lines cross; edges that run as one line cross another only once."""
    places = set()
    for one, other in combinations(shape.edges, 2):
        if _around(one).overlaps(_around(other)):
            places.update(_crossings(one, other))
    return len(places)


def _around(points):
    xs, ys = zip(*points)
    return Rect(min(xs) - 0.1, min(ys) - 0.1, max(xs) + 0.1, max(ys) + 0.1)


def _crossings(one, other):
    """Where two polylines cross: pieces that merely touch, or run along each other, do not."""

    def side(a, b, c):
        return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])

    for p, q in pairwise(one):
        for r, s in pairwise(other):
            before, after, left, right = side(p, q, r), side(p, q, s), side(r, s, p), side(r, s, q)
            if min(map(abs, (before, after, left, right))) > 1e-6 and before * after < 0 and left * right < 0:
                t = left / (left - right)
                yield round(p[0] + t * (q[0] - p[0]), 1), round(p[1] + t * (q[1] - p[1]), 1)


def edges_through(shape, rects):
    """Pairs (edge, box number) where an edge runs through a box that is not at one of its ends."""
    return [
        (number, k)
        for number, (points, ends) in enumerate(zip(shape.edges, shape.ends))
        for k, rect in rects.items()
        if k not in ends and _runs_through(points, rect)
    ]


def edges_near(shape, rects):
    """Pairs (edge, label's edge) where an edge runs through the label of another."""
    return [
        (number, k)
        for number, points in enumerate(shape.edges)
        for k, rect in rects.items()
        if k != number and _runs_through(points, rect)
    ]


def _runs_through(points, rect):
    if not _around(points).overlaps(rect):
        return False
    return any(_inside(rect, p, q) for p, q in pairwise(points))


def _inside(rect, p, q):
    """True when the piece from p to q has a point inside the rect."""
    steps = max(1, int(max(abs(p[0] - q[0]), abs(p[1] - q[1])) / 2))
    return any(
        rect.left < p[0] + (q[0] - p[0]) * t / steps < rect.right
        and rect.top < p[1] + (q[1] - p[1]) * t / steps < rect.bottom
        for t in range(steps + 1)
    )
