//! Rows of the table of search spec, section 11.

use super::desk::Desk;
use picket_core::engine::find;
use picket_core::model::{IssueId, ProjectId, Team};
use serde_json::{Value, json};

pub async fn resolving_ends_everything_else(desk: &mut Desk) {
    desk.update(&[1], json!({"status": "ignored", "ignoreDuration": 30}))
        .await;
    desk.update(&[1], json!({"inbox": true})).await;
    let answer = desk.update(&[1, 2], json!({"status": "resolved"})).await;
    assert_eq!(
        Value::from(answer.members),
        json!({"status": "resolved", "statusDetails": {}, "inbox": null})
    );
    assert_eq!(answer.changed.len(), 2);
    for issue in [1, 2] {
        assert_eq!(desk.stand(issue).await, (1, 0));
        assert_eq!(desk.activities(issue).await.last(), Some(&"SET_RESOLVED"));
        assert_eq!(desk.history(issue).await.last(), Some(&"resolved"));
    }
    assert_eq!(desk.in_inbox().await, [3, 4]);
    assert_eq!(
        desk.number("SELECT count(*) FROM issue_snooze").await,
        Some(0)
    );
    let subscribed = "SELECT issue_id FROM issue_subscription
        WHERE user_id = 1 AND reason = 'status_change' ORDER BY issue_id";
    assert_eq!(desk.numbers(subscribed).await, [1, 2]);
    assert_eq!(
        desk.number("SELECT count(*) FROM issue WHERE id IN (1, 2) AND resolved_at IS NOT NULL")
            .await,
        Some(2)
    );
    // Not the member's choice before: it stays.
    let unchanged = "SELECT count(*) FROM issue_subscription WHERE issue_id = 2 AND user_id = 2 AND reason IS NULL";
    assert_eq!(desk.number(unchanged).await, Some(1));
    // A resolved one is resolved again.
    desk.update(&[1], json!({"status": "resolved"})).await;
    let activities = desk.activities(1).await;
    let again = activities.iter().filter(|kind| **kind == "SET_RESOLVED");
    assert_eq!(again.count(), 2);
}

pub async fn who_wants_that_gets_what_they_resolve(desk: &mut Desk) {
    desk.update(&[1], json!({"status": "resolved"})).await;
    let assigned = "SELECT id FROM issue WHERE assigned_user = 1 ORDER BY id";
    assert!(desk.numbers(assigned).await.is_empty());
    desk.directory.users[0].assigns_itself = true;
    desk.update(&[2, 3], json!({"status": "resolved"})).await;
    assert_eq!(desk.numbers(assigned).await, [2], "3 has somebody");
    assert_eq!(desk.activities(2).await, ["SET_RESOLVED", "ASSIGNED"]);
}

pub async fn resolving_in_a_release_takes_one_project_that_has_it(desk: &mut Desk) {
    let release =
        |version: &str| json!({"status": "resolved", "statusDetails": {"inRelease": version}});
    assert_eq!(
        desk.refused(&[1], release("9.9")).await,
        "statusDetails.inRelease"
    );
    assert_eq!(
        desk.refused_in(&[1, 2], &[1], release("1.0")).await,
        "statusDetails.inRelease"
    );
    assert_eq!(
        desk.refused_in(&[2], &[10], release("latest")).await,
        "statusDetails.inRelease",
        "there is none"
    );
    let answer = desk.update(&[1, 2], release("latest")).await;
    assert_eq!(answer.members["statusDetails"]["inRelease"], "1.1");
    assert_eq!(answer.members["statusDetails"]["actor"]["name"], "ann");
    let rows = "SELECT issue_id FROM issue_resolution WHERE release = '1.1' AND kind = 0 AND status = 1 ORDER BY 1";
    assert_eq!(desk.numbers(rows).await, [1, 2]);
    assert_eq!(desk.activities(1).await, ["SET_RESOLVED_IN_RELEASE"]);
    assert_eq!(desk.history(1).await, ["resolved_in_release"]);
    desk.update(&[1], json!({"status": "resolved"})).await;
    assert_eq!(desk.numbers(rows).await, [2]);
}

