"""Proxies of the environment: a service's own requests go through them, and nothing else does."""

import contextlib
import http.client
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from certificates import Authority
from raw_http import request
from stand_ins import refusing_port
from test_configuration import assert_refused

ORDER = "/order-product?username=ann&product_id=1"


class Proxy:
    """Passes requests on, and bytes through tunnels. Names stand for ports of this machine."""

    def __init__(self, hosts: dict[str, int]):
        self.hosts = hosts
        self.seen: list[tuple[str, str, str | None]] = []
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def do_CONNECT(self):
                proxy.note(self)
                host, _, port = self.path.partition(":")
                with socket.create_connection(("127.0.0.1", proxy.hosts[host])) as far:
                    self.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
                    self.wfile.flush()
                    answers = threading.Thread(target=carry, args=(far, self.connection))
                    answers.start()
                    carry(self.connection, far)
                    answers.join()
                self.close_connection = True

            def forward(self):
                proxy.note(self)
                scheme, _, rest = self.path.partition("://")
                authority, slash, target = rest.partition("/")
                assert scheme == "http" and self.headers["host"] == authority
                body = self.rfile.read(int(self.headers.get("content-length", 0)))
                far = http.client.HTTPConnection(
                    "127.0.0.1", proxy.hosts[authority.partition(":")[0]], timeout=15)
                fields = {name: value for name, value in self.headers.items()
                          if name.lower() not in ("proxy-authorization", "content-length")}
                far.request(self.command, slash + target, body=body or None, headers=fields)
                answer = far.getresponse()
                content = answer.read()
                self.send_response_only(answer.status)
                for name, value in answer.getheaders():
                    if name.lower() not in ("transfer-encoding", "content-length"):
                        self.send_header(name, value)
                self.send_header("content-length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)
                far.close()

            do_GET = do_POST = forward

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def note(self, handler):
        self.seen.append((handler.command, handler.path, handler.headers["proxy-authorization"]))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


def carry(source: socket.socket, target: socket.socket):
    with contextlib.suppress(OSError):
        while piece := source.recv(65536):
            target.sendall(piece)
        target.shutdown(socket.SHUT_WR)


def test_orders_and_telemetry_go_through_it(start_service, receiver):
    stock = start_service("inventory-service")
    with Proxy({"stock.test": stock.port, "collector.test": receiver.port}) as proxy:
        settings = receiver.settings() | {
            "OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector.test:4318",
            "INVENTORY_SERVICE_URL": "http://stock.test:8010",
            "http_proxy": f"http://ann:secret@127.0.0.1:{proxy.port}"}
        orders = start_service("order-service", **settings)
        assert request(orders.port, "POST", ORDER).status == 200
        assert orders.stop() == 0
        assert ("POST", "http://stock.test:8010/reduce-stock?product_id=1",
                "Basic YW5uOnNlY3JldA==") in proxy.seen
        assert any(path == "http://collector.test:4318/v1/traces" for _, path, _ in proxy.seen)
        assert {authorization for *_, authorization in proxy.seen} == {"Basic YW5uOnNlY3JldA=="}
    assert any(export.path == "/v1/traces" for export in receiver.exports)
    # What a log or a trace says of it has no password.
    assert "secret" not in "\n".join(orders.out.lines + orders.err.lines)


def test_https_goes_through_a_tunnel(start_service, tmp_path):
    authority = Authority(tmp_path / "certificates")
    certificate, key = authority.issue("stock", hosts="DNS:stock.test")
    stock = start_service("inventory-service",
                          INVENTORY_SERVICE_TLS_CERTIFICATE_FILE=certificate,
                          INVENTORY_SERVICE_TLS_PRIVATE_KEY_FILE=key)
    with Proxy({"stock.test": stock.port}) as proxy:
        orders = start_service("order-service", INVENTORY_SERVICE_URL="https://stock.test:8010",
                               INVENTORY_TLS_CA_FILE=authority.certificate,
                               HTTPS_PROXY=f"127.0.0.1:{proxy.port}", EVENT_LOOPS=1)
        for _ in range(2):
            assert request(orders.port, "POST", ORDER).status == 200
        assert proxy.seen == [("CONNECT", "stock.test:8010", None)], "one tunnel, kept"
        assert orders.stop() == 0


@pytest.mark.parametrize("variables", [
    {}, {"no_proxy": "*"}, {"NO_PROXY": "127.0.0.0/8"}])
def test_this_machine_is_reached_without_it(start_service, variables):
    stock = start_service("inventory-service")
    with Proxy({}) as proxy:
        orders = start_service(
            "order-service", INVENTORY_SERVICE_URL=f"http://127.0.0.1:{stock.port}",
            http_proxy=f"http://127.0.0.1:{proxy.port}", **variables)
        assert request(orders.port, "POST", ORDER).status == 200
        assert proxy.seen == []
        assert orders.stop() == 0


def test_a_proxy_that_is_down_is_told(start_service):
    with refusing_port() as port:
        orders = start_service("order-service", INVENTORY_SERVICE_URL="http://stock.test:8010",
                               http_proxy=f"http://127.0.0.1:{port}")
        answer = request(orders.port, "POST", ORDER)
    assert (answer.status, answer.json()) == (503, {"detail": "Inventory service unavailable"})


@pytest.mark.parametrize("name", ["http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy"])
@pytest.mark.parametrize("service", ["order-service", "inventory-service"])
def test_a_proxy_that_cannot_be_used(start_service, service, name):
    line = assert_refused(
        start_service(service, wait=False, **{name: "socks5://ann:secret@proxy:1080"}), name,
        "only proxies with http:// URLs can be used")
    assert "secret" not in line
