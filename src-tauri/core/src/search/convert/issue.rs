//! Keys that the issue's row and the rows beside it answer (search spec, section 7.2).

use super::{people, releases, values, wording};
use crate::model::{Category, GroupType, IssueStatus, Priority, Substatus};
use crate::query::{Filter, Problem, ProblemCode, Value};
use crate::search::condition::{Condition, IssueTest};
use crate::search::known::Known;

/// The condition of a key; nothing where the key is about events.
pub(super) fn condition(
    name: &str,
    filter: &Filter,
    known: &Known,
) -> Result<Option<Condition>, Problem> {
    if values::asks_empty(filter)
        && let Some(test) = presence(name)
    {
        let has = Condition::Issue(test);
        return Ok(Some(has.negated_if(!filter.op.is_negative())));
    }
    let test = match name {
        "status" => IssueTest::Status(statuses(filter)?),
        "substatus" => IssueTest::Substatus(substatuses(filter)?),
        "issue.priority" => IssueTest::Priority(priorities(filter)?),
        "issue.category" => IssueTest::GroupType(types_of_categories(filter)?),
        "issue.type" => IssueTest::GroupType(types(filter)?),
        "assigned_to" => IssueTest::AssignedTo(people::people(filter, known)?),
        "assigned_or_suggested" => IssueTest::Suggested(people::people(filter, known)?),
        "bookmarked_by" => IssueTest::BookmarkedBy(people::members(filter, known)?),
        "subscribed_by" => IssueTest::SubscribedBy(people::members(filter, known)?),
        "unassigned" => return is_word(filter, IssueTest::Unassigned).map(Some),
        "linked" => return is_word(filter, IssueTest::Linked).map(Some),
        "for_review" => return is_word(filter, IssueTest::ForReview).map(Some),
        "first_release" => IssueTest::FirstRelease(releases::versions(filter, known)?),
        "regressed_in_release" => IssueTest::RegressedIn(releases::versions(filter, known)?),
        "issue.label" => IssueTest::Label(wording::labels(filter)?),
        "issue.note" => IssueTest::Note(wording::notes(filter)?),
        "first_seen" => {
            let (order, at) = values::instant(filter)?;
            IssueTest::FirstSeen(order, at)
        }
        "project.id" | "project_id" if values::asks_empty(filter) => {
            return projects(filter, known).map(Some);
        }
        "project" | "project.name" => return projects(filter, known).map(Some),
        "project.id" | "project_id" => IssueTest::Project(values::ids(filter)?),
        "issue" => IssueTest::Id(short_ids(filter, known)?),
        "issue.id" => IssueTest::Id(values::ids(filter)?),
        _ => return Ok(None),
    };
    let negated = filter.op.is_negative();
    Ok(Some(Condition::Issue(test).negated_if(negated)))
}

/// What `has:` asks about a key, where that is not what the empty value means anyway.
fn presence(name: &str) -> Option<IssueTest> {
    Some(match name {
        "bookmarked_by" => IssueTest::HasBookmark,
        "subscribed_by" => IssueTest::HasSubscription,
        "first_release" => IssueTest::HasFirstRelease,
        "regressed_in_release" => IssueTest::HasRegression,
        "issue.label" => IssueTest::HasLabel,
        "issue.note" => IssueTest::HasNote,
        "issue" | "issue.id" => IssueTest::HasId,
        _ => return None,
    })
}

/// A word of the `is:` table with two values.
fn is_word(filter: &Filter, test: IssueTest) -> Result<Condition, Problem> {
    values::only_equality(filter)?;
    let holds = values::flag(filter).ok_or_else(|| {
        values::problem(
            ProblemCode::InvalidBoolean,
            filter,
            format!("`{}` is true or false.", filter.key),
        )
    })?;
    Ok(Condition::Issue(test).negated_if(filter.op.is_negative() == holds))
}

const STATUS_WORDS: [(&str, i16); 6] = [
    ("unresolved", 0),
    ("resolved", 1),
    ("ignored", 2),
    ("archived", 2),
    ("muted", 2),
    ("reprocessing", 6),
];

/// The numbers of the statuses a filter names.
pub(super) fn statuses(filter: &Filter) -> Result<Vec<i16>, Problem> {
    let known = |number: i16| number == 6 || IssueStatus::from_number(number).is_some();
    lookup(filter, ProblemCode::UnknownStatus, &STATUS_WORDS, known)
}

const SUBSTATUS_WORDS: [(&str, i16); 10] = [
    ("archived_until_escalating", 1),
    ("until_escalating", 1),
    ("escalating", 2),
    ("ongoing", 3),
    ("archived_until_condition_met", 4),
    ("until_condition_met", 4),
    ("archived_forever", 5),
    ("forever", 5),
    ("regressed", 6),
    ("new", 7),
];

