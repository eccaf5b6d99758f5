"""The scoring service that a Python team would write: FastAPI, tsfresh's Efficient features, an isolation forest, XGBoost and shap.

    peer_service.py train WIDE.csv MODEL.pkl --limit N
    MODEL=MODEL.pkl uvicorn peer_service:app --workers N

Models stay in memory and there is no queue, which favours it.
"""
import argparse
import os
import pickle

import numpy as np
import pandas as pd
from sklearn.ensemble import IsolationForest
from xgboost import XGBClassifier


def extract(series):
    from tsfresh import extract_features
    from tsfresh.feature_extraction import EfficientFCParameters
    lengths = [len(values) for values in series]
    readings = pd.DataFrame({"id": np.repeat(np.arange(len(series)), lengths), "time": np.concatenate([np.arange(n) for n in lengths]),
                             "value": np.concatenate(series)})
    return extract_features(readings, column_id="id", column_sort="time", column_value="value", n_jobs=0, disable_progressbar=True,
                            default_fc_parameters=EfficientFCParameters()).fillna(0.0)


def with_novelty(forest, features):
    return np.column_stack([features, -forest.score_samples(features)])


def train(arguments):
    wide = pd.read_csv(arguments.readings, nrows=arguments.limit)
    days = [name for name in wide.columns if name not in ("CONS_NO", "FLAG")]
    filled = wide[days].ffill(axis=1).bfill(axis=1).fillna(0.0).to_numpy(float)
    features = extract(list(filled))
    forest = IsolationForest(n_estimators=100, random_state=1).fit(features.to_numpy())
    trees = XGBClassifier(n_estimators=300, max_depth=6, learning_rate=0.05, random_state=1)
    trees.fit(with_novelty(forest, features.to_numpy()), wide["FLAG"])
    with open(arguments.model, "wb") as file:
        pickle.dump((list(features.columns), forest, trees), file)


def make_app(path):
    import shap
    from fastapi import FastAPI
    from pydantic import BaseModel

    class Consumer(BaseModel):
        consumption: list[float]

    with open(path, "rb") as file:
        columns, forest, trees = pickle.load(file)
    trees.set_params(n_jobs=1)
    explainer = shap.TreeExplainer(trees)
    names = [*columns, "novelty"]
    service = FastAPI()

    @service.post("/score")
    def score(consumer: Consumer):
        features = extract([np.asarray(consumer.consumption)]).reindex(columns=columns, fill_value=0.0).to_numpy()
        row = with_novelty(forest, features)
        moved = explainer.shap_values(row)[0]
        strongest = np.argsort(-np.abs(moved))[:10]
        return {"probability": float(trees.predict_proba(row)[0, 1]), "reasons": {names[i]: float(moved[i]) for i in strongest}}

    return service


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("command", choices=["train"])
    parser.add_argument("readings")
    parser.add_argument("model")
    parser.add_argument("--limit", type=int, default=400)
    train(parser.parse_args())
elif "MODEL" in os.environ:
    app = make_app(os.environ["MODEL"])
