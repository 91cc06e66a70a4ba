//! What goes into an index comes out of it: the contract of a backend, run against a real one.

use fihrist_index::arabic::ANALYSIS_VERSION;
use fihrist_index::document::{Confidence, DateOrigin, Precision, Published};
use fihrist_index::search::{Hits, Relaxed, SearchRequest, Weights};
use fihrist_index::{Article, ArticleId, Error, ErrorKind, Index, IndexWriter, Remedy, Upserted};

use crate::articles;
use crate::place::Place;

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
        ..articles::article(id, title, body)
    }
}

/// An index of three articles.
fn indexed() -> (Place, Index) {
    let data = Place::new();
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

/// Searches for what was typed and for nothing looser.
fn search_strictly(index: &Index, query: &str) -> Hits {
    index
        .search(&SearchRequest {
            relaxes: false,
            ..SearchRequest::new(query)
        })
        .expect("an answer")
}

fn ids(hits: &Hits) -> Vec<&str> {
    let mut ids: Vec<&str> = hits
        .hits
        .iter()
        .map(|hit| hit.article.id.as_str())
        .collect();
    ids.sort_unstable();
    ids
}

#[test]
fn a_stored_article_comes_back_as_it_went_in() {
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
fn a_ranking_is_that_of_a_search() {
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
fn a_phrase_matches_across_clitics_and_spelling_and_nothing_looser() {
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
fn an_exact_form_holds_to_letters_and_spelling() {
    let data = Place::new();
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
    // Who writes the hamza is shown it first, and who leaves it out may be in haste.
    let best = |query| search(&index, query).hits[0].article.id.as_str().to_owned();
    assert_ne!(best("إطلاق"), "hasty");
}

#[test]
fn a_phrase_that_no_article_holds_with_the_rest_counts_as_its_words() {
    let (_data, index) = indexed();
    let kept = search(&index, "\"وقف إطلاق النار\" ليبيا");
    assert_eq!((ids(&kept), kept.relaxed), (vec!["هدنة/1"], None));
    let loosened = search(&index, "\"وقف إطلاق النار\" القمح");
    assert_eq!(
        loosened.hits.first().map(|hit| hit.article.id.as_str()),
        Some("هدنة/1")
    );
    assert_eq!(
        loosened.relaxed,
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
fn all_words_come_first_and_any_word_is_said_openly() {
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
fn exclusions_hold_alone_and_beside_words() {
    let (_data, index) = indexed();
    assert_eq!(ids(&search(&index, "القمح -المجلس")), ["3"]);
    assert_eq!(ids(&search(&index, "-القمح")), ["هدنة/1"]);
    assert_eq!(ids(&search(&index, "المجلس -\"أسعار القمح\"")), ["هدنة/1"]);
    assert_eq!(ids(&search(&index, "؟؟؟")), Vec::<&str>::new());
}

#[test]
fn an_article_replaces_the_one_with_its_id_and_the_same_again_is_unchanged() {
    let (data, index) = indexed();
    let mut writer = IndexWriter::open(data.at()).expect("a writer");
    let changed = article("3", "سوق الأرز", "استقرت أسعار الأرز.");
    assert_eq!(writer.upsert(&changed).expect("indexed"), Upserted::Indexed);
    writer.commit().expect("committed");
    assert_eq!(
        writer.upsert(&changed).expect("compared"),
        Upserted::Unchanged
    );
    writer.finish().expect("finished");
    index.refresh().expect("refreshed");
    assert_eq!(ids(&search(&index, "الأرز")), ["3"]);
    assert_eq!(
        ids(&search(&index, "سوق القمح")),
        ["2", "3"],
        "only by relaxing"
    );
    assert_eq!(index.stats().expect("stats").articles, 3);
}

#[test]
fn a_fresh_generation_replaces_the_old_one_only_when_it_is_finished() {
    let (data, index) = indexed();
    let writer = IndexWriter::open_fresh(data.at()).expect("a writer");
    writer
        .upsert(&article("9", "خبر جديد", "نص الخبر الجديد."))
        .expect("indexed");
    index.refresh().expect("refreshed");
    assert_eq!(index.stats().expect("stats").articles, 3);
    writer.finish().expect("finished");
    index.refresh().expect("refreshed");
    let stats = index.stats().expect("stats");
    assert_eq!((stats.articles, stats.generation.as_str()), (1, "000002"));
}

#[test]
fn an_unfinished_generation_is_cleared_away_by_the_next_writer() {
    let (data, index) = indexed();
    let Some(folder) = data.folder() else { return };
    let writer = IndexWriter::open_fresh(data.at()).expect("a writer");
    writer
        .upsert(&article("9", "خبر", "نص الخبر."))
        .expect("indexed");
    drop(writer);
    assert!(folder.join("generations/000002").exists());
    drop(IndexWriter::open(data.at()).expect("a writer"));
    assert!(!folder.join("generations/000002").exists());
    assert_eq!(ids(&search(&index, "ليبيا")), ["هدنة/1"]);
}

#[test]
fn a_second_writer_is_told_who_holds_the_index() {
    let (data, _index) = indexed();
    if data.folder().is_none() {
        // A cluster takes several.
        return;
    }
    let _first = IndexWriter::open(data.at()).expect("a writer");
    let error = IndexWriter::open(data.at()).err().expect("a refusal");
    assert_eq!(error.kind(), ErrorKind::Busy);
    assert!(
        error
            .to_string()
            .contains(&format!("process {}", std::process::id())),
        "{error}"
    );
}

#[test]
fn an_index_of_another_version_is_refused_with_what_to_do() {
    let (data, _index) = indexed();
    let Some(folder) = data.folder() else { return };
    let stamp = folder.join("generations/000001/stamp.json");
    let ours = std::fs::read_to_string(&stamp).expect("a stamp");
    for (theirs, says, remedy) in [
        (
            ours.replace(
                &format!("\"analysis\":{ANALYSIS_VERSION}"),
                "\"analysis\":99",
            ),
            "analysis version 99",
            Remedy::Rebuild,
        ),
        (
            ours.replace("\"schema\":6", "\"schema\":7"),
            "schema version 7",
            Remedy::IndexAgain,
        ),
        ("{".to_owned(), "damaged", Remedy::IndexAgain),
    ] {
        std::fs::write(&stamp, theirs).expect("written");
        let error = Index::open(data.at()).err().expect("a refusal");
        assert_eq!(error.kind(), ErrorKind::Incompatible);
        assert!(error.to_string().contains(says), "{error}");
        assert_eq!(error.remedy(), Some(remedy));
        assert!(IndexWriter::open(data.at()).is_err());
    }
    // What it advises works.
    let writer = IndexWriter::open_fresh(data.at()).expect("a writer");
    writer
        .upsert(&article("1", "خبر", "نص الخبر."))
        .expect("indexed");
    writer.finish().expect("finished");
    assert!(Index::open(data.at()).is_ok());
}

#[test]
fn no_index_and_no_word_are_errors_of_their_own() {
    let empty = Place::new();
    assert!(matches!(
        Index::open(empty.at()),
        Err(Error::NoIndex(_) | Error::NoClusterIndex { .. })
    ));
    let writer = IndexWriter::open(empty.at()).expect("a writer");
    assert!(matches!(
        writer.upsert(&article("1", "؟", "…")),
        Err(Error::Invalid(_))
    ));
}

#[test]
fn a_deleted_article_is_gone_after_the_commit() {
    let (data, index) = indexed();
    let mut writer = IndexWriter::open(data.at()).expect("a writer");
    let id = ArticleId::new("3").expect("an id");
    assert!(writer.holds(&id).expect("an answer") && writer.delete(&id).expect("deleted"));
    assert!(!writer.holds(&id).expect("an answer") && !writer.delete(&id).expect("an answer"));
    index.refresh().expect("refreshed");
    assert!(
        index.article(&id).expect("an answer").is_some(),
        "it is there until the commit"
    );
    writer.commit().expect("committed");
    index.refresh().expect("refreshed");
    assert!(index.article(&id).expect("an answer").is_none());
    assert_eq!(
        (
            ids(&search(&index, "القمح")),
            index.stats().expect("stats").articles
        ),
        (vec!["2"], 2)
    );
    assert!(!writer.delete(&id).expect("an answer"));
}

#[test]
fn what_is_changed_back_before_the_commit_stays_as_it_was() {
    let (data, index) = indexed();
    let mut writer = IndexWriter::open(data.at()).expect("a writer");
    let first = article("3", "سوق القمح", "ارتفعت أسعار القمح في السوق أمس.");
    let second = article("3", "سوق الشعير", "انخفضت أسعار الشعير.");
    let upsert =
        |writer: &IndexWriter, article: &Article| writer.upsert(article).expect("an answer");
    assert_eq!(upsert(&writer, &first), Upserted::Unchanged);
    assert_eq!(
        (upsert(&writer, &second), upsert(&writer, &second)),
        (Upserted::Indexed, Upserted::Unchanged)
    );
    assert_eq!(upsert(&writer, &first), Upserted::Indexed);
    assert!(writer.delete(&first.id).expect("deleted"));
    assert_eq!(upsert(&writer, &first), Upserted::Indexed);
    writer.commit().expect("committed");
    index.refresh().expect("refreshed");
    assert_eq!(ids(&search(&index, "الشعير")), [""; 0]);
    assert_eq!(index.article(&first.id).expect("an answer"), Some(first));
}

#[test]
fn nothing_is_deleted_from_an_index_that_is_not_there() {
    let data = Place::new();
    let writer = IndexWriter::open(data.at()).expect("a writer");
    assert!(
        !writer
            .delete(&ArticleId::new("1").expect("an id"))
            .expect("an answer")
    );
    assert!(writer.is_new());
    writer.finish().expect("finished");
    assert!(Index::open(data.at()).is_err_and(|error| error.kind() == ErrorKind::NotFound));
}
