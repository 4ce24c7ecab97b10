//! The command line.

mod action;
mod change;
mod export;
mod search;

pub use action::{DeleteArgs, JobsArgs, JournalArgs, MeantArgs, UndoArgs, UpdateArgs};
pub use change::in_flags;
pub use export::{ExportCommand, TargetArgs, WhichArgs};
pub use search::{IssuesArgs, SearchArgs};

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};
use picket_core::model::RejectReason;
use picket_core::store::DeadLetterState;
use std::path::PathBuf;

/// Take in occurrences from Kafka, look at issues, without a window.
#[derive(Debug, Parser)]
#[command(name = "picketctl", version, about)]
pub struct Cli {
    /// Store to use: sqlite:///path/file.db, sqlite::memory: or postgres://… [default: the store of the settings]
    #[arg(long, global = true, value_name = "URL")]
    pub store: Option<String>,
    /// Settings file [default: picket.toml in the user's configuration folder]
    #[arg(long, global = true, value_name = "FILE", env = "PICKET_CONFIG")]
    pub config: Option<PathBuf>,
    /// Print one JSON document and nothing else
    #[arg(long, global = true)]
    pub json: bool,
    /// What to do
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Consume from Kafka into the store until stopped
    Ingest(IngestArgs),
    /// Run on generated records: in-process broker, real consumer, real store
    Demo(DemoArgs),
    /// Feed captured records through the same pipeline, without a broker
    Replay(ReplayArgs),
    /// Write the records of live topics into a file for replay
    Capture(CaptureArgs),
    /// List issues: a page of what a search finds
    Issues(IssuesArgs),
    /// Show one issue with its latest occurrence
    Issue(IdArgs),
    /// Show a stored event
    Event(IdArgs),
    /// Write issues, their occurrences, or values of a tag into a file or to standard output
    #[command(subcommand)]
    Export(ExportCommand),
    /// Change issues that are named or that a search finds; picketctl undo takes it back
    Update(Box<UpdateArgs>),
    /// Delete issues that are named or that a search finds; without --yes, say how many that would be
    Delete(DeleteArgs),
    /// List what was done to issues, newest first
    Journal(JournalArgs),
    /// List actions on very many issues, newest first, or go on with one that stopped before its end
    Jobs(JobsArgs),
    /// Take back what was done to issues
    Undo(UndoArgs),
    /// Show what was accepted and what was not, and why
    Outcomes(OutcomesArgs),
    /// Look at records that could not be processed
    #[command(subcommand)]
    DeadLetters(DeadLettersCommand),
    /// Check settings, store and brokers; each with a verdict and the fix
    Doctor,
    /// Bring the schema of the store up to date
    Migrate(MigrateArgs),
}

/// Arguments of `ingest`.
#[derive(Debug, Args)]
pub struct IngestArgs {
    #[command(flatten)]
    pub cluster: ClusterArgs,
    /// Where to begin: earliest, latest, stored, or a time such as 2026-11-20T14:30:00Z. What the store has read
    /// is never read again
    #[arg(long, default_value = "stored", value_name = "POSITION")]
    pub from: String,
    /// Join this consumer group and share the partitions with its other members
    #[arg(long, value_name = "NAME")]
    pub group: Option<String>,
    /// Stop when nothing has arrived for so many seconds and everything is read
    #[arg(long, value_name = "SECS")]
    pub until_idle: Option<u64>,
}

/// Which cluster and topics.
#[derive(Debug, Args)]
pub struct ClusterArgs {
    /// Saved connection [default: the only one there is]
    #[arg(long, value_name = "NAME")]
    pub connection: Option<String>,
    /// Brokers to use without a saved connection, PLAINTEXT
    #[arg(long, value_name = "HOST:PORT", conflicts_with = "connection")]
    pub brokers: Option<String>,
    /// Topics, comma separated [default: those of the connection, or ingest-occurrences]
    #[arg(long, value_name = "TOPICS", value_delimiter = ',')]
    pub topics: Vec<String>,
}

