//! What a body says, what is refused of it, and what is answered; what happens to issues is tried on both stores, in the
//! tests of the workspace.

use super::body::{StatusWord, UpdateBody};
use super::chunk::Asked;
use super::request::{Context, Origin, Rules};
use super::{answer, title};
use crate::model::{
    Assignee, Directory, IssueId, Label, NoteText, Priority, Substatus, Team, TransactionId, User,
};
use crate::store::JournalKind;
use crate::triage::{ArchiveUntil, IssueChange};
use serde_json::{Value, json};

fn refused(body: &Value) -> String {
    let bad = UpdateBody::read(body).expect_err("a refusal");
    assert!(!bad.problem.is_empty());
    bad.parameter
}

#[test]
fn a_refusal_names_the_part_that_is_wrong() {
    for (body, parameter) in [
        (json!([]), "body"),
        (json!({"colour": "red"}), "colour"),
        (json!({"status": "done"}), "status"),
        (json!({"status": 1}), "status"),
        (json!({"status": "Resolved"}), "status"),
        (json!({"substatus": "archived"}), "substatus"),
        (json!({"status": "resolved", "substatus": "ongoing"}), "substatus"),
        (json!({"status": "unresolved", "substatus": "forever"}), "substatus"),
        (json!({"status": "ignored", "substatus": "new"}), "substatus"),
        (json!({"priority": "urgent"}), "priority"),
        (json!({"hasSeen": "yes"}), "hasSeen"),
        (json!({"isBookmarked": 1}), "isBookmarked"),
        (json!({"isSubscribed": []}), "isSubscribed"),
        (json!({"isPublic": "true"}), "isPublic"),
        (json!({"inbox": 0}), "inbox"),
        (json!({"labels": {"on": []}}), "labels.on"),
        (json!({"note": []}), "note"),
        (json!({"merge": "1"}), "merge"),
        (json!({"discard": {}}), "discard"),
        (json!({"discard": true, "status": "resolved"}), "discard"),
        (json!({"discard": true, "inbox": false}), "discard"),
        (json!({"assignedTo": true}), "assignedTo"),
        (json!({"statusDetails": "now"}), "statusDetails"),
        (json!({"statusDetails": {"soon": true}}), "statusDetails.soon"),
        (json!({"statusDetails": {"inRelease": ""}}), "statusDetails.inRelease"),
        (json!({"statusDetails": {"inNextRelease": 1}}), "statusDetails.inNextRelease"),
        (json!({"statusDetails": {"inCommit": {"commit": "a"}}}), "statusDetails.inCommit"),
        (json!({"ignoreDuration": -1}), "ignoreDuration"),
        (json!({"ignoreCount": 1.5}), "ignoreCount"),
        (json!({"ignoreWindow": 10_081}), "ignoreWindow"),
        (json!({"ignoreUserWindow": 10_081}), "ignoreUserWindow"),
        (json!({"statusDetails": {"ignoreWindow": 10_081}}), "statusDetails.ignoreWindow"),
        (json!({"ignoreCount": "x", "statusDetails": {}}), "ignoreCount"),
    ] {
        assert_eq!(refused(&body), parameter, "{body}");
    }
    let longest = json!({"ignoreWindow": 10_080, "ignoreUserWindow": 10_080, "ignoreDuration": 99_999});
    assert!(UpdateBody::read(&longest).is_ok());
}

#[test]
fn what_is_null_is_not_asked_for_but_for_the_assignee() {
    let body = json!({
        "status": null, "substatus": null, "priority": null, "inbox": null, "merge": null, "statusDetails": null,
        "ignoreCount": null,
    });
    assert_eq!(UpdateBody::read(&body), Ok(UpdateBody::default()));
    let nobody = UpdateBody::read(&json!({"assignedTo": null})).unwrap();
    assert_eq!(nobody.assigned_to.as_deref(), Some(""));
    let numbered = UpdateBody::read(&json!({"assignedTo": 7})).unwrap();
    assert_eq!(numbered.assigned_to.as_deref(), Some("7"));
}

#[test]
fn conditions_of_the_details_count_alone() {
    let read = |body| UpdateBody::read(&body).unwrap().details.ignore;
    let top = read(json!({"ignoreCount": 3}));
    assert_eq!(top.count, Some(3));
    let inside = read(json!({"ignoreCount": 3, "statusDetails": {"ignoreDuration": 5}}));
    assert_eq!((inside.count, inside.minutes), (None, Some(5)));
}

#[test]
fn a_substatus_alone_stands_for_its_status() {
    for (word, status, substatus) in [
        ("until_escalating", StatusWord::Ignored, Substatus::UntilEscalating),
        ("archived_until_condition_met", StatusWord::Ignored, Substatus::UntilConditionMet),
        ("forever", StatusWord::Ignored, Substatus::Forever),
        ("regressed", StatusWord::Unresolved, Substatus::Regressed),
        ("new", StatusWord::Unresolved, Substatus::New),
    ] {
        let body = UpdateBody::read(&json!({ "substatus": word })).unwrap();
        assert_eq!((body.effective_status(), body.substatus), (Some(status), Some(substatus)));
    }
    assert_eq!(UpdateBody::default().effective_status(), None);
}

fn label(text: &str) -> Label {
    Label::read(text).unwrap()
}

