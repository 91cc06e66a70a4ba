//! Files in all formats, from disk to the articles of a real index. `spec/pages.md` specifies what web
//! pages give.

mod archives;
mod crawlers;
mod damaged;
mod damaged_archives;
mod exports;
mod feeds;
mod json_shapes;
mod tables;
mod unmapped;

use std::fs;
use std::path::Path;

use fihrist_index::Index;
use fihrist_index::document::Article;
use fihrist_index::ingest::{Format, IngestJob, IngestReport, Input, Mapping, NoProgress};
use tempfile::TempDir;

use crate::support::indexes::{run_job, stored};

fn run(home: &Path, job: &IngestJob) -> (IngestReport, Index) {
    let data = home.join("index-data");
    let report = run_job(&*data, job, &NoProgress);
    (report, Index::open(&data).expect("an index"))
}

/// Indexes one file. Returns the report and the index.
fn index_of(name: &str, bytes: &[u8]) -> (TempDir, IngestReport, Index) {
    let home = TempDir::new().expect("a directory");
    let file = home.path().join(name);
    fs::write(&file, bytes).expect("written");
    let (report, index) = run(home.path(), &IngestJob::new(vec![Input::Path(file)]));
    (home, report, index)
}

fn article(index: &Index, id: &str) -> Article {
    stored(index, id).unwrap_or_else(|| panic!("no article {id}"))
}

/// Writes the files to a folder, indexes it, and checks the counts and the rejections. A rejection
/// is `file: reason`; the expected one may be a prefix.
fn check(files: &[(&str, Vec<u8>)], expected: (u64, u64), rejections: &[&str]) -> (TempDir, Index) {
    let home = TempDir::new().expect("a directory");
    for (name, bytes) in files {
        let path = home.path().join("in").join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        fs::write(path, bytes).expect("written");
    }
    let (report, index) = run(
        home.path(),
        &IngestJob::new(vec![Input::Path(home.path().join("in"))]),
    );
    let prefix = format!("{}/in/", home.path().display());
    let seen: Vec<_> = report
        .rejected
        .iter()
        .map(|rejected| {
            format!(
                "{}: {}",
                rejected.source.replace(&prefix, ""),
                rejected.reason
            )
        })
        .collect();
    let is_as_expected = seen.len() == rejections.len()
        && seen.iter().zip(rejections).all(|(a, b)| a.starts_with(b));
    assert!(is_as_expected, "expected {rejections:#?}, found {seen:#?}");
    assert_eq!(
        (report.indexed, report.skipped_files),
        expected,
        "{report:?}"
    );
    (home, index)
}

#[test]
fn lists_and_objects_of_json() {
    let list = r#"[{"_id": "a", "headline": {"main": "من القائمة"}, "النص": "متن أول.", "author": {"name": "سلمى"}},
        {"id": "b", "title": "ثان", "content": {"rendered": "<p>فقرة.</p><p>أخرى.</p>"}, "pubDate": "2020-05-06",
         "source": {"id": null, "name": "المرسى"}, "authors": [{"name": "هاني"}, {"name": "ريم"}]}, 7]"#;
    let object = "{\n  \"id\": \"c\",\n  \"title\": \"وحيد\",\n  \"body\": \"متن.\"\n}\n";
    let (_home, index) = check(
        &[("a.json", list.into()), ("b", object.into())],
        (3, 0),
        &["a.json:3: a number where an object was expected"],
    );
    let (a, b) = (article(&index, "a"), article(&index, "b"));
    assert_eq!(
        (a.title().as_str(), a.text.as_str()),
        ("من القائمة", "من القائمة\n\nمتن أول.")
    );
    assert_eq!(a.authors, ["سلمى"]);
    assert_eq!(b.text, "ثان\n\nفقرة.\n\nأخرى.");
    assert_eq!(
        (
            b.source.as_deref(),
            b.published.expect("a date").date.as_str()
        ),
        (Some("المرسى"), "2020-05-06")
    );
    assert_eq!(b.authors, ["هاني", "ريم"]);
    assert_eq!(article(&index, "c").title(), "وحيد");
}

#[test]
fn field_names_that_the_job_is_given() {
    let home = TempDir::new().expect("a directory");
    let file = home.path().join("a.jsonl");
    fs::write(
        &file,
        r#"{"key": "k", "data": {"h": "عنوان أصلي"}, "title": "رقم ٧", "t": "متن."}"#,
    )
    .expect("written");
    let mut job = IngestJob::new(vec![Input::Path(file)]);
    job.mapping = Mapping::new(
        &["id=key", "title=data.h", "body=t"].map(|mapping| mapping.parse().expect("a mapping")),
    );
    let (_, index) = run(home.path(), &job);
    assert_eq!(article(&index, "k").text, "عنوان أصلي\n\nمتن.");
}

