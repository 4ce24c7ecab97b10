//! The issues of a list put into groups, each of them in the order of the list.

use crate::view::{IssueGroup, count};
use std::collections::HashMap;

/// Which group comes first. Issues without a key come behind all that have one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Succession {
    /// The greatest key; of two numbers and of two days that is the longer text, of equally long ones the greater.
    GreatestKey,
    /// The one of most issues, of equal ones that of most events.
    Largest,
}

/// Ids in the order of their groups.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Arranged {
    pub ids: Vec<i64>,
    pub groups: Vec<IssueGroup>,
}

/// Takes the issues of a list, one after the other.
#[derive(Debug, Default)]
pub(super) struct Collector {
    /// In the order of the list.
    members: Vec<Member>,
    keys: Vec<Option<String>>,
    by_key: HashMap<Option<String>, usize>,
}

#[derive(Debug, Clone, Copy)]
struct Member {
    id: i64,
    events: u64,
    /// Where its key stands among the keys.
    group: usize,
}

#[derive(Debug, Default)]
struct Group {
    key: Option<String>,
    issues: u64,
    events: u64,
}

impl Collector {
    /// Takes the next issue.
    pub fn add(&mut self, id: i64, events: i64, key: Option<String>) {
        let group = self.by_key.get(&key).copied().unwrap_or_else(|| {
            self.keys.push(key.clone());
            self.by_key.insert(key, self.keys.len() - 1);
            self.keys.len() - 1
        });
        self.members.push(Member {
            id,
            events: u64::try_from(events).unwrap_or(0),
            group,
        });
    }

    /// Puts the issues into this order. Those that it lacks are left out.
    pub fn rank(&mut self, ids: impl IntoIterator<Item = i64>) {
        let known: HashMap<i64, Member> = self.members.drain(..).map(|it| (it.id, it)).collect();
        let ranked = ids.into_iter().filter_map(|id| known.get(&id).copied());
        self.members.extend(ranked);
    }

    /// All issues, group by group. Where there are more than `most` groups, the last one stands for those that are too
    /// many.
    pub fn arrange(mut self, succession: Succession, most: usize) -> Arranged {
        let (place, groups) = self.groups(succession, most);
        // Stable: within a group the order of the list stays.
        self.members.sort_by_key(|member| place[member.group]);
        Arranged {
            ids: self.members.iter().map(|member| member.id).collect(),
            groups,
        }
    }

    /// The groups in their order, and the place of each key's group there.
    fn groups(&self, succession: Succession, most: usize) -> (Vec<usize>, Vec<IssueGroup>) {
        let named = self.keys.iter().map(|key| Group {
            key: key.clone(),
            ..Group::default()
        });
        let mut groups: Vec<Group> = named.collect();
        for member in &self.members {
            groups[member.group].issues += 1;
            groups[member.group].events += member.events;
        }
        let mut order: Vec<usize> = (0..groups.len())
            .filter(|&at| groups[at].issues > 0)
            .collect();
        order.sort_unstable_by(|&a, &b| succession.compare(&groups[a], &groups[b]));
        let kept = if order.len() > most {
            most.saturating_sub(1)
        } else {
            order.len()
        };
        let mut place = vec![kept; groups.len()];
        for (at, &group) in order.iter().take(kept).enumerate() {
            place[group] = at;
        }
        let single = order.iter().take(kept).map(|&group| IssueGroup {
            key: groups[group].key.clone(),
            stands_for: None,
            issues: count(groups[group].issues),
            events: count(groups[group].events),
        });
        let mut answer: Vec<IssueGroup> = single.collect();
        let rest = &order[kept..];
        if !rest.is_empty() {
            answer.push(IssueGroup {
                key: None,
                stands_for: Some(count(rest.len() as u64)),
                issues: count(rest.iter().map(|&group| groups[group].issues).sum()),
                events: count(rest.iter().map(|&group| groups[group].events).sum()),
            });
        }
        (place, answer)
    }
}

impl Succession {
    fn compare(self, a: &Group, b: &Group) -> std::cmp::Ordering {
        let size = |group: &Group| (group.issues, group.events);
        let length = |group: &Group| group.key.as_ref().map(String::len);
        let behind = a.key.is_none().cmp(&b.key.is_none());
        behind.then_with(|| match self {
            Self::GreatestKey => (length(b), &b.key).cmp(&(length(a), &a.key)),
            Self::Largest => size(b).cmp(&size(a)).then_with(|| a.key.cmp(&b.key)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn collected(issues: &[(i64, i64, &str)]) -> Collector {
        let mut collector = Collector::default();
        for (id, events, key) in issues {
            let key = (!key.is_empty()).then(|| (*key).to_owned());
            collector.add(*id, *events, key);
        }
        collector
    }

    fn shown(arranged: &Arranged) -> Vec<(&str, f64, f64)> {
        let groups = arranged.groups.iter();
        groups
            .map(|group| {
                let key = group.key.as_deref().unwrap_or("-");
                (key, group.issues, group.events)
            })
            .collect()
    }

    #[test]
    fn issues_keep_their_order_inside_a_group() {
        let collector = collected(&[
            (9, 1, "b"),
            (8, 2, "a"),
            (7, 9, ""),
            (6, 4, "a"),
            (5, 6, "b"),
        ]);
        let arranged = collector.arrange(Succession::Largest, 10);
        // Equally large: more events first. Without a key: last.
        assert_eq!(arranged.ids, [9, 5, 8, 6, 7]);
        let groups = [("b", 2.0, 7.0), ("a", 2.0, 6.0), ("-", 1.0, 9.0)];
        assert_eq!(shown(&arranged), groups);
    }

    #[test]
    fn numbers_and_days_come_from_the_greatest_on() {
        let levels = collected(&[(1, 1, "0"), (2, 1, "50"), (3, 1, "100"), (4, 1, "10")]);
        let levels = levels.arrange(Succession::GreatestKey, 10);
        assert_eq!(levels.ids, [3, 2, 4, 1]);
        let days = collected(&[(1, 1, "2024-05-31"), (2, 1, ""), (3, 1, "2024-06-01")]);
        assert_eq!(days.arrange(Succession::GreatestKey, 10).ids, [3, 1, 2]);
    }

    #[test]
    fn the_smallest_of_too_many_groups_become_one() {
        let issues = [
            (1, 1, "a"),
            (2, 2, "b"),
            (3, 4, "c"),
            (4, 8, "c"),
            (5, 16, ""),
        ];
        let arranged = collected(&issues).arrange(Succession::Largest, 2);
        assert_eq!(shown(&arranged), [("c", 2.0, 12.0), ("-", 3.0, 19.0)]);
        assert_eq!(arranged.groups[1].stands_for, Some(3.0));
        // They are one group, so the order of the list holds among them.
        assert_eq!(arranged.ids, [3, 4, 1, 2, 5]);
        let exactly = collected(&issues).arrange(Succession::Largest, 4);
        assert_eq!(exactly.groups.len(), 4);
        assert!(
            exactly
                .groups
                .iter()
                .all(|group| group.stands_for.is_none())
        );
    }

    #[test]
    fn an_order_of_its_own_is_taken_over() {
        let mut collector = collected(&[(1, 1, "a"), (2, 1, "b"), (3, 1, "a")]);
        collector.rank([3, 2, 1, 99]);
        assert_eq!(collector.arrange(Succession::Largest, 10).ids, [3, 1, 2]);
        let nothing = Collector::default().arrange(Succession::Largest, 10);
        assert_eq!((nothing.ids.len(), nothing.groups.len()), (0, 0));
    }
}
