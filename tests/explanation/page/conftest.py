"""Pages in a real browser. Whatever goes wrong in one, or asks the network for something, fails its test."""

import re
from shutil import which

import pytest

from autograd import step_through

DESK = {"width": 1200, "height": 850}
PATIENCE = 600_000  # milliseconds: a busy machine is no fault
LOCAL = ("file:", "about:", "data:", "blob:")


@pytest.fixture(scope="module")
def browser():
    """Chromium, started once per file."""
    from playwright.sync_api import sync_playwright

    path = next(filter(None, map(which, ("chromium", "chromium-browser", "google-chrome"))))
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"], timeout=PATIENCE)
        yield started
        started.close()


@pytest.fixture
def visit(browser, tmp_path, expression):
    """Give a function that opens the page of an expression, or a saved file, at an address."""
    wrong = []
    contexts = []

    def asked(request):
        if not request.url.startswith(LOCAL):
            wrong.append(request.url)

    def open_page(what, at="", *, show=step_through, size=DESK, scheme="light"):
        path = what
        if not hasattr(what, "read_text"):
            root, names = expression(what) if isinstance(what, str) else (what, None)
            path = tmp_path / f"page{len(contexts)}.html"
            show(root, names=names).save(path)
        context = browser.new_context(viewport=size, color_scheme=scheme, reduced_motion="reduce")
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        if path is not what:  # an exported notebook's own frame may ask for its fonts and scripts
            page.on("request", asked)
        page.goto(f"file://{path}{at}")
        if path is not what:
            page.wait_for_selector("#page:not([hidden])")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert wrong == []


@pytest.fixture
def words():
    """Give a function from a place on a page to its text, in one line."""
    return lambda place: re.sub(r"\s+", " ", place.inner_text()).strip()
