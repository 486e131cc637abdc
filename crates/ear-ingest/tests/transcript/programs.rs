//! A document of each program whose JSON is read, as its makers document it, and what becomes of it.

use crate::common::{assert_sound, read, spoken};
use ear_ingest::transcript::{Format, detect};
use insta::assert_snapshot;

fn check(json: &str) -> String {
    assert_eq!(detect("a", json.as_bytes()), Some(Format::Json), "{json}");
    let parsed = read(json, Format::Json);
    assert_sound(&parsed.transcript);
    spoken(&parsed)
}

#[test]
fn podcasting_segments() {
    assert_snapshot!(check(
        r#"{"version": "1.0.0", "segments": [
        {"speaker": "Esme &amp; Co:", "startTime": 0.5, "endTime": 2, "body": "The <i>tide</i> is\nin &lt;b&gt;now&lt;/b&gt;"},
        {"startTime": 2, "endTime": 3.25, "body": "and rising."},
        {"speaker": "Rob", "startTime": 3.5, "endTime": 4, "body": "Is it really so high?"},
        {"speaker": "Rob", "startTime": 4, "endTime": 6, "body": "[Music]"}]}"#
    ), @r#"
    Podcasting 2.0 Cues
    Esme & Co: The(500-821) tide(821-1250) is(1250-1464) in(1464-1678) now(1678-2000) and(2000-2416) rising.(2416-3250)
    Rob: Is(3500-3562) it(3562-3625) really(3625-3812) so(3812-3875) high?(3875-4000)
    4000-6000 Music
    "#);
}

#[test]
fn podcasting_words() {
    assert_snapshot!(check(
        r#"{"version": "1.0.0", "segments": [
        {"speaker": "Esme", "startTime": 0.3, "endTime": 0.6, "body": "Hey,"},
        {"speaker": "Esme", "startTime": 0.601, "endTime": 0.93, "body": "Rob"},
        {"speaker": "Esme", "startTime": 0.93, "endTime": 0.93, "body": "."},
        {"speaker": "Rob", "startTime": 2.5, "endTime": 3, "body": "Hello"}]}"#
    ), @r#"
    Podcasting 2.0 Words
    Esme: Hey,(300-600) Rob.(601-930)
    Rob: Hello(2500-3000)
    "#);
    assert_snapshot!(check(
        r#"{"version": "1.0.0", "segments": [
        {"startTime": 0.1, "endTime": 0.4, "body": "It's"}, {"startTime": 0.4, "endTime": 0.4, "body": " "},
        {"startTime": 0.5, "endTime": 0.9, "body": "Friday"}, {"startTime": 0.9, "endTime": 0.9, "body": ","},
        {"startTime": 0.9, "endTime": 0.9, "body": " "}, {"startTime": 1, "endTime": 1.2, "body": "so"}]}"#
    ), @r#"
    Podcasting 2.0 Words
    : It's(100-400) Friday,(500-900) so(1000-1200)
    "#);
}

#[test]
fn whisper() {
    assert_snapshot!(check(
        r#"{"text": " The tide is in. The tide.", "language": "en", "segments": [
        {"id": 0, "seek": 0, "start": 0.0, "end": 2.5, "text": " The tide is in.", "tokens": [50364, 440], "temperature": 0.0,
         "avg_logprob": -0.2, "compression_ratio": 1.1, "no_speech_prob": 0.01, "words": [
            {"word": " The", "start": 0.0, "end": 0.42, "probability": 0.91}, {"word": " tide", "start": 0.42, "end": 0.8, "probability": 0.75},
            {"word": " is", "start": 0.8, "end": 1.0, "probability": 0.99}, {"word": " in.", "start": 1.2, "end": 1.5, "probability": 1.0000001}]},
        {"id": 1, "seek": 250, "start": 2.5, "end": 4.0, "text": " The tide.", "avg_logprob": NaN, "words": []}]}"#
    ), @r#"
    Whisper Words en
    : The(0-420)0.91 tide(420-800)0.75 is(800-1000)0.99 in.(1200-1500)1.00 The(2500-3142) tide.(3142-4000)
    ! not quite JSON: numbers such as NaN, or halves of characters, were left out
    "#);
    assert_snapshot!(check(
        r#"{"text": "今日は晴れ。", "language": "japanese", "segments": [{"start": 0, "end": 2, "text": "今日は晴れ。", "words": [
            {"word": "今日", "start": 0, "end": 0.5, "probability": 0.9}, {"word": "は", "start": 0.5, "end": 0.7, "probability": 0.8},
            {"word": "晴れ。", "start": 0.9, "end": 1.6, "probability": 0.7}]}]}"#
    ), @r#"
    Whisper Words ja
    : 今(0-250)0.90 +日(250-500)0.90 +は(500-700)0.80 +晴(900-1133)0.70 +れ。(1133-1600)0.70
    "#);
    assert_snapshot!(check(
        r#"{"text": "So it goes.", "segments": [{"id": 0, "start": 0.0, "end": 1.5, "text": " So it goes."}, {"id": 1, "start": 1.5, "end": 2.5, "text": " (laughs)"}]}"#
    ), @r#"
    Whisper Cues
    : So(0-375) it(375-750) goes.(750-1500)
    1500-2500 Noise
    "#);
}

