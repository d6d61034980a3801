"""Addresses of the public site."""

from django.urls import path

from registry.views import (
    changes,
    collaborations,
    compare,
    details,
    drawings,
    home,
    listings,
    measures,
    opportunities,
    saved,
    search,
    ties,
)

urlpatterns = [
    path("", home.HomeView.as_view(), name="home"),
    path("search/", search.SearchView.as_view(), name="search"),
    path("cities/", listings.CityList.as_view(), name="city-list"),
    path("cities/<slug:slug>/", details.CityDetail.as_view(), name="city-detail"),
    path("cities/<slug:slug>/drawing/", drawings.CityDrawing.as_view(), name="city-drawing"),
    path("networks/", listings.NetworkList.as_view(), name="network-list"),
    path("networks/<slug:slug>/", details.NetworkDetail.as_view(), name="network-detail"),
    path("policies/", listings.PolicyList.as_view(), name="policy-list"),
    path("policies/<slug:slug>/", details.PolicyDetail.as_view(), name="policy-detail"),
    path("offices/", listings.OfficeList.as_view(), name="office-list"),
    path("offices/<slug:slug>/", details.OfficeDetail.as_view(), name="office-detail"),
    path("issues/", listings.IssueList.as_view(), name="issue-list"),
    path("issues/<slug:slug>/", details.IssueDetail.as_view(), name="issue-detail"),
    path("reports/", listings.ReportList.as_view(), name="report-list"),
    path("reports/<slug:slug>/", details.ReportDetail.as_view(), name="report-detail"),
    path("organisations/", listings.OrganisationList.as_view(), name="organisation-list"),
    path("organisations/<slug:slug>/", details.OrganisationDetail.as_view(), name="organisation-detail"),
    path("compare/", compare.CompareView.as_view(), name="compare"),
    path("changes/", changes.ChangeList.as_view(), name="changes"),
    path("saved/", saved.SavedSearches.as_view(), name="saved-searches"),
    path("saved/<int:pk>/", saved.OneSavedSearch.as_view(), name="saved-search"),
    path("collaborations/", collaborations.CollaborationList.as_view(), name="collaborations"),
    path("collaborations/drawing/", drawings.CollaborationDrawing.as_view(), name="collaboration-drawing"),
    path("collaborations/measures/", measures.MeasureList.as_view(), name="measures"),
    path("collaborations/overlap/", measures.OverlapView.as_view(), name="overlap"),
    path("opportunities/", opportunities.OpportunityList.as_view(), name="opportunities"),
    path("opportunities/policies/", opportunities.TakeUpList.as_view(), name="take-up"),
    path("collaborations/<slug:city>/<slug:partner>/", ties.TieDetail.as_view(), name="tie-detail"),
]
