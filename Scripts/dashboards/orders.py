"""Orders and stock."""

from model import Dashboard, Query, Row
from panels import bars, graph, lines, number

# Pushed series end without a mark: this asks only for values that are fresh.
FRESH = "[90s]"
RATE = "[$__rate_interval]"
ROUTE = 'service_name="order-service", http_route="/order-product"'
DURATION = "http_server_request_duration_seconds"

DASHBOARD = Dashboard(
    name="orders", title="Orders and stock",
    description="What was ordered, what was refused and why, and what is left.",
    rows=[
        Row("Now", [
            number("Orders placed",
                   Query("sum(max_over_time(orders_placed_total[$__range])) or vector(0)",
                         instant=True),
                   description="By the processes that ran in the range, since their start."),
            number("Orders refused",
                   Query("sum(max_over_time(orders_rejected_total[$__range])) or vector(0)",
                         instant=True)),
            number("Orders per minute",
                   Query(f"60 * sum(rate(orders_placed_total{RATE}))")),
            number("Products sold out",
                   Query(f"count(max by (product) (last_over_time(inventory_stock{FRESH})) == 0) "
                         "or vector(0)"), red_above=1),
            bars("Stock", Query(f"max by (product) (last_over_time(inventory_stock{FRESH}))",
                                "{{product}}", instant=True), width=8, height=5),
        ]),
        Row("Over time", [
            graph("Orders per minute",
                  Query(f"60 * sum(rate(orders_placed_total{RATE}))", "placed"),
                  Query(f"60 * sum by (reason) (rate(orders_rejected_total{RATE})) "
                        "or vector(0)", "refused {{reason}}"), stack=True),
            graph("Stock",
                  Query(f"max by (product) (last_over_time(inventory_stock{FRESH}))",
                        "{{product}}")),
            graph("Answers to POST /order-product",
                  Query(f"sum by (http_response_status_code) (rate({DURATION}_count{{{ROUTE}}}"
                        f"{RATE}))", "{{http_response_status_code}}"), unit="reqps", stack=True),
            graph("Duration of an order, with orders that lead to their traces",
                  *[Query(f"histogram_quantile({share}, sum by (le) "
                          f"(rate({DURATION}_bucket{{{ROUTE}}}{RATE})))", f"{share:.0%}",
                          exemplar=share == 0.95)
                    for share in (0.5, 0.95, 0.99)], unit="s", width=12),
            graph("Where the time of an order goes: spans by name, 95th percentile",
                  Query("histogram_quantile(0.95, sum by (le, service_name, span_name) (rate("
                        'traces_span_metrics_duration_seconds_bucket{span_name=~'
                        '"POST /order-product|POST /reduce-stock|INSERT orders|UPDATE .*"}'
                        f"{RATE})))", "{{service_name}} {{span_name}}", exemplar=True),
                  unit="s", width=12),
        ]),
        Row("What the services said", [
            lines("Orders, newest first; open a line for the link to its trace",
                  '{service_name=~"order-service|inventory-service"} '
                  '|~ "(?i)order|stock"', height=10),
        ]),
    ])
