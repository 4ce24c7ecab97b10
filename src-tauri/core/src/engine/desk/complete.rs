//! What can stand at a caret, with the values the store knows.

use crate::engine::find::Asker;
use crate::error::Error;
use crate::query::{SearchConfig, Span, Stage, SuggestionKind, completion_at, literal_value};
use crate::store::{QueryStore, SearchStore};
use crate::view::{Completion, CompletionItem, CompletionStage, count};

/// Values that are offered at once.
const MOST_VALUES: i64 = 50;

/// What can stand at `caret`, a place in UTF-16 code units.
///
/// # Errors
/// Where the store fails.
pub async fn complete<S: SearchStore + QueryStore>(
    store: &S,
    text: &str,
    caret: u32,
    asker: Asker<'_>,
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
        })
        .collect();
    if let Stage::Value { key } = &completion.stage {
        let typed = completion.replace.of(text).trim_matches('"');
        items.extend(values(store, key, typed, asker).await?);
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
        global: true,
    })
}

async fn values<S: SearchStore + QueryStore>(
    store: &S,
    key: &str,
    typed: &str,
    asker: Asker<'_>,
) -> Result<Vec<CompletionItem>, Error> {
    let fits = |value: &str| value.to_lowercase().contains(&typed.to_lowercase());
    let item = |value: String, detail: &str, issues: Option<u64>| {
        let text = literal_value(&value)?;
        Some(CompletionItem {
            text,
            label: value,
            detail: detail.to_owned(),
            count: issues.map(count),
        })
    };
    let items: Vec<CompletionItem> = match key {
        "project" | "project.name" => {
            let projects = store.projects().await?.into_iter();
            let slugs = projects
                .map(|project| project.slug)
                .filter(|slug| fits(slug));
            slugs.filter_map(|slug| item(slug, "", None)).collect()
        }
        "assigned_to" | "assigned_or_suggested" | "bookmarked_by" | "subscribed_by" => {
            let directory = asker.directory;
            let users = directory
                .users
                .iter()
                .map(|user| (user.username.clone(), "user"));
            let teams = directory
                .teams
                .iter()
                .map(|team| (format!("#{}", team.slug), "team"));
            let takes_teams = key.starts_with("assigned");
            let teams = teams.filter(|_| takes_teams);
            let named = users.chain(teams).filter(|(name, _)| fits(name));
            named
                .filter_map(|(name, kind)| item(name, kind, None))
                .collect()
        }
        "issue.label" => {
            let uses = store.label_uses(&[]).await?.into_iter();
            let mut known: Vec<_> = uses.filter(|(label, _)| fits(label)).collect();
            known.sort_by(|(_, a), (_, b)| b.issues.cmp(&a.issues));
            known.truncate(usize::try_from(MOST_VALUES).unwrap_or_default());
            let known = known.into_iter();
            known
                .filter_map(|(label, uses)| item(label, "", Some(uses.issues)))
                .collect()
        }
        // Nobody chooses from what was written.
        "issue.note" => Vec::new(),
        _ => {
            // First releases are releases.
            let key = match key {
                "first_release" | "regressed_in_release" => "release",
                other => other.strip_prefix("sentry:").unwrap_or(other),
            };
            let known = store.values(key, typed, MOST_VALUES).await?.into_iter();
            known
                .filter_map(|(value, issues)| item(value, "", Some(issues)))
                .collect()
        }
    };
    Ok(items)
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
    fn places_in_a_web_view_and_in_a_text_are_told_apart() {
        let text = "é😀x";
        assert_eq!(
            [0, 1, 3, 4, 9].map(|caret| byte_at(text, caret)),
            [0, 2, 6, 7, 7]
        );
        assert_eq!(utf16(text, Span::new(2, 6)), (1, 3));
    }
}
