//! `picketctl export`: what a search finds, into a file or onto standard output.

use crate::args::{ExportCommand, TargetArgs, WhichArgs};
use crate::context::Context;
use crate::feed::interrupted;
use crate::output;
use crate::refusal::WrongArguments;
use crate::search::{Searcher, no_issue};
use anyhow::{Result, anyhow, bail};
use indicatif::ProgressBar;
use picket_core::engine::export::{
    BundleFace, EventChoice, ExportFailure, bundle_rows, count_events, export_bundle,
    export_events, export_issues, export_tag_values, fits_bundle, issue_tags, tag_columns,
};
use picket_core::engine::find::{Extent, Hits, all_hits};
use picket_core::export::{
    ColumnSet, Columns, ExportFile, ExportOptions, Exported, Format, Progress, Redaction, Times,
};
use picket_core::paging::BadRequest;
use picket_core::store::{Access, ExportStore, Store};
use serde_json::json;
use std::future::Future;
use std::io::{IsTerminal, stderr, stdout};
use std::path::Path;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// How long an interrupted export has to remove its file, and to end at all: a reader that has stopped reading would
/// hold it up for ever.
const LAST_WORDS: (Duration, Duration) = (Duration::from_secs(5), Duration::from_millis(500));

/// What errors call standard output.
const STANDARD_OUTPUT: &str = "standard output";

pub async fn run(context: &Context, command: ExportCommand) -> Result<()> {
    let (target, format, limit, times) = match &command {
        ExportCommand::Issues { to, .. }
        | ExportCommand::Events { to, .. }
        | ExportCommand::TagValues { to, .. } => {
            let (format, times) = (to.format(context.json), to.times());
            if to.asks_for_csv() && !matches!(format, Format::Csv(_)) {
                let words = "--separator, --no-header, --bom and --no-formula-guard are of CSV. Leave them out, or name --format csv";
                bail!(WrongArguments(words.to_owned()));
            }
            (
                &to.target,
                format,
                to.limit,
                times.map_err(picket_core::Error::from)?,
            )
        }
        ExportCommand::Bundle { target, .. } => (target, Format::Ndjson, None, Times::Utc),
    };
    if context.json && target.out.is_none() && format != Format::Json {
        let words = "--json puts one JSON document on standard output. Leave --format out, or --json, or name a file with --out";
        bail!(WrongArguments(words.to_owned()));
    }
    let out = Out {
        context,
        target,
        format,
        limit,
        times,
        redaction: target.redaction().map_err(wrong)?,
        cancel: CancellationToken::new(),
    };
    let store = context.open(Access::ReadOnly).await?;
    match &command {
        ExportCommand::Issues { which, columns, .. } => {
            issues(&out, &store, which, columns.as_deref()).await
        }
        ExportCommand::Events {
            which,
            matching,
            columns,
            ..
        } => {
            let choice = if *matching {
                EventChoice::Matching
            } else {
                EventChoice::All
            };
            events(&out, &store, (which, choice), columns.as_deref()).await
        }
        ExportCommand::Bundle { which, .. } => bundle(&out, &store, which).await,
        ExportCommand::TagValues {
            issue,
            tag,
            columns,
            ..
        } => tag_values(&out, &store, (issue, tag), columns.as_deref()).await,
    }
}

