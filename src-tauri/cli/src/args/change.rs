//! Arguments that say what an update changes.

use crate::refusal::WrongArguments;
use clap::Args;
use clap::builder::PossibleValuesParser;
use picket_core::engine::bulk::{BadRequest, StatusWord, UpdateBody};
use serde_json::{Map, Value, json};

/// What to change. At least one of it has to be said, which is checked in [`ChangeArgs::body`]: clap would answer with
/// the names of them all.
#[derive(Debug, Default, Args)]
pub struct ChangeArgs {
    /// Another status
    #[arg(long, value_name = "STATUS", value_parser = PossibleValuesParser::new(StatusWord::words()))]
    pub status: Option<String>,
    /// Another finer state; alone it stands for its status, too
    #[arg(long, value_name = "SUBSTATUS", value_parser = PossibleValuesParser::new(UpdateBody::substatus_words()))]
    pub substatus: Option<String>,
    /// Resolved as of this release; latest for the newest one
    #[arg(long, value_name = "VERSION", group = RELEASE)]
    pub in_release: Option<String>,
    /// Resolved as of the release after the newest one
    #[arg(long, group = RELEASE)]
    pub in_next_release: bool,
    /// Resolved as of the release that is being prepared
    #[arg(long, group = RELEASE)]
    pub in_upcoming_release: bool,
    /// Resolved by this commit
    #[arg(long, num_args = 2, value_names = ["REPOSITORY", "COMMIT"], group = RELEASE)]
    pub in_commit: Option<Vec<String>>,
    /// Archived for so many minutes
    #[arg(long, value_name = "MINUTES")]
    pub ignore_duration: Option<u32>,
    /// Archived until it has occurred so often again
    #[arg(long, value_name = "N")]
    pub ignore_count: Option<u32>,
    /// … within so many minutes
    #[arg(long, value_name = "MINUTES", requires = "ignore_count")]
    pub ignore_window: Option<u32>,
    /// Archived until so many more users are affected
    #[arg(long, value_name = "N")]
    pub ignore_user_count: Option<u32>,
    /// … within so many minutes
    #[arg(long, value_name = "MINUTES", requires = "ignore_user_count")]
    pub ignore_user_window: Option<u32>,
    /// Who gets them: a name, a mail address, user:N, team:N or me; an empty text for nobody
    #[arg(long, value_name = "WHO")]
    pub assign: Option<String>,
    /// Another priority
    #[arg(long, value_name = "PRIORITY", value_parser = PossibleValuesParser::new(UpdateBody::priority_words()))]
    pub priority: Option<String>,
    /// Put them into the inbox, or mark them as reviewed
    #[arg(long, value_name = "BOOL")]
    pub inbox: Option<bool>,
    /// Whether you have seen them
    #[arg(long, value_name = "BOOL")]
    pub seen: Option<bool>,
    /// Whether you have them bookmarked
    #[arg(long, value_name = "BOOL")]
    pub bookmark: Option<bool>,
    /// Whether you hear of them
    #[arg(long, value_name = "BOOL")]
    pub subscribe: Option<bool>,
    /// Whether whoever has their link can look at them
    #[arg(long, value_name = "BOOL")]
    pub public: Option<bool>,
    /// Put a label on them; may be said several times
    #[arg(long, value_name = "LABEL")]
    pub add_label: Vec<String>,
    /// Take a label off them; may be said several times
    #[arg(long, value_name = "LABEL")]
    pub remove_label: Vec<String>,
    /// Write a note about each of them
    #[arg(long, value_name = "TEXT")]
    pub note: Option<String>,
    /// Make them one: the one seen most stays
    #[arg(long)]
    pub merge: bool,
    /// Delete them, and drop whatever would come for them; goes with nothing else and takes --yes
    #[arg(long)]
    pub discard: bool,
}

/// Of these one can be said.
const RELEASE: &str = "release";

