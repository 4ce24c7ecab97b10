use crate::model::Level;
use crate::search::trends::*;
use chrono::TimeDelta;
use proptest::prelude::*;

const WEEK: TimeDelta = TimeDelta::days(7);

fn event(age: TimeDelta) -> TrendEvent {
    TrendEvent {
        age,
        level: Some(Level::Error),
        has_stack: true,
    }
}

fn score_of(weights: TrendWeights, window: TimeDelta, events: &[TrendEvent]) -> f64 {
    let mut trend = Trend::new(weights, window);
    trend.extend(events.iter().copied());
    trend.score()
}

fn score(window: TimeDelta, ages: &[TimeDelta]) -> f64 {
    let events: Vec<_> = ages.iter().copied().map(event).collect();
    score_of(TrendWeights::default(), window, &events)
}

fn close(left: f64, right: f64) {
    assert!(
        (left - right).abs() <= 1e-12 * right.abs().max(1e-3),
        "{left} and {right}"
    );
}

fn hours(hours: i64) -> TimeDelta {
    TimeDelta::hours(hours)
}

#[test]
fn an_event_of_now_has_all_of_every_factor() {
    // I = 1, E = ln 2, V = 1/10 · 1/2.
    close(
        score(WEEK, &[TimeDelta::zero()]),
        std::f64::consts::LN_2 * 0.05,
    );
}

#[test]
fn an_event_fades_by_half_in_four_hours() {
    // Within the window but not recent: V is at its least. I = 2^(-4/12), E = ln 1.5.
    close(
        score(WEEK, &[hours(4)]),
        2_f64.powf(-1.0 / 3.0) * 1.5_f64.ln() * 0.01,
    );
    // Four and eight hours: 1/2 + 1/4.
    close(
        score(WEEK, &[hours(4), hours(8)]),
        2_f64.powf(-2.0 / 3.0) * 1.75_f64.ln() * 0.01,
    );
}

#[test]
fn an_issue_is_half_as_new_after_twelve_hours_of_its_oldest_event() {
    let of = |oldest| score(WEEK, &[TimeDelta::zero(), oldest]);
    // 24 h: I = 1/4, E = ln(2 + 2^-6), V = 1/10 · 1/3.
    close(of(hours(24)), 0.25 * (2.0 + 2_f64.powi(-6)).ln() / 30.0);
    // From 80 hours on I is at its least.
    let old = |hours: i32| 0.01 * (2.0 + 2_f64.powf(-f64::from(hours) / 4.0)).ln() / 30.0;
    close(of(hours(100)), old(100));
    // Older than sixteen half-lives, and outside the week that is counted over.
    let growth = 1.0 / 20.0;
    close(of(hours(240)), 0.01 * (2.0 + 2_f64.powi(-60)).ln() * growth);
}

#[test]
fn no_factor_is_below_a_hundredth() {
    close(score(WEEK, &[hours(160)]), 0.01 * 0.01 * 0.01);
    // Without events nothing is known to be old.
    close(score(WEEK, &[]), 0.01 * 0.01);
}

#[test]
fn growth_compares_the_last_hour_with_the_last_week() {
    let minutes = TimeDelta::minutes;
    let growth = |window, ages: &[TimeDelta]| {
        let events: f64 = ages
            .iter()
            .map(|age| 2_f64.powf(-(age.as_seconds_f64() / 3600.0) / 4.0))
            .sum();
        let oldest = ages.iter().max().unwrap().as_seconds_f64() / 3600.0;
        let rest = 2_f64.powf(-oldest / 12.0).max(0.01) * events.ln_1p().max(0.01);
        score(window, ages) / rest
    };
    // The bounds themselves belong to it.
    let ages = [minutes(0), minutes(60), minutes(61), hours(168), hours(169)];
    close(growth(WEEK, &ages), 0.1 * 2.0 / 5.0);
    close(growth(TimeDelta::days(90), &ages), 0.1 * 2.0 / 5.0);
    // A shorter window: the last hundredth of it and all of it.
    let ages = [minutes(0), minutes(60), minutes(61), hours(100), hours(101)];
    close(growth(hours(100), &ages), 0.1 * 2.0 / 5.0);
    let ages = [minutes(6), minutes(7), hours(10)];
    close(growth(hours(10), &ages), 0.1 * 1.0 / 4.0);
}

#[test]
fn growth_counts_as_much_as_it_is_weighted_up_to_ten() {
    let with = |growth| {
        let weights = TrendWeights {
            growth,
            ..TrendWeights::default()
        };
        score_of(weights, WEEK, &[event(TimeDelta::zero())])
    };
    close(with(10.0), std::f64::consts::LN_2 * 0.5);
    close(with(11.0), with(10.0));
    close(with(5.0), with(10.0) / 2.0);
    close(with(0.0), std::f64::consts::LN_2 * 0.01);
}

#[test]
fn an_event_counts_by_level_and_stack_trace_where_they_are_weighted() {
    let rank = |weights, level, has_stack| {
        let event = TrendEvent {
            age: TimeDelta::zero(),
            level,
            has_stack,
        };
        // E from the score, and the rank from E.
        (score_of(weights, WEEK, &[event]) / 0.05).exp_m1()
    };
    let even = TrendWeights::default();
    close(rank(even, None, false), 1.0);
    close(rank(even, Some(Level::Fatal), true), 1.0);
    let weighted = TrendWeights {
        level: 2.0,
        stack: 1.0,
        ..even
    };
    for (level, has_stack, value) in [
        (Some(Level::Fatal), true, 4.0 / 4.0),
        (Some(Level::Fatal), false, 3.0 / 4.0),
        (Some(Level::Error), false, 2.32 / 4.0),
        (Some(Level::Warning), true, 2.66 / 4.0),
        (Some(Level::Info), false, 1.0 / 4.0),
        (Some(Level::Debug), false, 1.0 / 4.0),
        (Some(Level::Sample), false, 1.0 / 4.0),
        (None, true, 2.0 / 4.0),
    ] {
        close(rank(weighted, level, has_stack), value);
    }
}

#[test]
fn an_event_from_the_future_happened_now() {
    close(score(WEEK, &[hours(-1)]), score(WEEK, &[TimeDelta::zero()]));
}

#[test]
fn a_cursor_keeps_six_digits_rounded_down() {
    for (score, cursor) in [
        (0.0, 0),
        (0.034_657_359, 34_657),
        (0.000_000_9, 0),
        (1.5, 1_500_000),
        (12.345_678_9, 12_345_678),
    ] {
        assert_eq!(cursor_score(score), cursor);
    }
}

proptest! {
    #[test]
    fn a_score_is_a_number_whatever_happened(
        ages in prop::collection::vec(-1_000_i64..1_000_000_000, 0..50),
        window in 0_i64..10_000_000,
    ) {
        let ages: Vec<_> = ages.into_iter().map(TimeDelta::seconds).collect();
        let forward = score(TimeDelta::seconds(window), &ages);
        prop_assert!(forward.is_finite() && forward >= 1e-6 * 0.999);
        let backward: Vec<_> = ages.iter().rev().copied().collect();
        let backward = score(TimeDelta::seconds(window), &backward);
        prop_assert!((forward - backward).abs() <= 1e-9 * forward, "the order makes no difference");
    }
}
