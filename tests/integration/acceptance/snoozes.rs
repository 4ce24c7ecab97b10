//! How an archive with conditions ends (group-states spec, sections 2, 4 and 4.1).

use super::world::*;
use chrono::TimeDelta;
use picket_core::engine::UpkeepTask;
use picket_core::triage::{ArchiveUntil, IssueChange};
use picket_tests::scenario::messages::{Message, occurrence, status_change};
use serde_json::{Value, json};

const MISMATCH: &str = "post_process.process_snoozes.mismatch_status";

fn cron(fingerprint: &str) -> Message {
    occurrence(fingerprint).group_type(4001).priority(25)
}

fn until(set: impl FnOnce(&mut ArchiveUntil)) -> IssueChange {
    let mut until = ArchiveUntil::default();
    set(&mut until);
    IssueChange::ArchiveUntil(until)
}

/// Sends one occurrence and says how the issue stands then.
async fn after(desk: &mut Desk, message: Message) -> Stand {
    let fingerprint = message.0["fingerprint"][0].as_str().unwrap().to_owned();
    desk.send([message]).await;
    desk.stand(&fingerprint).await
}

pub async fn the_third_further_occurrence_escalates(world: &World) {
    let mut desk = world.desk().await;
    desk.send((0..10).map(|_| cron("a"))).await;
    desk.change("a", until(|until| until.count = Some(3))).await;
    assert_eq!(after(&mut desk, cron("a")).await, UNTIL_CONDITION_MET);
    assert_eq!(after(&mut desk, cron("a")).await, UNTIL_CONDITION_MET);
    let event_id = "000000000000400080000000000000bb";
    assert_eq!(
        after(&mut desk, cron("a").event_id(event_id)).await,
        ESCALATING
    );
    assert_eq!(desk.times_seen("a").await, 13);
    let state = desk.state("a").await;
    assert!(state.snooze.get().is_none());
    let entry = state.inbox.get().unwrap();
    assert_eq!(entry.reason.as_str(), "escalating");
    assert_eq!(entry.details.unwrap().count, Some(3));
    let expired =
        json!({"until": null, "count": 3, "window": null, "user_count": null, "user_window": null});
    let said = desk.said("a").await;
    assert_eq!(
        said[1],
        (
            "SET_ESCALATING",
            json!({"event_id": event_id, "expired_snooze": expired})
        )
    );
    assert_eq!(
        said[2],
        (
            "SET_PRIORITY",
            json!({"priority": "medium", "reason": "escalating"})
        )
    );
    assert_eq!(
        desk.history("a").await,
        [
            "archived_until_condition_met",
            "escalating",
            "priority_medium"
        ]
    );
    // And stays so.
    assert_eq!(after(&mut desk, cron("a")).await, ESCALATING);
    assert_eq!(desk.said("a").await.len(), 3);
}

/// In one batch the occurrences count one after another.
pub async fn a_batch_ends_a_snooze_where_it_is_reached(world: &World) {
    let mut desk = world.desk().await;
    desk.send([cron("a")]).await;
    desk.change("a", until(|until| until.count = Some(2))).await;
    desk.send((0..5).map(|_| cron("a"))).await;
    assert_eq!(
        (desk.stand("a").await, desk.times_seen("a").await),
        (ESCALATING, 6)
    );
    assert_eq!(
        desk.activities("a").await,
        ["SET_IGNORED", "SET_ESCALATING", "SET_PRIORITY"]
    );
}

