//! What is done with many issues: rows a second, beside the plainest statements that do as much.

use super::memory::Watch;
use super::{Bench, figures::timed, limits};
use anyhow::{Context as _, Result};
use picket_core::engine::bulk::{self, Action, Context, Origin, Rules, Scope, UpdateBody};
use picket_core::engine::{desk, find};
use picket_core::model::IssueId;
use picket_core::store::Store;
use picket_core::view::{
    ExportFormat, ExportOptions, ExportRedaction, ExportTimes, ExportWhat, IssueOrder, Selection,
};
use serde_json::json;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// Most issues that are resolved and deleted.
const MOST: usize = 100_000;

impl Bench<'_> {
    /// Exports all issues; nothing of the store changes.
    pub async fn export(&self) -> Result<()> {
        let (selection, options) = (
            Selection::Query {
                query: String::new(),
                as_of: i64::MAX.to_string(),
                list: None,
                except: Vec::new(),
            },
            ExportOptions {
                format: ExportFormat::Csv,
                columns: [
                    "shortId", "title", "culprit", "level", "status", "count", "lastSeen",
                ]
                .map(str::to_owned)
                .to_vec(),
                header: true,
                bom: false,
                separator: ",".to_owned(),
                formula_guard: true,
                times: ExportTimes::default(),
                zone: None,
                sort: IssueOrder::default(),
                what: ExportWhat::Issues,
                redact: ExportRedaction::default(),
                view: None,
            },
        );
        let folder = tempfile::tempdir()?;
        let cancel = CancellationToken::new();
        let watch = Watch::begin()?;
        let exporting = async {
            let file = (folder.path().join("issues.csv"), false);
            let asked = (self.asker(), self.now);
            Ok(desk::to_file(
                self.store,
                &(&selection).into(),
                &options,
                file,
                asked,
                |_, _| {},
                &cancel,
            )
            .await?)
        };
        let (report, time) = timed(exporting).await?;
        let grown = watch.grown()?;
        let (read, limit) = timed(limits::rows(self.store)).await?;
        say("export", (report.rows, time), (read, limit), 100_000.0);
        println!(
            "  memory grew by {} MB at most, mapped files by {} MB; the export has {:.0} MB",
            grown.own >> 10,
            grown.of_files >> 10,
            report.bytes / f64::from(1 << 20)
        );
        Ok(())
    }

    /// Resolves and deletes issues.
    pub async fn change(&self, store: &Store) -> Result<()> {
        let open = find::snapshot(
            store,
            "is:unresolved",
            IssueOrder::default(),
            self.asker(),
            self.now,
        )
        .await?;
        let ids: Vec<IssueId> = open
            .ids
            .iter()
            .take(MOST)
            .map(|id| Ok(IssueId(id.parse()?)))
            .collect::<Result<_>>()?;
        let resolve = UpdateBody::read(&json!({ "status": "resolved" }))
            .ok()
            .context("an update")?;
        for (name, action, aim) in [
            ("resolve", Action::from(resolve), 50_000.0),
            ("delete", Action::Delete, 20_000.0),
        ] {
            let context = Context {
                now: self.now,
                actor: None,
                directory: &self.directory,
                rules: Rules {
                    allow_non_error: true,
                    ..Rules::default()
                },
                origin: Origin::default(),
            };
            let cancel = CancellationToken::new();
            let working = async {
                let scope = Scope {
                    projects: &[],
                    ids: &ids,
                };
                Ok(bulk::run(store, scope, &action, &context, |_| {}, &cancel).await?)
            };
            let (report, time) = timed(working).await?;
            let limit = timed(limits::restate(store, &ids)).await?;
            say(
                name,
                (f64::from(u32::try_from(report.changed)?), time),
                limit,
                aim,
            );
        }
        Ok(())
    }
}

fn say(name: &str, (rows, time): (f64, Duration), (least, limit): (usize, Duration), aim: f64) {
    let rate = rows / time.as_secs_f64();
    let most = least as f64 / limit.as_secs_f64();
    let held = if rate >= aim { "held" } else { "MISSED" };
    println!(
        "{name}: {rows} issues at {rate:.0}/s; limit {most:.0}/s; ratio {:.2} (aim {aim:.0}/s {held})",
        rate / most
    );
}
