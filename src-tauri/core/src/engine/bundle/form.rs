//! What lines say, checked and in the words of this program.

use super::BundleHead;
use super::shape::{AssigneeForm, HeadForm, IssueForm, OccurrenceForm, ProjectForm};
use crate::decode::{
    StoredOccurrence, compress, read_stored_event, read_stored_occurrence, stored_light_facts,
};
use crate::model::{
    Activity, ActivityKind, Assignee, Event, EventBody, EventFacts, EventId, GroupHash, GroupType,
    InboxEntry, InboxReason, Issue, IssueState, IssueStatus, Label, Level, OccurrenceId, Priority,
    ProjectId, Resolution, ResolutionKind, ResolutionStatus, Snooze, Substatus, USER_TAG, cut,
    parse_short_id,
};
use crate::view::BundleView;
use chrono::{DateTime, Datelike, Utc};
use serde::Deserialize;
use serde_json::{Map, Value};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// Longest slug of a project, in bytes.
const MOST_SLUG_BYTES: usize = 100;
/// Longest search of a view, in bytes.
const MOST_QUERY_BYTES: usize = 10_000;
/// Texts of an issue are cut to what the pipeline would keep of them, in bytes.
const MOST_TEXT_BYTES: usize = 255;
/// Largest number of an issue in its project: far above any that was ever given.
const LARGEST_NUMBER: i64 = 1 << 50;
/// Numbers of people who are known by name only begin here, so that they are nobody else's.
const FIRST_NAMELESS: i64 = 1 << 40;

/// What is wrong with a line.
type Problem = String;

/// An issue to be stored.
#[derive(Debug, Clone)]
pub(super) struct NewIssue {
    /// Its id in the store it comes from, by which its occurrences name it.
    pub id: String,
    pub slug: String,
    /// Its number in the project.
    pub number: i64,
    pub hashes: Vec<GroupHash>,
    pub state: IssueState,
    /// Who did what the activities of `state` say, by name and in their order.
    pub actors: Vec<Option<String>>,
}

/// An occurrence to be stored.
#[derive(Debug, Clone)]
pub(super) struct NewOccurrence {
    /// Id of its issue in the store it comes from.
    pub issue: String,
    pub id: OccurrenceId,
    pub project: ProjectId,
    pub event_id: EventId,
    pub time: DateTime<Utc>,
    pub environment: String,
    pub release: Option<String>,
    pub user: Option<String>,
    pub record: Arc<[u8]>,
    /// Type, time and body of its event; nothing for a light one.
    pub event: Option<(String, DateTime<Utc>, EventBody)>,
    /// Tags of a light event.
    pub light_tags: Vec<(String, String)>,
    pub facts: Arc<EventFacts>,
    /// The line it stands in, from 1.
    pub line: u64,
}

/// Somebody who is named.
#[derive(Debug, Clone)]
pub(super) struct Person {
    pub who: Assignee,
    pub name: String,
    pub email: Option<String>,
}

/// What the first line says.
pub(super) fn head(data: Value) -> Result<BundleHead, Problem> {
    let form: HeadForm = read(data)?;
    Ok(BundleHead {
        made: sane(form.made)?,
        issues: form.issues,
        occurrences: form.occurrences,
        is_redacted: form.redacted.values().any(|&is_on| is_on),
        // A list can look otherwise than somebody wished; it is no reason not to show it.
        view: serde_json::from_value::<Option<BundleView>>(form.view)
            .unwrap_or_default()
            .filter(is_usable),
    })
}

/// Whether a list can look so: nobody types a longer search, and no column stands there twice.
fn is_usable(view: &BundleView) -> bool {
    let columns = view.columns.as_deref().unwrap_or_default();
    let is_new = |(at, column)| !columns.iter().take(at).any(|other| other == column);
    view.query.len() <= MOST_QUERY_BYTES && columns.iter().enumerate().all(is_new)
}

/// What has been read so far, by which it is seen whether the next line fits.
#[derive(Default)]
pub(super) struct Reading {
    /// Projects of issues, by the id they had.
    issues: HashMap<String, ProjectId>,
    numbers: HashSet<(ProjectId, i64)>,
    hashes: HashSet<(ProjectId, GroupHash)>,
    slugs: HashMap<ProjectId, String>,
    occurrences: HashSet<(ProjectId, OccurrenceId)>,
    people: HashMap<Assignee, Person>,
    by_name: HashMap<String, i64>,
}

