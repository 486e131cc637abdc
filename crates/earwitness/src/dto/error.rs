//! Errors.

use ear_engine::Error;
use serde::Serialize;

/// What went wrong: `{"error": {…}}`.
#[derive(Debug, Serialize)]
pub struct ErrorDto {
    error: ErrorBody,
}

/// What happened, where, and what to do about it.
#[derive(Debug, Serialize)]
struct ErrorBody {
    code: &'static str,
    message: String,
    r#where: Option<String>,
    remedy: Option<String>,
}

impl ErrorDto {
    /// An error that does not come from the engine.
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { error: ErrorBody { code, message: message.into(), r#where: None, remedy: None } }
    }
}

impl From<&Error> for ErrorDto {
    fn from(error: &Error) -> Self {
        Self {
            error: ErrorBody {
                code: error.kind.code(),
                message: error.message.clone(),
                r#where: error.place.clone(),
                remedy: error.remedy.clone(),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ear_engine::ErrorKind;

    #[test]
    fn errors_have_the_documented_shape() {
        let error = Error::new(ErrorKind::Query, "a quotation mark is missing").at("column 7");
        let json = serde_json::to_string(&ErrorDto::from(&error)).expect("plain data");
        let expected =
            r#"{"error":{"code":"query","message":"a quotation mark is missing","where":"column 7","remedy":null}}"#;
        assert_eq!(json, expected);
    }
}
