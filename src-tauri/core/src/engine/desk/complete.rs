//! What can stand at a caret, with the values the store knows.

use crate::engine::find::{Asker, FindError, question};
use crate::error::Error;
use crate::query::{
    SearchConfig, Span, Stage, SuggestionKind, TokenKind, completion_at, literal_value, stored_key,
    tokens,
};
use crate::search::{Condition, IssueTest, People, Plan, TextTest};
use crate::store::{QueryStore, SearchStore};
use crate::view::{Completion, CompletionItem, CompletionStage, count};
use chrono::{DateTime, Utc};
use std::time::Duration;

/// Values that are offered at once.
const MOST_VALUES: usize = 50;
/// Counting stops here: what many issues have is "many".
const MOST_COUNTED: i64 = 10_000;
/// How long values may take that are those of the rest of the query (ux, section 5.3).
const WITHIN: Duration = Duration::from_millis(40);

/// What can stand at `caret`, a place in UTF-16 code units. Values are counted among the issues that the rest of the text
/// finds where that is known soon enough, and else among all.
///
/// # Errors
/// Where the store fails.
pub async fn complete<S: SearchStore + QueryStore>(
    store: &S,
    text: &str,
    caret: u32,
    asker: Asker<'_>,
    now: DateTime<Utc>,
) -> Result<Completion, Error> {
    complete_within(store, text, caret, (asker, now), WITHIN).await
}

