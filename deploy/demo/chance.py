"""Chance that repeats: one stream a topic, so that a change in one topic leaves all others as they were."""

import random

SEED = "Anjian demo province 1"


def chance(*topic: object) -> random.Random:
    """A stream of its own for this topic, the same on every machine and in every run."""
    return random.Random("/".join((SEED, *(str(each) for each in topic))))
