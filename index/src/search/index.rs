//! The entry point of searching: opens an index, and runs searches over its snapshots. The modules
//! `articles`, `explain`, `similar` and `suggest` add methods to [`Index`].

use std::mem;
use std::sync::Arc;
use std::time::Instant;

use super::analyze_query::analyze_query;
use super::cursor::Cursor;
use super::execute::execute;
use super::explain::Explainer;
use super::facets::{Facet, MAX_VALUES, begins};
use super::histogram::{Histogram, Interval};
use super::hits::{Hit, Hits};
use super::pinned_snapshots::PinnedSnapshots;
use super::relaxation::operator::find;
use super::request::{Matching, Operator, SearchRequest};
use super::searcher::Searcher;
use super::spellings::look_up_related_words;
use crate::answer_limit::{AnswerLimit, OBJECT_BYTES};
use crate::backend::{
    self, Backend, Candidate, Location, Page, PreparedQuery, SearchContext, Snapshot, Start,
    Summary, Wanted,
};
use crate::deadline::Deadline;
use crate::document::{ArticleId, StoredArticle};
use crate::error::Result;
use crate::query::{self, Keyword, Scope, WORDS_OF_COSTLY_CLAUSE};
use crate::ranking::Weights;
use crate::snippet::{Fragment, Highlighter};
use crate::timings::{SearchTimings, Stage};

/// A query that is shorter than this, in bytes, is parsed at once.
const SHORT_QUERY_BYTES: usize = 200;

/// An index that is open for searching. Several threads may share it.
#[derive(Clone)]
pub struct Index {
    backend: Arc<dyn Backend>,
    pinned: Arc<PinnedSnapshots>,
    pub(super) context: SearchContext,
}

impl Index {
    /// Opens the index at a location.
    pub fn open(location: impl Into<Location>) -> Result<Self> {
        Ok(Self {
            backend: backend::open(&location.into())?,
            pinned: Arc::default(),
            context: SearchContext::default(),
        })
    }

    /// Returns the same index for a caller with a deadline. Operations that run past the deadline
    /// fail with [`Error::TimedOut`](crate::Error::TimedOut), cancelled ones with
    /// [`Error::Cancelled`](crate::Error::Cancelled).
    pub fn within(&self, deadline: Deadline) -> Self {
        let mut index = self.clone();
        index.context.deadline = deadline;
        index
    }

    /// Returns the same index; its searches record in `timings` how long each stage takes.
    pub fn timed(&self, timings: SearchTimings) -> Self {
        let mut index = self.clone();
        index.context.timings = timings;
        index
    }

    /// Returns the same index for a caller with a limit of the answer. Operations whose answer
    /// would be larger fail with [`Error::AnswerTooLarge`](crate::Error::AnswerTooLarge).
    pub fn limited(&self, answer: AnswerLimit) -> Self {
        let mut index = self.clone();
        index.context.answer = answer;
        index
    }

    /// Returns how much work a query is, in words: see [`Query::work_words`](query::Query::work_words).
    /// A long query is not parsed, but estimated from above, because a caller decides by the result
    /// whether to spend time on the query at all.
    pub fn work_words(&self, query: &str) -> usize {
        let words = query.split(|c: char| !c.is_alphanumeric());
        let words = words.filter(|word| !word.is_empty()).count();
        let near = ["NEAR", "قرب/"].map(|near| query.matches(near).count());
        let signs = query.matches(['*', '?', '؟', '~']).count();
        let costly_clauses = near.into_iter().sum::<usize>() + signs;
        if costly_clauses > 0 && query.len() < SHORT_QUERY_BYTES {
            query::parse(query, self.snapshot().analyzer()).work_words()
        } else {
            words + costly_clauses * WORDS_OF_COSTLY_CLAUSE
        }
    }

    /// Makes new commits, and a generation that has become current, visible to later searches.
    pub fn refresh(&self) -> Result<()> {
        self.pinned.tidy(Instant::now());
        self.backend.refresh()
    }

