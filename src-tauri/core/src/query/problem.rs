//! What is wrong with a search, where, and how to put it right.

use super::span::Span;
use serde::Serialize;

/// Stable codes of everything that can be wrong with a search (search spec, section 4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ProblemCode {
    /// Text remains after the last item.
    ParseError,
    /// A quote inside a value that is not quoted.
    BadQuote,
    /// Nothing stands after the colon.
    EmptyValue,
    /// An element of a list, or an argument, is missing after a comma.
    ListEmptyValue,
    /// The key needs a date.
    InvalidDate,
    /// The key needs true or false.
    InvalidBoolean,
    /// The key needs a number.
    InvalidNumber,
    /// A number with a unit other than k, m or b.
    NumberSuffix,
    /// More days than a duration can have.
    DurationTooLarge,
    /// The key cannot be searched here.
    KeyNotAllowed,
    /// `has:` without a key.
    HasNeedsKey,
    /// `is:` is not known here.
    IsUnsupported,
    /// `is:` takes one word, not a list.
    IsInList,
    /// `is:` does not know the word.
    IsUnknown,
    /// AND, OR and NOT cannot be used here.
    BooleanNotAllowed,
    /// AND or OR has nothing before it.
    OperatorLeft,
    /// AND, OR or NOT has nothing after it.
    OperatorRight,
    /// AND or OR directly after another operator.
    OperatorMiddle,
    /// OR or NOT over aggregates and plain filters together.
    OrMixesAggregates,
    /// Aggregates cannot be searched here.
    AggregateNotAllowed,
    /// No such status.
    UnknownStatus,
    /// No such substatus.
    UnknownSubstatus,
    /// No such category.
    UnknownCategory,
    /// No such issue type.
    UnknownType,
    /// No such priority.
    UnknownPriority,
    /// No such device class.
    UnknownDeviceClass,
    /// The project is not among the selected ones.
    UnknownProject,
    /// Events without a project do not exist.
    ProjectEmpty,
    /// No issue has this short id.
    UnknownIssue,
    /// Not the id of an event or a trace.
    BadEventId,
    /// Not the id of a span.
    BadSpanId,
    /// The key takes no wildcard.
    WildcardNotAllowed,
    /// The key knows no order.
    OperatorNotValid,
    /// Handled or not is a matter of 1 or 0.
    BooleanDomain,
    /// Not a version.
    SemverInvalid,
    /// A list of versions.
    SemverIn,
    /// No such order.
    SortUnknown,
    /// The inbox has a fixed set of terms.
    InboxTerms,
    /// The inbox needs its own word.
    InboxOnly,
    /// The inbox shows unresolved issues only.
    InboxStatus,
    /// Another parameter that is refused.
    BadRequest,
}

impl ProblemCode {
    /// Every code, in the order of the specification.
    pub const ALL: [Self; 41] = [
        Self::ParseError,
        Self::BadQuote,
        Self::EmptyValue,
        Self::ListEmptyValue,
        Self::InvalidDate,
        Self::InvalidBoolean,
        Self::InvalidNumber,
        Self::NumberSuffix,
        Self::DurationTooLarge,
        Self::KeyNotAllowed,
        Self::HasNeedsKey,
        Self::IsUnsupported,
        Self::IsInList,
        Self::IsUnknown,
        Self::BooleanNotAllowed,
        Self::OperatorLeft,
        Self::OperatorRight,
        Self::OperatorMiddle,
        Self::OrMixesAggregates,
        Self::AggregateNotAllowed,
        Self::UnknownStatus,
        Self::UnknownSubstatus,
        Self::UnknownCategory,
        Self::UnknownType,
        Self::UnknownPriority,
        Self::UnknownDeviceClass,
        Self::UnknownProject,
        Self::ProjectEmpty,
        Self::UnknownIssue,
        Self::BadEventId,
        Self::BadSpanId,
        Self::WildcardNotAllowed,
        Self::OperatorNotValid,
        Self::BooleanDomain,
        Self::SemverInvalid,
        Self::SemverIn,
        Self::SortUnknown,
        Self::InboxTerms,
        Self::InboxOnly,
        Self::InboxStatus,
        Self::BadRequest,
    ];