async fn issues(
    out: &Out<'_>,
    store: &Store,
    which: &WhichArgs,
    columns: Option<&str>,
) -> Result<()> {
    let chosen = columns
        .map(|text| ColumnSet::ISSUES.choose(text))
        .transpose();
    let chosen = chosen.map_err(wrong)?;
    let has_objects = chosen.is_none() && matches!(out.format, Format::Json | Format::Ndjson);
    if has_objects && out.times != Times::Utc {
        let words = "Issues as a list has them keep their times in ISO 8601 UTC. Name --columns for --times, or leave --times out";
        bail!(WrongArguments(words.to_owned()));
    }
    out.refuse_existing()?;
    let mut hits = find(out.context, store, which).await?;
    if let Some(limit) = out.limit {
        hits.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    }
    let (columns, extent) = match (chosen, out.format) {
        (Some(columns), _) => (columns, Extent::Row),
        (None, Format::Json | Format::Ndjson) => {
            let none: [&str; 0] = [];
            (ColumnSet::ISSUE_OBJECTS.all(none), Extent::Full)
        }
        (None, _) => {
            let tags = issue_tags(store, &hits).await;
            let tags = tags.map_err(picket_core::Error::from)?;
            (ColumnSet::ISSUES.all(tags), Extent::Row)
        }
    };
    let file = out.begin(columns.clone(), hits.ids().len() as u64)?;
    let now = out.context.clock.now();
    let work = export_issues(store, &hits, (&columns, extent), file, &out.cancel, now);
    out.finish(work, "issues").await
}

async fn events(
    out: &Out<'_>,
    store: &Store,
    (which, choice): (&WhichArgs, EventChoice),
    columns: Option<&str>,
) -> Result<()> {
    let columns = columns.map_or_else(
        || Ok(ColumnSet::EVENTS.all([""; 0])),
        |text| ColumnSet::EVENTS.choose(text),
    );
    let columns = columns.map_err(wrong)?;
    out.refuse_existing()?;
    let hits = find(out.context, store, which).await?;
    let counted = count_events(store, &hits, choice).await;
    let counted = counted.map_err(picket_core::Error::from)?;
    let total: u64 = counted.iter().map(|(_, count)| count).sum();
    let most = out.limit;
    let file = out.begin(columns, total.min(most.unwrap_or(u64::MAX)))?;
    let now = out.context.clock.now();
    let counted = (&counted[..], choice);
    let work = export_events(store, &hits, counted, most, file, &out.cancel, now);
    out.finish(work, "occurrences").await
}

/// The same lines as the window writes.
async fn bundle(out: &Out<'_>, store: &Store, which: &WhichArgs) -> Result<()> {
    out.refuse_existing()?;
    let hits = find(out.context, store, which).await?;
    fits_bundle(hits.ids().len() as u64)?;
    let counted = count_events(store, &hits, EventChoice::All).await;
    let counted = counted.map_err(picket_core::Error::from)?;
    let occurrences: u64 = counted.iter().map(|(_, count)| count).sum();
    let total = bundle_rows(hits.ids().len() as u64, occurrences);
    let file = out.begin(ColumnSet::BUNDLE.all([""; 0]), total)?;
    let face = BundleFace {
        redaction: out.redaction.clone(),
        // There is no list with columns here: whoever opens it sees all of it, as lists are.
        view: None,
    };
    let now = out.context.clock.now();
    let work = export_bundle(store, (&hits, &counted), face, file, &out.cancel, now);
    out.finish(work, "lines").await
}

async fn tag_values(
    out: &Out<'_>,
    store: &Store,
    (issue, tag): (&str, &str),
    columns: Option<&str>,
) -> Result<()> {
    let set = tag_columns(tag);
    let columns = columns.map_or_else(|| Ok(set.all([""; 0])), |text| set.choose(text));
    let columns = columns.map_err(wrong)?;
    out.refuse_existing()?;
    let searcher = Searcher::new(out.context, store).await?;
    let [id] = searcher.known_issues(&[issue.to_owned()]).await?[..] else {
        bail!(no_issue(issue));
    };
    let values = store.tag_values(id, tag).await;
    let mut values = values.map_err(picket_core::Error::from)?;
    if values.is_empty() {
        bail!(
            "No event of {issue} has a tag “{tag}”. Take the name of one from picketctl issue {issue}."
        );
    }
    if let Some(limit) = out.limit {
        values.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    }
    let file = out.begin(columns, values.len() as u64)?;
    let work = export_tag_values(values, file, &out.cancel);
    out.finish(work, "values").await
}

