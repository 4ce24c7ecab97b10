//! Whom issues can be handed to.

use crate::model::Directory;
use serde::Serialize;
use specta::Type;

/// Everybody that is known.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Type)]
pub struct People {
    /// Id of the user who acts in this program; nothing while the settings name nobody.
    pub me: Option<String>,
    /// Users an issue can be handed to.
    pub users: Vec<Person>,
    /// Teams.
    pub teams: Vec<Team>,
}

/// A user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct Person {
    /// Number, a 64-bit integer as text.
    pub id: String,
    /// Name.
    pub username: String,
    /// Mail address.
    pub email: Option<String>,
}

/// A team.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct Team {
    /// Number, a 64-bit integer as text.
    pub id: String,
    /// Short name.
    pub slug: String,
}

impl People {
    /// The members and teams of a directory, in its order. `me` is the number of the user who acts here.
    #[must_use]
    pub fn of(directory: &Directory, me: Option<i64>) -> Self {
        let members = directory.users.iter().filter(|user| user.is_member);
        Self {
            me: me.map(|id| id.to_string()),
            users: members
                .map(|user| Person {
                    id: user.id.to_string(),
                    username: user.username.clone(),
                    email: user.email.clone(),
                })
                .collect(),
            teams: directory
                .teams
                .iter()
                .map(|team| Team {
                    id: team.id.to_string(),
                    slug: team.slug.clone(),
                })
                .collect(),
        }
    }
}

impl From<Directory> for People {
    /// The first user of a directory is who acts.
    fn from(directory: Directory) -> Self {
        let me = directory.users.first().map(|user| user.id);
        Self::of(&directory, me)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::User;

    #[test]
    fn people_are_those_an_issue_can_be_handed_to() {
        let user = |id, is_member| User {
            id,
            username: format!("u{id}"),
            email: None,
            is_member,
            ..User::default()
        };
        let directory = Directory {
            users: vec![user(9, true), user(2, false), user(4, true)],
            teams: vec![crate::model::Team {
                id: 3,
                slug: "core".to_owned(),
                ..crate::model::Team::default()
            }],
        };
        let people = People::of(&directory, Some(4));
        let ids: Vec<_> = people.users.iter().map(|user| user.id.as_str()).collect();
        assert_eq!((people.me.as_deref(), ids), (Some("4"), vec!["9", "4"]));
        assert_eq!(
            (people.teams[0].id.as_str(), people.teams[0].slug.as_str()),
            ("3", "core")
        );
        assert_eq!(People::from(directory).me.as_deref(), Some("9"));
        assert_eq!(People::from(Directory::default()), People::default());
    }
}