impl Reading {
    /// Everybody who was named, once all issues are read: whoever has one issue is known by number then, also where
    /// another one only names them.
    pub(super) fn people(&mut self, issues: &mut [NewIssue]) -> Vec<Person> {
        for NewIssue { state, actors, .. } in issues {
            for (activity, actor) in state.activities.iter_mut().zip(actors) {
                activity.actor = actor.as_deref().map(|name| self.actor(name));
            }
        }
        std::mem::take(&mut self.people).into_values().collect()
    }

    pub(super) fn issue(&mut self, data: Value) -> Result<NewIssue, Problem> {
        let form: IssueForm = read(data)?;
        let project = self.project(&form.project)?;
        let named = parse_short_id(&form.short_id);
        let number = named.filter(|(slug, number)| {
            *slug == form.project.slug.to_lowercase() && (1..LARGEST_NUMBER).contains(number)
        });
        let Some((_, number)) = number else {
            return Err("its short id is none of its project".to_owned());
        };
        if !self.numbers.insert((project, number)) {
            return Err("its short id stands there twice".to_owned());
        }
        if self.issues.insert(form.id.clone(), project).is_some() {
            return Err("its id stands there twice".to_owned());
        }
        let mut hashes = Vec::new();
        for text in &form.state.hashes {
            let hash = text.parse().map_err(|_| "a hash of it is none")?;
            if !self.hashes.insert((project, hash)) {
                return Err("a hash of it stands there twice".to_owned());
            }
            hashes.push(hash);
        }
        let (state, actors) = self.state(project, &form)?;
        Ok(NewIssue {
            id: form.id,
            slug: form.project.slug,
            number,
            hashes,
            state,
            actors,
        })
    }

    fn project(&mut self, form: &ProjectForm) -> Result<ProjectId, Problem> {
        let id: ProjectId = form.id.parse().map_err(|_| "its project has no number")?;
        let slug = &form.slug;
        let is_odd = |char: char| char.is_control() || char.is_whitespace();
        if id.0 <= 0 || slug.is_empty() || slug.len() > MOST_SLUG_BYTES || slug.contains(is_odd) {
            return Err("its project cannot be".to_owned());
        }
        let is_taken = self
            .slugs
            .iter()
            .any(|(other, name)| *other != id && name.eq_ignore_ascii_case(slug));
        let known = self.slugs.entry(id).or_insert_with(|| slug.clone());
        if is_taken || known != slug {
            return Err("two projects have one name, or one has two".to_owned());
        }
        Ok(id)
    }

    /// An issue with the rows beside it, and the actors of its activities.
    fn state(
        &mut self,
        project: ProjectId,
        form: &IssueForm,
    ) -> Result<(IssueState, Vec<Option<String>>), Problem> {
        let group_type =
            GroupType::by_slug(&form.issue_type).ok_or("its type is not known here")?;
        let (status, substatus) = standing(&form.status, form.substatus.as_deref())?;
        let assignee = form.assigned_to.as_ref();
        let mut data = Map::new();
        for (key, text) in [
            ("type", &form.event_type),
            ("title", &form.title),
            ("culprit", &form.culprit),
        ] {
            data.insert(key.to_owned(), Value::from(text.as_str()));
        }
        data.insert("metadata".to_owned(), Value::from(form.metadata.clone()));
        let message = format!("{} {}", form.title, form.culprit);
        let resolved_at = form.state.resolved_at.map(instant).transpose()?;
        let counted: i64 = form.count.parse().map_err(|_| "its count is no number")?;
        let times_seen = form.state.times_seen.map_or(Ok(counted), whole)?;
        if counted.min(times_seen) < 0 {
            return Err("its count is less than nothing".to_owned());
        }
        let issue = Issue {
            id: None,
            project_id: project,
            group_type: group_type.id,
            status,
            substatus,
            priority: match form.priority.as_deref() {
                None => None,
                Some(word) => Some(one_of(&Priority::ALL, Priority::as_str, word)?),
            },
            priority_locked_at: form.priority_locked_at.map(sane).transpose()?,
            assignee: assignee.map(|form| self.assignee(form)).transpose()?,
            level: Level::from_word(&form.level).ok_or("its level is none")?,
            platform: short(form.platform.as_deref().unwrap_or_default()),
            message: short(&message.replace(['\r', '\n'], " ")),
            culprit: short(&form.culprit),
            first_seen: seen(form.first_seen, form.state.first_seen)?,
            last_seen: seen(form.last_seen, form.state.last_seen)?,
            active_at: sane(form.first_seen)?,
            resolved_at,
            times_seen,
            first_release: form.first_release.as_deref().map(short),
            data,
        };
        let mut state = IssueState::new(issue);
        let actors = beside(&mut state, form)?;
        Ok((state, actors))
    }

