//! Rows that differ only in their issue: an action on many issues writes the same for most of them, and a statement that
//! names the values once and the issues in a list takes a fraction of the time of one with all values of all rows.

/// Fewer rows than this are written with others that are not alike.
const FEW: usize = 16;

/// Neighbouring rows that are written by one kind of statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Run<'r, R> {
    /// Rows that differ only in their issue, as the first of them says; there are many of them.
    Alike(&'r R, &'r [R]),
    /// Rows of all kinds.
    Others(&'r [R]),
}

/// Splits rows without changing their order. `alike` says whether two rows differ in no more than their issue.
pub(super) fn runs<R>(rows: &[R], alike: impl Fn(&R, &R) -> bool) -> Vec<Run<'_, R>> {
    let mut runs = Vec::new();
    let (mut others, mut end) = (0, 0);
    for list in rows.chunk_by(alike) {
        let begin = end;
        end += list.len();
        let Some(first) = list.first().filter(|_| list.len() >= FEW) else {
            continue;
        };
        if others < begin {
            runs.push(Run::Others(&rows[others..begin]));
        }
        runs.push(Run::Alike(first, list));
        others = end;
    }
    if others < rows.len() {
        runs.push(Run::Others(&rows[others..]));
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(kinds: &str) -> Vec<String> {
        let rows: Vec<(usize, char)> = kinds.chars().enumerate().collect();
        let runs = runs(&rows, |one, other| one.1 == other.1);
        let places: Vec<usize> = runs
            .iter()
            .flat_map(|run| match run {
                Run::Alike(_, rows) | Run::Others(rows) => rows.iter().map(|row| row.0),
            })
            .collect();
        assert_eq!(places, (0..rows.len()).collect::<Vec<_>>(), "{kinds}");
        let word = |run: &Run<'_, (usize, char)>| match run {
            Run::Alike(first, rows) => format!("{}x{}", rows.len(), first.1),
            Run::Others(rows) => rows.iter().map(|row| row.1).collect(),
        };
        runs.iter().map(word).collect()
    }

    #[test]
    fn many_neighbours_of_one_kind_are_written_together() {
        let (many, few) = ("a".repeat(FEW), "b".repeat(FEW - 1));
        assert_eq!(split(""), [""; 0]);
        assert_eq!(split(&few), [few.as_str()]);
        assert_eq!(split(&many), ["16xa"]);
        assert_eq!(
            split(&format!("x{many}yz{few}{many}{few}")),
            ["x", "16xa", &format!("yz{few}"), "16xa", &few]
        );
    }
}
