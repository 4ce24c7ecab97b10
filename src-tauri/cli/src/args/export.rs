//! Arguments of `export`.

use super::search::{SearchArgs, WithinArgs, sort_words};
use clap::{Args, Subcommand, ValueEnum};
use picket_core::engine::find::{ListRequest, Reach};
use picket_core::export::{CsvOptions, Format, Redaction, Separator, Times};
use picket_core::paging::BadRequest;
use std::path::PathBuf;

/// What to export.
#[derive(Debug, Subcommand)]
pub enum ExportCommand {
    /// Issues that a search finds, or that are named
    Issues {
        #[command(flatten)]
        which: WhichArgs,
        /// Columns in order, comma separated: names and tags[NAME] [default: all; with JSON the issues as a list has them]
        #[arg(long, value_name = "COLUMNS")]
        columns: Option<String>,
        #[command(flatten)]
        to: OutputArgs,
    },
    /// Stored occurrences of these issues
    Events {
        #[command(flatten)]
        which: WhichArgs,
        /// Only those that match the search themselves: its time, its environments, what it asks of events
        #[arg(long, conflicts_with = "id")]
        matching: bool,
        /// Columns in order, comma separated: names and tags[NAME] [default: all, with the tags in one]
        #[arg(long, value_name = "COLUMNS")]
        columns: Option<String>,
        #[command(flatten)]
        to: OutputArgs,
    },
    /// Everything there is of these issues, as one file for another program or another person
    Bundle {
        #[command(flatten)]
        which: WhichArgs,
        #[command(flatten)]
        target: TargetArgs,
    },
    /// Values of one tag of one issue, the most frequent first
    TagValues {
        /// Id or short id of the issue
        #[arg(long, value_name = "ISSUE")]
        issue: String,
        /// The tag; user for who it was
        #[arg(long, value_name = "NAME")]
        tag: String,
        /// Columns in order, comma separated [default: all]
        #[arg(long, value_name = "COLUMNS")]
        columns: Option<String>,
        #[command(flatten)]
        to: OutputArgs,
    },
}

/// Which issues, in which order.
#[derive(Debug, Args)]
pub struct WhichArgs {
    /// These issues, by id or short id, comma separated, in place of a search
    #[arg(long, value_name = "ISSUE", value_delimiter = ',', conflicts_with_all = ["query", "sort", "all_time"])]
    pub id: Vec<String>,
    #[command(flatten)]
    pub search: SearchArgs,
    /// Search without a limit in time [default: the last 90 days]
    #[arg(long, conflicts_with_all = ["stats_period", "start"])]
    pub all_time: bool,
    /// Order of the issues [default: date]
    #[arg(long, value_name = "S", value_parser = sort_words())]
    pub sort: Option<String>,
}

impl WhichArgs {
    /// The request, but for its projects and the issues it names.
    pub fn request(&self) -> ListRequest {
        ListRequest {
            sort: self.sort.clone(),
            ..self.search.request()
        }
    }

    pub fn reach(&self) -> Reach {
        if self.all_time {
            Reach::Always
        } else {
            Reach::List
        }
    }

    pub fn within(&self) -> &WithinArgs {
        &self.search.within
    }
}

/// Where an export goes, and what is taken out of it.
#[derive(Debug, Args)]
pub struct TargetArgs {
    /// File to write; it appears whole or not at all [default: standard output]
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Replace a file that is there
    #[arg(long, requires = "out")]
    pub overwrite: bool,
    /// Take out what should not leave the house, comma separated
    #[arg(long, value_enum, value_delimiter = ',', value_name = "WHAT")]
    pub redact: Vec<RedactWord>,
    /// Take out whatever this regular expression finds, too
    #[arg(long, value_name = "REGEX")]
    pub redact_pattern: Option<String>,
}

