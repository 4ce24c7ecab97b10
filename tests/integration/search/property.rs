//! Both stores find what the specification says, whatever the rows and the search: the same issues in the same order,
//! on the same pages, as the plain loops of [`super::model`].

use super::generate::{self, ENVIRONMENTS, now};
use super::model::{Asked, Model, SORTS};
use super::shelf::{Place, Shelf, ids, in_memory, on_postgres};
use super::terms;
use crate::properties::{block_on, cases};
use chrono::TimeDelta;
use picket_core::engine::find::{self, ListRequest};
use picket_core::model::{GroupType, Level};
use picket_core::paging::{Limit, ScorePager};
use picket_core::query::{Node, SearchConfig, print_tree};
use picket_core::search::window::TimeWindow;
use picket_core::view::{IssueOrder, IssueSort};
use picket_tests::rows::format::HolderRow;
use picket_tests::rows::{self, Data};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use proptest::test_runner::Config;
use std::cmp::Reverse;
use std::collections::HashMap;

#[derive(Clone)]
struct Question {
    tree: Node,
    projects: Vec<i64>,
    environments: Vec<&'static str>,
    period: Option<(&'static str, TimeDelta)>,
    limit: i64,
}

fn question() -> impl Strategy<Value = Question> {
    let periods = [
        ("30m", TimeDelta::minutes(30)),
        ("24h", TimeDelta::hours(24)),
        ("14d", TimeDelta::days(14)),
    ];
    (
        terms::tree(),
        subsequence(vec![1, 2, 3], 1..=3),
        prop_oneof![2 => Just(Vec::new()), 1 => subsequence(ENVIRONMENTS.to_vec(), 1..=3)],
        prop_oneof![2 => Just(None), 1 => select(periods.to_vec()).prop_map(Some)],
        1..12_i64,
    )
        .prop_map(|(tree, projects, environments, period, limit)| Question {
            tree,
            projects,
            environments,
            period,
            limit,
        })
}

impl std::fmt::Debug for Question {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "`{}` in {:?} {:?} {} by {}",
            print_tree(&self.tree, &SearchConfig::issues()),
            self.projects,
            self.environments,
            self.period.map_or("90d", |(text, _)| text),
            self.limit
        )
    }
}

impl Question {
    fn asked(&self, sort: &'static str) -> Asked {
        let length = self
            .period
            .map_or(TimeDelta::days(90), |(_, length)| length);
        let environments = self.environments.iter();
        Asked {
            projects: self.projects.clone(),
            environments: (!self.environments.is_empty())
                .then(|| environments.map(|&name| name.to_owned()).collect()),
            start: now() - length,
            end: now(),
            keep: now() - TimeDelta::days(90),
            sort,
        }
    }

    /// Only the environments that some event has are known, and `project:shop` is an error where that is not selected.
    fn may_be_refused(&self, code: Option<&str>) -> bool {
        match code {
            Some("not_found") => !self.environments.is_empty(),
            Some("unknown_project") => !self.projects.contains(&1),
            _ => false,
        }
    }

    fn told(
        &self,
        shelf: &Shelf,
        sort: &str,
        found: &dyn std::fmt::Debug,
        hits: &[(i64, i64)],
    ) -> String {
        let store = if shelf.is_sqlite() {
            "SQLite"
        } else {
            "PostgreSQL"
        };
        format!("{store}, sort {sort}: {self:?}\n  {found:?}\n  of {hits:?}")
    }

    fn request(&self, sort: &str) -> ListRequest {
        ListRequest {
            query: Some(print_tree(&self.tree, &SearchConfig::issues())),
            project: self.projects.clone(),
            environment: self
                .environments
                .iter()
                .map(|&name| name.to_owned())
                .collect(),
            sort: Some(sort.to_owned()),
            limit: Some(self.limit.to_string()),
            stats_period: self.period.map(|(text, _)| text.to_owned()),
            collapse: vec!["stats".to_owned()],
            ..ListRequest::default()
        }
    }
}

