//! Computes the similarity of two stems: the cosine of their context vectors, which are weighted by
//! positive pointwise mutual information (O. Levy, Y. Goldberg, I. Dagan, "Improving Distributional
//! Similarity with Lessons Learned from Word Embeddings", TACL 2015). The module `confirm` sets the
//! thresholds.

use crate::parallel::map_uneven;

/// A cell with a lower count is ignored: it may be chance.
const MIN_COOCCURRENCES: u32 = 2;

/// The number of bits that is subtracted from the mutual information of each context. A context
/// with less gets no weight.
const MIN_BITS: f64 = 1.0;

/// How much a context counts for a row, by the counts of all rows.
pub struct ContextWeights {
    /// The smoothed count of each column.
    smoothed: Vec<f64>,
    smoothed_total: f64,
}

impl ContextWeights {
    /// Computes the weights from the counts of all cells. The lowest `column_bits` bits of a key are
    /// the column.
    pub fn new<'a>(counts: impl IntoIterator<Item = &'a (u32, u32)>, column_bits: u32) -> Self {
        let mut column_sums = vec![0u64; 1 << column_bits];
        counts.into_iter().for_each(|(key, count)| {
            column_sums[column_of(*key, column_bits) as usize] += u64::from(*count);
        });
        let smoothed: Vec<f64> = column_sums
            .iter()
            .map(|sum| (*sum as f64).sqrt() * (*sum as f64).sqrt().sqrt())
            .collect();
        let smoothed_total = smoothed.iter().sum();
        Self {
            smoothed,
            smoothed_total,
        }
    }

    /// Returns the context vector of a row, of length 1 or empty. Each cell is a column and its
    /// count; they must be sorted by column, and so are the columns and weights of the vector.
    pub fn vector(&self, cells: impl Iterator<Item = (u32, u32)> + Clone) -> Vec<(u32, f32)> {
        let sum: u64 = cells.clone().map(|(_, count)| u64::from(count)).sum();
        let mut vector = Vec::new();
        for (column, count) in cells.filter(|(_, count)| *count >= MIN_COOCCURRENCES) {
            let expected = sum as f64 * self.smoothed[column as usize] / self.smoothed_total;
            let weight = log2(f64::from(count) / expected) - MIN_BITS;
            if weight > 0.0 {
                vector.push((column, weight as f32));
            }
        }
        let length = vector
            .iter()
            .map(|(_, weight)| f64::from(*weight * *weight))
            .sum::<f64>()
            .sqrt();
        vector
            .iter_mut()
            .for_each(|(_, weight)| *weight = (f64::from(*weight) / length) as f32);
        vector
    }
}

/// Returns the cosine of two context vectors, from 0 to 1; 0 if one of them is empty.
pub fn cosine(mut one: &[(u32, f32)], mut other: &[(u32, f32)]) -> f32 {
    let mut sum = 0.0;
    while let ([(left, left_weight), left_rest @ ..], [(right, right_weight), right_rest @ ..]) =
        (one, other)
    {
        if left == right {
            sum += f64::from(*left_weight) * f64::from(*right_weight);
        }
        if left <= right {
            one = left_rest;
        }
        if right <= left {
            other = right_rest;
        }
    }
    sum as f32
}

fn column_of(key: u32, column_bits: u32) -> u32 {
    key & ((1 << column_bits) - 1)
}

/// The context vectors of all rows.
pub struct ContextVectors {
    /// The index in `entries` at which each row starts, and after the last row the length of
    /// `entries`.
    starts: Vec<usize>,
    /// The column and the weight of each entry; the entries of a row are sorted by column.
    entries: Vec<(u32, f32)>,
}

