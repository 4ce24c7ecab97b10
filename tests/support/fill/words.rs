//! The words of titles, messages and stacks.

use super::dice::Dice;
use std::fmt::Write as _;

const ERRORS: [&str; 24] = [
    "TimeoutError",
    "KeyError",
    "TypeError",
    "ConnectionResetError",
    "ValidationError",
    "DeadlockDetected",
    "IntegrityError",
    "PermissionDenied",
    "CircuitOpen",
    "UnexpectedStatus",
    "DecodeError",
    "StaleObject",
    "QueueFull",
    "LeaseExpired",
    "AssertionError",
    "RangeError",
    "NetworkError",
    "ChunkMissing",
    "OutOfMemoryError",
    "IndexOutOfBounds",
    "NullReference",
    "SerializationFailure",
    "CertificateExpired",
    "ConfigurationError",
];
const ACTIONS: [&str; 30] = [
    "settle",
    "capture",
    "authorize",
    "reconcile",
    "convert",
    "verify",
    "split",
    "load",
    "render",
    "apply",
    "hydrate",
    "submit",
    "prefetch",
    "index",
    "rank",
    "expand",
    "tokenize",
    "merge",
    "rewrite",
    "upload",
    "confirm",
    "locate",
    "restore",
    "allocate",
    "print",
    "weigh",
    "aggregate",
    "publish",
    "compact",
    "deduplicate",
];
const THINGS: [&str; 60] = [
    "invoice",
    "payout",
    "refund",
    "mandate",
    "dispute",
    "receipt",
    "transfer",
    "balance",
    "charge",
    "statement",
    "reminder",
    "cart",
    "voucher",
    "product",
    "review",
    "wishlist",
    "order",
    "banner",
    "variant",
    "filter",
    "profile",
    "bundle",
    "question",
    "cookie",
    "synonym",
    "vector",
    "snapshot",
    "spelling",
    "cursor",
    "analyzer",
    "crawl",
    "parcel",
    "route",
    "stop",
    "shift",
    "signature",
    "photo",
    "depot",
    "barcode",
    "tour",
    "vehicle",
    "locker",
    "handover",
    "pallet",
    "label",
    "manifest",
    "carrier",
    "container",
    "carton",
    "supplier",
    "conveyor",
    "partition",
    "report",
    "metric",
    "cohort",
    "export",
    "schema",
    "watermark",
    "dataset",
    "subscription",
];
const PARTS: [&str; 20] = [
    "repository",
    "gateway",
    "cache",
    "planner",
    "mapper",
    "validator",
    "client",
    "scheduler",
    "writer",
    "resolver",
    "policy",
    "builder",
    "router",
    "coordinator",
    "adapter",
    "registry",
    "transformer",
    "dispatcher",
    "notifier",
    "synchronizer",
];
const HOSTS: [&str; 16] = [
    "ledger-db",
    "rates.internal",
    "mail-relay",
    "search-shard",
    "object-store",
    "identity",
    "geo-index",
    "tax-service",
    "carrier-gateway",
    "feature-flags",
    "session-cache",
    "label-printer",
    "fraud-scoring",
    "address-lookup",
    "message-broker",
    "image-resizer",
];
const ENDS: [&str; 12] = [
    "did not answer in time",
    "was refused",
    "has no owner",
    "is not known here",
    "was changed by another writer",
    "cannot be read",
    "is longer than allowed",
    "was worked on twice",
    "has expired",
    "came back empty",
    "is out of order",
    "was interrupted",
];

/// What an issue is about.
#[derive(Debug, Clone)]
pub struct Topic {
    pub error: &'static str,
    pub action: &'static str,
    pub thing: &'static str,
    pub other: &'static str,
    pub part: &'static str,
    pub host: &'static str,
    pub end: &'static str,
    /// Tells issues with the same words apart.
    pub mark: u64,
}

impl Topic {
    pub fn choose(dice: &mut Dice) -> Self {
        Self {
            error: ERRORS[dice.skewed(ERRORS.len())],
            action: *dice.pick(&ACTIONS),
            thing: THINGS[dice.skewed(THINGS.len())],
            other: *dice.pick(&THINGS),
            part: *dice.pick(&PARTS),
            host: *dice.pick(&HOSTS),
            end: *dice.pick(&ENDS),
            mark: dice.next() & 0xff_ffff,
        }
    }

    pub fn title(&self) -> String {
        let Self {
            error,
            thing,
            part,
            end,
            mark,
            ..
        } = self;
        format!("{error}: {thing} {mark:06x} of the {part} {end}")
    }

    /// Of an error, what its first exception says.
    pub fn subtitle(&self, is_error: bool) -> String {
        let Self {
            action,
            thing,
            host,
            ..
        } = self;
        if is_error {
            self.value(0)
        } else {
            format!("could not {action} the {thing} with {host}")
        }
    }

    pub fn culprit(&self) -> String {
        let Self {
            action,
            thing,
            part,
            ..
        } = self;
        format!("{thing}.{part}.{action}_{thing}")
    }

    /// What the exception says; events of an issue say it in a few different ways.
    pub fn value(&self, variant: usize) -> String {
        let Self {
            action,
            thing,
            other,
            host,
            end,
            mark,
            ..
        } = self;
        match variant {
            0 => format!("{thing} {mark:06x} {end} while {host} tried to {action} it"),
            1 => format!("{host} gave up: the {other} of {thing} {mark:06x} {end}"),
            _ => format!("attempt {variant} to {action} {thing} {mark:06x}: {other} {end}"),
        }
    }

    /// Files and functions of a stack; events of an issue come along in a few different ways.
    pub fn frames(&self, variant: usize, ending: &str) -> Vec<(String, String, String)> {
        let Self {
            action,
            thing,
            other,
            part,
            ..
        } = self;
        let mut frames = vec![
            (
                format!("{thing}/{part}.{ending}"),
                format!("{thing}.{part}"),
                format!("{action}_{thing}"),
            ),
            (
                format!("{thing}/handlers.{ending}"),
                format!("{thing}.handlers"),
                format!("handle_{thing}"),
            ),
            (
                format!("shared/{other}.{ending}"),
                format!("shared.{other}"),
                format!("with_{other}"),
            ),
        ];
        for (number, extra) in PARTS.iter().skip(variant * 3).take(variant).enumerate() {
            let frame = (
                format!("shared/{extra}.{ending}"),
                format!("shared.{extra}"),
                format!("{extra}_{number}"),
            );
            frames.push(frame);
        }
        frames
    }
}

/// Texts as a JSON list. They hold nothing that JSON would escape.
pub fn json_list<'a>(texts: impl Iterator<Item = &'a str>) -> String {
    let mut list = String::from("[");
    for text in texts {
        if list.len() > 1 {
            list.push(',');
        }
        // Writing into a text cannot fail.
        let _ = write!(list, "\"{text}\"");
    }
    list.push(']');
    list
}
