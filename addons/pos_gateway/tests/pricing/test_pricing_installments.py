import random

from pos_gateway.pricing.installments import split_installments


def test_parts_always_sum_to_the_whole():
    chance = random.Random(20261124)
    for _ in range(20_000):
        total, count = chance.randrange(1, 10**12), chance.randrange(1, 13)
        parts = split_installments(total, count)
        assert len(parts) == count
        assert sum(parts) == total
        # Only the first part differs, and by less than a kuruş for each part.
        assert len(set(parts[1:])) <= 1
        assert 0 <= parts[0] - parts[-1] < count
