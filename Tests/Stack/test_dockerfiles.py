"""The Dockerfiles, as far as they can be read: what they copy is there, who they run as."""

import json
import re
import shutil
import subprocess

import pytest

from repository import ROOT, compose

FILES = {path.name: path.read_text() for path in (ROOT / "Dockerfiles").glob("*.Dockerfile")}
SERVICES = FILES["services.Dockerfile"]
CONTEXT = [line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines()
           if line.startswith("!")]


def stage(name: str) -> str:
    [text] = re.findall(rf"^FROM \S+ AS {name}$(.*?)(?=^FROM |\Z)", SERVICES,
                        re.MULTILINE | re.DOTALL)
    return text


def test_every_build_of_compose_exists():
    for service in compose()["services"].values():
        if "build" in service:
            text = (ROOT / service["build"]["dockerfile"]).read_text()
            target = service["build"].get("target")
            assert target is None or re.search(rf"^FROM \S+ AS {target}$", text, re.MULTILINE)


def test_collector_is_the_version_that_compose_names():
    service = compose()["services"]["otel-collector"]
    version = service["build"]["args"]["COLLECTOR_VERSION"]
    assert service["image"].endswith(f":{version}")
    assert f"ARG COLLECTOR_VERSION={version}\n" in FILES["otel-collector.Dockerfile"]


def test_what_is_copied_is_in_the_context():
    assert (ROOT / ".dockerignore").read_text().splitlines()[1] == "*"
    for source in re.findall(r"^COPY (?!--)(.*) \S+$", SERVICES, re.MULTILINE):
        for name in source.split():
            plain = name.replace("[d]", "d")
            assert plain.split("/")[0] in CONTEXT, plain
            assert (ROOT / plain).exists() or name == "Package.resolve[d]", plain


def test_base_images_are_pinned():
    for name, text in FILES.items():
        arguments = dict(re.findall(r"^ARG (\w+)=(\S+)$", text, re.MULTILINE))
        stages = set(re.findall(r" AS (\S+)$", text, re.MULTILINE))
        for image in re.findall(r"^FROM (\S+)", text, re.MULTILINE):
            image = re.sub(r"\$\{(\w+)\}", lambda match: arguments[match[1]], image)
            assert image in stages or re.search(r":\d+\.\d+\.\d+", image), f"{name}: {image}"


@pytest.mark.parametrize("service", ["order-service", "inventory-service"])
def test_service_runs_as_nobody_in_particular(service):
    runtime, own = stage("runtime"), stage(service)
    assert re.search(r"^USER 10001:10001$", runtime, re.MULTILINE) and "USER" not in own
    assert f'CMD ["{service}", "healthcheck"]' in own and f'ENTRYPOINT ["{service}"]' in own
    variable = service.replace("-", "_").upper() + "_HOST"
    assert f"ENV {variable}=*" in own, "a service in a container listens on every interface"
    port = compose()["services"][service]["ports"][0].rpartition(":")[2]
    assert f"EXPOSE {port}" in own


def test_dependencies_are_compiled_without_the_sources():
    text = stage("dependencies")
    copied = re.findall(r"^COPY (Sources/\S+)", text, re.MULTILINE)
    # Only what has no Swift source to stub: C and module maps.
    assert copied and not any(list((ROOT / path).rglob("*.swift")) for path in copied)


def test_stubs_stand_in_for_every_target(tmp_path):
    manifest = subprocess.run(["swift", "package", "dump-package"], cwd=ROOT, text=True,
                              capture_output=True, timeout=300)
    assert manifest.returncode == 0, manifest.stderr
    shutil.copy(ROOT / "Package.swift", tmp_path)
    for name in ("CLinux", "COpenSSL", "CZlib"):
        (tmp_path / "Sources" / name).mkdir(parents=True)
    subprocess.run([ROOT / "Dockerfiles" / "stub-targets.sh"], cwd=tmp_path, check=True)
    targets = json.loads(manifest.stdout)["targets"]
    assert len(targets) > 20
    for target in targets:
        kind = target["type"]
        folder = "Tests" if kind == "test" else "Sources"
        path = tmp_path / (target.get("path") or f"{folder}/{target['name']}")
        assert path.is_dir(), target["name"]
        for resource in target.get("resources", []):
            assert (path / resource["path"]).is_file(), resource
        if kind == "executable":
            assert (path / "main.swift").is_file(), target["name"]
