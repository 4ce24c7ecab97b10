//! Which columns an export has.

use super::{Cell, ExportRow};
use crate::paging::BadRequest;
use serde::ser::{Serialize, SerializeMap, Serializer};

/// The columns that rows of one kind can have. Beside them rows can have tags, each a column `tags[name]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ColumnSet {
    /// All names but those of tags, in the order in which they are written unless somebody chooses.
    pub names: &'static [&'static str],
    /// Those beyond the specification, which are written only where somebody chooses them.
    pub own: &'static [&'static str],
    /// Whether the rows have tags.
    pub has_tags: bool,
}

impl ColumnSet {
    /// The columns of issues.
    pub const ISSUES: Self = Self {
        names: &[
            "id",
            "shortId",
            "project",
            "title",
            "culprit",
            "level",
            "status",
            "substatus",
            "priority",
            "issueType",
            "issueCategory",
            "assignee",
            "count",
            "userCount",
            "firstSeen",
            "lastSeen",
            "firstRelease",
            "isUnhandled",
        ],
        own: &["labels", "note"],
        has_tags: true,
    };

    /// The members of an issue as a list serialises it (search spec, section 8.4): what JSON has unless somebody
    /// chooses columns.
    pub const ISSUE_OBJECTS: Self = Self {
        names: &[
            "id",
            "shortId",
            "title",
            "culprit",
            "type",
            "metadata",
            "level",
            "logger",
            "platform",
            "project",
            "status",
            "substatus",
            "statusDetails",
            "priority",
            "priorityLockedAt",
            "issueType",
            "issueCategory",
            "assignedTo",
            "isBookmarked",
            "isSubscribed",
            "subscriptionDetails",
            "hasSeen",
            "isPublic",
            "shareId",
            "numComments",
            "annotations",
            "labels",
            "permalink",
            "isUnhandled",
            "firstRelease",
            "count",
            "userCount",
            "firstSeen",
            "lastSeen",
            "stats",
            "lifetime",
            "filtered",
        ],
        own: &[],
        has_tags: false,
    };

    /// The columns of stored occurrences.
    pub const EVENTS: Self = Self {
        names: &[
            "id",
            "occurrence",
            "issue",
            "issueId",
            "project",
            "time",
            "level",
            "title",
            "message",
            "culprit",
            "environment",
            "release",
            "user",
            "tags",
        ],
        own: &[],
        has_tags: true,
    };

    /// The columns of the journal.
    pub const JOURNAL: Self = Self {
        names: &[
            "id",
            "at",
            "actor",
            "action",
            "title",
            "issues",
            "state",
            "undoUntil",
            "undoes",
            "query",
            "tookMs",
            "automatic",
            "examples",
        ],
        own: &[],
        has_tags: false,
    };

    /// The columns of jobs.
    pub const JOBS: Self = Self {
        names: &[
            "id",
            "title",
            "state",
            "actor",
            "total",
            "done",
            "skipped",
            "startedAt",
            "endedAt",
            "tookMs",
            "journal",
            "problem",
        ],
        own: &[],
        has_tags: false,
    };

    /// The columns of a bundle: what a line is, and all there is of it.
    pub const BUNDLE: Self = Self {
        names: &["kind", "data"],
        own: &[],
        has_tags: false,
    };

    /// The columns of the values of a tag.
    pub const TAG_VALUES: Self = Self {
        names: &["value", "times_seen", "last_seen", "first_seen"],
        own: &[],
        has_tags: false,
    };

    /// The columns of the values of the tag that says who the user was.
    pub const USER_VALUES: Self = Self {
        names: &[
            "value",
            "id",
            "email",
            "username",
            "ip_address",
            "times_seen",
            "last_seen",
            "first_seen",
        ],
        own: &[],
        has_tags: false,
    };

    /// Every column of the specification, with one for each of `tags` behind the others.
    #[must_use]
    pub fn all<T: AsRef<str>>(&self, tags: impl IntoIterator<Item = T>) -> Columns {
        let mut columns: Vec<String> = self.names.iter().map(|&name| name.to_owned()).collect();
        if self.has_tags {
            for tag in tags {
                let column = self::tag(tag.as_ref());
                if !columns.contains(&column) {
                    columns.push(column);
                }
            }
        }
        Columns(columns)
    }

    /// The columns that `text` names, separated by commas, in its order.
    ///
    /// # Errors
    /// When one of them does not exist or stands there twice, or there is none.
    pub fn choose(&self, text: &str) -> Result<Columns, BadRequest> {
        let mut columns: Vec<String> = Vec::new();
        for name in split(text) {
            if !self.has(name) {
                let tags = if self.has_tags { " and tags[name]" } else { "" };
                let message = format!(
                    "“{name}” is no column. Choose from {}{tags}.",
                    [self.names, self.own].concat().join(", ")
                );
                return Err(BadRequest::new("columns", message));
            }
            if columns.iter().any(|column| column == name) {
                let message = format!("“{name}” is named twice. Name each column once.");
                return Err(BadRequest::new("columns", message));
            }
            columns.push(name.to_owned());
        }
        Ok(Columns(columns))
    }

    /// All names but those of tags.
    pub(crate) fn known(&self) -> impl Iterator<Item = &'static str> {
        self.names.iter().chain(self.own).copied()
    }

    fn has(&self, name: &str) -> bool {
        self.known().any(|known| known == name) || (self.has_tags && tag_of(name).is_some())
    }
}

/// The column of a tag.
pub(super) fn tag(name: &str) -> String {
    format!("tags[{name}]")
}

pub(super) fn tag_of(column: &str) -> Option<&str> {
    let tag = column.strip_prefix("tags[")?.strip_suffix(']')?;
    (!tag.is_empty() && !tag.contains(['[', ']'])).then_some(tag)
}

/// The parts between commas, without the blanks around them. A comma within brackets belongs to its part.
fn split(text: &str) -> impl Iterator<Item = &str> {
    let mut in_brackets = false;
    let parts = text.split(move |char| {
        match char {
            '[' => in_brackets = true,
            ']' => in_brackets = false,
            _ => {}
        }
        char == ',' && !in_brackets
    });
    parts.map(str::trim)
}

/// The columns of an export, in their order. There is at least one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Columns(Vec<String>);

impl Columns {
    /// The tags that have a column.
    pub fn tags(&self) -> impl Iterator<Item = &str> {
        self.names().filter_map(tag_of)
    }

    /// Their names.
    pub fn names(&self) -> impl ExactSizeIterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// What a row has in them.
    pub fn cells<'a>(&'a self, row: &'a ExportRow) -> impl ExactSizeIterator<Item = &'a Cell> {
        self.0.iter().map(|name| row.get(name))
    }

    /// A row as an object with these members.
    pub(super) fn object<'a>(&'a self, row: &'a ExportRow) -> impl Serialize + 'a {
        Object { columns: self, row }
    }
}

struct Object<'a> {
    columns: &'a Columns,
    row: &'a ExportRow,
}

impl Serialize for Object<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut members = serializer.serialize_map(Some(self.columns.0.len()))?;
        for name in self.columns.names() {
            members.serialize_entry(name, self.row.get(name))?;
        }
        members.end()
    }
}
