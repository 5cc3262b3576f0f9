"""Transcripts that providers made: every form they come in, and every way they are wrong."""

from __future__ import annotations

import json
import math

import pytest

from calltrack_nb.errors import TranscriptionError
from calltrack_nb.transcription import Transcript
from calltrack_nb.transcription.agreement import agreement_of
from calltrack_nb.transcription.provided import CallFacts, provided_transcript
from calltrack_nb.transcription.provided.made import REORDERED, STRANGER, UNSURE
from calltrack_nb.transcription.provided.reading import read_provided
from calltrack_nb.transcription.provided.speakers import CONTRADICTED, ONE_SIDE

GREETS = "Thanks for calling Mary's Cakes, how can I help?"
ASKS = "Hi, I'm looking for a wedding cake."


def made(text: str, **facts: object) -> Transcript:
    """Read a transcript of a call of which the log says this."""
    return provided_transcript(text, CallFacts(**facts), origin="file")  # type: ignore[arg-type]


def said(transcript: Transcript) -> list[tuple[str, str]]:
    """Return who said what."""
    return [(one.speaker, one.text) for one in transcript.utterances]


def starts(transcript: Transcript) -> list[float | None]:
    """Return when it was said, as far as that is known."""
    times = [one.start_s for one in transcript.utterances]
    return [None if math.isnan(time) else time for time in times]


TURNS = [("agent", GREETS), ("caller", ASKS)]
TEXTS = {
    "a line": f"Agent: {GREETS} Customer: {ASKS}",
    "lines": f"Business: {GREETS}\nCaller: {ASKS}",
    "numbered speakers": f"AGENT_1: {GREETS}\nCUSTOMER_1: {ASKS}",
    "markdown": f"**Rep:** {GREETS}\n\n**Client:** {ASKS}",
    "a head": "Call Transcript\nDate: 2026-08-03\nDuration: 0:40\n\n"
    f"Agent: {GREETS}\nCaller: {ASKS}",
    "HTML": f"<p><b>Agent:</b> {GREETS.replace(chr(39), '&#39;')}</p><div>Customer: {ASKS}</div>"
    "<script>track('x')</script>",
    "HTML in JSON": json.dumps(
        [
            {"speaker": "Agent", "text": f"<p>{GREETS.replace(chr(39), '&#39;')}</p>"},
            {"speaker": "Customer", "text": ASKS.replace(" a ", " a<br/>")},
        ]
    ),
    "Invoca's JSON": json.dumps([{"agent": GREETS}, {"caller": ASKS}]),
    "a text in JSON": json.dumps({"id": 7, "transcription": f"Agent: {GREETS}\nCaller: {ASKS}"}),
}
TIMED = {
    "times before": f"[00:01] Agent: {GREETS}\n[00:04] Customer: {ASKS}",
    "times within": f"Agent (00:01): {GREETS}\nCustomer (00:04): {ASKS}",
    "times above": f"Agent 00:01\n{GREETS}\n\nCustomer 00:04\n{ASKS}",
    "bare times": f"00:01 Agent: {GREETS}\n00:04 Customer: {ASKS}",
    "WebVTT": f"WEBVTT\n\n00:01.000 --> 00:03.000\n<v Agent>{GREETS}</v>\n\n"
    f"00:04.000 --> 00:06.000\n<v Customer>{ASKS}\n",
    "SRT": f"1\n00:00:01,000 --> 00:00:03,000\nAgent: {GREETS}\n\n"
    f"2\n00:00:04,000 --> 00:00:06,000\nCustomer: {ASKS}\n",
    "CallRail's JSON": json.dumps(
        [
            {"speaker": "Agent", "start": 1.0, "end": 3.0, "phrase": GREETS},
            {"speaker": "Customer", "start": 4.0, "end": 6.0, "phrase": ASKS},
        ]
    ),
    "Contact Lens' JSON": json.dumps(
        {
            "Transcript": [
                {"ParticipantRole": "AGENT", "Content": GREETS, "BeginOffsetMillis": 1000},
                {"ParticipantRole": "CUSTOMER", "Content": ASKS, "BeginOffsetMillis": 4000},
            ]
        }
    ),
    "Twilio's sentences": json.dumps(
        {
            "sentences": [
                {"media_channel": 1, "start_time": "4.0", "end_time": "6.0", "transcript": ASKS},
                {"media_channel": 2, "start_time": "1.0", "end_time": "3.0", "transcript": GREETS},
            ]
        }
    ),
    "Twilio's sentences with participants": json.dumps(
        {
            "sid": "GT0",
            "channel": {
                "media_properties": {"source_sid": "RE0"},
                "participants": [
                    {"channel_participant": 1, "user_id": "id1", "role": "Customer"},
                    {"channel_participant": 2, "user_id": "id2", "role": "Agent"},
                ],
            },
            "sentences": [
                {"media_channel": 1, "start_time": "4.0", "end_time": "6.0", "transcript": ASKS},
                {"media_channel": 2, "start_time": "1.0", "end_time": "3.0", "transcript": GREETS},
            ],
        }
    ),
    "HubSpot's utterances": json.dumps(
        {
            "engagementId": 21,
            "transcriptSource": "HUBSPOT_GENERATED",
            "transcriptUtterances": [
                {
                    "id": f"{at}",
                    "speaker": {"id": f"{at}", "name": name, "email": "x@example.com"},
                    "text": text,
                    "languageCode": "en-US",
                    "startTimeMillis": at,
                    "endTimeMillis": at + 2000,
                }
                for at, name, text in ((1000, "Ana Ruiz", GREETS), (4000, "Bo", ASKS))
            ],
        }
    ),
    "Google's channels": json.dumps(
        {
            "results": [
                {
                    "alternatives": [
                        {
                            "transcript": text,
                            "words": [
                                {"word": word, "startTime": f"{at}s", "endTime": f"{at + 0.2:.1f}s"}
                                for word in text.split()
                            ],
                        }
                    ],
                    "channelTag": channel,
                }
                for channel, at, text in ((1, 4.0, ASKS), (2, 1.0, GREETS))
            ]
        }
    ),
    "whisperX": json.dumps(
        {
            "segments": [
                {"start": 1.0, "end": 3.0, "text": f" {GREETS}", "speaker": "SPEAKER_00"},
                {"start": 4.0, "end": 6.0, "text": f" {ASKS}", "speaker": "SPEAKER_01"},
            ],
            "word_segments": [{"word": "Thanks", "start": 1.0, "end": 1.2, "score": 0.9}],
        }
    ),
    "milliseconds": json.dumps(
        {
            "utterances": [
                {"speaker": "A", "start": 1000, "end": 3000, "text": GREETS},
                {"speaker": "B", "start": 4000, "end": 6000, "text": ASKS},
            ]
        }
    ),
}


