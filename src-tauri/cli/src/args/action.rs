//! Arguments of what changes issues, and of taking it back.

use super::change::ChangeArgs;
use super::search::WithinArgs;
use clap::{Args, ValueEnum};
use picket_core::engine::find::ListRequest;
use picket_core::view::JournalAction;

/// Which issues are meant.
#[derive(Debug, Args)]
pub struct MeantArgs {
    #[command(flatten)]
    pub issues: NamedOrFound,
    #[command(flatten)]
    pub within: WithinArgs,
    /// Also issues that are no errors, such as performance problems, where only errors are deleted and merged
    #[arg(long)]
    pub non_error: bool,
    /// Go on without being asked back
    #[arg(long)]
    pub yes: bool,
}

/// Issues by name, or by a search. One of both has to be said: what changes issues has no default.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub struct NamedOrFound {
    /// These issues, by id or short id, comma separated
    #[arg(long, value_name = "ISSUE", value_delimiter = ',', conflicts_with_all = ["environment", "stats_period", "start", "end"])]
    pub id: Vec<String>,
    /// All issues that this search finds, such as "is:unresolved level:error timeout"; an empty one finds every issue
    #[arg(long, value_name = "Q", allow_hyphen_values = true)]
    pub query: Option<String>,
}

impl MeantArgs {
    /// The request, but for its projects and the issues it names.
    pub fn request(&self) -> ListRequest {
        ListRequest {
            query: self.issues.query.clone(),
            ..self.within.request()
        }
    }

    /// Whether it is a search without any filter.
    pub fn is_everything(&self) -> bool {
        let query = self.issues.query.as_deref();
        query.is_some_and(|query| query.trim().is_empty())
    }
}

/// What the time of a search is about where it changes issues: nobody expects it to pass over old ones.
const STATS_PERIOD: &str =
    "Only issues seen in this time up to now, such as 24h or 14d [default: whenever]";

/// Arguments of `update`.
#[derive(Debug, Args)]
#[command(
    override_usage = "picketctl update <--id <ISSUE>|--query <Q>> <WHAT TO CHANGE>... [OPTIONS]"
)]
#[command(mut_arg("stats_period", |arg| arg.help(STATS_PERIOD)))]
pub struct UpdateArgs {
    #[command(flatten)]
    pub meant: MeantArgs,
    #[command(flatten, next_help_heading = "What to change")]
    pub change: ChangeArgs,
}

/// Arguments of `delete`.
#[derive(Debug, Args)]
#[command(mut_arg("stats_period", |arg| arg.help(STATS_PERIOD)))]
pub struct DeleteArgs {
    #[command(flatten)]
    pub meant: MeantArgs,
}

/// Arguments of `journal`.
#[derive(Debug, Args)]
pub struct JournalArgs {
    /// Most entries
    #[arg(long, default_value_t = 20, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000))]
    pub limit: u32,
    /// Only entries before this one
    #[arg(long, value_name = "ID")]
    pub before: Option<i64>,
    /// Only entries of this kind
    #[arg(long, value_name = "KIND", value_enum)]
    pub action: Option<JournalActionArg>,
    /// Only entries with each of these words: of what was done, of the search, a person, or the short id of an issue
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub words: String,
}

/// What kind of action an entry tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum JournalActionArg {
    /// Changed issues
    Update,
    /// Merged issues
    Merge,
    /// Deleted issues
    Delete,
    /// Discarded issues
    Discard,
    /// Took something back
    Undo,
}

impl From<JournalActionArg> for JournalAction {
    fn from(action: JournalActionArg) -> Self {
        match action {
            JournalActionArg::Update => Self::Update,
            JournalActionArg::Merge => Self::Merge,
            JournalActionArg::Delete => Self::Delete,
            JournalActionArg::Discard => Self::Discard,
            JournalActionArg::Undo => Self::Undo,
        }
    }
}

/// Arguments of `jobs`.
#[derive(Debug, Args)]
pub struct JobsArgs {
    /// Go on with this one, from where it stopped
    #[arg(long, value_name = "ID", conflicts_with = "limit")]
    pub resume: Option<i64>,
    /// Most jobs
    #[arg(long, default_value_t = 20, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000))]
    pub limit: u32,
}

/// Arguments of `undo`.
#[derive(Debug, Args)]
pub struct UndoArgs {
    /// The entry, a number of picketctl journal; the entry of an undo does the change again
    #[arg(value_name = "ID", required_unless_present = "last")]
    pub id: Option<i64>,
    /// The newest change that stands
    #[arg(long, conflicts_with = "id")]
    pub last: bool,
    /// Also put back what was changed again since
    #[arg(long)]
    pub overwrite: bool,
}
