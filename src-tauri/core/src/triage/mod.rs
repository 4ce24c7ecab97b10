//! How the state of an issue changes: what occurrences, messages, people and the clock do to it.
//!
//! Everything here is pure. A transaction loads [`IssueState`](crate::model::IssueState)s, these rules change them in
//! memory, and the store writes what has changed: the same way for a batch of records, for a person who archives a
//! thousand issues, and for the tasks that run by themselves. The rules are those of the group-states spec, and of the
//! occurrences spec, sections 13 to 15.

mod actions;
mod activity_list;
mod forecast;
mod image;
mod merge;
mod personal;
mod post_process;
mod regression;
mod release_order;
mod releases;
mod sightings;
mod snooze;
mod status_change;
mod steps;
mod tasks;
#[cfg(test)]
mod tests;
mod undo;
mod velocity;
mod wording;

pub use actions::{ArchiveUntil, IssueChange, Refusal, Surroundings, change_issue};
pub use activity_list::{ActivityEntry, entries_to_read, newest};
pub use forecast::{forecast, forecast_for};
pub use image::{
    Difference, Image, changed_since, differences, has_labels, has_links, images, notes_in,
    people_in, put_back,
};
pub use merge::{
    INTO as MERGED_INTO, Kin, KinEnvironment, KinRelease, Merged, Unmerged, merge, parent_of,
    unmerge,
};
pub use personal::share_id;
pub use post_process::{Reached, post_process};
pub use regression::{Sighting, regress};
pub use release_order::{RELEASES_LOOKED_AT, ReleaseAt, SemverRelease, uses_semver};
pub use releases::{ProjectReleases, repoint};
pub use sightings::count_sighting;
pub use status_change::{StatusChanged, change_status, is_unsupported};
pub use steps::{Cause, assign_new};
pub use tasks::{Task, carry_out, quiet_before, settled_before};
pub use undo::{Obstacle, take_back};
pub use velocity::{
    EARLY_ESCALATION, EarlyEscalation, THRESHOLD_AGE, VELOCITY_SPAN, Velocity, usual_velocity,
};
