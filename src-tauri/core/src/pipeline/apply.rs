//! Second half of a fold: what its messages do to one issue, in order. Issues do not depend on each other here, so
//! they are worked on in parallel.

use super::fold::FoldRules;
use super::issue_values::{new_issue, reaches_inbox, update_issue};
use crate::decode::StatusChange;
use crate::model::{
    DropReason, Event, GroupHash, GroupType, IssueId, IssueState, Measures, Occurrence, ProjectId,
    ProjectRules, Sightings, USER_TAG,
};
use crate::store::{Ending, IssueWrite, ProjectState};
use crate::triage::{
    Cause, EarlyEscalation, ProjectReleases, Reached, Sighting, StatusChanged, assign_new,
    change_status, count_sighting, post_process, regress,
};
use std::collections::BTreeMap;

/// An issue of the batch and the messages that go into it.
pub(super) struct Work<'a> {
    pub project: ProjectId,
    pub group_type: u16,
    pub start: Start<'a>,
    /// For a new issue: the hash to link to it.
    pub new_hash: Option<GroupHash>,
    pub steps: Vec<Step<'a>>,
}

/// What an issue is before its messages.
pub(super) enum Start<'a> {
    /// Nothing; this occurrence, which is also its first step, opens it.
    New {
        occurrence: &'a Occurrence,
        event: &'a Event,
        release: Option<&'a str>,
    },
    /// As loaded.
    Loaded(Box<IssueState>),
}

impl Work<'_> {
    /// The issue, where it is not new.
    pub fn loaded(&mut self) -> Option<&mut IssueState> {
        match &mut self.start {
            Start::New { .. } => None,
            Start::Loaded(state) => Some(state),
        }
    }

    /// Whether it is about to be deleted or merged, so that nothing can be done to it.
    pub fn is_hidden(&self) -> bool {
        match &self.start {
            Start::New { .. } => false,
            Start::Loaded(state) => state.issue.status.is_hidden(),
        }
    }

    /// Its id, where it is not new.
    pub fn id(&self) -> Option<IssueId> {
        match &self.start {
            Start::New { .. } => None,
            Start::Loaded(state) => state.issue.id,
        }
    }
}

/// A message that goes into an issue.
pub(super) struct Step<'a> {
    /// Place of the message in the batch.
    pub place: usize,
    pub what: What<'a>,
}

pub(super) enum What<'a> {
    Occurrence {
        occurrence: &'a Occurrence,
        event: &'a Event,
        /// Release of the event, where the project has it.
        release: Option<&'a str>,
        /// Whether it opens the issue.
        opens: bool,
    },
    StatusChange(&'a StatusChange),
}

/// What became of an issue.
pub(super) struct Applied {
    pub write: IssueWrite,
    /// Endings that were left open, by place of the message.
    pub endings: Vec<(usize, Ending)>,
    pub measures: Measures,
}

/// Carries out the steps.
pub(super) fn apply(
    work: Work<'_>,
    project: &ProjectState,
    releases: &ProjectReleases<'_>,
    rules: &FoldRules,
) -> Applied {
    let cause = Cause::system(rules.now);
    let mut measures = Measures::default();
    let state = match work.start {
        Start::Loaded(state) => state,
        Start::New {
            occurrence,
            event,
            release,
        } => {
            let mut state = open(occurrence, event, release, rules, &mut measures);
            // A message after it may archive it until it escalates, which is decided by what was counted.
            let is_changed = |step: &Step<'_>| matches!(step.what, What::StatusChange(_));
            if work.steps.iter().any(is_changed) {
                state.sightings = Some(Sightings::default());
            }
            state
        }
    };
    let mut applying = Applying {
        state,
        hours: BTreeMap::new(),
        endings: Vec::new(),
        measures,
        project: project.rules,
        early: EarlyEscalation::of(&rules.features, project.threshold, rules.now),
        releases,
        rules,
        cause,
    };
    for step in work.steps {
        match step.what {
            What::Occurrence {
                occurrence,
                event,
                release,
                opens,
            } => applying.occurrence(occurrence, event, release, opens),
            What::StatusChange(change) => applying.status_change(step.place, change),
        }
    }
    Applied {
        write: IssueWrite {
            state: applying.state,
            new_hash: work.new_hash,
            hours: applying.hours.into_iter().collect(),
        },
        endings: applying.endings,
        measures: applying.measures,
    }
}