impl ChangeArgs {
    /// What is asked for. `me`: who acts.
    ///
    /// # Errors
    /// [`WrongArguments`] for arguments that do not go together.
    pub fn body(&self, me: Option<i64>) -> Result<UpdateBody, WrongArguments> {
        let (release, ignore) = (self.release(), self.ignore());
        // Conditions alone say which status is meant.
        let implied = match (self.status.as_deref(), self.substatus.as_deref()) {
            (None, None) if !release.is_empty() => Some("resolved"),
            (None, None) if !ignore.is_empty() => Some("ignored"),
            (status, _) => status,
        };
        let (is_about_release, is_about_archive) = (!release.is_empty(), !ignore.is_empty());
        let details = release.into_iter().chain(ignore).collect::<Map<_, _>>();
        let mut body = json!({
            "status": implied,
            "statusDetails": details,
            "substatus": self.substatus,
            "priority": self.priority,
            "inbox": self.inbox,
            "hasSeen": self.seen,
            "isBookmarked": self.bookmark,
            "isSubscribed": self.subscribe,
            "isPublic": self.public,
            "note": self.note,
            "merge": self.merge,
            "discard": self.discard,
        });
        if !self.add_label.is_empty() || !self.remove_label.is_empty() {
            body["labels"] = json!({ "add": self.add_label, "remove": self.remove_label });
        }
        if let Some(who) = &self.assign {
            body["assignedTo"] = json!(assignee(who, me)?);
        }
        let body = UpdateBody::read(&body).map_err(|bad| WrongArguments(in_flags(&bad)))?;
        if body == UpdateBody::default() {
            let words = "Say what to change, such as --status resolved or --assign me.";
            return Err(WrongArguments(words.to_owned()));
        }
        let status = body.effective_status();
        let resolves = match status {
            Some(StatusWord::Resolved) => true,
            // The status names the release already.
            Some(StatusWord::ResolvedInNextRelease) => self.in_next_release,
            _ => false,
        };
        if is_about_release && !resolves {
            let words = "A release or a commit goes with --status resolved and no other.";
            return Err(WrongArguments(words.to_owned()));
        }
        if is_about_archive && status != Some(StatusWord::Ignored) {
            let words = "--ignore-… goes with --status ignored and no other.";
            return Err(WrongArguments(words.to_owned()));
        }
        Ok(body)
    }

    fn release(&self) -> Map<String, Value> {
        let mut details = Map::new();
        if let Some(version) = &self.in_release {
            details.insert("inRelease".to_owned(), json!(version));
        }
        if self.in_next_release {
            details.insert("inNextRelease".to_owned(), json!(true));
        }
        if self.in_upcoming_release {
            details.insert("inUpcomingRelease".to_owned(), json!(true));
        }
        if let Some([repository, commit]) = self.in_commit.as_deref() {
            let commit = json!({ "repository": repository, "commit": commit });
            details.insert("inCommit".to_owned(), commit);
        }
        details
    }

    fn ignore(&self) -> Map<String, Value> {
        let conditions = [
            ("ignoreDuration", self.ignore_duration),
            ("ignoreCount", self.ignore_count),
            ("ignoreWindow", self.ignore_window),
            ("ignoreUserCount", self.ignore_user_count),
            ("ignoreUserWindow", self.ignore_user_window),
        ];
        let set = conditions.into_iter();
        set.filter_map(|(member, value)| Some((member.to_owned(), json!(value?))))
            .collect()
    }
}

fn assignee(who: &str, me: Option<i64>) -> Result<String, WrongArguments> {
    match (who.trim(), me) {
        ("me", Some(me)) => Ok(format!("user:{me}")),
        ("me", None) => {
            let words = "--assign me: nobody acts here; name yourself as people.me in the settings";
            Err(WrongArguments(words.to_owned()))
        }
        (who, _) => Ok(who.to_owned()),
    }
}

/// A refusal in the words of the command line.
pub fn in_flags(bad: &BadRequest) -> String {
    let member = bad.parameter.strip_prefix("statusDetails.");
    let flag = match member.unwrap_or(&bad.parameter) {
        "id" => "This".to_owned(),
        "assignedTo" => "--assign".to_owned(),
        "hasSeen" => "--seen".to_owned(),
        "isBookmarked" => "--bookmark".to_owned(),
        "isSubscribed" => "--subscribe".to_owned(),
        "isPublic" => "--public".to_owned(),
        "labels" | "labels.add" => "--add-label".to_owned(),
        "labels.remove" => "--remove-label".to_owned(),
        // A key of the settings.
        key if key.contains('.') => key.to_owned(),
        member => format!("--{}", kebab(member)),
    };
    // Some problems are sentences of their own.
    let goes_on = ["is ", "names ", "goes "];
    let goes_on = goes_on.iter().any(|verb| bad.problem.starts_with(verb));
    let colon = if goes_on { "" } else { ":" };
    format!("{flag}{colon} {}", bad.problem)
}

