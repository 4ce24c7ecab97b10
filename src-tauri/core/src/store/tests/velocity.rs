//! How fast issues of a project come, and what is kept of it.

use super::support::*;
use crate::model::{EscalationThreshold, IssueStatus, ProjectId};
use crate::store::{Effects, LoadPlan, Slot, Store, TriageStore};
use crate::triage::Velocity;
use chrono::TimeDelta;

const TILL: ProjectId = ProjectId(2);

/// Stores an issue of each project and title that was first seen at a time, with occurrences at these times.
async fn store_issue(store: &Store, project: ProjectId, title: &str, first: i64, times: &[i64]) {
    let mut seen = issue(project, title, at(first));
    seen.last_seen = at(times.iter().copied().max().unwrap_or(first));
    let occurrences = times.iter().enumerate().map(|(place, &time)| {
        let number = u32::try_from(place).unwrap() + u32::try_from(title.len()).unwrap() * 100;
        occurrence(number, Some(Slot(0)), at(time))
    });
    let effects = Effects {
        occurrences: occurrences.collect(),
        issues: vec![opening(seen, title)],
        ..Effects::default()
    };
    store_effects(store, &effects).await;
}

pub async fn velocities_count_a_span_of_one_project(store: &Store) {
    // From 100, up to 200 and not at it.
    store_issue(store, SHOP, "a", 0, &[0, 99, 100, 150, 199, 200, 300]).await;
    store_issue(store, SHOP, "bb", 150, &[150]).await;
    store_issue(store, SHOP, "before", 0, &[50, 99]).await;
    store_issue(store, TILL, "elsewhere", 0, &[150]).await;
    store_issue(store, SHOP, "a hidden one", 0, &[150]).await;
    let hidden = IssueStatus::PendingDeletion.number();
    let hide = format!(
        "UPDATE issue SET status = {hidden}, substatus = NULL
         WHERE id = (SELECT issue_id FROM issue_content WHERE title = 'a hidden one')"
    );
    execute(store, &hide).await;

    let velocities = store.velocities(SHOP, at(100), at(200)).await;
    let mut velocities = velocities.unwrap();
    velocities.sort_by_key(|velocity| velocity.first_seen);
    let expected = [(0, 3), (150, 1)].map(|(first_seen, events)| Velocity {
        first_seen: at(first_seen),
        events,
    });
    assert_eq!(velocities, expected);
}

pub async fn a_threshold_is_kept_until_the_next(store: &Store) {
    let plan = LoadPlan {
        projects: vec![SHOP, TILL],
        ..LoadPlan::default()
    };
    let loaded = async || {
        let state = load_plan(store, &plan).await;
        [SHOP, TILL].map(|project| state.projects[&project].threshold)
    };
    store_issue(store, SHOP, "a", 0, &[0]).await;
    store_issue(store, TILL, "bb", 0, &[0]).await;
    assert_eq!(loaded().await, [None, None]);
    let unmeasured = async |latest| store.unmeasured_projects(at(latest)).await.unwrap();
    assert_eq!(unmeasured(0).await, [SHOP, TILL]);

    for events_per_hour in [3.25, 0.1 + 0.2] {
        let threshold = EscalationThreshold {
            events_per_hour,
            measured_at: at(7) + TimeDelta::microseconds(1),
        };
        let set = store.set_escalation_threshold(TILL, threshold);
        set.await.unwrap();
        assert_eq!(loaded().await, [None, Some(threshold)]);
    }
    assert_eq!(unmeasured(7).await, [SHOP]);
    assert_eq!(unmeasured(8).await, [SHOP, TILL]);
}
