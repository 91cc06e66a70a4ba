//! Articles that are written, replaced and deleted, and the generations that hold them.

use fihrist_index::{Article, ArticleId, Error, ErrorKind, Index, IndexWriter, Remedy, Upserted};

use super::{article, ids, indexed, search};
use crate::support::indexes::set_in_stamp;
use crate::support::location::TestLocation;

#[test]
fn an_article_replaces_the_one_with_its_id_and_an_equal_one_is_unchanged() {
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
        "found only by relaxing the query"
    );
    assert_eq!(index.stats().expect("stats").articles, 3);
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
        "the article stays until the commit"
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
fn an_article_changed_back_before_the_commit_is_unchanged() {
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
fn deleting_without_an_index_creates_none() {
    let data = TestLocation::new();
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
fn an_unfinished_generation_is_removed_by_the_next_writer() {
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
fn a_second_writer_learns_which_process_locks_the_index() {
    let (data, _index) = indexed();
    if data.folder().is_none() {
        // A cluster accepts several writers.
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
    let generation = folder.join("generations/000001");
    for (field, version, part, remedy) in [
        (
            "schema",
            99,
            "newer version (format 99",
            Remedy::UseNewerVersion,
        ),
        ("schema", 1, "format 1", Remedy::Rebuild),
        ("schema", 6, "", Remedy::Rebuild),
        ("analysis", 99, "analysis version 99", Remedy::Rebuild),
    ] {
        set_in_stamp(&generation, field, version);
        let outcome = Index::open(data.at());
        if part.is_empty() {
            assert!(outcome.is_ok(), "an older format is searched as it is");
            continue;
        }
        let error = outcome.err().expect("a refusal");
        assert_eq!(error.kind(), ErrorKind::Incompatible);
        assert!(error.to_string().contains(part), "{error}");
        assert_eq!(error.remedy(), Some(remedy));
        assert!(IndexWriter::open(data.at()).is_err());
    }
    // A new generation replaces it.
    let writer = IndexWriter::open_fresh(data.at()).expect("a writer");
    writer
        .upsert(&article("1", "خبر", "نص الخبر."))
        .expect("indexed");
    writer.finish().expect("finished");
    assert!(Index::open(data.at()).is_ok());
}

#[test]
fn a_missing_index_and_an_article_without_words_are_distinct_errors() {
    let empty = TestLocation::new();
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
