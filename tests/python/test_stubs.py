"""The type stubs name what the native modules offer, no more and no less."""
import ast
from pathlib import Path

import pytest

import meterhound
from meterhound import _detector, _native


def names_of(path):
    """{name: names inside, for a class}"""
    found = {}
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ClassDef):
            found[node.name] = {each.name for each in node.body if isinstance(each, ast.FunctionDef)} - {"__init__"}
        elif isinstance(node, ast.FunctionDef):
            found[node.name] = set()
    return found


@pytest.mark.parametrize("module", [_native, _detector], ids=lambda module: module.__name__)
def test_names(module):
    stub = Path(meterhound.__file__).parent / f"{module.__name__.rpartition('.')[2]}.pyi"
    offered = {name: {each for each in vars(value) if not each.startswith("_")} if isinstance(value, type) else set()
               for name, value in vars(module).items() if not name.startswith("_")}
    assert names_of(stub) == offered


def test_everything_public_is_documented():
    assert all(getattr(meterhound, name).__doc__ for name in meterhound.__all__ if name != "__version__")
