"""Reading decoded OTLP messages: spans, log records and metrics as tests want to see them."""

from dataclasses import dataclass

from google.protobuf.message import Message
from google.protobuf.unknown_fields import UnknownFieldSet
from opentelemetry.proto.metrics.v1 import metrics_pb2
from opentelemetry.proto.trace.v1 import trace_pb2

KIND = {number: name.removeprefix("SPAN_KIND_") for name, number in trace_pb2.Span.SpanKind.items()}
STATUS = {number: name.removeprefix("STATUS_CODE_")
          for name, number in trace_pb2.Status.StatusCode.items()}
CUMULATIVE = metrics_pb2.AGGREGATION_TEMPORALITY_CUMULATIVE


def value_of(any_value):
    """An AnyValue as the Python value of its very type: int stays int, string stays str."""
    kind = any_value.WhichOneof("value")
    if kind is None:
        return None
    if kind == "array_value":
        return [value_of(element) for element in any_value.array_value.values]
    if kind == "kvlist_value":
        return attributes_of(any_value.kvlist_value.values)
    return getattr(any_value, kind)


def attributes_of(key_values) -> dict:
    attributes = {}
    for pair in key_values:
        assert pair.key, "an attribute without a key"
        assert pair.key not in attributes, f"attribute {pair.key} twice"
        attributes[pair.key] = value_of(pair.value)
    return attributes


@dataclass
class Entry:
    resource: dict
    scope: object

    @property
    def service(self) -> str:
        return self.resource.get("service.name")


@dataclass
class SpanEntry(Entry):
    span: trace_pb2.Span

    @property
    def name(self) -> str:
        return self.span.name

    @property
    def kind(self) -> str:
        return KIND[self.span.kind]

    @property
    def status(self) -> str:
        return STATUS[self.span.status.code]

    @property
    def trace_id(self) -> str:
        return self.span.trace_id.hex()

    @property
    def span_id(self) -> str:
        return self.span.span_id.hex()

    @property
    def parent_id(self) -> str:
        return self.span.parent_span_id.hex()

    @property
    def attributes(self) -> dict:
        return attributes_of(self.span.attributes)

    @property
    def events(self) -> list[tuple[str, dict]]:
        return [(event.name, attributes_of(event.attributes)) for event in self.span.events]

    def __repr__(self):
        return f"<{self.service} {self.kind} {self.name} {self.attributes}>"


@dataclass
class LogEntry(Entry):
    record: object

    @property
    def message(self):
        return value_of(self.record.body)

    @property
    def trace_id(self) -> str:
        return self.record.trace_id.hex()

    @property
    def span_id(self) -> str:
        return self.record.span_id.hex()

    @property
    def attributes(self) -> dict:
        return attributes_of(self.record.attributes)


@dataclass
class MetricEntry(Entry):
    metric: metrics_pb2.Metric

    @property
    def kind(self) -> str:
        return self.metric.WhichOneof("data")

    @property
    def data(self):
        return getattr(self.metric, self.kind)

    @property
    def points(self) -> list[tuple[dict, object]]:
        """(attributes, data point) of every point."""
        return [(attributes_of(point.attributes), point) for point in self.data.data_points]

    def point(self, wanted: dict):
        """The one point whose attributes include `wanted`."""
        found = [point for attributes, point in self.points
                 if wanted.items() <= attributes.items()]
        assert len(found) == 1, f"{self.metric.name} {wanted}: {len(found)} of {self.points}"
        return found[0]


def number_of(point):
    """The value of a NumberDataPoint, in its own type."""
    return getattr(point, point.WhichOneof("value"))


_CHILDREN = {
    "span": ("resource_spans", "scope_spans", "spans"),
    "log": ("resource_logs", "scope_logs", "log_records"),
    "metric": ("resource_metrics", "scope_metrics", "metrics"),
}


def flatten(messages, signal: str):
    """(resource attributes, scope, item) of every item, in order of arrival."""
    of_resource, of_scope, items = _CHILDREN[signal]
    for message in messages:
        for resource_part in getattr(message, of_resource):
            resource = attributes_of(resource_part.resource.attributes)
            for scope_part in getattr(resource_part, of_scope):
                for item in getattr(scope_part, items):
                    yield resource, scope_part.scope, item


def unknown_field_paths(message: Message, path: str = "") -> list[str]:
    """Where in `message` there are fields that the official definitions do not have."""
    found = [f"{path}#{unknown.field_number}" for unknown in UnknownFieldSet(message)]
    for descriptor, value in message.ListFields():
        if descriptor.message_type is None:
            continue
        children = value if descriptor.is_repeated else [value]
        for child in children:
            found += unknown_field_paths(child, f"{path}/{descriptor.name}")
    return found