def test_participants_tell_twilios_sides_where_words_do_not():
    """Who is on which channel is read from Twilio's transcript, beside its sentences."""
    people = [
        {"channel_participant": 1, "role": "Agent"},
        {"channel_participant": 2, "role": "Customer"},
    ]
    sentences = [
        {"media_channel": channel, "start_time": at, "end_time": at + 1, "transcript": "Right."}
        for channel, at in ((2, 1.0), (1, 3.0))
    ]
    named = {"channel": {"participants": people}, "sentences": sentences}
    assert [who for who, _ in said(made(json.dumps(named)))] == ["caller", "agent"]
    unnamed = {"sentences": sentences}
    assert [who for who, _ in said(made(json.dumps(unnamed)))] == ["unknown", "unknown"]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (
            {
                "operator_results": [
                    {
                        "operator_type": "text-generation",
                        "operator_sid": "LY0",
                        "text_generation_results": {"result": "The caller books a cake."},
                    }
                ]
            },
            "not a transcript",
        ),
        ({"sid": "GT0", "channel": {"participants": [{"user_id": "id1", "role": "Agent"}]}}, "no"),
        ({"id": "21", "properties": {"hs_call_body": "<p>Spoke to Bo, books a cake.</p>"}}, "no"),
    ],
)
def test_what_nobody_said_is_no_transcript(content, why):
    """Twilio's operator results and bare transcripts, and HubSpot's notes, are refused."""
    with pytest.raises(TranscriptionError, match=why):
        made(json.dumps(content))


@pytest.mark.parametrize("form", TEXTS)
def test_forms_without_times_give_the_turns_and_no_times(form):
    """Who said what is read from every form, and no time is made up where none is given."""
    transcript = made(TEXTS[form], duration_s=40.0)
    assert said(transcript) == TURNS
    assert starts(transcript) == [None, None]
    assert transcript.speech == {}


