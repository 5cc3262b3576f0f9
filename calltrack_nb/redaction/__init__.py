"""Private words out of the text before anything else reads it.

One module for each kind of what is hidden (numbers, e-mail addresses, postal addresses,
names), and ``calls``, which goes through the utterances of a call with all of them.
"""

from calltrack_nb.redaction.calls import private_times, redact, redact_call, redact_text
from calltrack_nb.redaction.private import PrivateSpan, Redacted

__all__ = ["PrivateSpan", "Redacted", "private_times", "redact", "redact_call", "redact_text"]
