"""Traces, by who calls whom and by span."""

from model import Dashboard, Query, Row, query_variable
from panels import graph, newest_traces, number, service_map, table

RATE = "[$__rate_interval]"
EDGES = "traces_service_graph_request_total"
CALLS = "traces_span_metrics_calls_total"
SPANS = 'service_name=~"$service"'


def node_query(expr: str, ref: str) -> Query:
    return Query(expr, ref=ref, instant=True, format="table")


NODES = node_query(
    'label_replace(label_replace(sum by (server) (rate('
    f'{EDGES}[5m])), "id", "$1", "server", "(.+)"), "title", "$1", "server", "(.+)")'
    ' or label_replace(label_replace(sum by (client) (rate('
    f'{EDGES}[5m])), "id", "$1", "client", "(.+)"), "title", "$1", "client", "(.+)")', "nodes")
EDGE = node_query(
    'label_replace(label_replace(label_join(sum by (client, server) (rate('
    f'{EDGES}[5m])), "id", " to ", "client", "server"), '
    '"source", "$1", "client", "(.+)"), "target", "$1", "server", "(.+)")', "edges")

DASHBOARD = Dashboard(
    name="traces", title="Traces",
    description="Who calls whom, what each kind of span costs, and the newest traces.",
    variables=[query_variable("service", "Service", f"label_values({CALLS}, service_name)")],
    rows=[
        Row("Who calls whom", [
            service_map("Calls per second", [NODES], [EDGE], width=14, height=12,
                        description="Made of both ends of a call by the collector. `user` is who "
                                    "called without a trace of their own; `….sqlite` a database."),
            table("Calls",
                  {"client": "From", "server": "To", "Value #A": "Calls per second",
                   "Value #B": "Failed", "Value #C": "95th percentile"},
                  Query(f"sum by (client, server) (rate({EDGES}[5m]))", instant=True,
                        format="table"),
                  Query("sum by (client, server) (rate(traces_service_graph_request_failed_total"
                        f"[5m])) or 0 * sum by (client, server) (rate({EDGES}[5m]))",
                        instant=True, format="table"),
                  Query("histogram_quantile(0.95, sum by (le, client, server) (rate("
                        "traces_service_graph_request_server_seconds_bucket[5m])))",
                        instant=True, format="table"),
                  units={"Calls per second": "reqps", "Failed": "reqps", "95th percentile": "s"},
                  width=10, height=12),
        ]),
        Row("By span", [
            graph("Spans per second",
                  Query(f"sum by (service_name, span_kind, span_name) (rate({CALLS}{{{SPANS}}}"
                        f"{RATE}))", "{{service_name}} {{span_name}}"), unit="ops", width=12),
            graph("95th percentile of the duration, with spans that lead to their traces",
                  Query("histogram_quantile(0.95, sum by (le, service_name, span_name) (rate("
                        f"traces_span_metrics_duration_seconds_bucket{{{SPANS}}}{RATE})))",
                        "{{service_name}} {{span_name}}", exemplar=True), unit="s", width=12),
            graph("Spans that ended as errors, per second",
                  Query(f'sum by (service_name, span_name) (rate({CALLS}{{{SPANS}, '
                        f'status_code="STATUS_CODE_ERROR"}}{RATE})) or vector(0)',
                        "{{service_name}} {{span_name}}"), unit="ops", width=12),
            number("Edges that waited for their other end in vain, per minute",
                   Query("60 * sum(rate(otelcol_connector_servicegraph_expired_edges_total[5m])) "
                         "or vector(0)"), width=12, height=8,
                   description="Callers without a trace of their own are counted here too."),
        ]),
        Row("Newest traces", [
            newest_traces("order-service", "order-service"),
            newest_traces("inventory-service", "inventory-service"),
        ]),
    ])
