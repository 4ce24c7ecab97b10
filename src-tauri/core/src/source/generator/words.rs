//! Fills the gaps of the texts.

use super::dice::Dice;
use super::vocabulary::{
    ACTIONS, ASSETS, DEVICES, ENTITIES, FEEDBACK, FIELDS, HOSTS, JOBS, PARTS, PERIODS, Project,
    QUEUES, REGIONS, SCREENS,
};
use std::fmt::Write as _;

/// The words of one issue; the same for all of its occurrences.
#[derive(Debug)]
pub(super) struct Words {
    pub service: &'static str,
    pub entity: &'static str,
    pub entity2: &'static str,
    pub action: &'static str,
    pub host: &'static str,
    pub queue: &'static str,
    pub field: &'static str,
    pub field2: &'static str,
    pub period: (&'static str, &'static str),
    pub job: &'static str,
    pub region: &'static str,
    pub asset: &'static str,
    pub screen: &'static str,
    pub feedback: &'static str,
    pub verb: &'static str,
    pub path: String,
    pub function: String,
    pub module: String,
    pub file: String,
    pub component: String,
}

impl Words {
    pub(super) fn choose(dice: &mut Dice, project: &Project) -> Self {
        let entity = dice.word_of(ENTITIES);
        let mut entity2 = dice.word_of(ENTITIES);
        if entity2 == entity {
            entity2 = "item";
        }
        let action = dice.word_of(ACTIONS);
        let part = dice.word_of(PARTS);
        let version = dice.between(1, 3);
        let path = if dice.chance(5_000) {
            format!("/api/v{version}/{entity}s/{{id}}/{entity2}s")
        } else {
            format!("/api/v{version}/{entity}s/{action}")
        };
        let (folder, ending) = project.sources;
        let (function, module, file) = if project.snake_case {
            let module = format!("{}.{entity}_{part}", folder.replace('/', "."));
            (
                format!("{action}_{entity}_{entity2}"),
                module,
                format!("{folder}/{entity}_{part}.{ending}"),
            )
        } else {
            let name = format!("{}{}", capital(entity), capital(part));
            let function = format!("{action}{}{}", capital(entity), capital(entity2));
            (
                function,
                format!("{entity}.{name}"),
                format!("{folder}/{entity}/{name}.{ending}"),
            )
        };
        Self {
            service: dice.word_of(project.services),
            entity,
            entity2,
            action,
            host: dice.word_of(HOSTS),
            queue: dice.word_of(QUEUES),
            field: dice.word_of(FIELDS),
            field2: dice.word_of(FIELDS),
            period: *dice.pick(PERIODS),
            job: dice.word_of(JOBS),
            region: dice.word_of(REGIONS),
            asset: dice.word_of(ASSETS),
            screen: dice.word_of(SCREENS),
            feedback: dice.word_of(FEEDBACK),
            verb: dice.word_of(&["GET", "POST", "PUT", "PATCH"]),
            component: format!("{}{}", capital(entity), capital(part)),
            path,
            function,
            module,
            file,
        }
    }

    /// `text` with its gaps filled. `{{` stands for a brace; an unknown gap stays as it is, which a test forbids.
    pub(super) fn fill(&self, text: &str, dice: &mut Dice, environment: &str) -> String {
        let mut filled = String::with_capacity(text.len() + 32);
        let mut rest = text;
        while let Some(at) = rest.find(['{', '}']) {
            let (plain, from) = rest.split_at(at);
            filled.push_str(plain);
            if from.starts_with("{{") || from.starts_with("}}") {
                filled.push_str(&from[..1]);
                rest = &from[2..];
                continue;
            }
            let gap = from
                .strip_prefix('{')
                .and_then(|inner| inner.split_once('}'));
            let Some((name, after)) = gap else {
                filled.push_str(from);
                return filled;
            };
            self.write_gap(&mut filled, name, dice, environment);
            rest = after;
        }
        filled.push_str(rest);
        filled
    }

    fn write_gap(&self, out: &mut String, name: &str, dice: &mut Dice, environment: &str) {
        let word = match name {
            "service" => self.service,
            "entity" => self.entity,
            "entity2" => self.entity2,
            "action" => self.action,
            "host" => self.host,
            "queue" => self.queue,
            "field" => self.field,
            "field2" => self.field2,
            "period" => self.period.0,
            "job" => self.job,
            "region" => self.region,
            "asset" => self.asset,
            "screen" => self.screen,
            "feedback" => self.feedback,
            "verb" => self.verb,
            "path" => &self.path,
            "function" => &self.function,
            "module" => &self.module,
            "file" => &self.file,
            "component" => &self.component,
            "environment" => environment,
            "device" => dice.word_of(DEVICES),
            "status" => dice.word_of(&["429", "500", "502", "503", "504"]),
            "reason" => dice.word_of(&[
                "A check-in was missed",
                "An error check-in arrived",
                "A check-in exceeded its time",
            ]),
            _ => return self.write_number(out, name, dice),
        };
        out.push_str(word);
    }

    fn write_number(&self, out: &mut String, name: &str, dice: &mut Dice) {
        let number = match name {
            "small" => dice.between(2, 9),
            "count" => dice.between(8, 240),
            "ms" => dice.between(120, 900),
            "ms2" => dice.between(950, 4_800),
            "minutes" => dice.between(5, 55),
            "hours" => dice.between(2, 70),
            "big" => dice.between(10_000, 900_000),
            "hex" => return push(out, format_args!("{:012x}", dice.word() >> 16)),
            "server" => {
                return push(
                    out,
                    format_args!("{}-{}", self.service, dice.between(1, 12)),
                );
            }
            _ => return push(out, format_args!("{{{name}}}")),
        };
        push(out, format_args!("{number}"));
    }
}

fn push(out: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing into a string cannot fail.
    let _ = out.write_fmt(text);
}

/// `order` becomes `Order`.
pub(super) fn capital(word: &str) -> String {
    let mut characters = word.chars();
    characters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(characters).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::super::family::FAMILIES;
    use super::super::vocabulary::PROJECTS;
    use super::*;

    #[test]
    fn every_gap_of_every_family_is_known() {
        let mut dice = Dice::new(3, 0);
        for project in PROJECTS {
            let words = Words::choose(&mut dice, project);
            for family in FAMILIES {
                let titles = family
                    .titles
                    .iter()
                    .flat_map(|(title, subtitle)| [*title, *subtitle]);
                for text in titles.chain(family.evidence.iter().map(|(_, value, _)| *value)) {
                    // The path of an endpoint has a brace of its own.
                    let filled = words
                        .fill(text, &mut dice, "production")
                        .replace("{id}", "");
                    let braces = filled.matches('{').count();
                    assert_eq!(braces, text.matches("{{").count(), "{text} became {filled}");
                    assert!(!filled.is_empty());
                }
            }
        }
    }

    #[test]
    fn doubled_and_lonely_braces_survive() {
        let mut dice = Dice::new(3, 0);
        let words = Words::choose(&mut dice, &PROJECTS[0]);
        assert_eq!(words.fill("{{a}} {unknown", &mut dice, ""), "{a} {unknown");
    }
}
