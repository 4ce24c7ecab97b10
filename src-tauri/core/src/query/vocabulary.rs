//! The words that are offered while a search is typed: keys and what they may be compared with.

use super::config::{IsValue, IsWord};

/// A key with a few words about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KnownKey {
    /// The key, as it is best typed.
    pub key: &'static str,
    /// A few words for people.
    pub about: &'static str,
    /// What it is compared with.
    pub values: Values,
}

/// What a key is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Values {
    /// Anything.
    Any,
    /// A number.
    Number,
    /// A duration.
    Duration,
    /// A date or a distance into the past.
    Date,
    /// True or false.
    Boolean,
    /// One of some words, and perhaps others.
    Words(&'static [KnownWord]),
}

/// A word that a key is compared with, and a few words about it.
pub type KnownWord = (&'static str, &'static str);

const fn is(word: &'static str, key: &'static str, value: IsValue, about: &'static str) -> IsWord {
    IsWord {
        word,
        key,
        value,
        about,
    }
}

const fn status(word: &'static str, number: i16, about: &'static str) -> IsWord {
    is(word, "status", IsValue::Number(number), about)
}

const fn substatus(word: &'static str, number: i16, about: &'static str) -> IsWord {
    is(word, "substatus", IsValue::Number(number), about)
}

const fn flag(word: &'static str, key: &'static str, value: bool, about: &'static str) -> IsWord {
    is(word, key, IsValue::Flag(value), about)
}

/// The words of `is:` in the search for issues (search spec, section 7.1). The first of several with one meaning is the
/// one that is written.
pub(super) const IS_WORDS: [IsWord; 21] = [
    status("unresolved", 0, "needs attention"),
    status("resolved", 1, "done"),
    status("archived", 2, "put aside"),
    status("ignored", 2, "the same as archived"),
    status("muted", 2, "the same as archived"),
    status("reprocessing", 6, "being built anew from its events"),
    substatus("new", 7, "seen for the first time recently"),
    substatus("ongoing", 3, "known and still happening"),
    substatus("escalating", 2, "seen much more often than forecast"),
    substatus("regressed", 6, "came back after it was resolved"),
    substatus(
        "archived_until_escalating",
        1,
        "archived until it escalates",
    ),
    substatus(
        "until_escalating",
        1,
        "the same as archived_until_escalating",
    ),
    substatus(
        "archived_until_condition_met",
        4,
        "archived until a condition is met",
    ),
    substatus(
        "until_condition_met",
        4,
        "the same as archived_until_condition_met",
    ),
    substatus("archived_forever", 5, "archived for good"),
    substatus("forever", 5, "the same as archived_forever"),
    flag("for_review", "for_review", true, "in the inbox"),
    flag("assigned", "unassigned", false, "has an assignee"),
    flag("unassigned", "unassigned", true, "has no assignee"),
    flag(
        "linked",
        "linked",
        true,
        "linked to an item of another tracker",
    ),
    flag(
        "unlinked",
        "linked",
        false,
        "linked to no item of another tracker",
    ),
];

const fn any(key: &'static str, about: &'static str) -> KnownKey {
    known(key, about, Values::Any)
}

const fn known(key: &'static str, about: &'static str, values: Values) -> KnownKey {
    KnownKey { key, about, values }
}

const LEVELS: Values = Values::Words(&[
    ("fatal", "the program ended"),
    ("error", "something failed"),
    ("warning", "something may be wrong"),
    ("info", "for information"),
    ("debug", "for developers"),
    ("sample", "one of many"),
]);

const STATUSES: Values = Values::Words(&[
    ("unresolved", "needs attention"),
    ("resolved", "done"),
    ("ignored", "archived"),
]);

const SUBSTATUSES: Values = Values::Words(&[
    ("new", "seen for the first time recently"),
    ("ongoing", "known and still happening"),
    ("escalating", "seen much more often than forecast"),
    ("regressed", "came back after it was resolved"),
    ("archived_until_escalating", "archived until it escalates"),
    (
        "archived_until_condition_met",
        "archived until a condition is met",
    ),
    ("archived_forever", "archived for good"),
]);

const PRIORITIES: Values = Values::Words(&[
    ("high", "look at it now"),
    ("medium", "look at it soon"),
    ("low", "look at it some day"),
]);

