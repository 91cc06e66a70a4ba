//! Articles with a word in its typed spelling come first. The tables are in `spec/spellings.md`.

use fihrist_index::search::{Hits, SearchRequest};
use fihrist_index::{Article, Index};

use crate::support::articles::article;
use crate::support::indexes::{ids, write};
use crate::support::location::TestLocation;
use crate::support::tables::{check_all, rows_of};

/// How many articles have the commoner spelling: more than are reranked.
const COMMON: usize = 150;

/// How many articles have the rare spelling.
const RARE: usize = 3;

/// Words that stand before a word, so that it is far from the beginning of an article.
const BEFORE: &str = "وصلت السفن إلى الميناء قبل الظهر ثم عاد البحارة إلى بيوتهم وباعوا السمك في السوق القديم \
    قرب الجسر الخشبي ونقل التجار الصناديق إلى المخازن وشرب الناس الشاي تحت الشجر وجلس الشيوخ يروون حكايات طويلة";

fn rows(heading: &str) -> Vec<Vec<String>> {
    rows_of(include_str!("../spec/spellings.md"), |table| {
        table.heading == heading
    })
}

/// Returns articles that name a word in the title and at the beginning.
fn prominent(word: &str, count: usize) -> impl Iterator<Item = Article> {
    (0..count).map(move |number| {
        let body = format!("{word} و{word} في خبر رقمه {number}");
        article(&format!("{word}-{number}"), word, &body)
    })
}

/// Returns articles that name a word once, at their end.
fn marginal(word: &str, count: usize) -> impl Iterator<Item = Article> {
    (0..count).map(move |number| {
        let body = format!("{BEFORE} {number} ثم {word}");
        article(&format!("{word}-{number}"), "حكايات الميناء", &body)
    })
}

fn index_of(articles: &[Article]) -> (TestLocation, Index) {
    let data = TestLocation::new();
    write(data.at(), articles, articles.len());
    let index = Index::open(data.at()).expect("an index");
    (data, index)
}

fn search(index: &Index, query: &str) -> Hits {
    let request = SearchRequest::new(query);
    index.search(&request).expect("an answer")
}

/// Returns how many of the first hits have an id that begins with the word.
fn first_with(hits: &Hits, word: &str) -> usize {
    let start = format!("{word}-");
    let ids = ids(hits).into_iter();
    ids.take_while(|id| id.starts_with(&start)).count()
}

/// Writes each row's words to one index and counts for each row the articles with the first word
/// that are hits before all others.
fn check(heading: &str, minimum: usize, expected: usize) {
    let rows = rows(heading);
    let mut articles = Vec::new();
    for row in &rows {
        articles.extend(prominent(&row[1], COMMON));
        articles.extend(marginal(&row[0], RARE));
    }
    let (_data, index) = index_of(&articles);
    check_all(&rows, minimum, |row| {
        let hits = search(&index, &row[0]);
        let first = first_with(&hits, &row[0]);
        if first == expected && hits.total >= (COMMON + RARE) as u64 {
            Ok(())
        } else {
            Err(format!("{first} first of {}: {:?}", hits.total, ids(&hits)))
        }
    });
}

#[test]
fn a_rare_spelling_comes_first_if_it_is_typed() {
    check("Rare spellings", 20, RARE);
}

#[test]
fn a_word_typed_in_haste_prefers_no_spelling() {
    check("Spellings in haste", 7, 0);
}

#[test]
fn a_commoner_spelling_comes_first_if_it_is_typed() {
    let mut articles: Vec<Article> = marginal("إمارة", COMMON).collect();
    articles.extend(prominent("أمارة", COMMON / 5));
    let (_data, index) = index_of(&articles);
    let hits = search(&index, "إمارة");
    assert_eq!(first_with(&hits, "إمارة"), 10, "{:?}", ids(&hits));
}

#[test]
fn of_two_words_close_together_the_typed_spelling_decides() {
    let mut articles: Vec<Article> = prominent("إمارة الساحل", COMMON).collect();
    articles.extend(marginal("أمارة الساحل", RARE));
    let (_data, index) = index_of(&articles);
    let hits = search(&index, "أمارة الساحل");
    assert_eq!(first_with(&hits, "أمارة الساحل"), RARE, "{:?}", ids(&hits));
}

#[test]
fn a_related_stem_is_shown_as_its_commonest_word() {
    let bodies = [
        "صدر الإعلان",
        "قرأ الإعلان",
        "كتب إعلانا",
        "أعلن الموعد",
        "باب ثم بئر وبئر",
        "أبواب وآبار",
    ];
    let articles: Vec<Article> = (0..)
        .zip(bodies)
        .map(|(number, body)| article(&format!("{number}"), "خبر", body))
        .collect();
    let (_data, index) = index_of(&articles);
    let words = |query: &str, names_related: bool| -> Vec<(String, Option<String>)> {
        let request = SearchRequest {
            names_related,
            ..SearchRequest::new(query)
        };
        let hits = index.search(&request).expect("an answer");
        let related = hits.query.terms().flat_map(|term| &term.related);
        related
            .map(|related| (related.stem.clone(), related.word.clone()))
            .collect()
    };
    for (query, stem, word) in [
        ("أعلن", "اعلان", "الإعلان"),
        ("أبواب", "باب", "باب"),
        // Of equally common forms, the shortest.
        ("آبار", "بئر", "بئر"),
    ] {
        let named = words(query, true);
        let expected = (stem.to_owned(), Some(word.to_owned()));
        assert!(named.contains(&expected), "{query}: {named:?}");
    }
    // No article has this related stem.
    assert!(words("وزير", true).contains(&("وزراء".to_owned(), None)));
    assert!(words("أعلن", false).iter().all(|(_, word)| word.is_none()));
}

/// The base model tells `أعلام` and `إعلام` apart.
#[test]
fn a_word_typed_without_hamza_finds_both_words() {
    let articles = [
        article("flags", "الميناء", "رفرفت الأعلام فوق الميناء القديم"),
        article("press", "الصحف", "رحبت وسائل الإعلام فوق العادة بالمعرض"),
        article("hasty", "الصحف", "رحبت وسائل الاعلام بالمعرض"),
    ];
    let (_data, index) = index_of(&articles);
    let check = |query: &str, expected: &[&str]| {
        let hits = search(&index, query);
        let mut found = ids(&hits);
        found.sort();
        assert_eq!(found, expected, "{query}");
    };
    check("الأعلام", &["flags"]);
    check("الإعلام", &["hasty", "press"]);
    check("الاعلام", &["flags", "hasty", "press"]);
    check("\"الاعلام فوق\"", &["flags", "press"]);
    check("\"الأعلام فوق\"", &["flags"]);
    check("\"وسائل الاعلام\"", &["hasty", "press"]);
    let hits = search(&index, "الاعلام");
    let related: Vec<_> = hits.query.terms().flat_map(|word| &word.related).collect();
    let named = |word: &str| {
        related
            .iter()
            .any(|other| other.word.as_deref() == Some(word))
    };
    assert!(named("أعلام"), "{related:?}");
}
