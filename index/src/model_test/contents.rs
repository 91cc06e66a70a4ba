//! The articles that an index holds: which version of each id. Reads them from an index, and checks
//! that searches find exactly these articles.

use std::collections::BTreeMap;
use std::path::Path;

use super::articles::{COMMON_WORD, IDS, VERSIONS, article, article_id, number_of, word_of};
use crate::search::SearchRequest;
use crate::{ArticleId, Error, Index};

/// The version of each article, by its id.
pub type Contents = BTreeMap<usize, u32>;

/// Opens the index at `data` and reads it. An index that does not exist is empty.
pub fn read(data: &Path) -> Result<Contents, String> {
    match Index::open(data) {
        Ok(index) => contents_of(&index),
        Err(Error::NoIndex(_)) => Ok(Contents::new()),
        Err(error) => Err(format!("the index cannot be opened: {}", chain(&error))),
    }
}

/// Returns the articles of an index. Fails if an article has a wrong text, or if a search does not
/// find exactly the articles with a word.
pub fn contents_of(index: &Index) -> Result<Contents, String> {
    let mut contents = Contents::new();
    for id in 0..IDS {
        let stored = index
            .article(&article_id(id))
            .map_err(|error| format!("article {id} cannot be read: {}", chain(&error)))?;
        if let Some(stored) = stored {
            let is_version = |version: &u32| article(id, *version).text == stored.text;
            let version = (0..VERSIONS).find(is_version);
            let version =
                version.ok_or_else(|| format!("the text of {id} is {:?}", stored.text))?;
            contents.insert(id, version);
        }
    }
    let stats = index.stats().map_err(|error| chain(&error))?;
    if stats.articles != contents.len() as u64 {
        return Err(format!(
            "{} articles instead of {contents:?}",
            stats.articles
        ));
    }
    let ids = |found: &mut dyn Iterator<Item = usize>| found.map(article_id).collect::<Vec<_>>();
    finds(index, COMMON_WORD, ids(&mut contents.keys().copied()))?;
    for id in 0..IDS {
        let is_there = contents.get_key_value(&id);
        finds(
            index,
            word_of(id),
            ids(&mut is_there.map(|(id, _)| *id).into_iter()),
        )?;
    }
    for (id, version) in &contents {
        finds(index, &number_of(*id, *version), vec![article_id(*id)])?;
    }
    Ok(contents)
}

fn finds(index: &Index, query: &str, expected: Vec<ArticleId>) -> Result<(), String> {
    let request = SearchRequest {
        limit: 2 * IDS,
        relaxes: false,
        ..SearchRequest::new(query)
    };
    let hits = index
        .search(&request)
        .map_err(|error| format!("the search for {query} fails: {}", chain(&error)))?;
    let mut found: Vec<_> = hits.hits.into_iter().map(|hit| hit.article.id).collect();
    found.sort();
    if found == expected && hits.total == expected.len() as u64 {
        return Ok(());
    }
    Err(format!(
        "the search for {query} finds {} articles, {found:?}, instead of {expected:?}",
        hits.total
    ))
}

/// Returns the messages of an error and its causes.
pub fn chain(error: &Error) -> String {
    let causes = std::iter::successors(Some(error as &dyn std::error::Error), |cause| {
        cause.source()
    });
    causes
        .map(|cause| cause.to_string())
        .collect::<Vec<_>>()
        .join(": ")
}
