//! Damage to the indexes of older formats, whose files have no page checksums.

use fihrist_index::arabic::ANALYSIS_VERSION;
use fihrist_index::check::{Depth, check};
use fihrist_index::progress::NoProgress;
use fihrist_index::salvage::salvage;
use fihrist_index::{ErrorKind, Result};

use super::*;
use crate::support::backups::GOES_ON;
use crate::support::damages::{WAYS, Way, copy};

/// Returns the indexes whose files have no page checksums, each as if this program's analysis had
/// written it. Otherwise a search would ask for a rebuild and read none of the files.
fn older() -> Vec<Written> {
    let ours = our_format();
    let is_older = |index: &Written| format_of(&index.generation()) != ours;
    let older: Vec<_> = Written::all().into_iter().filter(is_older).collect();
    assert!(!older.is_empty());
    older.iter().for_each(pass_as_ours);
    older
}

/// Writes this program's version of the analysis into the stamps of an index.
fn pass_as_ours(index: &Written) {
    let generation = index.generation();
    let stamp = fs::read_to_string(generation.join("stamp.json")).expect("a stamp");
    let stamp: Value = serde_json::from_str(&stamp).expect("JSON");
    let written = format!("analysis{{}}:{}", stamp["analysis"]);
    let ours = format!("analysis{{}}:{ANALYSIS_VERSION}");
    for (name, quote) in [("stamp.json", "\""), ("meta.json", "\\\"")] {
        let text = fs::read_to_string(generation.join(name)).expect("a text");
        let [written, ours] = [&written, &ours].map(|text| text.replace("{}", quote));
        assert!(text.contains(&written), "{name}: {text}");
        fs::write(generation.join(name), text.replace(&written, &ours)).expect("written");
    }
    Index::open(index.data()).expect("an index that this program searches");
}

/// Returns what an index answers: each article, and what a search for its title finds.
fn answers(data: &Path, articles: &[Article]) -> Result<Vec<Result<String>>> {
    let index = Index::open(data)?;
    let answer = |article: &Article| {
        let title = article.text.lines().next().unwrap_or_default();
        let hits = index.search(&SearchRequest::new(&format!("\"{title}\"")));
        let stored = index.article(&article.id);
        [
            stored.map(|stored| format!("{stored:?}")),
            hits.map(|hits| format!("{} {:?}", hits.total, hits.hits)),
        ]
    };
    Ok(articles.iter().flat_map(answer).collect())
}

/// Damages a file of a copy of an index in one way. Each answer is then the same as before, or an
/// error that names a damaged file. A check names the file, if an answer is an error.
fn check_case(index: &Written, name: &str, way: Way, truth: &[Result<String>]) {
    let case = format!("{}: {name} {way:?}", index.name);
    let home = TempDir::new().expect("a directory");
    let data = home.path();
    copy(&index.data(), data);
    way.damage(&data.join(name));
    let report = check(data, Depth::Full, &NoProgress, &GOES_ON);
    let report = report.unwrap_or_else(|error| panic!("{case}: {error}"));
    let is_whole = report.expect("not cancelled").is_whole();
    let answers = answers(data, &index.articles()).unwrap_or_else(|error| vec![Err(error)]);
    for (answer, truth) in answers.iter().zip(truth) {
        match (answer, truth) {
            (Ok(answer), Ok(truth)) => assert_eq!(answer, truth, "{case}"),
            (Ok(_), Err(error)) => panic!("{error}"),
            (Err(error), _) => {
                let kind = error.kind();
                let is_named = matches!(kind, ErrorKind::Damaged | ErrorKind::Incompatible);
                assert!(is_named && !is_whole, "{case}: {kind:?} {error}");
                let folder = data.to_str().expect("text");
                assert!(error.to_string().contains(folder), "{case}: {error}");
            }
        }
    }
}

#[test]
fn every_damage_gives_the_same_answers_or_an_error() {
    for index in older() {
        let truth = answers(&index.data(), &index.articles()).expect("an index");
        let names = files(&index.data()).into_iter();
        let names = names.filter(|(name, bytes)| !name.ends_with('/') && !bytes.is_empty());
        let names: Vec<String> = names.map(|(name, _)| name).collect();
        std::thread::scope(|scope| {
            // A check waits for a missing file, so that most threads sleep.
            for name in &names {
                let (index, truth) = (&index, &truth);
                scope.spawn(move || {
                    WAYS.iter()
                        .for_each(|way| check_case(index, name, *way, truth))
                });
            }
        });
    }
}

#[test]
fn articles_are_saved_without_the_list_of_segments_and_the_stamp() {
    for index in older() {
        for also_lost in ["model", "ledger"] {
            for name in ["meta.json", "stamp.json", also_lost] {
                Way::Empty.damage(&index.generation().join(name));
            }
            let saved = index.home.path().join(format!("without-{also_lost}"));
            let report = salvage(&index.data(), &saved, &NoProgress, &GOES_ON);
            let report = report.expect("a report").expect("not cancelled");
            assert!(
                report.is_complete() && report.maybe_deleted > 0,
                "{report:?}"
            );
            let saved = Index::open(&*saved).expect("an index");
            for Article { id, text, .. } in index.articles() {
                let found = stored(&saved, id.as_str()).map(|article| article.text);
                assert_eq!(found, Some(text), "{report:?}");
            }
        }
    }
}