/// The end of a time makes it ongoing: by the next occurrence, or by the task.
pub async fn a_time_ends_as_ongoing(world: &World) {
    for by_task in [false, true] {
        let mut desk = world.desk().await;
        desk.send([cron("a")]).await;
        desk.change("a", until(|until| until.minutes = Some(30)))
            .await;
        desk.wait_until("10:29:59").await;
        desk.run(UpkeepTask::ClearExpiredSnoozes).await;
        assert_eq!(after(&mut desk, cron("a")).await, UNTIL_CONDITION_MET);
        desk.wait_until("10:30:00").await;
        let event_id = "000000000000400080000000000000cc";
        if by_task {
            desk.run(UpkeepTask::ClearExpiredSnoozes).await;
        } else {
            desk.send([cron("a").event_id(event_id)]).await;
        }
        assert_eq!(
            (desk.stand("a").await, desk.inbox("a").await),
            (ONGOING, Some("ongoing"))
        );
        let state = desk.state("a").await;
        assert!(state.snooze.get().is_none());
        let details = state.inbox.get().unwrap().details;
        let data = if by_task {
            assert_eq!(details, None);
            Value::Null
        } else {
            assert_eq!(details.unwrap().until, Some(time("10:30:00")));
            json!({ "event_id": event_id })
        };
        assert_eq!(desk.said("a").await[1], ("SET_UNRESOLVED", data));
        assert_eq!(
            desk.history("a").await,
            ["archived_until_condition_met", "ongoing"]
        );
        assert_eq!(desk.priority("a").await, "low");
        // Once.
        desk.run(UpkeepTask::ClearExpiredSnoozes).await;
        assert_eq!(desk.said("a").await.len(), 2);
    }
}

/// A row with a time makes it ongoing, whichever of its conditions was met.
pub async fn a_count_beside_a_time_ends_as_ongoing(world: &World) {
    let mut desk = world.desk().await;
    desk.send([cron("a")]).await;
    let both = until(|until| {
        until.minutes = Some(30);
        until.count = Some(2);
    });
    desk.change("a", both).await;
    assert_eq!(after(&mut desk, cron("a")).await, UNTIL_CONDITION_MET);
    assert_eq!(after(&mut desk, cron("a")).await, ONGOING);
    let state = desk.state("a").await;
    let details = state.inbox.get().unwrap().details.unwrap();
    assert_eq!(
        (details.count, details.until),
        (Some(2), Some(time("10:30:00")))
    );
}

/// A count in a window looks at the events of its last minutes, by their time, up to now.
pub async fn a_count_in_a_window(world: &World) {
    let mut desk = world.desk().await;
    let in_ten_minutes = || {
        until(|until| {
            until.count = Some(3);
            until.window = Some(10);
        })
    };
    // Those before the archiving count as well.
    desk.send(["09:55:00", "09:56:00"].map(|at| cron("a").at(at)))
        .await;
    desk.change("a", in_ten_minutes()).await;
    assert_eq!(after(&mut desk, cron("a").at("09:57:00")).await, ESCALATING);

    desk.send([cron("b").at("09:49:59")]).await;
    desk.change("b", in_ten_minutes()).await;
    for at in ["09:50:00", "10:00:30", "09:49:59.999999", "10:00:00"] {
        assert_eq!(
            after(&mut desk, cron("b").at(at)).await,
            UNTIL_CONDITION_MET,
            "{at}"
        );
    }
    desk.wait_until("10:01:00").await;
    // Of those only two lie between 09:51 and 10:01; the one ahead of the clock does by now.
    assert_eq!(
        after(&mut desk, cron("b").at("09:50:59")).await,
        UNTIL_CONDITION_MET
    );
    assert_eq!(after(&mut desk, cron("b").at("09:51:00")).await, ESCALATING);
    let state = desk.state("b").await;
    let details = state.inbox.get().unwrap().details.unwrap();
    assert_eq!((details.count, details.window), (Some(3), Some(10)));
}

pub async fn a_window_within_one_batch(world: &World) {
    let mut desk = world.desk().await;
    desk.send([cron("a").at("09:00:00")]).await;
    let change = until(|until| {
        until.count = Some(2);
        until.window = Some(30);
    });
    desk.change("a", change).await;
    desk.send([cron("a").at("09:10:00"), cron("a").at("09:40:00")])
        .await;
    assert_eq!(desk.stand("a").await, UNTIL_CONDITION_MET);
    desk.send([cron("a").at("09:20:00"), cron("a").at("09:30:00")])
        .await;
    assert_eq!(desk.stand("a").await, ESCALATING);
}

