//! Tables for the terminal: columns as wide as needed, names to the left, figures to the right.

use std::array;

/// Formats `rows`, of which the first is the heading. All rows must have the same number of cells.
pub fn table<const COLUMNS: usize>(rows: &[[String; COLUMNS]]) -> String {
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max();
    let widths: [usize; COLUMNS] = array::from_fn(|column| width(column).unwrap_or(0));
    let mut text = String::new();
    for row in rows {
        let cells: [String; COLUMNS] = array::from_fn(|column| match (column, widths[column]) {
            (0, width) => format!("{:<width$}", row[0]),
            (_, width) => format!("{:>width$}", row[column]),
        });
        text.push_str(cells.join("   ").trim_end());
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up() {
        let row = |cells: [&str; 3]| cells.map(str::to_owned);
        let text = table(&[
            row(["", "mean", "±"]),
            row(["nDCG@10", "0.5", "0.001"]),
            row(["P@1", "1", ""]),
        ]);
        assert_eq!(
            text,
            "          mean       ±\nnDCG@10    0.5   0.001\nP@1          1\n"
        );
    }
}
