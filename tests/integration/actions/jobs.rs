//! Actions on many issues.

use super::desk::Desk;
use chrono::TimeDelta;
use picket_core::engine::bulk::{
    self, Action, BulkError, JobReport, Progress, Scope, Skip, UpdateBody,
};
use picket_core::model::IssueId;
use picket_core::store::{
    ActionStore, Actions, Connections, Effects, JobState, JobStep, LoadPlan, StoreError,
    TriageStore,
};
use picket_core::triage::Refusal;
use serde_json::{Value, json};
use std::sync::Mutex;
use tokio_util::sync::CancellationToken;

/// Copies of issue 2 from 1000 on.
pub(super) async fn many(desk: &Desk, count: i64) -> Vec<i64> {
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
pub(super) fn action(body: Value) -> Action {
    UpdateBody::read(&body).unwrap().into()
}

pub(super) struct Watched {
    pub seen: Mutex<Vec<(u64, u64)>>,
    revisions: Mutex<Vec<i64>>,
    jobs: Mutex<Vec<Option<i64>>>,
    pub cancel: CancellationToken,
    /// Stops once as many are done.
    stop_at: u64,
}

impl Watched {
    pub fn until(stop_at: u64) -> Self {
        Self {
            seen: Mutex::default(),
            revisions: Mutex::default(),
            jobs: Mutex::default(),
            cancel: CancellationToken::new(),
            stop_at,
        }
    }

    pub fn hear(&self, progress: Progress) {
        let Progress { done, total, .. } = progress;
        self.seen.lock().unwrap().push((done, total));
        self.revisions.lock().unwrap().extend(progress.revision);
        self.jobs.lock().unwrap().push(progress.job);
        if done >= self.stop_at {
            self.cancel.cancel();
        }
    }
}

pub(super) async fn run(
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
    // Which job it is, is said before anything has changed: it is listed from then on.
    assert_eq!(seen[0], (0, 1500));
    let jobs = watched.jobs.into_inner().unwrap();
    assert!(jobs.iter().all(|job| *job == report.job));
    // Each transaction says at which revision of the store it can be seen.
    let revisions = watched.revisions.into_inner().unwrap();
    assert_eq!(revisions.len(), seen.len() - 1);
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
    assert!(desk.store.jobs(None, 10).await.unwrap().is_empty());
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
    // More than two transactions: the first one, and the one after it, are of a thousand.
    let issues = many(desk, 2500).await;
    let resolve = action(json!({"status": "resolved"}));
    let report = run(desk, &issues, &resolve, &Watched::until(1)).await;
    let id = report.unwrap().job.unwrap();
    // Those that are gone stand among the others, and count once.
    desk.delete(&[2300, 2301, 3499]).await;
    for stop_at in [1, u64::MAX] {
        let watched = Watched::until(stop_at);
        let hear = |progress| watched.hear(progress);
        bulk::resume(&*desk.store, id, &desk.context(), hear, &watched.cancel)
            .await
            .unwrap();
    }
    let resolved = "SELECT count(*) FROM issue WHERE id >= 1000 AND status = 1";
    assert_eq!(desk.number(resolved).await, Some(2497));
    let job = desk.store.job(id).await.unwrap().unwrap();
    assert_eq!(
        (job.state, job.done, job.skipped),
        (JobState::Done, 2500, 3)
    );
}

/// Goes on with a job to its end.
async fn go_on(desk: &Desk, id: i64) -> JobReport {
    let cancel = CancellationToken::new();
    bulk::resume(&*desk.store, id, &desk.context(), |_| {}, &cancel)
        .await
        .unwrap()
}

pub async fn a_job_of_which_the_rest_is_gone_ends(desk: &mut Desk) {
    let issues = many(desk, 1500).await;
    let resolve = action(json!({"status": "resolved", "statusDetails": {"inRelease": "latest"}}));
    let report = run(desk, &issues, &resolve, &Watched::until(1)).await;
    let report = report.unwrap();
    let id = report.job.unwrap();
    let rest: Vec<i64> = desk
        .numbers("SELECT id FROM issue WHERE id >= 1000 AND status = 0")
        .await;
    for part in rest.chunks(1_000) {
        desk.delete(part).await;
    }
    let ended = go_on(desk, id).await;
    assert_eq!(
        (ended.changed, ended.skipped.len(), ended.journal),
        (0, rest.len(), report.journal)
    );
    let job = desk.store.job(id).await.unwrap().unwrap();
    assert_eq!(
        (job.state, job.done, job.skipped),
        (JobState::Done, 1500, rest.len() as u64)
    );
}

/// Issues of several projects are not merged, and what else is asked for is done: also by the rest of a job, in which
/// all may be of one project.
pub async fn a_job_that_goes_on_merges_nothing(desk: &mut Desk) {
    let mut issues = many(desk, 1500).await;
    // It is of another project than the rest, and the first one.
    issues.push(10);
    let both = action(json!({"status": "resolved", "merge": true}));
    let report = run(desk, &issues, &both, &Watched::until(1)).await.unwrap();
    assert!(report.cancelled && report.detail.is_some() && report.merged.is_none());
    let ended = go_on(desk, report.job.unwrap()).await;
    assert_eq!((report.changed + ended.changed, ended.merged), (1501, None));
    let merged = "SELECT count(*) FROM issue WHERE status = 5";
    assert_eq!(desk.number(merged).await, Some(0));
    let journal = desk.journal().await;
    assert_eq!((journal.len(), journal[0].title.as_str()), (1, "Resolve"));
}

/// The newest release is the one that was it when the job began.
pub async fn a_job_that_goes_on_means_the_same_release(desk: &mut Desk) {
    let issues = many(desk, 1500).await;
    let resolve = action(json!({"status": "resolved", "statusDetails": {"inRelease": "latest"}}));
    let report = run(desk, &issues, &resolve, &Watched::until(1)).await;
    let of_job = "SELECT count(DISTINCT release) FROM issue_resolution WHERE issue_id >= 1000";
    assert_eq!(desk.number(of_job).await, Some(1));
    desk.execute(
        "INSERT INTO project_release (project_id, version, date_added, new_groups)
         SELECT project_id, '9.9', max(date_added), 0 FROM project_release WHERE project_id = 1 GROUP BY project_id",
    )
    .await;
    go_on(desk, report.unwrap().job.unwrap()).await;
    assert_eq!(desk.number(of_job).await, Some(1));
    let resolved = "SELECT count(*) FROM issue_resolution WHERE issue_id >= 1000";
    assert_eq!(desk.number(resolved).await, Some(1500));
    desk.update(
        &[1],
        json!({"status": "resolved", "statusDetails": {"inRelease": "latest"}}),
    )
    .await;
    let newest = "SELECT count(*) FROM issue_resolution WHERE release = '9.9'";
    assert_eq!(
        desk.number(newest).await,
        Some(1),
        "there is a newer one by then"
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
    assert_eq!((report.changed, report.deletions.len()), (1101, 2));
    let seen = watched.seen.into_inner().unwrap();
    assert!(
        seen.iter().all(|(done, _)| *done != 1),
        "a transaction takes issues of several projects: {seen:?}"
    );
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

/// A transaction that has waited for longer than a program may be silent must not be made a second time.
pub async fn who_was_silent_for_too_long_stops(desk: &mut Desk) {
    let issues = many(desk, 1500).await;
    let resolve = action(json!({"status": "resolved"}));
    let report = run(desk, &issues, &resolve, &Watched::until(1)).await;
    let (id, first) = report.map(|it| (it.job.unwrap(), it.changed)).unwrap();
    let steps = [
        // Nobody has gone on with it yet.
        ("interrupted", first),
        // Somebody is ahead.
        ("running", first + 7),
    ];
    for (state, done) in steps {
        let away = format!("UPDATE job SET state = '{state}', done = {done} WHERE id = {id}");
        let step = JobStep {
            job: id,
            from: first,
            done: first + 250,
            skipped: 0,
            at: desk.now,
        };
        desk.execute(&away).await;
        let before = desk.rows().await;
        let write = || Effects {
            now: Some(desk.now),
            actions: Actions {
                job: Some(step),
                ..Actions::default()
            },
            ..Effects::default()
        };
        let plan = LoadPlan::default();
        let late = desk.store.apply(&plan, &|_| write()).await;
        assert!(matches!(late, Err(StoreError::JobTaken { job }) if job == id));
        let failed = JobState::Failed;
        let end = desk.store.end_job(id, first, failed, desk.now, None);
        end.await.unwrap();
        let job = desk.store.job(id).await.unwrap().unwrap();
        assert_eq!((job.state.as_str(), job.done), (state, done));
        assert_eq!(desk.rows().await, before);
    }
}

/// Those that can go on are kept.
pub async fn jobs_that_are_done_are_forgotten_with_the_journal(desk: &mut Desk) {
    let issues = many(desk, 1100).await;
    let low = action(json!({"priority": "low"}));
    let stopped = run(desk, &issues, &low, &Watched::until(1)).await.unwrap();
    let high = action(json!({"priority": "high"}));
    for _ in 0..2 {
        desk.wait(3600);
        run(desk, &issues, &high, &Watched::until(u64::MAX))
            .await
            .unwrap();
        desk.wait(3600);
    }
    let forget = async |desk: &Desk, hours| {
        let before = desk.now - TimeDelta::hours(hours);
        let forgotten = desk.store.forget_journal(before, u64::MAX, desk.now).await;
        forgotten.unwrap();
        let jobs = desk.store.jobs(None, 10).await.unwrap().into_iter();
        let scopes = desk.number("SELECT count(*) FROM job_scope").await;
        (jobs.map(|job| job.id).collect::<Vec<_>>(), scopes)
    };
    let stopped = stopped.job.unwrap();
    assert_eq!(forget(desk, 4).await.1, Some(3));
    assert_eq!(forget(desk, 2).await, (vec![stopped + 2, stopped], Some(2)));
    assert_eq!(forget(desk, 0).await, (vec![stopped], Some(1)));
    let rest = resume(desk, stopped, &Watched::until(u64::MAX)).await;
    assert!(rest.unwrap().changed > 0);
}

pub(super) async fn resume(
    desk: &Desk,
    job: i64,
    watched: &Watched,
) -> Result<JobReport, BulkError> {
    let hear = |progress| watched.hear(progress);
    bulk::resume(&*desk.store, job, &desk.context(), hear, &watched.cancel).await
}

/// A delete that goes on much later can be taken back for as long as one that is new.
pub async fn a_delete_that_goes_on_later_goes_later(desk: &mut Desk) {
    for action in [Action::Delete, Action::Discard] {
        let before = desk.rows().await;
        let first = match action {
            Action::Delete => many(desk, 1200).await,
            _ => (1000..2200).collect(),
        };
        let report = run(desk, &first, &action, &Watched::until(1))
            .await
            .unwrap();
        assert!(report.cancelled && report.changed > 0);
        desk.wait(2 * 3600);
        let rest = resume(desk, report.job.unwrap(), &Watched::until(u64::MAX)).await;
        let rest = rest.unwrap();
        assert_eq!(report.changed + rest.changed, 1200, "{action:?}");
        desk.wait(3599);
        assert_eq!(desk.purge().await, 0, "{action:?}");
        let entry = desk.journal().await.remove(0);
        assert!(entry.undo_until.unwrap() > desk.now);
        let undone = desk.undo(entry.id).await;
        assert_eq!(undone.restored.len(), 1200, "{action:?}");
        let after = desk.rows().await;
        assert!(before.is_subset(&after), "{action:?}");
    }
}

/// A deletion that has begun takes nothing along that is deleted after it.
pub async fn a_delete_goes_on_beside_the_deletion_that_has_begun(desk: &mut Desk) {
    let issues = many(desk, 1200).await;
    let report = run(desk, &issues, &Action::Delete, &Watched::until(1)).await;
    let report = report.unwrap();
    desk.wait(2 * 3600);
    let due = desk.store.due_deletions(desk.now, 10).await.unwrap();
    let again_at = desk.now + TimeDelta::minutes(5);
    assert!(desk.store.claim_deletion(&due[0], again_at).await.unwrap());
    let rest = resume(desk, report.job.unwrap(), &Watched::until(u64::MAX)).await;
    let rest = rest.unwrap();
    let purged = bulk::run_deletion(&*desk.store, due[0].id, None).await;
    assert_eq!(purged.unwrap().issues, report.changed);
    let undone = desk.undo(rest.journal.unwrap()).await;
    assert_eq!(undone.restored.len() as u64, rest.changed);
    assert_eq!(undone.not_restored.len() as u64, report.changed);
}

pub async fn what_is_refused_changes_nothing_and_makes_no_job(desk: &mut Desk) {
    let mut issues = many(desk, 1100).await;
    issues.push(7);
    let watched = Watched::until(u64::MAX);
    let refused = run(desk, &issues, &Action::Discard, &watched)
        .await
        .unwrap_err();
    assert!(matches!(refused, BulkError::Bad(bad) if bad.parameter == "discard"));
    let body = json!({"status": "resolved", "statusDetails": {"inRelease": "latest"}});
    let unknown = json!({"status": "resolved", "statusDetails": {"inRelease": "9.9"}});
    let refused = run(desk, &issues, &action(unknown), &watched).await;
    assert!(matches!(
        refused.unwrap_err(),
        BulkError::Bad(bad) if bad.parameter == "statusDetails.inRelease"
    ));
    let mut two_projects = issues.clone();
    two_projects.push(10);
    let refused = run(desk, &two_projects, &action(body), &watched)
        .await
        .unwrap_err();
    assert!(matches!(refused, BulkError::Bad(_)));
    assert!(desk.store.jobs(None, 10).await.unwrap().is_empty() && desk.journal().await.is_empty());
}
