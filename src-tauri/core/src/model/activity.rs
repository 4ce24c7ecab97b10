//! What can happen to an issue, as its activity feed names it.

/// The kind of an entry of the activity feed (group-states spec, section 1.6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ActivityKind {
    /// Resolved at once.
    SetResolved = 1,
    /// Opened again, by a person or because an archive ended.
    SetUnresolved = 2,
    /// Archived.
    SetIgnored = 3,
    /// Shared with whoever has the link.
    SetPublic = 4,
    /// No longer shared.
    SetPrivate = 5,
    /// Came back after it was resolved.
    SetRegression = 6,
    /// A person wrote a comment.
    Note = 8,
    /// The issue was opened. Lists show it; the store never holds it.
    FirstSeen = 9,
    /// Given to a user or a team.
    Assigned = 11,
    /// Taken from whoever had it.
    Unassigned = 12,
    /// Resolved in a release. Its *ident* is the id of the resolution, by which the two find each other later.
    SetResolvedInRelease = 13,
    /// Other issues were merged into it.
    Merge = 14,
    /// Resolved because nothing happened for as long as the project allows.
    SetResolvedByAge = 15,
    /// Resolved in a commit.
    SetResolvedInCommit = 16,
    /// A merge into it was taken back.
    Unmerge = 17,
    /// A person reviewed it and so took it out of the inbox.
    MarkReviewed = 23,
    /// Became ongoing, after seven days or by a review.
    AutoSetOngoing = 24,
    /// Is seen much more often than forecast.
    SetEscalating = 25,
    /// Got another priority.
    SetPriority = 26,
}

impl ActivityKind {
    /// Every kind, in the order of the numbers.
    pub const ALL: [Self; 19] = [
        Self::SetResolved,
        Self::SetUnresolved,
        Self::SetIgnored,
        Self::SetPublic,
        Self::SetPrivate,
        Self::SetRegression,
        Self::Note,
        Self::FirstSeen,
        Self::Assigned,
        Self::Unassigned,
        Self::SetResolvedInRelease,
        Self::Merge,
        Self::SetResolvedByAge,
        Self::SetResolvedInCommit,
        Self::Unmerge,
        Self::MarkReviewed,
        Self::AutoSetOngoing,
        Self::SetEscalating,
        Self::SetPriority,
    ];

    /// The stored number.
    #[must_use]
    pub fn number(self) -> i16 {
        self as i16
    }

    /// The kind with this number.
    #[must_use]
    pub fn from_number(number: i16) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.number() == number)
    }

    /// The upper-case name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SetResolved => "SET_RESOLVED",
            Self::SetUnresolved => "SET_UNRESOLVED",
            Self::SetIgnored => "SET_IGNORED",
            Self::SetPublic => "SET_PUBLIC",
            Self::SetPrivate => "SET_PRIVATE",
            Self::SetRegression => "SET_REGRESSION",
            Self::Note => "NOTE",
            Self::FirstSeen => "FIRST_SEEN",
            Self::Assigned => "ASSIGNED",
            Self::Unassigned => "UNASSIGNED",
            Self::SetResolvedInRelease => "SET_RESOLVED_IN_RELEASE",
            Self::Merge => "MERGE",
            Self::SetResolvedByAge => "SET_RESOLVED_BY_AGE",
            Self::SetResolvedInCommit => "SET_RESOLVED_IN_COMMIT",
            Self::Unmerge => "UNMERGE",
            Self::MarkReviewed => "MARK_REVIEWED",
            Self::AutoSetOngoing => "AUTO_SET_ONGOING",
            Self::SetEscalating => "SET_ESCALATING",
            Self::SetPriority => "SET_PRIORITY",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::ActivityKind;
    use std::collections::HashSet;

    #[test]
    fn every_kind_is_found_by_its_number_and_no_other_number_is_one() {
        let numbers: Vec<i16> = (i16::MIN..=i16::MAX)
            .filter(|&number| ActivityKind::from_number(number).is_some())
            .collect();
        assert_eq!(
            numbers,
            [
                1, 2, 3, 4, 5, 6, 8, 9, 11, 12, 13, 14, 15, 16, 17, 23, 24, 25, 26
            ]
        );
        for kind in ActivityKind::ALL {
            assert_eq!(ActivityKind::from_number(kind.number()), Some(kind));
        }
    }

    #[test]
    fn a_name_is_the_variant_in_upper_case_and_belongs_to_one_kind() {
        let mut names = HashSet::new();
        for kind in ActivityKind::ALL {
            let name = kind.as_str();
            assert_eq!(name.replace('_', ""), format!("{kind:?}").to_uppercase());
            assert!(names.insert(name), "{name} names two kinds");
        }
    }
}
