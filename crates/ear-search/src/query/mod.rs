//! The query language: characters to tokens to what they say ([`parse`]), and from there to the index ([`compile`]).

mod ast;
mod compile;
mod fields;
mod lex;
mod parse;
mod settled;
mod spelling;

pub(crate) use ast::{Node, plain};
pub(crate) use compile::{Compiled, compile, compile_any, filters, left_out};
pub(crate) use parse::parse;
pub(crate) use spelling::{Spellings, respell};
