//! A request for a list of issues (search spec, section 8.1).

use crate::search::window::PeriodParameters;

/// What is searched where a request has no query.
pub const DEFAULT_QUERY: &str = "is:unresolved issue.priority:[high,medium]";

/// A request for a list, its parameters as a caller gives them. Absent ones have the defaults of the specification.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ListRequest {
    /// Search text. An empty one has no filters; without one, [`DEFAULT_QUERY`].
    pub query: Option<String>,
    /// Projects by number; none, or −1 among them, means all.
    pub project: Vec<i64>,
    /// Environments by name; none means that none was selected.
    pub environment: Vec<String>,
    /// Order: `date`, `new`, `trends`, `freq`, `user` or `inbox`.
    pub sort: Option<String>,
    /// Most issues of the page.
    pub limit: Option<String>,
    /// Place in the list.
    pub cursor: Option<String>,
    /// A length of time up to now.
    pub stats_period: Option<String>,
    /// How long before now the period begins.
    pub stats_period_start: Option<String>,
    /// How long before now it ends.
    pub stats_period_end: Option<String>,
    /// Begin of the period.
    pub start: Option<String>,
    /// End of the period.
    pub end: Option<String>,
    /// Which bars each issue has.
    pub group_stats_period: Option<String>,
    /// Whether a query that is a short id opens the issue of that name.
    pub short_id_lookup: bool,
    /// Issues by number, in place of a search.
    pub group: Vec<String>,
    /// What is added to the issues: `inbox`, `owners`.
    pub expand: Vec<String>,
    /// What is left out: `base`, `stats`, `lifetime`, `filtered`.
    pub collapse: Vec<String>,
}

impl ListRequest {
    /// The parameters that name a period.
    #[must_use]
    pub fn period(&self) -> PeriodParameters<'_> {
        PeriodParameters {
            stats_period: self.stats_period.as_deref(),
            stats_period_start: self.stats_period_start.as_deref(),
            stats_period_end: self.stats_period_end.as_deref(),
            start: self.start.as_deref(),
            end: self.end.as_deref(),
        }
    }

    /// Whether none of the parameters names a period.
    #[must_use]
    pub fn names_no_period(&self) -> bool {
        self.period() == PeriodParameters::default()
    }

    /// The search text, without blanks around it.
    #[must_use]
    pub fn text(&self) -> &str {
        self.query.as_deref().unwrap_or(DEFAULT_QUERY).trim()
    }
}
