"""Transcripts that a provider made: read in whatever form they come, as ours are read.

``reading`` takes the text of a file or a cell apart into turns, ``speakers`` says which of
the speakers is the agent, ``made`` holds the turns against the call and makes the transcript.
"""

from calltrack_nb.transcription.provided.made import DOUBTS, CallFacts, provided_transcript
from calltrack_nb.transcription.provided.reading import SUFFIXES, read_provided
from calltrack_nb.transcription.provided.turns import Provided, Turn

__all__ = [
    "DOUBTS",
    "SUFFIXES",
    "CallFacts",
    "Provided",
    "Turn",
    "provided_transcript",
    "read_provided",
]