const CATEGORIES: Values = Values::Words(&[
    ("error", "errors and crashes"),
    ("performance", "slow operations"),
    ("profile", "problems found in profiles"),
    ("cron", "missed or failed scheduled jobs"),
    ("replay", "problems found in session replays"),
    ("feedback", "what users wrote"),
    ("uptime", "unreachable sites"),
]);

const DEVICE_CLASSES: Values = Values::Words(&[
    ("low", "slow devices"),
    ("medium", "devices in between"),
    ("high", "fast devices"),
]);

const PEOPLE: Values = Values::Words(&[
    ("me", "yourself"),
    ("my_teams", "the teams you belong to"),
    ("none", "nobody"),
]);

const MEMBERS: Values = Values::Words(&[("me", "yourself")]);

const RELEASES: Values = Values::Words(&[("latest", "the newest release of each project")]);

const SPAN_STATUSES: Values = Values::Words(&[
    ("ok", "went well"),
    ("cancelled", "was called off"),
    ("unknown", "ended in an unknown way"),
    ("invalid_argument", "was asked for something wrong"),
    ("deadline_exceeded", "took too long"),
    ("not_found", "did not find what it looked for"),
    ("already_exists", "was to make what was there"),
    ("permission_denied", "was not allowed"),
    ("resource_exhausted", "ran out of something"),
    ("failed_precondition", "came at the wrong time"),
    ("aborted", "was broken off"),
    ("out_of_range", "went beyond the end"),
    ("unimplemented", "is not supported"),
    ("internal_error", "failed"),
    ("unavailable", "reached nobody"),
    ("data_loss", "lost data"),
    ("unauthenticated", "came from nobody known"),
]);

/// The words after a date key.
pub(super) const DISTANCES: [KnownWord; 6] = [
    ("-1h", "within the last hour"),
    ("-24h", "within the last day"),
    ("-7d", "within the last week"),
    ("-30d", "within the last 30 days"),
    ("+24h", "older than a day"),
    ("+7d", "older than a week"),
];

/// The words after a boolean key.
pub(super) const TRUTHS: [KnownWord; 2] = [("true", "yes"), ("false", "no")];

/// The keys of the search for issues (search spec, section 7.2).
pub(super) const ISSUE_KEYS: [KnownKey; 82] = [
    known("status", "status of the issue", STATUSES),
    known("substatus", "finer state below the status", SUBSTATUSES),
    known("issue.priority", "how urgent the issue is", PRIORITIES),
    known("issue.category", "kind of problem", CATEGORIES),
    any("issue.type", "exact type of problem"),
    any("issue.label", "label that somebody put on the issue"),
    any(
        "issue.note",
        "text of a note that somebody wrote about the issue",
    ),
    known(
        "assigned",
        "who the issue is assigned to: a member, or a #team",
        PEOPLE,
    ),
    known(
        "assigned_or_suggested",
        "who it is assigned or, if to nobody, suggested to",
        PEOPLE,
    ),
    known("bookmarks", "who bookmarked the issue", MEMBERS),
    known("subscribed", "who is told about the issue", MEMBERS),
    known(
        "first_release",
        "release in which the issue was first seen",
        RELEASES,
    ),
    known(
        "regressed_in_release",
        "release in which the issue came back",
        RELEASES,
    ),
    known("age", "time the issue was first seen", Values::Date),
    known(
        "last_seen",
        "time of the newest matching event",
        Values::Date,
    ),
    known("times_seen", "number of matching events", Values::Number),
    known("date", "time of the event", Values::Date),
    known("timestamp", "time of the event", Values::Date),
    any("message", "message of the event; bare words look here"),
    any("title", "title of the event"),
    any("culprit", "what the event is blamed on"),
    any("location", "file or function of the event"),
    any("type", "type of the event"),
    known("level", "severity of the event", LEVELS),
    known("release", "version of the release", RELEASES),
    any(
        "release.version",
        "version number of the release, which has an order",
    ),
    any("release.package", "package of the release"),
    any("release.build", "build of the release, which has an order"),
    any("release.stage", "stage of adoption of the release"),
    any("dist", "distribution of the release"),
    any("environment", "environment of the event"),
    any("platform.name", "platform of the event"),
    any("logger", "logger of the event"),
    any("transaction", "transaction the event belongs to"),
    any("project", "slug of the project"),
    any("project.name", "slug of the project"),
    known("project.id", "id of the project", Values::Number),
    any("issue", "short id of the issue"),
    known("issue.id", "id of the issue", Values::Number),
    any("user", "user, like \"id:7\" or \"email:a@example.com\""),
    any("user.id", "id of the user"),
    any("user.email", "email address of the user"),
    any("user.username", "name of the user"),
    any("user.ip", "address the user came from"),
    any("user.display", "what the user is best called"),
    any("geo.country_code", "country of the user, two letters"),
    any("geo.region", "region of the user"),
    any("geo.city", "city of the user"),
    any("http.method", "method of the request"),
    any("http.url", "address of the request"),
    any("http.referer", "page the request came from"),
    any("http.status_code", "status of the answer"),
    any("sdk.name", "name of the SDK"),
    any("sdk.version", "version of the SDK"),
    any("device.family", "family of the device"),
    any("device.model", "model of the device"),
    any("device.brand", "brand of the device"),
    any("device.arch", "processor of the device"),
    known("device.class", "speed of the device", DEVICE_CLASSES),
    any("os.name", "name of the operating system"),
    any("os.version", "version of the operating system"),
    any("app.in_foreground", "whether the app was in front"),
    any("error.type", "type of an exception"),
    any("error.value", "message of an exception"),
    any("error.mechanism", "how an exception was caught"),
    known(
        "error.handled",
        "the program caught the error",
        Values::Boolean,
    ),
    known(
        "error.unhandled",
        "the program did not catch the error",
        Values::Boolean,
    ),
    known(
        "error.main_thread",
        "the error came from the main thread",
        Values::Boolean,
    ),
    known("error.received", "time the event arrived", Values::Date),
    any("stack.abs_path", "full path of a frame"),
    any("stack.filename", "file of a frame"),
    any("stack.package", "package of a frame"),
    any("stack.module", "module of a frame"),
    any("stack.function", "function of a frame"),
    known(
        "stack.in_app",
        "a frame is of the program itself",
        Values::Boolean,
    ),
    known("stack.colno", "column of a frame", Values::Number),
    known("stack.lineno", "line of a frame", Values::Number),
    known("stack.stack_level", "depth of a frame", Values::Number),
    any("id", "id of the event"),
    any("trace", "id of the trace"),
    any("trace.span", "id of the span"),
    any("trace.parent_span", "id of the parent span"),
];

