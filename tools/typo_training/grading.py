"""Grades by trees that do not know what they grade, the limits of the shelves, and the report."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from . import ranker
from .confusing import with_confusions
from .measuring import Judged, false_alarms, measure
from .trial import Trial

NEWEST = "xwlb"  # what is held out of this source sets the limits


class Grading:
    """The trees that are shipped, the limits that follow from what they do not know, and trees for each third."""

    def __init__(self, trial: Trial, weight: float, rounds: int, alarms: Sequence[float]) -> None:
        self.trial, self.weight, self.rounds = trial, weight, rounds
        self.final = self.train(None)
        newest = trial.watched[NEWEST]
        news = self.grade(self.final, newest, None)
        steps = [limit / 100 for limit in range(-100, 1200)]
        self.limits = [min(limit for limit in steps if false_alarms(newest, news, limit) <= most) for most in alarms]

    def train(self, third: int | None) -> ranker.lightgbm.Booster:
        """Trees that have seen neither this third of the sets nor the folds that go with it."""
        trial, known = self.trial, self.trial.known[third]
        numbers, right, weights = [], [], []
        for fold, one in enumerate(trial.seen):
            if fold % 3 == third:
                continue
            numbers.append(with_confusions(one, known, own=False))
            right.append(one.places[:, 3])
            weights.append(np.ones(len(one.places)))
        for name, one in trial.sets.items():
            chosen = trial.thirds_in[name][one.places[:, 0]] != (3 if third is None else third)
            numbers.append(with_confusions(one, known, own=True)[chosen])
            right.append(one.places[chosen, 3])
            weights.append(np.full(int(chosen.sum()), self.weight))
        return ranker.train(np.vstack(numbers), np.concatenate(right), np.concatenate(weights), self.rounds)

    def grade(self, trees: ranker.lightgbm.Booster, judged: Judged, third: int | None) -> np.ndarray:
        """The grades by trees that do not know this third, or by those that are shipped."""
        known = self.trial.known[third]
        grades: np.ndarray = trees.predict(with_confusions(judged, known, own=False), raw_score=True)
        return grades

    def report(self) -> None:
        """Prints precision, recall and false alarms of what was held out, and of each set, cross-validated."""
        for name, one in self.trial.watched.items():
            self._show(f"held out: {name}", one, self.grade(self.final, one, None))
        trees = [self.train(third) for third in range(3)]
        for name, one in self.trial.sets.items():
            own = self.trial.thirds_in[name][one.places[:, 0]]
            self._show(name, one, np.choose(own, [self.grade(trees[third], one, third) for third in range(3)]))
        for fold, one in enumerate(self.trial.seen):
            self._show(f"fold {fold}", one, self.grade(trees[fold % 3], one, fold % 3))

    def _show(self, name: str, judged: Judged, grades: np.ndarray) -> None:
        print(name, *(measure(judged, grades, limit) for limit in self.limits), sep="  ", flush=True)