pub async fn resolving_in_the_next_release_waits_for_it(desk: &mut Desk) {
    for body in [
        json!({"status": "resolvedInNextRelease"}),
        json!({"status": "resolved", "statusDetails": {"inNextRelease": true}}),
    ] {
        assert_eq!(
            desk.refused_in(&[1, 2], &[1], body.clone()).await,
            "statusDetails.inNextRelease"
        );
        assert_eq!(
            desk.refused_in(&[2], &[10], body.clone()).await,
            "statusDetails.inNextRelease"
        );
        let answer = desk.update(&[1], body).await;
        assert_eq!(answer.members["status"], "resolved");
        assert_eq!(answer.members["statusDetails"]["inNextRelease"], true);
        // It was seen in none that is known, so the newest one is its base.
        let row = "SELECT count(*) FROM issue_resolution
            WHERE issue_id = 1 AND kind = 1 AND status = 0 AND release = '1.1'";
        assert_eq!(desk.number(row).await, Some(1));
    }
    let upcoming = json!({"status": "resolved", "statusDetails": {"inUpcomingRelease": true}});
    assert_eq!(
        desk.refused(&[1], upcoming.clone()).await,
        "statusDetails.inUpcomingRelease"
    );
    desk.rules.allow_upcoming_release = true;
    desk.update(&[2], upcoming).await;
    let row =
        "SELECT count(*) FROM issue_resolution WHERE issue_id = 2 AND kind = 2 AND status = 0";
    assert_eq!(desk.number(row).await, Some(1));
}

pub async fn a_commit_resolves_an_issue(desk: &mut Desk) {
    let commit = |id: &str| json!({"status": "resolved", "statusDetails": {"inCommit": {"repository": "web", "commit": id}}});
    assert_eq!(
        desk.refused_in(&[1, 2], &[1, 10], commit("abc")).await,
        "statusDetails.inCommit"
    );
    assert_eq!(
        desk.refused(&[1], commit("a\0b")).await,
        "statusDetails.inCommit"
    );
    desk.update(&[1], commit("abc")).await;
    desk.update(&[1], commit("abc")).await;
    let links = "SELECT issue_id FROM issue_link WHERE kind = 'resolves' AND source = 'web' AND target = 'abc'";
    assert_eq!(desk.numbers(links).await, [1]);
    assert_eq!(
        desk.number("SELECT count(*) FROM issue_resolution").await,
        Some(0)
    );
    assert_eq!(desk.activities(1).await[0], "SET_RESOLVED_IN_COMMIT");
    assert_eq!(desk.history(1).await[0], "resolved_in_commit");
    // A release that is named after its commit is the one it is in.
    desk.execute("UPDATE project_release SET version = 'web@abc' WHERE version = '1.1'")
        .await;
    desk.update(&[2], commit("abc")).await;
    let row = "SELECT issue_id FROM issue_resolution WHERE release = 'web@abc' AND kind = 0";
    assert_eq!(desk.numbers(row).await, [2]);
}

pub async fn unresolving_opens_again(desk: &mut Desk) {
    desk.update(
        &[2],
        json!({"status": "resolved", "statusDetails": {"inRelease": "1.0"}}),
    )
    .await;
    let answer = desk.update(&[2], json!({"status": "unresolved"})).await;
    assert_eq!(
        Value::from(answer.members),
        json!({"status": "unresolved", "statusDetails": {}})
    );
    assert_eq!(desk.stand(2).await, (0, 3));
    assert_eq!(
        desk.number("SELECT count(*) FROM issue_resolution").await,
        Some(0)
    );
    // Alone, archived and young: new again. Not so among others, nor an old one.
    desk.update(&[4, 1], json!({"status": "ignored"})).await;
    desk.update(&[4, 1], json!({"status": "unresolved"})).await;
    assert_eq!(desk.stand(4).await, (0, 3));
    desk.execute("UPDATE issue SET first_seen = last_seen WHERE id = 4")
        .await;
    desk.update(&[4], json!({"status": "ignored"})).await;
    desk.update(&[4], json!({"status": "unresolved"})).await;
    assert_eq!(desk.stand(4).await, (0, 7));
    // The finer state can be given.
    desk.update(
        &[4],
        json!({"status": "unresolved", "substatus": "escalating"}),
    )
    .await;
    assert_eq!(desk.stand(4).await, (0, 2));
    desk.update(&[4], json!({"substatus": "ongoing"})).await;
    assert_eq!(desk.stand(4).await, (0, 3));
}

