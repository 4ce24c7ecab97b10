//! Rows that differ only in their issue: an action on many issues writes the same for most of them, and one statement
//! that names the values once and the issues in a list takes a fraction of the time of one with all values of all rows.

use std::collections::HashMap;
use std::hash::Hash;

/// Fewer rows than this are written with others that are not alike.
const FEW: usize = 16;

/// Rows that can be written together.
#[derive(Debug)]
pub(super) struct Round<'r, R> {
    /// Lists of rows that differ only in their issue.
    pub alike: Vec<Vec<&'r R>>,
    /// Those that are not like many others.
    pub others: Vec<&'r R>,
}

/// Splits rows so that each issue has at most one in a round, and those of one issue keep their order from round to
/// round. `rest` is all of a row but its issue.
pub(super) fn rounds<'r, R, K: Hash + Eq>(
    rows: &'r [R],
    issue: impl Fn(&R) -> i64,
    rest: impl Fn(&'r R) -> K,
) -> Vec<Round<'r, R>> {
    let mut before: HashMap<i64, usize> = HashMap::with_capacity(rows.len());
    let mut places: HashMap<(usize, K), usize> = HashMap::new();
    let mut rounds: Vec<Vec<Vec<&R>>> = Vec::new();
    for row in rows {
        let round = before.entry(issue(row)).or_default();
        if rounds.len() == *round {
            rounds.push(Vec::new());
        }
        let lists = &mut rounds[*round];
        let place = *places.entry((*round, rest(row))).or_insert(lists.len());
        if lists.len() == place {
            lists.push(Vec::new());
        }
        lists[place].push(row);
        *round += 1;
    }
    let split = |lists: Vec<Vec<&'r R>>| {
        let (alike, few): (Vec<_>, Vec<_>) = lists.into_iter().partition(|list| list.len() >= FEW);
        let others = few.into_iter().flatten().collect();
        Round { alike, others }
    };
    rounds.into_iter().map(split).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    type Row = (i64, char);

    fn split(rows: &[Row]) -> Vec<(Vec<(char, usize)>, Vec<Row>)> {
        let rounds = rounds(rows, |row| row.0, |row| row.1);
        let lists = |round: &Round<'_, Row>| {
            let alike = round.alike.iter().map(|list| (list[0].1, list.len()));
            let others = round.others.iter().map(|row| **row);
            (alike.collect(), others.collect())
        };
        rounds.iter().map(lists).collect()
    }

    #[test]
    fn many_rows_of_one_kind_are_written_together() {
        let mut rows: Vec<Row> = (0..20).map(|id| (id, 'a')).collect();
        rows.push((20, 'b'));
        assert_eq!(split(&rows), [(vec![('a', 20)], vec![(20, 'b')])]);
        assert_eq!(split(&rows[..2]), [(vec![], rows[..2].to_vec())]);
        assert!(split(&[]).is_empty());
    }

    #[test]
    fn rows_of_one_issue_keep_their_order() {
        let ab = (0..20).flat_map(|id| [(id, 'a'), (id, 'b')]);
        let rows: Vec<Row> = ab.chain([(20, 'b'), (20, 'a'), (20, 'a')]).collect();
        let expected = [
            (vec![('a', 20)], vec![(20, 'b')]),
            (vec![('b', 20)], vec![(20, 'a')]),
            (vec![], vec![(20, 'a')]),
        ];
        assert_eq!(split(&rows), expected);
    }
}
