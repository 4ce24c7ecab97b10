//! The rows of events, in the order in which they came.

use super::bulk::{Bulk, Cell};
use super::company::{Company, ENVIRONMENTS, wide};
use super::dice::Dice;
use super::event::{Common, Event};
use super::issue::{Issue, Plan};
use super::of_issues::Issues;
use super::{A_FEW, TOPIC, number, tables};
use anyhow::Result;
use picket_core::decode::compress;
use picket_core::model::Term;
use serde_json::json;
use std::fmt::Write as _;
use std::sync::Arc;

/// Issues whose rows are kept at hand: noisy ones come again and again.
const AT_HAND: usize = 1 << 16;
/// Different bodies and occurrence records.
const DISTINCT: usize = 64;

/// What an event needs of its issue.
#[derive(Debug)]
struct Known {
    place: u32,
    issue: Issue,
    common: Common,
}

/// Writes the events.
pub async fn write(
    bulk: &mut Bulk,
    plans: &[Plan],
    issues: &Issues,
    company: &Company,
) -> Result<()> {
    let bodies: Vec<Stored> = (0..DISTINCT).map(body).collect();
    let records: Vec<Stored> = (0..DISTINCT).map(record).collect();
    let mut at_hand: Vec<Option<Known>> = (0..AT_HAND).map(|_| None).collect();
    let (mut facts, mut user, mut token) = (String::new(), String::new(), String::new());
    let mut scratch = String::new();
    for (place, moment) in issues.moments.iter().enumerate() {
        let issue_place = moment.issue as usize;
        let plan = &plans[issue_place];
        let slot = &mut at_hand[issue_place % AT_HAND];
        let known = match slot {
            Some(known) if known.place == moment.issue => known,
            slot => {
                // Its last sighting decides only about the inbox.
                let issue = Issue::new(plan, company.end, company);
                let common = Common::of(&issue, company);
                slot.insert(Known {
                    place: moment.issue,
                    issue,
                    common,
                })
            }
        };
        let issue = &known.issue;
        let program = &company.programs[issue.project];
        let event = Event::new(plan, issue, moment.number, moment.at, company);
        let release = program.releases[event.release].0.as_str();
        let (seq, at) = (wide(place + 1), Cell::Time(moment.at));
        let (project, event_id) = (Cell::Number(program.id), Cell::Id(event.id));
        let id = Dice::new(plan.seed, (5 << 40) + u64::from(moment.number)).id();
        user.clear();
        if let Some(number) = event.user {
            // Writing into a text cannot fail.
            let _ = write!(user, "id:{number}");
        }
        let mut bits = known.common.bits;
        event.values(release, &mut scratch, |key, value| {
            bits.add(Term::of(key, value));
        });
        bulk.put(
            tables::OCCURRENCE,
            &[
                Cell::Number(seq),
                project,
                Cell::Id(id),
                event_id,
                Cell::Number(wide(issue_place + 1)),
                at,
                Cell::Text(ENVIRONMENTS[event.environment]),
                Cell::Text(release),
                Cell::from(event.user.map(|_| user.as_str())),
                Cell::Number(bits.number()),
                Cell::Bytes(&records[place % DISTINCT].bytes),
                Cell::Number(1),
                Cell::Text(TOPIC),
                Cell::Number(0),
                number(place),
                at,
            ],
        );
        if event.has_body {
            let body = &bodies[place % DISTINCT];
            bulk.put(
                tables::EVENT,
                &[
                    Cell::Number(seq),
                    project,
                    event_id,
                    Cell::Text("generic"),
                    at,
                    Cell::Number(body.length),
                    Cell::Bytes(&body.bytes),
                ],
            );
        }
        event.facts(release, &known.common.json, &mut facts);
        // The issue's own text comes first.
        let first = issues.first_texts[issue_place] + 1;
        let message = issues.texts[first + event.message];
        let stack = issues.texts[first + issue.messages + event.stack];
        bulk.put(
            tables::FACT,
            &[
                Cell::Number(seq),
                Cell::Number(message),
                Cell::Number(stack),
                Cell::Text(&facts),
            ],
        );
        if bulk.is_sqlite() {
            token.clear();
            for byte in &event.id[..6] {
                let _ = write!(token, "{byte:02x}");
            }
            bulk.put(
                tables::EVENT_TOKEN,
                &[Cell::Number(seq), Cell::Text(&token)],
            );
        }
        if place % A_FEW == 0 {
            bulk.drain().await?;
        }
    }
    Ok(())
}

#[derive(Debug)]
struct Stored {
    bytes: Arc<[u8]>,
    length: i64,
}

fn stored(json: &serde_json::Value) -> Stored {
    let text = json.to_string();
    Stored {
        bytes: compress(text.as_bytes()),
        length: wide(text.len()),
    }
}

fn body(number: usize) -> Stored {
    stored(&json!({
        "type": "generic",
        "level": "error",
        "platform": "other",
        "timestamp": 1_780_000_000,
        "title": format!("Sample {number}"),
        "culprit": format!("sample.handler_{number}"),
        "metadata": { "title": format!("Sample {number}") },
        "tags": [["sample", number.to_string()]],
    }))
}

fn record(number: usize) -> Stored {
    stored(&json!({
        "fingerprint": [number.to_string()],
        "type": 1,
        "detection_time": 1_700_000_000,
    }))
}
