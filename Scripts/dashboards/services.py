"""Requests, errors and durations of both services, by route."""

from model import Dashboard, Query, Row, query_variable
from panels import graph, heatmap, number

COUNT = "http_server_request_duration_seconds_count"
BUCKET = "http_server_request_duration_seconds_bucket"
# Probes of the orchestrator would drown what people do.
USERS = 'service_name=~"$service", http_route!~"/health.*"'
EVERYTHING = 'service_name=~"$service"'
RATE = "[$__rate_interval]"


def quantile(share: float, by: str, bucket: str, labels: str) -> str:
    return f"histogram_quantile({share}, sum by (le, {by}) (rate({bucket}{{{labels}}}{RATE})))"


def error_share(by: str) -> str:
    every = f"sum by ({by}) (rate({COUNT}{{{USERS}}}{RATE}))"
    failed = f'sum by ({by}) (rate({COUNT}{{{USERS}, http_response_status_code=~"5.."}}{RATE}))'
    return f"({failed} or 0 * {every}) / clamp_min({every}, 1e-9)"


DASHBOARD = Dashboard(
    name="services", title="Services",
    description="Requests, errors and durations by route. The points on the duration panels are "
                "single requests: a click leads to their trace.",
    variables=[query_variable("service", "Service", f"label_values({COUNT}, service_name)")],
    rows=[
        Row("At a glance (health probes left out)", [
            number("Requests per second",
                   Query(f"sum by (service_name) (rate({COUNT}{{{USERS}}}{RATE}))",
                         "{{service_name}}"), unit="reqps", width=6),
            number("Failed (5xx)", Query(error_share("service_name"), "{{service_name}}"),
                   unit="percentunit", red_above=0.05, width=6),
            number("95th percentile",
                   Query(f"max by (service_name) "
                         f"(service:http_server_request_duration_seconds:p95_rate5m{{{EVERYTHING}}})",
                         "{{service_name}}"),
                   unit="s", red_above=0.25, width=6,
                   description="Over the last five minutes."),
            number("Requests under way",
                   Query(f"sum by (service_name) (last_over_time("
                         f"http_server_active_requests{{{EVERYTHING}}}[90s]))",
                         "{{service_name}}"), width=6),
        ]),
        Row("By route", [
            graph("Requests per second",
                  Query(f"sum by (service_name, http_request_method, http_route) "
                        f"(rate({COUNT}{{{EVERYTHING}}}{RATE}))",
                        "{{service_name}} {{http_request_method}} {{http_route}}"), unit="reqps"),
            graph("Answers per second by status",
                  Query(f"sum by (service_name, http_response_status_code) "
                        f"(rate({COUNT}{{{EVERYTHING}}}{RATE}))",
                        "{{service_name}} {{http_response_status_code}}"),
                  unit="reqps", stack=True),
            graph("Share of failed requests (5xx)",
                  Query(error_share("service_name, http_route"), "{{service_name}} {{http_route}}"),
                  unit="percentunit"),
            graph("95th percentile of the duration, with requests that lead to their traces",
                  Query(quantile(0.95, "service_name, http_route", BUCKET, EVERYTHING),
                        "{{service_name}} {{http_route}}", exemplar=True), unit="s", width=12),
            heatmap("Durations",
                    f"sum by (le) (increase({BUCKET}{{{USERS}}}{RATE}))", width=12),
        ]),
        Row("Calls of the order service to the inventory", [
            graph("Calls per second by status",
                  Query("sum by (server_address, http_request_method, http_response_status_code, "
                        f"error_type) (rate(http_client_request_duration_seconds_count{RATE}))",
                        "{{http_request_method}} {{server_address}} "
                        "{{http_response_status_code}} {{error_type}}"),
                  unit="reqps", width=12),
            graph("95th percentile of the duration",
                  Query(quantile(0.95, "server_address, http_request_method",
                                 "http_client_request_duration_seconds_bucket", ""),
                        "{{http_request_method}} {{server_address}}", exemplar=True),
                  unit="s", width=12),
        ]),
        Row("Database", [
            graph("Statements per second",
                  Query("sum by (service_name, db_operation_name, db_collection_name) "
                        f"(rate(db_client_operation_duration_seconds_count{{{EVERYTHING}}}{RATE}))",
                        "{{service_name}} {{db_operation_name}} {{db_collection_name}}"),
                  unit="ops", width=12),
            graph("95th percentile of the duration",
                  Query(quantile(0.95, "service_name, db_operation_name, db_collection_name",
                                 "db_client_operation_duration_seconds_bucket", EVERYTHING),
                        "{{service_name}} {{db_operation_name}} {{db_collection_name}}",
                        exemplar=True),
                  unit="s", width=12),
        ]),
        Row("Objectives: 99 % of the requests answered within 250 ms, 99.5 % without a 5xx", [
            graph("Share of slow requests",
                  Query(f"service:http_server_slow:ratio_rate5m{{{EVERYTHING}}}",
                        "{{service_name}}, 5 minutes"),
                  Query(f"service:http_server_slow:ratio_rate1h{{{EVERYTHING}}}",
                        "{{service_name}}, 1 hour"), unit="percentunit", width=12),
            graph("Share of failed requests",
                  Query(f"service:http_server_errors:ratio_rate5m{{{EVERYTHING}}}",
                        "{{service_name}}, 5 minutes"),
                  Query(f"service:http_server_errors:ratio_rate1h{{{EVERYTHING}}}",
                        "{{service_name}}, 1 hour"), unit="percentunit", width=12),
        ]),
    ])
