"""The operations of the micro-benchmarks with the OpenTelemetry SDK for Python, exported to nowhere.

Prints a line of JSON for each, as `MicroBenchmark` does.
"""

import json
import logging
import statistics
import time

from opentelemetry.exporter.otlp.proto.common.trace_encoder import encode_spans
from opentelemetry.exporter.otlp.proto.common._log_encoder import encode_logs
from opentelemetry.metrics import get_meter_provider, set_meter_provider
from opentelemetry.sdk._logs import LoggerProvider, LoggingHandler
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor, LogRecordExporter
from opentelemetry.sdk._logs.export import LogRecordExportResult
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.trace import SpanKind

BATCH_SECONDS_MIN = 0.1
BATCHES = 7
QUEUE_RECORDS_MAX = 1 << 20
ATTRIBUTES = {"http.request.method": "GET", "http.route": "/list-products"}


class NoSpanExporter(SpanExporter):
    """Encodes as the exporter for HTTP does, and throws it away."""

    def export(self, spans):
        encode_spans(spans).SerializeToString()
        return SpanExportResult.SUCCESS

    def shutdown(self):
        pass


class NoLogExporter(LogRecordExporter):
    def export(self, batch):
        encode_logs(batch).SerializeToString()
        return LogRecordExportResult.SUCCESS

    def shutdown(self):
        pass

    def force_flush(self, timeout_millis=30_000):
        return True


def measure(name, run, flush=lambda: None):
    def timed(count):
        start, cpu = time.perf_counter_ns(), time.process_time_ns()
        run(count)
        elapsed = time.perf_counter_ns() - start
        flush()
        return elapsed / count, (time.process_time_ns() - cpu) / count

    count = 100
    while timed(count)[0] * count < BATCH_SECONDS_MIN * 1e9:
        count *= 2
    batches = [timed(count) for _ in range(BATCHES)]
    print(json.dumps({
        "name": name, "nanoseconds": statistics.median(batch[0] for batch in batches),
        "process_nanoseconds": statistics.median(batch[1] for batch in batches),
        "allocations": None, "dropped": 0}), flush=True)


def spans():
    provider = TracerProvider()
    processor = BatchSpanProcessor(NoSpanExporter(), max_queue_size=QUEUE_RECORDS_MAX)
    provider.add_span_processor(processor)
    tracer = provider.get_tracer("micro-benchmark")

    def run(count):
        for index in range(count):
            span = tracer.start_span("GET /list-products", kind=SpanKind.SERVER)
            span.set_attribute("http.request.method", "GET")
            span.set_attribute("http.route", "/list-products")
            span.set_attribute("url.path", "/list-products")
            span.set_attribute("http.response.status_code", 200)
            span.set_attribute("products_count", index & 7)
            span.end()

    measure("span: start, 5 attributes, end, encoded", run, processor.force_flush)


def instruments():
    set_meter_provider(MeterProvider([InMemoryMetricReader()]))
    meter = get_meter_provider().get_meter("micro-benchmark")
    counter, histogram = meter.create_counter("orders"), meter.create_histogram("duration")

    def count_up(count):
        for _ in range(count):
            counter.add(1, ATTRIBUTES)

    def record(count):
        for index in range(count):
            histogram.record((index & 0xFF) * 0.0001, ATTRIBUTES)

    measure("native counter, 2 attributes given: add", count_up)
    measure("native histogram, bound: record", record)


def logs():
    provider = LoggerProvider()
    processor = BatchLogRecordProcessor(NoLogExporter(), max_queue_size=QUEUE_RECORDS_MAX)
    provider.add_log_record_processor(processor)
    logger = logging.getLogger("micro-benchmark")
    logger.setLevel(logging.INFO)
    logger.propagate = False
    logger.addHandler(LoggingHandler(logger_provider=provider))
    logger.addHandler(logging.StreamHandler(open("/dev/null", "w", encoding="utf-8")))

    def run(count):
        for index in range(count):
            logger.info("Order placed", extra={"username": "ann", "product_id": index & 7})

    measure("log record with 2 values: line and OTLP", run, processor.force_flush)


spans()
instruments()
logs()
