//! What an issue says, apart from how it stands: its texts and its data. Most changes of an issue leave them as they are,
//! and then they are not written.

use super::StoreError;
use super::column::storable;
use super::rows::json;
use crate::model::{Issue, IssueId, IssueState, SearchText};
use sqlx::FromRow;
use std::borrow::Cow;
use std::collections::HashMap;
use xxhash_rust::xxh3::Xxh3;

/// What an issue says, as the pipeline reads it.
#[derive(Debug, FromRow)]
pub(super) struct ContentRecord {
    pub issue_id: i64,
    pub platform: String,
    pub message: String,
    pub culprit: String,
    pub data: String,
}

impl ContentRecord {
    /// Gives it to its issue, if that is among them.
    pub(super) fn put(
        self,
        issues: &mut HashMap<IssueId, Box<IssueState>>,
    ) -> Result<(), StoreError> {
        let id = IssueId(self.issue_id);
        let Some(state) = issues.get_mut(&id) else {
            return Ok(());
        };
        state.loaded_content = Some(digest(
            &self.platform,
            &self.message,
            &self.culprit,
            &self.data,
        ));
        state.issue.data = serde_json::from_str(&self.data)
            .map_err(|error| StoreError::Corrupt(format!("the data of issue {id}: {error}")))?;
        state.issue.platform = self.platform;
        state.issue.message = self.message;
        state.issue.culprit = self.culprit;
        Ok(())
    }
}

/// What an issue says, as it is written.
#[derive(Debug)]
pub(super) struct ContentRow<'a> {
    pub issue_id: i64,
    pub platform: Cow<'a, str>,
    pub message: Cow<'a, str>,
    pub culprit: Cow<'a, str>,
    pub title: Cow<'a, str>,
    pub subtitle: Cow<'a, str>,
    pub data: String,
}

impl<'a> ContentRow<'a> {
    pub(super) fn of(id: IssueId, issue: &'a Issue) -> Result<Self, StoreError> {
        Ok(Self {
            issue_id: id.0,
            platform: storable(&issue.platform),
            message: storable(&issue.message),
            culprit: storable(&issue.culprit),
            title: storable(issue.title()),
            subtitle: storable(issue.subtitle()),
            data: json(&issue.data)?,
        })
    }

    /// Whether it is what was loaded. Title and subtitle are said by the data.
    pub(super) fn is(&self, loaded: Option<u128>) -> bool {
        loaded
            == Some(digest(
                &self.platform,
                &self.message,
                &self.culprit,
                &self.data,
            ))
    }

    /// What the issue is found by.
    pub(super) fn text(&self) -> SearchText {
        issue_text(&self.title, &self.subtitle, &self.message, &self.culprit)
    }
}

/// The text an issue is found by.
pub(super) fn issue_text(title: &str, subtitle: &str, message: &str, culprit: &str) -> SearchText {
    SearchText::new(&format!("{title}\n{subtitle}\n{message}\n{culprit}"), None)
}

/// No byte of a text, so that what stands before it cannot run into what stands behind it.
const END: u8 = 0xff;

fn digest(platform: &str, message: &str, culprit: &str, data: &str) -> u128 {
    let mut digest = Xxh3::new();
    for text in [platform, message, culprit, data] {
        digest.update(text.as_bytes());
        digest.update(&[END]);
    }
    digest.digest128()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_another_place_is_another_content() {
        let said = [
            digest("go", "m", "c", "{}"),
            digest("gom", "", "c", "{}"),
            digest("go", "mc", "", "{}"),
            digest("go", "m", "c{}", ""),
        ];
        for (place, one) in said.iter().enumerate() {
            assert!(!said[place + 1..].contains(one), "{place}");
        }
    }
}
