//! Runs the specification of compounds: every row of `spec/compounds.md` is a check over an index of
//! its sentences. Further tests check the order of hits, explanations, and any query of compounds.

use std::sync::LazyLock;

use fihrist_index::query::Query;
use fihrist_index::search::{Hits, Matching, SearchRequest};
use fihrist_index::snippet::{Highlight, Highlighter};
use fihrist_index::{Article, ArticleId, Index};
use proptest::prelude::*;

use crate::support::articles::{article, untitled};
use crate::support::indexes::{ids, write};
use crate::support::location::TestLocation;
use crate::support::tables::{check_all, expect, rows_of};

const SPEC: &str = include_str!("../spec/compounds.md");

/// The index of the specification, and the text and the id of an article with each sentence.
struct Indexed {
    _location: TestLocation,
    index: Index,
    sentences: Vec<(String, String)>,
}

static INDEXED: LazyLock<Indexed> = LazyLock::new(|| {
    let (mut articles, mut sentences) = (Vec::new(), Vec::new());
    for row in rows_of(SPEC, |table| table.heading == "Articles") {
        let count: usize = row[1].parse().expect("a number of articles");
        sentences.push((row[0].clone(), articles.len().to_string()));
        for _ in 0..count {
            articles.push(untitled(&articles.len().to_string(), row[0].clone()));
        }
    }
    let (location, index) = index_of(&articles);
    Indexed {
        _location: location,
        index,
        sentences,
    }
});

fn index_of(articles: &[Article]) -> (TestLocation, Index) {
    let location = TestLocation::new();
    write(location.at(), articles, articles.len());
    let index = Index::open(location.at()).expect("an index");
    (location, index)
}

fn search(index: &Index, query: &str) -> Hits {
    let mut request = SearchRequest {
        relaxes: false,
        ..SearchRequest::new(query)
    };
    request.limit = 500;
    index.search(&request).expect("an answer")
}

/// Returns the text with the marks of the query in `[ ]`.
fn marked(index: &Index, query: &Query, text: &str) -> String {
    let analyzer = index.analyzer();
    let article = untitled("row", text.to_owned());
    let (mut marked, mut at) = (String::new(), 0);
    let highlighter = Highlighter::new(query, &analyzer, Highlight::Word);
    for span in highlighter.find(&article).spans() {
        marked += &format!("{}[{}]", &text[at..span.start], span.slice(text));
        at = span.end;
    }
    marked + &text[at..]
}

fn id_of(sentence: &str) -> &'static str {
    let mut sentences = INDEXED.sentences.iter();
    let found = sentences.find(|(text, _)| text == sentence);
    &found
        .unwrap_or_else(|| panic!("no article has {sentence}"))
        .1
}

#[test]
fn one_word_and_two_words_meet() {
    let meets = [
        "Two words find the one word",
        "One word finds the two words",
        "In phrases",
    ];
    let rows = rows_of(SPEC, |table| meets.contains(&table.heading));
    check_all(&rows, 30, |row| {
        let text = row[1].replace(['[', ']'], "");
        let hits = search(&INDEXED.index, &row[0]);
        if !ids(&hits).contains(&id_of(&text)) {
            return Err(format!("finds {} articles, but not this one", hits.total));
        }
        expect(&marked(&INDEXED.index, &hits.query, &text), &row[1])
    });
}

#[test]
fn other_words_do_not_meet() {
    let rows = rows_of(SPEC, |table| table.heading == "What does not meet");
    check_all(&rows, 20, |row| {
        let hits = search(&INDEXED.index, &row[0]);
        if ids(&hits).contains(&id_of(&row[1])) {
            return Err("finds the article".to_owned());
        }
        Ok(())
    });
}

/// Returns the related words of each word of the query, as an answer shows them.
fn shown(query: &Query) -> Vec<String> {
    let words = query.terms().map(|term| {
        let parts = term.parts.iter().map(|parts| parts.text());
        let related = term
            .related
            .iter()
            .filter_map(|related| related.word.clone());
        let shown: Vec<String> = parts.chain(related).collect();
        format!("{}: {}", term.text, shown.join("، "))
    });
    words.collect()
}

#[test]
fn an_answer_names_the_other_writing() {
    let query = |input: &str| search(&INDEXED.index, input).query;
    assert_eq!(shown(&query("أبوظبي")), ["أبوظبي: أبو ظبي"]);
    assert_eq!(shown(&query("أبو ظبي")), ["أبو: أبوظبي", "ظبي: أبوظبي"]);
    assert_eq!(query("أبو ظبي").to_string(), "أبو ظبي");
    assert_eq!(query("\"مطار أبوظبي\"").to_string(), "\"مطار أبوظبي\"");
}

