use super::{at, now};
use crate::search::stats::*;
use crate::search::window::Period;
use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;

const HOUR: i64 = 3600;

fn period(start: DateTime<Utc>, end: DateTime<Utc>) -> Period {
    Period { start, end }
}

fn auto(length: TimeDelta) -> Buckets {
    let period = period(now() - length, now());
    StatsPeriod::Auto.buckets(period, now()).unwrap()
}

fn begin(second: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(second, 0).unwrap()
}

#[test]
fn bars_have_names() {
    for (text, period) in [
        (None, StatsPeriod::Day),
        (Some(""), StatsPeriod::None),
        (Some("24h"), StatsPeriod::Day),
        (Some("14d"), StatsPeriod::Fortnight),
        (Some("auto"), StatsPeriod::Auto),
    ] {
        assert_eq!(StatsPeriod::parse(text), Ok(period));
        assert_eq!(period.as_str(), text.unwrap_or("24h"));
    }
    for text in ["48h", "24H", "Auto", " ", "1d"] {
        let refusal = StatsPeriod::parse(Some(text)).unwrap_err();
        assert_eq!(refusal.parameter, "groupStatsPeriod");
        assert!(refusal.message.contains("24h, 14d or auto"), "{refusal}");
    }
}

#[test]
fn no_bars_have_no_buckets() {
    let period = period(now() - TimeDelta::hours(1), now());
    assert_eq!(StatsPeriod::None.buckets(period, now()), None);
}

#[test]
fn a_day_has_24_hours_up_to_now() {
    let now = at("2024-06-01T12:34:56.789Z");
    // The period of the request makes no difference.
    let period = period(at("2020-01-01T00:00:00Z"), at("2020-01-02T00:00:00Z"));
    let buckets = StatsPeriod::Day.buckets(period, now).unwrap();
    let starts: Vec<_> = buckets.starts().map(begin).collect();
    assert_eq!(starts.len(), 24);
    assert_eq!(buckets.width(), HOUR);
    assert_eq!(starts[0], at("2024-05-31T13:00:00Z"));
    assert_eq!(starts[23], at("2024-06-01T12:00:00Z"));
}

#[test]
fn a_fortnight_has_14_days_up_to_now() {
    let now = at("2024-06-01T12:34:56Z");
    let period = period(now - TimeDelta::hours(1), now);
    let buckets = StatsPeriod::Fortnight.buckets(period, now).unwrap();
    let starts: Vec<_> = buckets.starts().map(begin).collect();
    assert_eq!(starts.len(), 14);
    assert_eq!(buckets.width(), 24 * HOUR);
    assert_eq!(starts[0], at("2024-05-19T00:00:00Z"));
    assert_eq!(starts[13], at("2024-06-01T00:00:00Z"));
}

#[test]
fn the_width_of_a_bucket_follows_from_the_length_of_the_period() {
    let hours = TimeDelta::hours;
    let second = TimeDelta::seconds(1);
    for (length, width) in [
        (second, 1),
        (TimeDelta::seconds(57), 1),
        (TimeDelta::seconds(58), 2),
        (hours(1), 124),
        (hours(24) - second, 2979),
        (hours(24), HOUR),
        (hours(29) - second, HOUR),
        (hours(29), 2 * HOUR),
        (hours(58) - second, 2 * HOUR),
        (hours(58), 3 * HOUR),
        (hours(87) - second, 3 * HOUR),
        (hours(87), 6 * HOUR),
        (hours(174) - second, 6 * HOUR),
        (hours(174), 12 * HOUR),
        (hours(420) - second, 12 * HOUR),
        (hours(420), 24 * HOUR),
        (hours(696) - second, 24 * HOUR),
        (hours(696), 24 * HOUR),
        // Half past one, two, three: ties to even.
        (hours(1044) - second, 24 * HOUR),
        (hours(1044), 48 * HOUR),
        (hours(1740), 48 * HOUR),
        (hours(1740) + second, 72 * HOUR),
        (hours(2436), 96 * HOUR),
        (hours(24 * 90), 72 * HOUR),
        (TimeDelta::days(3650), 126 * 24 * HOUR),
    ] {
        assert_eq!(auto(length).width(), width, "{length}");
    }
}

