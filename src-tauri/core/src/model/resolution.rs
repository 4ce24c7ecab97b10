//! In which release an issue counts as resolved.

/// What a resolution's release means (occurrences spec, section 14.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ResolutionKind {
    /// Resolved in the release itself.
    InRelease = 0,
    /// Resolved in whichever release follows it.
    InNextRelease = 1,
    /// Resolved in the release that is being prepared.
    InUpcomingRelease = 2,
}

impl ResolutionKind {
    /// The stored number.
    #[must_use]
    pub fn number(self) -> i16 {
        self as i16
    }

    /// The kind with this number.
    #[must_use]
    pub fn from_number(number: i16) -> Option<Self> {
        [
            Self::InRelease,
            Self::InNextRelease,
            Self::InUpcomingRelease,
        ]
        .into_iter()
        .find(|kind| kind.number() == number)
    }
}

/// Whether a resolution still waits for its release (group-states spec, section 5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ResolutionStatus {
    /// The next release of the project settles it.
    Pending = 0,
    /// Settled.
    Resolved = 1,
}

impl ResolutionStatus {
    /// The stored number.
    #[must_use]
    pub fn number(self) -> i16 {
        self as i16
    }

    /// The status with this number.
    #[must_use]
    pub fn from_number(number: i16) -> Option<Self> {
        [Self::Pending, Self::Resolved]
            .into_iter()
            .find(|status| status.number() == number)
    }
}

#[cfg(test)]
mod tests {
    use super::{ResolutionKind, ResolutionStatus};

    #[test]
    fn numbers_of_kinds_lead_back_to_them() {
        let kinds: Vec<_> = (-1..=3).map(ResolutionKind::from_number).collect();
        assert_eq!(
            kinds,
            [
                None,
                Some(ResolutionKind::InRelease),
                Some(ResolutionKind::InNextRelease),
                Some(ResolutionKind::InUpcomingRelease),
                None,
            ]
        );
        assert_eq!(ResolutionKind::InUpcomingRelease.number(), 2);
    }

    #[test]
    fn numbers_of_statuses_lead_back_to_them() {
        let statuses: Vec<_> = (-1..=2).map(ResolutionStatus::from_number).collect();
        assert_eq!(
            statuses,
            [
                None,
                Some(ResolutionStatus::Pending),
                Some(ResolutionStatus::Resolved),
                None,
            ]
        );
        assert_eq!(ResolutionStatus::Resolved.number(), 1);
    }
}
