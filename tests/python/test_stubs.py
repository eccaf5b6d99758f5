"""The type stubs name what the native modules offer, no more and no less; what is public is documented."""
import ast
import inspect
import re
from pathlib import Path

import pytest

import meterhound
from meterhound import _detector, _native
from meterhound.relevance import calculate_relevance_table


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


PUBLIC = {name: getattr(meterhound, name) for name in meterhound.__all__ if name != "__version__"}
REFERRED_TO = PUBLIC | {"calculate_relevance_table": calculate_relevance_table}


def calls():
    """(name, function or class, documentation around it) of everything that is called with arguments."""
    for name, thing in PUBLIC.items():
        yield name, thing, ""
        for method, value in vars(thing).items() if inspect.isclass(thing) else ():
            value = getattr(value, "__func__", value)
            if inspect.isfunction(value) and not method.startswith("_"):
                yield f"{name}.{method}", value, thing.__doc__


def told(text):
    """A documentation with those that it refers to, and so on."""
    texts, next_ones = [], [text]
    while next_ones:
        texts.append(next_ones.pop())
        referred = [REFERRED_TO[name].__doc__ for name in re.findall(r"`(\w+)`", texts[-1]) if name in REFERRED_TO]
        next_ones += [each for each in referred if each not in texts + next_ones]
    return "\n".join(texts)


@pytest.mark.parametrize("thing, around", [pytest.param(thing, around, id=name) for name, thing, around in calls()])
def test_everything_public_tells_of_its_parameters(thing, around):
    assert thing.__doc__
    text = told(thing.__doc__ + around)
    parameters = set(inspect.signature(thing).parameters) - {"self", "cls"}
    assert not {name for name in parameters if not re.search(rf"\b{name}\b", text)}
