//! Every property, with its seeds, with changed seeds, and with the inputs of old findings.

use super::{TARGETS, check};

/// The number of changed inputs for each seed.
const CHANGES: usize = 100;
/// The same for a property that writes files.
const FEW_CHANGES: usize = 2;

/// Numbers that look random and are the same in each run (xorshift, Marsaglia 2003).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end.max(1) as u64) as usize
    }
}

/// Changes a few places of an input: a bit, a byte, a cut, or a part that is there twice.
fn changed(input: &[u8], numbers: &mut Numbers) -> Vec<u8> {
    let mut bytes = input.to_vec();
    for _ in 0..=numbers.below(4) {
        let at = numbers.below(bytes.len());
        match (numbers.below(5), bytes.get_mut(at)) {
            (0 | 1, Some(byte)) => *byte ^= 1 << numbers.below(8),
            (2, Some(byte)) => *byte = numbers.below(256) as u8,
            (3, _) => bytes.truncate(at),
            (_, Some(_)) => {
                let end = at + numbers.below(bytes.len() - at).min(40);
                let part = bytes[at..end].to_vec();
                bytes.splice(at..at, part);
            }
            (_, None) => {}
        }
    }
    bytes
}

fn hold(name: &str) {
    let changes = match name {
        "damaged_index" | "restoring" => FEW_CHANGES,
        _ => CHANGES,
    };
    let target = TARGETS.iter().find(|target| target.name == name);
    let target = target.expect("a property with this name");
    let mut numbers = Numbers(0x9E37_79B9_7F4A_7C15);
    for seed in (target.seeds)() {
        (target.check)(&seed);
        for _ in 0..changes {
            (target.check)(&changed(&seed, &mut numbers));
        }
    }
}

macro_rules! hold {
    ($($name:ident)*) => {
        $(#[test]
        fn $name() {
            hold(stringify!($name));
        })*

        #[test]
        fn every_property_has_a_test() {
            let names: Vec<_> = TARGETS.iter().map(|target| target.name).collect();
            assert_eq!(names, [$(stringify!($name)),*]);
        }
    };
}

hold!(damaged_index decoding reading unpacking dates query snippet cursor stored small_files restoring);

/// Inputs that once broke a property.
#[test]
fn old_findings_stay_fixed() {
    let findings: &[(&str, &[u8])] = &[
        // A segment of 200 bytes in a text of two.
        ("stored", b"\0\x04\0\0\xC8\x01\x0A{\"id\":\"a\"}\xD9\x86"),
    ];
    for (name, input) in findings {
        check(name, input);
    }
}
