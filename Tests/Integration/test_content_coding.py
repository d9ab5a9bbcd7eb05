"""Compression: for who asks, where it is worth it, and refused where it is not understood."""

import gzip
import http.client
import json
import subprocess

import pytest

from raw_http import request


@pytest.fixture(scope="module")
def place_orders():
    def place(stack, count: int):
        request(stack.inventory.port, "POST", f"/restock?product_id=4&quantity={count}")
        connection = http.client.HTTPConnection("127.0.0.1", stack.order.port, timeout=15)
        for number in range(count):
            connection.request("POST", f"/order-product?username=user{number}&product_id=4")
            response = connection.getresponse()
            assert response.status == 200, response.read()
            response.read()
        connection.close()

    return place


# Orders are read 500 at a time: more than that is streamed.
@pytest.mark.parametrize("count, is_streamed", [(40, False), (501, True)])
def test_orders_are_compressed_for_who_asks(start_stack, place_orders, count, is_streamed):
    stack = start_stack()
    place_orders(stack, count)
    port = stack.order.port
    plain = request(port, "GET", "/list-orders")
    packed = request(port, "GET", "/list-orders", fields="accept-encoding: gzip, br\r\n")
    assert plain.header("content-encoding") is None
    assert packed.header("content-encoding") == "gzip"
    assert plain.header("vary") == packed.header("vary") == "accept-encoding"
    assert (packed.header("transfer-encoding") == "chunked") == is_streamed
    assert gzip.decompress(packed.body) == plain.body
    assert len(json.loads(plain.body)) == count
    assert len(packed.body) < len(plain.body) / 4
    refused = request(port, "GET", "/list-orders", fields="accept-encoding: gzip;q=0\r\n")
    assert (refused.header("content-encoding"), refused.body) == (None, plain.body)
    head = request(port, "HEAD", "/list-orders", fields="accept-encoding: gzip\r\n")
    assert (head.status, head.body) == (200, b"")
    for name in ("content-length", "transfer-encoding", "content-encoding", "vary"):
        assert head.header(name) == packed.header(name), name
    curl = subprocess.run(
        ["curl", "--silent", "--fail", "--compressed", "--max-time", "15",
         f"http://127.0.0.1:{port}/list-orders"], capture_output=True, timeout=30)
    assert (curl.returncode, curl.stdout) == (0, plain.body)


def test_small_answers_stay_as_they_are(start_service):
    service = start_service("inventory-service")
    answer = request(service.port, "GET", "/list-products", fields="accept-encoding: gzip\r\n")
    assert answer.header("content-encoding") is None
    assert answer.header("vary") is None
    assert len(answer.json()) == 5


def test_content_in_an_unknown_coding(start_stack):
    stack = start_stack()
    target = "/order-product?username=ann&product_id=4"
    refused = request(stack.order.port, "POST", target,
                      fields="content-encoding: br\r\n", body=b"anything")
    assert refused.status == 415
    assert refused.header("accept-encoding") == "gzip"
    assert refused.json() == {"detail": "Unsupported Content-Encoding"}
    for coding in ("gzip", "x-gzip", "GZIP", "identity"):
        body = gzip.compress(b"{}")
        taken = request(
            stack.order.port, "POST", target, body=body,
            fields=f"content-encoding: {coding}\r\n")
        assert taken.status == 200, coding
    # Without content there is nothing to decode.
    assert request(stack.order.port, "POST", target, fields="content-encoding: br\r\n").status \
        == 200
