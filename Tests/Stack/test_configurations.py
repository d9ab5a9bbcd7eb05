"""The collector, Loki, Jaeger and Grafana: whole in themselves, and meaning each other's hosts,
ports, indices and uids."""

import copy
import json
import re

import pytest

from promql import metric_names
from repository import CONFIGURATION, DASHBOARDS, compose, configuration

# Where each program listens inside its container.
PORTS = {"otel-collector": {4317, 4318, 8888, 13133}, "prometheus": {9090}, "loki": {3100},
         "minio": {9000, 9001}, "elasticsearch": {9200}, "grafana": {3000},
         "jaeger-collector": {4317, 4318, 8888, 13133}, "jaeger-query": {16686, 8888, 13133},
         "order-service": {8000}, "inventory-service": {8010}, "seaweedfs": {8333, 9327}}
FILES = [path.name for path in CONFIGURATION.glob("*.y*ml")] + \
    [f"scrape/{path.name}" for path in (CONFIGURATION / "scrape").iterdir()]


@pytest.mark.parametrize("name", sorted(FILES))
def test_hosts_and_ports_exist(name):
    configuration(name)  # valid YAML, no key twice
    for host, port in re.findall(r"\b([a-z][a-z-]+):(\d{3,5})\b", (CONFIGURATION / name).read_text()):
        host = "prometheus" if host == "localhost" else host
        assert int(port) in PORTS[host], f"{name} asks {host}:{port}"


def test_compose_variables_mean_existing_ports():
    services = compose()["services"]
    published = {int(port.split(":")[-2]) for service in services.values()
                 for port in service.get("ports", [])}
    # What is on this machine for a browser is what the stack publishes.
    ports = PORTS | {"localhost": published}
    for name, service in services.items():
        for value in service.get("environment", {}).values():
            for host, port in re.findall(r"\b([a-z][a-z-]+):(\d{4,5})\b", str(value)):
                assert int(port) in ports[host], f"{name}: {value}"


# ---------------------------------------------------------------- the collector

def collector() -> dict:
    """Both files as the collector merges them: maps joined, lists replaced."""
    merged = {}

    def merge(into, add):
        for key, value in add.items():
            if isinstance(value, dict) and isinstance(into.get(key), dict):
                merge(into[key], value)
            else:
                into[key] = json.loads(json.dumps(value))

    for name in ("otel-config.yaml", "otel-elasticsearch.yaml"):
        merge(merged, configuration(name))
    return merged


@pytest.mark.parametrize("name", ["otel-config.yaml", "both", "jaeger-collector.yaml",
                                  "jaeger-query.yaml", "jaeger-light.yaml"])
def test_components_are_defined_and_used(name):
    config = collector() if name == "both" else configuration(name)
    used = {"receivers": set(), "processors": set(), "exporters": set()}
    for pipeline in config["service"]["pipelines"].values():
        for kind in used:
            used[kind] |= set(pipeline.get(kind, []))
    connectors = set(config.get("connectors", {}))
    assert connectors <= used["receivers"] & used["exporters"], "a connector joins two pipelines"
    for kind, names in used.items():
        assert names - connectors == set(config.get(kind) or {}), kind
    assert set(config["service"]["extensions"]) == set(config["extensions"])


def test_memory_is_limited_before_anything_else():
    for config in (collector(), configuration("jaeger-collector.yaml"),
                   configuration("jaeger-light.yaml")):
        for name, pipeline in config["service"]["pipelines"].items():
            assert pipeline["processors"][0] == "memory_limiter", name


def test_exports_wait_on_disk_and_are_tried_again():
    config = collector()
    directory = config["extensions"]["file_storage/queue"]["directory"]
    [volume] = [mount for mount in compose()["services"]["otel-collector"]["volumes"]
                if mount.startswith("otel-collector-data:")]
    assert directory.startswith(volume.split(":")[1])
    for name, exporter in config["exporters"].items():
        queue, retry = exporter["sending_queue"], exporter["retry_on_failure"]
        assert queue["enabled"] and queue["storage"] == "file_storage/queue", name
        assert queue["block_on_overflow"] is False and queue["queue_size"] >= 100_000
        assert queue["batch"]["min_size"] <= queue["batch"]["max_size"] <= queue["queue_size"]
        assert retry["enabled"], name
    # What arrives late is still taken: the collector gives up first.
    window = configuration("prometheus.yml")["storage"]["tsdb"]["out_of_order_time_window"]
    patience = config["exporters"]["otlp_http/prometheus"]["retry_on_failure"]["max_elapsed_time"]
    assert int(patience.removesuffix("m")) < int(window.removesuffix("m"))


def test_every_signal_has_its_way():
    pipelines = collector()["service"]["pipelines"]
    assert pipelines["traces"]["exporters"] == ["otlp_grpc/jaeger", "span_metrics", "servicegraph"]
    assert pipelines["metrics"]["exporters"] == ["otlp_http/prometheus"]
    assert pipelines["metrics/spans"]["receivers"] == ["span_metrics", "servicegraph"]
    assert pipelines["logs"]["exporters"] == ["otlp_http/loki"]


def test_span_metrics_are_what_jaeger_asks_for():
    histogram = collector()["connectors"]["span_metrics"]["histogram"]
    assert histogram["unit"] == "s" and "explicit" in histogram
    for name in ("jaeger-query.yaml", "jaeger-light.yaml"):
        extensions = configuration(name)["extensions"]
        backend = extensions["jaeger_query"]["storage"]["metrics"]
        prometheus = extensions["jaeger_storage"]["metric_backends"][backend]["prometheus"]
        assert prometheus["metric_namespace"] == "traces_span_metrics"
        assert prometheus["latency_unit"] == "s"
        assert prometheus["normalize_calls"] and prometheus["normalize_duration"]
    assert json.loads((CONFIGURATION / "jaeger-ui-config.json").read_text())["monitor"]["menuEnabled"]


