"""Changing the attributes of a tag as it is written."""

from __future__ import annotations

from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from scmine.corpora.tei_edits import edit_tag

NAMES = st.sampled_from(["type", "corresp", "n", "typed"])
VALUES = st.text(st.sampled_from("ab '\"<>&\t\n=δ"), max_size=8)


@given(
    st.dictionaries(NAMES, st.text(st.sampled_from("ab >='"), max_size=6)),
    st.dictionaries(NAMES, st.none() | VALUES),
    st.sampled_from(["", " ", "\n"]),
)
def test_a_tag_says_what_it_was_made_to_say(
    before: dict[str, str], changes: dict[str, str | None], blank: str
) -> None:
    tag = "<rs" + "".join(f'  {k} = "{v}"' for k, v in before.items()) + f"{blank}>"
    element = ElementTree.fromstring(edit_tag(tag, changes) + "</rs>")
    wanted = {**before, **changes}
    assert element.attrib == {k: v for k, v in wanted.items() if v is not None}


def test_what_needs_no_change_is_not_touched() -> None:
    tag = "<rs  type = 'tc'\n n='a>b' >"
    assert edit_tag(tag, {}) == tag
    assert edit_tag(tag, {"corresp": None}) == tag
    assert edit_tag(tag, {"corresp": "#x"}) == "<rs  type = 'tc'\n n='a>b' corresp=\"#x\" >"
