//! Sound for tests, made and not brought.

/// A WAV file of one channel and 8 bits: tones of four seconds with pauses between them, as talk has.
pub fn wav(rate: u32, seconds: u32, pitch: f64) -> Vec<u8> {
    let length = seconds * rate;
    let mut bytes = Vec::with_capacity(length as usize + 44);
    bytes.extend(b"RIFF");
    bytes.extend((36 + length).to_le_bytes());
    bytes.extend(b"WAVEfmt ");
    bytes.extend(16u32.to_le_bytes());
    bytes.extend([1, 0, 1, 0]);
    bytes.extend(rate.to_le_bytes());
    bytes.extend(rate.to_le_bytes());
    bytes.extend([1, 0, 8, 0]);
    bytes.extend(b"data");
    bytes.extend(length.to_le_bytes());
    let tone_and_pause = (0..5 * rate).map(|index| {
        let time = f64::from(index) / f64::from(rate);
        let loudness = if time < 4.0 { 90.0 } else { 0.0 };
        (128.0 + loudness * (time * pitch * std::f64::consts::TAU).sin()) as u8
    });
    let tone_and_pause: Vec<u8> = tone_and_pause.collect();
    bytes.extend(tone_and_pause.iter().cycle().take(length as usize));
    bytes
}