    /// Runs a search.
    pub fn search(&self, request: &SearchRequest) -> Result<Hits> {
        self.context.deadline.run(|| {
            let (snapshot, start) = self.start(request);
            let searcher = self.searcher(&snapshot);
            let page = Page {
                limit: request.limit,
                start,
                order: request.order,
                collapses: request.collapses,
                at_least: 0,
            };
            let mut executed = execute(searcher, request, page)?;
            if request.names_related {
                look_up_related_words(&mut executed.query, searcher)?;
            }
            let found = mem::take(&mut executed.outcome.found.hits);
            let total = executed.outcome.found.total;
            let shown = executed.outcome.found.start + found.len();
            let next_cursor = found
                .last()
                .and_then(|(last, _)| self.next_cursor(request, &snapshot, last, shown, total));
            let hits = show(searcher, request, executed.prepared(), found)?;
            let (facets, histogram) = summaries(searcher, request, executed.prepared())?;
            Ok(Hits {
                input: executed.input,
                query: executed.query,
                total,
                relaxed: executed.outcome.relaxed,
                did_you_mean: executed.correction.map(|meant| meant.text),
                hits,
                facets,
                histogram,
                next_cursor,
            })
        })
    }

    /// Returns the `limit` most frequent values of a field in all articles that match. Each value
    /// has a word that begins with `prefix`.
    pub fn facet(
        &self,
        request: &SearchRequest,
        field: Keyword,
        prefix: &str,
        limit: usize,
    ) -> Result<Facet> {
        self.run(|searcher| {
            let accepts = begins(prefix);
            let wanted = Wanted {
                fields: &[field],
                limit,
                accepts: (!prefix.trim().is_empty()).then_some(&accepts),
                days: false,
            };
            let executed = execute(searcher, request, Page::COUNT)?;
            let mut summary = summarize(searcher, executed.prepared(), &wanted)?;
            let values = summary.values.pop().unwrap_or_default();
            Ok(Facet::new(field, values))
        })
    }

    /// Returns the number of matching articles in each interval of time.
    pub fn histogram(&self, request: &SearchRequest, interval: Interval) -> Result<Histogram> {
        self.run(|searcher| {
            let wanted = Wanted {
                fields: &[],
                limit: 0,
                accepts: None,
                days: true,
            };
            let executed = execute(searcher, request, Page::COUNT)?;
            let summary = summarize(searcher, executed.prepared(), &wanted)?;
            Ok(Histogram::new(&summary, interval))
        })
    }

    /// Returns the ids and scores of the first `limit` articles in the default ranking, computed
    /// with these weights. Programs that measure the ranking use it: it makes no snippets.
    pub fn rank(
        &self,
        query: &str,
        weights: &Weights,
        limit: usize,
    ) -> Result<Vec<(ArticleId, f32)>> {
        let snapshot = self.snapshot();
        let searcher = Searcher {
            weights,
            ..self.searcher(&snapshot)
        };
        // Without this, articles that hold only related stems would match with score 0.
        let matching = if weights.related > 0.0 {
            Matching::Auto
        } else {
            Matching::Stem
        };
        let query = analyze_query(query, matching, Scope::ALL, searcher)?;
        let page = Page {
            limit,
            ..Page::COUNT
        };
        let found = find(searcher, &query, Operator::Auto, page)?.found;
        let ranked = found.hits.into_iter();
        Ok(ranked
            .map(|(candidate, stored)| (stored.article.id, candidate.rank.score))
            .collect())
    }

    pub(super) fn snapshot(&self) -> Arc<dyn Snapshot> {
        self.backend.snapshot()
    }

    pub(super) fn searcher<'a>(&'a self, snapshot: &'a Arc<dyn Snapshot>) -> Searcher<'a> {
        Searcher {
            snapshot: snapshot.as_ref(),
            context: &self.context,
            weights: &Weights::DEFAULT,
        }
    }

