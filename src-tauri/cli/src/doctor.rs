//! `picketctl doctor`: looks at everything a run needs; each check with a verdict and the fix.

use crate::context::Context;
use crate::output;
use anyhow::Result;
use picket_core::config::{ConnectionProfile, Secret, Settings, secrets};
use picket_core::limits::{Counters, RedisCounters};
use picket_core::source::{TestStepState, test_connection};
use picket_core::store::{Access, QueryStore, Store};
use serde::Serialize;

#[derive(Debug, Serialize)]
struct Check {
    name: String,
    ok: bool,
    detail: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    fix: Option<String>,
}

impl Check {
    fn good(name: &str, detail: String) -> Self {
        Self {
            name: name.to_owned(),
            ok: true,
            detail,
            fix: None,
        }
    }

    fn bad(name: &str, error: &picket_core::Error, fix: &str) -> Self {
        let detail = match error.detail() {
            Some(cause) => format!("{} ({cause})", error.message),
            None => error.message.clone(),
        };
        Self {
            name: name.to_owned(),
            ok: false,
            detail,
            fix: Some(fix.to_owned()),
        }
    }
}

pub async fn run(context: &Context) -> Result<()> {
    let mut checks = vec![settings(context)];
    checks.extend(store(context).await);
    checks.push(counters(context).await);
    for profile in context.settings.connections.values() {
        checks.extend(connection(profile).await);
    }
    let failed = checks.iter().filter(|check| !check.ok).count();
    if context.json {
        output::json(&serde_json::json!({ "checks": checks }))?;
    } else {
        for check in &checks {
            output::text(&format!(
                "{} {}: {}",
                if check.ok { "✓" } else { "✗" },
                check.name,
                check.detail
            ))?;
            if let Some(fix) = &check.fix {
                output::text(&format!("    → {fix}"))?;
            }
        }
    }
    if failed > 0 {
        anyhow::bail!(
            "{failed} of {} checks failed; each says what to do",
            checks.len()
        );
    }
    Ok(())
}

fn settings(context: &Context) -> Check {
    // The settings have been read before any command starts; here is where they came from.
    let file = &context.paths.settings;
    let state = if file.exists() {
        "read"
    } else {
        "not there, defaults hold"
    };
    let origin = match &context.store {
        Some(_) => "the command line".to_owned(),
        None => Settings::origin(file, "store"),
    };
    Check::good(
        "settings",
        format!(
            "{} {state}; {} connections; store set by {origin}",
            file.display(),
            context.settings.connections.len()
        ),
    )
}

async fn store(context: &Context) -> Vec<Check> {
    let url = context.store_url();
    let opened = Store::open(&url, Access::ReadOnly)
        .await
        .map_err(picket_core::Error::from);
    let store = match opened {
        Ok(store) => store,
        Err(error) => {
            let fix = "Run picketctl migrate to create it, or name another one with --store.";
            return vec![Check::bad("store", &error, fix)];
        }
    };
    let mut checks = Vec::new();
    match store.summary().await.map_err(picket_core::Error::from) {
        Ok(summary) => {
            checks.push(Check::good(
                "store",
                format!(
                    "{}: {} issues, {} occurrences, {} events, {} dead letters, {} bytes",
                    store.describe(),
                    summary.issues,
                    summary.occurrences,
                    summary.events,
                    summary.dead_letters,
                    summary.bytes
                ),
            ));
        }
        Err(error) => checks.push(Check::bad(
            "store",
            &error,
            "Check the database and its disk.",
        )),
    }
    match store.schema().await.map_err(picket_core::Error::from) {
        Ok(schema) if schema.applied == schema.known => {
            checks.push(Check::good("schema", format!("version {}", schema.applied)));
        }
        Ok(schema) => checks.push(Check {
            name: "schema".to_owned(),
            ok: false,
            detail: format!(
                "version {}, this program knows {}",
                schema.applied, schema.known
            ),
            fix: Some("Run picketctl migrate.".to_owned()),
        }),
        Err(error) => checks.push(Check::bad("schema", &error, "Run picketctl migrate.")),
    }
    match store
        .check_integrity()
        .await
        .map_err(picket_core::Error::from)
    {
        Ok(problems) if problems.is_empty() => {
            checks.push(Check::good("integrity", "no problem found".to_owned()));
        }
        Ok(problems) => checks.push(Check {
            name: "integrity".to_owned(),
            ok: false,
            detail: problems.join("; "),
            fix: Some(
                "Restore the store from a copy, or start a new one and read the topics again."
                    .to_owned(),
            ),
        }),
        Err(error) => checks.push(Check::bad(
            "integrity",
            &error,
            "Check the database and its disk.",
        )),
    }
    store.close().await;
    checks
}

/// Where noise reduction and quotas count.
async fn counters(context: &Context) -> Check {
    const NAME: &str = "counters";
    const FIX: &str =
        "Start Redis, or correct ingest.counters; without it every new fingerprint opens an issue.";
    let ingest = &context.settings.ingest;
    if !ingest.limits {
        let detail = "noise reduction and quotas are off (ingest.limits)";
        return Check::good(NAME, detail.to_owned());
    }
    let counters = match RedisCounters::of_settings(ingest) {
        Ok(Some(redis)) => Counters::Redis(redis),
        Ok(None) => return Check::good(NAME, "in each process".to_owned()),
        Err(error) => return Check::bad(NAME, &error, "Correct ingest.counters."),
    };
    let shown = counters.status().address.unwrap_or_default();
    match counters.check().await {
        Ok(()) => Check::good(NAME, format!("{shown} answers")),
        Err(problem) => Check {
            name: NAME.to_owned(),
            ok: false,
            detail: format!("{shown}: {problem}"),
            fix: Some(FIX.to_owned()),
        },
    }
}

async fn connection(profile: &ConnectionProfile) -> Vec<Check> {
    let name = format!("connection {}", profile.name);
    let password = match secrets::resolve(&profile.password_ref) {
        Ok(password) => password,
        Err(error) => {
            return vec![Check::bad(
                &name,
                &error,
                "Enter the password of the connection again.",
            )];
        }
    };
    let owned = profile.clone();
    let steps = tokio::task::spawn_blocking(move || {
        test_connection(&owned, password.as_ref().map(Secret::reveal))
    })
    .await
    .unwrap_or_default();
    steps
        .into_iter()
        .filter(|step| step.state != TestStepState::Skipped)
        .map(|step| Check {
            name: format!("{name}: {}", step.name.words()),
            ok: step.state == TestStepState::Ok,
            detail: step.detail,
            fix: step.fix,
        })
        .collect()
}
