//! The formats of an export and their options.

/// A format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Comma-separated values (RFC 4180).
    Csv(CsvOptions),
    /// One JSON array of objects.
    Json,
    /// A JSON object a line.
    Ndjson,
    /// A Markdown table.
    Markdown,
}

impl Format {
    /// The format of this name, as its usual options have it.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "csv" => Some(Self::Csv(CsvOptions::default())),
            "json" => Some(Self::Json),
            "ndjson" => Some(Self::Ndjson),
            "md" => Some(Self::Markdown),
            _ => None,
        }
    }

    /// Its name, which is also how its files end.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Csv(_) => "csv",
            Self::Json => "json",
            Self::Ndjson => "ndjson",
            Self::Markdown => "md",
        }
    }

    /// How many rows are no trouble for whoever opens the file; beyond them a person should be asked first.
    #[must_use]
    pub fn comfortable_rows(self) -> Option<u64> {
        match self {
            Self::Markdown => Some(1000),
            Self::Csv(_) | Self::Json | Self::Ndjson => None,
        }
    }
}

/// How CSV is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CsvOptions {
    /// What stands between two cells.
    pub separator: Separator,
    /// Whether the names of the columns come first.
    pub header: bool,
    /// Whether the file begins with a byte order mark, by which some spreadsheets know that it is UTF-8.
    pub bom: bool,
    /// Whether a text that a spreadsheet would take for a formula gets an apostrophe in front.
    pub guard_formulas: bool,
}

impl Default for CsvOptions {
    fn default() -> Self {
        Self {
            separator: Separator::Comma,
            header: true,
            bom: false,
            guard_formulas: true,
        }
    }
}

/// What stands between two cells of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Separator {
    /// `,`
    Comma,
    /// `;`, which spreadsheets expect where the comma is in the numbers.
    Semicolon,
    /// A tab.
    Tab,
    /// `|`
    Pipe,
}

impl Separator {
    pub(super) fn byte(self) -> u8 {
        match self {
            Self::Comma => b',',
            Self::Semicolon => b';',
            Self::Tab => b'\t',
            Self::Pipe => b'|',
        }
    }
}
