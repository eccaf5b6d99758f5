#!/usr/bin/env python3
"""Writes docs/api.md from the OpenAPI document that the program itself serves.

    tools/api_page.py PROGRAM            # rewrites the page
    tools/api_page.py PROGRAM --check    # exit status 1 when the page is not what the program serves
"""
import argparse
import json
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

PAGE = Path(__file__).resolve().parents[1] / "docs" / "api.md"
INTRO = """# The API

Every operation of the [service](service.md), from the OpenAPI document that a running server gives at `/openapi.json`; this page is written
by `make docs`. `/docs` on a server shows the same with every answer's schema. How requests are checked, limits and errors:
[HTTP](http.md); keys and their scopes: [the service](service.md).

- Scope: what the key must allow. *any*: every key will do. *none*: no key is asked for.
- Parameters in **bold** must be there. Those called `Idempotency-Key` and the like are headers.
- Every operation may also answer as [HTTP](http.md#errors) says of all: {common}.
"""


def served(program):
    """The document of a server on a store of its own."""
    with tempfile.TemporaryDirectory() as folder:
        command = [program, "serve", "--port", "0", "--workers", "0", "--store", f"sqlite:{folder}/store.db"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
            try:
                with urllib.request.urlopen(process.stdout.readline().strip() + "/openapi.json", timeout=60) as answer:
                    return json.load(answer)
            finally:
                process.terminate()


def name_of(schema):
    """A schema in a few words: a component's name, or the type with its bounds."""
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[1]
        return f"[{name}](#{name.lower()})"
    if "allOf" in schema:
        return " and ".join(name_of(one) for one in schema["allOf"])
    if "oneOf" in schema:
        return " or ".join(name_of(one) for one in schema["oneOf"])
    if "enum" in schema:
        return ", ".join(f"`{value}`" for value in schema["enum"]) + given(schema)
    kinds = schema.get("type", "any")
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if "array" in kinds and "items" in schema:
        text = "list of " + name_of(schema["items"])
        kinds = [kind for kind in kinds if kind != "array"]
        text = " or ".join([text, *kinds])
    else:
        text = " or ".join(kinds)
    if schema.get("format"):
        text += f" ({schema['format']})"
    return text + bounds(schema) + given(schema)


def bounds(schema):
    for low, high, of in (("minimum", "maximum", ""), ("minLength", "maxLength", " characters"), ("minItems", "maxItems", " items")):
        if low in schema and high in schema:
            return f", {schema[low]} to {schema[high]}{of}"
        if low in schema:
            return f", at least {schema[low]}{of}"
        if high in schema:
            return f", at most {schema[high]}{of}"
    return ""


def given(schema):
    return f"; {schema['default']} unless given" if "default" in schema else ""


def scope_of(operation):
    if not operation.get("security"):
        return "none"
    scopes = sorted({scope for way in operation["security"] for one in way.values() for scope in one})
    return ", ".join(f"`{scope}`" for scope in scopes) or "any"


def body_of(operation):
    content = operation.get("requestBody", {}).get("content", {})
    parts = {}
    for media, one in content.items():
        what = "" if one["schema"].get("format") == "binary" else ": " + name_of(one["schema"])
        parts.setdefault(what, []).append(f"`{media}`")
    return "; ".join(", ".join(media) + what for what, media in parts.items())


def answer_of(status, response):
    content = response.get("content", {})
    what = ", ".join(name_of(one["schema"]) if media == "application/json" else f"`{media}`" for media, one in content.items()
                     if media != "application/problem+json")
    headers = "".join(f"; `{name}`: {one['description']}" for name, one in response.get("headers", {}).items() if "description" in one)
    return f"| {status} | {response.get('description', '')}{headers} | {what} |"


def operation_of(method, path, operation):
    lines = [f"### {method.upper()} {path}", f"{operation['summary']}. Scope: {scope_of(operation)}.", ""]
    if operation.get("description"):
        lines += [operation["description"], ""]
    if operation.get("parameters"):
        lines += ["| parameter | in | what | values |", "|---|---|---|---|"]
        for one in operation["parameters"]:
            name = f"**`{one['name']}`**" if one.get("required") else f"`{one['name']}`"
            lines.append(f"| {name} | {one['in']} | {one.get('description', '')} | {name_of(one['schema'])} |")
        lines.append("")
    if body_of(operation):
        lines += [f"Body: {body_of(operation)}", ""]
    own = {status: response for status, response in operation["responses"].items() if "$ref" not in response}
    lines += ["| answer | | |", "|---|---|---|", *(answer_of(status, response) for status, response in sorted(own.items())), ""]
    return lines


def schema_of(name, schema):
    lines = [f"### {name}"]
    if schema.get("description"):
        lines.append(schema["description"])
    parts = schema.get("allOf", [schema])
    others = [name_of(part) for part in parts if "properties" not in part]
    if others:
        lines += ["All of " + " and ".join(others) + (", and:" if len(parts) > len(others) else ".") if "allOf" in schema else others[0]]
    fields = {field: one for part in parts for field, one in part.get("properties", {}).items()}
    required = {field for part in parts for field in part.get("required", [])}
    if fields:
        lines += ["", "| field | values | |", "|---|---|---|"]
    for field, one in fields.items():
        shown = f"**`{field}`**" if field in required else f"`{field}`"
        lines.append(f"| {shown} | {name_of(one)} | {one.get('description', '')} |")
    return [*lines, ""]


def page_of(document):
    common = {}
    for response in (answer for path in document["paths"].values() for one in path.values() for answer in one["responses"].items()):
        if "$ref" in response[1]:
            common[response[0]] = document["components"]["responses"][response[1]["$ref"].rsplit("/", 1)[1]]["description"]
    lines = INTRO.format(common=", ".join(f"{status} ({text[0].lower() + text[1:]})" for status, text in sorted(common.items()))).splitlines() + [""]
    for tag in document["tags"]:
        lines += [f"## {tag['name'].capitalize()}", tag["description"] + ".", ""]
        for path, methods in document["paths"].items():
            for method, operation in methods.items():
                if tag["name"] in operation["tags"]:
                    lines += operation_of(method, path, operation)
    lines += ["## Schemas", "Fields in **bold** are always there.", ""]
    for name, schema in document["components"]["schemas"].items():
        lines += schema_of(name, schema)
    return "\n".join(lines)


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("program")
    arguments.add_argument("--check", action="store_true")
    options = arguments.parse_args()
    document = served(options.program)
    operations = sum(len(methods) for methods in document["paths"].values())
    page = page_of(document)
    if page.count("\n### ") != operations + len(document["components"]["schemas"]):
        sys.exit("api_page: an operation has no tag that the document lists")
    if not options.check:
        PAGE.write_text(page)
    elif not PAGE.exists() or page != PAGE.read_text():
        held = set(PAGE.read_text().splitlines()) if PAGE.exists() else set()
        stale = [line for line in page.splitlines() if line not in held]
        sys.exit("docs/api.md is not what the program serves; run make docs. Missing:\n" + "\n".join(stale[:10]))


if __name__ == "__main__":
    main()
