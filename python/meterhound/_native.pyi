"""What the native module offers; see python/native."""
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

__version__: str

Report = Callable[[int, int], object] | None
Series = (tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.float64] | None]
          | tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.float64] | None, str])

class Extractor:
    """Calculators bound to their parameters for some kinds of series."""

    def __init__(self, settings: dict[str, Any], kinds: Sequence[str], clean: str | None = None) -> None: ...
    @property
    def columns(self) -> list[str]: ...
    @property
    def origins(self) -> list[tuple[int, str]]:
        """For each column the position of its kind and the calculator's name."""
    def extract(self, series: list[Series], threads: int = 0, report: Report = None) -> NDArray[np.float64]:
        """rows x columns of (values, offsets, times or None), or (..., cadence), for each kind."""

def catalogue() -> list[dict[str, Any]]: ...
def cadence_of(times: NDArray[np.float64]) -> str: ...
def available_cores() -> int: ...
def relevance(matrix: NDArray[np.float64], names: Sequence[str], target: NDArray[np.float64], classification: bool,
              fdr_level: float, independent: bool, kolmogorov_smirnov: bool, threads: int = 0,
              report: Report = None) -> list[tuple[str, float, bool]]: ...
