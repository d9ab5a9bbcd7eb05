"""The tables, and whether the targets are met."""

# What the service must reach: figure, server, bound, and how it reads.
INSTRUCTIONS_MAX = 9_000
RATIO_TO_LIMIT_MIN = 0.85
P99_TO_LIMIT_MAX = 1.5
HTTPS_TO_NGINX_MIN = 0.7
TELEMETRY_SECONDS_MAX = 10e-6
IDLE_BYTES_MAX = 30_000_000
READY_SECONDS_MAX = 0.3


def table(servers, summary):
    """The figures of the shuffled run, a row for each server."""
    plain_limit = summary.get("c", {}).get("requests_per_second")
    rows = [("server", "req/s", "of C", "p50 ms", "p99 ms", "CPU µs", "user", "kernel",
             "idle MB", "loaded MB", "ready s", "errors")]
    for server in servers:
        one = summary.get(server.key)
        if one is None:
            continue
        limit = None if server.is_secure else plain_limit
        user, kernel = one["user_seconds_per_request"], one["kernel_seconds_per_request"]
        rows.append((
            server.title,
            f"{one['requests_per_second']:,.0f}",
            f"{one['requests_per_second'] / limit:.2f}" if limit else "",
            milliseconds(one.get("p50_seconds")), milliseconds(one.get("p99_seconds")),
            f"{(user + kernel) * 1e6:.1f}", f"{user * 1e6:.1f}", f"{kernel * 1e6:.1f}",
            f"{one['idle_bytes'] / 1e6:.1f}", f"{one['loaded_bytes'] / 1e6:.1f}",
            f"{one['ready_seconds']:.3f}",
            f"{one['failed_status'] + one['socket_errors']}"))
    return align(rows)


def delivery(servers, summary):
    """What reached the sink."""
    lines = []
    for server in servers:
        one = summary.get(server.key, {})
        delivered = one.get("delivered_per_request")
        if delivered is not None:
            lines.append(
                f"{server.title}: {delivered['traces']:.2f} spans and {delivered['logs']:.2f} log "
                f"records per request reached the sink, which used "
                f"{one['sink_seconds_per_request'] * 1e6:.1f} µs of CPU for each request")
    return "\n".join(lines)


def counts_table(servers, counts):
    """Instructions and allocations of one request."""
    rows = [("server", "instructions", "allocations", "reallocations", "bytes")]
    for server in servers:
        one = counts.get(server.key)
        if one is None:
            continue
        rows.append((server.title, _number(one.get("instructions"), 0),
                     _number(one.get("allocations"), 2), _number(one.get("reallocations"), 2),
                     _number(one.get("allocated_bytes"), 0)))
    return align(rows) if len(rows) > 1 else ""


def targets(summary, counts, starts):
    """What must hold, what was measured, and whether it does."""
    own, limit = summary.get("ostack-off", {}), summary.get("c", {})
    checks = []
    if "instructions" in counts.get("ostack-off", {}):
        value = counts["ostack-off"]["instructions"]
        checks.append(("instructions per request, telemetry off", f"{value:,.0f}",
                       f"at most {INSTRUCTIONS_MAX:,}", value <= INSTRUCTIONS_MAX))
    if "requests_per_second" in own and "requests_per_second" in limit:
        value = own["requests_per_second"] / limit["requests_per_second"]
        checks.append(("requests/s, telemetry off, as a part of C's", f"{value:.2f}",
                       f"at least {RATIO_TO_LIMIT_MIN}", value >= RATIO_TO_LIMIT_MIN))
    if own.get("p99_seconds") and limit.get("p99_seconds"):
        value = own["p99_seconds"] / limit["p99_seconds"]
        checks.append(("p99, telemetry off, as a multiple of C's", f"{value:.2f}",
                       f"at most {P99_TO_LIMIT_MAX}", value <= P99_TO_LIMIT_MAX))
    secured, nginx = summary.get("ostack-https"), summary.get("nginx-https")
    if secured and nginx:
        value = secured["requests_per_second"] / nginx["requests_per_second"]
        is_fair = secured["cipher"] == nginx["cipher"]
        checks.append((f"HTTPS requests/s as a part of nginx's ({secured['cipher']}"
                       + ("" if is_fair else f" beside {nginx['cipher']}") + ")", f"{value:.2f}",
                       f"at least {HTTPS_TO_NGINX_MIN}, with the same cipher",
                       is_fair and value >= HTTPS_TO_NGINX_MIN))
    on = summary.get("ostack-on", {})
    if on and own:
        value = _cpu_seconds(on) - _cpu_seconds(own)
        checks.append(("CPU per request for telemetry", f"{value * 1e6:.1f} µs",
                       f"at most {TELEMETRY_SECONDS_MAX * 1e6:.0f} µs",
                       value <= TELEMETRY_SECONDS_MAX))
    for name, one in (("order-service", summary.get("ostack-on", {})),
                      ("inventory-service", starts)):
        if not one:
            continue
        value, ready = one["idle_bytes"], one["ready_seconds"]
        checks.append((f"idle memory of {name}, telemetry on", f"{value / 1e6:.1f} MB",
                       f"at most {IDLE_BYTES_MAX / 1e6:.0f} MB", value <= IDLE_BYTES_MAX))
        checks.append((f"start of {name} until its first answer", f"{ready:.3f} s",
                       f"at most {READY_SECONDS_MAX} s", ready <= READY_SECONDS_MAX))
    return checks


def _cpu_seconds(one):
    return one["user_seconds_per_request"] + one["kernel_seconds_per_request"]


def align(rows):
    """Columns as wide as they must be: the first to the left, all others to the right."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(
        "  ".join([row[0].ljust(widths[0]),
                   *(text.rjust(width) for text, width in zip(row[1:], widths[1:]))])
        for row in rows)


def milliseconds(seconds):
    """Seconds as milliseconds; nothing for nothing."""
    return "" if seconds is None else f"{seconds * 1e3:.2f}"


def _number(value, digits):
    return "" if value is None else f"{value:,.{digits}f}"
