"""The integer and query-string forms that the reference accepts and refuses."""

from urllib.parse import quote

import pytest

from ostack_processes import Stack
from raw_http import Connection, request
from reference_rows import (UNKNOWN, not_an_integer, too_large, too_long, too_small,
                            unprocessable)

LARGEST = 2**63 - 1
# (raw query value, the integer it is)
ACCEPTED = [(quote(text), value) for text, value in [
    ("4", 4), (" 4 ", 4), ("\t4\n", 4), ("\u00a04", 4), ("4\u2003", 4), ("\u00854\u0085", 4),
    ("\u30004", 4), ("+4", 4), ("004", 4), ("4.0", 4), ("4.00", 4), ("+4.0", 4), ("0_4", 4),
    ("0__5", 5), ("00_5", 5), ("-4", -4), ("-0", 0), ("0", 0), ("-4.0", -4), ("1_000", 1000),
    ("1_0.0", 10), ("0-5", -5), (str(LARGEST), LARGEST), (str(-LARGEST - 1), -LARGEST - 1),
]] + [("+4", 4), ("4+", 4), ("%34", 4), ("+%2B4+", 4), ("0" * 3000 + "4", 4)]
REFUSED = [
    "", " ", "4.", ".0", "4.5", "4e0", "4E0", "0x4", "0b1", "0o7", "1__000", "_1", "1_", "4.0_0",
    "1,000", "NaN", "inf", "true", "null", "4a", "+-4", "-+4", "--4", "++4", "+ 4", "- 4", "0_",
    "4 4", "-", "+", ".", "4.0.0", "\u0664", "\uff14", "\u200b4", "\ufeff4", "4\x00", "4\x1f",
]
BEYOND = [(str(LARGEST + 1), too_large), ("1" * 200, too_large), ("1_" * 20 + "1.0", too_large),
          ("9" * 4300, too_large), (str(-LARGEST - 2), too_small), ("-" + "1" * 200, too_small),
          ("1" * 4301, too_long), ("-" + "1" * 4301, too_long)]


@pytest.fixture(scope="module")
def stack(tmp_path_factory):
    stack = Stack(tmp_path_factory.mktemp("data"), {})
    yield stack
    try:
        stack.stop()
    finally:
        stack.discard()


def restock(stack, product_id: str):
    return request(stack.inventory.port, "POST", f"/restock?quantity=1&product_id={product_id}")


@pytest.mark.parametrize("raw, value", ACCEPTED, ids=[raw[:20] for raw, _ in ACCEPTED])
def test_integer_accepted(stack, raw, value):
    response = request(stack.inventory.port, "POST", f"/reduce-stock?product_id={raw}")
    if value in (4, 5):
        assert response.status == 200, response.body
        assert response.json()["product"]["id"] == value
        assert restock(stack, str(value)).status == 200
    else:
        assert (response.status, response.body) == (400, UNKNOWN)


@pytest.mark.parametrize("value", REFUSED, ids=[ascii(value) for value in REFUSED])
def test_integer_refused(stack, value):
    response = request(stack.inventory.port, "POST", f"/reduce-stock?product_id={quote(value)}")
    assert response.status == 422
    assert response.body == unprocessable(not_an_integer("product_id", value))


@pytest.mark.parametrize("value, error", BEYOND, ids=[
    f"{value[:4]} {len(value)} characters" for value, _ in BEYOND])
def test_integer_beyond_64_bits(stack, value, error):
    """The reference takes up to 4300 digits, and then fails with 500 in its database."""
    response = request(stack.inventory.port, "POST", f"/reduce-stock?product_id={value}")
    assert response.status == 422
    assert response.body == unprocessable(error("product_id", value))


# (query, username that is ordered under)
USERNAMES = [
    ("username=ann&product_id=4", "ann"),
    ("product_id=4&username=ann", "ann"),
    ("username=a%20b+c&product_id=4", "a b c"),
    ("username=a%2Bb&product_id=4", "a+b"),
    ("username=a%26b%3Dc&product_id=4", "a&b=c"),
    ("username=a=b&product_id=4", "a=b"),
    ("username=a;product_id=9&product_id=4", "a;product_id=9"),
    ("username=first&product_id=9&username=last&product_id=4", "last"),
    ("user%6eame=encoded&product%5Fid=4", "encoded"),
    ("&&username=gaps&&product_id=4&", "gaps"),
    ("username=extra&product_id=4&colour=red", "extra"),
    ("username=case&product_id=4&Username=x&USERNAME=y", "case"),
    ("username=%C3%A9%F0%9F%9B%92&product_id=4", "é🛒"),
    ("username=%ff&product_id=4", "\ufffd"),
    ("username=a%ffb%fe&product_id=4", "a\ufffdb\ufffd"),
    ("username=%e2%82&product_id=4", "\ufffd"),
    ("username=%zz&product_id=4", "%zz"),
    ("username=%4&product_id=4", "%4"),
    ("username=100%&product_id=4", "100%"),
    ("username=%20&product_id=4", " "),
    ("username=a#b&product_id=4", "a#b"),
    ("username=a?b/c&product_id=4", "a?b/c"),
]


@pytest.mark.parametrize("query, username", USERNAMES, ids=[query for query, _ in USERNAMES])
def test_query(stack, query, username):
    placed = request(stack.order.port, "POST", f"/order-product?{query}")
    assert placed.status == 200, placed.body
    order_id = placed.json()["order_id"]
    listed = request(stack.order.port, "GET", "/list-orders").json()
    assert [order["username"] for order in listed if order["order_id"] == order_id] == [username]
    assert restock(stack, "4").status == 200


def test_a_body_gives_no_parameters(stack):
    with Connection(stack.order.port) as connection:
        form = "content-type: application/x-www-form-urlencoded\r\n"
        response = connection.request("POST", "/order-product", form, b"username=a&product_id=4")
        assert response.status == 422


def test_the_last_of_duplicate_parameters_is_the_one_that_is_checked(stack):
    response = request(stack.order.port, "POST",
                       "/order-product?username=a&product_id=4&product_id=")
    assert response.body == unprocessable(not_an_integer("product_id", ""))


def test_restock_quantity_takes_the_same_forms(stack):
    def stock():
        products = request(stack.inventory.port, "GET", "/list-products").json()
        return {product["id"]: product["stock"] for product in products}[3]

    before = stock()
    for form in ("1_0", "%2B5", "004", "1.0"):
        answer = request(stack.inventory.port, "POST", f"/restock?product_id=3&quantity={form}")
        assert answer.status == 200, form
    assert stock() == before + 10 + 5 + 4 + 1
    refused = request(stack.inventory.port, "POST", "/restock?product_id=3&quantity=many")
    assert refused.body == unprocessable(not_an_integer("quantity", "many"))
    assert stock() == before + 20
