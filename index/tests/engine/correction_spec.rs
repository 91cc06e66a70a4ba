//! Runs the specification of corrections: every row of `spec/corrections.md` is a search in an index
//! of the words below.

use fihrist_index::Index;
use fihrist_index::search::{Hits, Relaxed, SearchRequest};
use proptest::prelude::*;

use crate::support::articles::article;
use crate::support::indexes::write;
use crate::support::location::TestLocation;
use crate::support::tables::{check_all, rows_of};

/// The words of each article.
const WORDS: &str = "
    حفتر محمد دبي جزر طهران الكويت القدس وزير الوزير النفط طرابلس ذهب الظهور رئيس المسؤول قائمة مستشفى فلسطين ميركل
    رونالدو ساركوزي بغداد يفيد الكبد مصر حق الحكومة الانتخابات مدينة الفلسطينيين بوتين أوباما خالد صلاح الدينار اليوم
    كتاب مركز زينب القذافي جيران طلاب نتائج دونالد ترامب
    bbc com org net mobile trump 2018 19 16 370 20 52
";

/// Words of two articles: rarer spellings of words above.
const RARE: &str = "نتاءج";

struct Words {
    _data: TestLocation,
    index: Index,
}

impl Words {
    fn new() -> Self {
        let data = TestLocation::new();
        let articles = ["", RARE, RARE]
            .into_iter()
            .enumerate()
            .map(|(number, rare)| {
                article(
                    &number.to_string(),
                    WORDS.trim(),
                    &format!("{WORDS} {rare}"),
                )
            });
        let articles: Vec<_> = articles.collect();
        write(data.at(), &articles, articles.len());
        let index = Index::open(data.at()).expect("an index");
        Self { _data: data, index }
    }

    fn search(&self, query: &str) -> Hits {
        self.index
            .search(&SearchRequest::new(query))
            .expect("an answer")
    }
}

/// Checks every row below a heading. A failure names what was found.
#[track_caller]
fn check_rows(heading: &str, is_right: impl Fn(&Hits, &[String]) -> bool) {
    let rows = rows_of(include_str!("../spec/corrections.md"), |table| {
        table.heading == heading
    });
    let words = Words::new();
    check_all(&rows, 20, |row| {
        let hits = words.search(&row[0]);
        if is_right(&hits, row) {
            return Ok(());
        }
        let Hits {
            total,
            relaxed,
            did_you_mean,
            ..
        } = hits;
        Err(format!("{}: {total} {relaxed:?} {did_you_mean:?}", row[0]))
    });
}

fn is_corrected(hits: &Hits) -> bool {
    hits.relaxed == Some(Relaxed::Corrected)
}

#[test]
fn carried_out() {
    check_rows("Carried out", |hits, row| {
        is_corrected(hits) && hits.total == 3 && hits.did_you_mean.as_ref() == Some(&row[1])
    });
}

#[test]
fn offered() {
    check_rows("Offered", |hits, row| {
        !is_corrected(hits) && hits.did_you_mean.as_ref() == Some(&row[1])
    });
}

#[test]
fn left_alone() {
    check_rows("Left alone", |hits, _| {
        (hits.total, hits.relaxed, &hits.did_you_mean) == (0, None, &None)
    });
}

#[test]
fn lost_letters_are_offered_if_the_rest_is_a_word() {
    let data = TestLocation::new();
    let mut articles = vec![article("latin", "fd", "fd")];
    for number in 0..12 {
        articles.push(article(&format!("arabic{number}"), "دبي", "دبي"));
    }
    write(data.at(), &articles, articles.len());
    let index = Index::open(data.at()).expect("an index");
    let hits = index.search(&SearchRequest::new("]fd")).expect("an answer");
    assert_eq!(
        (hits.total, hits.relaxed, hits.did_you_mean.as_deref()),
        (1, None, Some("دبي"))
    );
}

/// Words that are corrected, words that are not, and any text.
fn typed() -> impl Strategy<Value = String> {
    let known = [
        "ptjv",
        "lpl]",
        "المسوول",
        "Haftar",
        "كوفيد",
        "COVID-19",
        "user@example.com",
        "#كوفيد",
        "2081",
        "OR",
        "\"",
    ];
    prop_oneof![
        4 => prop::sample::select(known.to_vec()).prop_map(str::to_owned),
        1 => "[a-z;',./\\[\\]0-9]{1,8}",
        1 => any::<String>(),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn no_text_is_replaced_by_other_words(parts in prop::collection::vec(typed(), 0..4)) {
        thread_local! {
            static WORLD: Words = Words::new();
        }
        let query = parts.join(" ");
        let hits = WORLD.with(|words| words.search(&query));
        if is_corrected(&hits) {
            let corrected = hits.did_you_mean.expect("the query that was searched");
            let is_arabic = |letter: char| matches!(letter, 'ء'..='ي');
            let is_latin = |letter: char| letter.is_ascii_alphabetic();
            let operators = query.replace("OR", "");
            prop_assert!(!(operators.contains(is_arabic) && operators.contains(is_latin)), "{}", query);
            prop_assert!(!corrected.contains("يفيد"), "{}", query);
            for code in ["COVID-19", "user@example.com", "#كوفيد", "2081"] {
                prop_assert_eq!(query.contains(code), corrected.contains(code), "{}", &query);
            }
        }
    }
}
