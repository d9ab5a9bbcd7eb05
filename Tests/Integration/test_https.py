"""HTTPS: both services serve it and call each other over it; every bad certificate has its reason."""

import http.client
import signal
import socket
import ssl
import subprocess

import pytest

from certificates import Authority
from ostack_processes import BINARIES, clean_environment, parse_log_line

ORDER = "/order-product?username=ann&product_id=1"


@pytest.fixture
def authority(tmp_path):
    return Authority(tmp_path / "certificates")


def serving(prefix: str, pair: tuple, **more) -> dict:
    names = ("CERTIFICATE_FILE", "PRIVATE_KEY_FILE")
    return {f"{prefix}_TLS_{name}": path for name, path in zip(names, pair)} | more


def ask(port: int, context: ssl.SSLContext, method: str, target: str) -> tuple[int, bytes]:
    connection = http.client.HTTPSConnection("localhost", port, context=context, timeout=15)
    try:
        connection.request(method, target)
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def trusting(authority: Authority) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(authority.certificate))


@pytest.fixture
def start_pair(start_service):
    """Starts the inventory with HTTPS, then an order service that calls it."""

    def start(pair, inventory=None, host: str = "localhost", **order):
        stock = start_service("inventory-service",
                              **serving("INVENTORY_SERVICE", pair, **(inventory or {})))
        orders = start_service("order-service",
                               INVENTORY_SERVICE_URL=f"https://{host}:{stock.port}", **order)
        return stock, orders

    return start


def plain(port: int, method: str, target: str) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=15)
    try:
        connection.request(method, target)
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def assert_reason(service, said: str):
    """The service's log says why a call failed."""
    service.wait_for_line(
        f"reason with {said!r}", service.out, lambda line: said in
        parse_log_line(line).get("attributes", {}).get("reason", ""))


def test_an_order_over_https_all_the_way(start_pair, authority):
    pair = authority.issue("services")
    stock, orders = start_pair(pair, INVENTORY_TLS_CA_FILE=authority.certificate,
                               **serving("ORDER_SERVICE", pair))
    trusted = trusting(authority)
    assert ask(orders.port, trusted, "POST", ORDER) == \
        (200, b'{"message":"Order placed successfully","order_id":1}')
    status, body = ask(stock.port, trusted, "GET", "/list-products")
    assert status == 200 and b'{"id":1,"name":"Laptop","stock":7}' in body
    assert orders.stop() == 0 and stock.stop() == 0


def test_redirects_stay_on_https(start_service, authority):
    service = start_service("order-service", **serving("ORDER_SERVICE", authority.issue("orders")))
    connection = http.client.HTTPSConnection("localhost", service.port, timeout=15,
                                             context=trusting(authority))
    connection.request("GET", "/health/")
    response = connection.getresponse()
    assert response.status == 307
    assert response.headers["location"] == f"https://localhost:{service.port}/health"
    connection.close()


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_versions(start_service, authority, version):
    service = start_service("order-service", **serving("ORDER_SERVICE", authority.issue("orders")))
    context = trusting(authority)
    context.minimum_version = context.maximum_version = version
    assert ask(service.port, context, "GET", "/health")[0] == 200


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1_1")
def test_old_versions_are_refused(start_service, authority):
    service = start_service("order-service", **serving("ORDER_SERVICE", authority.issue("orders")))
    context = trusting(authority)
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
    with pytest.raises(ssl.SSLError):
        ask(service.port, context, "GET", "/health")


@pytest.mark.parametrize("case, reason", [
    ("expired", "expired on 2021-01-02"), ("other host", "wrong host: expected localhost"),
    ("unknown authority", "signed by an unknown authority"), ("no trust given", "authority")])
def test_a_bad_certificate_of_the_inventory_has_its_reason(start_pair, authority, tmp_path,
                                                           case, reason):
    trusted = {"INVENTORY_TLS_CA_FILE": authority.certificate}
    if case == "expired":
        pair = authority.issue("old", start="20210101000000Z", end="20210102000000Z")
    elif case == "other host":
        pair = authority.issue("elsewhere", hosts="DNS:elsewhere.example")
    elif case == "unknown authority":
        pair = Authority(tmp_path / "others", "stranger").issue("impostor")
    else:
        pair, trusted = authority.issue("services"), {}
    _, orders = start_pair(pair, **trusted)
    assert plain(orders.port, "POST", ORDER) == \
        (503, b'{"detail":"Inventory service unavailable"}')
    assert plain(orders.port, "GET", "/list-orders") == (200, b"[]")
    assert_reason(orders, reason)


def test_an_inventory_that_does_not_speak_tls(start_service):
    stock = start_service("inventory-service")
    orders = start_service("order-service",
                           INVENTORY_SERVICE_URL=f"https://localhost:{stock.port}")
    assert plain(orders.port, "POST", ORDER)[0] == 503
    assert_reason(orders, "TLS: the peer does not speak TLS")


def test_client_certificates_both_ways(start_pair, authority):
    pair = authority.issue("services")
    required = {"INVENTORY_SERVICE_TLS_CLIENT_CA_FILE": authority.certificate}
    own = dict(zip(("INVENTORY_TLS_CLIENT_CERTIFICATE_FILE",
                    "INVENTORY_TLS_CLIENT_PRIVATE_KEY_FILE"), authority.issue("orders")))
    stock, orders = start_pair(pair, inventory=required,
                               INVENTORY_TLS_CA_FILE=authority.certificate, **own)
    assert plain(orders.port, "POST", ORDER)[0] == 200
    # Without one, nobody is listened to, and each is told why: the end of the connection does not
    # destroy what tells it, although a request has come that nobody reads.
    for _ in range(20):
        with pytest.raises(ssl.SSLError, match="(?i)certificate.required"):
            ask(stock.port, trusting(authority), "GET", "/health")


