//! The profile of a stem: how often a corpus inflects it with the definite article, as a verb, or
//! with other endings. Thus the counts of single words tell nouns, verbs and adjectives apart. The
//! module `confirm` sets the thresholds.

use rustc_hash::FxHashMap;

/// The definite article `ال`, alone and with the proclitics that may precede it.
const ARTICLES: [&str; 11] = [
    "ال", "وال", "فال", "بال", "كال", "وبال", "فبال", "وكال", "لل", "ولل", "فلل",
];

/// The endings of the sound plurals and the dual, alone and with enclitics.
const SOUND_ENDINGS: [&str; 8] = ["ات", "ون", "ين", "ان", "اته", "اتها", "اتهم", "اتهما"];

/// The number of a stem's occurrences, and how many of them show each feature.
#[derive(Clone, Copy, Default)]
pub struct Profile {
    pub count: u64,
    definite: u64,
    sound: u64,
    feminine: u64,
    verbal: u64,
    /// The occurrences of other stems that consist of this stem and an ending of the perfect.
    verbal_elsewhere: u64,
}

impl Profile {
    /// Returns the share of occurrences with the article, from 0 to 1.
    pub fn definite(&self) -> f64 {
        share(self.definite, self.count)
    }

    /// Returns the share of occurrences as a sound plural or a dual, from 0 to 1.
    pub fn sound(&self) -> f64 {
        share(self.sound, self.count)
    }

    /// Returns the share of occurrences with the ending `ه`, from 0 to 1.
    pub fn feminine(&self) -> f64 {
        share(self.feminine, self.count)
    }

    /// Returns the share of occurrences as an imperfect, or with an ending of the perfect, from 0
    /// to 1.
    pub fn verbal(&self) -> f64 {
        share(
            self.verbal + self.verbal_elsewhere,
            self.count + self.verbal_elsewhere,
        )
    }

    fn add(&mut self, surface: &str, stem: &str, count: u64) {
        let has_ending = |ending: &&str| surface.ends_with(*ending) && !stem.ends_with(*ending);
        let is_definite = is_definite(surface, stem);
        let add_if = |is_so: bool, sum: &mut u64| *sum += if is_so { count } else { 0 };
        add_if(true, &mut self.count);
        add_if(is_definite, &mut self.definite);
        add_if(SOUND_ENDINGS.iter().any(has_ending), &mut self.sound);
        add_if(has_ending(&"ه"), &mut self.feminine);
        add_if(
            !is_definite && (is_imperfect(surface, stem) || has_ending(&"ت") || has_ending(&"وا")),
            &mut self.verbal,
        );
    }
}

/// Returns whether a folded word is its stem with the article: it begins with an article and then
/// the stem's first two letters.
fn is_definite(surface: &str, stem: &str) -> bool {
    let beginning = stem
        .char_indices()
        .nth(2)
        .map_or(stem, |(end, _)| &stem[..end]);
    ARTICLES.iter().any(|article| {
        surface
            .strip_prefix(article)
            .is_some_and(|noun| noun.starts_with(beginning))
    })
}

/// Returns whether a folded word is an imperfect. It has `ي` or `ت` before its stem, or its stem
/// begins with `ي`.
fn is_imperfect(surface: &str, stem: &str) -> bool {
    let verb = surface.trim_start_matches(['و', 'ف']);
    let verb = verb.strip_prefix('س').unwrap_or(verb);
    let Some(base) = verb.strip_prefix(['ي', 'ت']) else {
        return false;
    };
    // After the prefix of the imperfect, the verb forms IV and VII to X lose their alef.
    let is_prefixed = base.starts_with(stem.strip_prefix('ا').unwrap_or(stem));
    !stem.starts_with(verb) && (is_prefixed || stem.starts_with('ي'))
}

fn share(part: u64, whole: u64) -> f64 {
    part as f64 / whole.max(1) as f64
}

/// Returns the profile of every stem of a corpus. Each word is given as a folded word, its stem and
/// its count.
pub fn profiles<S: AsRef<str>>(
    words: impl IntoIterator<Item = (S, S, u64)>,
) -> FxHashMap<String, Profile> {
    let mut profiles: FxHashMap<String, Profile> = FxHashMap::default();
    for (surface, stem, count) in words {
        let surface = surface.as_ref();
        let stem = stem.as_ref();
        match profiles.get_mut(stem) {
            Some(profile) => profile.add(surface, stem, count),
            None => profiles
                .entry(stem.to_owned())
                .or_default()
                .add(surface, stem, count),
        }
    }
    let perfects: Vec<(String, u64)> = profiles
        .iter()
        .flat_map(|(stem, profile)| {
            let bases = ["ت", "وا"]
                .into_iter()
                .filter_map(|ending| stem.strip_suffix(ending));
            bases.map(|base| (base.to_owned(), profile.count))
        })
        .collect();
    for (base, count) in perfects {
        if let Some(profile) = profiles.get_mut(&base) {
            profile.verbal_elsewhere += count;
        }
    }
    profiles
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_tell_a_noun_from_a_verb() {
        let profiles = profiles([
            ("البيت", "بيت", 30),
            ("وبيت", "بيت", 60),
            ("بيتين", "بيت", 10),
            ("زار", "زار", 50),
            ("زارت", "زارت", 50),
            ("اعلن", "اعلن", 50),
            ("سيعلن", "اعلن", 50),
            ("يوم", "يوم", 9),
            ("الالم", "الم", 1),
            ("للقاء", "لقاء", 1),
            ("جديده", "جديد", 1),
        ]);
        let share = |stem: &str, share: fn(&Profile) -> f64| share(&profiles[stem]);
        assert_eq!(
            [
                share("بيت", Profile::definite),
                share("بيت", Profile::sound),
                share("بيت", Profile::verbal)
            ],
            [0.3, 0.1, 0.0]
        );
        assert_eq!(
            [
                share("زار", Profile::verbal),
                share("اعلن", Profile::verbal),
                share("يوم", Profile::verbal)
            ],
            [0.5, 0.5, 0.0]
        );
        assert_eq!(
            [
                share("الم", Profile::definite),
                share("جديد", Profile::feminine),
                share("لقاء", Profile::definite)
            ],
            [1.0, 1.0, 0.0]
        );
    }
}
