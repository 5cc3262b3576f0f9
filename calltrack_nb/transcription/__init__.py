"""Windows of speech to utterances: the Whisper engines and the front end they share."""

from calltrack_nb.schema import INVENTED
from calltrack_nb.transcription.batch import Done, carry_out, dask_executor, transcribe_many
from calltrack_nb.transcription.corrected import (
    apply_corrections,
    corrected_transcripts,
    unfitting_corrections,
)
from calltrack_nb.transcription.engine import Decoding, EngineInfo, Transcriber, WindowResult
from calltrack_nb.transcription.engine_loading import describe_engine, load_engine, open_engine
from calltrack_nb.transcription.files import (
    TIMED,
    format_transcript,
    read_corrections,
    write_transcript,
)
from calltrack_nb.transcription.frontend import Prepared, prepare, transcribe, transcribe_prepared
from calltrack_nb.transcription.memory import freed_memory_kept, keep_freed_memory
from calltrack_nb.transcription.options import Options, options_from
from calltrack_nb.transcription.parties import Direction
from calltrack_nb.transcription.store import TranscriptStore
from calltrack_nb.transcription.transcript import (
    Speaker,
    Transcript,
    Utterance,
    Word,
    utterances_table,
)
from calltrack_nb.transcription.weights import BUNDLED_MODEL
from calltrack_nb.transcription.windows import Packing, Piece, Window

__all__ = [
    "BUNDLED_MODEL",
    "INVENTED",
    "TIMED",
    "Decoding",
    "Direction",
    "Done",
    "EngineInfo",
    "Options",
    "Packing",
    "Piece",
    "Prepared",
    "Speaker",
    "Transcriber",
    "Transcript",
    "TranscriptStore",
    "Utterance",
    "Window",
    "WindowResult",
    "Word",
    "apply_corrections",
    "carry_out",
    "corrected_transcripts",
    "dask_executor",
    "describe_engine",
    "format_transcript",
    "freed_memory_kept",
    "keep_freed_memory",
    "load_engine",
    "open_engine",
    "options_from",
    "prepare",
    "read_corrections",
    "transcribe",
    "transcribe_many",
    "transcribe_prepared",
    "unfitting_corrections",
    "utterances_table",
    "write_transcript",
]