/// A new issue (occurrences spec, section 12), handed to whom its first occurrence names.
fn open(
    occurrence: &Occurrence,
    event: &Event,
    release: Option<&str>,
    rules: &FoldRules,
    measures: &mut Measures,
) -> Box<IssueState> {
    let mut issue = new_issue(occurrence, event);
    issue.first_release = release.map(str::to_owned);
    let mut state = Box::new(IssueState::new(issue));
    let sdk = event
        .sdk
        .as_ref()
        .map_or("other", |(_, normalized)| normalized.as_str());
    let platform = match event.platform.as_str() {
        "" => "unknown",
        platform => platform,
    };
    measures.count(
        "group.created",
        &[
            ("platform", &platform),
            ("type", &occurrence.group_type.id),
            ("sdk", &sdk),
        ],
    );
    if let Some(mix) = event.metadata.get("in_app_frame_mix") {
        let mix = mix.as_str().map_or_else(|| mix.to_string(), str::to_owned);
        measures.count(
            "grouping.in_app_frame_mix",
            &[("platform", &platform), ("frame_mix", &mix), ("sdk", &sdk)],
        );
    }
    if let Some(assignee) = occurrence.assignee
        && assign_new(
            &mut state,
            assignee,
            &rules.directory,
            Cause::system(rules.now),
        )
    {
        measures.count("group.assignee.change", &[("instance", &"assigned")]);
    }
    state
}

struct Applying<'a> {
    state: Box<IssueState>,
    hours: BTreeMap<i32, u32>,
    endings: Vec<(usize, Ending)>,
    measures: Measures,
    project: ProjectRules,
    early: Option<EarlyEscalation>,
    releases: &'a ProjectReleases<'a>,
    rules: &'a FoldRules,
    cause: Cause,
}

impl Applying<'_> {
    fn occurrence(
        &mut self,
        occurrence: &Occurrence,
        event: &Event,
        release: Option<&str>,
        opens: bool,
    ) {
        let state = &mut self.state;
        let hour = event.timestamp.timestamp().div_euclid(3600);
        *self
            .hours
            .entry(i32::try_from(hour).unwrap_or(0))
            .or_default() += 1;
        let is_regression = !opens && {
            update_issue(&mut state.issue, occurrence, event);
            let sighting = Sighting {
                event_id: event.event_id,
                time: event.timestamp,
                release,
            };
            regress(
                state,
                &sighting,
                self.project,
                self.releases,
                &mut self.measures,
                self.cause,
            )
        };
        let reached = Reached {
            event_id: event.event_id,
            time: event.timestamp,
            user: event.tag(USER_TAG),
            is_new: opens,
            is_regression,
        };
        count_sighting(state, &reached, self.cause.now);
        let is_processed = GroupType::by_id(state.issue.group_type)
            .is_some_and(|group_type| group_type.allows_post_process(&self.rules.features));
        if is_processed && reaches_inbox(occurrence, self.project, &self.rules.features) {
            post_process(state, &reached, self.early, &mut self.measures, self.cause);
        }
    }

    fn status_change(&mut self, place: usize, change: &StatusChange) {
        let state = &mut self.state;
        let ending = match change_status(state, change.status, change.substatus, self.cause) {
            StatusChanged::Yes => Ending::StatusChanged,
            StatusChanged::No => Ending::Unchanged,
            StatusChanged::Invalid => Ending::Dropped(DropReason::StatusChangeInvalid),
        };
        self.endings.push((place, ending));
    }
}
