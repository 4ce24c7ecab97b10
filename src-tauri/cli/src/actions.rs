//! What changes issues from a command line: which issues are meant, who asks, and how it is carried out in front of
//! somebody.

use crate::args::{MeantArgs, in_flags};
use crate::context::Context;
use crate::feed::interrupted;
use crate::output::{self, issues_in_words};
use crate::search::Searcher;
use anyhow::{Result, anyhow, bail};
use chrono::{DateTime, TimeDelta, Utc};
use indicatif::ProgressBar;
use picket_core::engine::bulk::{
    self, Action, BulkError, JobReport, MOST_BY_ID, Origin, Progress, Rules, Scope,
};
use picket_core::engine::desk;
use picket_core::engine::find::{DEFAULT_QUERY, Deed, Reach, action_hits};
use picket_core::model::{Directory, IssueId, ProjectId};
use picket_core::store::{ActionStore, Job, Store};
use picket_core::view::{Selection, SelectionSummary, SkippedIssue};
use std::collections::BTreeMap;
use std::io::{IsTerminal, stderr};
use tokio_util::sync::CancellationToken;

/// Transactions of purging that a command makes on the side.
const A_LITTLE: u32 = 20;
/// Issues of a reason that are named for a person.
const MOST_NAMED: usize = 10;

/// Somebody at work on a store.
pub struct Desk<'a> {
    store: &'a Store,
    searcher: Searcher<'a>,
    rules: Rules,
    now: DateTime<Utc>,
}

/// The issues of one request.
pub struct Meant {
    pub ids: Vec<IssueId>,
    /// The selected projects; none for all.
    projects: Vec<ProjectId>,
    /// Issues that were named and are not of these projects.
    outside: Vec<IssueId>,
    /// The search that found them; nothing where they were named.
    query: Option<String>,
}

impl<'a> Desk<'a> {
    pub async fn new(context: &Context, store: &'a Store) -> Result<Self> {
        Ok(Self {
            store,
            searcher: Searcher::new(context, store).await?,
            rules: Rules::from(&context.settings.triage),
            now: context.clock.now(),
        })
    }

    /// As the arguments allow.
    pub fn allowing(mut self, meant: &MeantArgs) -> Self {
        self.rules.allow_non_error |= meant.non_error;
        self
    }

    pub fn me(&self) -> Option<i64> {
        self.searcher.asker().me
    }

    pub fn directory(&self) -> &Directory {
        self.searcher.asker().directory
    }

    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    pub fn now(&self) -> DateTime<Utc> {
        self.now
    }

