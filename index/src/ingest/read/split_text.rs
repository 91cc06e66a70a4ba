//! A text without quotes that contains the delimiter of its table or line breaks → one cell.

use super::{Meaning, Target, date};

/// The greatest size of a text that is joined from several lines, in bytes.
const MAX_JOINED_BYTES: usize = 1 << 20;

/// Joins a row with the next one if the next one goes on with the text at the end of the row: it is
/// a line of that text, or has its end and the other cells of the row. Returns whether it did.
pub fn join_lines(
    row: &mut Vec<String>,
    next: &mut Vec<String>,
    columns: &[Option<&Meaning>],
) -> bool {
    let last = row.len().saturating_sub(1);
    let is_body = |meaning: &Meaning| meaning.target == Target::Body;
    let ends_in_text = last > 0 && columns.get(last).copied().flatten().is_some_and(is_body);
    if !ends_in_text || row[last].len() > MAX_JOINED_BYTES {
        return false;
    }
    let is_line = next.len() == 1;
    let is_rest = last + next.len() == columns.len() && {
        let cells = columns[row.len()..].iter().zip(&next[1..]);
        let fits: Vec<_> = cells
            .filter_map(|(meaning, cell)| fits(*meaning, cell))
            .collect();
        fits.contains(&true) && !fits.contains(&false)
    };
    if is_line || is_rest {
        row[last].push('\n');
        row[last].push_str(&next.remove(0));
        row.append(next);
    }
    is_line || is_rest
}

/// Joins the cells of a text that contains the delimiter. If title and body can be that text, the
/// one with which dates, URLs and ids fit their columns is taken.
pub fn join_cells(cells: &mut Vec<String>, columns: &[Option<&Meaning>], delimiter: u8) {
    let extra = cells.len() - columns.len();
    let is = |target| {
        move |meaning: &Option<&Meaning>| meaning.is_some_and(|meaning| meaning.target == target)
    };
    let texts = [Target::Title, Target::Body].map(|target| columns.iter().position(is(target)));
    let fitting = |text: &usize| {
        let cell = |column: usize| match column {
            column if column > *text => &cells[column + extra],
            column => &cells[column],
        };
        let columns = columns.iter().enumerate();
        let columns = columns.filter(|(column, _)| column != text);
        let fitting =
            columns.filter(|(column, meaning)| fits(**meaning, cell(*column)) == Some(true));
        fitting.count()
    };
    if let Some(text) = texts.into_iter().flatten().max_by_key(fitting) {
        let delimiter = char::from(delimiter).to_string();
        let joined = cells[text..=text + extra].join(&delimiter);
        cells.splice(text..=text + extra, [joined]);
    }
}

/// Returns whether a cell has the form of its column; `None` if the column can hold any text.
fn fits(meaning: Option<&Meaning>, cell: &str) -> Option<bool> {
    let cell = cell.trim();
    Some(match meaning?.target {
        Target::Date => date::parse(cell).is_some(),
        Target::Url => cell.starts_with("http"),
        Target::Id => !cell.is_empty() && !cell.contains(char::is_whitespace),
        Target::Title | Target::Body | Target::Source | Target::Section | Target::Author => {
            return None;
        }
    })
}

#[cfg(test)]
mod tests {
    use super::super::Mapping;
    use super::*;

    #[test]
    fn lines_of_a_text() {
        let mapping = Mapping::default();
        let columns = ["id", "body", "date", "section"].map(|name| mapping.column(name));
        let check = |rows: [&str; 2], expected: &str| {
            let [mut row, mut next] = rows.map(|row| row.split('|').map(str::to_owned).collect());
            join_lines(&mut row, &mut next, &columns);
            assert_eq!(row.join("|"), expected, "{rows:?}");
        };
        check(["1|أول", "ثان"], "1|أول\nثان");
        check(
            ["1|أول", "ثان|2020-03-15|محليات"],
            "1|أول\nثان|2020-03-15|محليات",
        );
        // The next row is another article.
        for next in ["2|ثان", "2|ثان|محليات", "2|ثان|2020-03-15|محليات"] {
            check(["1|أول", next], "1|أول");
        }
        check(
            ["1|أول|2020-03-15|محليات", "ثان"],
            "1|أول|2020-03-15|محليات",
        );
        check(["أول", "ثان"], "أول");
    }
}
