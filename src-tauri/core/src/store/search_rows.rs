//! The rows a batch writes for searches: those that are not known to be in the store.

use super::Effects;
use super::known::{Inner, Known, Learned, person_row, term_row, text_row};
use super::rows::Rows;
use crate::model::{EventFacts, SearchText, Term};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use uuid::Uuid;

/// What a batch writes for searches.
#[derive(Debug, Default)]
pub(super) struct SearchRows<'a> {
    /// Texts, by issue and hash.
    pub texts: BTreeMap<(i64, i64), &'a SearchText>,
    /// Facts of the occurrences that have an issue, in their order.
    pub facts: Vec<FactRow<'a>>,
    /// Occurrences without an issue, which an earlier row may have had.
    pub dropped: Vec<(i64, Uuid)>,
    /// Terms by issue.
    pub terms: BTreeMap<i64, BTreeSet<Term>>,
    /// Parts of the terms that stand for others.
    pub persons: BTreeMap<Term, &'a [Term]>,
    /// Keys and values.
    pub values: BTreeSet<(&'a str, &'a str)>,
    /// What will be known once all this is committed.
    pub learned: Learned,
}

/// An occurrence that has an issue.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    /// Its number, where that is known without asking for it.
    pub seq: Option<i64>,
    pub project_id: i64,
    pub id: Uuid,
    pub event_id: Uuid,
    pub issue_id: i64,
}

/// Facts of one occurrence.
#[derive(Debug)]
pub(super) struct FactRow<'a> {
    pub place: Place,
    /// Hashes of texts of the issue.
    pub message: Option<i64>,
    pub stack: Option<i64>,
    pub facts: &'a str,
}

/// The bits of an occurrence: those of its facts, and those of what its row has in columns, which need not be from the
/// event. Nothing where the facts are not known.
pub(super) fn term_bits(
    facts: &EventFacts,
    environment: &str,
    release: Option<&str>,
    user: Option<&str>,
) -> Option<i64> {
    let mut bits = facts.bits?;
    bits.add(Term::of("environment", environment));
    for (key, text) in [("release", release), ("user", user)] {
        if let Some(text) = text {
            bits.add(Term::of(key, text));
        }
    }
    Some(bits.number())
}

impl<'a> SearchRows<'a> {
    /// The texts and facts of a batch, and its terms. `seqs`: the numbers of its occurrences, in their order, where they are
    /// known.
    pub(super) fn of(
        effects: &'a Effects,
        rows: &'a Rows<'a>,
        known: &Known,
        seqs: Option<Vec<i64>>,
    ) -> Self {
        let mut found = Self::default();
        let mut known = known.lock();
        for issue in rows.opened.iter().chain(&rows.touched) {
            found.text(&mut known, issue.id, &issue.text);
        }
        let mut seqs = seqs.into_iter().flatten();
        for (write, row) in effects.occurrences.iter().zip(&rows.occurrences) {
            let seq = seqs.next();
            let Some(issue_id) = row.issue_id else {
                found.dropped.push((row.project_id, row.id));
                continue;
            };
            let place = Place {
                seq,
                project_id: row.project_id,
                id: row.id,
                event_id: row.event_id,
                issue_id,
            };
            found.event(&mut known, place, &write.facts);
        }
        found
    }

    /// Adds an occurrence with the facts of its event.
    pub(super) fn event(&mut self, known: &mut Inner, place: Place, facts: &'a EventFacts) {
        let issue = place.issue_id;
        for text in facts.message.iter().chain(&facts.stack) {
            self.text(known, issue, text);
        }
        for &term in &facts.terms {
            if !known.contains(term_row(issue, term)) {
                self.terms.entry(issue).or_default().insert(term);
            }
        }
        // An issue that has the term was preceded by what it stands for.
        if let Some(person) = &facts.person
            && !known.contains(term_row(issue, person.whole))
            && !known.contains(person_row(person.whole))
        {
            self.persons.insert(person.whole, &person.parts);
        }
        self.facts.push(FactRow {
            place,
            message: facts.message.as_ref().map(|text| text.hash),
            stack: facts.stack.as_ref().map(|text| text.hash),
            // An occurrence that was made without facts has none, which is valid JSON too.
            facts: if facts.json.is_empty() {
                "{}"
            } else {
                &facts.json
            },
        });
    }

    /// Adds the own texts of issues.
    pub(super) fn issue_texts(&mut self, texts: impl Iterator<Item = (i64, &'a SearchText)>) {
        self.texts
            .extend(texts.map(|(issue, text)| ((issue, text.hash), text)));
    }

    fn text(&mut self, known: &mut Inner, issue: i64, text: &'a SearchText) {
        if !known.contains(text_row(issue, text.hash)) {
            self.texts.insert((issue, text.hash), text);
        }
    }

    /// Keys of these facts whose stored values have to be asked for.
    pub(super) fn wanted_keys<'f>(
        known: &Inner,
        facts: impl Iterator<Item = &'f EventFacts>,
    ) -> Vec<&'f str> {
        let mut wanted = BTreeSet::new();
        for facts in facts {
            for (of_key, _, key, _) in facts.values.iter() {
                if known.wants_values(of_key) {
                    wanted.insert(key);
                }
            }
        }
        wanted.into_iter().collect()
    }

    /// Adds the values to choose from, now that those in the store are known.
    pub(super) fn values(&mut self, known: &Inner, facts: impl Iterator<Item = &'a EventFacts>) {
        let mut added: HashMap<Term, usize> = HashMap::new();
        for facts in facts {
            for (of_key, of_value, key, value) in facts.values.iter() {
                let count = added.get(&of_key).copied().unwrap_or(0);
                let is_new = known.takes_value(of_key, of_value, count);
                if is_new && self.values.insert((key, value)) {
                    *added.entry(of_key).or_default() += 1;
                    self.learned.values.push((of_key, of_value));
                }
            }
        }
    }

    /// Everything about to be written, to be remembered after the commit.
    pub(super) fn learned(&mut self) -> Learned {
        let mut learned = std::mem::take(&mut self.learned);
        let texts = self
            .texts
            .keys()
            .map(|&(issue, hash)| text_row(issue, hash));
        learned.rows.extend(texts);
        for (&issue, terms) in &self.terms {
            learned
                .rows
                .extend(terms.iter().map(|&term| term_row(issue, term)));
        }
        let persons = self.persons.keys().map(|&whole| person_row(whole));
        learned.rows.extend(persons);
        learned
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::TermBits;

    #[test]
    fn bits_cover_what_stands_in_the_row() {
        let of_event = [
            Term::of("browser", "Firefox"),
            Term::of("environment", "prod"),
        ];
        let facts = EventFacts {
            bits: Some(TermBits::of(&of_event)),
            ..EventFacts::default()
        };
        let bits = term_bits(&facts, "staging", Some("1.0"), Some("id:7")).unwrap();
        for (key, value) in [
            ("browser", "Firefox"),
            ("environment", "prod"),
            ("environment", "staging"),
            ("release", "1.0"),
            ("user", "id:7"),
        ] {
            let asked = TermBits::of(&[Term::of(key, value)]).number();
            assert_eq!(bits & asked, asked, "{key}:{value}");
        }
        assert!(bits.count_ones() <= 10);
    }

    #[test]
    fn what_nobody_has_read_has_no_bits() {
        let unknown = EventFacts::default();
        assert_eq!(term_bits(&unknown, "prod", None, None), None);
    }
}