pub async fn archiving_keeps_or_drops_the_snooze(desk: &mut Desk) {
    let snoozes = "SELECT issue_id FROM issue_snooze ORDER BY issue_id";
    let answer = desk
        .update(
            &[1, 4],
            json!({"status": "ignored", "statusDetails": {"ignoreDuration": 30, "ignoreCount": 0}}),
        )
        .await;
    let details = &answer.members["statusDetails"];
    assert_eq!(details["ignoreUntil"], "2024-06-01T12:30:00.000000Z");
    assert_eq!(
        (&details["ignoreCount"], &details["actor"]["id"]),
        (&Value::Null, &json!("1"))
    );
    assert_eq!(answer.members["inbox"], Value::Null);
    assert_eq!((desk.stand(1).await, desk.stand(4).await), ((2, 4), (2, 4)));
    assert_eq!(desk.numbers(snoozes).await, [1, 4]);
    assert_eq!(desk.in_inbox().await, [3]);
    // Those at the top do not count beside details.
    desk.update(
        &[2],
        json!({"status": "muted", "ignoreCount": 5, "statusDetails": {"ignoreUserCount": 2}}),
    )
    .await;
    let row = "SELECT user_count FROM issue_snooze WHERE issue_id = 2 AND count IS NULL AND users_seen = 1";
    assert_eq!(desk.numbers(row).await, [2]);
    desk.update(&[2], json!({"status": "ignored", "ignoreCount": 5}))
        .await;
    let row = "SELECT times_seen FROM issue_snooze WHERE issue_id = 2 AND count = 5 AND user_count IS NULL";
    assert_eq!(desk.numbers(row).await, [50]);
    // Without conditions, for good, and nothing brings it back.
    let answer = desk.update(&[1], json!({"status": "ignored"})).await;
    assert_eq!(answer.members["statusDetails"], json!({}));
    assert_eq!(
        (desk.stand(1).await, desk.numbers(snoozes).await),
        ((2, 5), vec![2, 4])
    );
    // For good, but the condition is kept.
    desk.update(
        &[1],
        json!({"status": "ignored", "substatus": "archived_forever", "ignoreCount": 3}),
    )
    .await;
    assert_eq!(
        (desk.stand(1).await, desk.numbers(snoozes).await),
        ((2, 5), vec![1, 2, 4])
    );
    let answer = desk
        .update(&[2], json!({"substatus": "until_escalating"}))
        .await;
    assert_eq!(
        answer.members["statusDetails"],
        json!({"ignoreUntilEscalating": true})
    );
    assert_eq!(
        (desk.stand(2).await, desk.numbers(snoozes).await),
        ((2, 1), vec![1, 4])
    );
    assert_eq!(
        desk.numbers("SELECT issue_id FROM issue_forecast").await,
        [2]
    );
    desk.update(
        &[4],
        json!({"status": "ignored", "substatus": "archived_until_condition_met"}),
    )
    .await;
    assert_eq!(
        (desk.stand(4).await, desk.numbers(snoozes).await),
        ((2, 4), vec![1])
    );
}

pub async fn the_inbox_is_left_and_entered(desk: &mut Desk) {
    let answer = desk.update(&[1, 2, 3], json!({"inbox": false})).await;
    assert_eq!(Value::from(answer.members), json!({"inbox": false}));
    assert_eq!(desk.in_inbox().await, [4]);
    assert_eq!(desk.stand(3).await, (0, 3), "was regressed");
    assert_eq!(desk.stand(2).await, (0, 3), "was new");
    assert_eq!(desk.activities(1).await, ["MARK_REVIEWED"]);
    assert_eq!(desk.history(3).await, ["reviewed", "ongoing"]);
    assert_eq!(
        desk.activities(2).await,
        ["AUTO_SET_ONGOING"],
        "it was not in it"
    );
    desk.update(&[1, 4], json!({"inbox": true})).await;
    let manual = "SELECT issue_id FROM issue_inbox WHERE reason = 3";
    assert_eq!(desk.numbers(manual).await, [1], "a row that is there stays");
}

