//! Which articles share the subject of one: the cluster proposes those that hold its telling stems, here they are weighed.
//! Which stems those are and what they weigh, [`crate::ranking::similar`] says.

use rustc_hash::{FxHashMap, FxHashSet};
use serde_json::{Value, json};

use super::candidate::{Candidate, fetched, sorted};
use super::schema::{CLUSTER, level_name};
use super::view::View;
use crate::backend::Order;
use crate::deadline::Deadline;
use crate::document::AnalyzedArticle;
use crate::document::{Article, Field};
use crate::error::Result;
use crate::query::Level;
use crate::ranking::TermStatistics as _;
use crate::ranking::similar::{
    MIN_SCORE, MIN_SHARED_STEMS, Neighbour, Subject, Telling, presence, telling,
};

/// So many are weighed beyond those that are wanted.
const WEIGHED: usize = 100;

/// The articles that share most, at most `limit`.
pub fn similar(
    view: &View,
    deadline: &Deadline,
    own: &Candidate,
    subject: &Subject,
    limit: usize,
) -> Result<Vec<Neighbour>> {
    let mut holding = Vec::with_capacity(subject.stems.len());
    for stem in &subject.stems {
        // The article is one that holds it; the others are at least as many as in either field.
        let others = |field, is_here: bool| -> Result<u64> {
            let holding = view.dictionary.frequency(field, Level::Stem, &stem.stem)?;
            Ok(holding.saturating_sub(u64::from(is_here)))
        };
        holding.push(
            1 + others(Field::Title, stem.is_in_title)?.max(others(Field::Body, stem.body > 0)?),
        );
    }
    let [_, mean, _] = view.dictionary.mean_words();
    let telling = telling(subject, view.articles, mean, &holding);
    let mut body = json!({
        "size": limit + WEIGHED,
        "track_total_hits": false,
        "query": proposed(view, own, subject, &telling, &holding),
        "sort": sorted(Order::Relevance),
    });
    fetched(&mut body, true);
    let candidates = Candidate::all(&view.search(deadline, &body)?, Order::Relevance)?;
    let mut sharers: Vec<(Candidate, Vec<usize>)> = Vec::new();
    for mut candidate in candidates {
        deadline.check()?;
        let Some(article) = &candidate.article else {
            continue;
        };
        let (score, shared) = weigh(view, article, subject, &telling, mean);
        if score >= MIN_SCORE && shared.len() >= MIN_SHARED_STEMS {
            candidate.rescore(score, Order::Relevance);
            sharers.push((candidate, shared));
        }
    }
    sharers.sort_by(|(one, _), (other, _)| one.compare(other));
    let mut shown: FxHashSet<u64> = FxHashSet::default();
    sharers.retain(|(candidate, _)| shown.insert(candidate.cluster));
    let neighbour = |(candidate, shared): (Candidate, Vec<usize>)| {
        let duplicates = view.copies_of(candidate.cluster);
        let score = candidate.score.min(1.0);
        candidate.article.map(|article| Neighbour {
            article,
            score,
            duplicates,
            shared,
        })
    };
    Ok(sharers
        .into_iter()
        .take(limit)
        .filter_map(neighbour)
        .collect())
}

/// A query whose order is nearly that of the weights.
fn proposed(
    view: &View,
    own: &Candidate,
    subject: &Subject,
    telling: &[Telling],
    holding: &[u64],
) -> Value {
    let stems = telling.iter().filter_map(|Telling { place, weight }| {
        let stem = &subject.stems.get(*place)?.stem;
        // What the cluster multiplies by is taken out beforehand.
        let (articles, holding) = (view.articles as f32, *holding.get(*place)? as f32);
        let rarity = (1.0 + (articles - holding + 0.5).max(0.0) / (holding + 0.5)).ln().max(0.01);
        let boost = weight / rarity * 1_000.0;
        let term = |field| json!({"term": {level_name(field, Level::Stem): {"value": stem, "boost": boost}}});
        Some(json!({"bool": {"should": [term(Field::Title), term(Field::Body)]}}))
    });
    let stems: Vec<Value> = stems.collect();
    json!({"bool": {
        "should": stems,
        "minimum_should_match": MIN_SHARED_STEMS,
        "must_not": [{"ids": {"values": [own.id]}}, {"term": {CLUSTER: own.cluster}}],
    }})
}

/// How much of the subject an article shares, and the places of what it shares, the most telling first.
fn weigh(
    view: &View,
    article: &Article,
    subject: &Subject,
    telling: &[Telling],
    mean: f32,
) -> (f32, Vec<usize>) {
    let analyzed = AnalyzedArticle::new(article, 0, &view.generation.analyzer);
    let [title, body, _captions] = &analyzed.fields;
    let titular: FxHashSet<&str> = title.stems().collect();
    let (mut counts, mut words) = (FxHashMap::<&str, u32>::default(), 0u32);
    for stem in body.stems() {
        *counts.entry(stem).or_default() += 1;
        words += 1;
    }
    let (mut score, mut shared) = (0.0, Vec::new());
    for Telling { place, weight } in telling {
        let Some(stem) = subject.stems.get(*place).map(|stem| stem.stem.as_str()) else {
            continue;
        };
        let (times, is_in_title) = (
            counts.get(stem).copied().unwrap_or_default(),
            titular.contains(stem),
        );
        if times > 0 || is_in_title {
            score += weight * presence(times, is_in_title, words as f32, mean);
            shared.push(*place);
        }
    }
    (score, shared)
}
