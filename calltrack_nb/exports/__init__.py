"""Files that go back to other systems."""

from calltrack_nb.exports.conversions import Conversion
from calltrack_nb.exports.google_ads import (
    Consent,
    Upload,
    Uploads,
    google_ads_uploads,
    write_google_ads,
)

__all__ = [
    "Consent",
    "Conversion",
    "Upload",
    "Uploads",
    "google_ads_uploads",
    "write_google_ads",
]
