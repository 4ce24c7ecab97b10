//! The history of an issue: one row per step of its life, each pointing back to the step it undoes.

use super::{ActivityKind, Priority, Substatus};

/// The kind of a history row (group-states spec, section 1.7).
///
/// The numbers 8, 9, 13 and 20 are reserved: no row has them, so they are no kinds and no row undoes them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum HistoryKind {
    /// Unresolved, known and still happening.
    Ongoing = 0,
    /// Resolved at once.
    Resolved = 1,
    /// Resolved by age.
    AutoResolved = 2,
    /// Archived without saying until when.
    Ignored = 3,
    /// Taken out of the archive.
    Unignored = 4,
    /// Given to a user or a team.
    Assigned = 5,
    /// Taken from whoever had it.
    Unassigned = 6,
    /// Came back after it was resolved.
    Regressed = 7,
    /// Reviewed by a person.
    Reviewed = 10,
    /// Resolved in a release.
    ResolvedInRelease = 11,
    /// Resolved in a commit.
    ResolvedInCommit = 12,
    /// Seen much more often than forecast.
    Escalating = 14,
    /// Archived until it escalates.
    ArchivedUntilEscalating = 15,
    /// Archived for good.
    ArchivedForever = 16,
    /// Archived until a condition is met.
    ArchivedUntilConditionMet = 17,
    /// Priority became high.
    PriorityHigh = 21,
    /// Priority became medium.
    PriorityMedium = 22,
    /// Priority became low.
    PriorityLow = 23,
}

impl HistoryKind {
    /// Every kind, in the order of the numbers.
    pub const ALL: [Self; 18] = [
        Self::Ongoing,
        Self::Resolved,
        Self::AutoResolved,
        Self::Ignored,
        Self::Unignored,
        Self::Assigned,
        Self::Unassigned,
        Self::Regressed,
        Self::Reviewed,
        Self::ResolvedInRelease,
        Self::ResolvedInCommit,
        Self::Escalating,
        Self::ArchivedUntilEscalating,
        Self::ArchivedForever,
        Self::ArchivedUntilConditionMet,
        Self::PriorityHigh,
        Self::PriorityMedium,
        Self::PriorityLow,
    ];

    /// The stored number.
    #[must_use]
    pub fn number(self) -> i16 {
        self as i16
    }

