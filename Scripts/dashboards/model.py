"""What the descriptions are made of: dashboards of rows of panels, in Grafana's classic JSON.

A panel says what differs; everything else has one value for all. Widths are of 24 columns.
"""

from dataclasses import dataclass, field

PROMETHEUS = {"type": "prometheus", "uid": "prometheus"}
LOKI = {"type": "loki", "uid": "loki"}
JAEGER = {"type": "jaeger", "uid": "jaeger"}
COLUMNS = 24


@dataclass
class Query:
    """One query of a panel. `exemplar`: show the points that lead to traces."""

    expr: str
    legend: str = "__auto"
    ref: str = ""
    exemplar: bool = False
    instant: bool = False
    format: str = "time_series"

    datasource = PROMETHEUS

    def json(self, ref: str) -> dict:
        return {"datasource": self.datasource, "refId": self.ref or ref, "expr": self.expr,
                "legendFormat": self.legend, "exemplar": self.exemplar, "instant": self.instant,
                "range": not self.instant, "format": self.format, "editorMode": "code"}


@dataclass
class LogQuery:
    """LogQL: lines, or a metric made of them."""

    expr: str
    legend: str = ""

    datasource = LOKI

    def json(self, ref: str) -> dict:
        return {"datasource": self.datasource, "refId": ref, "expr": self.expr,
                "legendFormat": self.legend, "queryType": "range", "editorMode": "code"}


@dataclass
class TraceSearch:
    """The newest traces of a service in Jaeger."""

    service: str
    limit: int = 20

    datasource = JAEGER

    def json(self, ref: str) -> dict:
        return {"datasource": self.datasource, "refId": ref, "queryType": "search",
                "service": self.service, "limit": self.limit}


@dataclass
class Panel:
    title: str
    kind: str
    queries: list
    width: int = 8
    height: int = 8
    unit: str = "short"
    description: str = ""
    defaults: dict = field(default_factory=dict)
    options: dict = field(default_factory=dict)
    overrides: list = field(default_factory=list)
    transformations: list = field(default_factory=list)

    def json(self, number: int, x: int, y: int) -> dict:
        panel = {
            "id": number, "title": self.title, "type": self.kind,
            "description": self.description,
            "datasource": self.queries[0].datasource if self.queries else PROMETHEUS,
            "gridPos": {"x": x, "y": y, "w": self.width, "h": self.height},
            "targets": [query.json(chr(ord("A") + index))
                        for index, query in enumerate(self.queries)],
            "fieldConfig": {"defaults": {"unit": self.unit} | self.defaults,
                            "overrides": self.overrides},
            "options": self.options,
        }
        if self.transformations:
            panel["transformations"] = self.transformations
        return panel


@dataclass
class Row:
    title: str
    panels: list[Panel]


@dataclass
class Dashboard:
    name: str
    title: str
    description: str
    rows: list[Row]
    variables: list[dict] = field(default_factory=list)
    range: str = "now-15m"

    def json(self) -> dict:
        panels, number, y = [], 0, 0
        for row in self.rows:
            number += 1
            panels.append({"id": number, "type": "row", "title": row.title, "collapsed": False,
                           "gridPos": {"x": 0, "y": y, "w": COLUMNS, "h": 1}, "panels": []})
            x, y, height = 0, y + 1, 0
            for panel in row.panels:
                if x + panel.width > COLUMNS:
                    x, y, height = 0, y + height, 0
                number += 1
                panels.append(panel.json(number, x, y))
                x, height = x + panel.width, max(height, panel.height)
            y += height
        return {
            "uid": f"ostack-{self.name}", "title": self.title, "description": self.description,
            "tags": ["ostack"], "schemaVersion": 41, "version": 1, "editable": False,
            "graphTooltip": 1, "refresh": "10s", "timezone": "browser",
            "time": {"from": self.range, "to": "now"},
            "links": [{"type": "dashboards", "tags": ["ostack"], "title": "ostack",
                       "asDropdown": False, "includeVars": True, "keepTime": True}],
            "templating": {"list": self.variables},
            "annotations": {"list": []},
            "panels": panels,
        }


def query_variable(name: str, label: str, query: str) -> dict:
    """A choice of label values, all of them to begin with."""
    return {"name": name, "label": label, "type": "query", "datasource": PROMETHEUS,
            "query": {"query": query, "refId": name}, "definition": query, "refresh": 2, "sort": 1,
            "multi": True, "includeAll": True, "allValue": ".*",
            "current": {"text": "All", "value": "$__all"}}


def text_variable(name: str, label: str) -> dict:
    return {"name": name, "label": label, "type": "textbox", "query": "",
            "current": {"text": "", "value": ""}}


def custom_variable(name: str, label: str, values: list[str]) -> dict:
    return {"name": name, "label": label, "type": "custom", "query": ",".join(values),
            "multi": True, "includeAll": True, "allValue": ".*",
            "options": [], "current": {"text": "All", "value": "$__all"}}
