"""Grades for what the scorer finds.

Boosted trees over its numbers, written as whole numbers that C and Python add up alike.
"""

from __future__ import annotations

from typing import Any

import lightgbm
import numpy as np

PARAMETERS: dict[str, Any] = {
    "objective": "binary",
    "learning_rate": 0.08,
    "num_leaves": 31,
    "min_data_in_leaf": 60,
    "feature_fraction": 0.6,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "lambda_l2": 5,
    "max_bin": 127,
    "num_threads": 1,
    "deterministic": True,
    "verbose": -1,
    "seed": 1,
}


def train(numbers: np.ndarray, right: np.ndarray, weights: np.ndarray, rounds: int) -> lightgbm.Booster:
    """Trees that separate findings on a wrong character from findings on a right one."""
    return lightgbm.train(PARAMETERS, lightgbm.Dataset(numbers, right, weight=weights), num_boost_round=rounds)


def as_section(booster: lightgbm.Booster) -> np.ndarray:
    """The section `trees`: how many there are, where each begins, then nodes of four numbers.

    A node is what to look at (-1: a leaf), limit or value, left, right.
    """
    nodes: list[tuple[int, int, int, int]] = []

    def add(node: dict[str, Any]) -> int:
        at = len(nodes)
        nodes.append((-1, 0, 0, 0))
        if "leaf_value" in node:
            nodes[at] = (-1, round(1000 * node["leaf_value"]), 0, 0)
        else:
            left, right = add(node["left_child"]), add(node["right_child"])
            nodes[at] = (node["split_feature"], int(np.floor(node["threshold"])), left, right)
        return at

    roots = [add(tree["tree_structure"]) for tree in booster.dump_model()["tree_info"]]
    return np.concatenate([[len(roots)], roots, np.array(nodes).ravel()]).astype(np.int32)
