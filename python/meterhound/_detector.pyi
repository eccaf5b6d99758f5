"""The detector's native module; see python/native/detector.h."""
from collections.abc import Sequence
from typing import Any

from ._native import Report

class Detector:
    """A model read from its file."""

    def __init__(self, path: str) -> None: ...
    @property
    def manifest(self) -> dict[str, Any]: ...
    @property
    def fingerprint(self) -> str: ...
    def score(self, source: dict[str, Any], threads: int = 0, report: Report = None) -> dict[str, list[Any]]: ...
    def explain(self, source: dict[str, Any], settings: dict[str, Any], ids: Sequence[str], top: int, threads: int = 0,
                report: Report = None) -> list[dict[str, Any]]: ...

def train(source: dict[str, Any], settings: dict[str, Any], path: str, threads: int = 0,
          report: Report = None) -> dict[str, Any]: ...