    /// The code as text.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ParseError => "parse_error",
            Self::BadQuote => "bad_quote",
            Self::EmptyValue => "empty_value",
            Self::ListEmptyValue => "list_empty_value",
            Self::InvalidDate => "invalid_date",
            Self::InvalidBoolean => "invalid_boolean",
            Self::InvalidNumber => "invalid_number",
            Self::NumberSuffix => "number_suffix",
            Self::DurationTooLarge => "duration_too_large",
            Self::KeyNotAllowed => "key_not_allowed",
            Self::HasNeedsKey => "has_needs_key",
            Self::IsUnsupported => "is_unsupported",
            Self::IsInList => "is_in_list",
            Self::IsUnknown => "is_unknown",
            Self::BooleanNotAllowed => "boolean_not_allowed",
            Self::OperatorLeft => "operator_left",
            Self::OperatorRight => "operator_right",
            Self::OperatorMiddle => "operator_middle",
            Self::OrMixesAggregates => "or_mixes_aggregates",
            Self::AggregateNotAllowed => "aggregate_not_allowed",
            Self::UnknownStatus => "unknown_status",
            Self::UnknownSubstatus => "unknown_substatus",
            Self::UnknownCategory => "unknown_category",
            Self::UnknownType => "unknown_type",
            Self::UnknownPriority => "unknown_priority",
            Self::UnknownDeviceClass => "unknown_device_class",
            Self::UnknownProject => "unknown_project",
            Self::ProjectEmpty => "project_empty",
            Self::UnknownIssue => "unknown_issue",
            Self::BadEventId => "bad_event_id",
            Self::BadSpanId => "bad_span_id",
            Self::WildcardNotAllowed => "wildcard_not_allowed",
            Self::OperatorNotValid => "operator_not_valid",
            Self::BooleanDomain => "boolean_domain",
            Self::SemverInvalid => "semver_invalid",
            Self::SemverIn => "semver_in",
            Self::SortUnknown => "sort_unknown",
            Self::InboxTerms => "inbox_terms",
            Self::InboxOnly => "inbox_only",
            Self::InboxStatus => "inbox_status",
            Self::BadRequest => "bad_request",
        }
    }
}

/// A replacement that solves a problem.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fix {
    /// What to replace.
    pub span: Span,
    /// What to put there.
    pub replacement: String,
}

impl Fix {
    /// Puts `replacement` in place of `span`.
    #[must_use]
    pub fn new(span: Span, replacement: impl Into<String>) -> Self {
        Self {
            span,
            replacement: replacement.into(),
        }
    }

    /// The text after the replacement.
    #[must_use]
    pub fn apply(&self, text: &str) -> String {
        let (before, after) = (text.get(..self.span.start), text.get(self.span.end..));
        [
            before.unwrap_or_default(),
            &self.replacement,
            after.unwrap_or_default(),
        ]
        .concat()
    }
}

/// One problem of a search.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("{message}")]
pub struct Problem {
    /// Stable code.
    pub code: ProblemCode,
    /// Where it is in the search text; empty at its beginning for problems of other parameters.
    pub span: Span,
    /// The key it is about.
    pub key: Option<Box<str>>,
    /// The value it is about.
    pub value: Option<Box<str>>,
    /// Cause and next step, for a person.
    pub message: String,
    /// How to put it right, where that is clear.
    pub fix: Option<Fix>,
}

impl Problem {
    /// A problem at a place of the search text.
    #[must_use]
    pub fn new(code: ProblemCode, span: Span, message: impl Into<String>) -> Self {
        Self {
            code,
            span,
            key: None,
            value: None,
            message: message.into(),
            fix: None,
        }
    }

    /// A problem of a parameter beside the search text.
    #[must_use]
    pub fn of_request(code: ProblemCode, message: impl Into<String>) -> Self {
        Self::new(code, Span::default(), message)
    }

    /// Names the key it is about.
    #[must_use]
    pub fn with_key(mut self, key: impl Into<Box<str>>) -> Self {
        self.key = Some(key.into());
        self
    }

    /// Names the value it is about.
    #[must_use]
    pub fn with_value(mut self, value: impl Into<Box<str>>) -> Self {
        self.value = Some(value.into());
        self
    }

    /// Says how to put it right, where that is known.
    #[must_use]
    pub fn with_fix(mut self, fix: impl Into<Option<Fix>>) -> Self {
        self.fix = fix.into();
        self
    }

    /// The column where it begins, in characters from 1.
    #[must_use]
    pub fn column(&self, text: &str) -> usize {
        column(text, self.span.start)
    }
}

/// The column of a byte, in characters from 1.
pub(super) fn column(text: &str, at: usize) -> usize {
    text.get(..at).unwrap_or(text).chars().count() + 1
}

/// The candidate nearest to `word`, if it is near enough to be meant.
#[must_use]
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    let allowed = 1 + word.chars().count() / 4;
    candidates
        .into_iter()
        .map(|candidate| (edits(&word, &candidate.to_lowercase()), candidate))
        .filter(|&(edits, _)| edits <= allowed)
        .min_by_key(|&(edits, _)| edits)
        .map(|(_, candidate)| candidate)
}

/// Edits between two words. Words are short, so the plain table will do; a very long word is near to nothing.
fn edits(a: &str, b: &str) -> usize {
    const LONGEST: usize = 64;
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len() > LONGEST || b.len() > LONGEST {
        return usize::MAX;
    }
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, to) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(from != to);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}
