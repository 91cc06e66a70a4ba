//! Reads gold lemmas: running words with their clitics and lemma, as annotated in a treebank.
//! `conflation` compares them with a stemmer.

use super::{LineError, parse_lines};

/// One occurrence of a word in the treebank, with its gold lemma.
#[derive(Debug, PartialEq)]
pub struct GoldWord {
    pub surface: String,
    pub lemma: String,
    /// Whether it is a noun, adjective, verb or proper noun with a core of at least two letters.
    /// Other words are not measured.
    pub is_content: bool,
    /// Number of characters at the start of the surface form that are proclitics or article.
    pub boundary_chars: usize,
}

/// Reads eight columns per line, separated by tabs: surface, proclitics, article (0 or 1),
/// enclitic, lemma, part of speech (Universal Dependencies), number, core (the surface without its
/// clitics).
pub fn parse(text: &str) -> Result<Vec<GoldWord>, LineError> {
    parse_lines(text, |line| {
        let columns: Vec<&str> = line.split('\t').collect();
        let [
            surface,
            proclitics,
            article,
            _enclitic,
            lemma,
            part_of_speech,
            _number,
            core,
        ] = columns.as_slice()
        else {
            return Err(format!("{} columns, expected 8", columns.len()));
        };
        let has_article = match *article {
            "0" => false,
            "1" => true,
            other => return Err(format!("the article is `{other}`, not 0 or 1")),
        };
        if surface.is_empty() || lemma.is_empty() {
            return Err("the surface or the lemma is empty".to_owned());
        }
        let is_content_part = matches!(*part_of_speech, "NOUN" | "ADJ" | "VERB" | "PROPN");
        Ok(GoldWord {
            surface: (*surface).to_owned(),
            lemma: (*lemma).to_owned(),
            is_content: is_content_part && core.chars().nth(1).is_some(),
            boundary_chars: boundary_chars(proclitics, has_article),
        })
    })
}

/// Returns the length of the proclitics and the article. After the preposition ل, the article has
/// one character, because its alef is not written: ل + البيت is للبيت.
fn boundary_chars(proclitics: &str, has_article: bool) -> usize {
    const LAM: char = 'ل';
    let article_chars = match (has_article, proclitics.ends_with(LAM)) {
        (false, _) => 0,
        (true, true) => 1,
        (true, false) => 2,
    };
    proclitics.chars().count() + article_chars
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_clitics() {
        let check = |line: &str, surface: &str, is_content: bool, boundary_chars: usize| {
            let word = GoldWord {
                surface: surface.to_owned(),
                lemma: "x".to_owned(),
                is_content,
                boundary_chars,
            };
            assert_eq!(parse(line), Ok(vec![word]), "{line}");
        };
        check("وبيته\tو\t0\tه\tx\tNOUN\tSing\tبيت\n", "وبيته", true, 1);
        check("البيت\t\t1\t\tx\tNOUN\tSing\tبيت\r\n", "البيت", true, 2);
        check("وبالبيت\tوب\t1\t\tx\tPROPN\tSing\tبيت", "وبالبيت", true, 4);
        check("للبيت\tل\t1\t\tx\tNOUN\tSing\tبيت", "للبيت", true, 2);
        check("لبيت\tل\t0\t\tx\tNOUN\tSing\tبيت", "لبيت", true, 1);
        check("في\t\t0\t\tx\tADP\t\tفي", "في", false, 0);
        check("ف\t\t0\t\tx\tNOUN\t\tف", "ف", false, 0);
    }

    #[test]
    fn refuses_other_tables() {
        let check = |text: &str, line: usize, said: &str| {
            let error = parse(text).expect_err(text);
            assert!(
                error.line == line && error.reason.contains(said),
                "{error:?}"
            );
        };
        check("بيت\t\t0\t\tx\tNOUN\tSing\tبيت\nبيت\tبيت\n", 2, "2 columns");
        check("بيت\t\tno\t\tx\tNOUN\tSing\tبيت\n", 1, "`no`");
        check("\t\t0\t\tx\tNOUN\tSing\tبيت\n", 1, "the surface");
    }
}
