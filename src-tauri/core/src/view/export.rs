//! What is in a list, as a file or as text.

use super::{Count, IssueColumn, IssueGrouping, IssueOrder, JournalWanted, Selection};
use serde::{Deserialize, Serialize};
use specta::Type;

/// The list that is exported.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Type)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ExportSource {
    /// Issues.
    Issues {
        /// Which.
        selection: Selection,
    },
    /// Entries of the journal, newest first.
    Journal {
        /// Which.
        wanted: JournalWanted,
    },
    /// All jobs, newest first.
    Jobs,
}

/// How rows are written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct ExportOptions {
    /// What of the list, which has to have it.
    pub what: ExportWhat,
    /// The format. A bundle has its own.
    pub format: ExportFormat,
    /// Columns in order; a bundle has none to choose. Of issues: `id shortId project title culprit level status substatus priority issueType issueCategory
    /// assignee count userCount firstSeen lastSeen firstRelease isUnhandled labels note`, or `tags[NAME]`. Of
    /// occurrences: `id occurrence issue issueId project time level title message culprit environment release user
    /// tags`, or `tags[NAME]`. Of the journal: `id at actor action title issues state undoUntil undoes query tookMs
    /// automatic examples`. Of jobs: `id title state actor total done skipped startedAt endedAt tookMs journal problem`.
    pub columns: Vec<String>,
    /// CSV only: whether the first row names the columns.
    pub header: bool,
    /// CSV only: whether the text begins with a byte order mark, which some spreadsheets need.
    pub bom: bool,
    /// CSV only: one character between cells.
    pub separator: String,
    /// CSV only: whether cells that a spreadsheet would take for a formula get a leading apostrophe.
    pub formula_guard: bool,
    /// How instants are written. A bundle has its own form.
    pub times: ExportTimes,
    /// The time zone of the person, an IANA name: what [`ExportTimes::Local`] means.
    #[serde(default)]
    pub zone: Option<String>,
    /// The order of issues. Occurrences come by issue and time.
    pub sort: IssueOrder,
    /// What is taken out.
    pub redact: ExportRedaction,
    /// Bundles only: how the list looked that it comes from, for who opens it.
    #[serde(default)]
    pub view: Option<BundleView>,
}

/// How the list looks that a bundle comes from and is opened with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct BundleView {
    /// The search text.
    pub query: String,
    /// The order.
    pub sort: IssueOrder,
    /// What the list is grouped by; nothing where it is not.
    pub grouping: Option<IssueGrouping>,
    /// The columns in order, beside the issue itself; nothing for those of other lists.
    pub columns: Option<Vec<IssueColumn>>,
}

/// What of a list is exported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum ExportWhat {
    /// A row for each issue.
    Issues,
    /// A row for each of their stored occurrences.
    Occurrences,
    /// Everything there is of them, in a form that programs read: issues with their activities, occurrences with their
    /// records and events.
    Bundle,
    /// A row for each entry of the journal.
    Journal,
    /// A row for each job.
    Jobs,
}

/// What is taken out of an export.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct ExportRedaction {
    /// Passwords, tokens, keys and cookies.
    pub secrets: bool,
    /// Mail addresses.
    pub emails: bool,
    /// Addresses of machines.
    pub addresses: bool,
    /// Whatever this regular expression finds; empty for nothing.
    pub pattern: String,
}

/// How instants are written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum ExportTimes {
    /// ISO 8601 in UTC.
    #[default]
    Utc,
    /// ISO 8601 in local time, with its offset.
    Local,
    /// Milliseconds since the beginning of 1970.
    Unix,
}

/// A format of exported issues.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum ExportFormat {
    /// Comma separated values, RFC 4180.
    Csv,
    /// One JSON array.
    Json,
    /// One JSON object a line.
    Ndjson,
    /// A Markdown table.
    Markdown,
}

/// The beginning of an export.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct ExportPreview {
    /// The text of the first rows, exactly as it would be written.
    pub text: String,
    /// Rows in that text.
    pub shown: Count,
    /// Exact number of rows of the whole export.
    pub rows: Count,
    /// A file name with extension.
    pub suggested_name: String,
}

/// How an export went.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct ExportReport {
    /// The written file. A cancelled export leaves none.
    pub path: String,
    /// Rows written.
    pub rows: Count,
    /// Its size.
    pub bytes: Count,
    /// Time it took, in milliseconds.
    pub took_ms: f64,
    /// Whether somebody ended it before its end.
    pub cancelled: bool,
}
