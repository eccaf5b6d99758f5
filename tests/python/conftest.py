"""Series that several tests share."""
import numpy as np
import pandas as pd
import pytest


@pytest.fixture()
def wide():
    """Ids of unequal length, out of order in id and time, two kinds."""
    dice = np.random.default_rng(7)
    lengths = {"c": 41, "a": 60, "b": 25}
    frames = [pd.DataFrame({"id": name, "time": dice.permutation(length), "load": dice.gamma(2.0, 3.0, length),
                            "volts": dice.normal(230, 2, length)}) for name, length in lengths.items()]
    return pd.concat(frames).sample(frac=1, random_state=3).reset_index(drop=True)


@pytest.fixture()
def long(wide):
    """The same with a column of kinds; id "b" lacks one of them."""
    frame = wide.melt(id_vars=["id", "time"], var_name="kind", value_name="value")
    return frame[~((frame["id"] == "b") & (frame["kind"] == "load"))].reset_index(drop=True)
