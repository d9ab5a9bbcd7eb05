"""Log lines of both services, by level, with the way to their traces."""

from model import Dashboard, LogQuery, Row, custom_variable, query_variable, text_variable
from panels import graph, lines

LEVELS = ["trace", "debug", "info", "warn", "error", "critical", "fatal", "unknown"]
STREAMS = '{service_namespace="ostack", service_name=~"$service"}'
CHOSEN = f'{STREAMS} | detected_level=~"$level" | trace_id=~"$trace_id.*" |~ "(?i)$search"'

DASHBOARD = Dashboard(
    name="logs", title="Logs",
    description="Open a line for its attributes and the link to its trace.",
    variables=[
        query_variable("service", "Service",
                       "label_values(http_server_request_duration_seconds_count, service_name)"),
        custom_variable("level", "Level", LEVELS),
        text_variable("trace_id", "Trace"),
        text_variable("search", "Text"),
    ],
    rows=[
        Row("How much", [
            graph("Lines by level",
                  LogQuery(f"sum by (detected_level) (count_over_time({STREAMS} [$__auto]))",
                           "{{detected_level}}"), stack=True, width=12),
            graph("Lines by service",
                  LogQuery(f"sum by (service_name) (count_over_time({STREAMS} [$__auto]))",
                           "{{service_name}}"), stack=True, width=12),
        ]),
        Row("Lines", [lines("Newest first", CHOSEN, height=20)]),
    ])