@pytest.mark.parametrize("form", TIMED)
def test_forms_with_times_give_them_in_seconds(form):
    """Times in every notation are seconds of the call, and turns follow one another by them."""
    transcript = made(TIMED[form], duration_s=40.0)
    assert said(transcript) == TURNS
    assert starts(transcript) == [1.0, 4.0]


def test_ends_of_turns_give_spans_of_speech_and_starts_alone_do_not():
    """Talk measures rest on turns that say when they end; nothing is filled in for others."""
    assert made(TIMED["SRT"]).speech == {"agent": ((1.0, 3.0),), "caller": ((4.0, 6.0),)}
    assert made(TIMED["times before"]).speech == {}


def test_whisper_without_speakers_is_open_on_both_sides():
    """Whisper tells no speakers, and flags of silence are taken over from its own measures."""
    segments = [
        {"start": 0.0, "end": 2.0, "text": " I need a cake.", "avg_logprob": -0.2},
        {"start": 2.0, "end": 4.0, "text": " Thank you.", "avg_logprob": -1.4},
    ]
    for one, silence in zip(segments, (0.01, 0.9), strict=True):
        one["no_speech_prob"] = silence
    transcript = made(json.dumps({"text": "I need a cake. Thank you.", "segments": segments}))
    assert [one.speaker for one in transcript.utterances] == ["unknown", "unknown"]
    assert [one.flags for one in transcript.utterances] == [(), ("no_speech",)]
    assert "no speakers" in transcript.remarks[0]


def test_names_of_the_log_tell_the_sides():
    """A speaker who is called as the log calls the agent is the agent, by whatever words."""
    transcript = made("Sarah: Yes?\nTom: A cake.", agent="Sarah Miller")
    assert [who for who, _ in said(transcript)] == ["agent", "caller"]


def test_numbered_speakers_are_told_by_their_words_and_their_certainty_is_kept():
    """Speaker 1 and 2 become agent and caller where their words tell, with how sure that is."""
    transcript = made(f"Speaker 1: {GREETS}\nSpeaker 2: {ASKS}")
    assert said(transcript) == TURNS
    assert 0.5 < transcript.speaker_confidence < 1.0
    assert "by what they say" in transcript.remarks[0]


def test_speakers_whose_words_tell_nothing_stay_unknown():
    """Two speakers who cannot be told apart are not guessed at, and the transcript says so."""
    transcript = made("Speaker A: Yes.\nSpeaker B: No.\nSpeaker A: Well.")
    assert {one.speaker for one in transcript.utterances} == {"unknown"}
    assert transcript.speaker_confidence == 0.0
    assert "which of them is the agent is not known" in transcript.remarks[0]


def test_on_an_outbound_call_the_caller_may_be_the_business():
    """Who is called the caller where the business rang is told by words, not by the name."""
    inbound, outbound = (
        made("Recipient: Ann speaking.\nCaller: I'm calling about your order.", direction=way)
        for way in ("inbound", "outbound")
    )
    assert [who for who, _ in said(inbound)] == ["agent", "caller"]
    assert [who for who, _ in said(outbound)] == ["caller", "agent"]


def test_menus_are_nobodys_words():
    """What a menu says is flagged, so that it is no inquiry and no greeting."""
    transcript = made("IVR: Press one for sales.\nAgent: Hello.\nCustomer: Hi, a cake.")
    assert transcript.utterances[0].flags == ("menu",)
    assert transcript.utterances[0].suspect


def test_a_colon_in_a_sentence_begins_no_turn():
    """Words before a colon, and times of day, are no speakers and no times of the call."""
    transcript = made("Agent: We close at\n5:30 pm on these days: Monday\nso: any other?")
    assert said(transcript) == [
        ("agent", "We close at 5:30 pm on these days: Monday so: any other?")
    ]
    assert starts(transcript) == [None]


@pytest.mark.parametrize(
    ("text", "facts", "reason"),
    [
        ("", {}, "is empty"),
        ("Transcription not available.", {}, "is empty"),
        ("[]", {}, "is empty"),
        ('[{"speaker": "Agent", "text": "Hel', {}, "cut off or damaged"),
        ('{"status": 3, "items": [1, 2]}', {}, "no transcript in a known form"),
        ("WEBVTT\n\n00:01 --> later\nHello\n", {}, "subtitles cannot be read"),
        (
            TIMED["SRT"].replace("00:00:06", "00:12:00"),
            {"duration_s": 60.0},
            "longer than the call",
        ),
        ("word " * 50_000, {"duration_s": 180.0}, "50,000 words in 180 s"),
        (
            json.dumps({"customer_phone_number": "+14045550199", "text": TEXTS["lines"]}),
            {"numbers": ("+12125550100", "+12125550111")},
            "other telephone numbers",
        ),
    ],
)
def test_what_is_no_transcript_of_the_call_is_refused_with_the_reason(text, facts, reason):
    """Empty, damaged and other calls' transcripts are refused, each in its own words."""
    with pytest.raises(TranscriptionError, match=reason):
        made(text, **facts)


