//! `fihrist eval --lemmas`: the agreement of stems with lemmas that a person assigned.

use std::fs;

use super::indexed;

#[test]
fn measures_stems_on_gold_lemmas() {
    // حكومة occurs three times in two forms. حكومات has the same stem and another lemma. Two of the
    // six ordered pairs of the three forms are right, and no pair is missed. وزير has a lemma and a
    // stem of its own. في does not count.
    let workspace = indexed();
    let word = |surface: &str, lemma: &str, part: &str| {
        format!("{surface}\t\t0\t\t{lemma}\t{part}\tSing\t{surface}\n")
    };
    let gold = [
        ("حكومة", "ح"),
        ("الحكومة", "ح"),
        ("حكومة", "ح"),
        ("حكومات", "غ"),
        ("وزير", "و"),
    ];
    let gold: String = gold
        .map(|(surface, lemma)| word(surface, lemma, "NOUN"))
        .concat()
        + &word("في", "ف", "ADP");
    workspace.write("gold.tsv", gold);

    let run = workspace
        .run(&["eval", "--lemmas", "gold.tsv", "--json"])
        .ends_with(0);
    let report = run.json();
    assert_eq!(
        (&report["tokens"], &report["words"]),
        (&5.into(), &4.into()),
        "{run}"
    );
    let number = |name: &str, part: &str| {
        report[name][part]
            .as_f64()
            .unwrap_or_else(|| panic!("no {name} in {run}"))
    };
    let expected = [
        ("pairs", "precision", 2.0 / 6.0),
        ("pairs", "recall", 1.0),
        ("pairs", "f1", 0.5),
        // Each token of ح finds four tokens, three of its lemma. غ finds four, one of its lemma. و
        // finds itself.
        ("weighted", "precision", (3.0 * 0.75 + 0.25 + 1.0) / 5.0),
        ("weighted", "recall", 1.0),
    ];
    for (name, part, expected) in expected {
        assert!(
            (number(name, part) - expected).abs() < 1e-9,
            "{name} {part}: {run}"
        );
    }

    let run = workspace
        .run(&["eval", "--lemmas", "gold.tsv"])
        .ends_with(0);
    for said in ["model of ./data", "33.3", "100.0", "50.0"] {
        assert!(run.stdout.contains(said), "no `{said}` in {run}");
    }
    fs::remove_dir_all(workspace.path("data")).expect("our own index");
    let run = workspace
        .run(&["eval", "--lemmas", "gold.tsv"])
        .ends_with(0);
    assert!(run.stdout.contains("base model"), "{run}");
    let run = workspace
        .run(&["eval", "--lemmas", "gold.tsv", "--data", "nowhere"])
        .ends_with(2);
    assert!(run.stderr.contains("no index at `nowhere`"), "{run}");
}
