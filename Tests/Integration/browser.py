"""A real browser, without a display, and what it says of the pages that it shows."""

import contextlib
import shutil
from dataclasses import dataclass, field
from pathlib import Path

import axe_playwright_python
from playwright.sync_api import sync_playwright

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js")


@dataclass
class Visit:
    """A page, and everything that went on while it was looked at."""

    page: object
    console: list[str] = field(default_factory=list)
    requested: list[str] = field(default_factory=list)

    def accessibility_findings(self) -> list[str]:
        """What axe-core finds wrong, the minor things too."""
        # Not as a script of the page, which its policy would rightly refuse.
        self.page.evaluate(AXE.read_text() + "\n;0")
        result = self.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        return [f"{item['impact']}: {item['id']}: {node['html'][:120]}: {node['failureSummary']}"
                for item in result["violations"] for node in item["nodes"]]


@contextlib.contextmanager
def chromium():
    """Debian's Chromium. No sandbox: it starts as root, too, and shows nothing but our pages."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    assert path, "needs Chromium (Debian: chromium)"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@contextlib.contextmanager
def visit(browser, url: str, **options):
    context = browser.new_context(**options)
    page = context.new_page()
    page.set_default_timeout(20_000)
    seen = Visit(page)
    page.on("console", lambda message: seen.console.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: seen.console.append(f"error: {error}"))
    page.on("request", lambda request: seen.requested.append(request.url))
    page.goto(url)
    page.wait_for_selector("main[aria-busy=false]")
    yield seen
    context.close()