/// Where rows go, and how they look.
#[derive(Debug, Args)]
pub struct OutputArgs {
    #[command(flatten)]
    pub target: TargetArgs,
    /// Format [default: what the name of the file ends in; with --json json, else csv]
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub format: Option<FormatWord>,
    /// Most rows [default: all]
    #[arg(long, value_name = "N")]
    pub limit: Option<u64>,
    /// How times are written [default: iso]
    #[arg(long, value_enum, value_name = "HOW")]
    pub times: Option<TimesWord>,
    /// CSV: what stands between two cells [default: comma]
    #[arg(long, value_enum, value_name = "WHAT")]
    pub separator: Option<SeparatorWord>,
    /// CSV: no names of columns in the first row
    #[arg(long)]
    pub no_header: bool,
    /// CSV: begin with a byte order mark, which some spreadsheets need
    #[arg(long)]
    pub bom: bool,
    /// CSV: leave cells as they are that a spreadsheet takes for formulas
    #[arg(long)]
    pub no_formula_guard: bool,
}

/// What can be taken out, on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum RedactWord {
    /// Passwords, tokens, keys, cookies
    Secrets,
    /// Mail addresses
    Emails,
    /// Addresses of machines
    Ips,
}

/// A format on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FormatWord {
    /// Comma-separated values
    Csv,
    /// One JSON array
    Json,
    /// A JSON object a line
    Ndjson,
    /// A Markdown table
    Md,
}

/// How times are written, on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum TimesWord {
    /// ISO 8601 in UTC
    Iso,
    /// ISO 8601 in the time of this machine, with its offset
    Local,
    /// Milliseconds since the beginning of 1970
    Unix,
}

/// A separator on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SeparatorWord {
    Comma,
    Semicolon,
    Tab,
    Pipe,
}

impl TargetArgs {
    /// What is taken out.
    pub fn redaction(&self) -> Result<Redaction, BadRequest> {
        let takes = |word| self.redact.contains(&word);
        Ok(Redaction {
            secrets: takes(RedactWord::Secrets),
            emails: takes(RedactWord::Emails),
            addresses: takes(RedactWord::Ips),
            pattern: Redaction::pattern(self.redact_pattern.as_deref().unwrap_or_default())?,
        })
    }
}

impl OutputArgs {
    /// The format: the one that is asked for, else that of the file's name, else the one that `--json` means.
    pub fn format(&self, json: bool) -> Format {
        let of_name = || {
            let ending = self.target.out.as_ref()?.extension()?.to_str()?;
            FormatWord::from_str(ending, true).ok()
        };
        let wants_json = json && self.target.out.is_none();
        let otherwise = if wants_json {
            FormatWord::Json
        } else {
            FormatWord::Csv
        };
        match self.format.or_else(of_name).unwrap_or(otherwise) {
            FormatWord::Csv => Format::Csv(self.csv()),
            FormatWord::Json => Format::Json,
            FormatWord::Ndjson => Format::Ndjson,
            FormatWord::Md => Format::Markdown,
        }
    }

    /// How times are written.
    pub fn times(&self) -> Result<Times, BadRequest> {
        match self.times {
            None | Some(TimesWord::Iso) => Ok(Times::Utc),
            Some(TimesWord::Local) => Times::of_machine(),
            Some(TimesWord::Unix) => Ok(Times::UnixMillis),
        }
    }

    /// Whether something is asked for that only CSV has.
    pub fn asks_for_csv(&self) -> bool {
        self.separator.is_some() || self.no_header || self.bom || self.no_formula_guard
    }

    fn csv(&self) -> CsvOptions {
        CsvOptions {
            separator: match self.separator {
                None | Some(SeparatorWord::Comma) => Separator::Comma,
                Some(SeparatorWord::Semicolon) => Separator::Semicolon,
                Some(SeparatorWord::Tab) => Separator::Tab,
                Some(SeparatorWord::Pipe) => Separator::Pipe,
            },
            header: !self.no_header,
            bom: self.bom,
            guard_formulas: !self.no_formula_guard,
        }
    }
}