#[test]
fn openai() {
    assert_snapshot!(check(
        r#"{"task": "transcribe", "language": "english", "duration": 3.2, "text": "Well, it's late. Isn't it?",
        "words": [{"word": "Well", "start": 0.1, "end": 0.4}, {"word": "it's", "start": 0.5, "end": 0.7}, {"word": "late", "start": 0.7, "end": 1.1},
                  {"word": "Isn't", "start": 1.5, "end": 1.9}, {"word": "it", "start": 1.9, "end": 2.2}],
        "segments": [{"id": 0, "start": 0.0, "end": 1.3, "text": " Well, it's late."}, {"id": 1, "start": 1.3, "end": 3.2, "text": " Isn't it?"}]}"#
    ), @r#"
    Whisper Words en
    : Well,(100-400) it's(500-700) late.(700-1100) Isn't(1500-1900) it?(1900-2200)
    "#);
    assert_snapshot!(check(
        r#"{"task": "transcribe", "language": "english", "text": "Well, it's late.", "words": [
        {"word": "Well", "start": 0.1, "end": 0.4}, {"word": "it's", "start": 0.5, "end": 0.7}, {"word": "late", "start": 0.7, "end": 1.1}]}"#
    ), @r#"
    Whisper Words en
    : Well,(100-400) it's(500-700) late.(700-1100)
    "#);
    assert_snapshot!(check(r#"{"text": "Well, it's late. Isn't it?"}"#), @r#"
    Whisper None
    : Well, it's late. Isn't it?
    "#);
}

#[test]
fn whisperx() {
    assert_snapshot!(check(
        r#"{"segments": [
        {"start": 0.031, "end": 1.9, "text": " In 2014 we left.", "speaker": "SPEAKER_00", "words": [
            {"word": "In", "start": 0.031, "end": 0.2, "score": 0.8, "speaker": "SPEAKER_00"}, {"word": "2014"},
            {"word": "we", "start": 0.9, "end": 1.0, "score": 0.7, "speaker": "SPEAKER_00"}, {"word": "left.", "start": 1.1, "end": 1.5, "score": 0.95, "speaker": "SPEAKER_00"}]},
        {"start": 2.0, "end": 2.8, "text": "Why?", "speaker": "SPEAKER_01", "words": [{"word": "Why?", "start": 2.1, "end": 2.5, "score": 0.5, "speaker": "SPEAKER_01"}]}],
        "word_segments": [{"word": "In", "start": 0.031, "end": 0.2, "score": 0.8}], "language": "en"}"#
    ), @r#"
    WhisperX Words en
    SPEAKER_00: In(31-200)0.80 2014(200-900) we(900-1000)0.70 left.(1100-1500)0.95
    SPEAKER_01: Why?(2100-2500)0.50
    "#);
}