/// Users are counted from the first sighting on, and the recorded number is added to the limit.
pub async fn a_count_of_users(world: &World) {
    let mut desk = world.desk().await;
    let seen = |user: &str| cron("a").user(user);
    desk.send([seen("u1"), seen("u2")]).await;
    desk.change("a", until(|until| until.user_count = Some(2)))
        .await;
    for user in ["u1", "u2", "u3", "u3"] {
        assert_eq!(
            after(&mut desk, seen(user)).await,
            UNTIL_CONDITION_MET,
            "{user}"
        );
    }
    assert_eq!(
        after(&mut desk, cron("a")).await,
        UNTIL_CONDITION_MET,
        "nobody is no user"
    );
    assert_eq!(after(&mut desk, seen("u4")).await, ESCALATING);
    let state = desk.state("a").await;
    assert_eq!(
        state.inbox.get().unwrap().details.unwrap().user_count,
        Some(2)
    );
}

/// Of a light event the user stands in its tags.
pub async fn users_of_light_events_count(world: &World) {
    let mut desk = world.desk().await;
    let seen = |user: &str| {
        cron("a")
            .light()
            .with("event.tags", json!({ "sentry:user": user }))
    };
    desk.send([seen("id:1")]).await;
    desk.change("a", until(|until| until.user_count = Some(1)))
        .await;
    assert_eq!(after(&mut desk, seen("id:1")).await, UNTIL_CONDITION_MET);
    assert_eq!(after(&mut desk, seen("id:2")).await, ESCALATING);
}

pub async fn a_count_of_users_in_a_window(world: &World) {
    let mut desk = world.desk().await;
    let seen = |user: &str, at: &str| cron("a").user(user).at(at);
    desk.send([seen("u1", "09:30:00"), seen("u2", "09:31:00")])
        .await;
    let change = until(|until| {
        until.user_count = Some(2);
        until.user_window = Some(15);
    });
    desk.change("a", change).await;
    for (user, at) in [("u3", "09:44:59"), ("u1", "09:45:00"), ("u1", "09:50:00")] {
        assert_eq!(
            after(&mut desk, seen(user, at)).await,
            UNTIL_CONDITION_MET,
            "{user} {at}"
        );
    }
    assert_eq!(after(&mut desk, seen("u2", "09:59:00")).await, ESCALATING);
}

/// Any one condition ends it.
pub async fn the_first_condition_decides(world: &World) {
    let mut desk = world.desk().await;
    desk.send([cron("a").user("u0")]).await;
    let change = until(|until| {
        until.count = Some(100);
        until.user_count = Some(1);
    });
    desk.change("a", change).await;
    assert_eq!(after(&mut desk, cron("a").user("u1")).await, ESCALATING);
}

pub async fn archived_forever_stays(world: &World) {
    let mut desk = world.desk().await;
    desk.send([cron("a")]).await;
    desk.change("a", IssueChange::ArchiveForever).await;
    desk.send((0..50).map(|_| cron("a"))).await;
    assert_eq!(
        (desk.stand("a").await, desk.times_seen("a").await),
        (FOREVER, 51)
    );
    assert_eq!(
        (desk.inbox("a").await, desk.activities("a").await.len()),
        (None, 1)
    );
    // So does one that a message archived until a condition, which the sender watches.
    desk.send([cron("b")]).await;
    desk.send([status_change("b", 2, Some(4))]).await;
    desk.send((0..20).map(|_| cron("b"))).await;
    assert_eq!(desk.stand("b").await, UNTIL_CONDITION_MET);
}