def test_fifty_thousand_words_of_a_long_call_are_read():
    """Length alone is no fault: a text of one line is cut into turns that can be quoted."""
    transcript = made("word " * 50_000, duration_s=6 * 3600.0)
    assert sum(len(one.text.split()) for one in transcript.utterances) == 50_000
    assert max(len(one.text.split()) for one in transcript.utterances) <= 60


def test_times_that_run_backwards_are_left_out_and_said():
    """Words stay in their order where the times contradict it; the times do not count."""
    transcript = made("[01:12] Agent: One.\n[00:10] Customer: Two.\n[00:20] Agent: Three.")
    assert [text for _, text in said(transcript)] == ["One.", "Two.", "Three."]
    assert starts(transcript) == [None, None, None]
    assert any("backwards" in remark for remark in transcript.remarks)


def test_what_is_not_known_survives_being_kept():
    """Missing times and confidence are null in JSON, and missing again when read back."""
    text = made(TEXTS["lines"]).to_json()
    assert "NaN" not in text
    assert Transcript.from_json(text).to_json() == text
    assert not Transcript.from_json(text).timed


def test_agreement_counts_words_and_not_marks():
    """Equal words in other clothes agree; marks of hidden words count on neither side."""
    ours = made("Agent: Hello, Ann!\nCustomer: A cake.")
    theirs = made("agent: hello [NAME]\ncustomer: the cake")
    found = agreement_of(ours, theirs)
    assert (found.words, found.errors) == (3, 2)


@pytest.mark.parametrize(
    ("text", "sides"),
    [
        ("Agente: Buenos dias. Cliente: Quiero una tarta.", ["agent", "caller"]),
        ("Mitarbeiterin: Guten Tag. Kundin: Ich m\u00f6chte eine Torte.", ["agent", "caller"]),
        ("Zofia: Dzie\u0144 dobry. Marek: Poprosz\u0119 tort.", ["unknown", "unknown"]),
    ],
)
def test_labels_on_one_line_are_all_taken_or_none(text, sides):
    """No name before a colon stays among the words while another is taken for a speaker."""
    made = provided_transcript(text, CallFacts(), origin="file")
    assert [one.speaker for one in made.utterances] == sides
    assert not any(":" in one.text for one in made.utterances)


def test_labels_that_the_words_contradict_are_doubted():
    """Sides that speak as the other one does are kept as named, and said to be doubtful."""
    swapped = (
        "Customer: Thank you for calling Bake Co, how can I help you? "
        "Agent: Hi, how much is a wedding cake? I am calling to order one."
    )
    made = provided_transcript(swapped, CallFacts(), origin="callrail")
    assert CONTRADICTED in made.remarks
    assert made.speaker_confidence < 1
    right = swapped.replace("Customer", "X").replace("Agent", "Customer").replace("X", "Agent")
    assert provided_transcript(right, CallFacts(), origin="callrail").remarks == ()


def test_signs_that_are_not_seen_are_no_words():
    """Escape sequences of a terminal and signs that turn the text round are taken out."""
    made = provided_transcript(
        "Agent: \x1b[31mHello\x1b[0m.\nCustomer: \u202eHi\u202c there\x07.",
        CallFacts(),
        origin="file",
    )
    assert made.text.splitlines() == ["agent: Hello.", "caller: Hi there."]


@pytest.mark.parametrize(
    "label",
    [
        *("Customer Service", "Customer Care", "Client Services", "Customer Success Manager"),
        *("Patient Coordinator", "Guest Services", "Servicio al cliente", "Service client"),
        *("Kundenservice", "Customer (Agent)", "Servicio de atenci\u00f3n al cliente"),
    ],
)
def test_who_serves_customers_is_the_business(label):
    """A label that names customers only to say who serves them is the business's side."""
    transcript = made(f"{label}: Hello.\nCustomer: Hi, a cake.\n{label}: Yes.")
    assert [who for who, _ in said(transcript)] == ["agent", "caller", "agent"]