#[test]
fn exact_and_stem_matching_meet_nothing() {
    for matching in [Matching::Exact, Matching::Stem] {
        for input in ["أبوظبي", "أبو ظبي", "\"أبو ظبي\""] {
            let request = SearchRequest {
                matching,
                relaxes: false,
                ..SearchRequest::new(input)
            };
            let hits = INDEXED.index.search(&request).expect("an answer");
            assert_eq!(hits.total, 5, "{input}");
        }
    }
}

#[test]
fn an_explanation_shows_the_other_writing() {
    let sentence = "هبطت الطائرة في مطار أبو ظبي مساء";
    let id = ArticleId::new(id_of(sentence)).expect("an id");
    let request = SearchRequest::new("مطار أبوظبي");
    let explained = INDEXED.index.explain(&request, &id).expect("an answer");
    let explanation = explained.expect("an article").explanation;
    assert!(explanation.is_match && explanation.clauses.iter().all(|clause| clause.is_held));
    let [_, word] = explanation.words.as_slice() else {
        panic!("{:?}", explanation.words)
    };
    let [form] = word.forms.as_slice() else {
        panic!("{:?}", word.forms)
    };
    assert_eq!(
        (form.text.as_str(), form.by.name()),
        ("أبو ظبي", "spelling")
    );
    assert!(form.counts && form.first.slice(sentence) == "أبو ظبي");
    assert!(word.score.stem > 0.0 && word.score.lead > 0.0);
}

#[test]
fn an_article_with_the_other_writing_ranks_by_its_occurrences() {
    let far =
        "وصلت السفن إلى الميناء قبل الظهر ثم عاد البحارة إلى بيوتهم وباعوا السمك في السوق القديم";
    let mut articles = vec![
        article("title", "معرض أبو ظبي", "أبو ظبي تستقبل الضيوف"),
        article("once", "معرض الكتب", &format!("{far} ثم زاروا أبوظبي")),
        article("apart", "معرض الأثاث", "أبو صالح رأى في الحديقة ظبي الجبل"),
    ];
    articles.extend((0..60).map(|number| untitled(&number.to_string(), far.to_owned())));
    let (_location, index) = index_of(&articles);
    assert_eq!(ids(&search(&index, "أبوظبي")), ["title", "once"]);
    assert_eq!(ids(&search(&index, "\"أبو ظبي\"")), ["title", "once"]);
}

#[test]
fn a_small_index_meets_compounds() {
    let articles = [
        untitled("one", "زار الوفد عبدالله في المدينة".to_owned()),
        untitled("two", "قال عبد الله إن الجو بارد".to_owned()),
    ];
    let (_location, index) = index_of(&articles);
    for query in ["عبدالله", "عبد الله", "\"عبد الله\""] {
        assert_eq!(search(&index, query).total, 2, "{query}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_query_of_compounds_marks_words_of_its_hits(
        parts in prop::collection::vec(
            prop::sample::select(vec![
                "عبد", "الله", "عبدالله", "أبو ظبي", "أبوظبي", "فيس بوك", "فيسبوك", "في", "\"", "«", "»", "(", ")", "OR", "NEAR/3",
                "قرب/2", "-", "=", "،", "_", "~2", "title:", "معرض", "عَبْد", "عبـد",
            ]),
            0..9,
        ),
        separators in prop::collection::vec(any::<bool>(), 9),
    ) {
        let spaced = parts.iter().zip(separators).map(|(part, has_space)| {
            format!("{part}{}", if has_space { " " } else { "" })
        });
        let input: String = spaced.collect();
        let hits = search(&INDEXED.index, &input);
        let analyzer = INDEXED.index.analyzer();
        let highlighter = Highlighter::new(&hits.query, &analyzer, Highlight::Word);
        for (sentence, _) in &INDEXED.sentences {
            let tokens = analyzer.analyze(sentence);
            let spans = highlighter.find(&untitled("row", sentence.clone())).spans();
            for span in &spans {
                prop_assert!(tokens.iter().any(|token| token.span.start == span.start), "{}", input);
                prop_assert!(tokens.iter().any(|token| token.span.end == span.end), "{}", input);
            }
            prop_assert!(spans.windows(2).all(|pair| pair[0].end <= pair[1].start), "{}", input);
        }
        for text in hits.query.texts() {
            let writings = text.writings();
            prop_assert!(writings.iter().all(|words| !words.is_empty()), "{}", input);
            prop_assert_eq!(writings[0].len(), text.terms.len());
        }
    }
}
