//! How many events of an archived issue are still no surprise (group-states spec, section 6).

use chrono::{DateTime, Datelike, Utc};

/// Days a forecast covers, the day it was made being the first.
pub const FORECAST_DAYS: usize = 14;

/// A whole week of hours: with fewer entries there is no telling what is usual.
const HOURS_OF_A_WEEK: usize = 168;

/// With less than a week of entries, this many times the busiest hour is no surprise.
const SHORT_HISTORY_FACTOR: u64 = 10;

/// Hourly event counts above which an issue escalates, one for each of [`FORECAST_DAYS`] UTC days beginning with the
/// day of `now`. Nothing where there is nothing to forecast from: no entries, or only zeros.
///
/// `hours` are the clock hours that have events, oldest first: the start of the hour and the events in it, over the
/// 168 hours before `now`. Hours without events are left out, and the caller does not fill them in; 169 entries are
/// possible, because the first and the last clock hour are cut.
///
/// With fewer than 168 entries every day allows ten times the busiest hour. With more, a day allows the larger of two
/// limits: the busiest hour, raised the more the steadier the hours are; and the mean, in which hours of the same
/// weekday weigh double, plus a share for spikes.
#[must_use]
#[allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the limits are floating point by definition, never negative, and only their integer part counts"
)]
pub fn forecast(
    hours: &[(DateTime<Utc>, u64)],
    now: DateTime<Utc>,
) -> Option<[u64; FORECAST_DAYS]> {
    let max = hours.iter().map(|&(_, count)| count).max()?;
    if max == 0 {
        return None;
    }
    if hours.len() < HOURS_OF_A_WEEK {
        return Some([max.saturating_mul(SHORT_HISTORY_FACTOR); FORECAST_DAYS]);
    }

    let entries = hours.len() as f64;
    let sum: u128 = hours.iter().map(|&(_, count)| u128::from(count)).sum();
    let mean = sum as f64 / entries;
    let squares: f64 = hours
        .iter()
        .map(|&(_, count)| (count as f64 - mean).powi(2))
        .sum();
    let deviation = (squares / (entries - 1.0)).sqrt();

    let variation = deviation / mean;
    let burst = (5.0 * (-0.65 * variation).exp()).clamp(2.0, 5.0);
    let by_busiest_hour = max as f64 * burst;

    let spike = ((mean + 5.0 * deviation) / mean).clamp(5.0, 8.0);
    let base = spike * mean;

    let mut sum_of_weekday = [0_u128; 7];
    let mut entries_of_weekday = [0_u128; 7];
    for &(hour, count) in hours {
        let weekday = weekday(hour);
        sum_of_weekday[weekday] += u128::from(count);
        entries_of_weekday[weekday] += 1;
    }
    Some(std::array::from_fn(|day| {
        let weekday = (weekday(now) + day) % 7;
        // Weight two on the same weekday: once with all the others, once more on its own.
        let weighted_sum = sum + sum_of_weekday[weekday];
        let weights = hours.len() as u128 + entries_of_weekday[weekday];
        let by_weekday = weighted_sum as f64 / weights as f64 + base;
        by_busiest_hour.max(by_weekday) as u64
    }))
}

/// The value of a forecast that holds at `now`, where `date_added` is when the forecast was made: UTC dates count, not
/// spans of 24 hours.
///
/// The last value holds on after its day. A forecast is replaced before that, so one that is more than a day beyond its
/// end is logged as an error. A clock that was set back behind `date_added` gets the first value.
#[must_use]
pub fn forecast_for(
    values: &[u64; FORECAST_DAYS],
    date_added: DateTime<Utc>,
    now: DateTime<Utc>,
) -> u64 {
    let days = (now.date_naive() - date_added.date_naive()).num_days();
    // What does not fit lies before the forecast.
    let index = usize::try_from(days).unwrap_or_default();
    if index > FORECAST_DAYS {
        tracing::error!(
            days,
            %date_added,
            "the forecast of an archived issue has run out and was not replaced; its last value is used"
        );
    }
    values[index.min(FORECAST_DAYS - 1)]
}