#[test]
fn tables_keep_their_good_rows() {
    let csv = "المعرف;العنوان;النص;تاريخ النشر\n1;خبر;\"سطر\nآخر\";2020\n2;ناقص\n3;\"قال: \"\"نعم\"\"\";متن؛ طويل;أمس\n";
    let tsv = "\u{FEFF}id\ttitle\tbody\nt1\tعنوان\tمتن من جدول\n";
    let (windows, _, _) = encoding_rs::WINDOWS_1256
        .encode("id,title,text\nw1,السوق القديم,فتح السوق القديم أبوابه للزوار\n");
    let (_home, index) = check(
        &[
            ("a.csv", csv.into()),
            ("b.tsv", tsv.into()),
            ("c", windows.into_owned()),
            ("d.csv", b"x,y\n1,2\n".to_vec()),
        ],
        (5, 0),
        &["d.csv:1: no field is known as title or body; the fields are `x`, `y`"],
    );
    assert_eq!(article(&index, "1").text, "خبر\n\nسطر\nآخر");
    assert_eq!(article(&index, "2").text, "ناقص");
    assert_eq!(article(&index, "3").title(), "قال: \"نعم\"");
    assert_eq!(article(&index, "t1").title(), "عنوان");
    assert_eq!(article(&index, "w1").title(), "السوق القديم");
}

#[test]
fn feeds_of_both_kinds() {
    let rss = "<?xml version=\"1.0\"?><rss version=\"2.0\" xmlns:content=\"c\" xmlns:dc=\"d\" xmlns:media=\"m\"><channel>\
        <title>أخبار الوادي</title><image><title>شعار</title></image>\
        <item><title>خبر &amp; خبر</title><link>https://wadi.example/1</link><guid isPermaLink=\"false\">17</guid>\
        <media:title>صورة</media:title><description>ملخص</description>\
        <content:encoded><![CDATA[<p>الفقرة الأولى.</p><p>الثانية.</p>]]></content:encoded>\
        <dc:creator>سلمى الحداد</dc:creator><category>محليات</category><pubDate>Sun, 18 Feb 2018 21:35:43 +0400</pubDate></item>\
        <item><title></title></item></channel></rss>";
    let atom = "<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>الجبل</title><entry><id>urn:x:2</id><title>ثلج</title>\
        <link rel=\"self\" href=\"https://jabal.example/self\"/><link href=\"https://jabal.example/2\"/>\
        <author><name>هاني</name><email>h@example.org</email></author><category term=\"الطقس\"/><updated>2020-01-02</updated>\
        <content type=\"xhtml\"><div><p>هطل الثلج.</p><p>طوال 3 &lt; 5 أيام.</p></div></content></entry>";
    let (_home, index) = check(
        &[
            ("a.xml", rss.into()),
            ("b", atom.into()),
            ("c.xml", b"<?xml version=\"1.0\"?><map/>".to_vec()),
        ],
        (2, 1),
        &[
            "a.xml#2: empty article",
            "b: cut off: the feed has no end; the articles before that point were kept",
        ],
    );
    let first = article(&index, "https://wadi.example/1");
    assert_eq!(first.text, "خبر & خبر\n\nالفقرة الأولى.\n\nالثانية.");
    assert_eq!(
        (first.source.as_deref(), first.section.as_deref()),
        (Some("أخبار الوادي"), Some("محليات"))
    );
    assert_eq!(
        (first.authors, first.published.expect("a date").date),
        (
            vec!["سلمى الحداد".to_owned()],
            "2018-02-18T21:35:43+04:00".to_owned()
        )
    );
    let second = article(&index, "urn:x:2");
    assert_eq!(second.text, "ثلج\n\nهطل الثلج.\n\nطوال 3 < 5 أيام.");
    assert_eq!(
        (second.url.as_deref(), second.section.as_deref()),
        (Some("https://jabal.example/2"), Some("الطقس"))
    );
    assert_eq!(second.authors, ["هاني"]);
}

#[test]
fn a_requested_format_overrides_detection() {
    let home = TempDir::new().expect("a directory");
    let file = home.path().join("a.html");
    fs::write(&file, "<p>نص كما هو</p>").expect("written");
    let mut job = IngestJob::new(vec![Input::Path(file)]);
    job.format = Format::Text;
    let (report, index) = run(home.path(), &job);
    assert_eq!(report.indexed, 1, "{report:?}");
    assert_eq!(index.stats().expect("figures").articles, 1);
}