    pub fn context(&self) -> bulk::Context<'_> {
        bulk::Context {
            now: self.now,
            actor: self.me(),
            directory: self.directory(),
            rules: self.rules,
            origin: Origin::default(),
        }
    }

    /// The issues that arguments mean.
    pub async fn find(&self, which: &MeantArgs, deed: Deed) -> Result<Meant> {
        let request = self
            .searcher
            .within(which.request(), &which.within.project)?;
        let projects: Vec<ProjectId> = request.project.iter().copied().map(ProjectId).collect();
        let names = &which.issues.id;
        if names.is_empty() {
            let asker = self.searcher.asker();
            let hits =
                action_hits(self.store, &request, (Reach::Always, deed), asker, self.now).await;
            return match hits {
                Ok(hits) => Ok(Meant {
                    ids: hits.ids().to_vec(),
                    projects,
                    outside: Vec::new(),
                    query: Some(request.query.unwrap_or_else(|| DEFAULT_QUERY.to_owned())),
                }),
                Err(error) => Err(self.searcher.refusal(&request, error).await),
            };
        }
        if names.len() > MOST_BY_ID {
            bail!(
                "--id names {} issues, and can name {MOST_BY_ID}. Find them with --query.",
                names.len()
            );
        }
        let named = self.searcher.issues(names).await?;
        let heads = self.store.issue_heads(&named).await;
        let heads = heads.map_err(picket_core::Error::from)?;
        let is_elsewhere = |id: &IssueId| {
            let head = heads.iter().find(|head| head.id == *id);
            let selected = |project| projects.is_empty() || projects.contains(&project);
            head.is_some_and(|head| !selected(head.project))
        };
        let (outside, ids) = named.into_iter().partition(is_elsewhere);
        Ok(Meant {
            ids,
            projects,
            outside,
            query: None,
        })
    }

    /// What the issues amount to, in exact numbers.
    pub async fn amount(&self, meant: &Meant) -> Result<SelectionSummary> {
        let selection = Selection::Some {
            ids: meant.ids.iter().map(ToString::to_string).collect(),
        };
        let (asker, delay) = (self.searcher.asker(), self.rules.purge_delay);
        let chosen = (&selection).into();
        let summary = desk::summary(self.store, &chosen, asker, delay, self.now).await;
        Ok(summary.map_err(picket_core::Error::from)?)
    }

    /// Does it, in committed parts, with a bar on a terminal. An interrupt ends it after the part that is under way.
    pub async fn carry_out(&self, meant: &Meant, action: &Action) -> Result<JobReport> {
        let scope = Scope {
            projects: &meant.projects,
            ids: &meant.ids,
        };
        let bar = output::bar(meant.ids.len() as u64, stderr().is_terminal());
        let progress = |progress| show(&bar, progress);
        let origin = Origin {
            query: meant.query.as_deref(),
            is_automatic: false,
        };
        let context = bulk::Context {
            origin,
            ..self.context()
        };
        let cancel = CancellationToken::new();
        let work = bulk::run(self.store, scope, action, &context, progress, &cancel);
        let report = until_interrupted(work, &cancel).await;
        bar.finish_and_clear();
        report.map_err(|error| self.refusal(error))
    }

    /// Goes on with a job, as [`Self::carry_out`] does something.
    pub async fn go_on(&self, job: &Job) -> Result<JobReport> {
        let bar = output::bar(job.total, stderr().is_terminal());
        bar.set_position(job.done);
        let progress = |progress| show(&bar, progress);
        let (context, cancel) = (self.context(), CancellationToken::new());
        let work = bulk::resume(self.store, job.id, &context, progress, &cancel);
        let report = until_interrupted(work, &cancel).await;
        bar.finish_and_clear();
        report.map_err(|error| self.refusal(error))
    }

    /// Lets the data of deletes go whose time is over, as a window does beside its work: all of it after a delete that
    /// has no time to be taken back, else a little. An interrupt ends it; the rest goes another time. What was asked for
    /// is done and told by now, so that a store that fails at this is a warning.
    pub async fn purge(&self, deletes: bool) {
        let is_due = deletes && self.rules.purge_delay <= TimeDelta::zero();
        let steps = if is_due { u32::MAX } else { A_LITTLE };
        tokio::select! {
            purged = bulk::purge_within(self.store, self.now, steps) => {
                if let Err(error) = purged {
                    let error = picket_core::Error::from(error);
                    eprintln!(
                        "picketctl: the data of earlier deletes is not erased yet; the next change tries again. {}",
                        error.to_string().replace('\n', " ")
                    );
                }
            }
            () = interrupted() => {}
        }
    }

    /// A refused action in the words of the command line.
    fn refusal(&self, error: BulkError) -> anyhow::Error {
        let bad = match error {
            BulkError::Bad(bad) => bad,
            BulkError::Store(_) => return picket_core::Error::from(error).into(),
        };
        let mut words = in_flags(&bad);
        match bad.parameter.as_str() {
            "assignedTo" => words.push_str(&self.who_there_is()),
            "id" | "merge" | "discard" if !self.rules.allow_non_error => {
                words.push_str(". Say --non-error to allow others");
            }
            _ => {}
        }
        anyhow!("{words}.")
    }

    fn who_there_is(&self) -> String {
        let directory = self.directory();
        let users = directory.users.iter().filter(|user| user.is_member);
        let names = users.map(|user| user.username.clone());
        let teams = directory
            .teams
            .iter()
            .map(|team| format!("team:{}", team.id));
        let names: Vec<String> = names.chain(teams).collect();
        match &names[..] {
            [] => ". There is nobody: name members and teams in the settings".to_owned(),
            names => format!(". There are: {}", names.join(", ")),
        }
    }

    /// Says to a person which issues were left as they were, and why.
    pub async fn print_skipped(&self, skipped: &[SkippedIssue]) -> Result<()> {
        let mut by_reason: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for issue in skipped {
            let ids = by_reason.entry(issue.reason.as_str()).or_default();
            ids.push(issue.id.as_str());
        }
        for (reason, ids) in by_reason {
            let named = &ids[..ids.len().min(MOST_NAMED)];
            let numbers: Vec<IssueId> = named.iter().filter_map(|id| id.parse().ok()).collect();
            let names = desk::short_ids(self.store, &numbers, self.now).await?;
            let name = |id: &IssueId| names.get(id).cloned().unwrap_or_else(|| id.to_string());
            let mut words: Vec<String> = numbers.iter().map(name).collect();
            if ids.len() > named.len() {
                words.push(format!("and {} more", ids.len() - named.len()));
            }
            let (count, words) = (issues_in_words(ids.len() as u64), words.join(", "));
            output::text(&format!("  {count} left alone, {reason}: {words}"))?;
        }
        Ok(())
    }
}

