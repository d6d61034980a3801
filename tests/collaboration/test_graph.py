"""Measures of small graphs worked out by hand, layouts, and what is kept of them."""

from __future__ import annotations

from itertools import combinations

import pytest
from django.core.cache import cache

from registry.collaboration.branches import branches
from registry.collaboration.drawing import drawing
from registry.collaboration.edges import Edge, Edges, edges
from registry.collaboration.graph import Measures, layout, measures
from registry.models import DirectTie
from tests import factories as make


def of(*pairs: tuple[int, int], weight: int = 1) -> Edges:
    return Edges([Edge(a, b, weight, ()) for a, b in pairs])


def measured(found: Edges) -> dict[int, Measures]:
    return {row.city: row for row in measures(found)}


@pytest.fixture(autouse=True)
def forget() -> None:
    cache.clear()


def test_a_path_of_three() -> None:
    found = measured(of((1, 2), (2, 3), weight=2))
    assert [(row.degree, row.weight) for row in found.values()] == [(1, 2), (2, 4), (1, 2)]
    # The one shortest path between the ends leads through the middle.
    assert [row.betweenness for row in found.values()] == [0, 1, 0]


def test_a_star_of_five() -> None:
    found = measured(of((1, 2), (1, 3), (1, 4), (1, 5)))
    assert found[1].degree == 4
    assert found[1].betweenness == 1
    assert found[2].betweenness == 0


def test_a_triangle_with_a_tail() -> None:
    found = measured(of((1, 2), (1, 3), (2, 3), (3, 4)))
    # Through city 3 lead the paths 1–4 and 2–4, of three pairs without it.
    assert found[3].betweenness == pytest.approx(2 / 3)
    # The eigenvector of the adjacency matrix for its largest eigenvalue, 2.17009, scaled to the highest.
    value = 2.170086487
    assert found[3].eigenvector == 1
    assert found[4].eigenvector == pytest.approx(1 / value, rel=1e-3)
    assert found[1].eigenvector == found[2].eigenvector
    assert found[1].eigenvector == pytest.approx(1 / (value - 1), rel=1e-3)


def test_two_triangles_joined_by_one_tie_are_two_communities() -> None:
    found = measured(of((1, 2), (1, 3), (2, 3), (4, 5), (4, 6), (5, 6), (3, 4)))
    assert [found[city].community for city in range(1, 7)] == [1, 1, 1, 2, 2, 2]


def test_nothing_has_no_measures_and_no_layout() -> None:
    assert measures(of()) == []
    assert layout(of()) == {}


def test_parts_of_a_graph_stand_apart_and_the_largest_fills_the_picture() -> None:
    star = [(1, other) for other in range(2, 40)]
    pairs = [(40, 41), (50, 51), (60, 61)]
    points = layout(of(*star, *pairs))
    assert set(points) == {city for edge in (*star, *pairs) for city in edge}
    boxes = []
    for part in ({city for edge in star for city in edge}, *map(set, pairs)):
        across, down = ([points[city][axis] for city in part] for axis in (0, 1))
        boxes.append((min(across), max(across), min(down), max(down)))
    for one, other in combinations(boxes, 2):
        assert one[1] < other[0] or other[1] < one[0] or one[3] < other[2] or other[3] < one[2]
    left, right, _, _ = boxes[0]
    assert right - left > 1.2
    assert all(-1 <= value <= 1 for point in points.values() for value in point)


def test_a_layout_is_the_same_each_time_and_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    first = layout(of((1, 2), (2, 3)))
    assert all(abs(value) <= 1 for point in first.values() for value in point)
    cache.clear()
    assert layout(of((1, 2), (2, 3))) == first
    monkeypatch.setattr("rustworkx.spring_layout", None)
    assert layout(of((1, 2), (2, 3))) == first
    with pytest.raises(TypeError):
        layout(of((1, 2), (2, 4)))


@pytest.mark.django_db
def test_edges_weigh_policies_not_issues_and_the_strongest_are_kept() -> None:
    issues = [make.make_issue(), make.make_issue()]
    cities = [make.make_city() for _ in range(3)]
    make.make_policy(issues=issues, cities=cities)
    make.make_policy(issues=issues[:1], cities=cities[:2])
    make.settle()
    found = edges(DirectTie.objects.all(), 3)
    assert found.complete
    assert [edge.weight for edge in found.rows] == [2, 1, 1]
    assert {*found.rows[0].issues} == {issue.pk for issue in issues}
    cut = edges(DirectTie.objects.all(), 2, 1)
    assert (cut.complete, cut.rows) == (False, found.rows[:1])


@pytest.mark.django_db
def test_a_drawing_names_cities_by_their_places_in_it() -> None:
    issue = make.make_issue("Transport")
    paris, rome = make.make_city("Paris", latitude=48.9, longitude=2.3), make.make_city("Rome")
    make.make_policy(issues=[issue], cities=[paris, rome])
    make.settle()
    found = drawing(edges(DirectTie.objects.all(), 10), branches(), placed=True)
    assert found["ties"] == [[0, 1, 1, 0]]
    assert found["colours"] == ["Transport"]
    assert [city["slug"] for city in found["cities"]] == [paris.slug, rome.slug]
    assert found["cities"][0]["place"] == [2.3, 48.9]
    assert "place" not in found["cities"][1]
    assert "at" not in drawing(edges(DirectTie.objects.all(), 10), branches(), placed=False)["cities"][0]