/// The keys of the search for spans (traces spec, section 3).
pub(super) const SPAN_KEYS: [KnownKey; 41] = [
    any("span.op", "kind of operation"),
    any(
        "span.description",
        "what the span does; bare words look here",
    ),
    known("span.duration", "time from start to end", Values::Duration),
    known(
        "span.self_time",
        "time without its children",
        Values::Duration,
    ),
    known("span.status", "how it ended", SPAN_STATUSES),
    any("span.status_code", "HTTP status"),
    any("span.category", "category of the operation"),
    any("span.action", "verb of the operation"),
    any("span.domain", "what the operation is about"),
    any("span.module", "module the span comes from"),
    any("span.group", "hash of spans with the same description"),
    known("timestamp", "end of the span", Values::Date),
    known("precise.start_ts", "start in seconds", Values::Number),
    known("precise.finish_ts", "end in seconds", Values::Number),
    known(
        "is_transaction",
        "1 for the top span of a service",
        Values::Number,
    ),
    any("transaction", "name of the transaction"),
    any("transaction.op", "kind of operation of the transaction"),
    any("transaction.method", "HTTP method of the transaction"),
    any("transaction.id", "id of the transaction"),
    any("segment.id", "id of the segment"),
    any("profile.id", "id of the profile"),
    any("trace", "id of the trace"),
    any("id", "id of the span"),
    any("parent_span", "id of the parent span"),
    any("project", "slug of the project"),
    any("project.name", "slug of the project"),
    known("project.id", "id of the project", Values::Number),
    any("platform", "platform of the program"),
    any("sdk.name", "name of the SDK"),
    any("release", "version of the release"),
    any("environment", "environment of the span"),
    any("user", "the user"),
    any("user.id", "id of the user"),
    any("user.email", "email address of the user"),
    any("user.username", "name of the user"),
    any("user.ip", "address the user came from"),
    known(
        "measurements.fcp",
        "first contentful paint",
        Values::Duration,
    ),
    known(
        "measurements.lcp",
        "largest contentful paint",
        Values::Duration,
    ),
    known("measurements.fid", "first input delay", Values::Duration),
    known("measurements.ttfb", "time to first byte", Values::Duration),
    known("measurements.fp", "first paint", Values::Duration),
];