    fn assignee(&mut self, form: &AssigneeForm) -> Result<Assignee, Problem> {
        let who: Assignee = format!("{}:{}", form.kind, form.id)
            .parse()
            .map_err(|_| "nobody can be who has it")?;
        // Somebody without a name is called so.
        if form.name != who.to_string() {
            if let Assignee::User(id) = who {
                self.by_name.insert(form.name.clone(), id);
            }
            self.people.entry(who).or_insert_with(|| Person {
                who,
                name: form.name.clone(),
                email: form.email.clone(),
            });
        }
        Ok(who)
    }

    /// The number of a user who is known by name.
    fn actor(&mut self, name: &str) -> i64 {
        if let Ok(Assignee::User(id)) = name.parse() {
            return id;
        }
        if let Some(&id) = self.by_name.get(name) {
            return id;
        }
        let id = FIRST_NAMELESS + i64::try_from(self.by_name.len()).unwrap_or(0);
        self.by_name.insert(name.to_owned(), id);
        let who = Assignee::User(id);
        let person = Person {
            who,
            name: name.to_owned(),
            email: None,
        };
        self.people.insert(who, person);
        id
    }

    pub(super) fn occurrence(&mut self, data: Value, line: u64) -> Result<NewOccurrence, Problem> {
        let form: OccurrenceForm = read(data)?;
        let Some(&project) = self.issues.get(&form.issue_id) else {
            return Err("its issue is not in the bundle".to_owned());
        };
        let id: OccurrenceId = form.occurrence.parse().map_err(|_| "its id is none")?;
        let event_id: EventId = form.id.parse().map_err(|_| "the id of its event is none")?;
        if !self.occurrences.insert((project, id)) {
            return Err("it stands there twice".to_owned());
        }
        let (record, _) = packed(&form.record)?;
        let occurrence = read_stored_occurrence(&record)?;
        let found = Found {
            form: &form,
            occurrence: &occurrence,
        };
        let (event, facts) = match &form.event {
            Value::Null => (None, found.light_facts()),
            body => {
                let (compressed, json_bytes) = packed(body)?;
                let event = read_stored_event(project, event_id, &compressed)?;
                let body = EventBody {
                    compressed,
                    json_bytes,
                };
                (Some((event, body)), Arc::default())
            }
        };
        let user = |event: &Event| event.tag(USER_TAG).map(str::to_owned);
        Ok(NewOccurrence {
            issue: form.issue_id.clone(),
            id,
            project,
            event_id,
            time: sane(form.time)?,
            environment: short(form.environment.as_deref().unwrap_or_default()),
            release: form.release.as_deref().map(short),
            user: match &event {
                Some((event, _)) => user(event),
                None => form.user.clone(),
            },
            record,
            light_tags: match &event {
                Some(_) => Vec::new(),
                None => form.tags.clone().into_iter().collect(),
            },
            facts: match &event {
                Some((event, _)) => Arc::clone(&event.facts),
                None => facts,
            },
            event: event.map(|(event, body)| (event.event_type, event.timestamp, body)),
            line,
        })
    }
}

/// The rows beside an issue; answers the actors of its activities.
fn beside(state: &mut IssueState, form: &IssueForm) -> Result<Vec<Option<String>>, Problem> {
    for label in &form.labels {
        let problem = |problem| format!("its label “{}” {problem}", cut(label, 40));
        state.labels.add(Label::read(label).map_err(problem)?);
    }
    if let Some(inbox) = &form.state.inbox {
        state.inbox.set(InboxEntry {
            reason: one_of(&InboxReason::ALL, InboxReason::as_str, &inbox.reason)?,
            details: None,
            since: instant(inbox.since)?,
        });
    }
    if let Some(snooze) = &form.state.snooze {
        state.snooze.set(Snooze {
            until: snooze.until.map(instant).transpose()?,
            count: snooze.count.map(whole).transpose()?,
            window: snooze.window_minutes.map(whole).transpose()?,
            user_count: snooze.user_count.map(whole).transpose()?,
            user_window: snooze.user_window_minutes.map(whole).transpose()?,
            actor: form
                .status_details
                .actor
                .as_ref()
                .map(|by| by.id.parse())
                .transpose()
                .map_err(|_| "who archived it is nobody")?,
            ..Snooze::default()
        });
    }
    if let Some(resolution) = &form.state.resolution
        && let Some(release) = &resolution.release
    {
        state.resolution.set(Resolution {
            id: format!("{}-{}", form.project.id, form.short_id),
            kind: Some(match resolution.kind.as_str() {
                "in_release" => ResolutionKind::InRelease,
                "in_next_release" => ResolutionKind::InNextRelease,
                _ => return Err("its resolution means no release".to_owned()),
            }),
            status: match resolution.status.as_str() {
                "pending" => ResolutionStatus::Pending,
                "resolved" => ResolutionStatus::Resolved,
                _ => return Err("its resolution is neither settled nor not".to_owned()),
            },
            release: short(release),
            release_added: form.last_seen,
            current_release_version: None,
            announced: None,
        });
    }
    let mut actors = Vec::new();
    // They come newest first, and later rows are newer.
    for activity in form.activities.iter().rev() {
        let kind = one_of(&ActivityKind::ALL, ActivityKind::as_str, &activity.kind)?;
        if kind == ActivityKind::FirstSeen {
            // Lists make it up.
            continue;
        }
        actors.push(activity.actor.clone());
        state.activities.push(Activity {
            kind,
            actor: None,
            ident: None,
            data: activity.data.clone(),
            at: instant(activity.at)?,
        });
    }
    Ok(actors)
}