pub async fn issues_are_handed_to_members_and_teams_of_every_project(desk: &mut Desk) {
    let subscribed = "SELECT user_id FROM issue_subscription WHERE issue_id = 1 AND reason = 'assigned' ORDER BY 1";
    let user = "SELECT coalesce(assigned_user, 0) FROM issue WHERE id = 1";
    for (identifier, id) in [("user:2", 2), ("1", 1), ("BEN", 2), ("ann@example.org", 1)] {
        let answer = desk.update(&[1], json!({"assignedTo": identifier})).await;
        assert_eq!(answer.members["assignedTo"]["id"], id.to_string());
        assert_eq!(desk.number(user).await, Some(id), "{identifier}");
    }
    assert_eq!(desk.numbers(subscribed).await, [1, 2]);
    assert_eq!(desk.history(1).await, ["assigned"; 4]);
    let answer = desk.update(&[1], json!({"assignedTo": "user:1"})).await;
    assert_eq!(answer.skipped.len(), 1, "it is theirs already");
    let answer = desk.update(&[2], json!({"assignedTo": "team:5"})).await;
    assert_eq!(
        answer.members["assignedTo"],
        json!({"type": "team", "id": "5", "name": "core"})
    );
    let of_team =
        "SELECT user_id FROM issue_subscription WHERE issue_id = 2 AND active = (1 = 1) ORDER BY 1";
    assert_eq!(
        desk.numbers(of_team).await,
        [1],
        "2 said that they do not want to"
    );
    for nobody in ["user:3", "eve", "user:9", "team:9", "nobody@example.org"] {
        assert_eq!(
            desk.refused(&[1, 2], json!({"assignedTo": nobody})).await,
            "assignedTo"
        );
    }
    for empty in [json!(""), Value::Null] {
        let answer = desk.update(&[1, 2], json!({"assignedTo": empty})).await;
        assert_eq!(answer.members["assignedTo"], Value::Null);
    }
    assert_eq!(desk.number(user).await, Some(0));
    assert_eq!(desk.activities(2).await, ["ASSIGNED", "UNASSIGNED"]);
}

pub async fn a_chosen_priority_is_kept(desk: &mut Desk) {
    let answer = desk.update(&[1, 2], json!({"priority": "high"})).await;
    assert_eq!(Value::from(answer.members), json!({"priority": "high"}));
    desk.update(&[3], json!({"priority": "medium"})).await;
    let locked = "SELECT id FROM issue WHERE priority_locked_at IS NOT NULL ORDER BY id";
    assert_eq!(desk.numbers(locked).await, [1, 2, 3]);
    assert_eq!(desk.activities(1).await, ["SET_PRIORITY"]);
    assert_eq!(desk.history(1).await, ["priority_high"]);
    assert!(desk.activities(3).await.is_empty(), "it was medium before");
    desk.execute("UPDATE issue SET priority = 0 WHERE id = 4")
        .await;
    desk.update(&[4], json!({"priority": "low"})).await;
    assert_eq!(
        desk.number("SELECT priority FROM issue WHERE id = 4").await,
        Some(25)
    );
}

pub async fn members_have_rows_of_their_own(desk: &mut Desk) {
    let answer = desk
        .update(&[1, 3], json!({"hasSeen": true, "isBookmarked": true}))
        .await;
    assert_eq!(
        Value::from(answer.members),
        json!({"hasSeen": true, "isBookmarked": true})
    );
    let mine = async |table: &str, desk: &Desk| {
        desk.numbers(&format!(
            "SELECT issue_id FROM {table} WHERE user_id = 1 ORDER BY 1"
        ))
        .await
    };
    assert_eq!(mine("issue_seen", desk).await, [1, 3]);
    assert_eq!(mine("issue_bookmark", desk).await, [1, 3]);
    assert_eq!(mine("issue_subscription", desk).await, [1, 3]);
    desk.update(&[3], json!({"isBookmarked": false, "hasSeen": false}))
        .await;
    for table in ["issue_seen", "issue_bookmark", "issue_subscription"] {
        assert_eq!(mine(table, desk).await, [1], "{table}");
    }
    let answer = desk.update(&[1, 2], json!({"isSubscribed": false})).await;
    assert_eq!(
        Value::from(answer.members),
        json!({"isSubscribed": false, "subscriptionDetails": {"reason": "unknown"}})
    );
    let off = "SELECT issue_id FROM issue_subscription
        WHERE user_id = 1 AND active = (1 = 0) AND reason IS NULL ORDER BY 1";
    assert_eq!(desk.numbers(off).await, [1, 2]);
    // Whoever is no member of a project has seen nothing there.
    desk.actor = Some(3);
    desk.update(&[2], json!({"hasSeen": true})).await;
    assert_eq!(
        desk.number("SELECT count(*) FROM issue_seen WHERE user_id = 3")
            .await,
        Some(0)
    );
    // Each project by itself; and what they had seen before they left one can be taken away.
    desk.directory.teams.push(Team {
        id: 6,
        slug: "bar".to_owned(),
        members: vec![3],
        projects: vec![ProjectId(2)],
    });
    let seen = "SELECT issue_id FROM issue_seen WHERE user_id = 3 ORDER BY 1";
    let both = async |desk: &Desk, on: bool| {
        let update = desk.update_in(&[1, 2], &[2, 10], json!({"hasSeen": on}));
        update.await.unwrap();
        desk.numbers(seen).await
    };
    assert_eq!(both(desk, true).await, [10]);
    desk.execute(
        "INSERT INTO issue_seen (issue_id, user_id, seen_at)
         SELECT 2, user_id, seen_at FROM issue_seen WHERE user_id = 3",
    )
    .await;
    assert_eq!(both(desk, false).await, [0; 0]);
    desk.actor = None;
    assert_eq!(
        desk.refused(&[2], json!({"hasSeen": true})).await,
        "people.me"
    );
}

