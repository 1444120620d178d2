"""The matrix of guards and ways out: what is given, what a person has to do first, what is never given so."""

import itertools

import pytest

from stsui.config.guards import ORDER
from stsui.model.roles import Guard, Rules
from stsui.sessions.guard import WAYS, Request, Verdict, Way, judge, passes, rank

GUARDS: tuple[Guard, ...] = ("none", "again", "confirm", "type")
FREE = Verdict()
WITH_A_COMMAND_LINE: tuple[Way, ...] = ("assume", "variables", "exec", "file", "clipboard", "console")
"""Ways on which a command line's --yes can be meant."""


def test_the_guards_here_are_the_configs() -> None:
    assert ORDER == GUARDS
    assert set(WAYS) == {*WITH_A_COMMAND_LINE, "process", "slot", "renewal"}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("guard", GUARDS)
def test_a_person_is_asked_for_exactly_what_the_guard_says(guard: Guard, way: Way) -> None:
    verdict = judge(Rules(guard), Request(way, person=True))
    assert verdict == (FREE if way == "renewal" else Verdict(guard=guard))


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("guard", GUARDS)
def test_without_a_person_nothing_is_passed_first(guard: Guard, way: Way) -> None:
    """But `again`, which a command line can say twice; whatever else it claims counts for no more."""
    for offered in GUARDS:
        verdict = judge(Rules(guard), Request(way, person=False, offered=offered))
        if guard == "none" or way == "renewal":
            assert verdict == FREE
        elif guard == "again" and way in WITH_A_COMMAND_LINE:
            assert verdict == (FREE if offered != "none" else Verdict(guard="again"))
        else:
            assert verdict.refused and not verdict.allowed and verdict.guard == guard


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("guard", GUARDS)
def test_what_was_passed_holds_while_the_session_lives(guard: Guard, way: Way) -> None:
    for person, passed in itertools.product((True, False), GUARDS):
        request = Request(way, person, live=True, passed=passed)
        assert judge(Rules(guard), request).allowed is (rank(passed) >= rank(guard) or way == "renewal")
        over = judge(Rules(guard), request._replace(live=False))
        assert over.allowed is (guard == "none" or way == "renewal"), "it ended with the session"


@pytest.mark.parametrize("way", WAYS)
def test_each_time_means_each_time_for_people_and_stays_passed_for_who_is_served(way: Way) -> None:
    rules = Rules("type", each_time=True)
    served = way in ("process", "slot", "renewal")
    assert judge(rules, Request(way, person=True, live=True, passed="type")).allowed is served
    assert judge(rules, Request(way, person=True, live=True, passed="type", offered="type")).allowed


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("guard", GUARDS)
def test_a_program_may_be_first_where_the_config_names_it(guard: Guard, way: Way) -> None:
    rules = Rules(guard, allow_noninteractive=True)
    verdict = judge(rules, Request(way, person=False))
    asked_twice = guard == "again" and way in WITH_A_COMMAND_LINE
    assert verdict.allowed or (asked_twice and verdict == Verdict(guard="again"))
    assert judge(rules, Request(way, person=True)).guard == ("none" if way == "renewal" else guard)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("guard", GUARDS)
def test_a_reason_is_wanted_from_people_and_cannot_be_done_without(guard: Guard, way: Way) -> None:
    rules = Rules(guard, reason_required=True, allow_noninteractive=True)
    nobody = judge(rules, Request(way, person=False, offered="again"))
    somebody = judge(rules, Request(way, person=True, offered=guard))
    if way == "renewal":
        assert nobody == somebody == FREE
        return
    assert nobody.refused and "a reason" in nobody.refused
    assert somebody == Verdict(reason=True)
    assert judge(rules, Request(way, person=True, offered=guard, reason="INC-1")) == FREE
    held = Request(way, person=False, live=True, passed=guard, reason="INC-1")
    assert judge(rules, held) == FREE, "the session has one"


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("rule", ["no_clipboard", "no_file", "no_background_renewal"])
def test_a_way_that_is_closed_is_closed_for_everybody(rule: str, way: Way) -> None:
    closed = {"no_clipboard": "clipboard", "no_file": "file", "no_background_renewal": "renewal"}[rule]
    rules = Rules("type", allow_noninteractive=True)._replace(**{rule: True})
    for person in (True, False):
        verdict = judge(rules, Request(way, person, live=True, passed="type", offered="type", reason="x"))
        assert verdict.allowed is (way != closed)
        assert (rule in verdict.refused) is (way == closed)
        assert verdict.guard == "none" or way != closed, "nobody is asked for what is not given"


@pytest.mark.parametrize("way", WAYS)
def test_what_ended_as_it_was_asked_to_is_not_begun_again_by_itself(way: Way) -> None:
    by_itself = way in ("process", "slot", "renewal")
    for person in (True, False):
        assert bool(judge(Rules(), Request(way, person, ended=1)).refused) is by_itself


def test_only_what_was_newly_passed_is_told() -> None:
    rules = Rules("confirm")
    request = Request("assume", person=True, offered="confirm")
    assert passes(rules, request) == "confirm"
    assert passes(rules, request._replace(offered="type")) == "type"
    assert passes(rules, request._replace(offered="again")) == "none"
    assert passes(rules, request._replace(live=True, passed="confirm")) == "none", "it was passed before"
    assert passes(rules, request._replace(person=False)) == "none"
    assert passes(Rules(), request) == "none"
