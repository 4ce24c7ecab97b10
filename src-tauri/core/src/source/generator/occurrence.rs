//! One sighting of an issue: what differs from occurrence to occurrence.

use super::dice::Dice;
use super::family::Shape;
use super::issue::Issue;
use super::message::{
    Body, Breadcrumb, Breadcrumbs, EvidenceLine, Frame, Geo, Message, Request, Sdk, Stacktrace,
    Tags, Timestamp, User,
};
use super::vocabulary::{
    ACTIONS, BROWSERS, DEVICES, ENTITIES, ENVIRONMENTS, Kind, PARTS, REGIONS, SYSTEMS,
};
use super::words::capital;
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde_json::{Map, Value, json};
use std::borrow::Cow;

/// Where the event of an occurrence comes from (occurrences spec, section 5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Path {
    Inline,
    Light,
    /// The event with this id came with an earlier occurrence of the issue.
    Lookup(String),
}

const PLACES: &[Geo] = &[
    Geo {
        country_code: "DE",
        city: "Leipzig",
    },
    Geo {
        country_code: "NL",
        city: "Utrecht",
    },
    Geo {
        country_code: "FR",
        city: "Nantes",
    },
    Geo {
        country_code: "US",
        city: "Portland",
    },
    Geo {
        country_code: "JP",
        city: "Sapporo",
    },
    Geo {
        country_code: "BR",
        city: "Recife",
    },
];

/// Frames of libraries, shown as not being our own code.
const LIBRARY_FRAMES: &[(&str, &str, &str)] = &[
    ("runtime/loop", "runtime.loop", "run_once"),
    ("net/pool", "net.pool", "with_connection"),
    ("http/server", "http.server", "dispatch"),
    ("async/task", "async.task", "poll"),
];

/// What [`write()`] made.
pub(super) struct Written {
    pub payload: Vec<u8>,
    pub event_id: String,
}

/// Serialises an occurrence of `issue` whose event happened at `time`.
pub(super) fn write(issue: &Issue, path: &Path, time: DateTime<Utc>, dice: &mut Dice) -> Written {
    let environment = dice.weighted(ENVIRONMENTS, |(_, weight)| *weight).0;
    let event_id = match path {
        Path::Lookup(id) => id.clone(),
        Path::Inline | Path::Light => dice.hex(),
    };
    let evidence_display = issue
        .family
        .evidence
        .iter()
        .map(|(name, value, important)| EvidenceLine {
            name,
            value: issue.words.fill(value, dice, environment),
            important: *important,
        })
        .collect();
    let trace_id = dice.hex();
    let release = release(issue.project.slug, time, dice);
    let server = format!(
        "{}-{}.{}",
        issue.words.service,
        dice.between(1, 12),
        dice.pick(REGIONS)
    );
    let event = (!matches!(path, Path::Lookup(_))).then(|| Body {
        event_id: &event_id,
        project_id: issue.project.id,
        platform: issue.project.platform,
        timestamp: timestamp(time, dice),
        received: text_of(
            time + TimeDelta::milliseconds(i64::try_from(dice.between(40, 3_000)).unwrap_or(0)),
        ),
        environment,
        release: &release,
        server_name: &server,
        transaction: &issue.transaction,
        trace_id: &trace_id,
        tags: tags(issue, *path == Path::Light, dice),
        user: user(dice),
        sdk: Sdk {
            name: issue.project.sdk.0,
            version: issue.project.sdk.1,
        },
        contexts: contexts(issue, &trace_id, dice),
        request: request(issue, dice),
        breadcrumbs: (issue.family.shape == Shape::Failure).then(|| breadcrumbs(issue, time, dice)),
        stacktrace: matches!(issue.family.shape, Shape::Failure | Shape::Profile)
            .then(|| stacktrace(issue)),
        extra: extra(issue, dice),
    });
    let message = Message {
        id: dice.hex(),
        project_id: issue.project.id,
        event_id: &event_id,
        fingerprint: [&issue.fingerprint],
        issue_title: &issue.title,
        subtitle: &issue.subtitle,
        resource_id: (issue.family.shape == Shape::Monitor).then_some(issue.words.job),
        evidence_data: evidence_data(issue, &trace_id, dice),
        evidence_display,
        group_type: issue.family.group_type,
        detection_time: seconds(time) + 1.5,
        level: issue.family.level,
        culprit: &issue.culprit,
        initial_issue_priority: issue.family.priority,
        assignee: None,
        payload_type: "occurrence",
        is_buffered_spans: *path == Path::Light,
        event,
    };
    let mut payload = Vec::with_capacity(3_072);
    // Plain data into memory: there is nothing that could fail.
    let _ = serde_json::to_writer(&mut payload, &message);
    Written { payload, event_id }
}

/// A new version every six hours; some machines still run the one before.
fn release(slug: &str, time: DateTime<Utc>, dice: &mut Dice) -> String {
    let period = time.timestamp().div_euclid(6 * 3_600) - i64::from(dice.chance(1_500));
    let period = period.rem_euclid(3_000);
    format!(
        "{slug}@{}.{}.{}",
        3 + period / 600,
        period / 10 % 60,
        period % 10
    )
}

