//! How a search is answered, in words.

use super::desk::Desk;
use picket_core::engine::desk::explain;
use picket_core::engine::find::Asker;

pub async fn an_explanation_counts_and_times_each_step(at: &mut Desk) {
    let asker = Asker {
        directory: &at.directory,
        me: at.actor,
    };
    let text = "is:unresolved message:issue !message:nothing";
    let explained = explain(&*at.store, text, asker, at.now).await.unwrap();
    let rows: Vec<f64> = explained
        .steps
        .iter()
        .map(|step| step.rows.unwrap())
        .collect();
    assert_eq!(rows.len(), 4, "all issues, and each term: {explained:?}");
    assert!(rows.is_sorted_by(|a, b| a >= b), "{rows:?}");
    assert_eq!(rows.last(), Some(&explained.total));
    // Each step asks the store, which takes some time, and none takes longer than all of this test.
    for step in &explained.steps {
        assert!(step.took_ms > 0.0 && step.took_ms < 60_000.0, "{step:?}");
    }
    assert!(explained.took_ms > 0.0);
    explain(&*at.store, "is:nothing", asker, at.now)
        .await
        .unwrap_err();
}
