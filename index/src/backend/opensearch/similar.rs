//! Finds the articles that share the distinctive stems of an article. The cluster proposes articles
//! that hold its distinctive stems, and the scores are computed here. [`crate::ranking::similar`]
//! chooses the stems and their weights.

use std::cmp::Reverse;

use rustc_hash::{FxHashMap, FxHashSet};
use serde_json::{Value, json};

use super::{CLUSTER, View, article_of, find, level_name, set_hit_parts, sort_of};
use crate::backend::{Candidate, Order, SearchContext, SimilarCandidates};
use crate::document::{AnalyzedArticle, Article, Field};
use crate::error::Result;
use crate::query::Level;
use crate::ranking::similar::{
    DistinctiveStem, MIN_SCORE, MIN_SHARED_STEMS, Subject, distinctive_stems, presence,
};

/// Returns the best of the first `wanted` articles that the cluster proposes.
pub fn similar(
    view: &View,
    context: &SearchContext,
    own: &Candidate,
    subject: &Subject,
    wanted: usize,
) -> Result<SimilarCandidates> {
    let holding = subject.stems.iter().map(|stem| {
        // The number of articles that hold the stem in any field is unknown. It is at least 1, for
        // the article itself, plus the greater number of others in one field.
        let others = |field, is_here: bool| -> u64 {
            let holding = view.dictionary.frequency(field, Level::Stem, &stem.stem);
            holding.saturating_sub(u64::from(is_here))
        };
        let in_title = others(Field::Title, stem.is_in_title);
        1 + in_title.max(others(Field::Body, stem.body > 0))
    });
    let holding: Vec<u64> = holding.collect();
    let [_, mean, _] = view.dictionary.mean_words();
    let distinctive = distinctive_stems(subject, view.dictionary.articles, mean, &holding);
    let mut body = json!({
        "size": wanted,
        "track_total_hits": false,
        "query": proposed(view, own, subject, &distinctive, &holding),
        "sort": sort_of(Order::Relevance),
    });
    set_hit_parts(&mut body, true);
    let proposed = find(view, context, &body, Order::Relevance)?;
    let mut best: Vec<(Candidate, Vec<usize>)> = Vec::new();
    for mut candidate in proposed.best {
        context.deadline.check()?;
        let Some(article) = article_of(&candidate) else {
            continue;
        };
        let (score, shared) = weigh(view, article, subject, &distinctive, mean);
        if score >= MIN_SCORE && shared.len() >= MIN_SHARED_STEMS {
            candidate.rescore(score, Order::Relevance);
            best.push((candidate, shared));
        }
    }
    best.sort_by_key(|(candidate, _)| Reverse(candidate.rank));
    // The cluster proposes at most `wanted` articles. One request is enough, so the caller must not
    // ask for more.
    Ok(SimilarCandidates { best, is_all: true })
}

/// Returns a query for articles that share enough stems. Its score is roughly the sum of the
/// weights of the shared stems.
fn proposed(
    view: &View,
    own: &Candidate,
    subject: &Subject,
    distinctive: &[DistinctiveStem],
    holding: &[u64],
) -> Value {
    let stems = distinctive.iter().map(|DistinctiveStem { place, weight }| {
        let stem = &subject.stems[*place].stem;
        // The cluster multiplies each boost by its own measure of rarity (IDF), so the boost is
        // divided by that.
        let articles = view.dictionary.articles as f32;
        let holding = holding[*place] as f32;
        let rarity = (1.0 + (articles - holding + 0.5).max(0.0) / (holding + 0.5)).ln().max(0.01);
        let boost = weight / rarity * 1_000.0;
        let term = |field| json!({"term": {level_name(field, Level::Stem): {"value": stem, "boost": boost}}});
        json!({"bool": {"should": [term(Field::Title), term(Field::Body)]}})
    });
    let stems: Vec<Value> = stems.collect();
    json!({"bool": {
        "should": stems,
        "minimum_should_match": MIN_SHARED_STEMS,
        "must_not": [{"ids": {"values": [own.id()]}}, {"term": {CLUSTER: own.cluster}}],
    }})
}

/// Returns the score of an article, and the indices of the stems that it shares, the most distinctive first.
fn weigh(
    view: &View,
    article: &Article,
    subject: &Subject,
    distinctive: &[DistinctiveStem],
    mean: f32,
) -> (f32, Vec<usize>) {
    let analyzed = AnalyzedArticle::new(article, 0, &view.generation.analyzer);
    let [title, body, _captions] = &analyzed.fields;
    let titular: FxHashSet<&str> = title.stems().collect();
    let mut counts = FxHashMap::<&str, u32>::default();
    for stem in body.stems() {
        *counts.entry(stem).or_default() += 1;
    }
    let mut score = 0.0;
    let mut shared = Vec::new();
    for DistinctiveStem { place, weight } in distinctive {
        let stem = subject.stems[*place].stem.as_str();
        let times = counts.get(stem).copied().unwrap_or_default();
        let is_in_title = titular.contains(stem);
        if times > 0 || is_in_title {
            score += weight * presence(times, is_in_title, body.len() as f32, mean);
            shared.push(*place);
        }
    }
    (score, shared)
}
