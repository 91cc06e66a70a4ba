//! Tables as programs write them: their quotes, escapes, line ends and column names.

use fihrist_index::document::Article;

use super::archives::gzip;
use super::index_of;
use crate::support::indexes::stored;

/// Indexes a table and checks its articles, which have the ids `a` and `b`: each is its text with
/// `/` between the lines, its author and its date.
#[track_caller]
fn check(name: &str, table: &str, expected: [&str; 2]) {
    let (_home, report, index) = index_of(name, table.as_bytes());
    let shown = |article: Article| {
        let date = article.published.map_or_else(String::new, |date| date.date);
        format!(
            "{} | {} | {date}",
            article.text.replace('\n', "/"),
            article.authors.join(", ")
        )
    };
    let found = ["a", "b"].map(|id| stored(&index, id).map_or_else(String::new, shown));
    assert_eq!(found, expected, "{report:?}");
    assert_eq!(
        (report.indexed, report.rejected_count),
        (2, 0),
        "{report:?}"
    );
}

const FIRST: &str = "خبر أول//نص أول./فقرة، وبقية. | سلمى | 2020-03-15";
const SECOND: &str = "خبر ثان//نص ثان. | هاني | 2020-03-16";

#[test]
fn line_ends_of_rows_and_cells() {
    check(
        "a.csv",
        "id,title,body,author,date\ra,خبر أول,\"نص أول.\nفقرة، وبقية.\",سلمى,2020-03-15\rb,خبر ثان,نص ثان.,هاني,2020-03-16\r",
        [FIRST, SECOND],
    );
}

#[test]
fn a_backslash_before_a_delimiter_or_a_line_break() {
    for (delimiter, name) in [(",", "a.csv"), ("\t", "a.tsv")] {
        let table = "id,title,body,author,date\na,خبر أول,نص أول.\\\nفقرة، وبقية.,سلمى,2020-03-15\nb,خبر ثان,نص ثان.,هاني,2020-03-16\n";
        check(name, &table.replace(',', delimiter), [FIRST, SECOND]);
    }
    check(
        "a.csv",
        "id,title,body,author,date\na,خبر أول,نص\\, أول.,\\N,\\N\nb,\\\"خبر\\\",نص ثان\\,.,هاني,2020-03-16\n",
        [
            "خبر أول//نص, أول. |  | ",
            "\"خبر\"//نص ثان,. | هاني | 2020-03-16",
        ],
    );
}

#[test]
fn a_text_over_several_lines_without_quotes() {
    check(
        "a.tsv",
        "id\ttitle\tbody\tauthor\tdate\na\tخبر أول\tنص أول.\nفقرة، وبقية.\tسلمى\t2020-03-15\nb\tخبر ثان\tنص ثان.\tهاني\t2020-03-16\n",
        [FIRST, SECOND],
    );
    check(
        "a.csv",
        "id|date|author|title|body\na|2020-03-15|سلمى|خبر أول|نص أول.\nفقرة، وبقية.\nb|2020-03-16|هاني|خبر ثان|نص ثان.\n",
        [FIRST, SECOND],
    );
}

#[test]
fn column_names() {
    // Joined tables repeat them.
    let header = "id,title,body,author,date\n";
    let rows = [
        "a,خبر أول,\"نص أول.\nفقرة، وبقية.\",سلمى,2020-03-15\n",
        "b,خبر ثان,نص ثان.,هاني,2020-03-16\n",
    ];
    check(
        "a.csv",
        &[header, rows[0], header, rows[1]].concat(),
        [FIRST, SECOND],
    );
    // R writes a name before each row, and none for that column.
    let [first, second] = rows.map(|row| row.replace(',', "\t"));
    let table = format!("{}1\t{first}2\t{second}", header.replace(',', "\t"));
    check("a.tsv", &table, [FIRST, SECOND]);
    // Tables of nested objects have dotted names.
    let header = "id,title.rendered,content.rendered,author.name,date\n";
    check(
        "a.csv",
        &[header, rows[0], rows[1]].concat(),
        [FIRST, SECOND],
    );
}

#[test]
fn a_damaged_gzip_member_costs_its_rows() {
    // The encoding is detected in the first bytes, which are whole here.
    let long = "نص ".repeat(20_000);
    let first = format!("id,title,body\na,خبر,{long}\nx,خبر,");
    let members = [&*first, "بقية.\ny,خبر,نص.\nz,خبر,", "بقية.\nb,خبر,نص.\n"];
    let [first, mut second, third] = members.map(|rows| gzip(rows.as_bytes()));
    let half = second.len() / 2;
    second[half] ^= 0x55;
    let (_home, report, index) = index_of("a.csv.gz", &[first, second, third].concat());
    assert!(report.rejected_count > 0, "{report:?}");
    assert!(["a", "b"].iter().all(|id| stored(&index, id).is_some()));
}