@pytest.mark.parametrize("name", ["otel-config.yaml", "jaeger-collector.yaml", "jaeger-query.yaml",
                                  "jaeger-light.yaml"])
def test_own_telemetry_is_scraped_under_the_usual_names(name):
    telemetry = configuration(name)["service"]["telemetry"]
    [reader] = telemetry["metrics"]["readers"]
    prometheus = reader["pull"]["exporter"]["prometheus"]
    assert (prometheus["host"], prometheus["port"]) == ("0.0.0.0", 8888)
    assert prometheus["without_type_suffix"] is False and prometheus["without_units"] is False


# ---------------------------------------------------------------- Jaeger and Elasticsearch

def test_both_sides_of_jaeger_mean_the_same_indices():
    write = configuration("jaeger-collector.yaml")["extensions"]["jaeger_storage"]["backends"]
    read = configuration("jaeger-query.yaml")["extensions"]["jaeger_storage"]["backends"]
    assert write["main"] == read["main"]
    assert configuration("jaeger-collector.yaml")["exporters"]["jaeger_storage_exporter"][
        "trace_storage"] in write
    storage = configuration("jaeger-query.yaml")["extensions"]["jaeger_query"]["storage"]
    assert {storage["traces"], storage["traces_archive"]} == set(read)


def test_one_node_can_be_green():
    """A replica has no second node to live on: none is asked for, in any index."""
    for name in ("jaeger-collector.yaml", "jaeger-query.yaml"):
        for backend in configuration(name)["extensions"]["jaeger_storage"]["backends"].values():
            indices = backend["elasticsearch"]["indices"]
            assert len(indices) == 5
            for kind, index in indices.items():
                if kind != "index_prefix":
                    assert (index["shards"], index["replicas"]) == (1, 0), kind


# ---------------------------------------------------------------- Loki

def test_loki_variants_differ_in_the_store_only():
    full, light = (copy.deepcopy(configuration(name))
                   for name in ("loki-config.yaml", "loki-light.yaml"))
    assert full["common"].pop("storage").keys() == {"s3"}
    assert light["common"].pop("storage").keys() == {"filesystem"}
    for config, store in ((full, "s3"), (light, "filesystem")):
        assert config["schema_config"]["configs"][0].pop("object_store") == store
        assert config["compactor"].pop("delete_request_store") == store
    assert full == light


def test_loki_keeps_lines_for_a_week_with_few_labels():
    config = configuration("loki-config.yaml")
    assert config["limits_config"]["retention_period"] == "168h"
    assert config["compactor"]["retention_enabled"]
    assert config["limits_config"]["allow_structured_metadata"]
    labels = config["distributor"]["otlp_config"]["default_resource_attributes_as_index_labels"]
    assert labels == ["service.name", "service.namespace", "deployment.environment.name"]


def test_loki_gets_its_variables():
    asked = set(re.findall(r"\$\{(\w+)\}", (CONFIGURATION / "loki-config.yaml").read_text()))
    service = compose()["services"]["loki"]
    assert asked == set(service["environment"])
    assert "-config.expand-env=true" in service["command"]


# ---------------------------------------------------------------- Grafana

def sources() -> dict:
    return {source["uid"]: source for source in configuration("grafana-datasources.yaml")["datasources"]}


def test_sources_are_linked_in_every_direction():
    by_uid = sources()
    assert set(by_uid) == {"prometheus", "loki", "jaeger"}
    jaeger = by_uid["jaeger"]["jsonData"]
    assert jaeger["tracesToLogsV2"]["datasourceUid"] == "loki"
    assert jaeger["tracesToMetrics"]["datasourceUid"] == "prometheus"
    [field] = by_uid["loki"]["jsonData"]["derivedFields"]
    assert (field["datasourceUid"], field["matcherType"]) == ("jaeger", "label")
    [exemplars] = by_uid["prometheus"]["jsonData"]["exemplarTraceIdDestinations"]
    assert (exemplars["datasourceUid"], exemplars["name"]) == ("jaeger", "trace_id")


def test_a_trace_finds_its_lines_and_its_metrics():
    jaeger = sources()["jaeger"]["jsonData"]
    assert '| trace_id = "$${__trace.traceId}"' in jaeger["tracesToLogsV2"]["query"]
    for query in jaeger["tracesToMetrics"]["queries"]:
        assert "$$__tags" in query["query"]
        [name] = metric_names(query["query"])
        assert name.startswith("traces_span_metrics_")


def test_dashboards_are_mounted_where_grafana_looks():
    [provider] = configuration("grafana-dashboards.yaml")["providers"]
    path = provider["options"]["path"]
    service = compose()["services"]["grafana"]
    assert f"./config_volumes/dashboards:{path}:ro" in service["volumes"]
    home = service["environment"]["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"]
    assert home.startswith(f"{path}/") and (DASHBOARDS / home.rpartition("/")[2]).is_file()


def test_links_of_jaeger_lead_to_a_dashboard():
    for pattern in json.loads((CONFIGURATION / "jaeger-ui-config.json").read_text())["linkPatterns"]:
        uid, variable = re.search(r":3000/d/([\w-]+)\?var-(\w+)=#\{traceID\}", pattern["url"]).groups()
        dashboard = json.loads((DASHBOARDS / f"{uid.removeprefix('ostack-')}.json").read_text())
        assert dashboard["uid"] == uid
        assert variable in {entry["name"] for entry in dashboard["templating"]["list"]}
