"""Decodes and encodes OTLP messages with the official protobuf definitions.

Usage: otlp_oracle.py decode|encode MESSAGE, input on stdin, output on stdout. JSON uses the
protobuf field names, integers for enums, and hexadecimal for trace and span ids.
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
IDS = {"trace_id", "span_id", "parent_span_id"}


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


def main():
    verb, name = sys.argv[1:]
    module = importlib.import_module("opentelemetry.proto." + MODULES[name])
    message = getattr(module, name)()
    data = sys.stdin.buffer.read()
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