    /// The kind with this number; nothing for a reserved one.
    #[must_use]
    pub fn from_number(number: i16) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.number() == number)
    }

    /// The lower-case name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ongoing => "ongoing",
            Self::Resolved => "resolved",
            Self::AutoResolved => "auto_resolved",
            Self::Ignored => "ignored",
            Self::Unignored => "unignored",
            Self::Assigned => "assigned",
            Self::Unassigned => "unassigned",
            Self::Regressed => "regressed",
            Self::Reviewed => "reviewed",
            Self::ResolvedInRelease => "resolved_in_release",
            Self::ResolvedInCommit => "resolved_in_commit",
            Self::Escalating => "escalating",
            Self::ArchivedUntilEscalating => "archived_until_escalating",
            Self::ArchivedForever => "archived_forever",
            Self::ArchivedUntilConditionMet => "archived_until_condition_met",
            Self::PriorityHigh => "priority_high",
            Self::PriorityMedium => "priority_medium",
            Self::PriorityLow => "priority_low",
        }
    }

    /// The kinds a new row of this kind undoes: it points to the newest earlier row of one of them, and
    /// copies that row's date. Empty for a kind that undoes nothing.
    #[must_use]
    pub fn opposites(self) -> &'static [Self] {
        match self {
            Self::Ongoing => &[
                Self::Resolved,
                Self::AutoResolved,
                Self::ResolvedInRelease,
                Self::ResolvedInCommit,
                Self::Regressed,
                Self::Escalating,
                Self::Ignored,
            ],
            Self::Resolved
            | Self::AutoResolved
            | Self::ResolvedInRelease
            | Self::ResolvedInCommit => &[Self::Ongoing, Self::Regressed, Self::Escalating],
            Self::Regressed => &[
                Self::Resolved,
                Self::AutoResolved,
                Self::ResolvedInRelease,
                Self::ResolvedInCommit,
            ],
            Self::Escalating => &[
                Self::ArchivedUntilEscalating,
                Self::ArchivedUntilConditionMet,
                Self::Ignored,
            ],
            Self::Ignored => &[Self::Unignored],
            Self::Unignored => &[Self::Ignored],
            Self::Assigned => &[Self::Unassigned],
            Self::Unassigned => &[Self::Assigned],
            Self::Reviewed
            | Self::ArchivedUntilEscalating
            | Self::ArchivedForever
            | Self::ArchivedUntilConditionMet
            | Self::PriorityHigh
            | Self::PriorityMedium
            | Self::PriorityLow => &[],
        }
    }

    /// The kind that the substatus *after* a change stands for; nothing for *new*. Where there is one, it goes before
    /// [`HistoryKind::of_activity`].
    #[must_use]
    pub fn of_substatus(substatus: Substatus) -> Option<Self> {
        match substatus {
            Substatus::UntilEscalating => Some(Self::ArchivedUntilEscalating),
            Substatus::Escalating => Some(Self::Escalating),
            Substatus::Ongoing => Some(Self::Ongoing),
            Substatus::UntilConditionMet => Some(Self::ArchivedUntilConditionMet),
            Substatus::Forever => Some(Self::ArchivedForever),
            Substatus::Regressed => Some(Self::Regressed),
            Substatus::New => None,
        }
    }

    /// The kind that an activity stands for, where the substatus does not say. Nothing for activities that are no
    /// change of status and for those whose row is always named by the change itself, such as resolving by age.
    #[must_use]
    pub fn of_activity(activity: ActivityKind) -> Option<Self> {
        match activity {
            ActivityKind::SetIgnored => Some(Self::Ignored),
            ActivityKind::SetResolved => Some(Self::Resolved),
            ActivityKind::SetResolvedInRelease => Some(Self::ResolvedInRelease),
            ActivityKind::SetResolvedInCommit => Some(Self::ResolvedInCommit),
            ActivityKind::SetUnresolved | ActivityKind::AutoSetOngoing => Some(Self::Ongoing),
            ActivityKind::SetEscalating => Some(Self::Escalating),
            ActivityKind::SetRegression
            | ActivityKind::SetPublic
            | ActivityKind::SetPrivate
            | ActivityKind::Note
            | ActivityKind::FirstSeen
            | ActivityKind::Assigned
            | ActivityKind::Unassigned
            | ActivityKind::Merge
            | ActivityKind::Unmerge
            | ActivityKind::SetResolvedByAge
            | ActivityKind::MarkReviewed
            | ActivityKind::SetPriority => None,
        }
    }

    /// The kind of the row that says an issue got this priority.
    #[must_use]
    pub fn of_priority(priority: Priority) -> Self {
        match priority {
            Priority::Low => Self::PriorityLow,
            Priority::Medium => Self::PriorityMedium,
            Priority::High => Self::PriorityHigh,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{ActivityKind, HistoryKind, Priority, Substatus};
    use std::collections::HashSet;

    fn opposite_numbers(number: i16) -> Vec<i16> {
        let kind = HistoryKind::from_number(number).expect("a kind");
        let mut numbers: Vec<i16> = kind.opposites().iter().map(|kind| kind.number()).collect();
        numbers.sort_unstable();
        numbers
    }

    #[test]
    fn every_kind_is_found_by_its_number_and_reserved_numbers_are_none() {
        let numbers: Vec<i16> = (i16::MIN..=i16::MAX)
            .filter(|&number| HistoryKind::from_number(number).is_some())
            .collect();
        assert_eq!(
            numbers,
            [
                0, 1, 2, 3, 4, 5, 6, 7, 10, 11, 12, 14, 15, 16, 17, 21, 22, 23
            ]
        );
        for kind in HistoryKind::ALL {
            assert_eq!(HistoryKind::from_number(kind.number()), Some(kind));
        }
    }

    #[test]
    fn a_name_is_the_variant_in_lower_case_and_belongs_to_one_kind() {
        let mut names = HashSet::new();
        for kind in HistoryKind::ALL {
            let name = kind.as_str();
            assert_eq!(name.replace('_', ""), format!("{kind:?}").to_lowercase());
            assert!(names.insert(name), "{name} names two kinds");
        }
    }

    #[test]
    fn a_row_points_back_to_what_it_undoes() {
        assert_eq!(opposite_numbers(0), [1, 2, 3, 7, 11, 12, 14]);
        for resolved in [1, 2, 11, 12] {
            assert_eq!(opposite_numbers(resolved), [0, 7, 14]);
        }
        assert_eq!(opposite_numbers(3), [4]);
        assert_eq!(opposite_numbers(4), [3]);
        assert_eq!(opposite_numbers(5), [6]);
        assert_eq!(opposite_numbers(6), [5]);
        assert_eq!(opposite_numbers(7), [1, 2, 11, 12]);
        assert_eq!(opposite_numbers(14), [3, 15, 17]);
        for alone in [10, 15, 16, 17, 21, 22, 23] {
            assert_eq!(opposite_numbers(alone), Vec::<i16>::new(), "{alone}");
        }
    }

    #[test]
    fn nothing_undoes_itself() {
        for kind in HistoryKind::ALL {
            assert!(!kind.opposites().contains(&kind), "{kind:?}");
        }
    }

    #[test]
    fn each_substatus_but_new_has_its_kind() {
        let kinds: Vec<Option<i16>> = (1..=7)
            .filter_map(Substatus::from_number)
            .map(|substatus| HistoryKind::of_substatus(substatus).map(HistoryKind::number))
            .collect();
        assert_eq!(
            kinds,
            [
                Some(15),
                Some(14),
                Some(0),
                Some(17),
                Some(16),
                Some(7),
                None
            ]
        );
    }

    #[test]
    fn seven_activities_have_a_kind() {
        let kinds: Vec<(&str, i16)> = ActivityKind::ALL
            .into_iter()
            .filter_map(|activity| {
                let kind = HistoryKind::of_activity(activity)?;
                Some((activity.as_str(), kind.number()))
            })
            .collect();
        assert_eq!(
            kinds,
            [
                ("SET_RESOLVED", 1),
                ("SET_UNRESOLVED", 0),
                ("SET_IGNORED", 3),
                ("SET_RESOLVED_IN_RELEASE", 11),
                ("SET_RESOLVED_IN_COMMIT", 12),
                ("AUTO_SET_ONGOING", 0),
                ("SET_ESCALATING", 14),
            ]
        );
    }

    #[test]
    fn each_priority_has_its_kind() {
        assert_eq!(HistoryKind::of_priority(Priority::High).number(), 21);
        assert_eq!(HistoryKind::of_priority(Priority::Medium).number(), 22);
        assert_eq!(HistoryKind::of_priority(Priority::Low).number(), 23);
    }
}