struct Found<'a> {
    form: &'a OccurrenceForm,
    occurrence: &'a StoredOccurrence,
}

impl Found<'_> {
    fn light_facts(&self) -> Arc<EventFacts> {
        let form = self.form;
        let tags = form.tags.clone().into_iter().collect();
        let environment = form.environment.clone().unwrap_or_default();
        stored_light_facts(self.occurrence, tags, environment, form.release.clone())
    }
}

/// Data in the form that is expected of it.
pub(super) fn read<T: for<'de> Deserialize<'de>>(data: Value) -> Result<T, Problem> {
    serde_json::from_value(data).map_err(|error| error.to_string())
}

/// As it is stored, and its length before.
fn packed(value: &Value) -> Result<(Arc<[u8]>, usize), Problem> {
    let text = serde_json::to_vec(value).map_err(|error| error.to_string())?;
    Ok((compress(&text), text.len()))
}

fn short(text: &str) -> String {
    cut(text, MOST_TEXT_BYTES).to_owned()
}

/// The instant of milliseconds since the epoch.
fn instant(millis: f64) -> Result<DateTime<Utc>, Problem> {
    DateTime::from_timestamp_millis(whole(millis)?)
        .ok_or_else(|| "a time of it cannot be".to_owned())
        .and_then(sane)
}

/// When an issue was seen: as its stored events say, unless it says itself that this was at another time.
fn seen(by_events: DateTime<Utc>, by_itself: Option<f64>) -> Result<DateTime<Utc>, Problem> {
    let by_events = sane(by_events)?;
    match by_itself.map(instant).transpose()? {
        // Events are more exact.
        Some(at) if at.timestamp_millis() != by_events.timestamp_millis() => Ok(at),
        _ => Ok(by_events),
    }
}

/// A time that can be reckoned with: weeks before and behind it are times, too.
fn sane(at: DateTime<Utc>) -> Result<DateTime<Utc>, Problem> {
    if (-9_999..10_000).contains(&at.year()) {
        Ok(at)
    } else {
        Err("a time of it cannot be".to_owned())
    }
}

#[allow(
    clippy::cast_possible_truncation,
    reason = "checked to be whole and within what a double holds exactly"
)]
fn whole(number: f64) -> Result<i64, Problem> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if number.fract() == 0.0 && number.abs() <= EXACT {
        Ok(number as i64)
    } else {
        Err("a number of it is not whole".to_owned())
    }
}

fn one_of<T: Copy>(all: &[T], word_of: fn(T) -> &'static str, word: &str) -> Result<T, Problem> {
    let found = all.iter().copied().find(|&one| word_of(one) == word);
    found.ok_or_else(|| format!("“{}” is not known here", cut(word, 40)))
}

/// How an issue stands. Lists show what it comes to, as when it was resolved by its age or archived until now; the finer
/// state can then be one that goes with another status, and is left out.
fn standing(
    status: &str,
    substatus: Option<&str>,
) -> Result<(IssueStatus, Option<Substatus>), Problem> {
    const SHOWN: [IssueStatus; 3] = [
        IssueStatus::Unresolved,
        IssueStatus::Resolved,
        IssueStatus::Ignored,
    ];
    let status = one_of(&SHOWN, IssueStatus::as_str, status)?;
    let named = match substatus {
        None => None,
        Some(word) => Some(one_of(&Substatus::ALL, Substatus::as_str, word)?),
    };
    if status.allows(named) {
        return Ok((status, named));
    }
    // Whatever is unresolved is unresolved in some way.
    let plain = (status == IssueStatus::Unresolved).then_some(Substatus::Ongoing);
    Ok((status, plain))
}
