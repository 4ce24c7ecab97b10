//! What lists say of a status (search spec, section 8.4).

use super::desk::Desk;
use picket_core::engine::find::{Asker, ListRequest, list_issues};
use serde_json::{Value, json};

/// Status and details of an issue in a list.
async fn listed(desk: &Desk, issue: i64) -> (String, Value) {
    let request = ListRequest {
        group: vec![issue.to_string()],
        ..ListRequest::default()
    };
    let asker = Asker {
        directory: &desk.directory,
        me: desk.actor,
    };
    let list = list_issues(&*desk.store, &request, asker, desk.now).await;
    let listed = list.unwrap().issues.remove(0);
    (listed.status, listed.status_details)
}

pub async fn a_list_says_what_a_status_waits_for(desk: &mut Desk) {
    let archive = |members: Value| {
        let mut body = json!({"status": "ignored"});
        let object = body.as_object_mut().unwrap();
        object.extend(members.as_object().unwrap().clone());
        body
    };
    desk.update(&[2], archive(json!({"ignoreUserCount": 3})))
        .await;
    let (status, details) = listed(desk, 2).await;
    assert_eq!(status, "ignored");
    assert_eq!(details["ignoreUserCount"], 3);
    assert_eq!(details["actor"]["name"], "ann");
    // One more user: two remain.
    desk.execute("UPDATE occurrence SET issue_id = 2, user_key = 'id:new' WHERE issue_id = 3")
        .await;
    assert_eq!(listed(desk, 2).await.1["ignoreUserCount"], 2);
    // Within a window none of them counts for good.
    let body = archive(json!({"ignoreUserCount": 3, "ignoreUserWindow": 60}));
    desk.update(&[2], body).await;
    let (_, details) = listed(desk, 2).await;
    assert_eq!(
        (&details["ignoreUserCount"], &details["ignoreUserWindow"]),
        (&json!(3), &json!(60))
    );

    desk.update(&[1], archive(json!({"ignoreCount": 4}))).await;
    desk.execute("UPDATE issue SET times_seen = times_seen + 3 WHERE id = 1")
        .await;
    assert_eq!(listed(desk, 1).await.1["ignoreCount"], 1);
    desk.execute("UPDATE issue SET times_seen = times_seen + 1 WHERE id = 1")
        .await;
    assert_eq!(listed(desk, 1).await, ("unresolved".to_owned(), json!({})));
}

pub async fn a_list_says_who_resolved_in_what(desk: &mut Desk) {
    let ann = json!({"id": "1", "name": "ann", "email": "ann@example.org"});
    for (details, expected) in [
        (
            json!({"inRelease": "1.1"}),
            json!({"inRelease": "1.1", "actor": ann}),
        ),
        (
            json!({"inNextRelease": true}),
            json!({"inNextRelease": true, "actor": ann}),
        ),
        (
            json!({"inCommit": {"repository": "web", "commit": "abc"}}),
            json!({"inCommit": {"repository": "web", "commit": "abc"}}),
        ),
        (json!({}), json!({})),
    ] {
        let body = json!({"status": "resolved", "statusDetails": details});
        desk.update(&[1], body).await;
        assert_eq!(
            listed(desk, 1).await,
            ("resolved".to_owned(), expected),
            "{details}"
        );
    }
    // What was resolved in a commit and opened again says nothing of it.
    let body = json!({"status": "resolved", "statusDetails": {"inCommit": {"repository": "web", "commit": "abc"}}});
    desk.update(&[1], body).await;
    desk.update(&[1], json!({"status": "unresolved"})).await;
    assert_eq!(listed(desk, 1).await, ("unresolved".to_owned(), json!({})));
}

/// What was taken back is not told, nor what was done to an issue that became part of another.
pub async fn a_list_says_nothing_of_resolutions_of_before(desk: &mut Desk) {
    let resolve = |details: Value| json!({"status": "resolved", "statusDetails": details});
    let commit = json!({"inCommit": {"repository": "web", "commit": "abc"}});
    desk.update(&[1], resolve(json!({}))).await;
    desk.wait(1);
    let answer = desk.update(&[1], resolve(commit.clone())).await;
    assert_eq!(listed(desk, 1).await.1, commit);
    desk.wait(1);
    desk.undo(answer.journal.unwrap()).await;
    assert_eq!(listed(desk, 1).await, ("resolved".to_owned(), json!({})));

    desk.update(&[1], resolve(json!({"inRelease": "1.1"})))
        .await;
    desk.wait(1);
    let ann = desk.actor.replace(2);
    let answer = desk
        .update(&[1], resolve(json!({"inNextRelease": true})))
        .await;
    assert_eq!(listed(desk, 1).await.1["actor"]["name"], "ben");
    desk.wait(1);
    desk.undo(answer.journal.unwrap()).await;
    desk.actor = ann;
    assert_eq!(listed(desk, 1).await.1["actor"]["name"], "ann");

    desk.update(&[2], resolve(json!({}))).await;
    desk.wait(1);
    desk.update(&[3], resolve(commit)).await;
    desk.wait(1);
    desk.update(&[2, 3], json!({"merge": true})).await;
    // Issue 2 stays: it was seen most.
    assert_eq!(listed(desk, 2).await, ("resolved".to_owned(), json!({})));
}

pub async fn what_was_archived_for_too_long_counts_as_resolved(desk: &mut Desk) {
    desk.update(&[1], json!({"status": "ignored", "ignoreDuration": 30}))
        .await;
    assert_eq!(listed(desk, 1).await.0, "ignored");
    desk.wait(31 * 60);
    assert_eq!(listed(desk, 1).await, ("unresolved".to_owned(), json!({})));
    desk.execute("UPDATE project SET resolve_age_hours = 1 WHERE id = 1")
        .await;
    // Last seen an hour before the beginning.
    let resolved = ("resolved".to_owned(), json!({ "autoResolved": true }));
    assert_eq!(listed(desk, 1).await, resolved);
    assert_eq!(listed(desk, 2).await, resolved);
}
