use super::{at, now};
use crate::paging::BadRequest;
use crate::search::window::*;
use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;

fn resolve(parameters: PeriodParameters<'_>) -> (DateTime<Utc>, DateTime<Utc>) {
    let Period { start, end } = parameters.resolve(now()).unwrap();
    (start, end)
}

fn refused(parameters: PeriodParameters<'_>) -> BadRequest {
    parameters.resolve(now()).unwrap_err()
}

fn length(text: &str) -> PeriodParameters<'_> {
    PeriodParameters {
        stats_period: Some(text),
        ..PeriodParameters::default()
    }
}

fn distances<'a>(start: Option<&'a str>, end: Option<&'a str>) -> PeriodParameters<'a> {
    PeriodParameters {
        stats_period_start: start,
        stats_period_end: end,
        ..PeriodParameters::default()
    }
}

fn instants<'a>(start: Option<&'a str>, end: Option<&'a str>) -> PeriodParameters<'a> {
    PeriodParameters {
        start,
        end,
        ..PeriodParameters::default()
    }
}

#[test]
fn without_parameters_it_is_the_last_90_days() {
    assert_eq!(
        resolve(PeriodParameters::default()),
        (at("2024-03-03T12:00:00Z"), now())
    );
}

#[test]
fn a_length_of_time_ends_now() {
    for (text, start) in [
        ("90s", "2024-06-01T11:58:30Z"),
        ("90", "2024-06-01T11:58:30Z"),
        ("5m", "2024-06-01T11:55:00Z"),
        ("024h", "2024-05-31T12:00:00Z"),
        ("14d", "2024-05-18T12:00:00Z"),
        ("2w", "2024-05-18T12:00:00Z"),
    ] {
        assert_eq!(resolve(length(text)), (at(start), now()), "{text}");
    }
}

#[test]
fn what_is_no_length_of_time_is_refused() {
    for text in [
        "", "d", "1.5h", "-1d", "+1d", " 1d", "1d ", "1D", "1y", "1dd", "1h30m", "one", "٣d", "1é",
        "1wé", "9w9w",
    ] {
        let refusal = refused(length(text));
        assert_eq!(refusal.parameter, "statsPeriod", "{text}");
        assert!(refusal.message.contains("no length of time"), "{refusal}");
    }
    for text in ["999999w", "99999999999999999999d", "9223372036854775807"] {
        let refusal = refused(length(text));
        assert!(refusal.message.contains("too far back"), "{refusal}");
    }
}

#[test]
fn no_time_is_no_period() {
    let refusal = refused(length("0d"));
    assert_eq!(refusal.parameter, "statsPeriod");
    assert!(refusal.message.contains("not before the end"), "{refusal}");
}

#[test]
fn two_distances_count_back_from_now() {
    assert_eq!(
        resolve(distances(Some("7d"), Some("24h"))),
        (at("2024-05-25T12:00:00Z"), at("2024-05-31T12:00:00Z"))
    );
    assert_eq!(
        resolve(distances(Some("60"), Some("0"))),
        (at("2024-06-01T11:59:00Z"), now())
    );
    assert_eq!(
        refused(distances(Some("1d"), None)).parameter,
        "statsPeriodEnd"
    );
    assert_eq!(
        refused(distances(None, Some("1d"))).parameter,
        "statsPeriodStart"
    );
    assert_eq!(
        refused(distances(Some("x"), Some("1d"))).parameter,
        "statsPeriodStart"
    );
    assert_eq!(
        refused(distances(Some("1d"), Some("x"))).parameter,
        "statsPeriodEnd"
    );
    for (start, end) in [("1d", "1d"), ("1d", "2d")] {
        let refusal = refused(distances(Some(start), Some(end)));
        assert_eq!(refusal.parameter, "statsPeriodStart");
    }
}

#[test]
fn two_instants_are_taken_as_they_stand() {
    let read = |start| resolve(instants(Some(start), Some("2030-01-01"))).0;
    for (text, instant) in [
        ("2024-02-29", "2024-02-29T00:00:00Z"),
        ("2024-01-02T03:04:05", "2024-01-02T03:04:05Z"),
        ("2024-01-02T03:04:05Z", "2024-01-02T03:04:05Z"),
        ("2024-01-02T03:04:05.5", "2024-01-02T03:04:05.5Z"),
        ("2024-01-02T03:04:05.123456Z", "2024-01-02T03:04:05.123456Z"),
        ("2024-01-02T03:04:05+05:30", "2024-01-01T21:34:05Z"),
        ("2024-01-02T03:04:05.25-01:00", "2024-01-02T04:04:05.25Z"),
        ("1704164645", "2024-01-02T03:04:05Z"),
        ("1704164645.25", "2024-01-02T03:04:05.25Z"),
        ("1704164645.1234569", "2024-01-02T03:04:05.123456Z"),
        ("-1.5", "1969-12-31T23:59:58.5Z"),
        // Not ISO as this search reads it, so seconds.
        ("2024", "1970-01-01T00:33:44Z"),
        ("20240102", "1970-08-23T06:15:02Z"),
    ] {
        assert_eq!(read(text), at(instant), "{text}");
    }
}

