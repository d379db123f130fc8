"""Pages in a real browser. Whatever goes wrong in one, or asks the network for something, fails its test."""

import re
from shutil import which

import pytest

from autograd import step_through

DESK = {"width": 1200, "height": 850}
PATIENCE = 600_000  # milliseconds: a busy machine is no fault
LOCAL = ("file:", "about:", "data:", "blob:")


@pytest.fixture(scope="package")
def browser():
    """Chromium, started once for all pages."""
    from playwright.sync_api import sync_playwright

    path = next(filter(None, map(which, ("chromium", "chromium-browser", "google-chrome"))))
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"], timeout=PATIENCE)
        yield started
        started.close()


@pytest.fixture(scope="package")
def tabs(browser):
    """Tabs that tests take in turn: to open one costs Chromium four times what a page in it does.

    Gives a function from a number to the tab, and what went wrong in all of them so far.
    """
    context = browser.new_context(reduced_motion="reduce")
    context.set_default_timeout(PATIENCE)
    opened, wrong = [], []

    def tab(number):
        if number == len(opened):
            opened.append(context.new_page())
            opened[-1].on("pageerror", lambda error: wrong.append(str(error)))
            opened[-1].on("request", lambda asked: asked.url.startswith(LOCAL) or wrong.append(asked.url))
        return opened[number]

    yield tab, wrong
    context.close()


@pytest.fixture
def visit(tabs, tmp_path, expression):
    """Give a function that opens the page of an expression, or a saved file, at an address.

    What is opened with `asks` may ask the network, as an exported notebook does for its frame's scripts.
    """
    (tab, wrong), taken, asking = tabs, [], []

    def open_page(what, at="", *, show=step_through, size=DESK, scheme="light", asks=False):
        path = what
        if not hasattr(what, "read_text"):
            root, names = expression(what) if isinstance(what, str) else (what, None)
            path = tmp_path / f"page{len(taken)}.html"
            show(root, names=names).save(path)
        taken.append(page := tab(len(taken)))
        asking.append(asks)
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=scheme, media="null")
        page.goto(f"file://{path}{at}")
        if path is not what:
            page.wait_for_selector("#page:not([hidden])")
        return page

    yield open_page
    for page in taken:
        page.goto("about:blank")  # whatever ran there has ended
    seen = [one for one in wrong if not (any(asking) and one.startswith("http"))]
    wrong.clear()
    assert seen == []


@pytest.fixture
def words():
    """Give a function from a place on a page to its text, in one line."""
    return lambda place: re.sub(r"\s+", " ", place.inner_text()).strip()
