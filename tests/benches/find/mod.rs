//! `bench find`: how fast issues are found among a million of them, each question beside the plainest statement that
//! reads what it answered, in the same run and on the same data.

mod deeds;
mod figures;
mod limits;
mod memory;
mod samples;

use crate::machine;
use anyhow::{Context, Result};
use clap::Args;
use figures::{Figure, timed};
use picket_core::clock::{Clock, SystemClock};
use picket_core::engine::find::{
    self, Asker, DEFAULT_QUERY, ListRequest, Scope, list_issues, prepare,
};
use picket_core::model::{Directory, IssueId};
use picket_core::paging::{Cursor, CursorValue, Limit};
use picket_core::search::window::{Bounds, PeriodParameters};
use picket_core::search::{Plan, Sort};
use picket_core::store::{Access, QueryStore, SearchStore, Store};
use picket_core::view::IssueOrder;
use picket_tests::fill::{Size, fill};
use picket_tests::postgres::Database;
use picket_tests::service;
use samples::Samples;

/// Measures how fast issues are found.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Issues of the store
    #[arg(long, default_value_t = 1_000_000)]
    issues: usize,
    /// Events of the store
    #[arg(long, default_value_t = 10_000_000)]
    events: usize,
    /// Same seed, same data
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Runs of a quick question, each with constants of its own; slow ones run fewer times
    #[arg(long, default_value_t = 40)]
    runs: usize,
    /// A store that is filled already, in place of fresh ones
    #[arg(long)]
    store: Option<String>,
    /// Measures only what is done with many issues: export, resolve, delete. A store that is given is changed, too
    #[arg(long)]
    deeds: bool,
}

pub async fn run(arguments: &Arguments) -> Result<()> {
    println!("{}", machine::describe());
    if let Some(url) = &arguments.store {
        measure(url, arguments).await?;
        if arguments.deeds {
            change(url, arguments).await?;
        }
        return Ok(());
    }
    let folder = tempfile::tempdir()?;
    let url = format!("sqlite://{}/picket.db", folder.path().display());
    filled("SQLite", &url, arguments).await?;
    drop(folder);
    if let Some(server) = service::postgres() {
        let database = Database::create(&server).await?;
        filled("PostgreSQL", database.url(), arguments).await?;
    }
    Ok(())
}

async fn filled(name: &str, url: &str, arguments: &Arguments) -> Result<()> {
    let size = Size {
        issues: arguments.issues,
        events: arguments.events,
        seed: arguments.seed,
        now: SystemClock.now(),
    };
    let (_, time) = timed(fill(url, &size)).await?;
    println!(
        "\n{name}: {} issues, {} events, filled in {:.0} s",
        size.issues,
        size.events,
        time.as_secs_f64()
    );
    measure(url, arguments).await?;
    change(url, arguments).await
}

async fn change(url: &str, arguments: &Arguments) -> Result<()> {
    let store = Store::open(url, Access::ReadWrite).await?;
    Bench::of(&store, arguments).await?.change(&store).await?;
    store.close().await;
    Ok(())
}

async fn measure(url: &str, arguments: &Arguments) -> Result<()> {
    let store = Store::open(url, Access::ReadOnly).await?;
    let bench = Bench::of(&store, arguments).await?;
    if !arguments.deeds {
        Figure::head();
        bench.pages().await?;
        bench.window().await?;
        bench.texts().await?;
        bench.tags().await?;
        bench.totals().await?;
    }
    bench.export().await?;
    store.close().await;
    Ok(())
}

struct Bench<'a> {
    store: &'a Store,
    scope: Scope,
    samples: Samples,
    directory: Directory,
    runs: usize,
    now: chrono::DateTime<chrono::Utc>,
}

impl<'a> Bench<'a> {
    async fn of(store: &'a Store, arguments: &Arguments) -> Result<Self> {
        Ok(Self {
            scope: Scope {
                projects: store.projects().await?,
                ..Scope::default()
            },
            samples: Samples::draw(store, arguments.runs).await?,
            directory: Directory::default(),
            runs: arguments.runs,
            now: SystemClock.now(),
            store,
        })
    }

