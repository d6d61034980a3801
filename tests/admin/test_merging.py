"""What must hold of every merge of two people's values, and of every set of rows that is renumbered."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from registry.admin import merging, values
from registry.models import Network

WORDS = st.text(alphabet="ab é\n,", max_size=6)


class RegionForm(merging.MergingForm):
    """Fields of a network without choices, so that no query is asked."""

    class Meta:
        model = Network
        fields = ("region", "description")


def sent(**fields: str) -> QueryDict:
    """What a browser sends, with its own line ends."""
    data = QueryDict(mutable=True)
    for name, value in fields.items():
        data[name] = value.replace("\n", "\r\n")
    return data


def as_kept(text: str) -> str:
    """A text as a form keeps it."""
    return text.strip()


@given(was=WORDS, theirs=WORDS, mine=WORDS)
def test_nobody_loses_text(was: str, theirs: str, mine: str) -> None:
    """One's own text stays where one typed some; else the other's stands in the form."""
    opened = RegionForm(instance=Network(description=was)).stored
    form = RegionForm(sent(region="", description=mine), instance=Network(description=theirs))
    form.merge(opened)
    was, theirs, mine = as_kept(was), as_kept(theirs), as_kept(mine)
    told = [one for one in form.meanwhile if one.name == "description"]
    assert bool(told) is (theirs not in (was, mine))
    assert values.typed(form, "description") == (theirs if mine == was and told else mine)
    assert all(one.kept is (mine != was) for one in told)


@given(st.data())
def test_renumbering_keeps_every_row_but_those_left_out(data: Any) -> None:
    """Rows kept stay rows, the others become new ones without a key, and nothing else is touched."""
    number = data.draw(st.integers(0, 13))
    places = data.draw(st.permutations(range(number)))
    cut, end = sorted(data.draw(st.tuples(st.integers(0, number), st.integers(0, number))))
    initial, extra = places[:cut], places[cut:end]
    form = QueryDict(mutable=True)
    form["name"], form["rows-TOTAL_FORMS"], form["rows-INITIAL_FORMS"] = "N", str(number), str(number)
    for place in range(number):
        form[f"rows-{place}-id"], form[f"rows-{place}-city"] = f"key {place}", f"city {place}"
    found = merging.renumbered(form, "rows", initial, extra, "id")
    kept = [*initial, *extra]
    assert (found["rows-INITIAL_FORMS"], found["rows-TOTAL_FORMS"]) == (str(len(initial)), str(len(kept)))
    assert [found[f"rows-{new}-city"] for new in range(len(kept))] == [f"city {place}" for place in kept]
    assert [found.get(f"rows-{new}-id") for new in range(len(kept))] == [
        *(f"key {place}" for place in initial),
        *(None for _ in extra),
    ]
    assert f"rows-{len(kept)}-city" not in found
    assert found["name"] == "N"
