"""The numbers of the recipe that other numbers follow from."""

from training.settings import Settings, with_longer_student


def test_a_longer_training_has_more_steps_of_the_student_and_nothing_else():
    usual = Settings()
    longer = with_longer_student(usual, 2.5)
    assert longer.student.steps == 23_500
    assert with_longer_student(longer, 0.4) == usual


def test_the_second_training_of_the_blocks_draws_other_crops_than_the_first():
    seeds = [{plan.seed_offset + part for part in range(3)}
             for plan in (Settings().localisation, Settings().refinement)]  # fmt: skip
    assert not seeds[0] & seeds[1]