/// As [`complete`], with another limit of time for the counts of the rest.
///
/// # Errors
/// As [`complete`].
pub(crate) async fn complete_within<S: SearchStore + QueryStore>(
    store: &S,
    text: &str,
    caret: u32,
    (asker, now): (Asker<'_>, DateTime<Utc>),
    within: Duration,
) -> Result<Completion, Error> {
    let place = byte_at(text, caret);
    let completion = completion_at(text, place, &SearchConfig::issues());
    let mut items: Vec<CompletionItem> = completion
        .words
        .iter()
        .map(|suggestion| CompletionItem {
            text: match suggestion.kind {
                SuggestionKind::Key => format!("{}:", suggestion.word),
                SuggestionKind::Value | SuggestionKind::Connective => suggestion.word.to_owned(),
            },
            label: suggestion.word.to_owned(),
            detail: suggestion.about.to_owned(),
            count: None,
            at_least: false,
        })
        .collect();
    let mut global = false;
    let keys = StoredKeys::at(&completion, text, place);
    if let Some(keys) = keys {
        items = keys.among(items, store.value_keys().await?);
    } else if let Stage::Value { key } = &completion.stage {
        let typed = completion.replace.of(text).trim_matches('"');
        let rest = rest(text, completion.replace);
        let offer = Offer {
            store,
            key,
            typed,
            asker,
            rest: match &rest {
                Rest::Unknown => None,
                Rest::Nothing => Some(Plan::everything()),
                Rest::Query(rest) => plan(store, rest, asker, now).await?,
            },
            has_rest: rest != Rest::Nothing,
            within,
        };
        let (values, are_global) = offer.values().await?;
        items.extend(values);
        global = are_global;
    }
    let (start, end) = utf16(text, completion.replace);
    Ok(Completion {
        start,
        end,
        stage: match completion.stage {
            Stage::Key => CompletionStage::Key,
            Stage::Value { .. } => CompletionStage::Value,
            Stage::Connective => CompletionStage::Connective,
        },
        items,
        global,
    })
}

/// Keys that events have beside those of the language: their tags.
struct StoredKeys {
    /// What is typed of one.
    typed: String,
    /// What stands behind one.
    colon: &'static str,
}

impl StoredKeys {
    /// Nothing where no key is being typed.
    fn at(completion: &crate::query::Completion, text: &str, place: usize) -> Option<Self> {
        let colon = match &completion.stage {
            Stage::Key | Stage::Connective => ":",
            Stage::Value { key } if key == "has" => "",
            Stage::Value { .. } => return None,
        };
        let typed = Span::new(completion.replace.start, place).of(text);
        // Within quotes nothing is offered at all.
        (!typed.is_empty() || !completion.words.is_empty()).then(|| Self {
            typed: typed.trim_start_matches('"').to_lowercase(),
            colon,
        })
    }

    /// First what begins with what is typed, of either kind.
    fn among(&self, words: Vec<CompletionItem>, stored: Vec<String>) -> Vec<CompletionItem> {
        let config = SearchConfig::issues();
        let begins = |name: &str| name.to_lowercase().starts_with(&self.typed);
        let (mut first, mut others): (Vec<_>, Vec<_>) =
            stored.into_iter().partition(|name| begins(name));
        others.retain(|name| name.to_lowercase().contains(&self.typed));
        first.append(&mut others);
        let keys = first.into_iter().filter_map(|name| {
            let key = stored_key(&name, &config)?;
            let item = CompletionItem {
                text: format!("{key}{}", self.colon),
                label: key,
                detail: "tag of events".to_owned(),
                count: None,
                at_least: false,
            };
            Some((begins(&name), item))
        });
        let words = words.into_iter().map(|item| (begins(&item.label), item));
        let mut all: Vec<_> = words.chain(keys.take(MOST_VALUES)).collect();
        all.sort_by_key(|(begins, _)| !begins);
        all.into_iter().map(|(_, item)| item).collect()
    }
}

/// The name of a tag that is written as one, `tags[name]`; nothing for any other key.
fn tag_name(key: &str) -> Option<&str> {
    let name = key.strip_prefix("tags[")?.strip_suffix(']')?;
    Some(
        name.split(',')
            .next()
            .unwrap_or(name)
            .trim_end()
            .trim_matches('"'),
    )
}

/// What a text asks beside the term that is being typed.
#[derive(Debug, PartialEq, Eq)]
enum Rest {
    /// That cannot be said: the term is part of a list or of an expression.
    Unknown,
    /// Nothing.
    Nothing,
    /// These terms, all of which must hold.
    Query(String),
}

fn rest(text: &str, replaced: Span) -> Rest {
    let (Some(before), Some(after)) = (text.get(..replaced.start), text.get(replaced.end..)) else {
        return Rest::Unknown;
    };
    let start = before.rfind(char::is_whitespace).map_or(0, |at| at + 1);
    let (before, term) = before.split_at(start);
    if !term.contains(':') || term.contains(['[', '(']) {
        return Rest::Unknown;
    }
    let rest = format!("{before}{}", after.trim_start());
    let is_list = |kind| {
        !matches!(
            kind,
            TokenKind::Connective | TokenKind::Parenthesis | TokenKind::Rest
        )
    };
    if !tokens(&rest, &SearchConfig::issues())
        .iter()
        .all(|token| is_list(token.kind))
    {
        return Rest::Unknown;
    }
    match rest.trim() {
        "" => Rest::Nothing,
        rest => Rest::Query(rest.to_owned()),
    }
}

/// What finds the issues of the rest; nothing where it cannot be run, which is said elsewhere.
async fn plan<S: SearchStore + QueryStore>(
    store: &S,
    rest: &str,
    asker: Asker<'_>,
    now: DateTime<Utc>,
) -> Result<Option<Plan>, Error> {
    match question(store, rest, asker, now).await {
        Ok(question) => Ok(Some(question.plan)),
        Err(error @ FindError::Store(_)) => Err(error.into()),
        Err(_) => Ok(None),
    }
}

/// A value that is no value of events.
struct Named {
    name: String,
    kind: &'static str,
    /// What an issue must be for it.
    test: IssueTest,
}

/// Values of a key to choose from.
struct Offer<'a, S> {
    store: &'a S,
    key: &'a str,
    typed: &'a str,
    asker: Asker<'a>,
    /// What finds the issues that count; nothing where that is not known.
    rest: Option<Plan>,
    /// Whether these are other issues than all.
    has_rest: bool,
    within: Duration,
}

