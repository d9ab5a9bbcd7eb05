"""Telemetry's own way, hop by hop: made, queued, sent, dropped, stored."""

from model import Dashboard, Query, Row
from panels import graph, number

RATE = "[$__rate_interval]"
SIGNALS = {"span": "spans", "log": "log records", "metric_data_point": "metric points"}
# The collector's own names for the same three.
ITEMS = {"spans": "spans", "log_records": "log records", "metric_points": "metric points"}


def sdk(middle: str, end: str, labels: str = "", signals: tuple = ("span", "log")) -> list[Query]:
    """`otel_sdk_<middle>_<signal>_<end>` of each signal, as a rate by service."""
    return [Query(f"sum by (service_name) (rate(otel_sdk_{middle}_{signal}_{end}"
                  f"{{{labels}}}{RATE}))", f"{{{{service_name}}}} {SIGNALS[signal]}")
            for signal in signals]


def collector(verb: str, zero: bool = False) -> list[Query]:
    """`otelcol_<verb>_<items>_total` of each signal; nothing yet counts as zero where asked."""
    return [Query(f'sum(rate(otelcol_{verb}_{item}_total{{job="otel-collector"}}{RATE}))'
                  + (" or vector(0)" if zero else ""), text) for item, text in ITEMS.items()]


def lost(*parts: str) -> str:
    return " + ".join(f"(sum(increase({part}[$__range])) or vector(0))" for part in parts)


EXPORT_SIGNALS = tuple(SIGNALS)

DASHBOARD = Dashboard(
    name="pipeline", title="Telemetry pipeline",
    description="From the services' own counters (otel.sdk.*) over the collector to the backends. "
                "Whatever is lost on the way shows here.",
    rows=[
        Row("Lost in the range shown", [
            number("In the services", Query(lost(
                'otel_sdk_processor_span_processed_total{error_type!=""}',
                'otel_sdk_processor_log_processed_total{error_type!=""}',
                'otel_sdk_exporter_span_exported_total{error_type!=""}',
                'otel_sdk_exporter_log_exported_total{error_type!=""}'), instant=True),
                red_above=1, description="Spans and log records that were dropped: queue full, or "
                                         "not taken in time."),
            number("Refused by the collector", Query(lost(*[
                f'otelcol_receiver_refused_{item}_total{{job="otel-collector"}}'
                for item in ITEMS]), instant=True), red_above=1,
                description="Out of memory; the services try again."),
            number("Not queued by the collector", Query(lost(*[
                f'otelcol_exporter_enqueue_failed_{item}_total{{job="otel-collector"}}'
                for item in ITEMS]), instant=True), red_above=1),
            number("Given up by the collector", Query(lost(*[
                f'otelcol_exporter_send_failed_{item}_total{{job="otel-collector"}}'
                for item in ITEMS]), instant=True), red_above=1),
            number("Discarded by Loki", Query(lost("loki_discarded_samples_total"), instant=True),
                   red_above=1),
            number("Backends that do not answer", Query("count(up == 0) or vector(0)"),
                   red_above=1),
        ]),
        Row("1. In the services", [
            graph("Spans begun, and those that wait to end",
                  Query(f"sum by (service_name) (rate(otel_sdk_span_started_total{RATE}))",
                        "{{service_name}} begun per second"),
                  Query("sum by (service_name) (last_over_time(otel_sdk_span_live[90s]))",
                        "{{service_name}} not yet ended")),
            graph("Queued", *[
                Query(f"sum by (service_name) (last_over_time("
                      f"otel_sdk_processor_{signal}_queue_size[90s]))",
                      f"{{{{service_name}}}} {SIGNALS[signal]}") for signal in ("span", "log")]),
            graph("Exported per second",
                  *sdk("exporter", "exported_total", 'error_type=""', EXPORT_SIGNALS), unit="ops"),
        ]),
        Row("2. Taken by the collector", [
            graph("Accepted per second", *collector("receiver_accepted"), unit="ops", width=12),
            graph("Refused per second", *collector("receiver_refused", zero=True), unit="ops",
                  width=12),
        ]),
        Row("3. Waiting in the collector, on disk", [
            graph("Queued", Query('max by (exporter, data_type) (otelcol_exporter_queue_size'
                                  '{job="otel-collector"})', "{{exporter}} {{data_type}}"),
                  width=12),
            graph("Part of the queue in use",
                  Query('max by (exporter, data_type) (otelcol_exporter_queue_size'
                        '{job="otel-collector"} / otelcol_exporter_queue_capacity'
                        '{job="otel-collector"})', "{{exporter}} {{data_type}}"),
                  unit="percentunit", width=12),
        ]),
        Row("4. Sent by the collector", [
            graph("Sent per second", *[
                Query(f'sum by (exporter) (rate(otelcol_exporter_sent_{item}_total'
                      f'{{job="otel-collector"}}{RATE}))', f"{{{{exporter}}}} {text}")
                for item, text in ITEMS.items()], unit="ops", width=12),
            graph("Failed per second", *collector("exporter_send_failed", zero=True), unit="ops",
                  width=12),
        ]),
        Row("5. Taken by the backends", [
            graph("Prometheus: samples per second",
                  Query(f"sum by (type) (rate(prometheus_tsdb_head_samples_appended_total{RATE}))",
                        "{{type}}"),
                  Query(f"rate(prometheus_tsdb_exemplar_exemplars_appended_total{RATE})",
                        "exemplars"), unit="ops"),
            graph("Prometheus: series", Query("prometheus_tsdb_head_series", "{{job}}")),
            graph("Loki: lines per second",
                  Query(f"sum(rate(loki_distributor_lines_received_total{RATE}))", "lines"),
                  unit="ops"),
            graph("Jaeger: spans per second",
                  Query(f'sum by (instance) (rate(otelcol_receiver_accepted_spans_total'
                        f'{{job="jaeger"}}{RATE}))', "{{instance}} accepted"),
                  Query(f'sum by (instance, exporter) (rate(otelcol_exporter_sent_spans_total'
                        f'{{job="jaeger"}}{RATE}))', "{{instance}} {{exporter}}"), unit="ops"),
            graph("Elasticsearch: documents",
                  Query('sum by (state) (elasticsearch_node_documents)', "{{state}}")),
            graph("Elasticsearch: state (1 is how it is)",
                  Query("max by (status) (elasticsearch_cluster_health)", "{{status}}")),
        ]),
    ])