/// Follows `next` from the first page to the last, and `prev` from there once. Says where a page is not that of the
/// model.
async fn difference(
    shelf: &Shelf,
    question: &Question,
    sort: &'static str,
    model: &Model<'_>,
) -> Option<String> {
    let hits = model.hits(&question.tree, &question.asked(sort));
    let limit = Limit::new(question.limit, 100).unwrap();
    let mut request = question.request(sort);
    let mut cursor = None;
    let mut turned = false;
    loop {
        let list = match shelf.list(&request).await {
            Ok(list) => list,
            Err(error) if question.may_be_refused(error.code()) => return None,
            Err(error) => return Some(question.told(shelf, sort, &error, &hits)),
        };
        let page = ScorePager::of_issues(limit, cursor).page(&hits);
        let count = Some(hits.len() as u64);
        if (ids(&list), list.prev, list.next, list.hits) != (page.rows, page.prev, page.next, count)
        {
            let found = (cursor, ids(&list), list.prev, list.next, list.hits);
            return Some(question.told(shelf, sort, &found, &hits));
        }
        let follow = if list.next.results && !turned {
            list.next
        } else if list.prev.results && !turned {
            turned = true;
            list.prev
        } else {
            return None;
        };
        // A cursor of the score 0 means the first page (10.3): there is no way on to issues without users.
        if follow.cursor.value.is_zero() {
            return None;
        }
        cursor = Some(follow.cursor);
        request.cursor = Some(follow.cursor.to_string());
    }
}

/// The window's list, over all projects and all time, against a sort of the rows of the issues that the model finds.
async fn difference_in_window(
    shelf: &Shelf,
    question: &Question,
    order: IssueOrder,
    model: &Model<'_>,
) -> Option<String> {
    let everything = |sort| Asked {
        projects: shelf
            .data
            .projects
            .iter()
            .map(|project| project.id)
            .collect(),
        environments: None,
        start: TimeWindow::ALWAYS.start,
        end: TimeWindow::ALWAYS.end,
        keep: TimeWindow::ALWAYS.start,
        sort,
    };
    let hits = |sort| model.hits(&question.tree, &everything(sort));
    let score = |hits: Vec<(i64, i64)>| -> HashMap<i64, i64> {
        hits.into_iter().map(|(score, id)| (id, score)).collect()
    };
    let (users, trends) = (score(hits("user")), score(hits("trends")));
    let found = shelf.data.issues.iter();
    let mut rows: Vec<_> = found.filter(|row| users.contains_key(&row.id)).collect();
    let newest = rows::newest_events(&shelf.data);
    let text = |text: &str| (0, text.to_ascii_lowercase(), 0);
    let text_if = |known: Option<&str>| known.map_or((1, String::new(), 0), text);
    rows.sort_by_cached_key(|row| {
        let newest = newest.get(&row.id);
        let project = || {
            let mut projects = shelf.data.projects.iter();
            &projects.find(|one| one.id == row.project).unwrap().slug
        };
        let known = || GroupType::by_slug(&row.issue_type).unwrap();
        let keys = order.keys().map(|key| {
            let number = |number: i64| (number, String::new(), 0);
            let value = match key.by {
                IssueSort::LastSeen => number(row.last_seen.timestamp_micros()),
                IssueSort::FirstSeen => number(row.first_seen.timestamp_micros()),
                IssueSort::Events => number(row.times_seen),
                IssueSort::Users => number(users[&row.id]),
                IssueSort::Trends => number(trends[&row.id]),
                IssueSort::Title => text(newest.map_or("", |event| &event.message)),
                IssueSort::Project => text(project()),
                IssueSort::Level => {
                    let level = newest.and_then(|event| Level::from_word(&event.level));
                    number(level.unwrap_or(Level::Error).number().into())
                }
                IssueSort::Priority => number(row.priority.unwrap_or(0).into()),
                IssueSort::Status => number(standing(row.status, row.substatus)),
                IssueSort::Type => text(known().description),
                // They are put in without one, and so without labels and releases of their own.
                IssueSort::Platform | IssueSort::Note => number(0),
                IssueSort::Assignee => {
                    let mut holders = shelf.data.assignees.iter();
                    let holder = holders.find(|holder| holder.issue == row.id);
                    let name = holder.map(|holder| holder_name(&shelf.data, holder));
                    name.map_or((1, String::new(), 0), |name| text(&name))
                }
                IssueSort::Environment => {
                    let seen_in = shelf.data.issue_environments.iter();
                    let names = seen_in.filter(|seen| seen.issue == row.id);
                    text_if(names.map(|seen| &*seen.environment).min())
                }
                IssueSort::FirstRelease => text_if(row.first_release.as_deref()),
                IssueSort::Labels | IssueSort::LastRelease => text_if(None),
                IssueSort::ShortId => (0, project().to_ascii_lowercase(), row.short_id),
            };
            if key.ascending {
                (Some(value.clone()), None)
            } else {
                (None, Some(Reverse(value)))
            }
        });
        (keys.collect::<Vec<_>>(), Reverse((row.last_seen, row.id)))
    });
    let expected: Vec<String> = rows.iter().map(|row| row.id.to_string()).collect();
    let text = print_tree(&question.tree, &SearchConfig::issues());
    let listed = find::snapshot(&*shelf.store, &text, order, shelf.asker(), now()).await;
    let ids = match listed {
        Ok(listed) => listed.ids,
        Err(error) => return Some(question.told(shelf, &order.to_string(), &error, &[])),
    };
    (ids != expected).then(|| {
        let found = (ids, expected);
        question.told(shelf, &order.to_string(), &found, &hits("date"))
    })
}

