//! People and teams as the settings name them.

use crate::model::{Directory, Team, User};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Whom issues can be handed to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PeopleSettings {
    /// Name of the user who acts in this program; empty where nobody is named.
    pub me: String,
    /// Users by name.
    pub users: BTreeMap<String, PersonSettings>,
    /// Numbers of teams by short name.
    pub teams: BTreeMap<String, i64>,
}

/// A user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PersonSettings {
    /// Number, which records and issues name the user by.
    pub id: i64,
    /// Mail address.
    pub email: Option<String>,
}

impl PeopleSettings {
    /// Number of the user who acts in this program.
    #[must_use]
    pub fn me(&self) -> Option<i64> {
        self.users.get(&self.me).map(|user| user.id)
    }

    /// Everybody: the user who acts here first, the others by number, teams by number.
    #[must_use]
    pub(super) fn directory(&self) -> Directory {
        let mut users: Vec<User> = self
            .users
            .iter()
            .map(|(name, user)| User {
                id: user.id,
                username: name.clone(),
                email: user.email.clone(),
                is_member: true,
            })
            .collect();
        users.sort_by_key(|user| (user.username != self.me, user.id));
        let mut teams: Vec<Team> = self
            .teams
            .iter()
            .map(|(slug, &id)| Team {
                id,
                slug: slug.clone(),
            })
            .collect();
        teams.sort_by_key(|team| team.id);
        Directory { users, teams }
    }

    /// The first key that cannot be right, and what is wrong with it.
    pub(super) fn problem(&self) -> Option<(String, String)> {
        if !self.me.is_empty() && !self.users.contains_key(&self.me) {
            let problem = format!(
                "names “{}”, who is not among `people.users`; add them there or name another",
                self.me
            );
            return Some(("people.me".to_owned(), problem));
        }
        self.users_problem().or_else(|| self.teams_problem())
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

    fn teams_problem(&self) -> Option<(String, String)> {
        let teams = self.teams.iter().map(|(slug, &id)| (slug, id));
        numbers_problem("people.teams", "", teams)
    }
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