impl<S: SearchStore + QueryStore> Offer<'_, S> {
    /// The values, and whether they are counted among all issues though the rest asks for some.
    async fn values(&self) -> Result<(Vec<CompletionItem>, bool), Error> {
        if let Some(named) = self.named().await? {
            return self.counted(named).await;
        }
        // First releases are releases.
        let key = match self.key {
            "first_release" | "regressed_in_release" => "release",
            other => match tag_name(other) {
                Some(tag) => tag,
                None => other.strip_prefix("sentry:").unwrap_or(other),
            },
        };
        let within_rest = match &self.rest {
            Some(plan) if self.has_rest => {
                let most = MOST_VALUES;
                self.store
                    .values_of_hits(plan, key, self.typed, most, self.within)
                    .await?
            }
            Some(_) | None => None,
        };
        let is_global = self.has_rest && within_rest.is_none();
        let seen = match within_rest {
            Some(seen) => seen,
            None => self.store.values(key, self.typed, MOST_VALUES).await?,
        };
        let items = seen.into_iter().filter_map(|seen| {
            let count = Some((seen.issues, !seen.is_all));
            item(seen.value, "", count)
        });
        Ok((items.collect(), is_global))
    }

    /// Values of a key that are no values of events; nothing for all other keys.
    async fn named(&self) -> Result<Option<Vec<Named>>, Error> {
        let typed = self.typed.to_lowercase();
        let fits = |name: &str| name.to_lowercase().contains(&typed);
        let is_about_people = matches!(
            self.key,
            "assigned_to" | "assigned_or_suggested" | "bookmarked_by" | "subscribed_by"
        );
        let mut named = Vec::new();
        let mut add = |name, kind, test| named.push(Named { name, kind, test });
        if matches!(self.key, "project" | "project.name") {
            for project in self.store.projects().await? {
                add(project.slug, "", IssueTest::Project(vec![project.id.0]));
            }
        } else if is_about_people {
            let directory = self.asker.directory;
            for user in &directory.users {
                if let Some(test) = self.of_people(vec![user.id], Vec::new()) {
                    add(user.username.clone(), "user", test);
                }
            }
            for team in &directory.teams {
                if let Some(test) = self.of_people(Vec::new(), vec![team.id]) {
                    add(format!("#{}", team.slug), "team", test);
                }
            }
        } else if self.key == "issue.label" {
            for label in self.store.label_uses(&[]).await?.into_keys() {
                let test = TextTest::Is(label.clone());
                add(label, "", IssueTest::Label(vec![test]));
            }
        } else if self.key == "issue.note" {
            // Nobody chooses from what was written.
        } else {
            return Ok(None);
        }
        named.retain(|named| fits(&named.name));
        Ok(Some(named))
    }

    /// What an issue must be for some people; nothing where the key is not about such people.
    fn of_people(&self, users: Vec<i64>, teams: Vec<i64>) -> Option<IssueTest> {
        let people = People {
            users,
            teams,
            ..People::default()
        };
        match self.key {
            "assigned_to" => Some(IssueTest::AssignedTo(people)),
            "assigned_or_suggested" => Some(IssueTest::Suggested(people)),
            _ if people.users.is_empty() => None,
            "bookmarked_by" => Some(IssueTest::BookmarkedBy(people.users)),
            "subscribed_by" => Some(IssueTest::SubscribedBy(people.users)),
            _ => None,
        }
    }

    /// The names with their issues: of the rest, or where that takes too long, of all, as many as time allows.
    async fn counted(&self, named: Vec<Named>) -> Result<(Vec<CompletionItem>, bool), Error> {
        let of_rest = match &self.rest {
            Some(plan) => self.counts(&named, plan).await?,
            None => vec![None; named.len()],
        };
        let is_global = self.has_rest && !of_rest.iter().all(Option::is_some);
        let counts = if is_global {
            self.counts(&named, &Plan::everything()).await?
        } else {
            of_rest
        };
        let most = MOST_COUNTED.unsigned_abs();
        let mut counted: Vec<(Named, Option<u64>)> = named.into_iter().zip(counts).collect();
        if self.has_rest && !is_global {
            counted.retain(|(_, issues)| *issues != Some(0));
        }
        counted.sort_by(|(a, of_a), (b, of_b)| of_b.cmp(of_a).then_with(|| a.name.cmp(&b.name)));
        let items = counted.into_iter().filter_map(|(named, issues)| {
            item(
                named.name,
                named.kind,
                issues.map(|issues| (issues, issues >= most)),
            )
        });
        Ok((items.take(MOST_VALUES).collect(), is_global))
    }

    async fn counts(&self, named: &[Named], plan: &Plan) -> Result<Vec<Option<u64>>, Error> {
        let narrowed = named.iter().map(|named| Plan {
            condition: Condition::All(vec![
                plan.condition.clone(),
                Condition::Issue(named.test.clone()),
            ]),
            ..plan.clone()
        });
        let plans: Vec<Plan> = narrowed.collect();
        Ok(self.store.counts(&plans, MOST_COUNTED, self.within).await?)
    }
}

