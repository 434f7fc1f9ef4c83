"""A short run of the fuzzer; ``script/fuzz`` does the long one."""

import pytest

from . import runner

FAMILIES = sorted(runner.suite.FAMILIES)
COUNT = 2_000


@pytest.mark.parametrize("code", FAMILIES)
def test_mutated_messages_are_refused_and_nothing_breaks(code):
    report = runner.run(code, COUNT, seed="short")
    assert not report.errors
    assert not report.forgeries
    assert report.refused > COUNT // 10


@pytest.mark.parametrize("code", FAMILIES)
def test_what_was_found_before_stays_right(code):
    report = runner.replay(code)
    assert not report.errors
    assert not report.forgeries


def test_the_same_seed_makes_the_same_run():
    first, second = (runner.run("nestpay", 300, seed="same") for _ in range(2))
    assert (first.refused, first.believed) == (second.refused, second.believed)


def test_an_error_and_a_forgery_are_found(monkeypatch):
    family = runner.suite.FAMILIES["nestpay"]
    monkeypatch.setattr(family.digest, "same", lambda ours, theirs: True)
    assert runner.run("nestpay", 2_000, seed="forged").forgeries
    case = runner.suite.CASES["nestpay"]
    genuine = [tuple(case.genuine()), tuple(case.declined())]
    verify = family.verify

    def broken(terminal, order, message):
        assert message.fields in genuine
        return verify(terminal, order, message)

    monkeypatch.setattr(family, "verify", broken)
    assert runner.run("nestpay", 200, seed="broken", first_block=1).errors