    fn asker(&self) -> Asker<'_> {
        Asker {
            directory: &self.directory,
            me: None,
        }
    }

    /// The plan of a search text over the last 90 days, in all projects.
    async fn plan(&self, text: &str) -> Result<Plan> {
        let prepared = prepare(self.store, text, &self.scope, self.now).await?;
        let period = PeriodParameters::default().resolve(self.now)?;
        let plan = prepared.plan(&self.scope, Bounds::from(period), self.now);
        plan.context("the window is empty")
    }

    /// A page, and how many hits there are, at most a thousand.
    async fn page(&self, plan: &Plan, cursor: Option<Cursor>) -> Result<Vec<IssueId>> {
        self.hits(plan, cursor, true).await
    }

    async fn hits(
        &self,
        plan: &Plan,
        cursor: Option<Cursor>,
        counts: bool,
    ) -> Result<Vec<IssueId>> {
        let place = (Limit::PAGE, cursor);
        let found = self
            .store
            .hit_page(plan, Sort::Date, place, counts, self.now)
            .await?;
        Ok(found.page.rows.iter().map(|hit| hit.id).collect())
    }

    /// Measures the first page of searches: what a list shows first, and the same with its number of hits.
    async fn searches(&self, name: &str, text: impl Fn(usize) -> String) -> Result<()> {
        for (what, counts) in [("", false), (", counted", true)] {
            let figure = Figure::new(format!("{name}{what}"), 50.0);
            self.by_key(figure, self.runs, async |run| {
                let plan = self.plan(&text(run)).await?;
                self.hits(&plan, None, counts).await
            })
            .await?;
        }
        Ok(())
    }

    /// Measures a question whose limit is to read its issues by their keys.
    async fn by_key(
        &self,
        mut figure: Figure,
        runs: usize,
        mut ask: impl AsyncFnMut(usize) -> Result<Vec<IssueId>>,
    ) -> Result<()> {
        for run in 0..=runs {
            let (issues, time) = timed(ask(run % runs)).await?;
            let (_, limit) = timed(limits::by_key(self.store, &issues)).await?;
            // The first run only warms up.
            if run > 0 {
                figure.times.add(time);
                figure.limit.add(limit);
                figure.found = issues.len();
            }
        }
        figure.say();
        Ok(())
    }

    async fn pages(&self) -> Result<()> {
        let plan = self.plan(DEFAULT_QUERY).await?;
        self.by_key(Figure::new("first page", 10.0), self.runs, async |_| {
            self.page(&plan, None).await
        })
        .await?;
        let projects = &self.scope.projects;
        self.by_key(
            Figure::new("first page of one project", 10.0),
            self.runs,
            async |run| {
                let project = &projects[run % projects.len()];
                let plan = Plan {
                    projects: Some(vec![project.id.0]),
                    ..plan.clone()
                };
                self.page(&plan, None).await
            },
        )
        .await?;
        let cursors = self.cursors(&plan).await?;
        self.by_key(Figure::new("deep page", 10.0), self.runs, async |run| {
            self.page(&plan, Some(cursors[run % cursors.len()])).await
        })
        .await?;
        let before = self.before(&plan, &cursors).await?;
        self.by_key(
            Figure::new("deep page, backwards", 10.0),
            self.few(),
            async |run| self.page(&plan, Some(before[run % before.len()])).await,
        )
        .await?;
        for (name, collapse) in [
            (
                "first page, serialised without numbers",
                vec!["stats".to_owned()],
            ),
            ("first page, serialised", Vec::new()),
        ] {
            let request = ListRequest {
                collapse,
                ..ListRequest::default()
            };
            self.by_key(Figure::new(name, None), self.few(), async |_| {
                self.listed(&request).await
            })
            .await?;
        }
        let request = ListRequest {
            query: Some("is:unresolved is:for_review".to_owned()),
            sort: Some("inbox".to_owned()),
            collapse: vec!["stats".to_owned()],
            ..ListRequest::default()
        };
        self.by_key(
            Figure::new("first page of the inbox", 10.0),
            self.runs,
            async |_| self.listed(&request).await,
        )
        .await
    }

    async fn listed(&self, request: &ListRequest) -> Result<Vec<IssueId>> {
        let list = list_issues(self.store, request, self.asker(), self.now).await?;
        let ids = list
            .issues
            .iter()
            .map(|issue| Ok(IssueId(issue.id.parse()?)));
        ids.collect()
    }

    /// Places all over a list, none of them on its first page: nothing stands before that.
    async fn cursors(&self, plan: &Plan) -> Result<Vec<Cursor>> {
        let hits = self.store.all_hits(plan, Sort::Date, self.now).await?;
        anyhow::ensure!(!hits.is_empty(), "the list is empty");
        let places = (0..self.runs).map(|run| {
            // In the middle of a part of the list each.
            let hit = hits[hits.len() * (2 * (run * 7 % self.runs) + 1) / (2 * self.runs)];
            Cursor {
                value: CursorValue::Integer(hit.score),
                ..Cursor::new(0, 0, false)
            }
        });
        Ok(places.collect())
    }

    /// What leads from pages to those before them.
    async fn before(&self, plan: &Plan, cursors: &[Cursor]) -> Result<Vec<Cursor>> {
        let mut before = Vec::new();
        for cursor in cursors.iter().take(self.few()) {
            let place = (Limit::PAGE, Some(*cursor));
            let found = self
                .store
                .hit_page(plan, Sort::Date, place, false, self.now);
            before.push(found.await?.page.prev.cursor);
        }
        Ok(before)
    }

    fn few(&self) -> usize {
        (self.runs / 4).max(3)
    }

    async fn window(&self) -> Result<()> {
        let snapshot = find::snapshot(
            self.store,
            "is:unresolved",
            IssueOrder::default(),
            self.asker(),
            self.now,
        );
        let ids: Vec<IssueId> = snapshot
            .await?
            .ids
            .iter()
            .map(|id| Ok(IssueId(id.parse()?)))
            .collect::<Result<_>>()?;
        let shown = |run: usize| {
            let pages = (ids.len() / 100).max(1);
            let page = run * 7919 % pages * 100;
            ids[page..(page + 100).min(ids.len())].to_vec()
        };
        self.by_key(
            Figure::new("window: first hundred rows", 10.0),
            self.few(),
            async |_| {
                let shown = shown(0);
                find::rows(self.store, &shown, Some(1), self.now).await?;
                Ok(shown)
            },
        )
        .await?;
        self.by_key(
            Figure::new("window: a hundred rows anywhere", 10.0),
            self.runs,
            async |run| {
                let shown = shown(run + 1);
                find::rows(self.store, &shown, Some(1), self.now).await?;
                Ok(shown)
            },
        )
        .await
    }

    async fn texts(&self) -> Result<()> {
        for (name, texts) in [
            ("three letters", &self.samples.short),
            ("twelve letters", &self.samples.long),
        ] {
            self.searches(name, |run| quoted(&texts[run])).await?;
        }
        self.by_key(
            Figure::new("window: ids of twelve letters", None),
            self.few(),
            async |run| {
                let text = quoted(&self.samples.long[run]);
                self.snapshot(&text).await
            },
        )
        .await
    }

    async fn snapshot(&self, text: &str) -> Result<Vec<IssueId>> {
        let sort = IssueOrder::default();
        let snapshot = find::snapshot(self.store, text, sort, self.asker(), self.now).await?;
        let ids = snapshot.ids.iter();
        ids.map(|id| Ok(IssueId(id.parse()?))).collect()
    }

    async fn tags(&self) -> Result<()> {
        for (name, range) in [
            ("two tags and a time", "first_seen:-60d"),
            ("two tags and a number of events", "times_seen:>3"),
        ] {
            self.searches(name, |run| {
                let (browser, customer) = &self.samples.tags[run];
                format!("browser.name:\"{browser}\" customer:{customer} {range}")
            })
            .await?;
        }
        Ok(())
    }

    async fn totals(&self) -> Result<()> {
        let plan = self.plan(DEFAULT_QUERY).await?;
        let mut figure = Figure::new("exact count", 100.0);
        for _ in 0..self.few() {
            let count = async { Ok(self.store.count_hits(&plan, None).await?) };
            let (found, time) = timed(count).await?;
            let (_, limit) = timed(limits::count(self.store)).await?;
            figure.times.add(time);
            figure.limit.add(limit);
            figure.found = usize::try_from(found)?;
        }
        figure.say();
        let everything = Plan::everything();
        for (name, plan) in [
            ("snapshot: ids of all issues", &everything),
            ("snapshot: ids of the usual search", &plan),
        ] {
            let mut figure = Figure::new(name, 600.0);
            for _ in 0..self.few() {
                let all = async { Ok(self.store.all_hits(plan, Sort::Date, self.now).await?) };
                let (found, time) = timed(all).await?;
                let (_, limit) = timed(limits::all(self.store)).await?;
                figure.times.add(time);
                figure.limit.add(limit);
                figure.found = found.len();
            }
            figure.say();
        }
        let mut figure = Figure::new("window: snapshot and exact count", 600.0);
        for _ in 0..self.few() {
            let (found, time) = timed(self.snapshot("is:unresolved")).await?;
            let (_, limit) = timed(limits::all(self.store)).await?;
            figure.times.add(time);
            figure.limit.add(limit);
            figure.found = found.len();
        }
        figure.say();
        Ok(())
    }
}

fn quoted(text: &str) -> String {
    format!("\"{text}\"")
}
