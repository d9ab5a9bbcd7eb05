"""Decodes and encodes OTLP messages with the official protobuf definitions.

Usage: otlp_oracle.py decode|encode|decode-json|sample MESSAGE, input on stdin, output on stdout.
JSON uses the protobuf field names, integers for enums, and hexadecimal for trace and span ids.
decode-json reads OTLP/JSON; sample makes a message with every field and every choice of a oneof,
and shows it as protobuf (base64) and as OTLP/JSON.
"""

import base64
import importlib
import json
import sys

from google.protobuf import json_format
from google.protobuf.unknown_fields import UnknownFieldSet

MODULES = {
    "ExportTraceServiceRequest": "collector.trace.v1.trace_service_pb2",
    "ExportTraceServiceResponse": "collector.trace.v1.trace_service_pb2",
    "ExportLogsServiceRequest": "collector.logs.v1.logs_service_pb2",
    "ExportLogsServiceResponse": "collector.logs.v1.logs_service_pb2",
    "ExportMetricsServiceRequest": "collector.metrics.v1.metrics_service_pb2",
    "ExportMetricsServiceResponse": "collector.metrics.v1.metrics_service_pb2",
    "ScopeSpans": "trace.v1.trace_pb2",
    "ScopeLogs": "logs.v1.logs_pb2",
    "ScopeMetrics": "metrics.v1.metrics_pb2",
    "KeyValueList": "common.v1.common_pb2",
    "Resource": "resource.v1.resource_pb2",
}
IDS = {"trace_id", "span_id", "parent_span_id", "traceId", "spanId", "parentSpanId"}
# What this project does not send.
LEFT_OUT = {"summary", "entity_refs", "key_strindex", "string_value_strindex"}


def refuse_unknown_fields(message):
    if len(UnknownFieldSet(message)) > 0:
        sys.exit(f"{message.DESCRIPTOR.full_name} has unknown fields")
    for field, value in message.ListFields():
        if field.type != field.TYPE_MESSAGE:
            continue
        for child in value if field.is_repeated else [value]:
            refuse_unknown_fields(child)


def hexadecimal_ids(value):
    if isinstance(value, list):
        return [hexadecimal_ids(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        key: base64.b64decode(item).hex() if key in IDS else hexadecimal_ids(item)
        for key, item in value.items()
    }


def base64_ids(value):
    if isinstance(value, list):
        return [base64_ids(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        key: base64.b64encode(bytes.fromhex(item)).decode() if key in IDS else base64_ids(item)
        for key, item in value.items()
    }


def samples(kind, depth=0):
    """Messages of this kind that show every field, and among them every choice of a oneof."""
    made = [kind()]
    for field in kind.DESCRIPTOR.fields:
        if field.name in LEFT_OUT or (depth > 9 and field.name in ("array_value", "kvlist_value")):
            continue
        if field.type == field.TYPE_MESSAGE:
            values = samples(field.message_type._concrete_class, depth + 1)
        else:
            values = [scalar(field)]
        if field.containing_oneof and len(field.containing_oneof.fields) > 1:
            # A message of its own for each choice.
            base = made[0]
            for value in values:
                other = kind()
                other.CopyFrom(base)
                put(other, field, [value])
                made.append(other)
        elif field.is_repeated:
            for message in made:
                put(message, field, values + values[:1])
        else:
            while len(made) < len(values):
                made.append(kind())
                made[-1].CopyFrom(made[0])
            for index, message in enumerate(made):
                put(message, field, [values[index % len(values)]])
    return made


def scalar(field):
    number = field.number
    if field.type == field.TYPE_STRING:
        return f"text \u00e9 {number}"
    if field.type == field.TYPE_BYTES:
        return bytes(range(16 if "id" in field.name else number))
    if field.type == field.TYPE_BOOL:
        return True
    if field.type == field.TYPE_DOUBLE:
        return number + 0.25
    if field.type in (field.TYPE_SINT32, field.TYPE_SFIXED64, field.TYPE_INT64):
        return -number - 1000
    if field.type in (field.TYPE_FIXED64, field.TYPE_UINT64):
        return (1 << 63) + number
    return 1 if field.type == field.TYPE_ENUM else number + 200


def put(message, field, values):
    if field.is_repeated:
        getattr(message, field.name).extend(values)
    elif field.type == field.TYPE_MESSAGE:
        getattr(message, field.name).CopyFrom(values[0])
    else:
        setattr(message, field.name, values[0])


def main():
    verb, name = sys.argv[1:]
    module = importlib.import_module("opentelemetry.proto." + MODULES[name])
    message = getattr(module, name)()
    if verb == "sample":
        message = samples(type(message))[0]
        fields = json_format.MessageToDict(message, use_integers_for_enums=True)
        protobuf = base64.b64encode(message.SerializeToString()).decode()
        json.dump({"protobuf": protobuf, "json": hexadecimal_ids(fields)}, sys.stdout)
        return
    data = sys.stdin.buffer.read()
    if verb == "decode-json":
        json_format.ParseDict(base64_ids(json.loads(data)), message)
        data = message.SerializeToString()
        message = getattr(module, name)()
    if verb == "encode":
        json_format.Parse(data, message)
        sys.stdout.buffer.write(message.SerializeToString())
        return
    message.ParseFromString(data)
    refuse_unknown_fields(message)
    fields = json_format.MessageToDict(
        message, preserving_proto_field_name=True, use_integers_for_enums=True
    )
    json.dump(hexadecimal_ids(fields), sys.stdout)


main()
