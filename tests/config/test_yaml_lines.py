"""The part of YAML that is read here means what YAML says, with every value as a text."""

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from stsui.config.yaml_lines import parse

TEXTS = st.text(
    st.characters(codec="ascii", min_codepoint=32, exclude_characters="\x7f") | st.sampled_from("éßŁ"),
    max_size=12,
)
KEYS = st.text(st.sampled_from("abcXYZ019_.-/: '\"#"), min_size=1, max_size=8)


def mappings(values: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.dictionaries(KEYS, values, min_size=1, max_size=4)


VALUES: st.SearchStrategy[Any] = st.recursive(
    TEXTS, lambda inner: st.lists(TEXTS, min_size=1, max_size=3) | mappings(inner), max_leaves=12
)


@given(mappings(VALUES), st.sampled_from([2, 4, 7]))
def test_what_yaml_writes_is_read_as_yaml_reads_it(document: dict[str, Any], indent: int) -> None:
    text = yaml.safe_dump(document, indent=indent, allow_unicode=True, default_flow_style=False, width=10**6)
    assert parse(text) == yaml.load(text, yaml.BaseLoader)


@pytest.mark.parametrize(
    "text",
    [
        "a: 012\nb: yes\nc: 1.50\n",
        "a:\n- x\n- y: 1\n  z: 2\n-   w: 3\nb: [p, 'q r', \"s\"]\n",
        "'it''s': x\n\"a: b\": y\nhttp://host: z\n",
        "a: b # c\nd: e#f\ng: 'h # i'\n# j: k\n\nl:   m\n",
        "---\na: https://d-1.awsapps.com/start#/\n...\n",
        "a: -x\nb: -1\n-c: d\n",
    ],
)
def test_forms_that_people_write(text: str) -> None:
    assert parse(text) == yaml.load(text, yaml.BaseLoader)


def test_a_text_of_many_lines_is_passed_over() -> None:
    text = "a: |\n  b: c\n\n   # d\n  e\nf: >-\n  g\nh:\n  i: |2\n     j\n  k: l\n"
    assert parse(text) == {"a": "", "f": "", "h": {"i": "", "k": "l"}}


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a: &x y\n", 1),
        ("a: 1\nb: *x\n", 2),
        ("a: 1\n  b: 2\n", 2),
        ("a:\n    b: 1\n  c: 2\n", 3),
        ("a: {b: c}\n", 1),
        ("just words\n", 1),
        ("a: 'open\n", 1),
        ("a: [b\n", 1),
    ],
)
def test_what_goes_beyond_is_named_with_its_line(text: str, line: int) -> None:
    with pytest.raises(ValueError, match=f"^line {line}:"):
        parse(text)


def test_depth_has_an_end() -> None:
    with pytest.raises(ValueError, match="nested too deeply"):
        parse("".join(f"{' ' * depth}a:\n" for depth in range(500)))


@given(st.text(max_size=200))
def test_no_text_is_more_than_an_error(text: str) -> None:
    try:
        parse(text)
    except ValueError as error:
        assert str(error).startswith("line ")
