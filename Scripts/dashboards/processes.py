"""What the processes use: the services, and the stack around them."""

from model import Dashboard, Query, Row, query_variable
from panels import graph, number

RATE = "[$__rate_interval]"
SERVICE = 'service_name=~"$service"'


def fresh(metric: str, how: str = "sum") -> Query:
    """By service; pushed series end without a mark, so only fresh values count."""
    return Query(f"{how} by (service_name) (last_over_time({metric}{{{SERVICE}}}[90s]))",
                 "{{service_name}}")


DASHBOARD = Dashboard(
    name="processes", title="Runtime and processes",
    description="Processor time, memory and descriptors of the services and of the stack.",
    variables=[query_variable("service", "Service",
                              "label_values(process_memory_usage_bytes, service_name)")],
    rows=[
        Row("Services", [
            graph("Processor time, in cores",
                  Query(f"sum by (service_name, cpu_mode) (rate(process_cpu_time_seconds_total"
                        f"{{{SERVICE}}}{RATE}))", "{{service_name}} {{cpu_mode}}"), stack=True),
            graph("Memory", fresh("process_memory_usage_bytes"), unit="bytes"),
            graph("Requests under way", fresh("http_server_active_requests")),
            graph("Threads", fresh("process_thread_count")),
            graph("Open file descriptors", fresh("process_unix_file_descriptor_count")),
            graph("Disk", Query("sum by (service_name, disk_io_direction) (rate("
                                f"process_disk_io_bytes_total{{{SERVICE}}}{RATE}))",
                                "{{service_name}} {{disk_io_direction}}"), unit="Bps"),
            graph("Context switches per second",
                  Query("sum by (service_name, process_context_switch_type) (rate("
                        f"process_context_switches_total{{{SERVICE}}}{RATE}))",
                        "{{service_name}} {{process_context_switch_type}}"), unit="ops"),
            graph("Page faults per second",
                  Query("sum by (service_name, system_paging_fault_type) (rate("
                        f"process_paging_faults_total{{{SERVICE}}}{RATE}))",
                        "{{service_name}} {{system_paging_fault_type}}"), unit="ops"),
            graph("Running for", fresh("process_uptime_seconds", "max"), unit="s"),
        ]),
        Row("The stack", [
            graph("Memory",
                  Query("max by (job, instance) (process_resident_memory_bytes)",
                        "{{job}} {{instance}}"),
                  Query("max by (job, instance) (otelcol_process_memory_rss_bytes)",
                        "{{job}} {{instance}}"), unit="bytes", width=12),
            graph("Processor time, in cores",
                  Query(f"sum by (job, instance) (rate(process_cpu_seconds_total{RATE}))",
                        "{{job}} {{instance}}"),
                  Query(f"sum by (job, instance) (rate(otelcol_process_cpu_seconds_total{RATE}))",
                        "{{job}} {{instance}}"), width=12),
            number("Targets that answer", Query("sum(up)"), width=12),
            number("Targets that do not", Query("count(up == 0) or vector(0)"), red_above=1,
                   width=12),
        ]),
    ])