/// Arguments of `demo`.
#[derive(Debug, Args)]
pub struct DemoArgs {
    /// Produce for so many seconds, then stop when all of it is stored [default: until stopped]
    #[arg(long, value_name = "N")]
    pub seconds: Option<u64>,
    /// Records per second
    #[arg(long, default_value_t = 100, value_name = "R")]
    pub rate: u32,
    /// Same seed, same records
    #[arg(long, default_value_t = 1, value_name = "S")]
    pub seed: u64,
    /// Distinct issues the generator knows
    #[arg(long, default_value_t = 2_000, value_name = "N")]
    pub issues: u32,
    /// Records of the past to begin with; with at least as many as issues, each issue occurs
    #[arg(long, default_value_t = 0, value_name = "N")]
    pub backlog: u64,
}

/// Arguments of `replay`.
#[derive(Debug, Args)]
pub struct ReplayArgs {
    /// File of records, one JSON object a line, plain or zstd; `-` for standard input
    pub file: PathBuf,
}

/// Arguments of `capture`.
#[derive(Debug, Args)]
pub struct CaptureArgs {
    #[command(flatten)]
    pub cluster: ClusterArgs,
    /// File to write; compressed when its name ends in .zst
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    /// Stop after so many records [default: when stopped]
    #[arg(long, value_name = "N")]
    pub limit: Option<u64>,
    /// Where to begin: earliest, latest, or a time such as 2026-11-20T14:30:00Z
    #[arg(long, default_value = "earliest", value_name = "POSITION")]
    pub from: String,
}

/// One thing.
#[derive(Debug, Args)]
pub struct IdArgs {
    /// Its id
    pub id: String,
}

/// How to sum outcomes up.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum OutcomesBy {
    /// One row per reason
    Reason,
    /// One row per hour
    Hour,
}

/// Arguments of `outcomes`.
#[derive(Debug, Args)]
pub struct OutcomesArgs {
    /// How to sum up
    #[arg(long, value_enum, default_value = "reason")]
    pub by: OutcomesBy,
}

/// What to do with dead letters.
#[derive(Debug, Subcommand)]
pub enum DeadLettersCommand {
    /// List them, newest first, with how many there are
    List {
        /// Only those in this state
        #[arg(long, value_name = "STATE", value_parser = state_words())]
        state: Option<DeadLetterState>,
        /// Only those set aside for this reason
        #[arg(long, value_name = "REASON", value_parser = reason_words())]
        reason: Option<RejectReason>,
        /// Most rows
        #[arg(long, default_value_t = 100, value_name = "N")]
        limit: u32,
    },
    /// Show one with its bytes
    Show {
        /// Its id
        id: i64,
    },
    /// Process them again, as after a fix of what kept them from being read
    Replay(DeadLetterSelection),
    /// Put them aside for good
    Discard(DeadLetterSelection),
    /// Take a discard back
    Restore(DeadLetterSelection),
}

/// Which dead letters.
#[derive(Debug, Args)]
pub struct DeadLetterSelection {
    /// Their ids
    #[arg(required_unless_present = "all")]
    pub ids: Vec<i64>,
    /// All that can be
    #[arg(long, conflicts_with = "ids")]
    pub all: bool,
    /// With --all: only those set aside for this reason
    #[arg(long, requires = "all", value_name = "REASON", value_parser = reason_words())]
    pub reason: Option<RejectReason>,
}

fn state_words() -> impl TypedValueParser<Value = DeadLetterState> {
    PossibleValuesParser::new(DeadLetterState::ALL.map(DeadLetterState::as_str))
        .try_map(|word| DeadLetterState::from_word(&word).ok_or("no such state"))
}

fn reason_words() -> impl TypedValueParser<Value = RejectReason> {
    PossibleValuesParser::new(RejectReason::ALL.iter().map(|reason| reason.as_str()))
        .try_map(|word| RejectReason::from_word(&word).ok_or("no such reason"))
}

/// Arguments of `migrate`.
#[derive(Debug, Args)]
pub struct MigrateArgs {
    /// Only say what would be done
    #[arg(long)]
    pub dry_run: bool,
}