/// A value with the number of its issues, and whether there may be more. Nothing where a search cannot name it.
fn item(value: String, detail: &str, issues: Option<(u64, bool)>) -> Option<CompletionItem> {
    Some(CompletionItem {
        text: literal_value(&value)?,
        label: value,
        detail: detail.to_owned(),
        count: issues.map(|(issues, _)| count(issues)),
        at_least: issues.is_some_and(|(_, at_least)| at_least),
    })
}

/// The byte of a place in UTF-16 code units.
fn byte_at(text: &str, caret: u32) -> usize {
    let mut units = 0;
    for (byte, character) in text.char_indices() {
        if units >= caret {
            return byte;
        }
        units += u32::try_from(character.len_utf16()).unwrap_or(2);
    }
    text.len()
}

fn utf16(text: &str, span: Span) -> (u32, u32) {
    let units = |byte: usize| {
        let units = text.get(..byte).unwrap_or(text).encode_utf16().count();
        u32::try_from(units).unwrap_or(u32::MAX)
    };
    (units(span.start), units(span.end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rest_of_a_text_is_what_must_hold_beside_the_term() {
        let of = |text: &str| {
            let place = text.find('|').unwrap();
            let text = text.replace('|', "");
            let completion = completion_at(&text, place, &SearchConfig::issues());
            rest(&text, completion.replace)
        };
        let query = |rest: &str| Rest::Query(rest.to_owned());
        assert_eq!(of("release:|"), Rest::Nothing);
        assert_eq!(of("is:unresolved release:1.|"), query("is:unresolved"));
        assert_eq!(of("release:1.| level:error"), query("level:error"));
        assert_eq!(
            of("is:unresolved !release:|1 level:error"),
            query("is:unresolved level:error")
        );
        for text in [
            "level:error OR release:1|",
            "level:error AND release:1|",
            "NOT release:1|",
            "(release:1|",
            "level:error release:[a, b|",
        ] {
            assert_eq!(of(text), Rest::Unknown, "{text}");
        }
    }

    #[test]
    fn a_tag_is_known_by_its_name_however_it_is_written() {
        let names = [
            "tags[age]",
            "tags[\"a:b\"]",
            "tags[size, number]",
            "tags[\"c\",string]",
        ];
        assert_eq!(
            names.map(tag_name),
            [Some("age"), Some("a:b"), Some("size"), Some("c")]
        );
        assert_eq!(["browser", "tags", "flags[a]"].map(tag_name), [None; 3]);
    }

    #[test]
    fn places_in_a_web_view_and_in_a_text_are_told_apart() {
        let text = "é😀x";
        assert_eq!(
            [0, 1, 3, 4, 9].map(|caret| byte_at(text, caret)),
            [0, 2, 6, 7, 7]
        );
        assert_eq!(utf16(text, Span::new(2, 6)), (1, 3));
    }
}
