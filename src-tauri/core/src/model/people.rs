//! The people and teams an issue can be handed to (occurrences spec, section 3.4).

use super::ProjectId;
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
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct User {
    /// Number.
    pub id: i64,
    /// Name to log in with.
    pub username: String,
    /// Primary address.
    pub email: Option<String>,
    /// Whether the user belongs to the organisation; others cannot be assigned to.
    pub is_member: bool,
    /// Whether an issue that this user resolves and nobody has becomes theirs.
    pub assigns_itself: bool,
}

/// A team.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Team {
    /// Number.
    pub id: i64,
    /// Short name.
    pub slug: String,
    /// Numbers of its users, ascending. Where no team names any, nobody is left out anywhere.
    pub members: Vec<i64>,
    /// Its projects, ascending; none for a team that belongs to all of them.
    pub projects: Vec<ProjectId>,
}

impl Team {
    /// Whether it belongs to a project.
    #[must_use]
    pub fn is_of(&self, project: ProjectId) -> bool {
        self.projects.is_empty() || self.projects.contains(&project)
    }
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

    /// The members an assignee stands for: the user, or those the team names.
    #[must_use]
    pub fn people_of(&self, assignee: Assignee) -> Vec<i64> {
        let named = match assignee {
            Assignee::User(id) => vec![id],
            Assignee::Team(id) => self
                .team(id)
                .map_or(Vec::new(), |team| team.members.clone()),
        };
        let is_member = |id: &i64| self.user(*id).is_some_and(|user| user.is_member);
        named.into_iter().filter(is_member).collect()
    }

    /// Whether an assignee belongs to a project: a team of it, or a member of one. Where no team names its members,
    /// every member belongs to every project.
    #[must_use]
    pub fn belongs_to(&self, assignee: Assignee, project: ProjectId) -> bool {
        match assignee {
            Assignee::Team(id) => self.team(id).is_some_and(|team| team.is_of(project)),
            Assignee::User(id) => {
                let is_member = self.user(id).is_some_and(|user| user.is_member);
                let mut closed = self.teams.iter().filter(|team| !team.members.is_empty());
                let is_open = self.teams.iter().all(|team| team.members.is_empty());
                is_member
                    && (is_open
                        || closed.any(|team| team.is_of(project) && team.members.contains(&id)))
            }
        }
    }

    /// The team with this number.
    #[must_use]
    pub fn team(&self, id: i64) -> Option<&Team> {
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
            assigns_itself: false,
        };
        Directory {
            users: vec![
                user(7, "Rosa", Some("rosa@example.org"), true),
                user(8, "guest", None, false),
            ],
            teams: vec![Team {
                id: 3,
                slug: "core".to_owned(),
                ..Team::default()
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

    #[test]
    fn without_members_of_teams_everybody_belongs_everywhere() {
        let directory = directory();
        let everywhere = |assignee| directory.belongs_to(assignee, ProjectId(99));
        assert!(everywhere(Assignee::User(7)) && everywhere(Assignee::Team(3)));
        assert!(!everywhere(Assignee::User(8)), "a guest is nobody's member");
        assert!(!everywhere(Assignee::User(9)) && !everywhere(Assignee::Team(4)));
    }

    #[test]
    fn a_member_belongs_to_the_projects_of_the_teams_that_name_them() {
        let mut directory = directory();
        directory.users.push(User {
            id: 9,
            is_member: true,
            ..User::default()
        });
        directory.teams[0].members = vec![7, 8];
        directory.teams[0].projects = vec![ProjectId(1), ProjectId(2)];
        directory.teams.push(Team {
            id: 4,
            ..Team::default()
        });
        let of =
            |assignee| [1, 2, 3].map(|project| directory.belongs_to(assignee, ProjectId(project)));
        assert_eq!(of(Assignee::User(7)), [true, true, false]);
        assert_eq!(of(Assignee::Team(3)), [true, true, false]);
        assert_eq!(of(Assignee::Team(4)), [true; 3]);
        assert_eq!(of(Assignee::User(8)), [false; 3], "named, but no member");
        assert_eq!(of(Assignee::User(9)), [false; 3], "of no team");
    }
}
