//! Whom issues can be handed to, what projects set, and what the head of an issue shows of its state.

use super::support::*;
use super::triage::instant;
use crate::model::{
    Directory, Issue, IssueId, IssueStatus, Project, ProjectId, ProjectRules, Substatus, Team, User,
};
use crate::store::{
    Effects, IngestStore, QueryStore, RELEASES_CAP, ReleaseWrite, Store, StoreError, TriageStore,
};
use crate::view::{InboxEntry, IssueResolution, IssueSnooze, ResolutionKind, ResolutionStatus};

fn user(id: i64, username: &str, email: Option<&str>) -> User {
    User {
        id,
        username: username.to_owned(),
        email: email.map(str::to_owned),
        is_member: true,
        ..User::default()
    }
}

fn team(id: i64, slug: &str) -> Team {
    Team {
        id,
        slug: slug.to_owned(),
        ..Team::default()
    }
}

pub async fn the_directory_is_what_was_set_last_in_its_order(store: &Store) {
    assert_eq!(store.directory().await.unwrap(), Directory::default());
    let guest = User {
        is_member: false,
        ..user(2, "guest", None)
    };
    let first = Directory {
        users: vec![
            User {
                assigns_itself: true,
                ..user(9, "Rosa", Some("rosa@example.org"))
            },
            guest,
        ],
        teams: vec![
            Team {
                members: vec![2, 9],
                projects: vec![SHOP, FORGE],
                ..team(5, "core")
            },
            team(3, "web"),
        ],
    };
    store.set_directory(&first).await.unwrap();
    store.set_directory(&first).await.unwrap();
    assert_eq!(store.directory().await.unwrap(), first);

    let second = Directory {
        users: vec![user(2, "ben", None), user(9, "ro\0sa", None)],
        teams: vec![team(3, "core")],
    };
    store.set_directory(&second).await.unwrap();
    let stored = store.directory().await.unwrap();
    assert_eq!(stored.users[0], second.users[0]);
    assert_eq!(stored.users[1].username, "ro\u{fffd}sa");
    assert_eq!(stored.teams, second.teams);

    store.set_directory(&Directory::default()).await.unwrap();
    assert_eq!(store.directory().await.unwrap(), Directory::default());
}

pub async fn directories_that_are_set_at_once_do_not_mix(store: &Store) {
    let directories: Vec<_> = (0..4)
        .map(|writer| Directory {
            users: (1..20)
                .map(|id| user(id, &format!("u{writer}"), None))
                .collect(),
            teams: vec![team(1, &format!("t{writer}"))],
        })
        .collect();
    let writers = directories
        .iter()
        .map(|directory| store.set_directory(directory));
    for written in futures_util::future::join_all(writers).await {
        written.unwrap();
    }
    let stored = store.directory().await.unwrap();
    assert!(directories.contains(&stored), "{stored:?}");
}

pub async fn a_project_has_the_rules_it_was_named_with(store: &Store) {
    // Created by a record.
    open_issues(store, vec![issue(FORGE, "crash", at(0))]).await;
    let project = |id, slug: &str, resolve_age_hours, feedback_in_inbox| Project {
        id,
        slug: slug.to_owned(),
        rules: ProjectRules {
            resolve_age_hours,
            feedback_in_inbox,
        },
    };
    let usual = project(FORGE, "project-2", None, true);
    assert_eq!(store.projects().await.unwrap(), [usual]);

    let strict = project(FORGE, "forge", Some(24), false);
    let shop = project(SHOP, "shop", Some(u32::from(u16::MAX)), true);
    let both = [shop.clone(), strict.clone()];
    store.name_projects(&both).await.unwrap();
    assert_eq!(store.projects().await.unwrap(), [strict, shop.clone()]);

    let lenient = project(FORGE, "a-forge", None, true);
    let named = std::slice::from_ref(&lenient);
    store.name_projects(named).await.unwrap();
    assert_eq!(store.projects().await.unwrap(), [lenient, shop]);
}

fn release(project_id: ProjectId, version: &str, seconds: i64) -> ReleaseWrite {
    ReleaseWrite {
        project_id,
        version: version.to_owned(),
        date_added: at(seconds),
        new_groups: 0,
        new_issues: Vec::new(),
    }
}

