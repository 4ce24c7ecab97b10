//! The kinds of problems, as texts with gaps.
//!
//! A gap is a word in braces. Those of titles are filled once per issue, so that an issue keeps its title; those of
//! evidence are filled anew for every occurrence. `words.rs` knows what belongs into each gap.

use super::vocabulary::Kind;

/// What an occurrence of a family carries beside its texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// A stack trace.
    Failure,
    /// A transaction and its spans.
    Spans,
    /// A profile of a function.
    Profile,
    /// A scheduled job.
    Monitor,
    /// What a user wrote.
    Feedback,
    /// A checked address.
    Uptime,
}

/// One kind of problem.
#[derive(Debug)]
pub(super) struct Family {
    /// Number of the group type.
    pub group_type: u16,
    pub shape: Shape,
    /// Kinds of project that can have it.
    pub on: &'static [Kind],
    /// How many issues are of this kind, relative to the others.
    pub weight: u32,
    pub level: &'static str,
    /// Priority the sender asks for; nothing for the type's own.
    pub priority: Option<u8>,
    /// Pairs of title and subtitle.
    pub titles: &'static [(&'static str, &'static str)],
    /// Name, value, importance.
    pub evidence: &'static [(&'static str, &'static str, bool)],
}

const ALL: &[Kind] = &[Kind::Web, Kind::Backend, Kind::Mobile];
const WEB: &[Kind] = &[Kind::Web];
const BACKEND: &[Kind] = &[Kind::Backend];
const MOBILE: &[Kind] = &[Kind::Mobile];
const CLIENTS: &[Kind] = &[Kind::Web, Kind::Mobile];

