"""Hard negatives: other things that the network calls a flower are drawn more often.

The scores come from the training crops themselves, so mining costs nothing: after each step the
probabilities of the crops of other things are noted, after each round the weights are set anew.
"""

from dataclasses import dataclass, field

import numpy as np

from training.settings import DAISY, OTHER, MiningSettings

Key = tuple[int, str]  # number of the store, name of the picture


@dataclass(slots=True)
class HardNegatives:
    """How likely each picture of another thing is a flower to the network as it is.

    `scores` are running means, 0..1, of the probability of any flower plus that of a daisy.
    """

    plan: MiningSettings
    scores: dict[Key, float] = field(default_factory=dict)

    def note(self, keys: list[Key], labels: np.ndarray, probabilities: np.ndarray) -> None:
        """Add the probabilities `[N, classes]` of crops; those of flowers are passed over."""
        for key, label, chances in zip(keys, labels, probabilities, strict=True):
            if label == OTHER:
                new = float(1.0 - chances[OTHER] + self.plan.daisy_weight * chances[DAISY])
                old = self.scores.get(key, new)
                self.scores[key] = old + self.plan.rate * (new - old)

    def weights(self, keys: list[Key]) -> np.ndarray:
        """Return how often each picture is to be drawn, adding up to 1.

        One that was not seen yet counts as hard as the middle of those that were.
        """
        unseen = float(np.median(list(self.scores.values()))) if self.scores else 0.0
        scores = np.array([self.scores.get(key, unseen) for key in keys])
        shares = self.plan.floor + scores
        return np.asarray(shares / shares.sum())

    def hardest(self, count: int) -> list[tuple[str, float]]:
        """Return names and scores of the hardest pictures, for the log."""
        ranked = sorted(self.scores.items(), key=lambda item: -item[1])[:count]
        return [(name, round(score, 2)) for (_, name), score in ranked]
