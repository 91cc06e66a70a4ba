//! Draws random words for the benchmarks from the base model, as frequent as in news. They form no sentences.

use fihrist_index::arabic::Model;

/// Returns words in proportion to their counts, drawn by a linear congruential generator with a fixed seed.
pub fn sampled_words(model: &Model, count: usize) -> Vec<String> {
    let mut total = 0;
    let ends: Vec<(u64, String)> = model
        .words()
        .map(|(word, count)| {
            total += u64::from(count);
            (total, word)
        })
        .collect();
    let mut state: u64 = 20_200_315;
    let mut draw = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 24) % total
    };
    (0..count)
        .map(|_| {
            let drawn = draw();
            ends[ends.partition_point(|(end, _)| *end <= drawn)]
                .1
                .clone()
        })
        .collect()
}
