//! JSON as people write it: values of another kind than expected are taken for what they say, or for nothing.

use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, MapAccess, SeqAccess, Visitor, value::MapAccessDeserializer},
};
use std::{fmt, marker::PhantomData};

/// How many elements of a list are kept.
const MOST: usize = 1_000;

/// Text, or a number or truth as text.
#[derive(Debug, Default)]
pub(super) struct Scalar(pub Option<String>);

impl Scalar {
    /// The text, trimmed; `None` if it is blank.
    pub fn get(&self) -> Option<&str> {
        self.0.as_deref().map(str::trim).filter(|text| !text.is_empty())
    }
}

/// A list; anything else is an empty one.
#[derive(Debug)]
pub(super) struct List<T>(pub Vec<T>);

impl<T> Default for List<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

/// An object; anything else is an empty one.
#[derive(Debug, Default)]
pub(super) struct Object<T>(pub T);

/// Takes any value: `scalar`, `list` and `object` each do so with one kind.
struct Any<V>(PhantomData<V>);

/// What a value of each kind becomes.
trait Loose<'de>: Default {
    fn scalar(_: String) -> Self {
        Self::default()
    }
    fn list<A: SeqAccess<'de>>(mut list: A) -> Result<Self, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Self::default())
    }
    fn object<A: MapAccess<'de>>(mut object: A) -> Result<Self, A::Error> {
        while object.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Self::default())
    }
}

impl<'de, V: Loose<'de>> Visitor<'de> for Any<V> {
    type Value = V;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_str<E>(self, text: &str) -> Result<V, E> {
        Ok(V::scalar(text.to_owned()))
    }

    fn visit_bool<E>(self, truth: bool) -> Result<V, E> {
        Ok(V::scalar(truth.to_string()))
    }

    fn visit_i64<E>(self, number: i64) -> Result<V, E> {
        Ok(V::scalar(number.to_string()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<V, E> {
        Ok(V::scalar(number.to_string()))
    }

    fn visit_f64<E>(self, number: f64) -> Result<V, E> {
        Ok(V::scalar(number.to_string()))
    }

    fn visit_unit<E>(self) -> Result<V, E> {
        Ok(V::default())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<V, A::Error> {
        V::list(list)
    }

    fn visit_map<A: MapAccess<'de>>(self, object: A) -> Result<V, A::Error> {
        V::object(object)
    }
}

impl<'de> Loose<'de> for Scalar {
    fn scalar(text: String) -> Self {
        Self(Some(text))
    }
}

impl<'de, T: Deserialize<'de>> Loose<'de> for List<T> {
    fn list<A: SeqAccess<'de>>(mut list: A) -> Result<Self, A::Error> {
        let mut kept = Vec::new();
        while kept.len() < MOST {
            let Some(element) = list.next_element()? else { return Ok(Self(kept)) };
            kept.push(element);
        }
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Self(kept))
    }
}

impl<'de, T: Deserialize<'de> + Default> Loose<'de> for Object<T> {
    fn object<A: MapAccess<'de>>(object: A) -> Result<Self, A::Error> {
        T::deserialize(MapAccessDeserializer::new(object)).map(Self)
    }
}

impl<'de> Deserialize<'de> for Scalar {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Any(PhantomData))
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for List<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Any(PhantomData))
    }
}

impl<'de, T: Deserialize<'de> + Default> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Any(PhantomData))
    }
}