    /// Runs `work` on the current snapshot. Fails if the deadline has passed when it returns.
    pub(super) fn run<T>(&self, work: impl FnOnce(Searcher<'_>) -> Result<T>) -> Result<T> {
        let snapshot = self.snapshot();
        self.context.deadline.run(|| work(self.searcher(&snapshot)))
    }

    /// Returns the snapshot of a request's page, and the position in its ranking at which the page
    /// starts.
    ///
    /// A cursor names the snapshot of its first page. If that snapshot is current or still pinned,
    /// the page comes from it. Otherwise the page comes from the current snapshot, and starts after
    /// the cursor's sort key.
    fn start(&self, request: &SearchRequest) -> (Arc<dyn Snapshot>, Start) {
        let current = self.snapshot();
        let Some(cursor) = request.cursor else {
            return (current, Start::Offset(request.offset));
        };
        let shown = Start::Offset(cursor.shown as usize);
        if current.version() == cursor.version {
            return (current, shown);
        }
        match self.pinned.get(cursor.version, Instant::now()) {
            Some(pinned) => (pinned, shown),
            None => (
                current,
                Start::After {
                    sort_key: cursor.sort_key,
                    shown: cursor.shown as usize,
                },
            ),
        }
    }

    /// Returns the cursor that continues after the hit `last`, up to which `shown` of all hits were
    /// shown, and pins the snapshot of the page. Returns `None` after the last page.
    fn next_cursor(
        &self,
        request: &SearchRequest,
        snapshot: &Arc<dyn Snapshot>,
        last: &Candidate,
        shown: usize,
        total: u64,
    ) -> Option<String> {
        let shown = u32::try_from(shown).ok()?;
        if u64::from(shown) >= total {
            return None;
        }
        self.pinned.pin(snapshot, Instant::now());
        let cursor = Cursor {
            version: snapshot.version(),
            sort_key: last.rank.sort_key(),
            shown,
        };
        Some(cursor.to_text(request))
    }
}

/// Makes hits of the articles on a page: adds their snippets and explanations.
fn show(
    searcher: Searcher<'_>,
    request: &SearchRequest,
    query: PreparedQuery<'_>,
    found: Vec<(Candidate, StoredArticle)>,
) -> Result<Vec<Hit>> {
    let SearchContext {
        deadline,
        timings,
        answer,
    } = searcher.context;
    let highlighter =
        Highlighter::new(query.query, searcher.analyzer(), request.highlight).within(deadline);
    let explainer = if request.explains && !found.is_empty() {
        Some(Explainer::new(searcher, query)?)
    } else {
        None
    };
    let mut hits = Vec::with_capacity(found.len());
    for (candidate, stored) in found {
        deadline.check()?;
        let _showing = timings.time(Stage::Snippets);
        let matched = highlighter.find_in(&stored);
        let article = stored.article;
        let hit = Hit {
            title: matched.title(&article),
            snippets: matched.snippets(&article, request.snippets),
            explanation: match &explainer {
                Some(explainer) => explainer.explain_article(&article)?,
                None => None,
            },
            score: candidate.rank.score,
            duplicates: candidate.copies,
            article,
        };
        answer.charge(answer_bytes(&hit))?;
        hits.push(hit);
    }
    Ok(hits)
}

/// Returns about how many bytes a hit takes in an answer, without its explanation, which is charged
/// while it is made.
fn answer_bytes(hit: &Hit) -> usize {
    let of_fragments = |fragments: &[Fragment]| -> usize {
        let sizes = fragments.iter().map(|fragment| fragment.text.len());
        sizes.map(|size| size + FRAGMENT_BYTES).sum()
    };
    let article = &hit.article;
    let texts = [&article.source, &article.section, &article.url];
    let texts = texts.into_iter().flatten().chain(&article.authors);
    let snippets = hit.snippets.iter();
    2 * OBJECT_BYTES
        + of_fragments(&hit.title)
        + texts.map(String::len).sum::<usize>()
        + snippets
            .map(|snippet| OBJECT_BYTES + of_fragments(&snippet.fragments))
            .sum::<usize>()
}

/// What a fragment takes in an answer beside its text, in bytes.
const FRAGMENT_BYTES: usize = 30;

/// Returns the facets and the histogram that a request asks for.
fn summaries(
    searcher: Searcher<'_>,
    request: &SearchRequest,
    query: PreparedQuery<'_>,
) -> Result<(Vec<Facet>, Option<Histogram>)> {
    let wanted = Wanted {
        fields: &request.facets,
        limit: MAX_VALUES,
        accepts: None,
        days: request.histogram.is_some(),
    };
    if wanted.fields.is_empty() && !wanted.days {
        return Ok((Vec::new(), None));
    }
    let mut summary = summarize(searcher, query, &wanted)?;
    let mut facets = Vec::with_capacity(request.facets.len());
    for (field, values) in request.facets.iter().zip(summary.values.drain(..)) {
        facets.push(Facet::new(*field, values));
    }
    let histogram = request.histogram;
    let histogram = histogram.map(|interval| Histogram::new(&summary, interval));
    Ok((facets, histogram))
}

/// Counts the articles that match, by field value and by day.
fn summarize(
    searcher: Searcher<'_>,
    query: PreparedQuery<'_>,
    wanted: &Wanted<'_>,
) -> Result<Summary> {
    let _finding = searcher.context.timings.time(Stage::Find);
    searcher.snapshot.summarize(query, wanted, searcher.context)
}
