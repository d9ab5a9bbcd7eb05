"""The documentation page, as people see it: in Chromium."""

import os
from pathlib import Path

import pytest

from browser import chromium, visit
from ostack_processes import Stack
from otlp_receiver import OTLPReceiver
from raw_http import request

WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
# Where screenshots are kept for a look at them; nowhere by default.
SHOTS = os.environ.get("SCREENSHOTS")
JAEGER = "http://jaeger.example:16686"


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    """Both services with telemetry on, and a browser."""
    receiver = OTLPReceiver()
    stack = Stack(tmp_path_factory.mktemp("data"), receiver.settings(),
                  both={"JAEGER_UI_URL": JAEGER})
    stack.receiver = receiver
    with chromium() as stack.browser:
        yield stack
    try:
        stack.stop()
    finally:
        stack.discard()
        receiver.close()
    receiver.assert_clean()


def shoot(page, name: str):
    if SHOTS:
        Path(SHOTS).mkdir(exist_ok=True)
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)


def open_operation(page, operation: str):
    page.locator(f"#{operation} > details > summary").click()
    return page.locator(f"#{operation}")


def assert_nothing_went_wrong(seen, service):
    assert seen.console == []
    assert seen.requested and all(url.startswith((f"{service.url}/", "data:"))
                                  for url in seen.requested), seen.requested


def test_an_order_is_placed(shop):
    with visit(shop.browser, f"{shop.order.url}/docs", viewport=WIDE) as seen:
        page = seen.page
        assert "Order service" in page.title()
        form = open_operation(page, "orderProduct")
        form.get_by_label("username").fill("zoë & co")
        form.get_by_label("product_id").fill("4")
        form.get_by_role("button", name="New key").click()
        assert len(form.get_by_label("Idempotency-Key").input_value()) == 36
        form.get_by_role("button", name="Send request").click()
        answer = form.get_by_role("status")
        answer.get_by_text("200").first.wait_for()
        shown = answer.inner_text()
        assert '"message": "Order placed successfully"' in shown and " ms" in shown
        link = answer.get_by_role("link")
        trace_id = link.inner_text().split()[0]
        assert link.get_attribute("href") == f"{JAEGER}/trace/{trace_id}"
        answer.get_by_text("fields of the answer").click()
        assert "content-length" in answer.inner_text()
        shoot(page, "order-wide-light")
        # The same key is the same order; without a name the server refuses, and says so.
        form.get_by_role("button", name="Send request").click()
        answer.get_by_text("200").first.wait_for()
        form.get_by_label("username").fill("")
        form.get_by_role("button", name="Send request").click()
        answer.get_by_text("422").first.wait_for()
        assert '"type": "missing"' in answer.inner_text()
        told = answer.get_by_role("link").inner_text().split()[0]
        # What the browser says of an answer with an error is no error of the page.
        seen.console = [line for line in seen.console if "status of 422" not in line]
        assert_nothing_went_wrong(seen, shop.order)
    [order] = [entry for entry in request(shop.order.port, "GET", "/list-orders").json()
               if entry["username"] == "zoë & co"]
    assert order["product_id"] == 4
    shop.receiver.wait_for("the traces that the page named", lambda receiver: {trace_id, told} <= {
        span.trace_id for span in receiver.spans("order-service")})
    routes = {span.attributes.get("http.route") for span in shop.receiver.spans()
              if span.trace_id == trace_id}
    assert {"/order-product", "/reduce-stock"} <= routes


@pytest.mark.parametrize("service", ["order", "inventory"])
@pytest.mark.parametrize("path", ["docs", "redoc"])
def test_it_is_accessible(shop, service, path):
    """Wide and narrow, light and dark, with everything open that can be opened."""
    service = getattr(shop, service)
    with visit(shop.browser, f"{service.url}/{path}") as seen:
        page = seen.page
        page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
        for size in (WIDE, NARROW):
            page.set_viewport_size(size)
            width = page.evaluate("document.documentElement.scrollWidth")
            assert width <= size["width"], "nothing is beside the page"
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)
                shoot(page, f"{service.name}-{path}-{size['width']}-{scheme}")
                assert seen.accessibility_findings() == [], (size, scheme)
        assert_nothing_went_wrong(seen, service)


def test_what_is_not_accessible_is_found(shop):
    with visit(shop.browser, f"{shop.order.url}/docs") as seen:
        seen.page.evaluate("document.querySelector('.intro p').style.color = '#ddd'")
        [finding] = seen.accessibility_findings()
        assert finding.startswith("serious: color-contrast: ")


def test_it_is_used_by_keyboard_alone(shop):
    with visit(shop.browser, f"{shop.inventory.url}/docs", viewport=WIDE) as seen:
        page = seen.page
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        page.keyboard.press("Enter")
        for _ in range(20):
            page.keyboard.press("Tab")
            focused = page.evaluate("document.activeElement.innerText || ''")
            outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert outline == "solid", f"the focus is not seen on {focused}"
            if "/restock" in focused:
                break
        assert "/restock" in focused
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        page.keyboard.type("3")  # replaces what a field holds
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        answer = page.locator("#restock").get_by_role("status")
        answer.get_by_text("200").first.wait_for()
        assert '"id": 3' in answer.inner_text()
        assert_nothing_went_wrong(seen, shop.inventory)


def test_finding_and_linking(shop):
    with visit(shop.browser, f"{shop.order.url}/docs#orderProduct", viewport=WIDE) as seen:
        page = seen.page
        assert page.locator("#orderProduct > details").get_attribute("open") is not None
        page.get_by_label("Filter").fill("ready")
        assert [found.get_attribute("id") for found in page.locator(".operation:visible").all()] \
            == ["ready"]
        page.get_by_label("Filter").fill("")
        page.get_by_role("navigation", name="Endpoints").get_by_text("/list-orders").click()
        assert page.locator("#listOrders > details").get_attribute("open") is not None
        assert page.locator("form").count() == 6
        page.get_by_role("link", name="Reading view").click()
        page.wait_for_url("**/redoc")
        page.wait_for_selector("main[aria-busy=false]")
        assert page.locator("form").count() == 0
        assert page.locator(".operation > details[open]").count() == 6
        page.get_by_role("link", name="Try it out").click()
        page.wait_for_url("**/docs")
        assert_nothing_went_wrong(seen, shop.order)


def test_answers_of_an_attacker_are_text(shop):
    """A name that is markup is shown as it is."""
    name = "<img src=x onerror=alert(1)>"
    placed = request(shop.order.port, "POST", "/order-product?product_id=4&username="
                     "%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E")
    assert placed.status == 200
    with visit(shop.browser, f"{shop.order.url}/docs", viewport=WIDE) as seen:
        form = open_operation(seen.page, "listOrders")
        form.get_by_role("button", name="Send request").click()
        answer = form.get_by_role("status")
        answer.get_by_text("200").first.wait_for()
        assert name in answer.inner_text()
        assert answer.locator("img").count() == 0
        assert_nothing_went_wrong(seen, shop.order)
