"""Log level, sampling and what is kept of errors: changed in a running service by a file and SIGHUP,
or by configuration."""

import signal

import pytest

import raw_http


def ask(service, target: str) -> int:
    return raw_http.request(service.port, "GET", target).status


def hang_up(service, expected: str):
    """Sends SIGHUP, and waits until the service says, once more, what came of it."""
    def count() -> int:
        return sum(expected in line for line in service.err.lines)

    seen = count()
    service.send_signal(signal.SIGHUP)
    service.wait_for_line(f"'{expected}'", service.err, lambda _: count() > seen)


def messages(service) -> list[str]:
    return [record["message"] for record in service.log_records()]


@pytest.fixture
def file(tmp_path):
    return tmp_path / "runtime"


def test_log_level_and_sampling_follow_the_file(start_service, receiver, file):
    service = start_service(
        "inventory-service", **receiver.settings(), OTEL_SWIFT_RUNTIME_FILE=file)
    assert ask(service, "/health") == 200
    receiver.wait_for("a request", lambda r: [
        span.name for span in r.spans() if span.kind == "SERVER"] == ["GET /health"])
    assert messages(service).count("request completed") == 1

    file.write_text("LOG_LEVEL=error\nOTEL_TRACES_SAMPLER_ARG=0\n")
    hang_up(service, "log level error")
    assert ask(service, "/health") == 200

    file.write_text("LOG_LEVEL=loud\n")
    hang_up(service, "nothing is changed")
    assert ask(service, "/health") == 200

    file.unlink()
    hang_up(service, "log level info")
    assert ask(service, "/list-products") == 200
    assert service.stop() == 0
    # Requests of one connection each are logged in order: those between left nothing.
    assert messages(service).count("request completed") == 2
    roots = [span.name for span in receiver.spans() if span.kind == "SERVER"]
    assert roots == ["GET /health", "GET /list-products"]


def test_the_file_counts_from_the_start(start_service, file):
    file.write_text("LOG_LEVEL=debug\n")
    service = start_service(
        "inventory-service", TELEMETRY="otlp", OTEL_SWIFT_RUNTIME_FILE=file, LOG_LEVEL="info")
    service.wait_for_line("line about the file", service.err, lambda line: "log level debug" in line)
    assert service.stop() == 0


def test_health_checks_are_left_out_and_errors_kept(start_service, receiver):
    service = start_service(
        "order-service", **receiver.settings(), INVENTORY_SERVICE_URL="http://127.0.0.1:9",
        OTEL_SWIFT_TRACES_SAMPLER_RULES="GET /health*=0,GET /list-products=0",
        OTEL_SWIFT_TRACES_KEEP_ERRORS="true")
    for _ in range(5):
        assert ask(service, "/health") == 200
    assert ask(service, "/list-products") == 503
    assert ask(service, "/list-orders") == 200
    assert service.stop() == 0
    servers = {span.name: span for span in receiver.spans() if span.kind == "SERVER"}
    assert sorted(servers) == ["GET /list-orders", "GET /list-products"]
    assert servers["GET /list-products"].status == "ERROR"
    # The whole of the failed trace is there: the call that failed too.
    kinds = sorted(span.kind for span in receiver.spans()
                   if span.trace_id == servers["GET /list-products"].trace_id)
    assert kinds.count("CLIENT") >= 1 and "INTERNAL" in kinds