impl Meant {
    /// The issues that were left as they were.
    pub fn skipped(&self, report: &JobReport) -> Vec<SkippedIssue> {
        let outside = self.outside.iter().map(|id| SkippedIssue {
            id: id.to_string(),
            reason: "it is of none of the selected projects".to_owned(),
        });
        outside.chain(skipped(report)).collect()
    }
}

/// The issues that an action left as they were.
pub fn skipped(report: &JobReport) -> impl Iterator<Item = SkippedIssue> {
    report.skipped.iter().map(|(id, why)| SkippedIssue {
        id: id.to_string(),
        reason: why.to_string(),
    })
}

/// Shows how far work is.
pub fn show(bar: &ProgressBar, progress: Progress) {
    bar.set_length(progress.total);
    bar.set_position(progress.done);
}

/// Waits for work. An interrupt lets it end after the part that is under way.
pub async fn until_interrupted<T>(work: impl Future<Output = T>, cancel: &CancellationToken) -> T {
    tokio::pin!(work);
    tokio::select! {
        done = &mut work => done,
        () = interrupted() => {
            cancel.cancel();
            work.await
        }
    }
}

/// How to take an entry of the journal back.
pub fn undo_words(entry: i64) -> String {
    format!("picketctl undo {entry}")
}

/// How to go on with a job.
pub fn resume_words(job: i64) -> String {
    format!("picketctl jobs --resume {job}")
}

/// What an interrupted action says after its report.
pub fn interrupted_words(report: &JobReport) -> anyhow::Error {
    let rest = match report.job {
        Some(job) => format!("Go on with: {}", resume_words(job)),
        None => "Run it again for the rest".to_owned(),
    };
    let mut words = format!(
        "Interrupted: {} done, {} not reached. {rest}",
        issues_in_words(report.changed),
        report.remaining
    );
    if let Some(entry) = report.journal {
        words.push_str(", or take back what is done: ");
        words.push_str(&undo_words(entry));
    }
    anyhow!(words)
}

/// Arguments that cannot be carried out without being sure.
pub fn unsure(summary: &SelectionSummary) -> anyhow::Error {
    anyhow!(
        "This is about {}. Nothing has changed: say --yes to go on, or narrow the search.",
        amount_in_words(summary)
    )
}

/// How much it is.
pub fn amount_in_words(summary: &SelectionSummary) -> String {
    let projects: Vec<String> = summary
        .by_project
        .iter()
        .map(|of| format!("{} {}", of.project, output::whole(of.issues)))
        .collect();
    let occurrences = match output::whole(summary.occurrences) {
        1 => "1 occurrence".to_owned(),
        many => format!("{many} occurrences"),
    };
    format!(
        "{} with {occurrences} ({})",
        issues_in_words(output::whole(summary.issues)),
        projects.join(", ")
    )
}
