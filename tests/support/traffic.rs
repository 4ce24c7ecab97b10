//! Traffic of everything a topic holds, whose outcome does not depend on the order in which partitions are read: each
//! problem keeps to one partition, and what problems share (the quota of a type in a project) is either wide enough for
//! all of them or used from one partition only.

use crate::kafka::Outgoing;
use crate::messages::{fingerprint, occurrence};
use serde_json::{Value, json};

/// Partitions the traffic is spread over.
pub const PARTITIONS: i32 = 12;
/// Distinct problems.
const PROBLEMS: u64 = 600;
/// Their projects, but for those that outgrow a quota.
const PROJECTS: u64 = 150;
/// Projects with more problems of a type than they may open in an hour.
const CROWDED: u64 = 6;

/// The first `records` records; at least as many projects as there are, from `first_project` on.
pub fn traffic(records: u64, first_project: u64) -> impl Iterator<Item = Outgoing> {
    (0..records).map(move |n| record(n, first_project))
}

fn record(n: u64, first_project: u64) -> Outgoing {
    // Runs of four records about one problem, each run about another one.
    let (round, step) = (n / 4, n % 4);
    let problem = round * 7 % PROBLEMS;
    let (project, partition) = place(problem, first_project);
    let outgoing = |payload: Vec<u8>| {
        Outgoing::new(payload)
            .key(fingerprint(problem))
            .partition(partition)
    };
    if n % 97 == 96 {
        return outgoing(b"{\"id\": \"half a mess".to_vec());
    }
    let mut message = occurrence(n, project, problem);
    message["type"] = json!(group_type(problem));
    match step {
        // Now and then the same message again.
        3 if round % 5 == 0 => message = with_type(occurrence(n - 1, project, problem), problem),
        // One that refers to the event of the message before it.
        3 if round % 5 == 1 => {
            message["event_id"] = occurrence(n - 1, project, problem)["event_id"].clone();
            remove(&mut message, "event");
        }
        3 if round % 5 == 2 => message = status_change(n, project, problem),
        1 if round % 3 == 0 => message["is_buffered_spans"] = json!(true),
        _ => {}
    }
    outgoing(message.to_string().into_bytes())
}

/// Project and partition of a problem. The crowded projects keep to one partition each.
fn place(problem: u64, first_project: u64) -> (u64, i32) {
    let partitions = u64::from(PARTITIONS.unsigned_abs());
    let (project, partition) = if is_crowded(problem) {
        (PROJECTS + problem % CROWDED, problem % CROWDED)
    } else {
        (problem % PROJECTS, problem % partitions)
    };
    let partition = i32::try_from(partition).unwrap_or(0);
    (first_project + project, partition)
}

fn is_crowded(problem: u64) -> bool {
    problem >= PROBLEMS - 60
}

/// Types without noise reduction and with, of a quota that no project here uses up; the crowded ones of one type.
fn group_type(problem: u64) -> u16 {
    if is_crowded(problem) {
        return 2007;
    }
    [4001, 4001, 1006, 1009, 1007, 2007, 4001][(problem % 7) as usize]
}

fn with_type(mut message: Value, problem: u64) -> Value {
    message["type"] = json!(group_type(problem));
    message
}

fn remove(message: &mut Value, key: &str) {
    if let Some(message) = message.as_object_mut() {
        message.remove(key);
    }
}

fn status_change(n: u64, project: u64, problem: u64) -> Value {
    let pairs = [
        (1, Value::Null),
        (2, json!(5)),
        (0, json!(3)),
        (2, json!(1)),
        (0, json!(2)),
        (1, Value::Null),
        (2, Value::Null),
    ];
    let (status, substatus) = &pairs[(n / 4 % 7) as usize];
    json!({
        "payload_type": "status_change",
        "id": format!("{:032x}", (3_u128 << 96) + u128::from(n)),
        "project_id": project,
        "fingerprint": [fingerprint(problem)],
        "new_status": status,
        "new_substatus": substatus,
    })
}