impl ContextVectors {
    /// Computes the vectors from the counts of cells, which are sorted by key. The lowest
    /// `column_bits` bits of a key are the column.
    pub fn new(counts: &[(u32, u32)], row_count: usize, column_bits: u32) -> Self {
        let weights = ContextWeights::new(counts, column_bits);
        let vectors = map_uneven(0..row_count, |rows| {
            let first =
                counts.partition_point(|(key, _)| ((key >> column_bits) as usize) < rows.start);
            let mut rest = &counts[first..];
            let vector = |row| {
                let count = rest
                    .iter()
                    .take_while(|(key, _)| (key >> column_bits) as usize == row);
                let (own, others) = rest.split_at(count.count());
                rest = others;
                let cells = own
                    .iter()
                    .map(|(key, count)| (column_of(*key, column_bits), *count));
                weights.vector(cells)
            };
            rows.map(vector).collect::<Vec<_>>()
        });
        let mut starts = vec![0];
        let mut entries = Vec::with_capacity(counts.len() / 2);
        for vector in vectors.iter().flatten() {
            entries.extend_from_slice(vector);
            starts.push(entries.len());
        }
        Self { starts, entries }
    }

    /// Returns the [`cosine`] of the vectors of two rows.
    pub fn cosine(&self, one: u32, other: u32) -> f32 {
        cosine(self.row(one), self.row(other))
    }

    fn row(&self, row: u32) -> &[(u32, f32)] {
        &self.entries[self.starts[row as usize]..self.starts[row as usize + 1]]
    }
}

/// Returns the binary logarithm of a positive, normal number. The result is the same to the last
/// bit on every machine, which the system's mathematical library does not guarantee.
fn log2(number: f64) -> f64 {
    let bits = number.to_bits();
    let exponent = (bits >> 52) as i32 - 1023;
    let mantissa = f64::from_bits(bits & ((1 << 52) - 1) | 1023 << 52);
    // ln(m) = 2 artanh((m - 1) / (m + 1)). For m below 2, the first eight terms of the series are
    // exact to 1e-8.
    let ratio = (mantissa - 1.0) / (mantissa + 1.0);
    let square = ratio * ratio;
    let series = (0..8)
        .rev()
        .fold(0.0, |sum, i| sum * square + 1.0 / f64::from(2 * i + 1));
    f64::from(exponent) + 2.0 * ratio * series * std::f64::consts::LOG2_E
}

/// Returns the similarity of two words, corrected for the sizes of their samples: the cosine of
/// their context vectors divided by the cosine that samples of one word have on average. The cosine
/// of rare words is low, because few of their contexts are in both samples. The source of the
/// correction is C. Spearman, "The Proof and Measurement of Association between Two Things", 1904.
pub fn corrected(cosine: f32, occurrences: [u64; 2]) -> f32 {
    let [one, other] = occurrences.map(|count| reliability(count.max(1) as f32));
    cosine / (one * other).sqrt()
}

/// Returns the mean cosine of two samples of one word, each with this many occurrences. It was
/// measured on halves of the occurrences of 5,578 words of the news.
fn reliability(occurrences: f32) -> f32 {
    (0.07 + 0.195 * occurrences.log10()).clamp(0.1, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_logarithm_is_close() {
        for number in [1e-300, 0.1, 0.5, 1.0, 1.5, 1.999_999, 2.0, 3.0, 1e6, 1e300] {
            assert!((log2(number) - number.log2()).abs() < 1e-8, "{number}");
        }
    }

    #[test]
    fn rows_with_shared_contexts_are_similar() {
        // Two columns a row; rows 0 and 1 share theirs, row 5 has none.
        let rows = [(0, 0), (1, 0), (2, 2), (3, 4), (4, 6)];
        let counts: Vec<_> = rows
            .iter()
            .flat_map(|(row, column)| [(row * 8 + column, 10 + row), (row * 8 + column + 1, 20)])
            .collect();
        let vectors = ContextVectors::new(&counts, 6, 3);
        assert!(vectors.cosine(0, 1) > 0.9, "{}", vectors.cosine(0, 1));
        assert!((vectors.cosine(0, 0) - 1.0).abs() < 1e-6);
        assert_eq!(
            [
                vectors.cosine(0, 2),
                vectors.cosine(0, 5),
                vectors.cosine(5, 5)
            ],
            [0.0; 3]
        );
    }
}
