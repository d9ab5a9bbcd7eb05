"""A fixed series of requests, and all telemetry that the services sent about it until they ended.

The services are stopped before anything is looked at: what their last flush did not deliver is
missing, so no test has to wait, and totals are exact.
"""

from dataclasses import dataclass

from otlp_model import SpanEntry
from ostack_processes import Stack
from otlp_receiver import OTLPReceiver
from raw_http import Connection, Response

REMOTE_TRACE = "0af7651916cd43dd8448eb211c80319c"
REMOTE_SPAN = "b7ad6b7169203331"
UNSAMPLED_TRACE = "1af7651916cd43dd8448eb211c80319d"
TRACE_STATE = "vendor=a1,other@tenant=b/2"
# traceparent values that must be ignored as a whole
BROKEN_PARENTS = [
    f"00-{REMOTE_TRACE.upper()}-{REMOTE_SPAN}-01",
    f"00-{'0' * 32}-{REMOTE_SPAN}-01",
    f"00-{REMOTE_TRACE}-{'0' * 16}-01",
    f"ff-{REMOTE_TRACE}-{REMOTE_SPAN}-01",
    f"00-{REMOTE_TRACE}-{REMOTE_SPAN}-01-more",
    f"00-{REMOTE_TRACE[:-1]}-{REMOTE_SPAN}-01",
    f"00-{REMOTE_TRACE}-{REMOTE_SPAN}-0x",
    "",
    "nonsense",
]


@dataclass
class Exchange:
    """One request of a client, recognisable by its own user agent, and its answer."""

    agent: str
    service: str
    method: str
    target: str
    local_port: int
    port: int
    response: Response

    @property
    def path(self) -> str:
        return self.target.split("?")[0]


class Recording:
    """The exchanges by label, and what the receiver got."""

    def __init__(self, directory):
        self.receiver = OTLPReceiver()
        self.exchanges: dict[str, Exchange] = {}
        settings = self.receiver.settings() | {
            "OTEL_RESOURCE_ATTRIBUTES": "team=shop%20one,service.namespace=ostack"}
        stack = Stack(directory, settings)
        self.stack = stack
        try:
            self._converse()
            self.pids = {service.name: service.pid for service in stack.services}
            stack.stop()
        finally:
            stack.discard()
            self.receiver.close()
        self.receiver.assert_clean()
        self.spans = self.receiver.spans()
        self.logs = self.receiver.logs()

    def _converse(self):
        self.ask("order", "order", "POST", "/order-product?username=ann&product_id=2")
        self.ask("continued", "order", "POST", "/order-product?username=bob&product_id=3",
                 f"traceparent: 00-{REMOTE_TRACE}-{REMOTE_SPAN}-01\r\n"
                 f"tracestate: {TRACE_STATE}\r\n")
        self.ask("unsampled", "order", "POST", "/order-product?username=eve&product_id=4",
                 f"traceparent: 00-{UNSAMPLED_TRACE}-{REMOTE_SPAN}-00\r\n")
        for number, parent in enumerate(BROKEN_PARENTS):
            self.ask(f"broken {number}", "inventory", "GET", "/health",
                     f"traceparent: {parent}\r\ntracestate: {TRACE_STATE}\r\n")
        self.ask("listed orders", "order", "GET", "/list-orders")
        self.ask("listed products", "order", "GET", "/list-products")
        self.ask("health", "order", "GET", "/health")
        self.ask("head", "order", "HEAD", "/health")
        self.ask("unknown product", "order", "POST", "/order-product?username=ann&product_id=99")
        self.ask("invalid", "order", "POST", "/order-product?username=ann&product_id=x")
        self.ask("not found", "order", "GET", "/no/such/path?q=1")
        self.ask("not allowed", "order", "DELETE", "/health")
        self.ask("strange method", "order", "FOO", "/health")
        self.ask("redirect", "order", "GET", "/health/")
        self.ask("restock", "inventory", "POST", "/restock?product_id=5&quantity=7")
        self.ask("secret", "inventory", "GET", "/health?sig=topsecret&x=1")
        for number in range(20):
            self.ask(f"many {number}", "inventory", "GET", "/list-products")

    def ask(self, label: str, service: str, method: str, target: str, fields: str = ""):
        port = getattr(self.stack, service).port
        agent = f"ostack-test/{len(self.exchanges)}"
        with Connection(port) as connection:
            response = connection.request(method, target, f"user-agent: {agent}\r\n{fields}")
            self.exchanges[label] = Exchange(agent, f"{service}-service", method, target,
                                             connection.local_port, port, response)

    def answered(self, service: str) -> list[Exchange]:
        return [exchange for exchange in self.exchanges.values() if exchange.service == service]

    def server_span(self, label: str) -> SpanEntry:
        agent = self.exchanges[label].agent
        found = [span for span in self.spans if span.kind == "SERVER"
                 and span.attributes.get("user_agent.original") == agent]
        assert len(found) == 1, f"{label}: {found}"
        return found[0]

    def trace(self, trace_id: str) -> list[SpanEntry]:
        return [span for span in self.spans if span.trace_id == trace_id]

    def trace_of(self, label: str) -> list[SpanEntry]:
        return self.trace(self.server_span(label).trace_id)

    def metric(self, service: str, name: str):
        found = self.receiver.latest_metric(service, name)
        assert found is not None, f"{service} sent no {name}"
        return found