fn weekday(time: DateTime<Utc>) -> usize {
    time.weekday().num_days_from_monday() as usize
}

#[cfg(test)]
mod tests {
    use super::{FORECAST_DAYS, forecast, forecast_for};
    use chrono::{DateTime, Datelike, TimeDelta, Utc};
    use proptest::prelude::*;

    fn instant(text: &str) -> DateTime<Utc> {
        text.parse().expect("an instant")
    }

    /// A Monday.
    fn monday() -> DateTime<Utc> {
        instant("2024-08-12T00:00:00Z")
    }

    /// One entry per hour, the last one just before `now`.
    fn up_to(now: DateTime<Utc>, counts: &[u64]) -> Vec<(DateTime<Utc>, u64)> {
        let first = now - TimeDelta::hours(i64::try_from(counts.len()).expect("few"));
        (0..)
            .zip(counts)
            .map(|(hour, &count)| (first + TimeDelta::hours(hour), count))
            .collect()
    }

    fn of_monday(counts: &[u64]) -> Option<[u64; FORECAST_DAYS]> {
        forecast(&up_to(monday(), counts), monday())
    }

    /// Runs of the same count: how many entries, and which count.
    fn runs(runs: &[(usize, u64)]) -> Vec<u64> {
        runs.iter()
            .flat_map(|&(entries, count)| vec![count; entries])
            .collect()
    }

    #[test]
    fn nothing_to_forecast_from() {
        assert_eq!(of_monday(&[]), None);
        assert_eq!(of_monday(&[0; 168]), None);
        assert_eq!(of_monday(&[0, 0]), None);
    }

    #[test]
    fn a_short_history_allows_ten_times_its_busiest_hour() {
        assert_eq!(of_monday(&[1, 5, 2]), Some([50; 14]));
        assert_eq!(of_monday(&[7; 167]), Some([70; 14]));
        assert_eq!(of_monday(&[u64::MAX]), Some([u64::MAX; 14]));
    }

    #[test]
    fn a_steady_issue_may_have_six_times_its_mean() {
        assert_eq!(of_monday(&[6; 168]), Some([36; 14]));
    }

    #[test]
    fn a_rising_issue_is_limited_by_its_busiest_hour() {
        let counts: Vec<u64> = (0..168).collect();
        assert_eq!(of_monday(&counts), Some([571; 14]));
    }

    #[test]
    fn a_slightly_busier_day_vanishes_in_the_integer_part() {
        assert_eq!(of_monday(&runs(&[(24, 2), (144, 1)])), Some([8; 14]));
    }

    #[test]
    fn a_much_busier_weekday_has_its_own_limit() {
        let mut expected = [20; 14];
        expected[0] = 21;
        expected[7] = 21;
        assert_eq!(of_monday(&runs(&[(24, 10), (144, 1)])), Some(expected));
    }

    #[test]
    fn a_single_spike_doubles() {
        let mut counts = [3; 168];
        counts[100] = 500;
        assert_eq!(of_monday(&counts), Some([1000; 14]));
    }

    #[test]
    fn each_weekday_has_its_own_limit() {
        let counts = runs(&[(24, 100), (24, 90), (24, 110), (96, 100)]);
        let week = [600, 598, 601, 600, 600, 600, 600];
        let expected: Vec<u64> = week.into_iter().chain(week).collect();
        assert_eq!(of_monday(&counts).expect("a forecast").to_vec(), expected);
    }

    #[test]
    fn the_first_and_the_last_clock_hour_may_be_cut() {
        // At half past nine on a Wednesday, both ends of the 168 hours lie within a clock hour: 169 entries, ten of
        // a Wednesday morning and the rest of one a week before. Later weekdays are busier.
        let now = instant("2024-08-14T09:30:00Z");
        let mut hours = up_to(instant("2024-08-14T10:00:00Z"), &[0; 169]);
        for (hour, count) in &mut hours {
            *count = 1_000 + 100 * u64::from(hour.weekday().num_days_from_monday());
        }
        assert_eq!(hours[0].0, instant("2024-08-07T09:00:00Z"));
        assert_eq!(
            forecast(&hours, now).map(|values| values[..7].to_vec()),
            Some(vec![7783, 7796, 7808, 7821, 7833, 7759, 7771])
        );
    }