/// The numbers of the substatuses a filter names.
pub(super) fn substatuses(filter: &Filter) -> Result<Vec<i16>, Problem> {
    let known = |number: i16| Substatus::from_number(number).is_some();
    lookup(
        filter,
        ProblemCode::UnknownSubstatus,
        &SUBSTATUS_WORDS,
        known,
    )
}

fn priorities(filter: &Filter) -> Result<Vec<i16>, Problem> {
    let words = [Priority::Low, Priority::Medium, Priority::High]
        .map(|priority| (priority.as_str(), priority.number()));
    lookup(filter, ProblemCode::UnknownPriority, &words, |_| false)
}

/// Words of a table, or numbers that `is_known` accepts.
fn lookup(
    filter: &Filter,
    code: ProblemCode,
    table: &[(&str, i16)],
    is_known: impl Fn(i16) -> bool,
) -> Result<Vec<i16>, Problem> {
    values::only_equality(filter)?;
    let words = values::words(filter).into_iter();
    words
        .map(|word| {
            let named = table.iter().find(|(known, _)| *known == word);
            let number = named.map(|&(_, number)| number);
            let number = number.or_else(|| word.parse().ok().filter(|&number| is_known(number)));
            number.ok_or_else(|| {
                let known: Vec<_> = table.iter().map(|(known, _)| *known).collect();
                values::unknown_word(code, filter, &word, &known)
            })
        })
        .collect()
}

fn types_of_categories(filter: &Filter) -> Result<Vec<u16>, Problem> {
    /// Known to the language; no type of it is registered.
    const PROFILE: &str = "profile";
    values::only_equality(filter)?;
    let mut types = Vec::new();
    for word in values::words(filter) {
        let lower = word.to_lowercase();
        let named = Category::ALL
            .into_iter()
            .find(|category| category.as_str() == lower);
        match named {
            Some(category) => {
                types.extend(GroupType::in_category(category).map(|group_type| group_type.id));
            }
            None if lower == PROFILE => types.extend(profile_types()),
            None => {
                let words = Category::ALL.map(Category::as_str);
                let known: Vec<_> = words.into_iter().chain([PROFILE]).collect();
                return Err(values::unknown_word(
                    ProblemCode::UnknownCategory,
                    filter,
                    &word,
                    &known,
                ));
            }
        }
    }
    Ok(types)
}

/// Types found in profiles; they count among the performance problems.
fn profile_types() -> impl Iterator<Item = u16> {
    let all = GroupType::all().iter();
    all.filter(|group_type| group_type.slug.starts_with("profile_"))
        .map(|group_type| group_type.id)
}

fn types(filter: &Filter) -> Result<Vec<u16>, Problem> {
    values::only_equality(filter)?;
    let mut types = Vec::new();
    for word in values::words(filter) {
        let same_slug = GroupType::all().iter().filter(|known| known.slug == word);
        let before = types.len();
        types.extend(same_slug.map(|group_type| group_type.id));
        if types.len() == before {
            let known: Vec<_> = GroupType::all().iter().map(|known| known.slug).collect();
            return Err(values::unknown_word(
                ProblemCode::UnknownType,
                filter,
                &word,
                &known,
            ));
        }
    }
    Ok(types)
}

fn projects(filter: &Filter, known: &Known) -> Result<Condition, Problem> {
    values::only_equality(filter)?;
    let negated = filter.op.is_negative();
    if values::asks_empty(filter) {
        if negated {
            return Ok(Condition::everything());
        }
        return Err(values::problem(
            ProblemCode::ProjectEmpty,
            filter,
            "Every event belongs to a project, so nothing can be without one. Remove this term.",
        ));
    }
    let mut ids = Vec::new();
    for word in values::words(filter) {
        let wanted = word.to_lowercase();
        let mut projects = known.projects.iter();
        match projects.find(|project| project.slug.to_lowercase() == wanted) {
            Some(project) => ids.push(project.id.0),
            // Nothing can be in it, so leaving it out leaves out nothing.
            None if negated => {}
            None => {
                let slugs: Vec<_> = known
                    .projects
                    .iter()
                    .map(|project| &*project.slug)
                    .collect();
                return Err(values::unknown_word(
                    ProblemCode::UnknownProject,
                    filter,
                    &word,
                    &slugs,
                ));
            }
        }
    }
    Ok(Condition::Issue(IssueTest::Project(ids)).negated_if(negated))
}

fn short_ids(filter: &Filter, known: &Known) -> Result<Vec<i64>, Problem> {
    values::only_equality(filter)?;
    let each = filter.value.each().iter().filter_map(Value::as_text);
    each.map(|text| {
        let named = crate::model::parse_short_id(&text.text);
        let id = named.and_then(|named| known.short_ids.get(&named));
        id.copied().ok_or_else(|| {
            values::problem(
                ProblemCode::UnknownIssue,
                filter,
                format!(
                    "No issue is called “{}”. A short id is the project's slug, a hyphen and a number, such as SHOP-1A.",
                    text.text
                ),
            )
            .with_value(text.text.clone())
        })
    })
    .collect()
}