/// What is wrong whatever the store holds.
fn wrong(problem: BadRequest) -> WrongArguments {
    WrongArguments(picket_core::Error::from(problem).to_string())
}

/// The issues that are meant.
async fn find(context: &Context, store: &Store, which: &WhichArgs) -> Result<Hits> {
    let searcher = Searcher::new(context, store).await?;
    let mut request = searcher.within(which.request(), &which.within().project)?;
    if !which.id.is_empty() {
        let ids = searcher.known_issues(&which.id).await?.into_iter();
        request.group = ids.map(|id| id.0.to_string()).collect();
    }
    let now = context.clock.now();
    match all_hits(store, &request, which.reach(), searcher.asker(), now).await {
        Ok(hits) => Ok(hits),
        Err(error) => Err(searcher.refusal(&request, error).await),
    }
}

/// Where the rows of one export go.
struct Out<'a> {
    context: &'a Context,
    target: &'a TargetArgs,
    format: Format,
    /// Most rows; nothing for all.
    limit: Option<u64>,
    times: Times,
    redaction: Redaction,
    cancel: CancellationToken,
}

impl Out<'_> {
    /// Says at once what would otherwise be said after a long search.
    fn refuse_existing(&self) -> Result<()> {
        match &self.target.out {
            Some(file) => Ok(ExportFile::refuse_existing(file, self.target.overwrite)
                .map_err(picket_core::Error::from)?),
            None => Ok(()),
        }
    }

    fn begin(&self, columns: Columns, total: u64) -> Result<ExportFile<'static>> {
        if let Some(comfortable) = self.format.comfortable_rows().filter(|most| total > *most) {
            eprintln!(
                "{total} rows are much for a table that people read: more than {comfortable} are slow to show. \
                 Narrow the search, or export as csv."
            );
        }
        let options = ExportOptions {
            format: self.format,
            columns,
            overwrite: self.target.overwrite,
            total: Some(total),
        };
        let (bar, cancel) = (self.bar(total), self.cancel.clone());
        let report = move |progress: Progress| bar.set_position(progress.rows);
        let file = match &self.target.out {
            Some(file) => ExportFile::create(file, options, cancel, report),
            None => ExportFile::stream(STANDARD_OUTPUT, stdout(), options, cancel, report),
        };
        Ok(file
            .map_err(picket_core::Error::from)?
            .redacted(self.redaction.clone())
            .timed(self.times.clone()))
    }

    /// A bar on a terminal; where the rows themselves go there, none.
    fn bar(&self, total: u64) -> ProgressBar {
        let is_shown =
            stderr().is_terminal() && (self.target.out.is_some() || !stdout().is_terminal());
        output::bar(total, is_shown)
    }

    /// Waits for the end, or for an interrupt.
    async fn finish(
        &self,
        work: impl Future<Output = Result<Exported, ExportFailure>>,
        what: &str,
    ) -> Result<()> {
        let cancelled = async {
            interrupted().await;
            self.cancel.cancel();
            let has_file = self.target.out.is_some();
            tokio::time::sleep(if has_file { LAST_WORDS.0 } else { LAST_WORDS.1 }).await;
        };
        let exported = tokio::select! {
            exported = work => exported.map_err(picket_core::Error::from)?,
            () = cancelled => return Err(anyhow!("The export was interrupted. Begin it again for all rows.")),
        };
        match &self.target.out {
            Some(file) => self.report(file, exported, what),
            None => Ok(()),
        }
    }

    fn report(&self, file: &Path, exported: Exported, what: &str) -> Result<()> {
        if self.context.json {
            return output::json(&json!({
                "file": file,
                "rows": exported.rows,
                "bytes": exported.bytes,
            }));
        }
        output::text(&format!(
            "{} {what}, {} bytes in {}",
            exported.rows,
            exported.bytes,
            file.display()
        ))
    }
}