    #[test]
    fn large_counts_do_not_overflow() {
        let values = of_monday(&[u64::MAX; 169]).expect("a forecast");
        assert_eq!(values, [u64::MAX; 14]);
    }

    fn ascending() -> [u64; FORECAST_DAYS] {
        std::array::from_fn(|day| 100 + day as u64)
    }

    #[test]
    fn dates_choose_the_value_not_spans_of_24_hours() {
        let added = instant("2024-08-12T23:59:59Z");
        let value = |now| forecast_for(&ascending(), added, instant(now));
        assert_eq!(value("2024-08-12T23:59:59Z"), 100);
        assert_eq!(value("2024-08-13T00:00:00Z"), 101);
        assert_eq!(value("2024-08-13T23:59:59Z"), 101);
        assert_eq!(value("2024-08-25T12:00:00Z"), 113);
    }

    #[test]
    fn the_last_value_holds_on() {
        let value = |now| forecast_for(&ascending(), monday(), instant(now));
        assert_eq!(value("2024-08-26T00:00:00Z"), 113);
        assert_eq!(value("2024-08-27T00:00:00Z"), 113);
        assert_eq!(value("2031-01-01T00:00:00Z"), 113);
    }

    #[test]
    fn a_clock_set_back_gets_the_first_value() {
        assert_eq!(
            forecast_for(&ascending(), monday(), instant("2024-08-11T23:00:00Z")),
            100
        );
        assert_eq!(
            forecast_for(
                &ascending(),
                DateTime::<Utc>::MAX_UTC,
                DateTime::<Utc>::MIN_UTC
            ),
            100
        );
    }

    fn any_week() -> impl Strategy<Value = (DateTime<Utc>, Vec<(DateTime<Utc>, u64)>)> {
        (
            0..4_000_000_000_i64,
            proptest::collection::vec(1..5_000_u64, 168..170),
        )
            .prop_map(|(seconds, counts)| {
                let now = DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds);
                (now, up_to(now, &counts))
            })
    }

    proptest! {
        #[test]
        fn both_weeks_are_the_same((now, hours) in any_week()) {
            let values = forecast(&hours, now).expect("a forecast");
            prop_assert_eq!(&values[..7], &values[7..]);
        }

        #[test]
        fn a_forecast_keeps_within_its_limits((now, hours) in any_week()) {
            let max = hours.iter().map(|&(_, count)| count).max().expect("entries");
            let sum: u64 = hours.iter().map(|&(_, count)| count).sum();
            let mean = sum / hours.len() as u64;
            for value in forecast(&hours, now).expect("a forecast") {
                prop_assert!(value >= (2 * max).max(5 * mean), "{value} is too low");
                // Spikes allow at most eight means, to which the weighted mean, at most the maximum, is added.
                prop_assert!(value <= (5 * max).max(8 * (mean + 1) + max), "{value} is too high");
            }
        }

        #[test]
        fn moving_everything_by_whole_weeks_changes_nothing((now, hours) in any_week(), weeks in 1..500_i64) {
            let by = TimeDelta::weeks(weeks);
            let moved: Vec<_> = hours.iter().map(|&(hour, count)| (hour + by, count)).collect();
            prop_assert_eq!(forecast(&moved, now + by), forecast(&hours, now));
        }

        #[test]
        fn the_value_of_a_day_is_the_one_of_its_place(seconds in 0..4_000_000_000_i64, minutes in 0..60_000_i64) {
            let added = DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds);
            let now = added + TimeDelta::minutes(minutes);
            let days = now.timestamp() / 86_400 - added.timestamp() / 86_400;
            let expected = 100 + u64::try_from(days).expect("not negative").min(13);
            prop_assert_eq!(forecast_for(&ascending(), added, now), expected);
        }
    }
}