fn timestamp(time: DateTime<Utc>, dice: &mut Dice) -> Timestamp {
    if dice.chance(2_000) {
        Timestamp::Seconds(seconds(time))
    } else {
        Timestamp::Text(text_of(time))
    }
}

fn text_of(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Micros, true)
}

#[allow(
    clippy::cast_precision_loss,
    reason = "milliseconds since 1970 fit exactly"
)]
fn seconds(time: DateTime<Utc>) -> f64 {
    time.timestamp_millis() as f64 / 1_000.0
}

fn tags(issue: &Issue, as_pairs: bool, dice: &mut Dice) -> Tags<'static> {
    let mut pairs: Vec<(&'static str, String)> = vec![
        ("service", issue.words.service.to_owned()),
        ("region", (*dice.pick(REGIONS)).to_owned()),
    ];
    match issue.project.kind {
        Kind::Web => {
            let (browser, version) = dice.pick(BROWSERS);
            pairs.push(("browser", format!("{browser} {version}")));
            pairs.push(("browser.name", (*browser).to_owned()));
        }
        Kind::Mobile => pairs.push(("device", (*dice.pick(DEVICES)).to_owned())),
        Kind::Backend => pairs.push((
            "tier",
            if dice.chance(7_000) {
                "standard"
            } else {
                "premium"
            }
            .to_owned(),
        )),
    }
    match issue.family.shape {
        Shape::Monitor => {
            pairs.push((
                "monitor.slug",
                format!("{}-{}", issue.words.period.0, issue.words.job),
            ));
            pairs.push(("monitor.incident", dice.between(1_000, 99_999).to_string()));
        }
        Shape::Failure => pairs.push((
            "handled",
            if dice.chance(6_000) { "yes" } else { "no" }.to_owned(),
        )),
        _ => {}
    }
    if dice.chance(3_000) {
        pairs.push((
            "feature",
            format!("{}-{}", issue.words.action, issue.words.entity2),
        ));
    }
    if as_pairs {
        Tags::Pairs(pairs)
    } else {
        Tags::Object(
            pairs
                .into_iter()
                .map(|(key, value)| (key.to_owned(), Value::String(value)))
                .collect(),
        )
    }
}

fn user(dice: &mut Dice) -> User {
    let id = dice.between(1, 9_000);
    let place = dice.pick(PLACES);
    User {
        id: id.to_string(),
        email: format!("customer{id}@example.org"),
        // Addresses reserved for documentation.
        ip_address: format!("203.0.113.{}", dice.between(1, 254)),
        geo: Geo {
            country_code: place.country_code,
            city: place.city,
        },
    }
}

fn contexts(issue: &Issue, trace_id: &str, dice: &mut Dice) -> Map<String, Value> {
    let mut contexts = Map::new();
    let (system, version) = dice.pick(SYSTEMS);
    contexts.insert(
        "os".to_owned(),
        json!({ "name": system, "version": version, "type": "os" }),
    );
    contexts.insert(
        "trace".to_owned(),
        json!({
            "trace_id": trace_id,
            "span_id": format!("{:016x}", dice.word()),
            "op": if issue.project.kind == Kind::Backend { "http.server" } else { "ui.load" },
            "status": if issue.family.level == "error" { "internal_error" } else { "ok" },
            "type": "trace",
        }),
    );
    match issue.project.kind {
        Kind::Web => {
            let (name, version) = dice.pick(BROWSERS);
            contexts.insert(
                "browser".to_owned(),
                json!({ "name": name, "version": version, "type": "browser" }),
            );
        }
        Kind::Mobile => {
            let model = dice.pick(DEVICES);
            let free = dice.between(200, 5_800);
            contexts.insert(
                "device".to_owned(),
                json!({ "model": model, "free_memory_mb": free, "online": dice.chance(9_000), "type": "device" }),
            );
        }
        Kind::Backend => {
            let name = issue.project.platform;
            contexts.insert(
                "runtime".to_owned(),
                json!({ "name": name, "version": "2025.2", "type": "runtime" }),
            );
        }
    }
    if issue.family.shape == Shape::Monitor {
        let (period, schedule) = issue.words.period;
        contexts.insert(
            "monitor".to_owned(),
            json!({
                "slug": format!("{period}-{}", issue.words.job),
                "config": { "schedule_type": 1, "schedule": schedule, "timezone": "UTC", "max_runtime": 45 },
                "status": "error",
                "type": "cron_job",
            }),
        );
    }
    contexts
}

fn request<'a>(issue: &'a Issue, dice: &mut Dice) -> Option<Request<'a>> {
    let has_one = issue.project.kind != Kind::Mobile && issue.family.shape != Shape::Monitor;
    has_one.then(|| Request {
        url: format!(
            "https://{}.shop.example{}",
            issue.words.service,
            issue
                .words
                .path
                .replace("{id}", &dice.between(1_000, 90_000).to_string())
        ),
        method: issue.words.verb,
        query_string: format!(
            "{}={}&page={}",
            issue.words.field,
            dice.between(1, 400),
            dice.between(1, 30)
        ),
    })
}

