//! The contract of a backend, run against a real one: articles that are written can be read and
//! found.

mod writing;

use fihrist_index::document::{Confidence, DateOrigin, Precision, Published};
use fihrist_index::search::{Hits, Relaxed, SearchRequest, Weights};
use fihrist_index::{Article, ArticleId, Index, IndexWriter, Upserted};

use crate::support::articles;
use crate::support::indexes;
use crate::support::location::TestLocation;

fn article(id: &str, title: &str, body: &str) -> Article {
    Article {
        source: Some("صحيفة المرفأ".to_owned()),
        section: Some("سياسة".to_owned()),
        authors: vec!["سالم \"الكاتب\" \\ الأول".to_owned()],
        url: Some("https://example.org/1".to_owned()),
        published: Some(Published {
            date: "2020-03".to_owned(),
            precision: Precision::Month,
            origin: DateOrigin::Text,
            confidence: Confidence::Likely,
            timestamp_seconds: 1_583_020_800,
        }),
        unmapped: Some(r#"{"tags":["ميناء","a\"b"],"views":3}"#.into()),
        ..articles::article(id, title, body)
    }
}

/// Returns an index of three articles.
fn indexed() -> (TestLocation, Index) {
    let data = TestLocation::new();
    let writer = IndexWriter::open(data.at()).expect("a writer");
    for article in [
        article(
            "هدنة/1",
            "قبول الهدنة",
            "رحب المجلس بوقف اطلاق النار في ليبيا. ثم رفعت الجلسة.",
        ),
        article(
            "2",
            "جلسة المجلس",
            "بحث المجلس أسعار القمح. وقال «النار لا تطفأ بالوقف» أحد الحاضرين.",
        ),
        article("3", "سوق القمح", "ارتفعت أسعار القمح في السوق أمس."),
    ] {
        assert_eq!(writer.upsert(&article).expect("indexed"), Upserted::Indexed);
    }
    writer.finish().expect("committed");
    let index = Index::open(data.at()).expect("an index");
    (data, index)
}

fn search(index: &Index, query: &str) -> Hits {
    index.search(&SearchRequest::new(query)).expect("an answer")
}

/// Searches without relaxing the query.
fn search_strictly(index: &Index, query: &str) -> Hits {
    index
        .search(&SearchRequest {
            relaxes: false,
            ..SearchRequest::new(query)
        })
        .expect("an answer")
}

fn ids(hits: &Hits) -> Vec<&str> {
    let mut ids = indexes::ids(hits);
    ids.sort_unstable();
    ids
}

#[test]
fn a_stored_article_is_returned_unchanged() {
    let (_data, index) = indexed();
    let id = ArticleId::new("هدنة/1").expect("an id");
    let expected = article(
        "هدنة/1",
        "قبول الهدنة",
        "رحب المجلس بوقف اطلاق النار في ليبيا. ثم رفعت الجلسة.",
    );
    assert_eq!(index.article(&id).expect("an answer"), Some(expected));
    assert_eq!(
        index
            .article(&ArticleId::new("4").expect("an id"))
            .expect("an answer"),
        None
    );
}

#[test]
fn rank_gives_the_ranking_of_a_search() {
    let (_data, index) = indexed();
    for query in [
        "المجلس القمح",
        "\"وقف إطلاق النار\"",
        "هدنة سوق",
        "أسعار -السوق",
        "زرافة",
        "",
    ] {
        let shown: Vec<_> = search(&index, query)
            .hits
            .into_iter()
            .map(|hit| (hit.article.id, hit.score))
            .collect();
        let ranked = index
            .rank(query, &Weights::default(), 10)
            .expect("a ranking");
        assert_eq!(ranked, shown, "{query}");
        assert!(
            ranked.is_sorted_by(|one, next| one.1 >= next.1),
            "scores rise: {ranked:?}"
        );
        assert_eq!(
            index
                .rank(query, &Weights::default(), 1)
                .expect("a ranking"),
            shown[..shown.len().min(1)],
            "{query}"
        );
    }
}

#[test]
fn a_phrase_matches_despite_clitics_and_spelling_but_only_in_order() {
    let (_data, index) = indexed();
    let hits = search(&index, "\"وقف إطلاق النار\"");
    assert_eq!(ids(&hits), ["هدنة/1"]);
    let marked: Vec<&str> = hits.hits[0]
        .snippets
        .iter()
        .flat_map(|s| &s.fragments)
        .filter(|f| f.is_match)
        .map(|f| f.text.as_str())
        .collect();
    assert_eq!(marked, ["بوقف اطلاق النار"]);
    assert_eq!(
        ids(&search_strictly(&index, "\"النار إطلاق\"")),
        Vec::<&str>::new()
    );
}

#[test]
fn an_exact_form_matches_only_its_own_spelling() {
    let data = TestLocation::new();
    let writer = IndexWriter::open(data.at()).expect("a writer");
    for (id, body) in [
        ("careful", "أعلنت الحكومة إطلاق المبادرة على الفور."),
        ("hasty", "اعلنت الحكومه اطلاق المبادره علي الفور."),
        ("marked", "أعلنتِ الحكومةُ إطْلاقَ المبادرةِ عـلى الفور."),
        ("other", "أعلنت حكومة الجزيرة بإطلاق المبادرات علي الفور."),
    ] {
        writer.upsert(&article(id, "خبر", body)).expect("indexed");
    }
    writer.finish().expect("committed");
    let index = Index::open(data.at()).expect("an index");
    for (query, expected) in [
        ("=إطلاق", vec!["careful", "marked"]),
        ("=اطلاق", vec!["hasty"]),
        ("=الحكومة", vec!["careful", "marked"]),
        ("=حكومة", vec!["other"]),
        ("=على", vec!["careful", "marked"]),
        ("=علي", vec!["hasty", "other"]),
        ("=\"إطلاق المبادرة\"", vec!["careful", "marked"]),
        ("=\"اطلاق المبادره\"", vec!["hasty"]),
        ("المبادرة -=إطلاق", vec!["hasty", "other"]),
        ("إطلاق", vec!["careful", "hasty", "marked", "other"]),
    ] {
        assert_eq!(ids(&search(&index, query)), expected, "{query}");
    }
    // A query typed with hamzas is deliberate, so articles in that spelling come first.
    let best = |query| search(&index, query).hits[0].article.id.as_str().to_owned();
    assert_ne!(best("إطلاق"), "hasty");
}

#[test]
fn a_phrase_that_matches_nowhere_is_relaxed_to_its_words() {
    let (_data, index) = indexed();
    let matched = search(&index, "\"وقف إطلاق النار\" ليبيا");
    assert_eq!((ids(&matched), matched.relaxed), (vec!["هدنة/1"], None));
    let relaxed = search(&index, "\"وقف إطلاق النار\" القمح");
    assert_eq!(
        relaxed.hits.first().map(|hit| hit.article.id.as_str()),
        Some("هدنة/1")
    );
    assert_eq!(
        relaxed.relaxed,
        Some(Relaxed::AnyPart { with_all_words: 0 })
    );
    let alone = search(&index, "\"النار إطلاق\"");
    assert_eq!(
        (ids(&alone), alone.relaxed),
        (
            vec!["2", "هدنة/1"],
            Some(Relaxed::AnyPart { with_all_words: 0 })
        )
    );
    assert_eq!(search_strictly(&index, "\"النار إطلاق\"").total, 0);
}

#[test]
fn articles_with_all_words_come_first_and_relaxing_is_reported() {
    let (_data, index) = indexed();
    let all = search(&index, "القمح المجلس");
    assert_eq!(
        all.hits.first().map(|hit| hit.article.id.as_str()),
        Some("2")
    );
    assert_eq!(all.relaxed, Some(Relaxed::AnyWord { with_all_words: 1 }));
    let some = search(&index, "القمح ليبيا");
    assert_eq!(
        (ids(&some), some.relaxed),
        (
            vec!["2", "3", "هدنة/1"],
            Some(Relaxed::AnyWord { with_all_words: 0 })
        )
    );
    let none = search(&index, "زرافة");
    assert_eq!((none.total, none.relaxed), (0, None));
}

#[test]
fn exclusions_work_alone_and_with_words() {
    let (_data, index) = indexed();
    assert_eq!(ids(&search(&index, "القمح -المجلس")), ["3"]);
    assert_eq!(ids(&search(&index, "-القمح")), ["هدنة/1"]);
    assert_eq!(ids(&search(&index, "المجلس -\"أسعار القمح\"")), ["هدنة/1"]);
    assert_eq!(ids(&search(&index, "؟؟؟")), Vec::<&str>::new());
}
