//! Fills a list by several threads. It knows nothing of what is computed.

use std::thread::{available_parallelism, scope};

/// More threads than this are not worth their start.
const MAX_THREADS: usize = 8;
/// A thread is not worth its start for fewer elements.
const MIN_ELEMENTS: usize = 4_096;

/// How many elements one thread fills.
fn part_size(elements: usize) -> usize {
    let threads = available_parallelism()
        .map_or(1, usize::from)
        .min(MAX_THREADS);
    elements
        .div_ceil(threads.min(elements / MIN_ELEMENTS).max(1))
        .max(1)
}

/// Fills a list with what `make` makes of the place of each thing.
pub fn fill_in_parallel<T: Send>(things: &mut [T], make: impl Fn(usize) -> T + Sync) {
    let size = part_size(things.len());
    let fill = |(part, things): (usize, &mut [T])| {
        for (place, thing) in (part * size..).zip(things) {
            *thing = make(place);
        }
    };
    if size >= things.len() {
        return fill((0, things));
    }
    scope(|scope| {
        things
            .chunks_mut(size)
            .enumerate()
            .for_each(|part| drop(scope.spawn(move || fill(part))))
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_filled_by_their_places() {
        for count in [0, 1, 4_095, 8_192, 100_003] {
            let mut things = vec![0; count];
            fill_in_parallel(&mut things, |place| place + 1);
            assert_eq!(things, Vec::from_iter(1..=count));
        }
    }
}
