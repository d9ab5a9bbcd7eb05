"""An S3 server as far as listing goes, which checks every signature with an implementation of its
own (AWS, "Signature Version 4"), and a bucket that a test fills."""

import datetime
import hashlib
import hmac
import re
import urllib.parse
from http.server import BaseHTTPRequestHandler
from xml.sax.saxutils import escape

from stand_ins import end_serving, serve

SKEW_SECONDS_MAX = 900


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def signature(secret: str, region: str, instant: str, canonical: str) -> str:
    """The signature of a canonical request."""
    day = instant[:8]
    text = "\n".join(["AWS4-HMAC-SHA256", instant, f"{day}/{region}/s3/aws4_request",
                      hashlib.sha256(canonical.encode()).hexdigest()])
    key = f"AWS4{secret}".encode()
    for part in (day, region, "s3", "aws4_request"):
        key = _hmac(key, part)
    return _hmac(key, text).hex()


class S3Server:
    """Buckets of `(key, size, modified)`; `page_size` objects to a page."""

    def __init__(self, access_key: str, secret_key: str, region: str = "us-east-1",
                 page_size: int = 2):
        self.access_key, self.secret_key, self.region = access_key, secret_key, region
        self.page_size = page_size
        self.buckets: dict[str, list[tuple[str, int, str]]] = {}
        self.refusals: list[str] = []
        self.server = serve(_handler_of(self))
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def close(self):
        end_serving(self.server)

    def refusal(self, method: str, target: str, headers: dict[str, str]) -> str | None:
        """The code of S3's error for a request that is not signed as it should be."""
        match = re.fullmatch(
            r"AWS4-HMAC-SHA256 Credential=([^/]+)/(\d{8})/([^/]+)/s3/aws4_request, ?"
            r"SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})", headers.get("authorization", ""))
        if match is None:
            return "AccessDenied"
        key, day, region, names, given = match.groups()
        instant = headers.get("x-amz-date", "")
        if key != self.access_key:
            return "InvalidAccessKeyId"
        if region != self.region or not instant.startswith(day):
            return "AuthorizationHeaderMalformed"
        if "host" not in names.split(";") or "x-amz-date" not in names.split(";"):
            return "AccessDenied"
        sent = datetime.datetime.strptime(instant, "%Y%m%dT%H%M%SZ").replace(
            tzinfo=datetime.timezone.utc)
        now = datetime.datetime.now(datetime.timezone.utc)
        if abs((now - sent).total_seconds()) > SKEW_SECONDS_MAX:
            return "RequestTimeTooSkewed"
        path, _, query = target.partition("?")
        pairs = sorted(part.partition("=")[::2] for part in query.split("&") if part)
        quoted = [(urllib.parse.quote(urllib.parse.unquote(name), safe="-_.~"),
                   urllib.parse.quote(urllib.parse.unquote(value), safe="-_.~"))
                  for name, value in pairs]
        canonical = "\n".join(
            [method, path, "&".join(f"{name}={value}" for name, value in quoted)]
            + [f"{name}:{headers.get(name, '').strip()}" for name in names.split(";")]
            + ["", names, headers.get("x-amz-content-sha256", "")])
        expected = signature(self.secret_key, region, instant, canonical)
        return None if hmac.compare_digest(expected, given) else "SignatureDoesNotMatch"

    def listing(self, bucket: str, parameters: dict[str, str]) -> str:
        objects = sorted(self.buckets[bucket])
        start = int(parameters.get("continuation-token", "page/0").partition("/")[2])
        page = objects[start:start + self.page_size]
        is_truncated = start + self.page_size < len(objects)
        contents = "".join(
            f"<Contents><Key>{escape(key)}</Key><LastModified>{modified}</LastModified>"
            f"<Size>{size}</Size><StorageClass>STANDARD</StorageClass></Contents>"
            for key, size, modified in page)
        token = f"<NextContinuationToken>page/{start + self.page_size}</NextContinuationToken>"
        return ('<?xml version="1.0" encoding="UTF-8"?>\n'
                '<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">'
                f"<Name>{bucket}</Name><KeyCount>{len(page)}</KeyCount>"
                f"<IsTruncated>{str(is_truncated).lower()}</IsTruncated>"
                f"{token if is_truncated else ''}{contents}</ListBucketResult>")


def _handler_of(store: S3Server):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            headers = {name.lower(): value for name, value in self.headers.items()}
            bucket, _, query = self.path.removeprefix("/").partition("?")
            code, status = store.refusal(self.command, self.path, headers), 403
            if code is None and bucket not in store.buckets:
                code, status = "NoSuchBucket", 404
            if code is not None:
                store.refusals.append(code)
                self._send(status, f"<Error><Code>{code}</Code></Error>")
            else:
                self._send(200, store.listing(bucket, dict(urllib.parse.parse_qsl(query))))

        def _send(self, status: int, text: str):
            body = text.encode()
            self.send_response(status)
            self.send_header("content-type", "application/xml")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    return Handler
