//! Prints the tokens of a text: `cargo run -p fihrist-arabic --example analyze -- "زار بيروتَ،
//! لـ«الحوار»"`.

use fihrist_arabic::{Analyzer, Model};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let text = if arguments.is_empty() {
        "وستزور الوزيرة مدرسةً في بيروت عام ٢٠٢٠ #لبنان_اليوم".to_owned()
    } else {
        arguments.join(" ")
    };
    let analyzer = Analyzer::new(Model::base());
    println!("position  kind          written → folded → form → stem");
    for token in analyzer.analyze(&text) {
        println!(
            "{:>8}  {:<12}  {} → {} → {} → {}",
            token.position,
            token.kind.name(),
            token.span.slice(&text),
            token.surface,
            token.form(&text),
            token.stem,
        );
    }
}
