//! Tables for the terminal: columns as wide as needed, names to the left, figures to the right.

/// Formats `rows`, of which the first is the heading. All rows must have the same number of cells.
pub fn table(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let chars =
        |row: &Vec<String>, column: usize| row.get(column).map_or(0, |cell| cell.chars().count());
    let widths: Vec<usize> = (0..columns)
        .map(|column| rows.iter().map(|row| chars(row, column)).max().unwrap_or(0))
        .collect();
    let mut text = String::new();
    for row in rows {
        let cells =
            (0..)
                .zip(row.iter().zip(&widths))
                .map(|(column, (cell, &width))| match column {
                    0 => format!("{cell:<width$}"),
                    _ => format!("{cell:>width$}"),
                });
        text.push_str(cells.collect::<Vec<_>>().join("   ").trim_end());
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up() {
        let row = |cells: [&str; 3]| cells.map(str::to_owned).to_vec();
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