pub async fn a_shared_issue_gets_a_link_of_its_own(desk: &mut Desk) {
    let first = desk.update(&[1], json!({"isPublic": true})).await;
    let first = first.members["shareId"].as_str().unwrap().to_owned();
    assert_eq!(first.len(), 32);
    let kept =
        format!("SELECT count(*) FROM issue_share WHERE issue_id = 1 AND share_id = '{first}'");
    assert_eq!(desk.number(&kept).await, Some(1));
    let second = desk.update(&[1], json!({"isPublic": true})).await;
    assert_ne!(second.members["shareId"], json!(first));
    assert_eq!(desk.number(&kept).await, Some(0));
    let answer = desk.update(&[1], json!({"isPublic": false})).await;
    assert_eq!(
        Value::from(answer.members),
        json!({"isPublic": false, "shareId": null})
    );
    assert_eq!(
        desk.number("SELECT count(*) FROM issue_share").await,
        Some(0)
    );
    assert_eq!(
        desk.activities(1).await,
        ["SET_PUBLIC", "SET_PRIVATE", "SET_PUBLIC", "SET_PRIVATE"]
    );
    desk.update(&[1], json!({"isPublic": false})).await;
    assert_eq!(desk.activities(1).await.len(), 4);
}

pub async fn everything_of_one_request_is_done_in_its_order(desk: &mut Desk) {
    let body = json!({
        "inbox": true, "status": "resolved", "priority": "low", "assignedTo": "ben", "isBookmarked": true,
    });
    let answer = desk.update(&[1], body).await;
    assert_eq!(
        desk.activities(1).await,
        ["SET_PRIORITY", "SET_RESOLVED", "ASSIGNED"]
    );
    assert_eq!(
        desk.in_inbox().await,
        [1, 3, 4],
        "resolving took it out, the last word put it in"
    );
    assert_eq!(answer.members["inbox"], true);
    let journal = desk.journal().await;
    assert_eq!(journal.len(), 1, "one request, one entry");
    assert_eq!(
        journal[0].title,
        "Priority low, Resolve, Assign to ben, Bookmark, Add to inbox"
    );
    assert_eq!(
        (journal[0].id, journal[0].issues),
        (answer.journal.unwrap(), 1)
    );
}

pub async fn what_is_out_of_scope_is_left_alone(desk: &mut Desk) {
    let before = desk.rows().await;
    // Of another project, on their way out, and none at all; the body is not even looked at.
    let answer = desk
        .update(&[10, 6, 99], json!({"status": "no such status"}))
        .await;
    assert!(answer.members.is_empty() && answer.revision.is_none());
    assert_eq!(desk.rows().await, before);
    desk.update(&[10, 1, 6, 1], json!({"status": "resolved"}))
        .await;
    assert_eq!(
        (desk.stand(10).await, desk.stand(6).await),
        ((0, 2), (3, 0))
    );
    assert_eq!(
        desk.activities(1).await,
        ["SET_RESOLVED"],
        "named twice, done once"
    );
    let journal = desk.journal().await;
    assert_eq!((journal.len(), journal[0].issues), (1, 1));
    // Nothing to change, nothing to note.
    desk.update(&[1], json!({})).await;
    assert_eq!(desk.journal().await.len(), 1);
}

/// With its users and with what the reader marked, as in the list.
pub async fn the_head_of_an_issue_is_read_as_its_row_is(at: &mut Desk) {
    at.update(&[3], json!({"hasSeen": true})).await;
    let read = async |id, me| {
        let detail = find::detail(&*at.store, IssueId(id), me, at.now)
            .await
            .unwrap();
        let rows = find::rows(&*at.store, &[IssueId(id)], me, at.now)
            .await
            .unwrap();
        let row = detail.unwrap().row;
        assert_eq!(Some(&row), rows.first());
        (row.users, row.is_bookmarked, row.has_seen)
    };
    assert_eq!(read(3, Some(1)).await, (Some(1.0), true, true));
    assert_eq!(read(3, Some(2)).await, (Some(1.0), false, false));
    assert_eq!(read(3, None).await, (Some(1.0), false, false));
    let gone = find::detail(&*at.store, IssueId(99), Some(1), at.now).await;
    assert_eq!(gone.unwrap(), None);
}
