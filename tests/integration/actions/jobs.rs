//! Actions on many issues.

use super::desk::Desk;
use picket_core::engine::bulk::{
    self, Action, BulkError, JobReport, Progress, Scope, Skip, UpdateBody,
};
use picket_core::model::IssueId;
use picket_core::store::{ActionStore, Connections, JobState};
use picket_core::triage::Refusal;
use serde_json::{Value, json};
use std::sync::Mutex;
use tokio_util::sync::CancellationToken;

/// Copies of issue 2 from 1000 on.
async fn many(desk: &Desk, count: i64) -> Vec<i64> {
    let series = match desk.store.connections() {
        Connections::Sqlite(_) => {
            format!(
                "WITH RECURSIVE s (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {count})"
            )
        }
        Connections::Postgres(_) => format!("WITH s (n) AS (SELECT generate_series(1, {count}))"),
    };
    let columns = "project_id, group_type, status, substatus, priority, level, first_seen, last_seen, active_at, score, \
        first_release, revision, created_revision";
    let content = "platform, message, culprit, title, subtitle, data";
    desk.execute(&format!(
        "INSERT INTO issue (id, short_id, times_seen, {columns})
         {series} SELECT 999 + s.n, 999 + s.n, 1, {columns} FROM s JOIN issue AS i ON i.id = 2;
         INSERT INTO issue_content (issue_id, {content})
         {series} SELECT 999 + s.n, {content} FROM s JOIN issue_content AS c ON c.issue_id = 2"
    ))
    .await;
    (1000..1000 + count).collect()
}

#[allow(
    clippy::needless_pass_by_value,
    reason = "reads better with json!(…) at the call"
)]
fn action(body: Value) -> Action {
    UpdateBody::read(&body).unwrap().into()
}

struct Watched {
    seen: Mutex<Vec<(u64, u64)>>,
    revisions: Mutex<Vec<i64>>,
    cancel: CancellationToken,
    /// Stops once as many are done.
    stop_at: u64,
}

impl Watched {
    fn until(stop_at: u64) -> Self {
        Self {
            seen: Mutex::default(),
            revisions: Mutex::default(),
            cancel: CancellationToken::new(),
            stop_at,
        }
    }

    fn hear(&self, progress: Progress) {
        let Progress { done, total, .. } = progress;
        self.seen.lock().unwrap().push((done, total));
        self.revisions.lock().unwrap().extend(progress.revision);
        if done >= self.stop_at {
            self.cancel.cancel();
        }
    }
}

async fn run(
    desk: &Desk,
    issues: &[i64],
    action: &Action,
    watched: &Watched,
) -> Result<JobReport, BulkError> {
    let ids: Vec<IssueId> = issues.iter().copied().map(IssueId).collect();
    let scope = Scope {
        projects: &[],
        ids: &ids,
    };
    let hear = |progress| watched.hear(progress);
    bulk::run(
        &*desk.store,
        scope,
        action,
        &desk.context(),
        hear,
        &watched.cancel,
    )
    .await
}

pub async fn many_issues_are_changed_in_chunks_and_taken_back_at_once(desk: &mut Desk) {
    let mut issues = many(desk, 1500).await;
    let before = desk.rows().await;
    issues.extend([6, 77]);
    let watched = Watched::until(u64::MAX);
    let report = run(
        desk,
        &issues,
        &action(json!({"status": "resolved"})),
        &watched,
    )
    .await
    .unwrap();
    assert_eq!(
        (report.changed, report.remaining, report.cancelled),
        (1500, 0, false)
    );
    assert_eq!(
        report.skipped,
        [
            (IssueId(6), Skip::Refused(Refusal::Gone)),
            (IssueId(77), Skip::Refused(Refusal::Gone)),
        ]
    );
    let seen = watched.seen.into_inner().unwrap();
    assert!(
        seen.len() >= 2 && seen.windows(2).all(|pair| pair[0].0 < pair[1].0),
        "{seen:?}"
    );
    assert_eq!(seen.last(), Some(&(1500, 1500)));
    // Each transaction says at which revision of the store it can be seen.
    let revisions = watched.revisions.into_inner().unwrap();
    assert_eq!(revisions.len(), seen.len());
    assert!(
        revisions.windows(2).all(|pair| pair[0] < pair[1]),
        "{revisions:?}"
    );
    assert_eq!(revisions.last().copied(), report.revision);
    let job = desk.store.job(report.job.unwrap()).await.unwrap().unwrap();
    assert_eq!(
        (job.state, job.total, job.done, job.skipped),
        (JobState::Done, 1500, 1500, 0)
    );
    assert_eq!(
        (job.title.as_str(), job.journal),
        ("Resolve", report.journal)
    );
    let journal = desk.journal().await;
    assert_eq!(
        (journal.len(), journal[0].issues),
        (1, 1500),
        "one entry, however many transactions"
    );
    let undone = desk.undo(report.journal.unwrap()).await;
    assert_eq!((undone.restored.len(), desk.rows().await), (1500, before));
}