/// A row on an issue that is not archived goes when its conditions are met; only a resolved one with a time changes.
pub async fn a_row_on_an_issue_that_is_not_archived(world: &World) {
    type Set = fn(&mut ArchiveUntil);
    let conditions: [(Set, bool); 2] = [
        (|until| until.count = Some(1), false),
        (|until| until.minutes = Some(5), true),
    ];
    for (set, has_time) in conditions {
        let mut desk = world.desk().await;
        for name in ["open", "resolved"] {
            desk.send([cron(name).at("09:59:00")]).await;
            desk.change(name, until(set)).await;
        }
        desk.send([
            status_change("open", 0, Some(3)),
            status_change("resolved", 1, None),
        ])
        .await;
        desk.advance(TimeDelta::minutes(5)).await;
        desk.0.forget_counts();
        for (name, stand) in [
            ("open", ONGOING),
            ("resolved", if has_time { ONGOING } else { RESOLVED }),
        ] {
            // Too close to the last to be a regression.
            assert_eq!(
                after(&mut desk, cron(name).at("09:59:05")).await,
                stand,
                "{name}"
            );
            assert!(desk.state(name).await.snooze.get().is_none(), "{name}");
            let woken = name == "resolved" && has_time;
            assert_eq!(desk.inbox(name).await, woken.then_some("ongoing"), "{name}");
            assert_eq!(
                desk.activities(name).await.len(),
                if woken { 3 } else { 2 },
                "{name}"
            );
        }
        assert_eq!(desk.counted(MISMATCH), Some(2));
        // Gone is gone.
        after(&mut desk, cron("open").at("09:59:05")).await;
        assert_eq!(desk.counted(MISMATCH), Some(2));
    }
}

/// A row that is still valid is only noted.
pub async fn a_valid_row_on_an_issue_that_is_not_archived(world: &World) {
    let mut desk = world.desk().await;
    desk.send([cron("a")]).await;
    desk.change("a", until(|until| until.count = Some(10)))
        .await;
    desk.send([status_change("a", 1, None)]).await;
    assert_eq!(after(&mut desk, cron("a").at("09:59:30")).await, REGRESSED);
    assert_eq!(desk.counted(MISMATCH), Some(1));
    assert_eq!(desk.inbox("a").await, Some("regression"));
    assert!(desk.state("a").await.snooze.get().is_some());
}

/// The occurrence that ends such a row and regresses its issue adds nothing to the inbox.
pub async fn a_regression_that_ends_a_row_stays_out_of_the_inbox(world: &World) {
    let mut desk = world.desk().await;
    desk.send([cron("a").at("09:00:00")]).await;
    desk.change("a", until(|until| until.count = Some(1))).await;
    desk.send([status_change("a", 1, None)]).await;
    assert_eq!(after(&mut desk, cron("a").at("09:30:00")).await, REGRESSED);
    assert!(desk.state("a").await.snooze.get().is_none());
    assert_eq!(desk.inbox("a").await, None);
    let expected = ["SET_IGNORED", "SET_RESOLVED", "SET_REGRESSION"];
    assert_eq!(desk.activities("a").await, expected);
}

/// The task takes away a row whose time is over, whatever the status.
pub async fn the_task_only_wakes_what_is_archived(world: &World) {
    let mut desk = world.desk().await;
    for name in ["resolved", "archived", "later", "counted"] {
        desk.send([cron(name)]).await;
    }
    for name in ["resolved", "archived"] {
        desk.change(name, until(|until| until.minutes = Some(5)))
            .await;
    }
    desk.change("later", until(|until| until.minutes = Some(6)))
        .await;
    desk.change("counted", until(|until| until.count = Some(1)))
        .await;
    desk.send([status_change("resolved", 1, None)]).await;
    desk.advance(TimeDelta::minutes(5)).await;
    desk.run(UpkeepTask::ClearExpiredSnoozes).await;
    for (name, stand, has_row) in [
        ("resolved", RESOLVED, false),
        ("archived", ONGOING, false),
        ("later", UNTIL_CONDITION_MET, true),
        ("counted", UNTIL_CONDITION_MET, true),
    ] {
        assert_eq!(desk.stand(name).await, stand, "{name}");
        assert_eq!(
            desk.state(name).await.snooze.get().is_some(),
            has_row,
            "{name}"
        );
    }
    assert_eq!(
        desk.activities("resolved").await,
        ["SET_IGNORED", "SET_RESOLVED"]
    );
    assert_eq!(desk.inbox("resolved").await, None);
}

