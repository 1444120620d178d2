"""What is read of a large JSON is what reading all of it would give, without what is not wanted."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from stsui.aws.endpoint_table import SERVICES, WHOLE
from stsui.aws.sparse_json import sparse

NAMES = some.sampled_from(["sts", "oidc", "s3", 'a "quoted" one', "a : b, {c}", "\\"])
VALUES = some.sampled_from(
    [{}, [], 1, "", '"', "}", "{", "\\", {"a": {"services": 1}}, [{"b": "}"}], None, "é"]
)


def pruned(table: Any) -> Any:
    parts = [
        {**part, "services": {name: value for name, value in part["services"].items() if name in SERVICES}}
        for part in table["partitions"]
    ]
    return {**table, "partitions": parts}


@given(some.lists(some.dictionaries(NAMES, VALUES), max_size=3), some.sampled_from([None, 2]))
def test_it_is_the_same_without_the_members_that_are_not_wanted(
    tables: list[dict[str, Any]], indent: int | None
) -> None:
    table = {"partitions": [{"regions": {}, "services": services} for services in tables], "version": 3}
    assert sparse(json.dumps(table, indent=indent), "services", SERVICES) == pruned(table)


def test_of_botocores_own_table_too() -> None:
    with open(f"{WHOLE}.json", encoding="utf-8") as file:
        text = file.read()
    assert sparse(text, "services", SERVICES) == pruned(json.loads(text))


@pytest.mark.parametrize(
    "text", ['{"services": {"sts": {}', '{"services": {"sts"', '{"services": {', "", "{"]
)
def test_a_text_that_ends_too_early_is_no_table(text: str) -> None:
    with pytest.raises(json.JSONDecodeError):
        sparse(text, "services", SERVICES)