pub(super) const FAMILIES: &[Family] = &[
    Family {
        group_type: 1,
        shape: Shape::Failure,
        on: ALL,
        weight: 26,
        level: "error",
        priority: None,
        titles: &[
            (
                "TimeoutError: {host} did not answer within {ms} ms",
                "{action} {entity} gave up after {small} attempts",
            ),
            (
                "KeyError: '{field}'",
                "{entity} payload of {service} has no {field}",
            ),
            (
                "ConnectionResetError: {host} closed the connection",
                "while {service} waited for {entity}",
            ),
            (
                "ValidationError: {field} of {entity} must not be empty",
                "rejected by {module}",
            ),
            (
                "DeadlockDetected: {entity}s and {entity2}s lock each other",
                "in {function}",
            ),
            (
                "IntegrityError: duplicate {field} in {entity}s",
                "second insert by {service}",
            ),
            (
                "TypeError: cannot read {field} of undefined",
                "{component} rendered before {entity} was loaded",
            ),
            (
                "OutOfRange: {field} {big} does not fit",
                "{action} {entity} in {module}",
            ),
            (
                "PermissionDenied: {service} may not {action} {entity}",
                "token lacks {entity}:{action}",
            ),
            (
                "CircuitOpen: calls to {host} are suspended",
                "{small} failures in a row",
            ),
            (
                "UnexpectedStatus: {host} answered {status}",
                "to {verb} {path}",
            ),
            (
                "DecodeError: unknown {entity} version {small}",
                "message from queue {queue}",
            ),
            (
                "StaleObject: {entity} was changed by another writer",
                "{function} retried {small} times",
            ),
            (
                "QueueFull: {queue} refuses new messages",
                "{service} holds back {entity} events",
            ),
            (
                "AssertionError: balance of {entity} is off by {small} cents",
                "found by {function}",
            ),
            (
                "LeaseExpired: {service} lost the lease on {queue}",
                "work on {entity} was started twice",
            ),
        ],
        evidence: &[
            ("Where", "{function} in {file}", true),
            ("Host", "{server}", false),
            ("Attempt", "{small} of 5", false),
            ("Correlation", "{hex}", false),
        ],
    },
    Family {
        group_type: 4001,
        shape: Shape::Monitor,
        on: BACKEND,
        weight: 16,
        level: "error",
        priority: None,
        titles: &[
            (
                "Missed check-in: {period}-{job}",
                "No check-in arrived within {minutes} minutes of the schedule",
            ),
            (
                "Job failed: {period}-{job}",
                "{service} reported a failure for {region}",
            ),
            (
                "Job overran: {period}-{job}",
                "Still running after {minutes} minutes",
            ),
        ],
        evidence: &[
            ("Failure reason", "{reason}", true),
            ("Environment", "{environment}", false),
            ("Last successful check-in", "{hours} hours ago", false),
            ("Monitor", "{period}-{job}", false),
        ],
    },
    Family {
        group_type: 1001,
        shape: Shape::Spans,
        on: BACKEND,
        weight: 10,
        level: "warning",
        priority: None,
        titles: &[(
            "Slow query on {entity}s: {field}",
            "SELECT … FROM {entity}s WHERE {field} = ? ORDER BY {field2}",
        )],
        evidence: &[
            (
                "Query",
                "SELECT id, {field}, {field2} FROM {entity}s WHERE {field} = ? ORDER BY {field2} LIMIT {small}",
                true,
            ),
            ("Duration", "{ms} ms", true),
            ("Transaction", "{verb} {path}", false),
            ("Rows read", "{big}", false),
        ],
    },
    Family {
        group_type: 1006,
        shape: Shape::Spans,
        on: BACKEND,
        weight: 8,
        level: "info",
        priority: None,
        titles: &[("N+1 queries: {entity2}s of each {entity}", "{verb} {path}")],
        evidence: &[
            ("Transaction", "{verb} {path}", false),
            (
                "Repeated query",
                "SELECT * FROM {entity2}s WHERE {entity}_id = ?",
                true,
            ),
            ("Repetitions", "{count}", true),
            ("Parent span", "{function}", false),
            ("Time lost", "{ms} ms", false),
        ],
    },
    Family {
        group_type: 1007,
        shape: Shape::Spans,
        on: BACKEND,
        weight: 3,
        level: "info",
        priority: None,
        titles: &[(
            "Queries one after another: {entity}s, then {entity2}s",
            "{function} could ask at once",
        )],
        evidence: &[
            ("Transaction", "{verb} {path}", false),
            (
                "Starting span",
                "SELECT {field} FROM {entity}s WHERE {field2} = ?",
                true,
            ),
            ("Time that could be saved", "{ms} ms", true),
        ],
    },
    Family {
        group_type: 1011,
        shape: Shape::Spans,
        on: BACKEND,
        weight: 2,
        level: "info",
        priority: None,
        titles: &[(
            "Repeating query pattern around {entity} and {entity2}",
            "{verb} {path}",
        )],
        evidence: &[
            ("Pattern", "{entity}s → {entity2}s → {entity}s", true),
            ("Repetitions", "{count}", true),
        ],
    },
    Family {
        group_type: 1009,
        shape: Shape::Spans,
        on: ALL,
        weight: 4,
        level: "info",
        priority: None,
        titles: &[(
            "Requests one after another to {host}",
            "{action} {entity} waits {small} times",
        )],
        evidence: &[
            ("Offending calls", "{verb} https://{host}{path}", true),
            ("Calls", "{count}", true),
            ("Transaction", "{component}.{action}", false),
        ],
    },
    Family {
        group_type: 1010,
        shape: Shape::Spans,
        on: CLIENTS,
        weight: 6,
        level: "info",
        priority: None,
        titles: &[(
            "N+1 API calls: {path}",
            "{component} asks once per {entity2}",
        )],
        evidence: &[
            ("Repeating call", "GET {path}", true),
            ("Calls", "{count}", true),
            ("Parameters", "{{{field}: {small}, {big}}}", false),
            ("Duration", "{ms} ms", false),
        ],
    },
    Family {
        group_type: 1004,
        shape: Shape::Spans,
        on: WEB,
        weight: 3,
        level: "info",
        priority: None,
        titles: &[(
            "Render blocking asset: {asset}.css",
            "{component} paints late",
        )],
        evidence: &[
            ("Asset", "/static/{asset}.{hex}.css", true),
            ("First paint delayed by", "{ms} ms", true),
            ("Size", "{count} KiB", false),
        ],
    },
    Family {
        group_type: 1012,
        shape: Shape::Spans,
        on: WEB,
        weight: 2,
        level: "info",
        priority: None,
        titles: &[(
            "Uncompressed asset: {asset}.js",
            "served by {host} for {component}",
        )],
        evidence: &[
            ("Asset", "/static/{asset}.{hex}.js", true),
            ("Size", "{big} bytes", true),
        ],
    },
    Family {
        group_type: 1015,
        shape: Shape::Spans,
        on: ALL,
        weight: 4,
        level: "info",
        priority: None,
        titles: &[(
            "Large payload: {verb} {path}",
            "{entity} with all of its {entity2}s",
        )],
        evidence: &[
            ("Payload size", "{count} KiB", true),
            ("Request", "{verb} {path}", false),
            ("Duration", "{ms} ms", false),
        ],
    },
    Family {
        group_type: 1008,
        shape: Shape::Spans,
        on: MOBILE,
        weight: 3,
        level: "info",
        priority: None,
        titles: &[(
            "File I/O on the main thread: {entity}.plist",
            "while {screen} appears",
        )],
        evidence: &[
            ("File", "Documents/{entity}/{entity2}.plist", true),
            ("Duration", "{ms} ms", true),
            ("Screen", "{screen}", false),
        ],
    },
    Family {
        group_type: 1013,
        shape: Shape::Spans,
        on: MOBILE,
        weight: 3,
        level: "info",
        priority: None,
        titles: &[(
            "Database on the main thread: {entity}s",
            "{screen} waits for {function}",
        )],
        evidence: &[
            ("Query", "SELECT * FROM {entity}s WHERE {field} = ?", true),
            ("Duration", "{ms} ms", true),
        ],
    },
    Family {
        group_type: 1018,
        shape: Shape::Profile,
        on: BACKEND,
        weight: 5,
        level: "info",
        priority: None,
        titles: &[(
            "Endpoint regression: {verb} {path}",
            "from {ms} ms to {ms2} ms (P95)",
        )],
        evidence: &[
            (
                "Regression",
                "{verb} {path} became slower by {count} %",
                true,
            ),
            ("Breakpoint", "{hours} hours ago", false),
            ("Suspected span", "{function}", false),
        ],
    },
    Family {
        group_type: 2007,
        shape: Shape::Profile,
        on: MOBILE,
        weight: 4,
        level: "info",
        priority: None,
        titles: &[(
            "Regex on the main thread: {function}",
            "{screen} stalls while typing",
        )],
        evidence: &[
            ("Suspect function", "{function}", true),
            ("Main thread blocked", "{ms} ms", true),
            ("Screen", "{screen}", false),
        ],
    },
    Family {
        group_type: 2009,
        shape: Shape::Profile,
        on: MOBILE,
        weight: 4,
        level: "warning",
        priority: None,
        titles: &[("Frame drop in {screen}", "{function} holds the main thread")],
        evidence: &[
            ("Suspect function", "{function}", true),
            ("Dropped frames", "{count}", true),
            ("Device", "{device}", false),
        ],
    },
    Family {
        group_type: 2011,
        shape: Shape::Profile,
        on: BACKEND,
        weight: 4,
        level: "info",
        priority: Some(25),
        titles: &[(
            "Function regression: {function}",
            "{module} from {ms} ms to {ms2} ms (P95)",
        )],
        evidence: &[
            ("Function", "{function}", true),
            ("Increase", "{count} %", true),
            ("Samples", "{big}", false),
        ],
    },
    Family {
        group_type: 6001,
        shape: Shape::Feedback,
        on: CLIENTS,
        weight: 1,
        level: "info",
        priority: None,
        titles: &[("User feedback on {component}", "{feedback}")],
        evidence: &[
            ("message", "{feedback}", true),
            ("contact_email", "guest{small}@example.org", false),
            ("source", "widget", false),
        ],
    },
    Family {
        group_type: 7001,
        shape: Shape::Uptime,
        on: WEB,
        weight: 1,
        level: "error",
        priority: None,
        titles: &[(
            "Unreachable: https://{entity}.shop.example",
            "seen from {region}",
        )],
        evidence: &[
            ("Failure", "no answer within {small} s", true),
            ("Method", "HEAD", false),
            ("Checked from", "{region}", false),
        ],
    },
];

/// Whether issues of this type are dropped unless its feature is switched on; the most frequent issues are of other
/// types, so that such drops stay rare.
pub(super) fn is_unreleased(family: &Family) -> bool {
    matches!(family.shape, Shape::Feedback | Shape::Uptime)
}
