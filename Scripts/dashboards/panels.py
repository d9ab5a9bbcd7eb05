"""The kinds of panels that the dashboards use."""

from model import LogQuery, Panel, Query, TraceSearch


def graph(title: str, *queries, unit: str = "short", stack: bool = False, **rest) -> Panel:
    """Lines over time; stacked areas where the sum means something."""
    custom = {"lineWidth": 1, "fillOpacity": 30 if stack else 8, "showPoints": "auto",
              "spanNulls": 60_000, "stacking": {"mode": "normal" if stack else "none"}}
    legend = {"displayMode": "table", "placement": "bottom", "calcs": ["lastNotNull", "max"]}
    return Panel(title, "timeseries", list(queries), unit=unit,
                 defaults={"min": 0, "custom": custom},
                 options={"legend": legend, "tooltip": {"mode": "multi", "sort": "desc"}}, **rest)


def number(title: str, *queries, unit: str = "short", red_above: float | None = None,
           width: int = 4, height: int = 5, **rest) -> Panel:
    """The last value, large; red when it is above a limit."""
    steps = [{"color": "green", "value": None}]
    if red_above is not None:
        steps.append({"color": "red", "value": red_above})
    return Panel(title, "stat", list(queries), unit=unit, width=width, height=height,
                 defaults={"min": 0, "thresholds": {"mode": "absolute", "steps": steps}},
                 options={"reduceOptions": {"calcs": ["lastNotNull"]}, "graphMode": "area",
                          "colorMode": "value" if red_above is None else "background",
                          "textMode": "auto"}, **rest)


def bars(title: str, *queries, unit: str = "short", red_at: float = 0, amber_at: float = 3,
         **rest) -> Panel:
    """One bar for each series; red at the lower end."""
    steps = [{"color": "red", "value": None}, {"color": "orange", "value": red_at + 1},
             {"color": "green", "value": amber_at + 1}]
    return Panel(title, "bargauge", list(queries), unit=unit,
                 defaults={"min": 0, "thresholds": {"mode": "absolute", "steps": steps}},
                 options={"reduceOptions": {"calcs": ["lastNotNull"]}, "displayMode": "gradient",
                          "orientation": "horizontal"}, **rest)


def heatmap(title: str, expr: str, unit: str = "s", **rest) -> Panel:
    """How many fell into which bucket, over time."""
    return Panel(title, "heatmap", [Query(expr, "{{le}}", format="heatmap", exemplar=True)],
                 unit=unit,
                 options={"calculate": False, "yAxis": {"unit": unit},
                          "color": {"mode": "scheme", "scheme": "Oranges", "steps": 64},
                          "exemplars": {"color": "rgba(31, 96, 196, 0.9)"}}, **rest)


def table(title: str, columns: dict[str, str], *queries: Query, units: dict | None = None,
          **rest) -> Panel:
    """The last values side by side; `columns`: field → heading, in order; others are hidden."""
    order = {name: index for index, name in enumerate(columns)}
    transformations = [
        {"id": "merge", "options": {}},
        {"id": "filterFieldsByName", "options": {"include": {"names": list(columns)}}},
        {"id": "organize", "options": {"indexByName": order, "renameByName": columns}},
    ]
    overrides = [{"matcher": {"id": "byName", "options": heading},
                  "properties": [{"id": "unit", "value": unit}, {"id": "decimals", "value": 3}]}
                 for heading, unit in (units or {}).items()]
    return Panel(title, "table", list(queries), transformations=transformations,
                 overrides=overrides, options={"showHeader": True, "cellHeight": "sm"}, **rest)


def lines(title: str, expr: str, width: int = 24, height: int = 14, **rest) -> Panel:
    """Log lines, newest first, each with the link to its trace."""
    return Panel(title, "logs", [LogQuery(expr)], width=width, height=height,
                 options={"showTime": True, "enableLogDetails": True, "prettifyLogMessage": False,
                          "sortOrder": "Descending", "wrapLogMessage": True, "dedupStrategy": "none"},
                 **rest)


def newest_traces(title: str, service: str, width: int = 12, height: int = 10, **rest) -> Panel:
    return Panel(title, "table", [TraceSearch(service)], width=width, height=height,
                 options={"showHeader": True, "cellHeight": "sm"}, **rest)


def service_map(title: str, nodes: list[Query], edges: list[Query], **rest) -> Panel:
    """Who calls whom. A frame with `source` and `target` holds the edges, the other the nodes."""
    # The panel reads names of fields, which a mere renaming leaves as they are: a field is added.
    added = [{"id": "calculateField", "filter": {"id": "byRefId", "options": query.ref},
              "options": {"mode": "binary", "alias": "mainstat", "replaceFields": False,
                          "binary": {"left": {"matcher": {"id": "byName",
                                                          "options": f"Value #{query.ref}"}},
                                     "operator": "*", "right": {"fixed": "1"}}}}
             for query in nodes + edges]
    return Panel(title, "nodeGraph", nodes + edges, transformations=added,
                 options={"nodes": {"mainStatUnit": "reqps"}, "edges": {"mainStatUnit": "reqps"}},
                 **rest)
