//! The sample articles, which are part of the binary, so that the first command shows results.

use fihrist_index::ingest::Input;

macro_rules! sample {
    ($name:literal) => {
        Input::Memory {
            name: concat!("samples/", $name).to_owned(),
            bytes: include_bytes!(concat!("../static/samples/", $name)),
        }
    };
}

/// Returns all sample files; the name of a file determines its format.
pub fn samples() -> Vec<Input> {
    vec![
        sample!("articles.jsonl"),
        sample!("scraped/001_0c9b5f72d8e4136a.txt"),
        sample!("scraped/001_2b74c69ef0a8d513.txt"),
        sample!("scraped/001_3fa91c07be52d648.txt"),
        sample!("scraped/001_48be63d70af195c2.txt"),
        sample!("scraped/001_5c27e0a94d1bf836.txt"),
        sample!("scraped/001_6e31a8d49c07fb25.txt"),
        sample!("scraped/001_7a6db2f05e83914c.txt"),
        sample!("scraped/001_92fd07c5ab3e6180.txt"),
        sample!("scraped/001_b80d4e61f7239ac5.txt"),
        sample!("scraped/001_d1450e8f9b6c72a3.txt"),
        sample!("scraped/001_e94f18b3026a7cd1.txt"),
        sample!("scraped/001_f5087b1e3dc94a62.txt"),
    ]
}