#[test]
fn what_is_no_instant_is_refused() {
    for text in [
        "",
        "now",
        "2023-02-29",
        "2024-1-2",
        "2024-13-01",
        "24-01-02",
        "2024-01-02T",
        "2024-01-02T03:04",
        "2024-01-02t03:04:05",
        "2024-01-02 03:04:05",
        "2024-01-02T03:04:05.",
        "2024-01-02T03:04:05.1234567",
        "2024-01-02T03:04:05z",
        "2024-01-02T03:04:05+0530",
        "2024-01-02T03:04:05+24:00",
        "2024-01-02T03:04:05+05:60",
        "2024-01-02T03:04:05 Z",
        "2024-01-02T24:00:00",
        "2024-01-02T23:59:60",
        "2024-01-02TZ",
        "2024-01-02T03:04:0é",
        "0000-01-01",
        "1e9",
        "1704164645.",
        ".5",
        "+5",
        "--5",
        "NaN",
        "inf",
        "99999999999999999999",
        "999999999999",
    ] {
        let refusal = refused(instants(Some(text), Some("2030-01-01")));
        assert_eq!(refusal.parameter, "start", "{text}");
        assert!(refusal.message.contains("no instant"), "{refusal}");
        let refusal = refused(instants(Some("2001-01-01"), Some(text)));
        assert_eq!(refusal.parameter, "end", "{text}");
    }
}

#[test]
fn one_instant_is_not_enough() {
    assert_eq!(refused(instants(Some("2024-01-01"), None)).parameter, "end");
    assert_eq!(
        refused(instants(None, Some("2024-01-01"))).parameter,
        "start"
    );
}

#[test]
fn the_start_lies_before_the_end() {
    for end in ["2024-01-01", "2023-12-31"] {
        let refusal = refused(instants(Some("2024-01-01"), Some(end)));
        assert_eq!(refusal.parameter, "start");
    }
}

#[test]
fn a_length_wins_over_distances_and_those_over_instants() {
    let all = PeriodParameters {
        stats_period: Some("1h"),
        stats_period_start: Some("2d"),
        stats_period_end: Some("1d"),
        start: Some("2020-01-01"),
        end: Some("2020-01-02"),
    };
    assert_eq!(resolve(all), (at("2024-06-01T11:00:00Z"), now()));
    let without_length = PeriodParameters {
        stats_period: None,
        ..all
    };
    assert_eq!(
        resolve(without_length),
        (at("2024-05-30T12:00:00Z"), at("2024-05-31T12:00:00Z"))
    );
    // What does not count is not read either.
    let with_nonsense = PeriodParameters {
        stats_period_start: Some("x"),
        start: Some("y"),
        ..length("1h")
    };
    assert_eq!(resolve(with_nonsense).1, now());
}

fn window(bounds: Bounds) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    TimeWindow::of_events(bounds, now(), None).map(|window| (window.start, window.end))
}

#[test]
fn without_bounds_events_of_90_days_count_and_a_minute_ahead() {
    assert_eq!(
        window(Bounds::default()),
        Some((at("2024-03-03T12:00:00Z"), at("2024-06-01T12:01:00Z")))
    );
}

#[test]
fn an_end_that_is_given_allows_no_skew() {
    let bounds = Bounds::default().until(now());
    assert_eq!(window(bounds), Some((at("2024-03-03T12:00:00Z"), now())));
}

#[test]
fn of_several_bounds_the_most_restrictive_holds() {
    let period = Period {
        start: at("2024-05-01T00:00:00Z"),
        end: at("2024-05-30T00:00:00Z"),
    };
    let bounds = Bounds::from(period)
        .since(at("2024-05-10T00:00:00Z"))
        .since(at("2024-05-05T00:00:00Z"))
        .until(at("2024-05-20T00:00:00Z"))
        .until(at("2024-05-25T00:00:00Z"));
    assert_eq!(
        window(bounds),
        Some((at("2024-05-10T00:00:00Z"), at("2024-05-20T00:00:00Z")))
    );
    let bounds = Bounds::from(period)
        .since(at("2024-04-01T00:00:00Z"))
        .until(at("2024-07-01T00:00:00Z"));
    assert_eq!(window(bounds), Some((period.start, period.end)));
}