#[test]
fn whisper_cpp() {
    assert_snapshot!(check(
        r#"{"systeminfo": "AVX = 1", "model": {"type": "base"}, "params": {"language": "en"}, "result": {"language": "en"}, "transcription": [
        {"timestamps": {"from": "00:00:00,000", "to": "00:00:02,000"}, "offsets": {"from": 0, "to": 2000}, "text": " Unheard of, Rob.", "speaker": "0", "tokens": [
            {"text": "[_BEG_]", "timestamps": {"from": "00:00:00,000", "to": "00:00:00,000"}, "offsets": {"from": 0, "to": 0}, "id": 50363, "p": 0.98, "t_dtw": -1},
            {"text": " Un", "offsets": {"from": 100, "to": 300}, "id": 1, "p": 0.5}, {"text": "heard", "offsets": {"from": 300, "to": 600}, "id": 2, "p": 0.9},
            {"text": " of", "offsets": {"from": 700, "to": 800}, "id": 3, "p": 0.8}, {"text": ",", "offsets": {"from": 800, "to": 810}, "id": 4, "p": 0.6},
            {"text": " Rob", "offsets": {"from": 900, "to": 1300}, "id": 5, "p": 0.4}, {"text": ".", "offsets": {"from": 1300, "to": 2000}, "id": 6, "p": 0.4},
            {"text": "[_TT_100]", "offsets": {"from": 2000, "to": 2000}, "id": 7, "p": 0.1}]},
        {"timestamps": {"from": "00:00:02,000", "to": "00:00:03,500"}, "offsets": {"from": 2000, "to": 3500}, "text": " Well well.", "speaker": "1"}]}"#
    ), @r#"
    whisper.cpp Words en
    Speaker 0: Unheard(100-600)0.70 of,(700-810)0.70 Rob.(900-2000)0.40
    Speaker 1: Well(2000-2750) well.(2750-3500)
    "#);
}

#[test]
fn hugging_face() {
    assert_snapshot!(check(
        r#"{"text": " So it goes. Then", "chunks": [{"timestamp": [0.0, 1.5], "text": " So it goes."}, {"timestamp": [1.5, null], "text": " Then it ends here."}]}"#
    ), @r#"
    Hugging Face Cues
    : So(0-375) it(375-750) goes.(750-1500) Then(1500-1957) it(1957-2185) ends(2185-2642) here.(2642-3100)
    "#);
}

#[test]
fn captions_in_seconds_and_milliseconds() {
    assert_snapshot!(check(
        r#"[{"start": 1000, "end": 2600, "text": "ESME: Good morning to you."}, {"start": 2600, "end": 4000, "text": "ROB: <i>Morning</i> Esme."}, {"start": 4000, "end": 5000, "text": "ESME: So it is."}]"#
    ), @r#"
    a list of captions Cues
    ESME: Good(1000-1400) morning(1400-2100) to(2100-2300) you.(2300-2600)
    ROB: Morning(2600-3490) Esme.(3490-4000)
    ESME: So(4000-4333) it(4333-4666) is.(4666-5000)
    "#);
    assert_snapshot!(check(
        r#"[{"text": "so we went", "start": 0.5, "duration": 1.5}, {"text": "down to the sea", "start": 2, "duration": 2}]"#
    ), @r#"
    a list of captions Cues
    : so(500-875) we(875-1250) went(1250-2000) down(2000-2666) to(2666-3000) the(3000-3500) sea(3500-4000)
    "#);
}

#[test]
fn amazon() {
    assert_snapshot!(check(
        r#"{"jobName": "tide", "accountId": "1", "status": "COMPLETED", "results": {"language_code": "en-GB", "transcripts": [{"transcript": "Hello there. Yes."}],
        "speaker_labels": {"speakers": 2, "segments": [{"start_time": "0.5", "end_time": "1.2", "speaker_label": "spk_0", "items": [
            {"start_time": "0.5", "end_time": "0.8", "speaker_label": "spk_0"}, {"start_time": "0.8", "end_time": "1.2", "speaker_label": "spk_0"}]},
            {"start_time": "2.0", "end_time": "2.4", "speaker_label": "spk_1", "items": [{"start_time": "2.0", "end_time": "2.4", "speaker_label": "spk_1"}]}]},
        "items": [{"start_time": "0.5", "end_time": "0.8", "type": "pronunciation", "alternatives": [{"confidence": "0.997", "content": "Hello"}]},
            {"start_time": "0.8", "end_time": "1.2", "type": "pronunciation", "alternatives": [{"confidence": "0.5", "content": "there"}]},
            {"type": "punctuation", "alternatives": [{"confidence": "0.0", "content": "."}]},
            {"start_time": "2.0", "end_time": "2.4", "type": "pronunciation", "alternatives": [{"confidence": "1.0", "content": "Yes"}]},
            {"type": "punctuation", "alternatives": [{"confidence": "0.0", "content": "."}]}]}}"#
    ), @r#"
    Amazon Transcribe Words en
    spk_0: Hello(500-800)1.00 there.(800-1200)0.50
    spk_1: Yes.(2000-2400)1.00
    "#);
    assert_snapshot!(check(
        r#"{"results": {"channel_labels": {"number_of_channels": 2, "channels": [
            {"channel_label": "ch_0", "items": [{"start_time": "0.1", "end_time": "0.4", "type": "pronunciation", "alternatives": [{"confidence": "0.9", "content": "Hello"}]},
                {"type": "punctuation", "alternatives": [{"content": "."}]}, {"start_time": "3.1", "end_time": "3.4", "type": "pronunciation", "alternatives": [{"confidence": "0.9", "content": "Bye"}]}]},
            {"channel_label": "ch_1", "items": [{"start_time": "1.1", "end_time": "1.4", "type": "pronunciation", "alternatives": [{"confidence": "0.9", "content": "Hi"}]}]}]}}}"#
    ), @r#"
    Amazon Transcribe Words
    ch_0: Hello.(100-400)0.90
    ch_1: Hi(1100-1400)0.90
    ch_0: Bye(3100-3400)0.90
    "#);
}

