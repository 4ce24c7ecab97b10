//! The people and teams an issue can be handed to (occurrences spec, section 3.4).

use std::fmt;
use std::str::FromStr;

/// Who an issue is handed to: `user:7` or `team:3` as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Assignee {
    /// A user, by number.
    User(i64),
    /// A team, by number.
    Team(i64),
}

impl Assignee {
    /// The number alone.
    #[must_use]
    pub fn id(self) -> i64 {
        match self {
            Self::User(id) | Self::Team(id) => id,
        }
    }

    /// `user` or `team`.
    #[must_use]
    pub fn kind(self) -> &'static str {
        match self {
            Self::User(_) => "user",
            Self::Team(_) => "team",
        }
    }
}

impl fmt::Display for Assignee {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.kind(), self.id())
    }
}

impl FromStr for Assignee {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let unknown = || format!("“{text}” is neither user:N nor team:N");
        let (kind, id) = text.split_once(':').ok_or_else(unknown)?;
        let id = id.parse().map_err(|_| unknown())?;
        match kind {
            "user" => Ok(Self::User(id)),
            "team" => Ok(Self::Team(id)),
            _ => Err(unknown()),
        }
    }
}

/// A user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Number.
    pub id: i64,
    /// Name to log in with.
    pub username: String,
    /// Primary address.
    pub email: Option<String>,
    /// Whether the user belongs to the organisation; others cannot be assigned to.
    pub is_member: bool,
}

/// A team.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Team {
    /// Number.
    pub id: i64,
    /// Short name.
    pub slug: String,
}

/// Everybody that is known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Directory {
    /// Users; the first one is who acts in this program, if there is one.
    pub users: Vec<User>,
    /// Teams.
    pub teams: Vec<Team>,
}

impl Directory {
    /// The assignee an identifier names: a number, `user:N`, `team:N`, a user name or a mail address, the last two in
    /// any case. Nothing where it names nobody an issue can be handed to.
    #[must_use]
    pub fn assignee(&self, identifier: &str) -> Option<Assignee> {
        let is_number =
            !identifier.is_empty() && identifier.bytes().all(|byte| byte.is_ascii_digit());
        if is_number {
            return self.member(|user| identifier.parse() == Ok(user.id));
        }
        match identifier.parse() {
            Ok(Assignee::User(id)) => self.member(|user| user.id == id),
            Ok(Assignee::Team(id)) => self.team(id).map(|team| Assignee::Team(team.id)),
            Err(_) => {
                let wanted = identifier.to_lowercase();
                let named = self
                    .users
                    .iter()
                    .find(|user| user.username.to_lowercase() == wanted)
                    .or_else(|| self.by_email(&wanted));
                named
                    .filter(|user| user.is_member)
                    .map(|user| Assignee::User(user.id))
            }
        }
    }

    /// The mail address of an assigned user.
    #[must_use]
    pub fn email(&self, assignee: Assignee) -> Option<&str> {
        match assignee {
            Assignee::User(id) => self.user(id)?.email.as_deref(),
            Assignee::Team(_) => None,
        }
    }

    /// The user with this number.
    #[must_use]
    pub fn user(&self, id: i64) -> Option<&User> {
        self.users.iter().find(|user| user.id == id)
    }

    fn team(&self, id: i64) -> Option<&Team> {
        self.teams.iter().find(|team| team.id == id)
    }

    fn member(&self, is_wanted: impl Fn(&User) -> bool) -> Option<Assignee> {
        let user = self.users.iter().find(|user| is_wanted(user))?;
        user.is_member.then_some(Assignee::User(user.id))
    }

    fn by_email(&self, wanted: &str) -> Option<&User> {
        if !wanted.contains('@') {
            return None;
        }
        let has_it = |user: &&User| {
            let email = user.email.as_deref();
            email.is_some_and(|email| email.to_lowercase() == wanted)
        };
        self.users.iter().find(has_it)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn directory() -> Directory {
        let user = |id, username: &str, email: Option<&str>, is_member| User {
            id,
            username: username.to_owned(),
            email: email.map(str::to_owned),
            is_member,
        };
        Directory {
            users: vec![
                user(7, "Rosa", Some("rosa@example.org"), true),
                user(8, "guest", None, false),
            ],
            teams: vec![Team {
                id: 3,
                slug: "core".to_owned(),
            }],
        }
    }

    #[test]
    fn an_identifier_names_a_member_or_a_team() {
        let directory = directory();
        for named in ["7", "user:7", "rosa", "ROSA", "Rosa@Example.org"] {
            assert_eq!(
                directory.assignee(named),
                Some(Assignee::User(7)),
                "{named}"
            );
        }
        assert_eq!(directory.assignee("team:3"), Some(Assignee::Team(3)));
    }

    #[test]
    fn nobody_else_can_be_assigned_to() {
        for nobody in [
            "", "8", "user:8", "guest", "9", "user:9", "team:7", "core", "user:", "rosa@", "user:x",
        ] {
            assert_eq!(directory().assignee(nobody), None, "{nobody}");
        }
    }
}
