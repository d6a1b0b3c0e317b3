"""People at browser windows: what they see and press is the product as it is served."""

import shutil
from contextlib import contextmanager

from playwright.sync_api import sync_playwright

QUIET = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]


@contextmanager
def chromium():
    """Yields a headless Chromium, the first on the PATH."""
    names = ("chromium", "chromium-browser", "google-chrome")
    path = next(filter(None, map(shutil.which, names)), None)
    if path is None:
        raise RuntimeError("Chromium is not installed: run make test, which installs it.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", *QUIET])
        try:
            yield browser
        finally:
            browser.close()


class Person:
    """Somebody at a browser window of their own. `faults` is all that the browser had to complain about."""

    def __init__(self, browser, url, *, width=1280, theme="light"):
        self.context = browser.new_context(
            base_url=url,
            ignore_https_errors=True,
            viewport={"width": width, "height": 1000},
            color_scheme=theme,
            reduced_motion="reduce",
        )
        self.context.set_default_timeout(20_000)
        self.page = self.context.new_page()
        self.faults = []
        self.page.on("pageerror", lambda error: self.faults.append(f"{self.page.url}: {error}"))
        self.page.on("console", self._hear)
        self.page.on("response", self._look)

    def _hear(self, message):
        if message.type == "error":
            self.faults.append(f"{self.page.url}: {message.text}")

    def _look(self, response):
        if response.status >= 400:
            self.faults.append(f"{self.page.url}: {response.url} answered {response.status}")

    def signs_in(self, username, password):
        self.page.goto("/admin/")
        self.fills(username=username, password=password)
        self.follows(self.page.locator("form [type=submit]"))

    def fills(self, **fields):
        """Each field by its name (two underscores stand for a hyphen); a choice by what is read on it."""
        for name, value in fields.items():
            field = self.page.locator(f"[name='{name.replace('__', '-')}']")
            if field.evaluate("it => it.tagName") == "SELECT":
                field.select_option(label=value)
            else:
                field.fill(str(value))

    def presses(self, label, *, row=0):
        """The button or link that reads `label`; of several, the one in the `row`-th row. The next page is there."""
        button, link = (self.page.get_by_role(role, name=label, exact=True) for role in ("button", "link"))
        self.follows(button.or_(link).nth(row))

    def follows(self, way):
        """What `way` leads to is loaded: whoever presses on before that presses on the old page."""
        with self.page.expect_navigation():
            way.click()

    def does(self, label, *, row=0, **fields):
        """Presses the button of a verb, fills in its form and presses the button below it, whatever that reads."""
        self.presses(label, row=row)
        self.fills(**fields)
        self.follows(self.page.locator(".desk-submit [type=submit]"))

    def reads(self, text):
        self.page.get_by_text(text).first.wait_for()
