"""What a service says of its interface, and whether its answers are as it says."""

import functools
import json
import subprocess
from urllib.parse import unquote

import jsonschema_rs

from ostack_processes import BINARIES, clean_environment

SERVICES = ["order-service", "inventory-service"]
# Longer content is taken as it is: it is made of the same parts.
CHECKED_BYTES_MAX = 256 * 1024


class APIDocument:
    """An OpenAPI document whose references are found in it."""

    def __init__(self, document: dict):
        self.document = document
        self.validators: dict = {}

    def resolve(self, item: dict) -> dict:
        while "$ref" in item:
            target = self.document
            for name in item["$ref"].removeprefix("#/").split("/"):
                target = target[name]
            item = target
        return item

    def operations(self):
        """(method, path, operation), each."""
        for path, methods in self.document["paths"].items():
            for method, operation in methods.items():
                yield method.upper(), path, operation

    def operation(self, method: str, target: str) -> dict | None:
        """The operation that a request is for; None when there is none."""
        path = unquote(target.partition("?")[0])
        methods = self.document["paths"].get(path, {})
        return methods.get("get" if method == "HEAD" else method.lower())

    def errors(self, schema: dict, value) -> list[str]:
        key = json.dumps(schema)
        if key not in self.validators:
            whole = {"$schema": "https://json-schema.org/draft/2020-12/schema",
                     "components": self.document["components"], **schema}
            self.validators[key] = jsonschema_rs.validator_for(whole)
        return [str(error) for error in self.validators[key].iter_errors(value)]

    def problems(self, method: str, target: str, response) -> list[str]:
        """How an answer differs from what is said of it; nothing for what nothing is said of."""
        operation = self.operation(method, target)
        if operation is None or method in ("OPTIONS",):
            return []
        described = operation["responses"].get(str(response.status))
        if described is None:
            return [f"{response.status} is not described"]
        described = self.resolve(described)
        found = []
        for name, field in described.get("headers", {}).items():
            values = response.values(name)
            if field["required"] and not values:
                found.append(f"the field {name} is missing")
            for value in values:
                number = field["schema"]["type"] == "integer"
                found += self.errors(field["schema"], int(value) if number else value)
        [(kind, content)] = described["content"].items()
        if response.header("content-type") != kind:
            found.append(f"content-type {response.header('content-type')} is not {kind}")
        if method != "HEAD" and len(response.body) <= CHECKED_BYTES_MAX:
            found += self.errors(content["schema"], response.json())
        return found


@functools.cache
def document_of(service: str) -> APIDocument:
    answer = subprocess.run([BINARIES / service, "openapi"], env=clean_environment(), timeout=30,
                            capture_output=True, check=True)
    assert answer.stderr == b""
    return APIDocument(json.loads(answer.stdout))


class Watch:
    """Compares every answer that the tests see with what is said of it."""

    def __init__(self):
        self.ports: dict[int, str] = {}
        self.found: list[str] = []
        self.compared = 0

    def notice_service(self, name: str, port: int):
        self.ports[port] = name

    def notice(self, port: int, method: str, target: str, response):
        if (service := self.ports.get(port)) is None or response.coded:
            return
        self.compared += 1
        problems = document_of(service).problems(method, target, response)
        self.found += [f"{service}: {method} {target}: {problem}" for problem in problems]

    def assert_clean(self):
        found, self.found = self.found, []
        assert not found, "\n".join(found)


WATCH = Watch()
