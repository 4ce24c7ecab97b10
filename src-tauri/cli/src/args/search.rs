//! Arguments of what searches for issues.

use clap::Args;
use clap::builder::PossibleValuesParser;
use picket_core::engine::find::ListRequest;
use picket_core::search::Sort;

/// Which issues.
#[derive(Debug, Clone, Default, Args)]
pub struct SearchArgs {
    /// Search, such as "is:unresolved level:error timeout"; an empty one is about every issue
    /// [default: is:unresolved issue.priority:[high,medium]]
    #[arg(long, value_name = "Q", allow_hyphen_values = true)]
    pub query: Option<String>,
    #[command(flatten)]
    pub within: WithinArgs,
}

/// Where and when.
#[derive(Debug, Clone, Default, Args)]
pub struct WithinArgs {
    /// Only these projects, by slug or number, comma separated [default: all]
    #[arg(long, value_name = "PROJECT", value_delimiter = ',')]
    pub project: Vec<String>,
    /// Only these environments, comma separated [default: all]
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    pub environment: Vec<String>,
    /// The time up to now that the search is about, such as 24h or 14d [default: 90d]
    #[arg(long, value_name = "P", conflicts_with_all = ["start", "end"])]
    pub stats_period: Option<String>,
    /// Begin of the time that the search is about, such as 2026-11-20T14:30:00Z
    #[arg(long, value_name = "T", requires = "end")]
    pub start: Option<String>,
    /// End of that time
    #[arg(long, value_name = "T", requires = "start")]
    pub end: Option<String>,
}

impl SearchArgs {
    /// The request, but for its projects, which only the store can number.
    pub fn request(&self) -> ListRequest {
        ListRequest {
            query: self.query.clone(),
            ..self.within.request()
        }
    }
}

impl WithinArgs {
    pub fn request(&self) -> ListRequest {
        ListRequest {
            environment: self.environment.clone(),
            stats_period: self.stats_period.clone(),
            start: self.start.clone(),
            end: self.end.clone(),
            ..ListRequest::default()
        }
    }
}

/// Arguments of `issues`.
#[derive(Debug, Clone, Default, Args)]
pub struct IssuesArgs {
    #[command(flatten)]
    pub search: SearchArgs,
    /// Order [default: date]
    #[arg(long, value_name = "S", value_parser = sort_words())]
    pub sort: Option<String>,
    /// What waits for review: the query is:unresolved is:for_review in the order of the inbox
    #[arg(long, conflicts_with = "sort")]
    pub inbox: bool,
    /// Issues a page, at most 100
    #[arg(long, default_value_t = 100, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub limit: u32,
    /// Cursor of an earlier answer
    #[arg(long, value_name = "C", allow_hyphen_values = true)]
    pub cursor: Option<String>,
    /// Add to the issues of --json: their inbox row, whom they are suggested to
    #[arg(long, value_name = "WHAT", value_delimiter = ',', value_parser = ["inbox", "owners"])]
    pub expand: Vec<String>,
    /// Leave out of the issues of --json
    #[arg(long, value_name = "WHAT", value_delimiter = ',', value_parser = ["stats", "lifetime", "filtered"])]
    pub collapse: Vec<String>,
    /// Bars of the issues of --json; auto: those of the period [default: 24h]
    #[arg(long, value_name = "P", value_parser = ["24h", "14d", "auto", ""])]
    pub group_stats_period: Option<String>,
    /// Only the numbers of these issues, at most 25, by id or short id, comma separated; the query says of which events
    #[arg(long, value_name = "ID", value_delimiter = ',', requires = "json", conflicts_with_all = ["sort", "inbox", "cursor"])]
    pub stats_of: Vec<String>,
    /// A query that is a short id, such as SHOP-1A, finds that issue whatever else is asked
    #[arg(long)]
    pub short_id_lookup: bool,
}

/// The query of `--inbox` without one of its own.
const INBOX_QUERY: &str = "is:unresolved is:for_review";

impl IssuesArgs {
    /// The request, but for its projects.
    pub fn request(&self) -> ListRequest {
        let mut request = self.search.request();
        if self.inbox && request.query.is_none() {
            request.query = Some(INBOX_QUERY.to_owned());
        }
        ListRequest {
            sort: if self.inbox {
                Some(INBOX.to_owned())
            } else {
                self.sort.clone()
            },
            limit: Some(self.limit.to_string()),
            cursor: self.cursor.clone(),
            group_stats_period: self.group_stats_period.clone(),
            short_id_lookup: self.short_id_lookup,
            expand: self.expand.clone(),
            collapse: self.collapse.clone(),
            ..request
        }
    }
}

/// The order of the inbox.
const INBOX: &str = "inbox";

/// The words for orders.
pub fn sort_words() -> PossibleValuesParser {
    PossibleValuesParser::new(Sort::ALL.map(Sort::as_str).into_iter().chain([INBOX]))
}