#[test]
fn nobody_looks_back_further_than_90_days_or_the_retention() {
    let bounds = Bounds::default()
        .since(at("2020-01-01T00:00:00Z"))
        .until(now());
    assert_eq!(window(bounds), Some((at("2024-03-03T12:00:00Z"), now())));
    for (retention, start) in [
        ("2024-05-31T00:00:00Z", "2024-05-31T00:00:00Z"),
        ("2020-01-01T00:00:00Z", "2024-03-03T12:00:00Z"),
    ] {
        let window = TimeWindow::of_events(bounds, now(), Some(at(retention))).unwrap();
        assert_eq!(window.start, at(start));
    }
}

#[test]
fn a_window_with_nothing_in_it_is_empty_and_no_error() {
    let old = Bounds::default().until(at("2024-01-01T00:00:00Z"));
    assert_eq!(window(old), None, "all of it is too old");
    let at_the_edge = Bounds::default().until(at("2024-03-03T12:00:00Z"));
    assert_eq!(window(at_the_edge), None);
    let crossed = Bounds::default()
        .since(at("2024-05-02T00:00:00Z"))
        .until(at("2024-05-01T00:00:00Z"));
    assert_eq!(window(crossed), None);
    let nothing = Bounds::default().since(now()).until(now());
    assert_eq!(window(nothing), None);
    let all_gone = TimeWindow::of_events(Bounds::default().until(now()), now(), Some(now()));
    assert_eq!(all_gone, None);
}

#[test]
fn events_count_from_the_start_up_to_but_not_at_the_end() {
    let bounds = Bounds::default()
        .since(at("2024-05-01T00:00:00Z"))
        .until(at("2024-05-02T00:00:00Z"));
    let window = TimeWindow::of_events(bounds, now(), None).unwrap();
    for (instant, event, row) in [
        ("2024-04-30T23:59:59.999999Z", false, false),
        ("2024-05-01T00:00:00Z", true, true),
        ("2024-05-01T23:59:59.999999Z", true, true),
        ("2024-05-02T00:00:00Z", false, true),
        ("2024-05-02T00:00:00.000001Z", false, false),
    ] {
        let instant = at(instant);
        assert_eq!(
            (window.has_event(instant), window.has_inbox_row(instant)),
            (event, row),
            "{instant}"
        );
    }
}

#[test]
fn the_inbox_looks_back_seven_days() {
    let window = |bounds| TimeWindow::of_inbox(bounds, now());
    let open = window(Bounds::default()).unwrap();
    assert_eq!(
        (open.start, open.end),
        (at("2024-05-25T12:00:00Z"), at("2024-06-01T12:01:00Z"))
    );
    let long_ago = Bounds::default()
        .since(now() - TimeDelta::days(20))
        .until(now() - TimeDelta::days(15));
    assert_eq!(window(long_ago), None);
    let narrow = Bounds::default()
        .since(now() - TimeDelta::days(2))
        .until(now() - TimeDelta::days(1));
    let narrow = window(narrow).unwrap();
    assert_eq!(
        (narrow.start, narrow.end),
        (at("2024-05-30T12:00:00Z"), at("2024-05-31T12:00:00Z"))
    );
}

proptest! {
    #[test]
    fn no_text_breaks_the_readers(text in "[-+.:TZ0-9smhdwé ]{0,30}") {
        let texts = [length(&text), distances(Some(&text), Some("0")), instants(Some(&text), Some(&text))];
        for parameters in texts {
            if let Ok(period) = parameters.resolve(now()) {
                prop_assert!(period.start < period.end);
            }
        }
    }

    #[test]
    fn every_instant_in_iso_form_is_read(micros in 0_i64..4_000_000_000_000_000) {
        let instant = DateTime::from_timestamp_micros(micros).unwrap();
        let text = instant.format("%Y-%m-%dT%H:%M:%S%.6fZ").to_string();
        let read = instants(Some(&text), Some("2200-01-01")).resolve(now()).unwrap();
        prop_assert_eq!(read.start, instant);
        let text = format!("{}.{:06}", micros / 1_000_000, micros % 1_000_000);
        let read = instants(Some(&text), Some("2200-01-01")).resolve(now()).unwrap();
        prop_assert_eq!(read.start, instant);
    }
}
