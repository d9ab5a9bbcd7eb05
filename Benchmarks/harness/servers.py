"""The servers that are measured."""

import os
from dataclasses import dataclass, field

from harness.process import free_port
from harness.tools import Unavailable, system_program


@dataclass
class Server:
    """One row of the table: how to start it, and what must be said about it."""

    key: str
    title: str
    command: list
    environment: dict = field(default_factory=dict)
    # Whether it is told where the sink is.
    exports: bool = False
    # What makes it run on one thread, for counting instructions.
    single_thread: dict = field(default_factory=dict)
    single_thread_arguments: list = field(default_factory=list)
    is_secure: bool = False
    # The text of a configuration file, for a server that neither chooses its port nor says it.
    configuration: str = ""

    def environment_for(self, directory, sink_port, is_single_threaded=False):
        """The variables of one run. A data directory of its own lies in `directory`."""
        environment = {"DATA_DIRECTORY": str(directory / "data"), **self.environment}
        if self.exports:
            environment["OTEL_EXPORTER_OTLP_ENDPOINT"] = f"http://127.0.0.1:{sink_port}"
        if is_single_threaded:
            environment.update(self.single_thread)
        return environment

    def command_for(self, is_single_threaded=False):
        return self.command + (self.single_thread_arguments if is_single_threaded else [])


    def launch(self, directory):
        """The command of one run, and the port; None where the server says it itself."""
        if not self.configuration:
            return self.command_for(), None
        port = free_port()
        file = directory / "configuration"
        file.write_text(self.configuration.replace("PORT", str(port)))
        return [*self.command, file], port


KEYS = ("c", "ostack-off", "ostack-on", "ostack-https", "nginx-https", "hummingbird", "hummingbird-on", "flyingfox")


def _own(builder, key):
    service, telemetry = "order", "otlp" if key.endswith("-on") else "off"
    variable = f"{service}_service".upper()
    return Server(
        key=key,
        title=f"ostack, telemetry {'on' if telemetry == 'otlp' else 'off'}",
        command=[builder.own_product(f"{service}-service")],
        environment={
            f"{variable}_HOST": "127.0.0.1", f"{variable}_PORT": "0", "TELEMETRY": telemetry,
        },
        exports=telemetry == "otlp",
        single_thread={"EVENT_LOOPS": "1"})


def _own_https(builder):
    server = _own(builder, "ostack-https-off")
    certificate, key = builder.certificate()
    server.key, server.title, server.is_secure = "ostack-https", "ostack, HTTPS", True
    server.environment |= {"ORDER_SERVICE_TLS_CERTIFICATE_FILE": str(certificate),
                           "ORDER_SERVICE_TLS_PRIVATE_KEY_FILE": str(key)}
    return server


def _nginx(builder):
    """nginx with the same content, certificate and rules for connections, and no log."""
    program = system_program("nginx", "nginx")
    certificate, key = builder.certificate()
    return Server(key="nginx-https", title="nginx, HTTPS", is_secure=True,
                  command=[program, "-e", "stderr", "-p", ".", "-c"], configuration=f"""
daemon off;
worker_processes {os.cpu_count()};
pid nginx.pid;
events {{ worker_connections 1024; }}
http {{
  access_log off;
  client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi; scgi_temp_path scgi;
  keepalive_requests 1000000;
  server {{
    listen 127.0.0.1:PORT ssl reuseport;
    ssl_certificate {certificate};
    ssl_certificate_key {key};
    ssl_protocols TLSv1.2 TLSv1.3;
    location = /health {{
      default_type application/json;
      return 200 '{{"status":"ok","environment":"dev","service_name":"order-service"}}';
    }}
  }}
}}
""")


def _hummingbird(builder, key):
    has_otel = bool(os.environ.get("SWIFT_OTEL_DIRECTORY"))
    program = builder.peer("HummingbirdServer", "HummingbirdBenchmark",
                           "hummingbird-otel" if has_otel else "hummingbird")
    if key == "hummingbird":
        return Server(key=key, title="Hummingbird, bare", command=[program, "bare"])
    backend = "swift-otel" if has_otel else "no export"
    return Server(key=key, title=f"Hummingbird + middleware, {backend}",
                  command=[program, "instrumented"], exports=has_otel)


def make(key, builder):
    """Builds and describes the server `key`. Throws `Unavailable` with the reason."""
    if key == "c":
        return Server(key=key, title="C, epoll: the limit",
                      command=[builder.c_program("CServer/cserver.c", "cserver")],
                      single_thread_arguments=["1"])
    if key in ("ostack-off", "ostack-on"):
        return _own(builder, key)
    if key == "ostack-https":
        return _own_https(builder)
    if key == "nginx-https":
        return _nginx(builder)
    if key in ("hummingbird", "hummingbird-on"):
        return _hummingbird(builder, key)
    if key == "flyingfox":
        return Server(key=key, title="FlyingFox, bare", command=[
            # Its part of Foundation needs libcurl when it is linked statically.
            builder.peer(
                "FlyingFoxServer", "FlyingFoxBenchmark", "flyingfox", is_static=False)])
    raise Unavailable(f"there is no server {key}")


def inventory(builder):
    """The other service, for its idle memory and its start."""
    return Server(
        key="inventory-on", title="inventory-service, telemetry on",
        command=[builder.own_product("inventory-service")],
        environment={"INVENTORY_SERVICE_HOST": "127.0.0.1", "INVENTORY_SERVICE_PORT": "0",
                     "TELEMETRY": "otlp"},
        exports=True)


def sink(builder):
    """Where telemetry goes."""
    return Server(key="sink", title="sink", command=[builder.c_program("Sink/sink.c", "sink")])
