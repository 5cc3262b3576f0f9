"""Files that go back to other systems."""

from calltrack_nb.exports.conversions import Conversion
from calltrack_nb.exports.files import Consent, Upload, UploadFiles
from calltrack_nb.exports.google_ads import Uploads, google_ads_uploads, write_google_ads
from calltrack_nb.exports.microsoft_ads import microsoft_ads_uploads, write_microsoft_ads

__all__ = [
    "Consent",
    "Conversion",
    "Upload",
    "UploadFiles",
    "Uploads",
    "google_ads_uploads",
    "microsoft_ads_uploads",
    "write_google_ads",
    "write_microsoft_ads",
]
