"""The OTLP receiver of the tests as a program: listens for other containers, and says what it got
when it is told to stop."""

import json
import signal
import threading

from otlp_receiver import OTLPReceiver

receiver = OTLPReceiver(address=("0.0.0.0", 4318))
stop = threading.Event()
signal.signal(signal.SIGTERM, lambda *_: stop.set())
stop.wait()
print(json.dumps({
    "violations": receiver.violations,
    "spans": [[span.service, span.kind, span.name, span.trace_id] for span in receiver.spans()],
    "logs": [[entry.service, entry.message, entry.trace_id] for entry in receiver.logs()],
    "metrics": sorted({f"{entry.service} {entry.metric.name}" for entry in receiver.metrics()}),
}), flush=True)