pub async fn a_few_issues_need_no_job(desk: &mut Desk) {
    let watched = Watched::until(u64::MAX);
    let report = run(
        desk,
        &[1, 2],
        &action(json!({"priority": "high"})),
        &watched,
    )
    .await
    .unwrap();
    assert_eq!((report.changed, report.job), (2, None));
    let report = run(desk, &[], &Action::Delete, &watched).await.unwrap();
    assert_eq!((report.changed, report.journal), (0, None));
    let report = run(desk, &[1, 2, 3], &action(json!({"merge": true})), &watched)
        .await
        .unwrap();
    assert_eq!((report.changed, desk.stand(1).await), (3, (5, 0)));
    assert!(desk.store.jobs(10).await.unwrap().is_empty());
}

pub async fn what_is_stopped_keeps_what_it_did_and_goes_on_later(desk: &mut Desk) {
    let issues = many(desk, 1500).await;
    let resolve = action(json!({"status": "resolved"}));
    let watched = Watched::until(1);
    let report = run(desk, &issues, &resolve, &watched).await.unwrap();
    assert!(report.cancelled && report.changed > 0 && report.remaining == 1500 - report.changed);
    let resolved = "SELECT count(*) FROM issue WHERE id >= 1000 AND status = 1";
    assert_eq!(
        desk.number(resolved).await,
        i64::try_from(report.changed).ok()
    );
    let id = report.job.unwrap();
    let job = desk.store.job(id).await.unwrap().unwrap();
    assert_eq!((job.state, job.done), (JobState::Cancelled, report.changed));
    // Meanwhile one of those it did not come to is gone, and one is done already.
    desk.delete(&[2499]).await;
    desk.update(&[2498], json!({"status": "ignored"})).await;
    let again = Watched::until(u64::MAX);
    let hear = |progress| again.hear(progress);
    let rest = bulk::resume(&*desk.store, id, &desk.context(), hear, &again.cancel)
        .await
        .unwrap();
    assert_eq!(
        (rest.changed + report.changed, rest.skipped.len()),
        (1499, 1)
    );
    assert_eq!(again.seen.into_inner().unwrap().last(), Some(&(1500, 1500)));
    let job = desk.store.job(id).await.unwrap().unwrap();
    assert_eq!(
        (job.state, job.done, job.skipped),
        (JobState::Done, 1500, 1)
    );
    assert_eq!(rest.journal, report.journal, "it is one action");
    let error = bulk::resume(&*desk.store, id, &desk.context(), |_| {}, &again.cancel)
        .await
        .unwrap_err();
    assert!(
        matches!(error, BulkError::Bad(bad) if bad.parameter == "job"),
        "it is done"
    );
}

pub async fn what_is_stopped_twice_comes_to_every_issue(desk: &mut Desk) {
    let issues = many(desk, 1500).await;
    let resolve = action(json!({"status": "resolved"}));
    let report = run(desk, &issues, &resolve, &Watched::until(1)).await;
    let id = report.unwrap().job.unwrap();
    // Those that are gone stand among the others, and count once.
    desk.delete(&[1300, 1301, 2499]).await;
    for stop_at in [1, u64::MAX] {
        let watched = Watched::until(stop_at);
        let hear = |progress| watched.hear(progress);
        bulk::resume(&*desk.store, id, &desk.context(), hear, &watched.cancel)
            .await
            .unwrap();
    }
    let resolved = "SELECT count(*) FROM issue WHERE id >= 1000 AND status = 1";
    assert_eq!(desk.number(resolved).await, Some(1497));
    let job = desk.store.job(id).await.unwrap().unwrap();
    assert_eq!(
        (job.state, job.done, job.skipped),
        (JobState::Done, 1500, 3)
    );
}

