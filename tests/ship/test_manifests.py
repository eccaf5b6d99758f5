#!/usr/bin/env python3
"""Kubernetes manifests against the schemas of the API, by two validators (PyPI kubernetes-validate, which brings the schemas, and
kubeconform where there is Go), and against each other in any order.

    tests/ship/test_manifests.py        # installs its requirements into the cache folder once and starts itself again with them
"""
import copy
import json
import os
import random
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2]
REQUIREMENTS = Path(__file__).with_name("requirements.txt")
KUBERNETES = "1.31"  # the oldest that is meant to work
OPERATORS = {("monitoring.coreos.com/v1", "ServiceMonitor")}  # of operators, so not among the API's schemas

sys.path.insert(0, str(SOURCE / "tools"))
import peers  # noqa: E402

peers.enter(REQUIREMENTS)

import kubernetes_validate  # noqa: E402
import yaml  # noqa: E402
import go_tools  # noqa: E402
import program_words  # noqa: E402


class Loader(yaml.SafeLoader):
    """YAML that takes no key twice, as the API server does not."""

    def construct_mapping(self, node, deep=False):
        seen = set()
        for key, _ in node.value:
            if key.value in seen and key.value != "<<":
                raise yaml.constructor.ConstructorError(None, None, f"key {key.value!r} twice", key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def read(path):
    return [one for one in yaml.load_all(path.read_text(), Loader) if one is not None]


def files():
    """What belongs to the service: not the list of it, nor a job of Spark's operator, whose schema is not at hand."""
    beside = {"kustomization.yaml", "spark-application.yaml"}
    return sorted(path for path in (SOURCE / "k8s").glob("*.yaml") if path.name not in beside)


def validate(document):
    kubernetes_validate.validate(document, KUBERNETES, strict=True)


def write_schemas(folder, kinds):
    """The schemas of kubernetes-validate as kubeconform reads them: one file a kind that names no other."""
    source = Path(kubernetes_validate.__file__).parent / "kubernetes-json-schema" / f"v{KUBERNETES}.0-local-strict"
    target = folder / f"v{KUBERNETES}.0-standalone-strict"
    target.mkdir()
    definitions = json.loads((source / "_definitions.json").read_text())["$defs"]
    for version, kind in kinds:
        group, _, number = version.rpartition("/")
        name = "-".join(filter(None, (kind.lower(), group.split(".")[0], number))) + ".json"
        schema = {**json.loads((source / name).read_text()), "definitions": definitions}
        schema.pop("$schema", None)
        (target / name).write_text(json.dumps(schema).replace("/api/_definitions.json#/$defs/", "#/definitions/").replace('"#/$defs/', '"#/definitions/'))


def pod_template(document):
    """The template of the pods that a document makes, or nothing."""
    spec = document["spec"] if "spec" in document else {}
    return {"Deployment": lambda: spec["template"], "Job": lambda: spec["template"],
            "CronJob": lambda: spec["jobTemplate"]["spec"]["template"]}.get(document["kind"], lambda: None)()


def chosen(selector, labels):
    return all(labels.get(name) == value for name, value in selector.items())


def faults(documents):
    """What is wrong between documents: names that nothing has, and pods that the restricted standard refuses."""
    found = []
    names = {(one["kind"], one["metadata"]["name"]): one for one in documents}
    if len(names) < len(documents):
        found.append("two documents have one kind and name")
    pods = {name: template for (_, name), template in ((key, pod_template(one)) for key, one in names.items()) if template}

    def needs(who, kind, name, key=None):
        one = names.get((kind, name))
        if one is None:
            found.append(f"{who}: no {kind} {name}")
        elif key is not None and key not in {**one.get("data", {}), **one.get("stringData", {})}:
            found.append(f"{who}: {kind} {name} has no {key}")

    for document in documents:
        kind, name, spec = document["kind"], document["metadata"]["name"], document.get("spec", {})
        if kind != "Namespace":
            needs(name, "Namespace", document["metadata"].get("namespace"))
        template = pod_template(document)
        if template:
            found += pod_faults(name, template["spec"], needs)
        if kind == "Deployment" and not chosen(spec["selector"]["matchLabels"], template["metadata"]["labels"]):
            found.append(f"{name}: does not select its own pods")
        if kind == "HorizontalPodAutoscaler":
            needs(name, spec["scaleTargetRef"]["kind"], spec["scaleTargetRef"]["name"])
            if "replicas" in names.get(("Deployment", spec["scaleTargetRef"]["name"]), {"spec": {}})["spec"]:
                found.append(f"{name}: its deployment sets replicas, too")
        selector = {"Service": lambda: spec["selector"], "PodDisruptionBudget": lambda: spec["selector"]["matchLabels"],
                    "NetworkPolicy": lambda: spec["podSelector"].get("matchLabels", {})}.get(kind, lambda: None)()
        if selector is not None:
            matched = [pod for pod in pods.values() if chosen(selector, pod["metadata"]["labels"])]
            if not matched:
                found.append(f"{kind} {name}: selects no pod")
            ports = [port["targetPort"] for port in spec.get("ports", [])] if kind == "Service" else []
            ports += [port["port"] for rule in spec.get("ingress", []) for port in rule.get("ports", [])] if kind == "NetworkPolicy" else []
            named = {port["name"] for pod in matched for one in pod["spec"]["containers"] for port in one.get("ports", [])}
            found += [f"{kind} {name}: its pods have no port {port}" for port in ports if isinstance(port, str) and port not in named]
        if kind == "ServiceMonitor":
            services = [one for one in documents if one["kind"] == "Service" and
                        chosen(spec["selector"]["matchLabels"], one["metadata"].get("labels", {}))]
            named = {port["name"] for one in services for port in one["spec"]["ports"]}
            for endpoint in spec["endpoints"]:
                if endpoint["port"] not in named:
                    found.append(f"{name}: no service has a port {endpoint['port']}")
                credentials = endpoint["authorization"]["credentials"]
                needs(name, "Secret", credentials["name"], credentials["key"])
    return sorted(found)


def pod_faults(who, pod, needs):
    found = []
    needs(who, "ServiceAccount", pod.get("serviceAccountName"))
    context = pod.get("securityContext", {})
    if not context.get("runAsNonRoot") or context.get("seccompProfile", {}).get("type") != "RuntimeDefault":
        found.append(f"{who}: pod may run as root or without seccomp")
    volumes = {volume["name"] for volume in pod.get("volumes", [])}
    for volume in pod.get("volumes", []):
        if "persistentVolumeClaim" in volume:
            needs(who, "PersistentVolumeClaim", volume["persistentVolumeClaim"]["claimName"])
        for item in volume.get("configMap", {}).get("items", []):
            needs(who, "ConfigMap", volume["configMap"]["name"], item["key"])
    for one in pod["containers"] + pod.get("initContainers", []):
        place = f"{who}/{one['name']}"
        own = one.get("securityContext", {})
        if own.get("allowPrivilegeEscalation") is not False or own.get("capabilities", {}).get("drop") != ["ALL"] or not own.get("readOnlyRootFilesystem"):
            found.append(f"{place}: not restricted")
        if not one.get("resources", {}).get("requests") or "memory" not in one["resources"].get("limits", {}):
            found.append(f"{place}: no requests or no limit of memory")
        if ":latest" in one["image"]:
            found.append(f"{place}: {one['image']} is not one version")
        found += [f"{place}: no volume {mount['name']}" for mount in one.get("volumeMounts", []) if mount["name"] not in volumes]
        if not any(mount["mountPath"] == "/tmp" for mount in one.get("volumeMounts", [])):
            found.append(f"{place}: nowhere to write")
        for source in one.get("envFrom", []):
            for field, kind in (("configMapRef", "ConfigMap"), ("secretRef", "Secret")):
                if field in source:
                    needs(place, kind, source[field]["name"])
        for variable in one.get("env", []):
            if "secretKeyRef" in variable.get("valueFrom", {}):
                needs(place, "Secret", variable["valueFrom"]["secretKeyRef"]["name"], variable["valueFrom"]["secretKeyRef"]["key"])
        probes = [one[name]["httpGet"] for name in ("startupProbe", "livenessProbe", "readinessProbe") if name in one]
        ports = {port["name"] for port in one.get("ports", [])}
        found += [f"{place}: probe of {probe['path']} at no port of its own" for probe in probes if probe["port"] not in ports]
    return found


class ManifestsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.documents = [one for path in files() for one in read(path)]

    def test_every_document_keeps_to_the_schema_of_the_api(self):
        self.assertGreater(len(self.documents), 15)
        for path in files():
            for document in read(path):
                with self.subTest(f"{path.name} {document['kind']}"):
                    if (document["apiVersion"], document["kind"]) not in OPERATORS:
                        validate(document)

    def test_the_schemas_refuse_what_is_misspelt_or_of_another_type(self):
        service = next(one for one in self.documents if one["kind"] == "Service")
        for wrong in ({**service, "spek": {}}, {**service, "spec": {**service["spec"], "ports": "80"}}):
            with self.assertRaises(kubernetes_validate.ValidationError):
                validate(wrong)

    def test_kubeconform_takes_every_document_and_refuses_what_is_misspelt(self):
        program = go_tools.go_tool("github.com/yannh/kubeconform/cmd/kubeconform", "v0.7.0")
        if program is None:
            self.skipTest("no kubeconform")
        known = [one for one in self.documents if (one["apiVersion"], one["kind"]) not in OPERATORS]
        command = [program, "-strict", "-summary", "-output", "json", "-kubernetes-version", KUBERNETES + ".0", "-skip",
                   ",".join(kind for _, kind in OPERATORS), "-schema-location"]
        with tempfile.TemporaryDirectory() as folder:
            write_schemas(Path(folder), {(one["apiVersion"], one["kind"]) for one in known})
            done = subprocess.run([*command, folder, *files()], capture_output=True, text=True)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            self.assertEqual(json.loads(done.stdout)["summary"],
                             {"valid": len(known), "invalid": 0, "errors": 0, "skipped": len(self.documents) - len(known)})
            for wrong in ("terminationGracePeriodSeconds", "resources", "args"):  # in specs of pods, which references lead to
                text = yaml.safe_dump_all(known).replace(wrong + ":", wrong + "s:")
                done = subprocess.run([*command, folder, "-"], input=text, capture_output=True, text=True)
                self.assertEqual(done.returncode, 1, wrong)
                self.assertGreater(json.loads(done.stdout)["summary"]["invalid"], 0, wrong)

    def test_files_are_the_same_objects_in_any_order(self):
        """As one stream, in which a file ends where the next begins: sorted, reversed, each file first once, and shuffled."""
        paths = files()
        orders = [paths, paths[::-1], *(paths[at:] + paths[:at] for at in range(1, len(paths)))]
        orders += [random.Random(seed).sample(paths, len(paths)) for seed in range(5)]
        expected = {(one["kind"], one["metadata"]["name"]): one for one in self.documents}
        for order in orders:
            found = [one for one in yaml.load_all("\n---\n".join(path.read_text() for path in order), Loader) if one is not None]
            self.assertEqual({(one["kind"], one["metadata"]["name"]): one for one in found}, expected)
            self.assertEqual((len(found), faults(found)), (len(expected), []), [path.name for path in order])

    def test_each_document_left_out_that_others_name_is_missed(self):
        for kind, name in (("Namespace", "meterhound"), ("ConfigMap", "meterhound"), ("Secret", "meterhound"), ("ServiceAccount", "meterhound"),
                           ("PersistentVolumeClaim", "meterhound-models"), ("Deployment", "meterhound-api"), ("Service", "meterhound")):
            rest = [one for one in self.documents if (one["kind"], one["metadata"]["name"]) != (kind, name)]
            self.assertEqual(len(rest) + 1, len(self.documents), name)
            self.assertNotEqual(faults(rest), [], name)

    def test_a_pod_with_more_rights_is_found(self):
        for field, value in (("readOnlyRootFilesystem", False), ("allowPrivilegeEscalation", True), ("capabilities", {})):
            documents = copy.deepcopy(self.documents)
            for document in documents:
                if document["kind"] == "CronJob":
                    pod_template(document)["spec"]["containers"][0]["securityContext"][field] = value
            self.assertEqual(faults(documents), ["meterhound-drift/drift: not restricted", "meterhound-retraining/retraining: not restricted"])

    def test_kustomization_names_every_file_but_the_secret(self):
        kustomization = read(SOURCE / "k8s" / "kustomization.yaml")[0]
        self.assertEqual(sorted(kustomization["resources"]), [path.name for path in files() if path.name != "secret.template.yaml"])
        used = {one["image"] for document in self.documents if pod_template(document) for one in pod_template(document)["spec"]["containers"]}
        self.assertEqual(used, {image["name"] for image in kustomization["images"]})

    def test_the_api_is_probed_where_it_answers(self):
        api = next(one for one in self.documents if one["kind"] == "Deployment" and one["metadata"]["name"] == "meterhound-api")
        container = api["spec"]["template"]["spec"]["containers"][0]
        self.assertEqual(container["livenessProbe"]["httpGet"]["path"], "/healthz")
        self.assertEqual(container["readinessProbe"]["httpGet"]["path"], "/readyz")
        settings = yaml.safe_load(next(one for one in self.documents if one["kind"] == "ConfigMap")["data"]["pipeline_config.yaml"])
        self.assertEqual(container["ports"][0]["containerPort"], settings["service"]["port"])

    def test_the_program_takes_the_settings_and_each_command(self):
        settings = next(one for one in self.documents if one["kind"] == "ConfigMap")["data"]["pipeline_config.yaml"]
        with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
            file.write(settings)
            file.flush()
            done = subprocess.run([program_words.PROGRAM, "config", "--config", file.name], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        for template in filter(None, map(pod_template, self.documents)):
            for one in template["spec"]["containers"] + template["spec"].get("initContainers", []):
                self.assertEqual(program_words.unknown(one["args"]), [], one["name"])


if __name__ == "__main__":
    unittest.main()
