//! What is the same for all occurrences of one issue. Made anew from the number of the issue whenever it is needed,
//! so that any number of issues costs no memory.

use super::dice::Dice;
use super::family::{FAMILIES, Family, Shape, is_unreleased};
use super::vocabulary::{PROJECTS, Project};
use super::words::Words;

/// Issues below this number are of types that are processed without any feature switched on.
const RELEASED_ONLY_BELOW: u32 = 200;

/// An issue of the invented company.
#[derive(Debug)]
pub(super) struct Issue {
    pub project: &'static Project,
    pub family: &'static Family,
    pub words: Words,
    pub fingerprint: String,
    pub title: String,
    pub subtitle: String,
    pub culprit: String,
    pub transaction: String,
    /// Seed of what differs between issues but not between occurrences, such as line numbers.
    pub dice: Dice,
}

impl Issue {
    /// Issue number `index` of a seed.
    pub(super) fn new(seed: u64, index: u32) -> Self {
        // Stream 0 belongs to the sequence of records.
        let mut dice = Dice::new(seed, u64::from(index) + 1);
        let project = dice.weighted(PROJECTS, |project| project.weight);
        let fits = |family: &Family| {
            family.on.contains(&project.kind)
                && !(index < RELEASED_ONLY_BELOW && is_unreleased(family))
        };
        let family = dice.weighted(
            FAMILIES,
            |family| if fits(family) { family.weight } else { 0 },
        );
        let words = Words::choose(&mut dice, project);
        let (title, subtitle) = dice.pick(family.titles);
        let title = words.fill(title, &mut dice, "production");
        let subtitle = words.fill(subtitle, &mut dice, "production");
        let transaction = match family.shape {
            Shape::Monitor => format!("{}-{}", words.period.0, words.job),
            Shape::Feedback | Shape::Uptime => words.component.clone(),
            _ => match project.kind {
                super::vocabulary::Kind::Backend => format!("{} {}", words.verb, words.path),
                super::vocabulary::Kind::Web => format!("/{}s/:id/{}", words.entity, words.action),
                super::vocabulary::Kind::Mobile => format!("{}.{}", words.screen, words.action),
            },
        };
        let culprit = match family.shape {
            Shape::Failure => format!("{} in {}", words.module, words.function),
            Shape::Spans | Shape::Profile => transaction.clone(),
            Shape::Monitor | Shape::Feedback | Shape::Uptime => String::new(),
        };
        let fingerprint = format!("{}-{}-{:016x}", project.id, family.group_type, dice.word());
        Self {
            project,
            family,
            words,
            fingerprint,
            title,
            subtitle,
            culprit,
            transaction,
            dice,
        }
    }
}
