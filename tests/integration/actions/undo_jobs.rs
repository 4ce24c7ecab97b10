//! Taking changes of many issues back, which is a job.

use super::desk::Desk;
use super::jobs::{Watched, action, many, resume, run};
use picket_core::engine::bulk::{self, BulkError, UndoReport};
use picket_core::engine::desk;
use picket_core::model::IssueId;
use picket_core::store::{ActionStore, JobState};
use picket_core::view;
use serde_json::json;

async fn undo(desk: &Desk, entry: i64, watched: &Watched) -> Result<UndoReport, BulkError> {
    let (hear, cancel) = (|progress| watched.hear(progress), &watched.cancel);
    let context = desk.context();
    bulk::undo_watched(&*desk.store, entry, false, &context, hear, cancel).await
}

/// An entry about so many issues, and they.
async fn lowered(desk: &Desk, count: i64) -> (i64, Vec<i64>) {
    let issues = many(desk, count).await;
    let low = action(json!({"priority": "low"}));
    let report = run(desk, &issues, &low, &Watched::until(u64::MAX)).await;
    (report.unwrap().journal.unwrap(), issues)
}

/// What is stopped stays as far as it came, and taking the entry back again goes on with the same job and entry.
pub async fn an_undo_that_is_stopped_goes_on_later(desk: &mut Desk) {
    let issues = many(desk, 2500).await;
    let before = desk.rows().await;
    let low = action(json!({"priority": "low"}));
    let report = run(desk, &issues, &low, &Watched::until(u64::MAX)).await;
    let entry = report.unwrap().journal.unwrap();
    let first = Watched::until(1);
    let stopped = undo(desk, entry, &first).await.unwrap();
    assert_eq!((stopped.restored.len(), stopped.remaining), (1000, 1500));
    assert_eq!(first.seen.into_inner().unwrap(), [(0, 2500), (1000, 2500)]);
    assert_eq!(desk.journal().await[1].undone, 1000);
    let job = desk.store.job(stopped.job.unwrap()).await.unwrap().unwrap();
    assert_eq!((job.state, job.done), (JobState::Cancelled, 1000));
    assert_eq!(
        (&*job.title, job.journal),
        ("Undo: Priority low", stopped.entry)
    );
    let second = Watched::until(u64::MAX);
    let rest = undo(desk, entry, &second).await.unwrap();
    assert_eq!((rest.restored.len(), rest.remaining), (1500, 0));
    assert_eq!((rest.job, rest.entry), (stopped.job, stopped.entry));
    assert_eq!(
        second.seen.into_inner().unwrap(),
        [(1000, 2500), (2000, 2500), (2500, 2500)]
    );
    assert_eq!(desk.rows().await, before);
    let job = desk.store.job(job.id).await.unwrap().unwrap();
    assert_eq!(
        (job.state, job.done, job.skipped),
        (JobState::Done, 2500, 0)
    );
    assert_eq!(desk.journal().await.len(), 2);
}