pub async fn releases_of_a_project_come_newest_first(store: &Store) {
    assert!(store.project_releases(SHOP).await.unwrap().is_empty());
    let effects = Effects {
        releases: vec![
            release(SHOP, "b", 5),
            release(SHOP, "oldest", 1),
            release(SHOP, "B", 5),
            release(SHOP, "newest", 9),
            release(FORGE, "elsewhere", 7),
            release(SHOP, "á", 5),
        ],
        ..Effects::default()
    };
    store_effects(store, &effects).await;
    let releases = store.project_releases(SHOP).await.unwrap();
    assert_eq!(releases, ["newest", "á", "b", "B", "oldest"]);

    let insert = "INSERT INTO project_release (project_id, version, date_added, new_groups)";
    let numbers = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1200)";
    let time = instant(store, at(100));
    let sql = format!("{insert} {numbers} SELECT 1, 'r' || (i + 1000), {time}, 0 FROM n");
    execute(store, &sql).await;
    let releases = store.project_releases(SHOP).await.unwrap();
    assert_eq!(releases.len(), usize::try_from(RELEASES_CAP).unwrap());
    assert_eq!(releases[0], "r2200");
}

async fn add_activity(store: &Store, issue: IssueId, kind: i16, actor: &str, data: &str, at: i64) {
    let at = instant(store, super::support::at(at));
    let sql = format!(
        "INSERT INTO activity (issue_id, kind, actor, data, at) VALUES ({issue}, {kind}, {actor}, '{data}', {at})"
    );
    execute(store, &sql).await;
}

