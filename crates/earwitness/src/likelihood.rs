//! Probabilities as people read them.

/// A probability in a word: "very likely", "likely", "maybe", "unlikely".
pub fn in_words(probability: f32) -> &'static str {
    match probability {
        0.9.. => "very likely",
        0.7.. => "likely",
        0.4.. => "maybe",
        _ => "unlikely",
    }
}

/// A probability in two digits: `.82`. Nothing that is only probable reads as certain, or as impossible.
pub fn in_digits(probability: f32) -> String {
    match (probability * 100.0).round() {
        100.0.. => ">.99".into(),
        hundredths @ 1.0.. => format!(".{hundredths:02}"),
        _ => "<.01".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn probabilities_read_well() {
        for (probability, word, digits) in [
            (1.0, "very likely", ">.99"),
            (0.996, "very likely", ">.99"),
            (0.9, "very likely", ".90"),
            (0.82, "likely", ".82"),
            (0.5, "maybe", ".50"),
            (0.049, "unlikely", ".05"),
            (0.0, "unlikely", "<.01"),
            (f32::NAN, "unlikely", "<.01"),
        ] {
            assert_eq!((in_words(probability), in_digits(probability).as_str()), (word, digits), "{probability}");
        }
    }
}
