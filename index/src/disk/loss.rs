//! Decides what a loss of power undoes.

/// A sequence of decisions that a seed determines.
pub struct Loss {
    random: u64,
    mode: Mode,
}

/// How much reaches the disk without a sync.
#[derive(Debug, Clone, Copy)]
enum Mode {
    Nothing,
    Something,
    Everything,
}

impl Loss {
    pub fn new(seed: u64) -> Self {
        let mode = match seed % 4 {
            0 => Mode::Nothing,
            1 => Mode::Everything,
            _ => Mode::Something,
        };
        Self { random: seed, mode }
    }

    /// Returns whether the next change of a directory reached the disk.
    pub fn keeps(&mut self) -> bool {
        match self.mode {
            Mode::Nothing => false,
            Mode::Something => self.next().is_multiple_of(2),
            Mode::Everything => true,
        }
    }

    /// Returns what is left of a file: the synced bytes, and of the rest some, all, or zeros.
    pub fn cut(&mut self, mut content: Vec<u8>, synced_bytes: u64) -> Vec<u8> {
        let synced = usize::try_from(synced_bytes).map_or(content.len(), |n| n.min(content.len()));
        match (self.mode, self.next() % 4) {
            (Mode::Everything, _) | (Mode::Something, 0) => {}
            (Mode::Nothing, _) | (Mode::Something, 1) => content.truncate(synced),
            (Mode::Something, 2) => {
                let unsynced = (content.len() - synced) as u64 + 1;
                content.truncate(synced + (self.next() % unsynced) as usize);
            }
            (Mode::Something, _) => content[synced..].fill(0),
        }
        content
    }

    /// Returns the next number of the generator SplitMix64.
    fn next(&mut self) -> u64 {
        self.random = self.random.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.random;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}