#[test]
fn google() {
    assert_snapshot!(check(
        r#"{"name": "1", "done": true, "response": {"@type": "type", "results": [
        {"alternatives": [{"transcript": "hello there", "confidence": 0.9, "words": [{"endTime": "0.300s", "word": "hello"}, {"startTime": "0.300s", "endTime": "0.700s", "word": "there"}]}], "resultEndTime": "1s", "languageCode": "en-us"},
        {"alternatives": [{"transcript": " yes", "words": [{"startTime": "1.300s", "endTime": "1.700s", "word": "yes"}]}], "resultEndTime": "2s", "languageCode": "en-us"},
        {"alternatives": [{"words": [{"endTime": "0.300s", "word": "hello", "speakerTag": 1}, {"startTime": "0.300s", "endTime": "0.700s", "word": "there", "speakerTag": 1},
            {"startTime": "1.300s", "endTime": "1.700s", "word": "yes", "speakerTag": 2}]}]}]}}"#
    ), @r#"
    Google Speech-to-Text Words en
    Speaker 1: hello(0-300) there(300-700)
    Speaker 2: yes(1300-1700)
    "#);
    assert_snapshot!(check(
        r#"{"results": [{"alternatives": [{"transcript": "Hello there.", "confidence": 0.95, "words": [
        {"startOffset": "0.100s", "endOffset": "0.300s", "word": "Hello", "confidence": 0.9, "speakerLabel": "1"}, {"startOffset": "0.300s", "endOffset": "0.700s", "word": "there.", "confidence": 0.8, "speakerLabel": "2"}]}],
        "resultEndOffset": "1.5s", "languageCode": "en-US"}], "metadata": {"totalBilledDuration": "2s"}}"#
    ), @r#"
    Google Speech-to-Text Words en
    Speaker 1: Hello(100-300)0.90
    Speaker 2: there.(300-700)0.80
    "#);
    assert_snapshot!(check(
        r#"{"results": [{"alternatives": [{"transcript": "hello there my friend", "confidence": 0.9}], "resultEndTime": "2.0s"}, {"alternatives": [{"transcript": " come in"}], "resultEndTime": "3.5s"}]}"#
    ), @r#"
    Google Speech-to-Text Cues
    : hello(0-555) there(555-1111) my(1111-1333) friend(1333-2000) come(2000-3000) in(3000-3500)
    "#);
}