@pytest.mark.parametrize("settings, blamed, said", [
    ({"ORDER_SERVICE_TLS_CERTIFICATE_FILE": "/nowhere/certificate.pem",
      "ORDER_SERVICE_TLS_PRIVATE_KEY_FILE": "/nowhere/key.pem"},
     "ORDER_SERVICE_TLS_CERTIFICATE_FILE", "/nowhere/certificate.pem"),
    ({"ORDER_SERVICE_TLS_CERTIFICATE_FILE": "/nowhere/certificate.pem"},
     "ORDER_SERVICE_TLS_PRIVATE_KEY_FILE", "missing"),
    ({"ORDER_SERVICE_TLS_PRIVATE_KEY_FILE": "/nowhere/key.pem"},
     "ORDER_SERVICE_TLS_CERTIFICATE_FILE", "missing"),
    ({"ORDER_SERVICE_TLS_CLIENT_CA_FILE": "/nowhere/ca.pem"},
     "ORDER_SERVICE_TLS_CERTIFICATE_FILE", "missing"),
    ({"INVENTORY_TLS_CA_FILE": "/nowhere/ca.pem"}, "INVENTORY_TLS_CA_FILE", "/nowhere/ca.pem"),
    ({"INVENTORY_TLS_CLIENT_CERTIFICATE_FILE": "/nowhere/c.pem",
      "INVENTORY_TLS_CLIENT_PRIVATE_KEY_FILE": "/nowhere/k.pem"},
     "INVENTORY_TLS_CLIENT_CERTIFICATE_FILE", "/nowhere/c.pem")])
def test_files_that_cannot_be_used(start_service, settings, blamed, said):
    service = start_service("order-service", wait=False, **settings)
    assert service.wait() == 78, service.describe()
    [line] = service.err.lines
    assert line.startswith(f"order-service: {blamed}: ") and said in line


def serial_number(port: int) -> str:
    certificate = ssl.get_server_certificate(("127.0.0.1", port), timeout=15)
    return subprocess.run(["openssl", "x509", "-noout", "-serial"], input=certificate, text=True,
                          capture_output=True, check=True).stdout


def test_a_renewed_certificate_is_taken_up_at_sighup(start_service, authority):
    certificate, key = authority.issue("orders")
    service = start_service("order-service", **serving("ORDER_SERVICE", (certificate, key)))
    before = serial_number(service.port)

    authority.issue("orders")
    service.send_signal(signal.SIGHUP)
    service.wait_for_line("reload", service.out, lambda line: '"certificates reloaded"' in line)
    after = serial_number(service.port)
    assert after != before
    # A bad renewal changes nothing, and is told.
    certificate.write_text("no certificate")
    service.send_signal(signal.SIGHUP)
    service.wait_for_line("refusal", service.out,
                          lambda line: '"certificates not reloaded"' in line)
    assert serial_number(service.port) == after
    assert service.stop() == 0


def test_rubbish_and_silence_on_the_https_port(start_service, authority):
    service = start_service("order-service", **serving("ORDER_SERVICE", authority.issue("orders")))
    with socket.create_connection(("127.0.0.1", service.port), timeout=15) as silent:
        for rubbish in (b"GET / HTTP/1.1\r\nhost: x\r\n\r\n", b"\x16\x03\x01" + b"\xff" * 500, b""):
            with socket.create_connection(("127.0.0.1", service.port), timeout=15) as peer:
                peer.sendall(rubbish)
                peer.shutdown(socket.SHUT_WR)
                while peer.recv(4096):
                    pass
        assert ask(service.port, trusting(authority), "GET", "/health")[0] == 200
        assert silent.fileno() >= 0
    assert service.stop() == 0


def test_healthcheck_over_https(start_service, authority):
    pair = authority.issue("orders", hosts="DNS:orders.example")
    settings = serving("ORDER_SERVICE", pair,
                       ORDER_SERVICE_TLS_CLIENT_CA_FILE=authority.certificate)
    service = start_service("order-service", **settings)
    answer = subprocess.run(
        [BINARIES / "order-service", "healthcheck"], text=True, capture_output=True, timeout=30,
        env=clean_environment(**settings, ORDER_SERVICE_PORT=service.port))
    assert (answer.returncode, answer.stderr) == (0, "")


def test_the_clients_people_use(start_service, authority):
    service = start_service("order-service", **serving("ORDER_SERVICE", authority.issue("orders")))
    url = f"https://localhost:{service.port}/health"
    curl = subprocess.run(
        ["curl", "--silent", "--show-error", "--fail", "--max-time", "15", "--cacert",
         authority.certificate, url, url], capture_output=True, text=True, timeout=30)
    assert (curl.returncode, curl.stdout.count('"status":"ok"')) == (0, 2), curl.stderr
    request = "GET /health HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n"
    client = subprocess.run(
        ["openssl", "s_client", "-quiet", "-verify_return_error", "-CAfile", authority.certificate,
         "-connect", f"127.0.0.1:{service.port}", "-servername", "localhost",
         "-verify_hostname", "localhost", "-alpn", "http/1.1", "-ign_eof"],
        input=request.encode(), capture_output=True, timeout=30)
    assert client.stdout.startswith(b"HTTP/1.1 200 OK\r\n"), client.stderr
