//! From the log lines of the client library to what is wrong and what to do.
//!
//! The library reports failures of a connection only as text. The texts matched here are those of librdkafka 2.x
//! and of OpenSSL 1.1 and 3.

use rdkafka::config::RDKafkaLogLevel;
use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

/// Lines kept; older ones make room.
const LINES_KEPT: usize = 40;

/// What is wrong with a connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Diagnosis {
    /// What is wrong, as a sentence.
    pub problem: String,
    /// What to do about it, as a sentence.
    pub fix: String,
    /// Nothing changes by trying again: somebody has to change a setting.
    pub permanent: bool,
    /// The certificate was refused, for a reason the library does not tell.
    pub is_about_certificate: bool,
}

/// The last complaints of a client.
#[derive(Debug, Default)]
pub(super) struct Complaints(Mutex<VecDeque<String>>);

impl Complaints {
    /// A log line. A connection that is closed is only information to the library, and often what matters most.
    pub(super) fn hear(&self, level: RDKafkaLogLevel, line: &str) {
        if (level as i32) <= (RDKafkaLogLevel::Warning as i32) || diagnose(line).is_some() {
            self.push(line);
        }
    }

    pub(super) fn push(&self, line: &str) {
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if lines.len() == LINES_KEPT {
            lines.pop_front();
        }
        lines.push_back(without_prefix(line).to_owned());
    }

    /// All of them, oldest first, each once.
    pub(super) fn lines(&self) -> Vec<String> {
        let lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut kept: Vec<String> = Vec::new();
        for line in lines.iter() {
            if !kept.contains(line) {
                kept.push(line.clone());
            }
        }
        kept
    }

    pub(super) fn clear(&self) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
    }

    /// What the most telling of them means. Lines about a setting win over lines about the network, because a
    /// client with a wrong setting sooner or later also complains that nobody answers.
    pub(super) fn diagnosis(&self) -> Option<Diagnosis> {
        let lines = self.lines();
        let all = lines.iter().rev().filter_map(|line| diagnose(line));
        let mut first = None;
        for diagnosis in all {
            if diagnosis.permanent {
                return Some(diagnosis);
            }
            first.get_or_insert(diagnosis);
        }
        first
    }
}

/// The library starts its lines with the thread and once more with the broker: `[thrd:x:9092/1]: x:9092/1: `.
fn without_prefix(line: &str) -> &str {
    match line
        .strip_prefix("[thrd:")
        .and_then(|rest| rest.split_once("]: "))
    {
        Some((_, rest)) => rest,
        None => line,
    }
}

/// What one line means; nothing for lines that say nothing definite.
pub(super) fn diagnose(line: &str) -> Option<Diagnosis> {
    let lower = line.to_ascii_lowercase();
    let has = |part: &str| lower.contains(part);
    let setting = |problem: &str, fix: &str| {
        Some(Diagnosis {
            problem: problem.to_owned(),
            fix: fix.to_owned(),
            permanent: true,
            is_about_certificate: false,
        })
    };
    let network = |problem: &str, fix: &str| {
        Some(Diagnosis {
            problem: problem.to_owned(),
            fix: fix.to_owned(),
            permanent: false,
            is_about_certificate: false,
        })
    };

    if has("mechanism handshake failed") || has("unsupported sasl mechanism") {
        let offered = line
            .split_once("supported mechanisms:")
            .map(|(_, list)| list.trim());
        let offered = offered
            .map(|list| list.split(" (").next().unwrap_or(list))
            .filter(|list| !list.is_empty());
        return match offered {
            Some(list) => setting(
                &format!("The broker does not offer the chosen login mechanism. It offers {list}."),
                "Choose one of the mechanisms it offers.",
            ),
            None => setting(
                "The broker does not offer the chosen login mechanism.",
                "Choose another mechanism.",
            ),
        };
    }
    if has("sasl authentication error")
        || has("authentication failed")
        || has("sasl authentication failed")
    {
        return setting(
            "User or password refused.",
            "Check both, also for spaces at the ends and for capitals.",
        );
    }
    if has("certificate verify failed") || has("certificate could not be verified") {
        return Some(Diagnosis {
            problem: "The certificate of the broker is not accepted: its authority is unknown to this machine, it is \
                      for another name, or it has run out."
                .to_owned(),
            fix: "Choose the PEM file of its authority as CA file, and check the name of the server.".to_owned(),
            permanent: true,
            is_about_certificate: true,
        });
    }
    if has("certificate required")
        || has("client ssl authentication might be required")
        || has("handshake failure")
    {
        return setting(
            "The broker asks for a client certificate or refuses the one it got.",
            "Choose the PEM files of a client certificate and its key.",
        );
    }
    if has("wrong version number")
        || has("plaintext broker listener")
        || has("packet length too long")
    {
        return setting(
            "The port does not speak TLS.",
            "Choose PLAINTEXT or SASL_PLAINTEXT, or the port that does.",
        );
    }
    let hangs_up = has("disconnected") || has("connection reset") || has("broken pipe");
    if has("connecting to a ssl listener")
        || has("invalid response size")
        || (hangs_up && has("in state apiversion_query") && !has("ssl"))
    {
        return setting(
            "The port closes the connection at once; most likely it speaks TLS.",
            "Choose SSL or SASL_SSL, or the port without TLS.",
        );
    }
    if has("might require sasl authentication") {
        return setting(
            "The broker seems to ask for a login.",
            "Choose SASL_PLAINTEXT or SASL_SSL and a user.",
        );
    }
    if has("connection refused") || has("actively refused") {
        return network(
            "The host answers, but nothing listens on that port.",
            "Check the port, and that the broker runs.",
        );
    }
    if has("failed to resolve")
        || has("host resolution failure")
        || has("name or service not known")
    {
        let name = line.split('\'').nth(1).unwrap_or("the server");
        return network(
            &format!("There is no address for {name}."),
            "Check the name; if it is only known inside a private network, connect to that network first.",
        );
    }
    if has("timed out in state connect")
        || has("connection setup timed out")
        || has("no route to host")
    {
        return network(
            "No answer from the server.",
            "A firewall or a missing VPN may be in the way.",
        );
    }
    if hangs_up && milliseconds_up(&lower).is_some_and(|time| time < 1_000) {
        return network(
            "The broker closes the connection as soon as something is asked.",
            "Most likely it wants a login: choose SASL_PLAINTEXT or SASL_SSL and a user.",
        );
    }
    if hangs_up {
        return network(
            "The broker closed the connection.",
            "Check that the broker is healthy; Picket tries again.",
        );
    }
    None
}

