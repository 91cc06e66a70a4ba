//! Counts additions to the cells of a sparse matrix, using little memory. The additions may come in
//! any order. This module does not depend on the meaning of rows and columns.

/// The number of additions that are collected before they are sorted and merged into the counts.
const LOG_CAPACITY: usize = 1 << 22;

/// The number of the lowest keys, whose additions are counted at once and not collected. The
/// callers number the rows so that the most frequent words have these keys. They take 16 megabytes.
const DIRECT_KEYS: usize = 1 << 22;

/// The counts of the cells of a sparse matrix. The key of a cell is one number that contains its
/// row and its column.
///
/// Invariant: the counts do not depend on the order of additions.
#[derive(Default)]
pub struct CellCounts {
    /// The keys with their counts, sorted by key.
    counts: Vec<(u32, u32)>,
    log: Vec<u32>,
    /// The number of additions to each of the [`DIRECT_KEYS`] up to the highest.
    direct: Vec<u32>,
}

impl CellCounts {
    /// Adds one to the count of a cell.
    pub fn add(&mut self, key: u32) {
        let number = key as usize;
        if number < DIRECT_KEYS {
            if number >= self.direct.len() {
                self.direct.resize((number + 1).next_power_of_two(), 0);
            }
            self.direct[number] = self.direct[number].saturating_add(1);
            return;
        }
        self.log.push(key);
        if self.log.len() >= LOG_CAPACITY {
            self.flush_log();
        }
    }

    /// Adds the counts of another matrix.
    pub fn merge(&mut self, mut other: Self) {
        self.flush();
        other.flush();
        self.counts = if self.counts.is_empty() {
            other.counts
        } else {
            merged(&self.counts, other.counts.into_iter())
        };
    }

    /// Returns the keys of the cells with a count above zero, sorted, each with its count.
    pub fn into_counts(mut self) -> Vec<(u32, u32)> {
        self.flush();
        self.counts
    }

    /// Sorts the collected additions and merges all additions into the counts.
    pub fn flush(&mut self) {
        self.flush_log();
        let direct = (0..).zip(std::mem::take(&mut self.direct));
        let direct: Vec<(u32, u32)> = direct.filter(|(_, count)| *count > 0).collect();
        if !direct.is_empty() {
            self.counts = merged(&self.counts, direct.into_iter());
        }
    }

    fn flush_log(&mut self) {
        if self.log.is_empty() {
            return;
        }
        sort(&mut self.log);
        let runs = self.log.chunk_by(|one, next| one == next);
        self.counts = merged(&self.counts, runs.map(|run| (run[0], run.len() as u32)));
        self.log.clear();
    }
}

/// Sorts numbers with a radix sort, eleven bits at a time from the lowest. For millions of numbers
/// it takes half the time of a comparison sort (Knuth, vol. 3, 5.2.5).
fn sort(numbers: &mut Vec<u32>) {
    const DIGITS: usize = 1 << 11;
    let mut sorted = vec![0; numbers.len()];
    for shift in [0, 11, 22] {
        let digit = |number: u32| (number >> shift) as usize % DIGITS;
        let mut starts = [0; DIGITS];
        numbers
            .iter()
            .for_each(|number| starts[digit(*number)] += 1);
        let mut next = 0;
        for start in &mut starts {
            (*start, next) = (next, next + *start);
        }
        for number in numbers.iter() {
            let start = &mut starts[digit(*number)];
            sorted[*start] = *number;
            *start += 1;
        }
        std::mem::swap(numbers, &mut sorted);
    }
}

/// Merges two lists of keys and counts, both sorted by key. The counts of equal keys are added up.
fn merged(counts: &[(u32, u32)], more: impl Iterator<Item = (u32, u32)>) -> Vec<(u32, u32)> {
    let mut sums = Vec::with_capacity(counts.len() + more.size_hint().0);
    let mut old = counts.iter().copied().peekable();
    for (key, count) in more {
        while let Some(smaller) = old.next_if(|(old_key, _)| *old_key < key) {
            sums.push(smaller);
        }
        let known = old
            .next_if(|(old_key, _)| *old_key == key)
            .map_or(0, |(_, count)| count);
        sums.push((key, known.saturating_add(count)));
    }
    sums.extend(old);
    sums
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(keys: &[u32]) -> CellCounts {
        let mut counts = CellCounts::default();
        keys.iter().for_each(|key| counts.add(*key));
        counts
    }

    #[test]
    fn counts_do_not_depend_on_order_or_parts() {
        let many = DIRECT_KEYS as u32 + 9;
        let expected = vec![(1, 2), (4, 3), (many, 1)];
        assert_eq!(counted(&[4, 1, many, 4, 1, 4]).into_counts(), expected);
        let mut parts = counted(&[many, 4]);
        parts.merge(counted(&[1, 4]));
        parts.add(4);
        parts.merge(counted(&[1]));
        assert_eq!(parts.into_counts(), expected);
    }

    proptest::proptest! {
        #[test]
        fn sorts(numbers in proptest::collection::vec(proptest::prelude::any::<u32>(), 0..300)) {
            let (mut ours, mut theirs) = (numbers.clone(), numbers);
            sort(&mut ours);
            theirs.sort_unstable();
            proptest::prop_assert_eq!(ours, theirs);
        }
    }

    #[test]
    fn a_full_log_is_flushed() {
        let mut counts = CellCounts::default();
        let first = DIRECT_KEYS as u32;
        (0..LOG_CAPACITY as u32 + 5).for_each(|i| counts.add(first + i % 3));
        assert!(counts.log.len() < 10);
        assert_eq!(
            counts
                .into_counts()
                .iter()
                .map(|(_, count)| *count as usize)
                .sum::<usize>(),
            LOG_CAPACITY + 5
        );
    }
}
