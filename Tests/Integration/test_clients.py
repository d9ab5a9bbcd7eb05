"""Clients that people use, each with everything it does on its own: over HTTP and over HTTPS."""

import contextlib
import http.client
import json
import re
import sqlite3
import ssl
import subprocess
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from certificates import Authority

ORDER = "/order-product?username=ann&product_id=1"
CONTENT = "x" * 100_000
# More than are read at a time, so that their list is streamed.
LISTED = 600


@dataclass
class Shop:
    url: str
    port: int
    authority: Path

    @property
    def is_secure(self) -> bool:
        return self.url.startswith("https")

    def context(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.authority))


@pytest.fixture(params=["http", "https"])
def shop(request, start_service, tmp_path):
    """Both services, with many orders; the order service by either scheme."""
    authority = Authority(tmp_path / "certificates")
    certificate, key = authority.issue("orders")
    inventory = start_service("inventory-service")
    secured = {"ORDER_SERVICE_TLS_CERTIFICATE_FILE": certificate,
               "ORDER_SERVICE_TLS_PRIVATE_KEY_FILE": key}
    orders = start_service("order-service",
                           INVENTORY_SERVICE_URL=f"http://localhost:{inventory.port}",
                           **(secured if request.param == "https" else {}))
    with contextlib.closing(sqlite3.connect(tmp_path / "data" / "orders.sqlite")) as database:
        database.executemany(
            "INSERT INTO orders (username, product_id, product_name, order_date, status)"
            " VALUES (?, 4, 'Headphones', '2026-01-01 00:00:00', 'confirmed')",
            [(f"user{number}",) for number in range(LISTED)])
        database.commit()
    yield Shop(f"{request.param}://localhost:{orders.port}", orders.port, authority.certificate)
    assert orders.stop() == 0 and inventory.stop() == 0


def run(*command, text: str = "") -> subprocess.CompletedProcess:
    finished = subprocess.run([str(part) for part in command], input=text, text=True,
                              capture_output=True, timeout=60)
    assert finished.returncode == 0, f"{command}: {finished.stderr[-2000:]}"
    return finished


def is_placed(answer: dict) -> bool:
    return answer["message"] == "Order placed successfully" and answer["order_id"] > 0


# curl

def curl(shop: Shop, *arguments, text: str = "") -> subprocess.CompletedProcess:
    return run("curl", "--noproxy", "*", "--silent", "--show-error", "--verbose", "--max-time", 30,
               "--cacert", shop.authority, *arguments, text=text)


def test_curl_keeps_its_connection(shop):
    done = curl(shop, f"{shop.url}/health", f"{shop.url}/list-orders", f"{shop.url}/health")
    assert done.stdout.count('"status":"ok"') == 2 and '"username":"user599"' in done.stdout
    assert done.stderr.count("Re-using existing connection") == 2, done.stderr


def test_curl_sends_content_in_every_way(shop):
    for arguments in (["--data-binary", "@-"],
                      ["--data-binary", "@-", "--header", "transfer-encoding: chunked"],
                      ["--data-binary", "@-", "--header", "expect: 100-continue"],
                      ["--data-binary", "@-", "--http1.0"]):
        done = curl(shop, "--request", "POST", *arguments, f"{shop.url}{ORDER}", text=CONTENT)
        assert is_placed(json.loads(done.stdout)), arguments


def test_curl_and_the_rest(shop):
    head = curl(shop, "--head", f"{shop.url}/list-orders").stdout
    assert head.startswith("HTTP/1.1 200 OK\n")
    plain = curl(shop, f"{shop.url}/list-orders").stdout
    assert len(json.loads(plain)) == LISTED
    assert curl(shop, "--compressed", f"{shop.url}/list-orders").stdout == plain
    coded = curl(shop, "--dump-header", "-", "--compressed", f"{shop.url}/list-orders").stdout
    assert re.search("(?i)^content-encoding: gzip", coded, re.MULTILINE)
    followed = curl(shop, "--location", f"{shop.url}/health/").stdout
    assert json.loads(followed)["status"] == "ok"
    options = curl(shop, "--request", "OPTIONS", "--dump-header", "-", f"{shop.url}/health").stdout
    assert options.startswith("HTTP/1.1 204 No Content\n") and "allow: " in options.lower()
    refused = curl(shop, "--request", "DELETE", "--write-out", "%{http_code}",
                   f"{shop.url}/health").stdout
    assert refused.endswith("405")


