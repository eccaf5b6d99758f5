#!/usr/bin/env python3
"""Writes what the built programs are made of as an SPDX 2.3 document: what is linked in, and the libraries that they load.

    tools/sbom.py BUILD OUT.spdx.json

Scanners of images see Debian's packages; the locked parts, headers and the page's library inside the programs only this knows of.
"""
import datetime
import hashlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[1]
# Parts of tools/deps.lock: the licence of what is taken from each, and how it gets into the programs.
LOCKED = {"xgboost": ("Apache-2.0", "STATIC_LINK"), "numpy": ("BSD-3-Clause", "STATIC_LINK"), "pyarrow": ("Apache-2.0", "DYNAMIC_LINK"),
          "llama-cpp-python": ("MIT", "STATIC_LINK")}
HEADERS = {"libcli11-dev": "BSD-3-Clause", "nlohmann-json3-dev": "MIT", "libfast-float-dev": "Apache-2.0 OR MIT", "libeigen3-dev": "MPL-2.0",
           "libboost1.81-dev": "BSL-1.0"}
PAGE = {"preact": "MIT"}


def output(*words):
    return subprocess.run([str(word) for word in words], check=True, stdout=subprocess.PIPE, text=True).stdout


def package(name, version, licence, purl, checksum=None):
    found = {"SPDXID": "SPDXRef-" + re.sub(r"[^A-Za-z0-9.-]", "-", purl.split("?")[0].removeprefix("pkg:")), "name": name, "versionInfo": version,
             "downloadLocation": "NOASSERTION", "filesAnalyzed": False, "licenseConcluded": licence, "licenseDeclared": licence,
             "copyrightText": "NOASSERTION",
             "externalRefs": [{"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": purl}]}
    if checksum:
        found["checksums"] = [dict(zip(("algorithm", "checksumValue"), checksum))]
    return found


def locked():
    for line in (SOURCE / "tools" / "deps.lock").read_text().splitlines():
        if not line.startswith("#"):
            name, version, sha256, _ = line.split()
            licence, how = LOCKED[name]
            yield package(name, version, licence, f"pkg:pypi/{name}@{version}", ("SHA256", sha256)), how
    modules = json.loads((SOURCE / "dashboard" / "package-lock.json").read_text())["packages"]
    for name, licence in PAGE.items():
        version = modules["node_modules/" + name]["version"]
        yield package(name, version, licence, f"pkg:npm/{name}@{version}"), "STATIC_LINK"


def debian(name, licence="NOASSERTION"):
    version, machine = output("dpkg-query", "--show", "--showformat", "${Version} ${Architecture}", name).split()
    return package(name, version, licence, f"pkg:deb/debian/{name}@{version}?arch={machine}&distro=bookworm")


def loaded(programs):
    """Debian packages of the libraries that programs load, Arrow's own left out."""
    paths = {os.path.realpath(path) for program in programs for path in re.findall(r"=> (/\S+)", output("ldd", program))}
    paths = [path for path in sorted(paths) if not re.match(r"lib(arrow|parquet)\.", Path(path).name)]
    # /lib is /usr/lib, and packages list their files under either.
    owners = output("dpkg-query", "--search", *("*" + path.removeprefix("/usr") for path in paths))
    return sorted(set(re.findall(r"^([^:,\s]+)[:,]", owners, re.MULTILINE)))


def main():
    build, out = Path(sys.argv[1]), Path(sys.argv[2])
    programs = [path for path in (build / "bin" / "meterhound", build / "bin" / "meterhound-llm") if path.exists()]
    version = re.search(r"project\(meterhound VERSION ([\d.]+)", (SOURCE / "CMakeLists.txt").read_text())[1]
    sha256 = hashlib.sha256(programs[0].read_bytes()).hexdigest()
    own = package("meterhound", version, "MIT", f"pkg:generic/meterhound@{version}", ("SHA256", sha256))
    parts = [*locked(), *((debian(name, licence), "STATIC_LINK") for name, licence in HEADERS.items())]
    parts += [(debian(name), "DYNAMIC_LINK") for name in loaded(programs)]
    moment = datetime.datetime.fromtimestamp(int(os.environ.get("SOURCE_DATE_EPOCH", datetime.datetime.now().timestamp())), datetime.timezone.utc)
    document = {
        "spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": "SPDXRef-DOCUMENT", "name": f"meterhound-{version}",
        "documentNamespace": f"https://spdx.org/spdxdocs/meterhound-{version}-{sha256}",
        "creationInfo": {"created": moment.strftime("%Y-%m-%dT%H:%M:%SZ"), "creators": ["Tool: meterhound-sbom", "Organization: The Meterhound authors"]},
        "packages": [own, *(part for part, _ in parts)],
        "relationships": [{"spdxElementId": "SPDXRef-DOCUMENT", "relationshipType": "DESCRIBES", "relatedSpdxElement": own["SPDXID"]},
                          *({"spdxElementId": own["SPDXID"], "relationshipType": how, "relatedSpdxElement": part["SPDXID"]} for part, how in parts)]}
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(document, indent=1) + "\n")
    print(f"{out}: {len(parts)} parts")


main()