/// As after a program that was killed: the job is offered, and its report names all that it left alone, also before.
pub async fn an_undo_that_was_interrupted_goes_on_and_reports_all_of_it(desk: &mut Desk) {
    let (entry, issues) = lowered(desk, 1700).await;
    // One at the beginning and one at the end are changed again, and one is deleted.
    desk.update(&[issues[3], issues[1600]], json!({"priority": "high"}))
        .await;
    desk.delete(&[issues[5]]).await;
    let stopped = undo(desk, entry, &Watched::until(1)).await.unwrap();
    assert_eq!((stopped.restored.len(), stopped.remaining), (998, 700));
    let id = stopped.job.unwrap();
    desk.execute(&format!(
        "UPDATE job SET state = 'running', ended_at = NULL WHERE id = {id}"
    ))
    .await;
    desk.wait(59);
    let jobs = desk::jobs(&*desk.store, desk.now, 10).await.unwrap();
    let listed = jobs.iter().find(|job| job.id == id.to_string()).unwrap();
    assert_eq!(listed.state, view::JobState::Running);
    // It is known by its silence, also where nobody has marked it yet.
    desk.wait(2);
    let jobs = desk::jobs(&*desk.store, desk.now, 10).await.unwrap();
    let listed = jobs.iter().find(|job| job.id == id.to_string()).unwrap();
    assert_eq!(listed.state, view::JobState::Interrupted);
    assert_eq!((listed.done, listed.skipped), (1000.0, 2.0));
    let takes_back = listed.takes_back.as_ref().unwrap();
    assert_eq!(takes_back.entry, entry.to_string());
    assert_eq!(
        (&*takes_back.title, takes_back.again),
        ("Priority low", false)
    );
    let others = jobs.iter().filter(|job| job.id != listed.id);
    assert!(others.clone().count() > 0);
    assert!(others.into_iter().all(|job| job.takes_back.is_none()));

    bulk::interrupt_jobs(&*desk.store, desk.now).await.unwrap();
    let watched = Watched::until(u64::MAX);
    let report = resume(desk, id, &watched).await.unwrap();
    assert_eq!((report.changed, report.remaining), (699, 0));
    let undo = report.undo.unwrap();
    let left: Vec<i64> = undo.changed_since.iter().map(|one| one.issue.0).collect();
    assert_eq!(left, [issues[3], issues[1600]]);
    let gone: Vec<IssueId> = undo.not_restored.iter().map(|one| one.issue).collect();
    assert_eq!(gone, [IssueId(issues[5])]);
    assert_eq!((undo.entry, undo.job), (stopped.entry, Some(id)));
    assert_eq!(undo.title, "Priority low");
    let job = desk.store.job(id).await.unwrap().unwrap();
    assert_eq!(
        (job.state, job.done, job.skipped),
        (JobState::Done, 1700, 3)
    );
    assert_eq!(
        watched.seen.into_inner().unwrap().last(),
        Some(&(1700, 1700))
    );
}

/// Doing a change again is a job as well, and says so.
pub async fn doing_many_again_is_a_job(desk: &mut Desk) {
    let (entry, _) = lowered(desk, 1100).await;
    let lowered = desk.rows().await;
    let undone = undo(desk, entry, &Watched::until(u64::MAX)).await.unwrap();
    let by = undone.entry.unwrap();
    let again = undo(desk, by, &Watched::until(1)).await.unwrap();
    assert_eq!((again.restored.len(), again.remaining), (1000, 100));
    let jobs = desk::jobs(&*desk.store, desk.now, 10).await.unwrap();
    let takes_back = jobs[0].takes_back.as_ref().unwrap();
    assert!(takes_back.again && takes_back.entry == by.to_string());
    assert_eq!(jobs[0].title, "Priority low");
    let watched = Watched::until(u64::MAX);
    let rest = resume(desk, again.job.unwrap(), &watched).await.unwrap();
    assert_eq!(rest.changed, 100);
    assert_eq!(desk.rows().await, lowered);
}

/// Two windows that take the same back would each count as done what the other did.
pub async fn an_entry_is_taken_back_once_at_a_time(desk: &mut Desk) {
    let (entry, _) = lowered(desk, 1100).await;
    let stopped = undo(desk, entry, &Watched::until(1)).await.unwrap();
    let id = stopped.job.unwrap();
    desk.execute(&format!(
        "UPDATE job SET state = 'running', ended_at = NULL WHERE id = {id}"
    ))
    .await;
    let refused = undo(desk, entry, &Watched::until(u64::MAX)).await;
    assert!(matches!(refused, Err(BulkError::Bad(bad)) if bad.problem.contains("right now")));
    assert_eq!(desk.journal().await[1].undone, 1000);
    // Whoever did that is silent for too long.
    desk.wait(61);
    let rest = undo(desk, entry, &Watched::until(u64::MAX)).await.unwrap();
    assert_eq!((rest.restored.len(), rest.job), (100, Some(id)));
}

/// A job of which somebody else has done the rest ends.
pub async fn an_undo_whose_rest_was_taken_back_elsewhere_ends(desk: &mut Desk) {
    let (entry, _) = lowered(desk, 1100).await;
    let stopped = undo(desk, entry, &Watched::until(1)).await.unwrap();
    let all = bulk::undo(&*desk.store, entry, true, &desk.context()).await;
    assert_eq!(all.unwrap().restored.len(), 100);
    let watched = Watched::until(u64::MAX);
    let rest = resume(desk, stopped.job.unwrap(), &watched).await.unwrap();
    assert_eq!((rest.changed, rest.remaining), (0, 0));
    let job = desk.store.job(stopped.job.unwrap()).await.unwrap().unwrap();
    assert_eq!((job.state, job.done), (JobState::Done, 1100));
}
