"""Clients of the providers' APIs: pages of records, and recordings."""

from calltrack_nb.sources.clients.callrail import CallRailClient
from calltrack_nb.sources.clients.calltrackingmetrics import CallTrackingMetricsClient
from calltrack_nb.sources.clients.http import Http, Patience
from calltrack_nb.sources.clients.pages import Page, PagedCalls
from calltrack_nb.sources.clients.recordings import RECORDING_HOSTS, download_recording
from calltrack_nb.sources.clients.twilio import TwilioClient
from calltrack_nb.sources.clients.whatconverts import WhatConvertsClient

__all__ = [
    "RECORDING_HOSTS",
    "CallRailClient",
    "CallTrackingMetricsClient",
    "Http",
    "Page",
    "PagedCalls",
    "Patience",
    "TwilioClient",
    "WhatConvertsClient",
    "download_recording",
]