#[test]
fn deepgram() {
    assert_snapshot!(check(
        r#"{"metadata": {"duration": 3.0, "channels": 1}, "results": {"channels": [{"detected_language": "en", "alternatives": [{"transcript": "hello there yes", "confidence": 0.9, "words": [
        {"word": "hello", "start": 0.08, "end": 0.4, "confidence": 0.99, "speaker": 0, "speaker_confidence": 0.6, "punctuated_word": "Hello"},
        {"word": "there", "start": 0.4, "end": 0.9, "confidence": 0.88, "speaker": 0, "punctuated_word": "there."},
        {"word": "yes", "start": 2.0, "end": 2.2, "confidence": 0.7, "speaker": 1, "punctuated_word": "Yes?"}]}]}],
        "utterances": [{"start": 0.08, "end": 0.9, "transcript": "Hello there.", "speaker": 0, "words": []}]}}"#
    ), @r#"
    Deepgram Words en
    Speaker 0: Hello(80-400)0.99 there.(400-900)0.88
    Speaker 1: Yes?(2000-2200)0.70
    "#);
    assert_snapshot!(check(
        r#"{"results": {"utterances": [{"start": 0.5, "end": 2.5, "confidence": 0.9, "channel": 0, "transcript": "Hello there, my old friend.", "speaker": 3}]}}"#
    ), @r#"
    Deepgram Cues
    Speaker 3: Hello(500-976) there,(976-1452) my(1452-1642) old(1642-1928) friend.(1928-2500)
    "#);
}

#[test]
fn assemblyai() {
    assert_snapshot!(check(
        r#"{"id": "1", "language_model": "x", "acoustic_model": "y", "language_code": "en_us", "status": "completed", "audio_url": "https://example.org/a.mp3", "text": "Hello there. Yes.",
        "words": [{"text": "Hello", "start": 250, "end": 650, "confidence": 0.97, "speaker": "A"}, {"text": "there.", "start": 730, "end": 1022, "confidence": 0.9, "speaker": "A"},
            {"text": "Yes.", "start": 2076, "end": 2466, "confidence": 0.5, "speaker": "B"}],
        "utterances": [{"speaker": "A", "start": 250, "end": 1022, "text": "Hello there.", "words": []}], "confidence": 0.9, "audio_duration": 3}"#
    ), @r#"
    AssemblyAI Words en
    A: Hello(250-650)0.97 there.(730-1022)0.90
    B: Yes.(2076-2466)0.50
    "#);
    let failed =
        r#"{"id": "1", "status": "error", "audio_url": "x", "error": "Download <b>failed</b>", "words": null}"#;
    let error = ear_ingest::transcript::parse(failed.as_bytes(), Format::Json, &Default::default()).unwrap_err();
    assert_snapshot!(error, @r#"not a transcript: this is the report of a failed job (Download failed); run the job again and export its transcript"#);
}

#[test]
fn revai() {
    assert_snapshot!(check(
        r#"{"monologues": [{"speaker": 0, "speaker_info": {"id": "0", "display_name": "Esme"}, "elements": [
        {"type": "text", "value": "Hello", "ts": 0.27, "end_ts": 0.6, "confidence": 0.84}, {"type": "punct", "value": ", "},
        {"type": "text", "value": "Rob", "ts": 0.7, "end_ts": 0.9, "confidence": 0.99}, {"type": "punct", "value": "."}, {"type": "punct", "value": " "}, {"type": "unknown", "value": "<laugh>"}]},
        {"speaker": 1, "elements": [{"type": "text", "value": "Hi", "ts": 1.5, "end_ts": 1.8, "confidence": 0.6}]}]}"#
    ), @r#"
    Rev.ai Words
    Esme: Hello,(270-600)0.84 Rob.(700-900)0.99
    Speaker 1: Hi(1500-1800)0.60
    "#);
}

#[test]
fn otranscribe() {
    assert_snapshot!(check(
        r#"{"text": "<p><span class=\"timestamp\" contenteditable=\"false\" data-timestamp=\"1.5\">0:01</span>&nbsp;Esme: Good <b>morning</b> to you.<br></p><p><span class=\"timestamp\" data-timestamp=\"4.25\">0:04</span> Rob: Morning.</p><p>Esme: So it is.</p><script>alert(1)</script>", "media": "talk.mp3", "media-source": "", "media-time": 9.3}"#
    ), @r#"
    oTranscribe Cues
    Esme: Good(1500-2187) morning(2187-3390) to(3390-3734) you.(3734-4250)
    Rob: Morning.(4250-5111)
    Esme: So(5111-5357) it(5357-5603) is.(5603-5850)
    "#);
}