pub async fn a_job_whose_program_ended_is_interrupted(desk: &mut Desk) {
    let issues = many(desk, 1200).await;
    let watched = Watched::until(1);
    let report = run(desk, &issues, &action(json!({"priority": "low"})), &watched)
        .await
        .unwrap();
    let id = report.job.unwrap();
    // As a program leaves it that was killed.
    desk.execute("UPDATE job SET state = 'running', ended_at = NULL")
        .await;
    desk.wait(61);
    assert_eq!(
        bulk::interrupt_jobs(&*desk.store, desk.now).await.unwrap(),
        1
    );
    let job = desk.store.job(id).await.unwrap().unwrap();
    assert_eq!(
        (job.state, job.ended_at),
        (JobState::Interrupted, Some(desk.now))
    );
    assert_eq!(job.done, report.changed, "what it did stays known");
    assert_eq!(
        bulk::interrupt_jobs(&*desk.store, desk.now).await.unwrap(),
        0
    );
    let go_on = CancellationToken::new();
    let rest = bulk::resume(&*desk.store, id, &desk.context(), |_| {}, &go_on)
        .await
        .unwrap();
    assert_eq!(rest.changed + report.changed, 1200);
}

pub async fn many_issues_are_deleted_project_by_project(desk: &mut Desk) {
    let mut issues = vec![10];
    issues.extend(many(desk, 1100).await);
    let watched = Watched::until(u64::MAX);
    let report = run(desk, &issues, &Action::Delete, &watched).await.unwrap();
    assert_eq!(report.changed, 1101);
    let audited = "SELECT count(DISTINCT transaction_id) FROM audit WHERE issue_id IN (10, 1000)";
    let deletions = desk.number(audited).await;
    assert_eq!(
        desk.number("SELECT count(*) FROM deletion_job").await,
        Some(2),
        "one a project, however many transactions"
    );
    assert_eq!(
        desk.number("SELECT count(*) FROM deletion_job_issue").await,
        Some(1101)
    );
    let undone = desk.undo(report.journal.unwrap()).await;
    assert_eq!(
        undone.restored.len(),
        1101,
        "what was done at once is taken back at once"
    );
    assert_eq!(
        desk.number(audited).await,
        deletions,
        "what is undone is audited under the deletion it undoes"
    );
    assert_eq!(
        desk.number("SELECT count(*) FROM issue WHERE status = 3")
            .await,
        Some(1),
        "that was on its way before"
    );
    assert_eq!(
        desk.number("SELECT count(*) FROM deletion_job_issue").await,
        Some(0)
    );
    let again = desk.undo(undone.entry.unwrap()).await;
    assert_eq!(again.restored.len(), 1101, "and done again at once");
    assert_eq!(
        desk.number("SELECT count(*) FROM deletion_job_issue AS d JOIN deletion_job AS j ON j.id = d.job_id JOIN issue AS i ON i.id = d.issue_id WHERE i.project_id <> j.project_id").await,
        Some(0),
        "each in a deletion of its own project"
    );
}

pub async fn what_is_refused_changes_nothing_and_makes_no_job(desk: &mut Desk) {
    let mut issues = many(desk, 1100).await;
    issues.push(7);
    let watched = Watched::until(u64::MAX);
    let refused = run(desk, &issues, &Action::Discard, &watched)
        .await
        .unwrap_err();
    assert!(matches!(refused, BulkError::Bad(bad) if bad.parameter == "id"));
    let body = json!({"status": "resolved", "statusDetails": {"inRelease": "latest"}});
    let mut two_projects = issues.clone();
    two_projects.push(10);
    let refused = run(desk, &two_projects, &action(body), &watched)
        .await
        .unwrap_err();
    assert!(matches!(refused, BulkError::Bad(_)));
    assert!(desk.store.jobs(10).await.unwrap().is_empty() && desk.journal().await.is_empty());
}