# openssl s_client

def test_openssl(start_service, tmp_path):
    authority = Authority(tmp_path / "certificates")
    certificate, key = authority.issue("orders")
    service = start_service("order-service", ORDER_SERVICE_TLS_CERTIFICATE_FILE=certificate,
                            ORDER_SERVICE_TLS_PRIVATE_KEY_FILE=key)
    for version in ("-tls1_2", "-tls1_3"):
        session = tmp_path / f"session{version}"
        for resumed in ([], ["-sess_in", session]):
            done = run("openssl", "s_client", "-connect", f"localhost:{service.port}", version,
                       "-CAfile", authority.certificate, "-servername", "localhost",
                       "-verify_hostname", "localhost", "-verify_return_error", "-alpn",
                       "http/1.1", "-ign_eof", "-sess_out", session, *resumed,
                       text="GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            assert "HTTP/1.1 200 OK" in done.stdout and '"status":"ok"' in done.stdout
            assert "ALPN protocol: http/1.1" in done.stdout
            assert "Verify return code: 0 (ok)" in done.stdout
            assert ("Reused, " in done.stdout) == bool(resumed), done.stdout
    assert service.stop() == 0


# http.client

def test_http_client(shop):
    connection = (http.client.HTTPSConnection("localhost", shop.port, context=shop.context(),
                                              timeout=30)
                  if shop.is_secure else
                  http.client.HTTPConnection("localhost", shop.port, timeout=30))

    def ask(method, target, **more):
        connection.request(method, target, **more)
        answer = connection.getresponse()
        return answer, answer.read()

    ask("GET", "/health")
    socket_ = connection.sock
    answer, body = ask("GET", "/list-orders")
    assert answer.getheader("transfer-encoding") == "chunked" and len(json.loads(body)) == LISTED
    answer, body = ask("HEAD", "/health")
    assert answer.status == 200 and body == b"" and int(answer.getheader("content-length")) > 0
    _, body = ask("POST", ORDER, body=CONTENT)
    assert is_placed(json.loads(body))
    # An iterable of no known length goes in chunks.
    _, body = ask("POST", ORDER, body=(b"x" * 1000 for _ in range(100)), encode_chunked=True,
                  headers={"transfer-encoding": "chunked"})
    assert is_placed(json.loads(body))
    answer, body = ask("GET", "/nothing")
    assert answer.status == 404 and json.loads(body) == {"detail": "Not Found"}
    assert connection.sock is socket_ is not None, "all of it on one connection"
    answer, _ = ask("GET", "/health", headers={"connection": "close"})
    assert answer.will_close and connection.sock is None


# httpx

def test_httpx(shop):
    with httpx.Client(base_url=shop.url, timeout=30, trust_env=False,
                      verify=shop.context() if shop.is_secure else True) as client:
        assert client.get("/health").json()["status"] == "ok"
        # It asks for gzip by itself.
        listed = client.get("/list-orders")
        assert listed.headers["content-encoding"] == "gzip" and len(listed.json()) == LISTED
        assert is_placed(client.post(ORDER, content=CONTENT).json())
        assert is_placed(client.post(ORDER, content=(b"x" * 1000 for _ in range(100))).json())
        with client.stream("GET", "/list-orders") as streamed:
            assert len(json.loads(b"".join(streamed.iter_bytes()))) == LISTED + 2
        assert client.head("/health").content == b""
        assert client.get("/health/", follow_redirects=True).status_code == 200
        assert client.put("/health").headers["allow"] == "GET, HEAD, OPTIONS"
        pooled = client._transport._pool.connections
        assert len(pooled) == 1, "all of it on one connection"


# Node.js

NODE = r"""
const [, , base, authority] = process.argv;
const library = require(base.startsWith('https') ? 'https' : 'http');
const options = {keepAlive: true, maxSockets: 1};
if (base.startsWith('https')) options.ca = require('fs').readFileSync(authority);
const agent = new library.Agent(options);

function ask(method, target, body, headers = {}) {
  return new Promise((resolve, reject) => {
    const request = library.request(base + target, {agent, method, headers}, (response) => {
      const port = response.socket.localPort;
      const parts = [];
      response.on('data', (part) => parts.push(part));
      response.on('error', reject);
      response.on('end', () => resolve({
        status: response.statusCode, headers: response.headers, complete: response.complete, port,
        body: Buffer.concat(parts).toString()}));
    });
    request.on('error', reject);
    request.setTimeout(30000, () => request.destroy(new Error('timed out')));
    if (headers.expect) request.on('continue', () => request.end(body));
    else if (Array.isArray(body)) { for (const part of body) request.write(part); request.end(); }
    else request.end(body);
  });
}

(async () => {
  const order = '/order-product?username=ann&product_id=1';
  const answers = [
    await ask('GET', '/health'), await ask('GET', '/list-orders'), await ask('HEAD', '/health'),
    await ask('POST', order, 'x'.repeat(100000), {'content-length': 100000}),
    await ask('POST', order, Array(100).fill('x'.repeat(1000))),
    await ask('POST', order, 'x'.repeat(1000), {expect: '100-continue', 'content-length': 1000}),
    await ask('GET', '/nothing'), await ask('OPTIONS', '/health')];
  agent.destroy();
  console.log(JSON.stringify(answers));
})().catch((error) => { console.error(error); process.exit(1); });
"""


def test_node(shop, tmp_path):
    script = tmp_path / "client.js"
    script.write_text(NODE)
    answers = json.loads(run("node", script, shop.url, shop.authority).stdout)
    health, listed, head, *placed, nothing, options = answers
    assert all(answer["complete"] for answer in answers)
    assert json.loads(health["body"])["status"] == "ok"
    assert listed["headers"]["transfer-encoding"] == "chunked"
    assert len(json.loads(listed["body"])) == LISTED
    assert head["status"] == 200 and head["body"] == "" and head["headers"]["content-length"]
    assert len(placed) == 3 and all(is_placed(json.loads(one["body"])) for one in placed)
    assert nothing["status"] == 404 and json.loads(nothing["body"]) == {"detail": "Not Found"}
    assert options["status"] == 204 and options["headers"]["allow"] == "GET, HEAD, OPTIONS"
    # One connection; but Node gives one up that has answered before all content was sent.
    assert health["port"] == listed["port"] == head["port"]
    assert nothing["port"] == options["port"]


NODE_FETCH = r"""
(async () => {
  const base = process.argv[2];
  const answers = [];
  for (const [target, options] of [
    ['/health', {}], ['/list-orders', {}], ['/health/', {}],
    ['/order-product?username=ann&product_id=1', {method: 'POST', body: 'x'.repeat(100000)}]]) {
    const response = await fetch(base + target, options);
    answers.push({status: response.status, coding: response.headers.get('content-encoding'),
                  body: await response.json()});
  }
  console.log(JSON.stringify(answers));
})().catch((error) => { console.error(error); process.exit(1); });
"""


def test_fetch_of_node(shop, tmp_path, monkeypatch):
    script = tmp_path / "fetch.js"
    script.write_text(NODE_FETCH)
    monkeypatch.setenv("NODE_EXTRA_CA_CERTS", str(shop.authority))
    health, listed, redirected, placed = json.loads(run("node", script, shop.url).stdout)
    assert [one["status"] for one in (health, listed, redirected, placed)] == [200] * 4
    assert listed["coding"] == "gzip" and len(listed["body"]) == LISTED
    assert redirected["body"]["status"] == "ok" and is_placed(placed["body"])
