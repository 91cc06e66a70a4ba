//! Similar articles: which they are, in what order, and the words that they share. The weight of a
//! word is tested where it is computed.

use fihrist_index::search::SimilarArticle;
use fihrist_index::{Article, ArticleId, Index, IndexWriter};
use proptest::prelude::*;

use crate::support::articles::{article, of_day};
use crate::support::indexes::write;
use crate::support::location::TestLocation;

const BRIDGE: &str = "افتتح محافظ الصفصاف الجسر المعلق فوق نهر الزعفران بعد عامين من العمل.
وقال المهندس إن الجسر يحمل ستين شاحنة، وإن كابلات الجسر صُنعت في مصنع محلي.";

/// Id, title and body: three articles about a bridge, two about olives, one about chess.
const ARTICLES: [(&str, &str, &str); 6] = [
    ("bridge", "افتتاح الجسر المعلق", BRIDGE),
    (
        "trucks",
        "شاحنات تعبر النهر",
        "عبرت أول الشاحنات جسر الزعفران صباح الأحد، وقال سائق إن الجسور القديمة كانت تهتز تحت شاحنته.",
    ),
    (
        "cables",
        "مصنع الكابلات يوسع خطوطه",
        "يوسع مصنع الكابلات في الصفصاف خطوطه بعد أن صنع كابلات للجسر الجديد، وقال المدير إنه يوظف مهندسين.",
    ),
    (
        "olives",
        "موسم الزيتون",
        "بدأ موسم قطف الزيتون في قرى التل، وقال المزارعون إن الزيت هذا العام أقل من العام الماضي.",
    ),
    (
        "oil",
        "أسعار الزيت",
        "ارتفعت أسعار زيت الزيتون في السوق بعد موسم جاف، وقال التجار إن الزيت يباع قبل عصره.",
    ),
    (
        "chess",
        "بطولة للشطرنج",
        "فازت لاعبة في الرابعة عشرة ببطولة المدينة للشطرنج بعد تسع جولات.",
    ),
];

fn index(articles: &[Article], batch: usize) -> (Index, TestLocation) {
    let data = TestLocation::new();
    write(data.at(), articles, batch);
    (Index::open(data.at()).expect("an index"), data)
}

fn all() -> Vec<Article> {
    ARTICLES
        .map(|(id, title, body)| article(id, title, body))
        .to_vec()
}

fn similar(index: &Index, id: &str, limit: usize) -> Vec<SimilarArticle> {
    index
        .similar(&ArticleId::new(id).expect("an id"), limit)
        .expect("an answer")
        .expect("an article")
}

fn ids(found: &[SimilarArticle]) -> Vec<&str> {
    found
        .iter()
        .map(|similar| similar.article.id.as_str())
        .collect()
}

#[test]
fn articles_on_the_same_subject_are_similar() {
    let (index, _data) = index(&all(), 10);
    let check =
        |id: &str, expected: &[&str]| assert_eq!(ids(&similar(&index, id, 10)), expected, "{id}");
    check("bridge", &["cables", "trucks"]);
    check("trucks", &["bridge"]);
    check("olives", &["oil"]);
    check("oil", &["olives"]);
    check("chess", &[]);
    assert_eq!(ids(&similar(&index, "bridge", 1)), ["cables"]);
    assert_eq!(
        index
            .similar(&ArticleId::new("nobody").expect("an id"), 5)
            .expect("an answer"),
        None
    );
}

#[test]
fn shared_words_are_spelled_as_in_the_article() {
    let (index, _data) = index(&all(), 10);
    let found = similar(&index, "trucks", 10);
    let [bridge] = found.as_slice() else {
        panic!("{found:?}")
    };
    for word in ["جسر", "الزعفران", "النهر"] {
        assert!(
            bridge.shared.iter().any(|shared| shared == word),
            "{word} in {:?}",
            bridge.shared
        );
    }
    let (_, title, body) = ARTICLES[1];
    for word in &bridge.shared {
        assert!(
            title.contains(word.as_str()) || body.contains(word.as_str()),
            "{word}"
        );
    }
    assert!(
        !bridge.shared.contains(&"قال".to_owned()),
        "a function word is not shared"
    );
}

#[test]
fn copies_are_not_similar_articles_and_are_shown_as_one() {
    let mut articles = all();
    let shorter = BRIDGE.replace("بعد عامين من العمل", "بعد عامين");
    articles.push(article("bridge-again", "افتتاح الجسر المعلق", BRIDGE));
    articles.push(article("bridge-shorter", "افتتاح الجسر المعلق", &shorter));
    let (_, title, body) = ARTICLES[2];
    articles.push(of_day(9, article("cables-again", title, body)));
    let (index, _data) = index(&articles, 10);
    assert_eq!(
        ids(&similar(&index, "bridge", 10)),
        ["trucks", "cables-again"],
        "the newest of several copies is shown"
    );
    let of_trucks = similar(&index, "trucks", 10);
    let bridges = of_trucks
        .iter()
        .filter(|similar| similar.article.id.as_str().starts_with("bridge"));
    assert_eq!(
        bridges
            .map(|similar| similar.duplicates)
            .collect::<Vec<_>>(),
        [2],
        "{:?}",
        ids(&of_trucks)
    );
}

#[test]
fn similar_articles_do_not_depend_on_batches_and_order() {
    let forwards = all();
    let backwards: Vec<_> = forwards.iter().rev().cloned().collect();
    let ((one, _one), (other, _other)) = (index(&forwards, 10), index(&backwards, 2));
    for (id, ..) in ARTICLES {
        assert_eq!(similar(&one, id, 10), similar(&other, id, 10), "{id}");
    }
}

#[test]
fn scores_descend_and_are_between_zero_and_one() {
    let (index, _data) = index(&all(), 10);
    for (id, ..) in ARTICLES {
        let scores: Vec<_> = similar(&index, id, 10)
            .iter()
            .map(|similar| similar.score)
            .collect();
        assert!(
            scores.iter().all(|score| *score > 0.0 && *score <= 1.0),
            "{scores:?}"
        );
        assert!(scores.is_sorted_by(|one, next| one >= next), "{scores:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn similar_articles_of_any_articles_keep_the_limit(texts in proptest::collection::vec("[ابتجزـّوٱ0-9a-c #.\\n]{1,60}|\\PC{1,40}", 1..12)) {
        let articles: Vec<_> =
            texts.iter().enumerate().map(|(i, text)| article(&format!("{i}"), text, &texts.concat())).collect();
        let data = TestLocation::new();
        let writer = IndexWriter::open(data.at()).expect("a writer");
        let mut written = Vec::new();
        for article in &articles {
            if writer.upsert(article).is_ok() {
                written.push(&article.id);
            }
        }
        writer.finish().expect("an index");
        prop_assume!(!written.is_empty());
        let index = Index::open(data.at()).expect("an index");
        for id in written {
            let found = index.similar(id, 3).expect("an answer").expect("an article");
            prop_assert!(found.len() <= 3 && found.iter().all(|similar| similar.article.id != *id));
        }
    }
}