/// Types that do not escalate: no condition ends an archive but its time, by the task.
pub async fn types_without_escalation(world: &World) {
    let features = ["ingest", "post-process-group"]
        .map(|what| format!("organizations:performance-duration-regression-{what}"));
    for number in [1017, 1018] {
        let features = features.clone().into();
        let mut desk = world.with(|config| config.features = features).await;
        let slow = |at: &str| occurrence("a").group_type(number).at(at);
        desk.send([slow("09:00:00")]).await;
        assert_eq!(
            (desk.stand("a").await, desk.inbox("a").await),
            (NEW, Some("new"))
        );
        let both = until(|until| {
            until.minutes = Some(30);
            until.count = Some(1);
        });
        desk.change("a", both).await;
        desk.wait_until("10:31:00").await;
        assert_eq!(
            after(&mut desk, slow("09:30:00")).await,
            UNTIL_CONDITION_MET
        );
        desk.run(UpkeepTask::ClearExpiredSnoozes).await;
        assert_eq!(
            (desk.stand("a").await, desk.inbox("a").await),
            (ONGOING, Some("ongoing"))
        );

        // A regression changes the status and stays out of the inbox.
        desk.change("a", IssueChange::Resolve).await;
        assert_eq!(after(&mut desk, slow("09:45:00")).await, REGRESSED);
        assert_eq!(desk.inbox("a").await, None);

        desk.change("a", IssueChange::ArchiveUntilEscalating).await;
        assert!(
            desk.state("a").await.forecast.get().is_none(),
            "it gets none"
        );
        desk.send((0..20).map(|_| slow("10:30:00"))).await;
        assert_eq!(desk.stand("a").await, UNTIL_ESCALATING);
    }
}

/// Feedback reaches the inbox only from people who are meant to be heard.
pub async fn feedback_from_where_it_counts(world: &World) {
    let feature = |what: &str| format!("organizations:{what}");
    let features = ["feedback-ingest", "feedback-post-process-group"].map(feature);
    let spam_filter = feature("user-feedback-spam-filter-actions");
    let (envelope, report) = (
        json!("new_feedback_envelope"),
        json!("user_report_envelope"),
    );
    let sources = [
        (envelope.clone(), true, true),
        (report.clone(), true, false),
        (json!("crash_report_embed_form"), true, false),
        (json!("user_report_sentry_django_endpoint"), true, false),
        (json!("update_user_reports_task"), true, false),
        (json!("somewhere"), false, false),
        (Value::Null, false, false),
    ];
    for is_option_on in [true, false] {
        for has_filter in [true, false] {
            let mut desk = world
                .with(|config| {
                    config.features = features.clone().into();
                    config
                        .features
                        .extend(has_filter.then(|| spam_filter.clone()));
                    config.projects[0].rules.feedback_in_inbox = is_option_on;
                })
                .await;
            for (place, (source, with_option, without)) in sources.iter().enumerate() {
                for is_spam in [json!(true), json!(false), json!("true"), Value::Null] {
                    let name = format!("{place} {is_spam}");
                    let evidence = json!({"source": source, "is_spam": is_spam});
                    desk.send([occurrence(&name).group_type(6001).evidence(evidence)])
                        .await;
                    let is_wanted = if is_option_on { *with_option } else { *without };
                    let is_wanted = is_wanted && !(has_filter && is_spam == json!(true));
                    let expected = if is_wanted {
                        (NEW, Some("new"))
                    } else {
                        (ONGOING, None)
                    };
                    assert_eq!(
                        (desk.stand(&name).await, desk.inbox(&name).await),
                        expected,
                        "{source} {name}"
                    );
                }
            }
        }
    }
}
