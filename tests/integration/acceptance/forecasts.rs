//! Archived until it is seen more often than forecast (group-states spec, section 6).

use super::world::*;
use chrono::TimeDelta;
use picket_core::engine::UpkeepTask;
use picket_core::triage::IssueChange;
use picket_tests::scenario::messages::{Message, occurrence, status_change};
use serde_json::json;

fn cron(at: &str) -> Message {
    occurrence("a").group_type(4001).priority(25).at(at)
}

/// An issue that was seen on the first of May, archived with a forecast.
async fn archived(desk: &mut Desk, forecast: [u64; 14]) {
    desk.send([cron("2026-05-01T00:00:00Z")]).await;
    desk.change("a", IssueChange::ArchiveUntilEscalating).await;
    desk.set_forecast("a", forecast).await;
    assert_eq!(desk.stand("a").await, UNTIL_ESCALATING);
}

fn crowd(count: usize, at: &str) -> Vec<Message> {
    (0..count).map(|_| cron(at)).collect()
}

async fn forecast(desk: &Desk) -> Option<Vec<u64>> {
    let state = desk.state("a").await;
    state.forecast.get().map(|forecast| forecast.values.clone())
}

pub async fn one_more_than_forecast_escalates(world: &World) {
    let mut desk = world.desk().await;
    archived(&mut desk, [5; 14]).await;
    desk.wait_until("10:30:00").await;
    desk.send(crowd(5, "10:10:00")).await;
    assert_eq!(desk.stand("a").await, UNTIL_ESCALATING);
    let event_id = "000000000000400080000000000000dd";
    desk.send([cron("10:10:00").event_id(event_id)]).await;
    assert_eq!(
        (desk.stand("a").await, desk.inbox("a").await),
        (ESCALATING, Some("escalating"))
    );
    let said = desk.said("a").await;
    assert_eq!(
        said[1],
        (
            "SET_ESCALATING",
            json!({"event_id": event_id, "forecast": 5})
        )
    );
    assert_eq!(
        said[2],
        (
            "SET_PRIORITY",
            json!({"priority": "medium", "reason": "escalating"})
        )
    );
    let expected = ["archived_until_escalating", "escalating", "priority_medium"];
    assert_eq!(desk.history("a").await, expected);
    assert_eq!(
        desk.journal("a").await.history[1].undoes,
        Some(time("10:00:00"))
    );
}

/// All in one batch is the same.
pub async fn a_batch_escalates_once(world: &World) {
    let mut desk = world.desk().await;
    archived(&mut desk, [5; 14]).await;
    desk.wait_until("10:30:00").await;
    desk.send(crowd(20, "10:10:00")).await;
    assert_eq!(
        (desk.stand("a").await, desk.times_seen("a").await),
        (ESCALATING, 21)
    );
    assert_eq!(desk.said("a").await.len(), 3);
}

/// The hour is that of the clock, and what lies after now does not count yet.
pub async fn only_events_of_the_current_hour_count(world: &World) {
    let mut desk = world.desk().await;
    archived(&mut desk, [5; 14]).await;
    desk.wait_until("11:20:00").await;
    desk.send(crowd(20, "10:59:59.999999")).await;
    desk.send(crowd(20, "11:20:30")).await;
    desk.send(crowd(4, "11:00:00")).await;
    desk.send(crowd(1, "11:20:00")).await;
    assert_eq!(desk.stand("a").await, UNTIL_ESCALATING);
    // Those ahead count as soon as the clock gets there; an occurrence of any time makes it look.
    desk.wait_until("11:20:30").await;
    desk.send([cron("09:00:00")]).await;
    assert_eq!(desk.stand("a").await, ESCALATING);

    let mut desk = world.desk().await;
    archived(&mut desk, [5; 14]).await;
    desk.wait_until("10:59:59").await;
    desk.send(crowd(5, "10:30:00")).await;
    desk.wait_until("11:00:00").await;
    desk.send(crowd(5, "11:00:00")).await;
    assert_eq!(
        desk.stand("a").await,
        UNTIL_ESCALATING,
        "a new hour begins at zero"
    );
    desk.send(crowd(1, "11:00:00")).await;
    assert_eq!(desk.stand("a").await, ESCALATING);
}

/// Each day has its value, counted in dates.
pub async fn the_day_decides_about_the_limit(world: &World) {
    let values: [u64; 14] = std::array::from_fn(|day| day as u64 + 1);
    for (now, limit) in [
        ("2026-05-04T23:59:59Z", 1),
        ("2026-05-05T00:00:00Z", 2),
        ("2026-05-10T10:00:00Z", 7),
        ("2026-05-17T23:00:00Z", 14),
        ("2026-05-18T10:00:00Z", 14),
    ] {
        let mut desk = world.desk().await;
        archived(&mut desk, values).await;
        desk.wait_until(now).await;
        desk.send(crowd(limit, now)).await;
        assert_eq!(desk.stand("a").await, UNTIL_ESCALATING, "{now}");
        desk.send(crowd(1, now)).await;
        assert_eq!(desk.stand("a").await, ESCALATING, "{now}");
        assert_eq!(desk.said("a").await[1].1["forecast"], limit, "{now}");
    }
}

/// A forecast is kept for 14 days; after that ten is the limit until there is another.
pub async fn an_old_forecast_is_none(world: &World) {
    let mut desk = world.desk().await;
    archived(&mut desk, [5; 14]).await;
    desk.wait_until("2026-05-18T10:00:00.000001Z").await;
    let now = "2026-05-18T10:00:00Z";
    desk.send(crowd(10, now)).await;
    assert_eq!(desk.stand("a").await, UNTIL_ESCALATING);
    // Made anew by the first of them: it is the whole week.
    assert_eq!(forecast(&desk).await, Some(vec![10; 14]));
    let state = desk.state("a").await;
    assert_eq!(
        state.forecast.get().unwrap().made_at,
        time("2026-05-18T10:00:00.000001Z")
    );
}

