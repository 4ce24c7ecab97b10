//! Names become members and teams (search spec, sections 7.3 and 7.5).

use super::values;
use crate::model::Assignee;
use crate::query::{Filter, Problem};
use crate::search::condition::People;
use crate::search::known::Known;

/// The people a filter names. Somebody who is not known matches nothing and is no error.
pub(super) fn people(filter: &Filter, known: &Known) -> Result<People, Problem> {
    values::only_equality(filter)?;
    let mut people = People::default();
    for word in values::words(filter) {
        match word.as_str() {
            "" | "none" => people.nobody = true,
            "my_teams" => people.teams.extend(my_teams(known)),
            _ => match word.strip_prefix('#') {
                Some(slug) => people.teams.extend(team(slug, known)),
                None => people.users.extend(member(&word, known)),
            },
        }
    }
    Ok(people)
}

/// The members a filter names.
pub(super) fn members(filter: &Filter, known: &Known) -> Result<Vec<i64>, Problem> {
    values::only_equality(filter)?;
    let words = values::words(filter).into_iter();
    Ok(words.filter_map(|word| member(&word, known)).collect())
}

fn member(word: &str, known: &Known) -> Option<i64> {
    if word == "me" {
        return known.me;
    }
    let wanted = word.to_lowercase();
    let has_name = |name: &str| name.to_lowercase() == wanted;
    let users = &known.directory.users;
    let named = users.iter().find(|user| has_name(&user.username));
    let named = named.or_else(|| {
        let mut users = users.iter();
        users.find(|user| user.email.as_deref().is_some_and(has_name))
    });
    // The window writes people as it stores them.
    named.map(|user| user.id).or_else(|| match word.parse() {
        Ok(Assignee::User(id)) => Some(id),
        _ => None,
    })
}

/// A team of one of the selected projects.
fn team(slug: &str, known: &Known) -> Option<i64> {
    let wanted = slug.to_lowercase();
    let mut teams = known.directory.teams.iter();
    let team = teams.find(|team| {
        let mut projects = known.projects.iter();
        team.slug.to_lowercase() == wanted && projects.any(|project| team.is_of(project.id))
    });
    team.map(|team| team.id)
}

fn my_teams(known: &Known) -> Vec<i64> {
    let Some(me) = known.me else {
        return Vec::new();
    };
    let teams = known.directory.teams.iter();
    teams
        .filter(|team| team.members.contains(&me))
        .map(|team| team.id)
        .collect()
}