#[test]
fn nothing_of_labels_and_notes_is_read_for_a_change_of_something_else() {
    let directory = Directory::default();
    let context = Context {
        now: "2024-06-01T12:00:00Z".parse().unwrap(),
        actor: None,
        directory: &directory,
        rules: Rules::default(),
        origin: Origin::default(),
    };
    let plan = |change: IssueChange| {
        let asked = Asked {
            changes: &[change],
            context: &context,
            transaction: TransactionId::random(),
            kind: JournalKind::Update,
            title: "",
            alone: false,
            secret: "",
        };
        asked.plan(&[IssueId(1)])
    };
    let resolve = plan(IssueChange::Resolve);
    assert!(!resolve.beside.labels && resolve.beside.notes.is_empty());
    let note = plan(IssueChange::Note(NoteText::read("new").unwrap()));
    assert!(!note.beside.labels && note.beside.notes.is_empty());
    let labels = IssueChange::ChangeLabels {
        add: vec![label("ui")],
        remove: Vec::new(),
    };
    assert!(plan(labels).beside.labels);
}

#[test]
fn every_single_change_is_a_body_that_is_read_back() {
    let until = ArchiveUntil {
        minutes: Some(5),
        user_window: Some(7),
        ..ArchiveUntil::default()
    };
    let changes = [
        IssueChange::Resolve,
        IssueChange::ResolveInRelease("1.0".to_owned()),
        IssueChange::ResolveInNextRelease,
        IssueChange::ResolveInUpcomingRelease,
        IssueChange::ResolveInCommit {
            repository: "web".to_owned(),
            commit: "abc".to_owned(),
        },
        IssueChange::ArchiveForever,
        IssueChange::ArchiveForeverUntil(until),
        IssueChange::ArchiveUntilEscalating,
        IssueChange::ArchiveUntil(until),
        IssueChange::Unresolve,
        IssueChange::UnresolveAs(Substatus::New),
        IssueChange::SetPriority(Priority::Low),
        IssueChange::ChangeLabels {
            add: vec![label("ui"), label("a b")],
            remove: vec![label("old")],
        },
        IssueChange::Note(NoteText::read("one\ntwo").unwrap()),
        IssueChange::Assign(Some(Assignee::Team(3))),
        IssueChange::Assign(None),
        IssueChange::MarkReviewed,
        IssueChange::AddToInbox,
        IssueChange::SetSeen(true),
        IssueChange::SetBookmark(false),
        IssueChange::SetSubscribed(true),
        IssueChange::SetPublic(false),
    ];
    for change in &changes {
        let body = UpdateBody::of(change).unwrap();
        assert_eq!(UpdateBody::read(&body.to_json()), Ok(body), "{change:?}");
    }
    assert_eq!(UpdateBody::of(&IssueChange::Delete), None);
}

fn directory() -> Directory {
    Directory {
        users: vec![User {
            id: 7,
            username: "ann".to_owned(),
            email: Some("ann@example.org".to_owned()),
            is_member: true,
            ..User::default()
        }],
        teams: vec![Team {
            id: 3,
            slug: "core".to_owned(),
            ..Team::default()
        }],
    }
}

#[test]
fn a_title_says_what_was_done() {
    for (body, words) in [
        (json!({}), "Change nothing"),
        (json!({"status": "resolved"}), "Resolve"),
        (json!({"status": "resolved", "statusDetails": {"inNextRelease": true}}), "Resolve in the next release"),
        (json!({"status": "resolved", "statusDetails": {"inRelease": "1.0"}}), "Resolve in 1.0"),
        (json!({"status": "ignored"}), "Archive"),
        (json!({"status": "ignored", "ignoreCount": 3}), "Archive until a condition is met"),
        (json!({"substatus": "until_escalating"}), "Archive until it escalates"),
        (json!({"status": "unresolved", "assignedTo": "ANN"}), "Unresolve, Assign to ann"),
        (json!({"assignedTo": "team:3"}), "Assign to #core"),
        (json!({"assignedTo": "", "merge": true, "inbox": false}), "Unassign, Merge, Mark as reviewed"),
    ] {
        let body = UpdateBody::read(&body).unwrap();
        assert_eq!(title::of_update(&body, &directory()), words);
    }
}

#[test]
fn an_answer_has_what_was_asked_for() {
    let directory = directory();
    let context = Context {
        now: "2024-06-01T12:00:00Z".parse().unwrap(),
        actor: Some(7),
        directory: &directory,
        rules: Rules::default(),
        origin: Origin::default(),
    };
    let ann = json!({"type": "user", "id": "7", "name": "ann", "email": "ann@example.org"});
    let archived = json!({
        "ignoreCount": 3, "ignoreUntil": null, "ignoreUserCount": null, "ignoreUserWindow": null, "ignoreWindow": 60,
        "actor": ann,
    });
    for (body, expected) in [
        (json!({}), json!({})),
        (
            json!({"status": "resolvedInNextRelease"}),
            json!({"status": "resolved", "statusDetails": {"inNextRelease": true, "actor": ann}, "inbox": null}),
        ),
        (
            json!({"status": "muted", "ignoreCount": 3, "ignoreWindow": 60}),
            json!({"status": "ignored", "statusDetails": archived, "inbox": null}),
        ),
        (
            json!({"status": "unresolved", "inbox": true}),
            json!({"status": "unresolved", "statusDetails": {}, "inbox": true}),
        ),
        (
            json!({"assignedTo": "ann", "hasSeen": false}),
            json!({"assignedTo": ann, "hasSeen": false}),
        ),
    ] {
        let body = UpdateBody::read(&body).unwrap();
        let assignee = body.assigned_to.as_ref().map(|_| Assignee::User(7));
        let answer = answer::of_update(&body, assignee, &[IssueId(1)], "secret", &context);
        assert_eq!(Value::from(answer), expected);
    }
}
