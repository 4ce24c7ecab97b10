mod stats;
mod trends;
mod window;

use chrono::{DateTime, Utc};

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn now() -> DateTime<Utc> {
    at("2024-06-01T12:00:00Z")
}
