"""Clients of the providers' APIs: pages of records, and recordings."""

from calltrack_nb.providers.clients.callrail import CallRailClient
from calltrack_nb.providers.clients.calltrackingmetrics import CallTrackingMetricsClient
from calltrack_nb.providers.clients.http import Http, Patience
from calltrack_nb.providers.clients.pages import Page, PagedCalls
from calltrack_nb.providers.clients.recordings import RECORDING_HOSTS, download_recording
from calltrack_nb.providers.clients.twilio import TwilioClient
from calltrack_nb.providers.clients.whatconverts import WhatConvertsClient

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
