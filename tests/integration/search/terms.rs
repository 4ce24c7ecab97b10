//! Searches at random.

use super::generate::now;
use picket_core::query::{Node, SearchConfig, parse};
use proptest::prelude::*;
use proptest::sample::select;

/// Single terms, each kind of key with each operator it knows.
const TERMS: [&str; 118] = [
    "is:unresolved",
    "!is:unresolved",
    "is:resolved",
    "is:archived",
    "is:escalating",
    "!is:escalating",
    "is:forever",
    "is:new",
    "is:assigned",
    "!is:assigned",
    "is:unassigned",
    "is:for_review",
    "!is:for_review",
    "is:linked",
    "is:unlinked",
    "status:[resolved, ignored]",
    "!status:[resolved, ignored]",
    "substatus:[ongoing, new]",
    "!substatus:ongoing",
    "issue.priority:high",
    "issue.priority:[high, medium]",
    "!issue.priority:low",
    "!issue.priority:[low, high]",
    "issue.category:error",
    "issue.category:[Performance, error]",
    "!issue.category:error",
    "issue.category:feedback",
    "!issue.category:feedback",
    "issue.category:profile",
    "issue.type:error",
    "!issue.type:feedback",
    "issue.type:[feedback, performance_slow_db_query]",
    "assigned:me",
    "!assigned:me",
    "assigned:none",
    "assigned:[me, none]",
    "assigned:#core",
    "assigned:#ops",
    "assigned:my_teams",
    "assigned:ben",
    "assigned:eve@example.org",
    "assigned:nobody@example.org",
    "!assigned:[ben, #ops]",
    "has:assigned",
    "assigned_or_suggested:me",
    "!assigned_or_suggested:me",
    "assigned_or_suggested:[me, none]",
    "assigned_or_suggested:[my_teams, none]",
    "assigned_or_suggested:#ops",
    "bookmarks:me",
    "!bookmarks:[me, ben]",
    "has:bookmarks",
    "subscribed:me",
    "!subscribed:ben",
    "!has:subscribed",
    "first_release:1.0",
    "!first_release:1.0",
    "first_release:[1.0, 2.0]",
    "first_release:1.*",
    "has:first_release",
    "!has:first_release",
    "age:-1h",
    "age:+1h",
    "firstSeen:>2024-06-01T11:00:00Z",
    "times_seen:>1",
    "times_seen:2",
    "times_seen:<=3",
    "!times_seen:1",
    "last_seen:-1h",
    "last_seen:+1h",
    "date:-2h",
    "timestamp:>=2024-06-01T10:59:59.75Z",
    "date:2024-05-31",
    "project:shop",
    "!project:[web, gone]",
    "project.id:[1, 2]",
    "issue.id:[1, 4, 9]",
    "!issue.id:2",
    "browser:Firefox",
    "!browser:Firefox",
    "browser:firefox*",
    "!browser:*FOX*",
    "browser:*",
    r"browser:a\*b",
    r"browser:50%_*",
    r"browser:[Chrome, fire*]",
    "!browser:[Chrome, \"\"]",
    "browser:É*",
    "has:browser",
    "!has:browser",
    "tags[os.x]:Linux",
    "!os.x:linux",
    "tags[n,number]:>4",
    "tags[n,number]:5",
    "!tags[n,number]:5",
    "level:error",
    "!level:[error, fatal]",
    "environment:prod",
    "!environment:prod",
    "environment:\"\"",
    "environment:[prod, \"\"]",
    "release:1.0",
    "release:1.*",
    "!release:1.0",
    "has:release",
    "user:\"id:u1\"",
    "user.id:[u1, u2]",
    "!has:user",
    "user.display:U*",
    "transaction:/checkout",
    "transaction:*",
    "!transaction:/check*",
    "error.type:ValueError",
    "error.type:*Error",
    "!error.type:[KeyError, value*]",
    "error.unhandled:1",
    "stack.lineno:>10",
    "stack.in_app:1",
];

/// Terms that read as nothing but themselves only where they stand alone: bare words, and what is left of the list.
const MORE_TERMS: [&str; 28] = [
    "refused",
    "\"connection re\"",
    "CONNECTION",
    "!message:full",
    "message:[full, reset]",
    "message:conn*n",
    "ÜBER*ße",
    r"message:a_b\c",
    "100%",
    "\"disk full\"",
    "fu",
    "has:message",
    "!has:message",
    "error.handled:1",
    "!error.handled:1",
    "has:error.type",
    "!has:error.mechanism",
    "error.mechanism:[onerror, gen*]",
    "stack.function:handle_pay",
    "!stack.function:*ender",
    "has:stack.lineno",
    "!stack.lineno:[1, 42]",
    "id:00000000000000000000000000000003",
    "!id:00000000000000000000000000000003",
    "release.package:shop",
    "!release.package:shop",
    "release.package:gone",
    "!release.package:[gone, shop]",
];

/// A single term.
fn term() -> impl Strategy<Value = Node> {
    let terms: Vec<&str> = TERMS.into_iter().chain(MORE_TERMS).collect();
    select(terms).prop_map(|text| tree_of(text).unwrap_or_else(|why| panic!("{text}: {why}")))
}

/// A search text as a tree.
fn tree_of(text: &str) -> Result<Node, String> {
    let query = parse(text, &SearchConfig::issues(), now());
    query
        .map(|query| query.tree())
        .map_err(|problems| problems[0].message.clone())
}

/// Terms joined by words and groups.
pub fn tree() -> impl Strategy<Value = Node> {
    let inner = term().prop_recursive(3, 10, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 2..4).prop_map(Node::all),
            prop::collection::vec(inner.clone(), 2..4).prop_map(Node::Any),
            inner.prop_map(Node::negated),
        ]
    });
    prop::collection::vec(inner, 0..4).prop_map(Node::all)
}
