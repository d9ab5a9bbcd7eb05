"""rotel, an independent OpenTelemetry collector, started on free ports.

It receives OTLP over HTTP and exports, over HTTP and uncompressed, to an OTLP receiver of ours.
"""

import importlib.util
from pathlib import Path

from ostack_processes import Process, clean_environment, listening_ports

# rotel listens for gRPC too. The address tells the two listening sockets apart.
HTTP_ADDRESS, GRPC_ADDRESS = "127.0.0.1", "127.0.0.2"


class Collector(Process):
    def __init__(self, export_to: str, directory: Path):
        package = importlib.util.find_spec("rotel")
        assert package is not None, "rotel is not installed (pip install -r requirements.txt)"
        agent = Path(package.origin).parent / "rotel-agent"
        super().__init__([
            agent, "start",
            "--otlp-http-endpoint", f"{HTTP_ADDRESS}:0",
            "--otlp-grpc-endpoint", f"{GRPC_ADDRESS}:0",
            "--exporter", "otlp", "--otlp-exporter-endpoint", export_to,
            "--otlp-exporter-protocol", "http", "--otlp-exporter-compression", "none",
            "--batch-timeout", "20ms",
            "--pid-file", directory / "rotel.pid", "--log-file", directory / "rotel.log",
        ], clean_environment())
        # It binds before it says so. libpython3.11 missing shows here, in its own words.
        self.wait_for_line("start of rotel", self.out, lambda line: "Starting Rotel" in line)
        [self.port] = listening_ports(self.pid, HTTP_ADDRESS)
        self.endpoint = f"http://{HTTP_ADDRESS}:{self.port}"
