//! Lists of which no index leaves out anything: SQLite reads such a list from its beginning to its end, one entry of an
//! index after the other, on one processor. Two readers share it: what was seen since some time, and what was not.

use super::ask::Ask;
use super::hits;
use super::narrow::Narrowing;
use super::reading::searching;
use super::snapshot::revision;
use super::sql::{Dialect, Sql};
use super::walk;
use crate::search::{Hit, Plan, Sort};
use crate::store::column::Stamp;
use crate::store::{Store, StoreError};
use chrono::{DateTime, Utc};

/// With fewer issues a second reader costs more than it saves.
pub(super) const MANY: u64 = 100_000;
/// Issues that are looked at to find the middle of a list.
const SAMPLE: i64 = 128;

/// A half of all issues.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Half {
    /// What was seen at this time or later.
    Newer(DateTime<Utc>),
    /// What was last seen before it.
    Older(DateTime<Utc>),
}

impl Half {
    /// Since when its issues were seen, where nothing was before `start`.
    pub fn from(self, start: DateTime<Utc>) -> DateTime<Utc> {
        match self {
            Self::Newer(middle) => middle.max(start),
            Self::Older(_) => start,
        }
    }

    /// Appends ` AND` its end, where it has one.
    pub fn before_end(self, sql: &mut Sql) {
        if let Self::Older(middle) = self {
            sql.push(" AND i.last_seen < ").time(middle);
        }
    }

    /// Appends ` AND` the issue belongs to it.
    pub fn of_each(self, sql: &mut Sql) {
        if let Self::Newer(middle) = self {
            sql.push(" AND i.last_seen >= ").time(middle);
        }
        self.before_end(sql);
    }
}

/// What is known of a list after a first look.
enum Look<T> {
    /// All of it.
    Whole(T),
    /// Where its middle is.
    Middle(DateTime<Utc>),
}

/// Reads a list, as a whole or by halves. `$read` has a transaction and a [`Narrowing`].
macro_rules! by_halves {
    ($store:expr, $plan:expr, $many:expr, ($ask:ident, $narrowing:ident) => $read:expr) => {{
        let (store, plan): (&Store, &Plan) = ($store, $plan);
        let look = searching!(store, $ask => {
            let $narrowing = &Narrowing::of($ask, plan).await?;
            match middle($ask, plan, $narrowing, $many).await? {
                Some(middle) => Ok::<_, StoreError>(Look::Middle(middle)),
                None => Ok(Look::Whole($read?)),
            }
        });
        match look? {
            Look::Whole(whole) => Ok((whole, None)),
            Look::Middle(middle) => {
                let half = async |half: Half| {
                    searching!(store, $ask => {
                        let revision = revision($ask).await?;
                        let $narrowing = &Narrowing::Half(half);
                        Ok::<_, StoreError>((revision, $read?))
                    })
                };
                let (newer, older) = tokio::try_join!(half(Half::Newer(middle)), half(Half::Older(middle)))?;
                match of_one_state(newer, older) {
                    Some((newer, older)) => Ok((newer, Some(older))),
                    None => searching!(store, $ask => {
                        let $narrowing = &Narrowing::of($ask, plan).await?;
                        Ok::<_, StoreError>(($read?, None))
                    }),
                }
            }
        }
    }};
}

/// Two halves, each with the revision at which it was read. Nothing where something was written between the two: an issue
/// that was seen again meanwhile is in both of them.
fn of_one_state<T>(newer: (i64, T), older: (i64, T)) -> Option<(T, T)> {
    (newer.0 == older.0).then_some((newer.1, older.1))
}

/// How many hits a search has. By halves from `many` issues on.
pub(super) async fn count(store: &Store, plan: &Plan, many: u64) -> Result<u64, StoreError> {
    let counted: Result<_, StoreError> = by_halves!(store, plan, many, (ask, narrowing) => {
        walk::count_all(ask, plan, narrowing, None).await
    });
    let (count, rest) = counted?;
    Ok(count + rest.unwrap_or_default())
}

/// All hits of a search in their order. By halves from `many` issues on.
pub(super) async fn all(
    store: &Store,
    plan: &Plan,
    (sort, now): (Sort, DateTime<Utc>),
    many: u64,
) -> Result<Vec<Hit>, StoreError> {
    let found: Result<_, StoreError> = by_halves!(store, plan, many, (ask, narrowing) => {
        hits::narrowed(ask, plan, narrowing, sort, now).await
    });
    let (mut hits, rest) = found?;
    if let Some(rest) = rest {
        hits.extend(rest);
        hits::order(&mut hits);
    }
    Ok(hits)
}

/// A time since which about half of the issues in the window of a plan were seen, where two readers are faster than one.
/// `issue` by its key. PostgreSQL has several processes read a long list by itself.
pub(super) async fn middle(
    ask: &mut impl Ask,
    plan: &Plan,
    narrowing: &Narrowing,
    many: u64,
) -> Result<Option<DateTime<Utc>>, StoreError> {
    let is_read_whole = *narrowing == Narrowing::No
        && walk::is_walkable(plan)
        && plan.revisions.written_since().is_none();
    if ask.dialect() == Dialect::Postgres || !is_read_whole {
        return Ok(None);
    }
    let issues = walk::most_issues(ask).await?;
    if issues < many {
        return Ok(None);
    }
    let last = i64::try_from(issues).unwrap_or(i64::MAX);
    let places = (1..=SAMPLE).map(|place| (last / SAMPLE).max(1).saturating_mul(place));
    let mut sql = ask.statement();
    sql.push("SELECT i.last_seen FROM issue AS i WHERE i.id")
        .one_of(places.collect())
        .push(" AND i.last_seen >= ")
        .time(plan.window.start)
        .push(" ORDER BY i.last_seen");
    let seen: Vec<(Stamp,)> = ask.ask(sql).await?;
    Ok(seen.get(seen.len() / 2).map(|(middle,)| middle.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;

    fn at(hour: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::hours(hour)
    }

    #[test]
    fn halves_begin_where_the_list_does() {
        assert_eq!(Half::Newer(at(3)).from(at(1)), at(3));
        assert_eq!(Half::Newer(at(3)).from(at(4)), at(4));
        assert_eq!(Half::Older(at(3)).from(at(1)), at(1));
    }

    #[test]
    fn halves_of_two_states_are_not_put_together() {
        assert_eq!(of_one_state((7, "new"), (7, "old")), Some(("new", "old")));
        assert_eq!(of_one_state((7, "new"), (8, "old")), None);
        assert_eq!(of_one_state((8, "new"), (7, "old")), None);
    }
}
