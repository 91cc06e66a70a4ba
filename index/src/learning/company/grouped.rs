//! Items in numbered groups, in two lists. Lists of lists would take several times as long to make.

/// Items in groups with the numbers from 0. The items of a group are in the order in which they
/// came.
pub struct Grouped<T> {
    /// The index in `items` at which each group starts, and after the last group their number.
    starts: Vec<usize>,
    items: Vec<T>,
}

impl<T: Copy + Default> Grouped<T> {
    /// Groups items, each given with the number of its group.
    pub fn new(group_count: usize, items: impl Iterator<Item = (u32, T)> + Clone) -> Self {
        let mut starts = vec![0; group_count + 1];
        let mut end = 0;
        items.clone().for_each(|(group, _)| {
            starts[group as usize] += 1;
        });
        for start in &mut starts {
            (*start, end) = (end, end + *start);
        }
        let mut grouped = vec![T::default(); end];
        let mut next = starts.clone();
        items.for_each(|(group, item)| {
            grouped[next[group as usize]] = item;
            next[group as usize] += 1;
        });
        Self {
            starts,
            items: grouped,
        }
    }

    /// Returns the items of a group.
    pub fn get(&self, group: u32) -> &[T] {
        let group = group as usize;
        &self.items[self.starts[group]..self.starts[group + 1]]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_stand_in_their_groups_in_order() {
        let items = [(2, 'b'), (0, 'x'), (2, 'a')];
        let grouped = Grouped::new(4, items.into_iter());
        let groups = [0, 1, 2, 3].map(|group| grouped.get(group));
        assert_eq!(groups, [&['x'][..], &[], &['b', 'a'], &[]]);
    }
}
