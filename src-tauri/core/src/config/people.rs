//! People and teams as the settings name them.

use super::ProjectSettings;
use crate::model::{Directory, ProjectId, Team, User};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Whom issues can be handed to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PeopleSettings {
    /// Name of the user who acts in this program; empty where nobody is named.
    pub me: String,
    /// Users by name.
    pub users: BTreeMap<String, PersonSettings>,
    /// Teams by short name: `core = 3`, or with who and what belongs to it
    /// `core = { id = 3, members = ["rosa"], projects = ["checkout"] }`.
    pub teams: BTreeMap<String, TeamSettings>,
}

/// A team. Written as the number alone, or as a table with `id`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "TeamForm")]
pub struct TeamSettings {
    /// Number, which records and issues name the team by.
    pub id: i64,
    /// Names of its users. Where no team names any, every user belongs to every project.
    pub members: Vec<String>,
    /// Names of its projects; all of them where it names none.
    pub projects: Vec<String>,
}

/// What can be written for a team.
#[derive(Deserialize)]
#[serde(
    untagged,
    expecting = "a number, or a table with `id`, `members` and `projects`"
)]
enum TeamForm {
    Number(i64),
    Table(TeamTable),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TeamTable {
    id: i64,
    #[serde(default)]
    members: Vec<String>,
    #[serde(default)]
    projects: Vec<String>,
}

impl From<TeamForm> for TeamSettings {
    fn from(form: TeamForm) -> Self {
        let table = match form {
            TeamForm::Table(table) => table,
            TeamForm::Number(id) => TeamTable {
                id,
                members: Vec::new(),
                projects: Vec::new(),
            },
        };
        Self {
            id: table.id,
            members: table.members,
            projects: table.projects,
        }
    }
}

/// A user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PersonSettings {
    /// Number, which records and issues name the user by.
    pub id: i64,
    /// Mail address.
    pub email: Option<String>,
    /// Whether an issue that this user resolves and nobody has becomes theirs.
    #[serde(default)]
    pub assigns_itself: bool,
}

impl PeopleSettings {
    /// Number of the user who acts in this program.
    #[must_use]
    pub fn me(&self) -> Option<i64> {
        self.users.get(&self.me).map(|user| user.id)
    }

    /// Everybody: the user who acts here first, the others by number, teams by number. `projects` are the named ones.
    #[must_use]
    pub(super) fn directory(&self, projects: &BTreeMap<String, ProjectSettings>) -> Directory {
        let mut users: Vec<User> = self
            .users
            .iter()
            .map(|(name, user)| User {
                id: user.id,
                username: name.clone(),
                email: user.email.clone(),
                is_member: true,
                assigns_itself: user.assigns_itself,
            })
            .collect();
        users.sort_by_key(|user| (user.username != self.me, user.id));
        let mut teams: Vec<Team> = self
            .teams
            .iter()
            .map(|(slug, team)| Team {
                id: team.id,
                slug: slug.clone(),
                members: sorted(&team.members, |name| Some(self.users.get(name)?.id)),
                projects: sorted(&team.projects, |name| {
                    Some(ProjectId(projects.get(name)?.id))
                }),
            })
            .collect();
        teams.sort_by_key(|team| team.id);
        Directory { users, teams }
    }

    /// The first key that cannot be right, and what is wrong with it.
    pub(super) fn problem(
        &self,
        projects: &BTreeMap<String, ProjectSettings>,
    ) -> Option<(String, String)> {
        if !self.me.is_empty() && !self.users.contains_key(&self.me) {
            let problem = format!(
                "names “{}”, who is not among `people.users`; add them there or name another",
                self.me
            );
            return Some(("people.me".to_owned(), problem));
        }
        self.users_problem()
            .or_else(|| self.teams_problem(projects))
    }

    fn users_problem(&self) -> Option<(String, String)> {
        let mut names: BTreeMap<String, &str> = BTreeMap::new();
        let mut emails: BTreeMap<String, &str> = BTreeMap::new();
        for (name, user) in &self.users {
            let key = format!("people.users.{name}");
            if name.is_empty() || name.contains([':', '@']) || is_number(name) {
                return Some((
                    key,
                    "is no name of a user: write one without “:” and “@” that is no number"
                        .to_owned(),
                ));
            }
            // An issue can be handed to a user by name or address in any case.
            if let Some(other) = names.insert(name.to_lowercase(), name) {
                let problem = format!("differs from `people.users.{other}` only in case");
                return Some((key, problem));
            }
            let Some(email) = &user.email else { continue };
            let key = format!("{key}.email");
            if !email.contains('@') {
                return Some((key, format!("is “{email}”, which is no mail address")));
            }
            if let Some(other) = emails.insert(email.to_lowercase(), name) {
                let problem = format!("is the address of `people.users.{other}` too");
                return Some((key, problem));
            }
        }
        let users = self.users.iter().map(|(name, user)| (name, user.id));
        numbers_problem("people.users", ".id", users)
    }

    fn teams_problem(
        &self,
        projects: &BTreeMap<String, ProjectSettings>,
    ) -> Option<(String, String)> {
        for (slug, team) in &self.teams {
            let unknown = team
                .members
                .iter()
                .find(|name| !self.users.contains_key(*name));
            if let Some(name) = unknown {
                let problem = format!(
                    "names “{name}”, who is not among `people.users`; add them there or leave them out"
                );
                return Some((format!("people.teams.{slug}.members"), problem));
            }
            let unknown = team
                .projects
                .iter()
                .find(|name| !projects.contains_key(*name));
            if let Some(name) = unknown {
                let problem = format!(
                    "names “{name}”, which is not among `ingest.projects`; add it there or leave it out"
                );
                return Some((format!("people.teams.{slug}.projects"), problem));
            }
        }
        let teams = self.teams.iter().map(|(slug, team)| (slug, team.id));
        numbers_problem("people.teams", "", teams)
    }
}

/// What names stand for, ascending.
fn sorted<T: Ord>(names: &[String], number: impl Fn(&String) -> Option<T>) -> Vec<T> {
    let numbers: BTreeSet<T> = names.iter().filter_map(number).collect();
    numbers.into_iter().collect()
}

fn is_number(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The first of the keys `table.name` + `field` whose number is not its own or below 1.
pub(super) fn numbers_problem<'a>(
    table: &str,
    field: &str,
    numbered: impl Iterator<Item = (&'a String, i64)>,
) -> Option<(String, String)> {
    let mut taken: BTreeMap<i64, &str> = BTreeMap::new();
    for (name, id) in numbered {
        let key = format!("{table}.{name}{field}");
        if id < 1 {
            return Some((key, format!("is {id}; numbers begin with 1")));
        }
        if let Some(other) = taken.insert(id, name) {
            let problem = format!("is {id}, which `{table}.{other}` has already");
            return Some((key, problem));
        }
    }
    None
}
