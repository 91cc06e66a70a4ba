//! Similar articles: computes how much of an article's subject another one shares. The functions
//! are pure; backends count the stems.
//!
//! As in Lucene's `MoreLikeThis` (`org.apache.lucene.queries.mlt`), the stems that distinguish an
//! article are chosen by tf·idf and searched together. Weights multiply as in the vector space
//! model (Salton and Buckley, "Term-weighting approaches in automatic text retrieval", 1988).
//! Repeated occurrences count less and less, as in BM25 (Robertson and Zaragoza, "The Probabilistic
//! Relevance Framework", 2009).

use super::inverse_document_frequency;

/// The greatest number of distinctive stems of an article. A larger number costs time and does not
/// improve the result.
pub const MAX_DISTINCTIVE_STEMS: usize = 32;

/// A similar article shares at least this many distinctive stems. One shared rare stem is often
/// chance.
pub const MIN_SHARED_STEMS: usize = 2;

/// A similar article has at least this score. Its value was chosen by reading the similar articles
/// of twenty news articles: all with a lower score were on another subject.
pub const MIN_SCORE: f32 = 0.125;

/// A distinctive stem occurs in at least this many articles. A stem that no other article holds
/// finds nothing.
const MIN_ARTICLES: u64 = 2;

/// What an occurrence in the title adds to [`presence`]. All occurrences in the body together add
/// less than `K1 + 1`.
const TITLE: f32 = 2.0;

const K1: f32 = 1.2;
const B: f32 = 0.75;

/// A stem of an article, and how often it occurs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StemCount {
    /// The stem.
    pub stem: String,
    /// The number of occurrences of the stem in the body.
    pub body: u32,
    /// Whether the title holds the stem.
    pub is_in_title: bool,
}

/// The subject of an article, given by the stems of its title and body.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Subject {
    /// The stems, without stop words and numbers.
    pub stems: Vec<StemCount>,
    /// The number of words in the article's body.
    pub body_words: u32,
}

/// A stem that distinguishes an article from others.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DistinctiveStem {
    /// The index of the stem in [`Subject::stems`].
    pub place: usize,
    /// The weight of the stem in a score. The score of another article is the sum, over all stems,
    /// of this weight times the [`presence`] of the stem.
    pub weight: f32,
}

/// Returns how strongly a stem is present in an article, as in BM25. Each further occurrence in the
/// body adds less. An occurrence in a long body adds less than one in a short body.
pub fn presence(body: u32, is_in_title: bool, body_words: f32, mean_body_words: f32) -> f32 {
    let body = body as f32;
    let in_body = if body > 0.0 {
        body * (K1 + 1.0) / (body + K1 * (1.0 - B + B * body_words / mean_body_words.max(1.0)))
    } else {
        0.0
    };
    in_body + if is_in_title { TITLE } else { 0.0 }
}

/// Returns the stems that distinguish an article from the others of a collection, the most
/// distinctive first. Their weights give the article itself the score 1. `articles` is the size of
/// the collection, and `articles_with` holds the document frequency of each stem.
pub fn distinctive_stems(
    subject: &Subject,
    articles: u64,
    mean_body_words: f32,
    articles_with: &[u64],
) -> Vec<DistinctiveStem> {
    let words = subject.body_words as f32;
    let mut all: Vec<(DistinctiveStem, f32)> = Vec::new();
    for (place, (stem, holding)) in subject.stems.iter().zip(articles_with).enumerate() {
        if *holding < MIN_ARTICLES {
            continue;
        }
        let rarity = inverse_document_frequency(articles, *holding);
        let presence_here = presence(stem.body, stem.is_in_title, words, mean_body_words);
        let weight = presence_here * rarity * rarity;
        all.push((DistinctiveStem { place, weight }, presence_here));
    }
    let text = |distinctive: &DistinctiveStem| {
        let stem = subject.stems.get(distinctive.place);
        stem.map(|stem| stem.stem.as_str())
    };
    // Equally distinctive stems are ordered alphabetically, so that the result does not depend on
    // the order of the article's words.
    all.sort_by(|(one, _), (other, _)| {
        let by_weight = other.weight.total_cmp(&one.weight);
        by_weight.then_with(|| text(one).cmp(&text(other)))
    });
    all.truncate(MAX_DISTINCTIVE_STEMS);
    let own_score: f32 = all
        .iter()
        .map(|(distinctive, presence_here)| distinctive.weight * presence_here)
        .sum();
    let mut stems = Vec::with_capacity(all.len());
    for (DistinctiveStem { place, weight }, _) in all {
        let weight = weight / own_score.max(f32::MIN_POSITIVE);
        stems.push(DistinctiveStem { place, weight });
    }
    stems
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn stem(stem: &str, body: u32, is_in_title: bool) -> StemCount {
        StemCount {
            stem: stem.to_owned(),
            body,
            is_in_title,
        }
    }

    #[test]
    fn frequent_rare_and_titular_stems_tell_most() {
        let stems = vec![
            stem("ميناء", 2, false),
            stem("قال", 2, false),
            stem("جسر", 2, true),
            stem("مركب", 4, false),
            stem("ندر", 9, true),
        ];
        let distinctive = distinctive_stems(
            &Subject {
                stems,
                body_words: 100,
            },
            1_000,
            100.0,
            &[10, 700, 10, 10, 1],
        );
        let places: Vec<_> = distinctive
            .iter()
            .map(|distinctive| distinctive.place)
            .collect();
        assert_eq!(places, [2, 3, 0, 1], "the last is in no other article");
    }

    #[test]
    fn presence_grows_ever_less_and_shrinks_with_length() {
        let check = |more: f32, less: f32| assert!(more > less, "{more} and {less}");
        let of = |body| presence(body, false, 100.0, 100.0);
        check(of(2), of(1));
        check(of(2) - of(1), of(3) - of(2));
        check(
            presence(1, false, 50.0, 100.0),
            presence(1, false, 500.0, 100.0),
        );
        check(presence(0, true, 50.0, 100.0), 0.0);
        assert_eq!(presence(0, false, 50.0, 100.0), 0.0);
    }

    proptest! {
        #[test]
        fn an_article_has_the_score_one_with_itself(
            counts in proptest::collection::vec((0..40u32, any::<bool>(), 0..90u64), 0..60),
            body_words in 0..5_000u32,
            mean in 0.0..3_000f32,
        ) {
            let stems = (0..).zip(&counts).map(|(i, (body, title, _))| stem(&format!("{i:02}"), *body, *title)).collect();
            let holding: Vec<u64> = counts.iter().map(|(.., holding)| *holding).collect();
            let subject = Subject { stems, body_words };
            let distinctive = distinctive_stems(&subject, 60, mean, &holding);
            prop_assert!(distinctive.len() <= MAX_DISTINCTIVE_STEMS);
            let own: f32 = distinctive.iter().map(|one| {
                let StemCount { body, is_in_title, .. } = subject.stems[one.place];
                one.weight * presence(body, is_in_title, body_words as f32, mean)
            }).sum();
            prop_assert!(own == 0.0 || (own - 1.0).abs() < 1e-3, "{own}");
        }
    }
}
