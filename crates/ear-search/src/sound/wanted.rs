//! Which passages a search by sound looks at.

use crate::index::View;
use crate::query::{Node, filters, left_out};
use crate::request::Request;
use std::collections::HashSet;
use tantivy::DocAddress;
use tantivy::collector::DocSetCollector;

/// Which passages are looked at.
#[derive(Default)]
pub(super) struct Wanted {
    /// Those that the filters and fields let through; `None` where there are none of either.
    only: Option<HashSet<DocAddress>>,
    /// Advertisements, which are few.
    left_out: HashSet<DocAddress>,
}

impl Wanted {
    pub(super) fn has(&self, passage: DocAddress) -> bool {
        self.only.as_ref().is_none_or(|only| only.contains(&passage)) && !self.left_out.contains(&passage)
    }
}

/// The passages that a query and its filters let through.
pub(super) fn wanted(fields: Option<&Node>, request: &Request, view: &View) -> tantivy::Result<Wanted> {
    let passages = |query| view.searcher.search(&query, &DocSetCollector);
    let adverts = left_out(request, view)?.map(passages).transpose()?;
    let only = filters(fields, &Request { adverts: true, ..request.clone() }, view)?.map(passages).transpose()?;
    Ok(Wanted { only, left_out: adverts.unwrap_or_default() })
}