pub async fn what_happened_to_an_issue_is_listed_newest_first(store: &Store) {
    let directory = Directory {
        users: vec![user(7, "ana", None)],
        teams: Vec::new(),
    };
    store.set_directory(&directory).await.unwrap();
    let mut opened = issue(SHOP, "crash", at(0));
    opened
        .data
        .get_mut("metadata")
        .unwrap()
        .as_object_mut()
        .unwrap()
        .insert("initial_priority".to_owned(), 50.into());
    let ids = open_issues(store, vec![opened, issue(SHOP, "other", at(0))]).await;
    add_activity(store, ids[0], 1, "7", "{}", 10).await;
    add_activity(store, ids[1], 3, "7", "{}", 11).await;
    add_activity(store, ids[0], 2, "8", r#"{"a":1}"#, 12).await;
    add_activity(store, ids[0], 26, "NULL", "null", 13).await;
    add_activity(store, ids[0], 26, "NULL", "null", 14).await;
    add_activity(store, ids[0], 99, "NULL", "null", 15).await;

    let list = store.activities(ids[0], 10).await.unwrap();
    let shown: Vec<_> = list
        .iter()
        .map(|entry| {
            (
                entry.kind.as_str(),
                entry.actor.as_deref(),
                entry.data.as_str(),
                (entry.at - 1_723_464_000_000.0) / 1_000.0,
            )
        })
        .collect();
    let expected = [
        ("SET_PRIORITY", None, "null", 14.0),
        ("SET_UNRESOLVED", Some("user:8"), r#"{"a":1}"#, 12.0),
        ("SET_RESOLVED", Some("ana"), "{}", 10.0),
        ("FIRST_SEEN", None, r#"{"priority":"medium"}"#, 0.0),
    ];
    assert_eq!(shown, expected);
    assert_eq!(store.activities(ids[0], 3).await.unwrap(), list[..3]);
    // Four are read: one is of a kind that is not known.
    assert_eq!(store.activities(ids[0], 2).await.unwrap(), list[..2]);
    assert!(store.activities(ids[0], 0).await.unwrap().is_empty());
    let other = store.activities(ids[1], 10).await.unwrap();
    assert_eq!(other.len(), 2);
    assert_eq!(other[1].data, r#"{"priority":null}"#);
    assert!(store.activities(IssueId(999), 10).await.unwrap().is_empty());
}

pub async fn the_head_of_an_issue_shows_how_it_stands(store: &Store) {
    let archived = |title: &str| Issue {
        status: IssueStatus::Ignored,
        substatus: Some(Substatus::UntilEscalating),
        ..issue(SHOP, title, at(0))
    };
    let ids = open_issues(
        store,
        vec![
            archived("watched"),
            issue(SHOP, "plain", at(0)),
            archived("odd"),
        ],
    )
    .await;
    let (watched, plain, odd) = (ids[0], ids[1], ids[2]);
    let [t5, t6, t7] = [5, 6, 7].map(|seconds| instant(store, at(seconds)));
    let yesterday = instant(store, at(-86_400));
    let forecast = "[10,20,30,4,5,6,7,8,9,10,11,12,13,14]";
    for sql in [
        format!(
            "UPDATE issue SET resolved_at = {t5}, priority_locked_at = {t5}, assigned_user = 7 WHERE id = {watched}"
        ),
        format!("UPDATE issue SET assigned_team = 3 WHERE id = {odd}"),
        format!("INSERT INTO issue_inbox (issue_id, reason, since) VALUES ({watched}, 5, {t6})"),
        format!("INSERT INTO issue_inbox (issue_id, reason, since) VALUES ({odd}, 77, {t6})"),
        format!(
            "INSERT INTO issue_snooze (issue_id, until, count, \"window\", user_count, user_window) \
             VALUES ({watched}, {t7}, 10, 60, 3, 30)"
        ),
        format!("INSERT INTO issue_snooze (issue_id, count) VALUES ({odd}, 4)"),
        format!(
            "INSERT INTO issue_forecast (issue_id, limits, made_at) \
             VALUES ({watched}, '{forecast}', {yesterday}), ({plain}, '{forecast}', {yesterday})"
        ),
    ] {
        execute(store, &sql).await;
    }

    let detail = async |id| store.issue_detail(id, at(0)).await.unwrap().unwrap();
    let shown = detail(watched).await;
    let noon = 1_723_464_000_000.0;
    assert_eq!(shown.assignee.as_deref(), Some("user:7"));
    assert_eq!(shown.row.assignee, shown.assignee);
    assert_eq!(shown.row.inbox_reason.as_deref(), Some("escalating"));
    assert_eq!(shown.resolved_at, Some(noon + 5_000.0));
    assert!(shown.priority_locked);
    assert_eq!(
        shown.inbox,
        Some(InboxEntry {
            reason: "escalating".to_owned(),
            since: noon + 6_000.0
        })
    );
    assert_eq!(
        shown.snooze,
        Some(IssueSnooze {
            until: Some(noon + 7_000.0),
            count: Some(10.0),
            window_minutes: Some(60.0),
            user_count: Some(3.0),
            user_window_minutes: Some(30.0),
        })
    );
    assert_eq!(shown.forecast, Some(20.0), "the limit of the second day");
    assert_eq!(shown.resolution, None);

    let shown = detail(plain).await;
    assert_eq!((shown.assignee, shown.resolved_at), (None, None));
    assert_eq!((shown.snooze, shown.inbox), (None, None));
    assert_eq!(shown.row.inbox_reason, None);
    assert!(!shown.priority_locked);
    assert_eq!(
        shown.forecast, None,
        "it is not archived until it escalates"
    );

    let shown = detail(odd).await;
    assert_eq!(shown.assignee.as_deref(), Some("team:3"));
    assert_eq!(shown.row.inbox_reason.as_deref(), Some("77"));
    let snooze = shown.snooze.unwrap();
    assert_eq!((snooze.count, snooze.until), (Some(4.0), None));
    assert_eq!(shown.forecast, None, "it has none");

    let rows = store.issue_rows(&ids, at(0)).await.unwrap();
    let assignees: Vec<_> = rows.iter().map(|row| row.assignee.as_deref()).collect();
    assert_eq!(assignees, [Some("user:7"), None, Some("team:3")]);
}

pub async fn a_resolution_names_its_release(store: &Store) {
    let id = open_issues(store, vec![issue(SHOP, "crash", at(0))]).await[0];
    let shown = async || {
        let detail = store.issue_detail(id, at(0)).await.unwrap().unwrap();
        detail.resolution
    };
    assert_eq!(shown().await, None);
    let sql = format!(
        "INSERT INTO issue_resolution (issue_id, project_id, id, kind, status, release) \
         VALUES ({id}, 1, 'r', 0, 1, 'app@2')"
    );
    execute(store, &sql).await;
    use ResolutionKind::{InNextRelease, InRelease};
    use ResolutionStatus::{Pending, Resolved};
    for (set, expected) in [
        ("kind = 0, status = 1", Some((InRelease, Resolved))),
        ("kind = 1, status = 0", Some((InNextRelease, Pending))),
        ("kind = 2, status = 0", Some((InNextRelease, Pending))),
        ("kind = NULL, status = 0", Some((InNextRelease, Pending))),
        ("kind = 9, status = 0", None),
        ("kind = 1, status = 9", None),
    ] {
        execute(store, &format!("UPDATE issue_resolution SET {set}")).await;
        let expected = expected.map(|(kind, status)| IssueResolution {
            release: Some("app@2".to_owned()),
            kind,
            status,
        });
        assert_eq!(shown().await, expected, "{set}");
    }
}

pub async fn a_forecast_that_cannot_be_read_is_reported(store: &Store) {
    let archived = Issue {
        status: IssueStatus::Ignored,
        substatus: Some(Substatus::UntilEscalating),
        ..issue(SHOP, "crash", at(0))
    };
    let id = open_issues(store, vec![archived]).await[0];
    let made_at = instant(store, at(0));
    let sql = format!(
        "INSERT INTO issue_forecast (issue_id, limits, made_at) VALUES ({id}, '[]', {made_at})"
    );
    execute(store, &sql).await;
    for limits in ["{}", "[1,2]", "[-1]", "["] {
        let sql = format!("UPDATE issue_forecast SET limits = '{limits}'");
        execute(store, &sql).await;
        let refused = store.issue_detail(id, at(0)).await;
        assert!(
            matches!(refused, Err(StoreError::Corrupt(_))),
            "{limits}: {refused:?}"
        );
    }
}