fn kebab(word: &str) -> String {
    word.chars().fold(String::new(), |mut text, character| {
        if character.is_ascii_uppercase() {
            text.push('-');
        }
        text.push(character.to_ascii_lowercase());
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use picket_core::model::Substatus;

    fn refused(change: &ChangeArgs) -> String {
        change.body(None).unwrap_err().0
    }

    #[test]
    fn conditions_alone_say_which_status_is_meant() {
        let in_release = ChangeArgs {
            in_release: Some("1.0".to_owned()),
            ..ChangeArgs::default()
        };
        let body = in_release.body(None).unwrap();
        assert_eq!(body.status, Some(StatusWord::Resolved));
        assert_eq!(body.details.in_release.as_deref(), Some("1.0"));
        let archived = ChangeArgs {
            ignore_count: Some(3),
            ..ChangeArgs::default()
        };
        let body = archived.body(None).unwrap();
        assert_eq!(body.status, Some(StatusWord::Ignored));
        assert_eq!(body.details.ignore.count, Some(3));
        let until = ChangeArgs {
            substatus: Some("until_condition_met".to_owned()),
            ..archived
        };
        let body = until.body(None).unwrap();
        assert_eq!(
            (body.status, body.substatus),
            (None, Some(Substatus::UntilConditionMet))
        );
    }

    #[test]
    fn what_does_not_go_together_is_refused_in_flags() {
        let status = |word: &str| ChangeArgs {
            status: Some(word.to_owned()),
            ..ChangeArgs::default()
        };
        let released = |word: &str| ChangeArgs {
            in_release: Some("1.0".to_owned()),
            ..status(word)
        };
        for word in ["unresolved", "ignored", "resolvedInNextRelease"] {
            assert!(
                refused(&released(word)).contains("--status resolved"),
                "{word}"
            );
        }
        let counted = ChangeArgs {
            ignore_count: Some(1),
            ..status("resolved")
        };
        assert!(refused(&counted).contains("--status ignored"));
        let long = ChangeArgs {
            ignore_user_count: Some(1),
            ignore_user_window: Some(10_081),
            ..status("ignored")
        };
        assert!(refused(&long).starts_with("--ignore-user-window is longer than a week"));
        let substatus = ChangeArgs {
            substatus: Some("forever".to_owned()),
            ..status("unresolved")
        };
        assert!(refused(&substatus).starts_with("--substatus: “"));
        let label = |add: &[&str], remove: &[&str]| ChangeArgs {
            add_label: add.iter().map(ToString::to_string).collect(),
            remove_label: remove.iter().map(ToString::to_string).collect(),
            ..ChangeArgs::default()
        };
        assert!(refused(&label(&["a,b"], &[])).starts_with("--add-label: “a,b” has a comma"));
        assert!(refused(&label(&[], &[" "])).starts_with("--remove-label: “ ” is empty"));
        assert!(refused(&label(&["a"], &["A"])).contains("puts “a” on and takes it off"));
        let note = ChangeArgs {
            note: Some(String::new()),
            ..ChangeArgs::default()
        };
        assert_eq!(refused(&note), "--note is empty; write something");
        let discard = ChangeArgs {
            discard: true,
            ..status("resolved")
        };
        assert!(refused(&discard).starts_with("--discard goes with nothing else"));
    }

    #[test]
    fn something_has_to_be_asked_for() {
        assert!(refused(&ChangeArgs::default()).contains("--status resolved"));
        // A count of none is no condition, and still an archive for good.
        let archive = ChangeArgs {
            ignore_count: Some(0),
            ..ChangeArgs::default()
        };
        assert!(archive.body(None).is_ok());
    }

    #[test]
    fn whoever_acts_is_called_me() {
        let mine = |who: &str| ChangeArgs {
            assign: Some(who.to_owned()),
            ..ChangeArgs::default()
        };
        let assigned = |who, me| mine(who).body(me).unwrap().assigned_to;
        assert_eq!(assigned("me", Some(7)).as_deref(), Some("user:7"));
        assert_eq!(assigned("", Some(7)).as_deref(), Some(""));
        assert_eq!(assigned("ana", None).as_deref(), Some("ana"));
        assert!(refused(&mine("me")).contains("people.me"));
    }
}