@pytest.mark.parametrize("labels", [("Agent", "Customer Support"), ("Lead", "Customer")])
def test_two_speakers_of_one_side_are_told_by_words_or_left_open(labels):
    """Where everybody is named as one side, words tell the other side, or it stays open."""
    one, other = labels
    told = made(f"{one}: {GREETS}\n{other}: {ASKS}")
    assert said(told) == TURNS
    assert told.speaker_confidence < 1.0
    silent = made(f"{one}: Yes.\n{other}: No.")
    assert {who for who, _ in said(silent)} == {"unknown"}
    for transcript in (told, silent):
        assert ONE_SIDE in transcript.remarks


def test_one_named_side_and_a_name_are_held_against_the_words():
    """Who is left over is the other side, and doubted where both speak the other way round."""
    transcript = made(
        "Customer: Thank you for calling Bake Co, how can I help you?\n"
        "Zed: Hi, how much is a wedding cake? I am calling to order one."
    )
    assert CONTRADICTED in transcript.remarks


def test_names_of_the_log_begin_turns_on_one_line():
    """Whom the log knows begins a turn within a line; a stranger's turn is left open, and told."""
    transcript = made(
        "Operator: Thank you for calling. Ann: Hello how can I help? Client: I want a cleaning. "
        "Dr. Lee: we can do that. Bob Miller: great",
        agent="Ann",
        caller="Bob Miller",
    )
    assert said(transcript) == [
        ("agent", "Thank you for calling."),
        ("agent", "Hello how can I help?"),
        ("caller", "I want a cleaning."),
        ("unknown", "Dr. Lee: we can do that."),
        ("caller", "great"),
    ]
    assert UNSURE in transcript.remarks
    assert transcript.speaker_confidence < 1


@pytest.mark.parametrize(
    "words",
    [
        "The agent: he told me customer: nothing",
        "I said to Agent: no. The agent: he was nice.",
        "The quote said: 40 dollars. Note: I pay by card.",
    ],
)
def test_colons_within_what_somebody_says_cut_nothing(words):
    """A role that is spoken of, or a heading, stays among the words of who says it."""
    transcript = made(f"AGENT: {GREETS} CUSTOMER: {words} AGENT: Fine.")
    assert said(transcript) == [("agent", GREETS), ("caller", words), ("agent", "Fine.")]


def test_a_role_written_unlike_the_others_is_left_open():
    """Behind a sentence, in other letters than the labels have: a turn, or what was said."""
    transcript = made("Agent: Hello. Customer: A cake. agent: sure. Customer: Good.")
    assert said(transcript)[2:] == [("unknown", "agent: sure."), ("caller", "Good.")]
    assert UNSURE in transcript.remarks
    small = made("agent: hello customer: hi i need a cake agent: sure")
    assert [who for who, _ in said(small)] == ["agent", "caller", "agent"]


def test_turns_of_one_speaker_on_one_line_are_cut():
    """A numbered speaker's name between the words is none of them."""
    transcript = made("Speaker 1: Thank you. Speaker 1: A crown. Speaker 1: Forty dollars.")
    assert [text for _, text in said(transcript)] == ["Thank you.", "A crown.", "Forty dollars."]


def test_words_before_a_colon_that_name_nobody_are_kept():
    """Headings, notes and what is nobody's name stay among the words, above and within."""
    text = f"Note: a summary\nAgent: {GREETS}\nPrice: ninety\nCaller: {ASKS}\nMaybe: in May"
    assert said(made(text)) == [
        ("unknown", "Note: a summary"),
        ("agent", f"{GREETS} Price: ninety"),
        ("caller", ASKS),
        ("unknown", "Maybe: in May"),
    ]


@pytest.mark.parametrize(
    "cues",
    [
        [("10", "14"), ("05", "08"), ("01", "04")],
        [("09", "14"), ("06", "10"), ("03", "07")],
        [("08", "10"), ("04", "06"), ("20", "22")],
    ],
)
def test_cues_that_run_backwards_turn_no_talk_round(cues):
    """However small each step back is, words stay as they are written, without the times."""
    names = ("Agent", "Customer", "Agent")
    text = "WEBVTT\n\n" + "\n\n".join(
        f"00:00:{start}.000 --> 00:00:{end}.000\n<v {name}>{word}</v>"
        for (start, end), name, word in zip(cues, names, ("One.", "Two.", "Three."), strict=True)
    )
    transcript = made(text)
    assert [words for _, words in said(transcript)] == ["One.", "Two.", "Three."]
    assert starts(transcript) == [None, None, None]
    assert any("backwards" in remark for remark in transcript.remarks)


