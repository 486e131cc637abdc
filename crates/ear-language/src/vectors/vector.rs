//! A meaning as a direction in space, kept small.

/// How many parts a vector has.
pub const SIZE: usize = 384;

/// A direction: 384 small whole numbers and the factor that makes their length one.
///
/// The factor is chosen after rounding, so that [`Vector::dot`] of a vector with itself is one. A direction of
/// nothing (no parts but zeros) has factor zero and is at right angles to everything.
#[derive(Clone, Debug, PartialEq)]
pub struct Vector {
    scale: f32,
    parts: Vec<i8>,
}

impl Vector {
    /// Bytes of a written vector: the factor, little-endian, then the parts.
    pub const BYTES: usize = 4 + SIZE;

    /// The direction of `floats`, of any length. Parts beyond [`SIZE`] are left out, missing ones and those that
    /// are not finite count as zero.
    pub fn from_floats(floats: &[f32]) -> Vector {
        let sound = |part: &f32| if part.is_finite() { *part } else { 0.0 };
        let largest = floats.iter().take(SIZE).map(sound).fold(0.0, |most: f32, part| most.max(part.abs()));
        let step = |part: &f32| if largest > 0.0 { (sound(part) / largest * 127.0).round() as i8 } else { 0 };
        let mut parts: Vec<i8> = floats.iter().take(SIZE).map(step).collect();
        parts.resize(SIZE, 0);
        let length = (multiplied(&parts, &parts) as f32).sqrt();
        Vector { scale: if length > 0.0 { 1.0 / length } else { 0.0 }, parts }
    }

    /// The parts multiplied out, [`SIZE`] of them.
    pub fn to_floats(&self) -> Vec<f32> {
        self.parts.iter().map(|&part| f32::from(part) * self.scale).collect()
    }

    /// The cosine of the angle between two directions, −1 to 1 and 0 if either is of nothing.
    pub fn dot(&self, other: &Vector) -> f32 {
        (multiplied(&self.parts, &other.parts) as f32 * self.scale * other.scale).clamp(-1.0, 1.0)
    }

    /// The direction of the sum of several; `None` of none.
    pub fn mean<'a>(vectors: impl IntoIterator<Item = &'a Vector>) -> Option<Vector> {
        let mut sum: Option<Vec<f32>> = None;
        for vector in vectors {
            let sum = sum.get_or_insert_with(|| vec![0.0; SIZE]);
            for (sum, &part) in sum.iter_mut().zip(&vector.parts) {
                *sum += f32::from(part) * vector.scale;
            }
        }
        sum.map(|sum| Vector::from_floats(&sum))
    }

    /// Appends [`Vector::BYTES`] bytes.
    pub fn to_bytes(&self, out: &mut Vec<u8>) {
        out.extend(self.scale.to_le_bytes());
        out.extend(self.parts.iter().map(|part| part.to_le_bytes()[0]));
    }

    /// Reads what [`Vector::to_bytes`] wrote. `None` if it is of another length or its factor is not one of a
    /// direction.
    pub fn from_bytes(bytes: &[u8]) -> Option<Vector> {
        let (scale, parts) = bytes.split_first_chunk::<4>()?;
        let scale = f32::from_le_bytes(*scale);
        let parts: Vec<i8> = parts.iter().map(|&part| i8::from_le_bytes([part])).collect();
        (parts.len() == SIZE && (0.0..=1.0).contains(&scale)).then_some(Vector { scale, parts })
    }

    /// The small whole numbers, [`SIZE`] of them: for scanning many vectors at once.
    pub fn parts(&self) -> &[i8] {
        &self.parts
    }

    /// The factor that the parts are multiplied by.
    pub fn scale(&self) -> f32 {
        self.scale
    }
}

/// The inner product of whole numbers. A sum of [`SIZE`] products of signed bytes fits 32 bits many times over.
fn multiplied(one: &[i8], other: &[i8]) -> i32 {
    one.iter().zip(other).map(|(&a, &b)| i32::from(a) * i32::from(b)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn axis(index: usize) -> Vector {
        let mut floats = [0.0; SIZE];
        floats[index] = 3.0;
        Vector::from_floats(&floats)
    }

    #[test]
    fn directions_have_the_cosines_of_what_they_were_made_of() {
        let mut both = [0.0; SIZE];
        both[0] = 0.2;
        both[1] = 0.2;
        let both = Vector::from_floats(&both);
        let cases = [(&axis(0), &axis(0), 1.0), (&axis(0), &axis(1), 0.0), (&axis(0), &both, 0.5_f32.sqrt())];
        for (one, other, expected) in cases {
            assert!((one.dot(other) - expected).abs() < 1e-6, "{} against {expected}", one.dot(other));
        }
        assert!((Vector::mean([&axis(0), &axis(1)]).unwrap().dot(&both) - 1.0).abs() < 1e-6);
        assert_eq!(Vector::mean([]), None);
    }

    #[test]
    fn nothing_is_at_right_angles_to_everything() {
        for floats in [vec![], vec![0.0; SIZE], vec![f32::NAN, f32::INFINITY]] {
            let nothing = Vector::from_floats(&floats);
            assert_eq!((nothing.dot(&axis(0)), nothing.dot(&nothing)), (0.0, 0.0));
            assert_eq!(nothing.to_floats(), vec![0.0; SIZE]);
        }
        assert_eq!(Vector::mean([&axis(0), &Vector::from_floats(&[-1.0])]), Some(Vector::from_floats(&[])));
    }

    #[test]
    fn bytes_that_are_no_vector_are_refused() {
        let mut bytes = Vec::new();
        axis(0).to_bytes(&mut bytes);
        for scale in [f32::NAN, f32::INFINITY, -0.5, 2.0] {
            let mut wrong = bytes.clone();
            wrong[..4].copy_from_slice(&scale.to_le_bytes());
            assert_eq!(Vector::from_bytes(&wrong), None);
        }
        for length in [0, 3, 4, Vector::BYTES - 1] {
            assert_eq!(Vector::from_bytes(&bytes[..length]), None);
        }
        bytes.push(0);
        assert_eq!(Vector::from_bytes(&bytes), None);
    }

    proptest! {
        #[test]
        fn little_is_lost(one in prop::collection::vec(-1.0f32..1.0, SIZE), other in prop::collection::vec(-1.0f32..1.0, SIZE)) {
            let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f32>();
            let exact = dot(&one, &other) / (dot(&one, &one) * dot(&other, &other)).sqrt();
            let (one, other) = (Vector::from_floats(&one), Vector::from_floats(&other));
            prop_assert!((one.dot(&other) - exact).abs() < 0.005, "{} against {exact}", one.dot(&other));
            prop_assert!((one.dot(&one) - 1.0).abs() < 1e-5);
            let floats = one.to_floats();
            prop_assert!((dot(&floats, &floats) - 1.0).abs() < 1e-5);
            let mut bytes = vec![];
            one.to_bytes(&mut bytes);
            prop_assert_eq!(bytes.len(), Vector::BYTES);
            prop_assert_eq!(Vector::from_bytes(&bytes), Some(one));
        }
    }
}
