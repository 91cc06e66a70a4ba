//! The memory of the rate limiter: one time per client, for a limited number of clients. The
//! limiter interprets the times.

use parking_lot::Mutex;
use std::collections::HashMap;
use std::hash::Hash;

use governor::nanos::Nanos;
use governor::state::StateStore;

/// Stores one time for each of at most `capacity` clients.
///
/// Invariant: it never holds more than `capacity` clients. A client that is forgotten starts again
/// with a full quota. Clients that have used the least of their quota are forgotten first. Clients
/// over their limit are therefore among the last.
pub struct ClientTimes<K> {
    capacity: usize,
    times: Mutex<HashMap<K, Nanos>>,
}

impl<K: Hash + Eq + Clone> ClientTimes<K> {
    /// Creates a memory for `capacity` clients, at least two.
    pub fn new(capacity: usize) -> Self {
        Self {
            capacity: capacity.max(2),
            times: Mutex::default(),
        }
    }

    #[cfg(test)]
    pub fn len(&self) -> usize {
        self.times.lock().len()
    }
}

impl<K: Hash + Eq + Clone> StateStore for ClientTimes<K> {
    type Key = K;

    fn measure_and_replace<T, F, E>(&self, key: &K, measure: F) -> Result<T, E>
    where
        F: Fn(Option<Nanos>) -> Result<(T, Nanos), E>,
    {
        // If `measure` panics, the lock is released and the map is unchanged.
        let mut times = self.times.lock();
        if let Some(time) = times.get_mut(key) {
            let (outcome, next) = measure(Some(*time))?;
            *time = next;
            return Ok(outcome);
        }
        let (outcome, next) = measure(None)?;
        if times.len() >= self.capacity {
            forget_half(&mut times);
        }
        times.insert(key.clone(), next);
        Ok(outcome)
    }
}

/// Forgets the half of the clients with the oldest times. Forgetting half of them at once is cheap
/// under a flood of new clients.
fn forget_half<K>(times: &mut HashMap<K, Nanos>) {
    let mut sorted: Vec<Nanos> = times.values().copied().collect();
    let half = sorted.len() / 2;
    let (below, median, _) = sorted.select_nth_unstable(half);
    let median = *median;
    // Many clients may have the median time. Of these, only as many are forgotten as complete the
    // half.
    let mut to_go = half - below.iter().filter(|time| **time < median).count();
    times.retain(|_, time| {
        let goes = *time < median || (*time == median && to_go > 0);
        to_go -= usize::from(goes && *time == median);
        !goes
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(store: &ClientTimes<u32>, key: u32, time: u64) {
        store
            .measure_and_replace(&key, |_| Ok::<_, ()>(((), Nanos::new(time))))
            .unwrap();
    }

    fn time(store: &ClientTimes<u32>, key: u32) -> Option<u64> {
        store
            .measure_and_replace(&key, Err::<((), Nanos), _>)
            .unwrap_err()
            .map(Nanos::as_u64)
    }

    #[test]
    fn the_least_used_are_forgotten() {
        let store = ClientTimes::new(8);
        for key in 0..8 {
            put(&store, key, if key == 3 { 1_000 } else { u64::from(key) });
        }
        assert_eq!((store.len(), time(&store, 0)), (8, Some(0)));
        put(&store, 100, 9);
        assert_eq!(store.len(), 5);
        let left: Vec<_> = (0..8).filter(|key| time(&store, *key).is_some()).collect();
        assert_eq!(left, [3, 5, 6, 7]);
        assert_eq!(time(&store, 100), Some(9));
    }

    #[test]
    fn there_are_never_more_than_there_is_room_for() {
        for capacity in [0, 1, 2, 3, 64] {
            let store = ClientTimes::new(capacity);
            for key in 0..10_000 {
                // All the same time, which must not keep all of them.
                put(&store, key, 7);
                assert!(store.len() <= capacity.max(2));
            }
        }
    }

    #[test]
    fn what_is_refused_is_not_kept() {
        let store = ClientTimes::new(4);
        assert_eq!((time(&store, 1), store.len()), (None, 0));
    }
}