#[test]
fn buckets_are_built_backwards_from_the_end() {
    let end = at("2024-06-01T12:10:00Z");
    let buckets = |start| {
        StatsPeriod::Auto
            .buckets(period(start, end), now())
            .unwrap()
            .starts()
            .map(begin)
            .collect::<Vec<_>>()
    };
    let full = buckets(end - TimeDelta::hours(24));
    assert_eq!(full.len(), 25, "the step that meets the start is one more");
    assert_eq!(full[0], at("2024-05-31T12:00:00Z"));
    assert_eq!(full[24], at("2024-06-01T12:00:00Z"));
    let more = buckets(end - TimeDelta::hours(24) - TimeDelta::microseconds(1));
    assert_eq!(more.len(), 25);
    let whole = buckets(end - TimeDelta::hours(25));
    assert_eq!((whole.len(), whole[0]), (26, at("2024-05-31T11:00:00Z")));
}

#[test]
fn buckets_begin_at_multiples_of_their_width() {
    let end = at("2024-06-01T12:10:00Z");
    let period = period(end - TimeDelta::hours(1), end);
    let buckets = StatsPeriod::Auto.buckets(period, now()).unwrap();
    assert_eq!(buckets.width(), 124);
    let starts: Vec<_> = buckets.starts().collect();
    assert_eq!(starts.len(), 30);
    assert!(starts.iter().all(|start| start % 124 == 0));
    let last = *starts.last().unwrap();
    assert!((last..last + 124).contains(&end.timestamp()));
}

#[test]
fn events_are_counted_in_their_bucket() {
    let period = period(now() - TimeDelta::hours(1), now());
    let buckets = StatsPeriod::Day.buckets(period, now()).unwrap();
    let second = |text| at(text).timestamp();
    let filled = buckets.fill([
        (second("2024-05-31T12:59:59Z"), 50),
        (second("2024-05-31T13:00:00Z"), 1),
        (second("2024-05-31T13:59:59Z"), 2),
        (second("2024-06-01T11:30:00Z"), 4),
        (second("2024-06-01T12:59:59Z"), 8),
        (second("2024-06-01T13:00:00Z"), 60),
    ]);
    assert_eq!(filled.len(), 24);
    assert_eq!(filled[0], (second("2024-05-31T13:00:00Z"), 3));
    assert_eq!(filled[1], (second("2024-05-31T14:00:00Z"), 0));
    assert_eq!(filled[22].1, 4);
    assert_eq!(filled[23], (second("2024-06-01T12:00:00Z"), 8));
    assert_eq!(filled.iter().map(|bucket| bucket.1).sum::<u64>(), 15);
    assert_eq!(
        buckets.seconds(),
        second("2024-05-31T13:00:00Z")..second("2024-06-01T13:00:00Z")
    );
}

#[test]
fn buckets_before_the_epoch_are_like_others() {
    let end = at("1969-12-31T23:30:00Z");
    let period = period(end - TimeDelta::hours(24), end);
    let buckets = StatsPeriod::Auto.buckets(period, now()).unwrap();
    assert_eq!(buckets.starts().last(), Some(-HOUR));
    assert_eq!(buckets.index_of(-1), Some(24));
    assert_eq!(buckets.index_of(0), None);
}

proptest! {
    #[test]
    fn buckets_cover_the_period_without_gaps(
        end in 0_i64..4_000_000_000_000_000,
        length in prop_oneof![1_i64..100_000_000, 1_i64..300_000_000_000, 1_i64..300_000_000_000_000],
    ) {
        let end = DateTime::from_timestamp_micros(end).unwrap();
        let start = end - TimeDelta::microseconds(length);
        let buckets = StatsPeriod::Auto.buckets(period(start, end), now()).unwrap();
        let starts: Vec<_> = buckets.starts().collect();
        let width = buckets.width();
        prop_assert!(!starts.is_empty() && starts.len() <= 60, "{}", starts.len());
        prop_assert!(starts.windows(2).all(|pair| pair[1] - pair[0] == width));
        prop_assert!(starts.iter().all(|start| start.rem_euclid(width) == 0));
        prop_assert!(buckets.index_of(end.timestamp()) == Some(starts.len() - 1));
        // Less than one width is left out at the start.
        prop_assert!(starts[0] - start.timestamp() <= width);
        for (index, start) in starts.iter().enumerate() {
            prop_assert_eq!(buckets.index_of(*start), Some(index));
            prop_assert_eq!(buckets.index_of(start + width - 1), Some(index));
        }
    }
}