fn breadcrumbs<'a>(issue: &Issue, time: DateTime<Utc>, dice: &mut Dice) -> Breadcrumbs<'a> {
    let words = &issue.words;
    let before = |tenths: u64| {
        seconds(time - TimeDelta::milliseconds(i64::try_from(tenths * 100).unwrap_or(0)))
    };
    let mut values = vec![
        Breadcrumb {
            timestamp: before(dice.between(200, 400)),
            category: "navigation",
            level: "info",
            message: format!("entered {}", issue.transaction),
        },
        Breadcrumb {
            timestamp: before(dice.between(60, 150)),
            category: "query",
            level: "info",
            message: format!("SELECT {} FROM {}s WHERE id = ?", words.field, words.entity),
        },
        Breadcrumb {
            timestamp: before(dice.between(2, 50)),
            category: "http",
            level: "warning",
            message: format!(
                "{} https://{}/{} took {} ms",
                words.verb,
                words.host,
                words.entity2,
                dice.between(300, 9_000)
            ),
        },
    ];
    if dice.chance(4_000) {
        values.push(Breadcrumb {
            timestamp: before(1),
            category: "retry",
            level: "warning",
            message: format!("attempt {} of {}", dice.between(2, 5), words.function),
        });
    }
    Breadcrumbs { values }
}

/// The same frames for every occurrence of an issue, the failing one last.
fn stacktrace(issue: &Issue) -> Stacktrace<'_> {
    let mut dice = issue.dice.clone();
    let (folder, ending) = issue.project.sources;
    let mut frames: Vec<Frame<'_>> = Vec::new();
    for _ in 0..dice.between(1, 2) {
        let (file, module, function) = *dice.pick(LIBRARY_FRAMES);
        frames.push(Frame {
            filename: Cow::Owned(format!("{file}.{ending}")),
            module: Cow::Borrowed(module),
            function: Cow::Borrowed(function),
            lineno: dice.between(20, 900),
            in_app: false,
        });
    }
    for _ in 0..dice.between(2, 6) {
        let (entity, part, action) = (*dice.pick(ENTITIES), *dice.pick(PARTS), *dice.pick(ACTIONS));
        frames.push(Frame {
            filename: Cow::Owned(format!("{folder}/{entity}/{part}.{ending}")),
            module: Cow::Owned(format!("{entity}.{part}")),
            function: Cow::Owned(if issue.project.snake_case {
                format!("{action}_{entity}")
            } else {
                format!("{action}{}", capital(entity))
            }),
            lineno: dice.between(12, 640),
            in_app: true,
        });
    }
    frames.push(Frame {
        filename: Cow::Borrowed(&issue.words.file),
        module: Cow::Borrowed(&issue.words.module),
        function: Cow::Borrowed(&issue.words.function),
        lineno: dice.between(12, 640),
        in_app: true,
    });
    Stacktrace { frames }
}

fn extra(issue: &Issue, dice: &mut Dice) -> Map<String, Value> {
    let mut extra = Map::new();
    if dice.chance(4_000) {
        extra.insert(
            format!("{}_id", issue.words.entity),
            json!(dice.between(10_000, 9_999_999)),
        );
        extra.insert("queue_depth".to_owned(), json!(dice.between(0, 4_000)));
    }
    extra
}

fn evidence_data(issue: &Issue, trace_id: &str, dice: &mut Dice) -> Map<String, Value> {
    let value = match issue.family.shape {
        Shape::Failure => json!({
            "service": issue.words.service,
            "entity_id": dice.between(10_000, 9_999_999),
            "queue": issue.words.queue,
        }),
        Shape::Spans => json!({
            "transaction_name": issue.transaction,
            "trace_id": trace_id,
            "op": if issue.project.kind == Kind::Backend { "db" } else { "http" },
            "parent_span_ids": [format!("{:016x}", dice.word())],
            "offender_span_ids": (0..dice.between(2, 5)).map(|_| format!("{:016x}", dice.word())).collect::<Vec<_>>(),
            "num_repeating_spans": dice.between(3, 60),
        }),
        Shape::Profile => json!({
            "transaction_name": issue.transaction,
            "frame_name": issue.words.function,
            "frame_package": issue.words.module,
            "aggregate_range_1": dice.between(10_000_000, 90_000_000),
            "aggregate_range_2": dice.between(95_000_000, 400_000_000),
        }),
        Shape::Monitor => json!({
            "monitor": { "slug": issue.words.job, "schedule": issue.words.period.1 },
            "region": issue.words.region,
        }),
        Shape::Feedback => json!({
            "message": issue.words.feedback,
            "contact_email": format!("guest{}@example.org", dice.between(1, 900)),
            "source": "widget",
        }),
        Shape::Uptime => json!({ "status_code": null, "region": issue.words.region }),
    };
    match value {
        Value::Object(object) => object,
        _ => Map::new(),
    }
}
