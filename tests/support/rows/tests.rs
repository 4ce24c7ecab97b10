use super::{Data, digest, execute, load, look};
use crate::fresh::Fresh;
use crate::service;
use picket_core::model::{GroupHash, IssueId};
use picket_core::store::{QueryStore, TriageStore};
use picket_core::view::OccurrencePosition;
use serde_json::json;

fn data() -> Data {
    serde_json::from_value(json!({
        "now": "2024-06-01T12:00:00Z",
        "projects": [{"id": 1, "slug": "foo"}, {"id": 2, "slug": "bar"}],
        "members": [
            {"id": 7, "username": "ann", "email": "ann@example.org"},
            {"id": 3, "username": "ben", "email": null},
        ],
        "teams": [{"id": 2, "slug": "core", "members": [3], "projects": [1]}],
        "acting_member": 3,
        "issues": [
            {"id": 4, "project": 1, "short_id": 9, "status": 2, "substatus": 4, "priority": 75, "category": "error",
             "type": "error", "first_seen": "2024-05-30T00:00:00Z", "last_seen": "2024-06-01T11:00:00Z",
             "times_seen": 2, "first_release": "0.9"},
            {"id": 5, "project": 1, "short_id": 3, "status": 0, "substatus": 3, "priority": 25,
             "category": "performance", "type": "performance_slow_db_query",
             "first_seen": "2024-05-30T00:00:00Z", "last_seen": "2024-05-30T00:00:00Z", "times_seen": 1,
             "first_release": null},
        ],
        "events": [
            {"event_id": "0000000000000000000000000000aa01", "issue": 4, "project": 1, "at": "2024-06-01T11:00:00Z",
             "tags": {"browser": "Lynx"}, "user": "u1", "environment": "prod", "release": "1.0", "level": "fatal",
             "message": "newest"},
            {"event_id": "0000000000000000000000000000aa02", "issue": 4, "project": 1, "at": "2024-06-01T10:00:00Z",
             "tags": {}, "user": null, "environment": null, "release": null, "level": "error", "message": "older"},
        ],
        "assignees": [{"issue": 4, "member": 7}],
        "owners": [{"issue": 5, "team": 2, "type": "codeowners"}],
        "bookmarks": [{"issue": 5, "member": 3}],
        "subscriptions": [{"issue": 5, "member": 3, "active": false}],
        "inbox": [{"issue": 5, "date_added": "2024-06-01T11:00:00Z", "reason": 3}],
        "issue_environments": [
            {"issue": 4, "environment": "prod", "first_release": "1.0", "first_seen": "2024-06-01T11:00:00Z"},
        ],
        "hashes": [{"hash": "h", "issue": 4, "project": 1, "state": "split"}],
    }))
    .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_stand_as_they_were_given_in_both_stores() {
    let places = std::iter::once(Fresh::Memory).chain(service::postgres().map(Fresh::Postgres));
    for place in places {
        let fresh = place.open().await.unwrap();
        let store = &fresh.store;
        load(store, &data()).await.unwrap();

        let now = data().now;
        let rows = store
            .issue_rows(&[IssueId(4), IssueId(5)], now)
            .await
            .unwrap();
        let shown: Vec<_> = rows
            .iter()
            .map(|row| {
                (
                    row.short_id.as_str(),
                    row.title.as_str(),
                    row.level.as_str(),
                )
            })
            .collect();
        assert_eq!(
            shown,
            [("FOO-9", "newest", "fatal"), ("FOO-3", "", "error")]
        );
        assert_eq!(rows[0].assignee.as_deref(), Some("user:7"));
        assert_eq!(
            rows[0].substatus.as_deref(),
            Some("archived_until_condition_met")
        );
        assert_eq!(rows[1].inbox_reason.as_deref(), Some("manual"));
        assert_eq!(rows[0].trend.iter().sum::<f64>(), 2.0);

        let seen = store
            .occurrence(IssueId(4), &OccurrencePosition::Newest)
            .await
            .unwrap();
        let seen = seen.unwrap();
        let tags: Vec<_> = seen
            .tags
            .iter()
            .map(|tag| (tag.key.as_str(), tag.value.as_str()))
            .collect();
        assert_eq!(
            tags,
            [
                ("browser", "Lynx"),
                ("level", "fatal"),
                ("environment", "prod"),
                ("sentry:release", "1.0"),
                ("sentry:user", "id:u1"),
            ]
        );
        assert_eq!(seen.title, "newest");
        assert_eq!(
            store
                .project_releases(picket_core::model::ProjectId(1))
                .await
                .unwrap(),
            ["1.0", "0.9"]
        );
        let directory = store.directory().await.unwrap();
        assert_eq!(directory.users.first().map(|user| user.id), Some(3));

        let before = look::issue_rows(store).await.unwrap();
        assert_eq!(before.keys().copied().collect::<Vec<_>>(), [4, 5]);
        let tables: Vec<_> = before[&5]
            .iter()
            .map(|row| row.split(' ').next().unwrap())
            .collect();
        assert_eq!(
            tables,
            [
                "issue",
                "issue_bookmark",
                "issue_content",
                "issue_inbox",
                "issue_owner",
                "issue_subscription",
                // Loaded rows can be searched.
                "search_text",
            ]
        );
        execute(store, "UPDATE issue_inbox SET reason = 2")
            .await
            .unwrap();
        execute(store, "UPDATE issue SET revision = 9")
            .await
            .unwrap();
        let after = look::issue_rows(store).await.unwrap();
        assert_eq!(look::changed(&before, &after), [5]);
        assert_eq!(
            look::number(
                store,
                "SELECT count(*) FROM grouphash WHERE state = 'split' AND issue_id = 4"
            )
            .await
            .unwrap(),
            Some(1)
        );
        fresh.remove().await.unwrap();
    }
}

#[tokio::test]
async fn an_issue_of_a_type_of_another_category_is_refused() {
    let fresh = Fresh::Memory.open().await.unwrap();
    let mut data = data();
    data.issues[0].category = "cron".to_owned();
    let error = load(&fresh.store, &data).await.unwrap_err().to_string();
    assert_eq!(error, "issue 4: error is of the category error, not cron");
}

#[test]
fn a_text_stands_for_its_digest_unless_it_is_one() {
    assert_eq!(digest("h1"), GroupHash::of("h1"));
    let hash = GroupHash::of("h1");
    assert_eq!(digest(&hash.to_string()), hash);
}
