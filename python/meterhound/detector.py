"""Detector: the program's detector of electricity theft, with scikit-learn's conventions."""
import os
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.exceptions import NotFittedError
from sklearn.utils.validation import column_or_1d

from .commands import command
from .data import frame_of, matrix_arrays, series_arrays
from .progress import bar, threads_of


class Detector(ClassifierMixin, BaseEstimator):
    """Learns from labelled consumers and ranks others by the probability of theft.

    It trains, scores and writes its model file as `meterhound train` and `meterhound score` do: the same bytes, the same
    scores to the last bit.

    Parameters
    ----------
    column_id, column_sort, column_value : str
        Of long frames: the columns of the consumer's id, of the date, and of the reading in kWh. The name of the last is that
        of the kind, in wide frames, too (a wide CSV file's is "value"). Not used for files.
    settings : dict, optional
        Settings of the program by dotted key, such as ``{"detection.xgboost.max_depth": 4}`` (`meterhound config`).
    random_state : int
        Decides every random choice.
    n_jobs : int, optional
        Threads; None or negative: all cores. Results do not depend on it.
    disable_progressbar : bool
        No progress on a terminal.

    Attributes
    ----------
    classes_ : numpy.ndarray
        0 honest, 1 theft.
    manifest_ : dict
        What the model says of itself.
    fingerprint_ : str
        SHA-256 of the model file.
    """

    def __init__(self, column_id="id", column_sort="time", column_value="value", settings=None, random_state=1, n_jobs=None,
                 disable_progressbar=False):
        self.column_id = column_id
        self.column_sort = column_sort
        self.column_value = column_value
        self.settings = settings
        self.random_state = random_state
        self.n_jobs = n_jobs
        self.disable_progressbar = disable_progressbar

    def fit(self, X, y=None):
        """Trains.

        Parameters
        ----------
        X : str, Path or frame
            Readings in kWh; NaN is a missing one. A file with labels (as the command line takes it), a long frame with one
            row a reading, or a wide frame with one row a consumer, ids as its index, and a DatetimeIndex as its columns.
        y : pandas.Series or array-like, optional
            1 theft, 0 honest, for ids as its index; ids that are not in it, and NaN, are unknown. Without an index in the
            order of a wide frame's rows. For frames only.

        Raises
        ------
        ValueError
            For too few labelled consumers of a class, leaks, and input that is not as expected.
        TypeError
            For times that are no dates and readings that are no numbers.
        """
        from . import _detector

        source = self._source(X, y)
        with tempfile.TemporaryDirectory(prefix="meterhound-") as folder:
            path = Path(folder) / "model.mh"
            settings = {"seed": int(self.random_state)} | (self.settings or {})
            self._run("Training", _detector.train, source, settings, str(path))
            self._take(path.read_bytes())
        return self

    def score_consumers(self, X):
        """All consumers of X (as for `fit`), best first.

        Returns
        -------
        pandas.DataFrame
            Index: ids, in the order in which to visit. Columns: rank, probability with its 95 % interval
            (probability_low, probability_high), margin (log-odds before calibration), anomaly_score (0-1), tier ("high",
            "medium", "low"), listed_for ("probability", or "sign" where a rare sign brought the place), trained_on.
        """
        columns = self._run("Scoring", self._model().score, self._source(X))
        return pd.DataFrame(columns).set_index("id").sort_values("rank")

    def predict_proba(self, X):
        """n consumers of X (as for `fit`) x 2: probabilities of being honest and of theft, in the order of the ids (of a file or
        a wide frame: its own)."""
        columns = self._run("Scoring", self._model().score, self._source(X))
        theft = np.array(columns["probability"], dtype=float)
        return np.column_stack([1 - theft, theft])

    def predict(self, X):
        """1 for those of the n consumers of X (as for `fit`) with tier "high", else 0; in the order of `predict_proba`."""
        columns = self._run("Scoring", self._model().score, self._source(X))
        return (np.array(columns["tier"]) == "high").astype(int)

    def explain(self, X, ids=None, top=1):
        """Why: the cases of these `ids`, or of the first `top` consumers of X (as for `fit`), as a list of dicts.

        Each holds the probability, contributions of features (SHAP), evidence with dates, kWh and money, and words
        (docs/case.schema.json). ValueError for an id that is not among them.
        """
        ids = [] if ids is None else [str(each) for each in ids]
        return self._run("Explaining", self._model().explain, self._source(X), self.settings or {}, ids, int(top))

    def report(self, file, out, **flags):
        """Writes the report page and the cases of the first consumers of `file` into the folder `out`, as `meterhound report`;
        `flags`, the answer and the errors are those of `command`."""
        with tempfile.TemporaryDirectory(prefix="meterhound-") as folder:
            model = Path(folder) / "model.mh"
            self.save(model)
            return command("report", file, model=model, out=out, settings=self.settings, **flags)

    def save(self, path):
        """Writes the model file, which the command line reads, to `path`; it is there whole or not at all."""
        self._model()
        path = Path(path)
        aside = path.with_name(path.name + ".part")
        aside.write_bytes(self.bundle_)
        os.replace(aside, path)

    @classmethod
    def load(cls, path, **parameters):
        """A detector from the model file at `path`, with these `parameters` of `Detector`.

        ValueError for what is no model file, FileNotFoundError where there is none.
        """
        detector = cls(**parameters)
        detector._take(Path(path).read_bytes())
        return detector

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_class = False
        tags.input_tags.allow_nan = True
        return tags

    def __sklearn_is_fitted__(self):
        return hasattr(self, "bundle_")

    def __getstate__(self):
        return {name: value for name, value in super().__getstate__().items() if name != "_native"}

    def _take(self, bundle):
        self.bundle_ = bundle
        self._native = None
        self.manifest_ = self._model().manifest
        self.fingerprint_ = self._model().fingerprint
        self.classes_ = np.array([0, 1])

    def _model(self):
        """The native model, read from the bundle when first asked for."""
        if not hasattr(self, "bundle_"):
            raise NotFittedError("Call fit or load first.")
        if getattr(self, "_native", None) is None:
            from . import _detector

            with tempfile.NamedTemporaryFile(prefix="meterhound-", suffix=".mh") as file:
                file.write(self.bundle_)
                file.flush()
                self._native = _detector.Detector(file.name)
        return self._native

    def _run(self, title, function, *arguments):
        report = bar(title, "consumers", self.disable_progressbar)
        try:
            return function(*arguments, threads=threads_of(self.n_jobs), report=report)
        finally:
            if report is not None:
                report.close()

    def _source(self, X, y=None):
        if isinstance(X, (str, os.PathLike)):
            if y is not None:
                raise ValueError("found both a file and y; the labels of a file stand in it")
            return {"file": os.fspath(X)}
        if not isinstance(X, pd.DataFrame) and not hasattr(X, "__arrow_c_stream__"):
            raise TypeError(f"X: found {type(X).__name__}, expected a file, a long frame, or a wide one with dates as columns")
        frame = frame_of(X)
        wide = isinstance(frame.columns, pd.DatetimeIndex)
        ids, arrays = matrix_arrays(frame) if wide else series_arrays(frame, self.column_id, self.column_sort, self.column_value)
        labels = self._labels(ids, y, wide)
        if not labels.isin([-1, 0, 1]).all():
            raise ValueError(f"y: found {labels[~labels.isin([-1, 0, 1])].iloc[0]!r}, expected 0, 1 or NaN")
        return {"ids": [str(each) for each in ids], "labels": [int(label) for label in labels],
                "kinds": {str(self.column_value): arrays}}

    @staticmethod
    def _labels(ids, y, wide):
        """A label for each of the ids; -1 for those that have none."""
        if y is None:
            return pd.Series(-1, index=ids)
        if isinstance(y, pd.Series):
            return y.reindex(ids).fillna(-1)
        if not wide:
            raise TypeError(f"y: found {type(y).__name__}, expected a pandas.Series with the ids of the long frame as its index")
        return pd.Series(column_or_1d(y), index=ids).fillna(-1)
