"""The second teacher answers for pictures that it was not fitted on; torch is for training only."""

import pytest

torch = pytest.importorskip("torch")

from training.settings import OTHER, SecondTeacherSettings
from training.train.second_teacher import SecondTeacher, answers_of_folds

PLAN = SecondTeacherSettings(folds=4, decay=1e-3, iterations=50)


def crops_of(pictures: int, crops_each: int):
    """Features in which each class has its own direction, two channels of noise beside it."""
    torch.manual_seed(0)
    labels = torch.arange(pictures).remainder(OTHER + 1).repeat_interleave(crops_each)
    features = torch.nn.functional.one_hot(labels, OTHER + 3).float()
    names = [f"picture {number // crops_each}" for number in range(pictures * crops_each)]
    return features + 0.1 * torch.randn(features.shape), labels, names


def test_answers_are_probabilities_and_right_where_features_tell():
    features, labels, names = crops_of(pictures=60, crops_each=3)
    answers = answers_of_folds(features, labels, names, PLAN)
    torch.testing.assert_close(answers.sum(1), torch.ones(len(labels)))
    assert (answers.argmax(1) == labels).all()


def test_a_wrong_label_is_not_learned_by_heart():
    features, labels, names = crops_of(pictures=60, crops_each=3)
    wrong = labels.clone()
    wrong[:3] = (labels[0] + 1) % OTHER  # all crops of the first picture
    answers = answers_of_folds(features, wrong, names, PLAN)
    assert (answers[:3].argmax(1) == labels[:3]).all()
    assert (answers[:3].gather(1, wrong[:3, None]) < 0.3).all()


def test_without_settings_there_is_no_second_teacher():
    second = SecondTeacher(None)
    second.see(torch.zeros(2, 3, 8, 8), ["a", "b"])
    assert second.answers(torch.tensor([0, OTHER])).eq(0).all()
