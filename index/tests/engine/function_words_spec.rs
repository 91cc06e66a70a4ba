//! Runs the specification of function words: every row of `spec/function_words.md` is a check over
//! an index of its sentences. It adds no case of its own.

use fihrist_index::Index;
use fihrist_index::query::NoticeCode::IgnoredWord;
use fihrist_index::search::SearchRequest;

use crate::spec::understood;
use crate::support::articles::untitled;
use crate::support::indexes::write;
use crate::support::location::TestLocation;
use crate::support::tables::{check_all, expect, rows_of};

const SPEC: &str = include_str!("../spec/function_words.md");

#[test]
fn function_words() {
    let location = TestLocation::new();
    let mut articles = Vec::new();
    for row in rows_of(SPEC, |table| table.heading == "Articles") {
        let count: usize = row[1].parse().expect("a number of articles");
        for number in 0..count {
            articles.push(untitled(
                &format!("{}-{number}", articles.len()),
                row[0].clone(),
            ));
        }
    }
    write(location.at(), &articles, articles.len());
    let index = Index::open(location.at()).expect("an index");
    let rows = rows_of(SPEC, |table| table.heading != "Articles");
    check_all(&rows, 50, |row| {
        let request = SearchRequest {
            relaxes: false,
            ..SearchRequest::new(&row[0])
        };
        let mut query = index.search(&request).expect("an answer").query;
        let noted = query
            .notices
            .iter()
            .filter(|notice| notice.code == IgnoredWord);
        let noted: Vec<_> = noted.map(|notice| notice.span).collect();
        let ignored: Vec<_> = query.ignored().map(|text| text.span).collect();
        if noted != ignored {
            return Err(format!("has notices about {noted:?}"));
        }
        query.notices.clear();
        expect(&understood(&query), &row[1])
    });
}