def test_two_who_speak_at_once_keep_their_times():
    """A turn that began within another one goes where it begins, and that is said."""
    text = (
        "1\n00:00:03,000 --> 00:00:04,000\nAgent: Sure.\n\n"
        "2\n00:00:01,000 --> 00:00:06,000\nCustomer: A cake.\n\n"
        "3\n00:00:07,000 --> 00:00:08,000\nAgent: Good.\n"
    )
    transcript = made(text)
    assert starts(transcript) == [1.0, 3.0, 7.0]
    assert transcript.remarks == (REORDERED,)


@pytest.mark.parametrize(
    "text",
    [
        *("Not available", "N/A", "No transcript", "See https://app.example.com/transcripts/99"),
        *("Transcription in progress", "Transcript is not yet available.", "Call too short"),
        *("The transcription could not be generated", "https://example.com/t/1", "Pending..."),
        *('{"transcript": "N/A"}', '[{"speaker": "Agent", "text": "Not available"}]'),
        "WEBVTT\n\n00:01.000 --> 00:03.000\nNo transcript available\n",
    ],
)
def test_what_says_that_there_is_no_transcript_is_none(text):
    """Words in the place of a transcript, or an address of it, are nobody's words."""
    with pytest.raises(TranscriptionError, match=r"^The transcript is empty"):
        made(text)


@pytest.mark.parametrize(
    "text", ["No.", "No, it is not available.", "Agent: Pending.\nCaller: Found.", "See you."]
)
def test_short_answers_are_transcripts(text):
    """What somebody may have said on the telephone is kept."""
    assert made(text).utterances


OF_T1 = {
    "a call's id": {"callId": "t1", "text": TEXTS["lines"]},
    "Twilio's": {"call_sid": "T1", "sentences": [{"speaker": "Agent", "text": GREETS}]},
    "nested": {"data": {"call": {"id": "t1"}, "turns": [{"agent": GREETS}, {"caller": ASKS}]}},
    "in each turn": [{"callId": "t1", "speaker": "Agent", "text": GREETS}],
    "Connect's": {"ContactId": "t1", "Transcript": [{"Content": GREETS}]},
    "its own or the call's": {"id": "t1", "text": TEXTS["lines"]},
}
OF_T1_TEXTS = {
    **{form: json.dumps(content) for form, content in OF_T1.items()},
    "a head": f"Call ID: t1\n{TEXTS['lines']}",
}


@pytest.mark.parametrize("form", OF_T1_TEXTS)
def test_what_says_to_be_of_another_call_is_refused(form):
    """An id of another call of the log refuses, wherever it stands; the call's own does not."""
    text = OF_T1_TEXTS[form]
    log = {"t1", "t14"}
    with pytest.raises(TranscriptionError, match=r"another call: [tT]1"):
        provided_transcript(text, CallFacts(ids=("t14",)), origin="file", log=log)
    own = provided_transcript(text, CallFacts(ids=("x:t1", "t1")), origin="file", log=log)
    assert STRANGER not in own.remarks
    unknown = provided_transcript(text, CallFacts(ids=("t14",)), origin="file", log={"t14"})
    assert (STRANGER in unknown.remarks) == (form != "its own or the call's")


def test_a_short_number_of_its_own_is_no_calls():
    """The seventh transcript is not of call 7 for that."""
    text = json.dumps({"id": 7, "text": TEXTS["lines"]})
    call = CallFacts(ids=("12",))
    assert provided_transcript(text, call, origin="file", log={"7", "12"}).remarks == ()


def test_a_speaker_behind_a_small_word_is_not_put_into_the_others_mouth():
    """Without full stops a turn may end on "to": what follows a speaker's name is left open."""
    said = read_provided(
        "Agent: Hello there Customer: it is more than I can stretch to "
        "Agent: we have a cheaper one Customer: no thanks"
    )
    assert [(turn.speaker, turn.text) for turn in said.turns][1:] == [
        ("Customer", "it is more than I can stretch to"),
        (None, "Agent: we have a cheaper one"),
        ("Customer", "no thanks"),
    ]
    assert said.unsure
