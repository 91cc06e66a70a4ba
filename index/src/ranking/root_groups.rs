//! Root groups: the stems of an index that share their consonants, and therefore often their root,
//! such as `كاتب`, `كتابة` and `كتاب`. They add a little to the score. They never make an article
//! match, and are not marked.

use std::cmp::Reverse;

use rustc_hash::FxHashMap;

use fihrist_arabic::skeleton;

/// The greatest number of stems in a group; the most frequent stems remain.
const MAX_GROUP_STEMS: usize = 5;
/// In a collection of this many articles, some typing errors look like members of a root group.
const LARGE_COLLECTION: u64 = 1_000;
/// In a large collection, a stem must occur in at least this many articles.
const MIN_ARTICLES_IN_LARGE: u64 = 3;

/// The root groups of an index: the stems of each skeleton.
#[derive(Debug, Default)]
pub struct RootGroups {
    groups: FxHashMap<Box<str>, Vec<Box<str>>>,
}

impl RootGroups {
    /// Groups the stems of the article bodies, each with its document frequency. `articles` is the
    /// size of the collection.
    pub fn new<S: Into<Box<str>> + AsRef<str>>(
        stems: impl IntoIterator<Item = (S, u64)>,
        articles: u64,
    ) -> Self {
        let min_articles = if articles < LARGE_COLLECTION {
            1
        } else {
            MIN_ARTICLES_IN_LARGE
        };
        let mut counted: FxHashMap<Box<str>, Vec<_>> = FxHashMap::default();
        for (stem, count) in stems {
            if count < min_articles {
                continue;
            }
            if let Some(skeleton) = skeleton(stem.as_ref()) {
                let group = counted.entry(skeleton.into()).or_default();
                group.push((Reverse(count), stem.into()));
            }
        }
        counted.retain(|_, group| group.len() > 1);
        let mut groups = FxHashMap::default();
        for (skeleton, mut group) in counted {
            group.sort_unstable();
            group.truncate(MAX_GROUP_STEMS);
            groups.insert(skeleton, group.into_iter().map(|(_, stem)| stem).collect());
        }
        Self { groups }
    }

    /// Returns the other stems in the root group of `stem`, the most frequent first.
    pub fn of_stem<'a>(&'a self, stem: &'a str) -> impl Iterator<Item = &'a str> {
        let group = skeleton(stem).and_then(|skeleton| self.groups.get(skeleton.as_str()));
        group
            .into_iter()
            .flatten()
            .map(|other| &**other)
            .filter(move |other| *other != stem)
            .take(MAX_GROUP_STEMS - 1)
    }
}