/// Without a forecast ten is the limit, once: then there is one, if there is anything to make it from.
pub async fn without_a_forecast_ten_is_the_limit(world: &World) {
    let mut desk = world.desk().await;
    desk.send([cron("2026-04-10T00:00:00Z").at("2026-04-10T00:00:00Z")])
        .await;
    desk.change("a", IssueChange::ArchiveUntilEscalating).await;
    assert_eq!(
        forecast(&desk).await,
        None,
        "nothing was seen in the last week"
    );
    // Exactly now is part of the hour, but not of the week before.
    desk.send(crowd(10, "10:00:00")).await;
    assert_eq!(
        (desk.stand("a").await, forecast(&desk).await),
        (UNTIL_ESCALATING, None)
    );
    desk.send(crowd(1, "10:00:00")).await;
    assert_eq!(desk.stand("a").await, ESCALATING);
    assert_eq!(desk.said("a").await[1].1["forecast"], 10);
}

/// Archived by a message: the first occurrence makes the forecast.
pub async fn a_message_makes_no_forecast(world: &World) {
    let mut desk = world.desk().await;
    desk.send([cron("09:30:00"), cron("09:31:00"), cron("08:00:00")])
        .await;
    desk.send([status_change("a", 2, Some(1))]).await;
    assert_eq!(forecast(&desk).await, None);
    desk.send([cron("09:59:00")]).await;
    assert_eq!(
        forecast(&desk).await,
        Some(vec![30; 14]),
        "three of nine o'clock, tenfold"
    );
    assert_eq!(desk.stand("a").await, UNTIL_ESCALATING);
}

/// A forecast of zero never escalates.
pub async fn a_forecast_of_zero_is_no_limit(world: &World) {
    let mut desk = world.desk().await;
    archived(&mut desk, [0; 14]).await;
    desk.send(crowd(30, "10:00:00")).await;
    assert_eq!(desk.stand("a").await, UNTIL_ESCALATING);
}

/// What the forecast is made from: the occurrences that reached the issue, by clock hours of the last week.
pub async fn a_forecast_is_made_from_a_week(world: &World) {
    let mut desk = world.desk().await;
    let a_week_ago = "2026-04-27T10:00:00Z";
    desk.send([
        cron("2026-04-27T09:59:59.999999Z"),
        cron("2026-04-27T09:59:00Z"),
    ])
    .await;
    desk.send([cron("10:00:00"), cron("10:00:30")]).await;
    desk.change("a", IssueChange::ArchiveUntilEscalating).await;
    assert_eq!(forecast(&desk).await, None, "just before, and not yet");
    desk.send([cron(a_week_ago).light()]).await;
    desk.change("a", IssueChange::ArchiveForever).await;
    desk.change("a", IssueChange::ArchiveUntilEscalating).await;
    assert_eq!(
        forecast(&desk).await,
        Some(vec![10; 14]),
        "a light one counts, too"
    );
    // Stored and then dropped: those of another category never reached it.
    desk.send((0..9).map(|_| occurrence("a").at("09:00:00")))
        .await;
    desk.send([cron("09:00:00"), cron("09:59:59.999999")]).await;
    desk.change("a", IssueChange::ArchiveForever).await;
    desk.change("a", IssueChange::ArchiveUntilEscalating).await;
    assert_eq!(forecast(&desk).await, Some(vec![20; 14]));
}

/// A whole week of hours: the longer calculation.
pub async fn a_full_week_is_calculated(world: &World) {
    let mut desk = world.with(|config| config.batch_size = 2_000).await;
    let start = time("2026-04-27T10:00:00Z");
    // Two in each hour of the first day, one in all others.
    let hours = (0..168).flat_map(|hour| {
        let at = (start + TimeDelta::hours(hour)).to_rfc3339();
        let count = if hour < 24 { 2 } else { 1 };
        (0..count).map(move |_| cron(&at).light())
    });
    desk.send(hours.collect::<Vec<_>>()).await;
    desk.change("a", IssueChange::ArchiveUntilEscalating).await;
    assert_eq!(forecast(&desk).await, Some(vec![8; 14]));
}

/// Every six hours, for what is archived so and was seen within a week.
pub async fn the_task_renews_forecasts(world: &World) {
    let mut desk = world.desk().await;
    archived(&mut desk, [5; 14]).await;
    desk.send([cron("09:00:00"), cron("09:10:00")]).await;
    desk.advance(TimeDelta::hours(6)).await;
    desk.run(UpkeepTask::MakeForecasts).await;
    assert_eq!(forecast(&desk).await, Some(vec![20; 14]));
    let made_at = |state: picket_core::model::IssueState| state.forecast.get().unwrap().made_at;
    assert_eq!(made_at(desk.state("a").await), time("16:00:00"));
    // Seen more than a week ago: left as it is.
    desk.wait_until("2026-05-11T09:10:00.000001Z").await;
    desk.run(UpkeepTask::MakeForecasts).await;
    assert_eq!(made_at(desk.state("a").await), time("16:00:00"));
    // Archived otherwise: likewise.
    desk.send([cron("2026-05-11T09:00:00Z")]).await;
    desk.change("a", IssueChange::ArchiveForever).await;
    desk.run(UpkeepTask::MakeForecasts).await;
    assert_eq!(made_at(desk.state("a").await), time("16:00:00"));
    assert_eq!(desk.activities("a").await.len(), 2);
}