/// How long a connection had been usable when the line was written: `(after 12ms in state UP…`.
fn milliseconds_up(line: &str) -> Option<u64> {
    let (_, rest) = line.rsplit_once("(after ")?;
    let (time, state) = rest.split_once("ms in state ")?;
    if state.starts_with("up") {
        time.parse().ok()
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_the_library_are_understood() {
        for (line, part, permanent) in [
            (
                "[thrd:b:9092/bootstrap]: b:9092/bootstrap: Connect to ipv4#10.0.0.1:9092 failed: Connection refused (after 0ms in state CONNECT)",
                "nothing listens",
                false,
            ),
            (
                "Failed to resolve 'kafka-7.inside:9092': Name or service not known (after 3ms in state CONNECT)",
                "kafka-7.inside:9092",
                false,
            ),
            (
                "Connection setup timed out in state CONNECT (after 10001ms in state CONNECT)",
                "No answer",
                false,
            ),
            (
                "b:9093/bootstrap: Disconnected: requesting ApiVersion: might be caused by incorrect security.protocol configuration (connecting to a SSL listener?) or broker version is < 0.10",
                "speaks TLS",
                true,
            ),
            (
                "Receive failed: Connection reset by peer (after 1ms in state APIVERSION_QUERY)",
                "speaks TLS",
                true,
            ),
            (
                "Receive failed: Invalid response size 352518912 (0..100000000): increase receive.message.max.bytes",
                "speaks TLS",
                true,
            ),
            (
                "Disconnected: connection closed by peer: receive 0 after POLLIN (after 0ms in state UP, 1 identical error(s) suppressed)",
                "as soon as something is asked",
                false,
            ),
            (
                "Receive failed: Connection reset by peer (after 9000ms in state UP)",
                "closed the connection",
                false,
            ),
            (
                "SSL handshake failed: error:0A00010B:SSL routines::wrong version number",
                "does not speak TLS",
                true,
            ),
            (
                "SSL handshake failed: Disconnected: connecting to a PLAINTEXT broker listener?",
                "does not speak TLS",
                true,
            ),
            (
                "SSL handshake failed: error:0A000086:SSL routines::certificate verify failed: broker certificate could not be verified",
                "authority",
                true,
            ),
            (
                "SASL authentication error: Authentication failed during authentication due to invalid credentials with SASL mechanism SCRAM-SHA-512",
                "User or password refused",
                true,
            ),
        ] {
            let found = diagnose(line).unwrap_or_else(|| panic!("nothing said about {line}"));
            assert!(
                found.problem.contains(part),
                "{line} gave {}",
                found.problem
            );
            assert_eq!(found.permanent, permanent, "{line}");
        }
        assert_eq!(diagnose("Broker 1 is now the leader"), None);
    }

    #[test]
    fn a_refused_mechanism_names_the_offered_ones() {
        let line = "SASL PLAIN mechanism handshake failed: Broker: Unsupported SASL mechanism: broker's supported mechanisms: SCRAM-SHA-256,SCRAM-SHA-512 (after 2ms in state AUTH_HANDSHAKE)";
        assert_eq!(
            diagnose(line).unwrap().problem,
            "The broker does not offer the chosen login mechanism. It offers SCRAM-SHA-256,SCRAM-SHA-512."
        );
    }

    #[test]
    fn a_wrong_setting_outweighs_a_missing_answer() {
        let complaints = Complaints::default();
        complaints.push("SASL authentication error: Authentication failed");
        complaints.push("Connect to ipv4#10.0.0.1:9092 failed: Connection refused");
        assert!(complaints.diagnosis().unwrap().permanent);
        complaints.clear();
        assert_eq!(complaints.diagnosis(), None);
    }

    #[test]
    fn complaints_are_bounded_and_told_once() {
        let complaints = Complaints::default();
        for n in 0..200 {
            complaints.push(&format!("line {n}"));
            complaints.push("[thrd:a/1]: again");
        }
        let lines = complaints.lines();
        assert!(lines.len() <= LINES_KEPT);
        assert_eq!(lines.iter().filter(|line| *line == "again").count(), 1);
    }
}