/// How much an issue needs somebody.
fn standing(status: i16, substatus: Option<i16>) -> i64 {
    match (status, substatus) {
        (_, Some(2)) => 9,
        (_, Some(6)) => 8,
        (_, Some(7)) => 7,
        (_, Some(3)) | (0, None) => 6,
        (_, Some(1)) => 5,
        (_, Some(4)) => 4,
        (2, None) => 3,
        (_, Some(5)) => 2,
        (1, None) => 1,
        _ => 0,
    }
}

/// What the list calls who has an issue.
fn holder_name(data: &Data, holder: &HolderRow) -> String {
    let mut members = data.members.iter();
    let member = members.find(|member| Some(member.id) == holder.member);
    let mut teams = data.teams.iter();
    let team = teams.find(|team| Some(team.id) == holder.team);
    match member {
        Some(member) => member.username.clone(),
        None => format!("#{}", team.unwrap().slug),
    }
}

/// Orders of the window's list.
const ORDERS: [&str; 18] = [
    "events,first_seen:asc",
    "users,events:asc",
    "last_seen:asc",
    "events:asc,users,last_seen:asc",
    "trends,events,users:asc",
    "first_seen,last_seen:asc",
    "title:asc",
    "assignee:asc,title",
    "status,priority,level",
    "short_id",
    "project:asc,type:asc,short_id:asc",
    "trends,title:asc,level:asc",
    "users,status:asc,assignee",
    "platform:asc,priority:asc",
    "level,events:asc,project",
    "type,first_seen:asc",
    "environment:asc,first_release",
    "labels,last_release:asc,note",
];

async fn differences(place: &Place, data: &Data, questions: &[Question]) -> Vec<String> {
    let shelf = place.shelf(data.clone()).await;
    let model = Model::of(data);
    let mut differences = Vec::new();
    for (number, question) in questions.iter().enumerate() {
        // Each question in the order by date, and in one other.
        for sort in [SORTS[0], SORTS[1 + number % 4]] {
            differences.extend(difference(&shelf, question, sort, &model).await);
        }
        let order = ORDERS[number % ORDERS.len()].parse().unwrap();
        differences.extend(difference_in_window(&shelf, question, order, &model).await);
    }
    differences
}

proptest! {
    // A failure is found again by running many searches, so it is made smaller a little only.
    #![proptest_config(Config { max_shrink_iters: 60, ..cases(10) })]

    #[test]
    fn both_stores_find_what_the_specification_says(
        data in generate::rows(30, 120),
        questions in prop::collection::vec(question(), 40),
    ) {
        let mut found = Vec::new();
        block_on(in_memory(async |place: &Place| {
            found.extend(differences(place, &data.0, &questions).await);
        }));
        block_on(on_postgres(async |place: &Place| {
            found.extend(differences(place, &data.0, &questions).await);
        }));
        prop_assert!(found.is_empty(), "{}", found.join("\n"));
    }
}
