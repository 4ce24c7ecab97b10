//! `picketctl`: the engine of Picket without a window.
//!
//! Standard output carries the answer and nothing else; logs and progress go to standard error. Exit status: 0 done,
//! 1 failed, with one line that says what, why and what next, 2 wrong arguments.

mod actions;
mod args;
mod capture;
mod context;
mod dead_letters;
mod demo;
mod doctor;
mod events;
mod export;
mod feed;
mod ingest;
mod issues;
mod jobs;
mod journal;
mod migrate;
mod outcomes;
mod output;
mod refusal;
mod replay;
mod report;
mod search;
mod update;

use args::{Cli, Command};
use clap::Parser;
use context::Context;
use refusal::{Refusal, WrongArguments};
use std::process::ExitCode;
use std::time::Duration;

/// Decoding makes many small allocations on one thread and frees them on another, which the system's allocator is
/// slow at.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How long threads that have not ended yet may take.
const LAST_THREADS: Duration = Duration::from_secs(1);

/// Exit status for arguments that cannot be, the one that clap has for them.
const WRONG_ARGUMENTS: u8 = 2;

fn main() -> ExitCode {
    let cli = Cli::parse();
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_env("PICKET_LOG")
                .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn")),
        )
        .init();
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&anyhow::Error::from(error)),
    };
    let ended = runtime.block_on(run(cli));
    // A thread that writes to where nobody reads any more would never end.
    runtime.shutdown_timeout(LAST_THREADS);
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => fail(&error),
    }
}

async fn run(cli: Cli) -> anyhow::Result<()> {
    let context = Context::new(cli.store, cli.config, cli.json)?;
    match cli.command {
        Command::Ingest(args) => ingest::run(&context, args).await,
        Command::Demo(args) => demo::run(&context, args).await,
        Command::Replay(args) => replay::run(&context, args).await,
        Command::Capture(args) => capture::run(&context, args).await,
        Command::Issues(args) => issues::list(&context, args).await,
        Command::Issue(args) => issues::show(&context, &args.id).await,
        Command::Event(args) => events::show(&context, &args.id).await,
        Command::Export(command) => export::run(&context, command).await,
        Command::Update(args) => update::update(&context, &args).await,
        Command::Delete(args) => update::delete(&context, &args).await,
        Command::Journal(args) => journal::list(&context, &args).await,
        Command::Jobs(args) => jobs::run(&context, &args).await,
        Command::Undo(args) => journal::undo(&context, &args).await,
        Command::Outcomes(args) => outcomes::run(&context, args).await,
        Command::DeadLetters(command) => dead_letters::run(&context, command).await,
        Command::Doctor => doctor::run(&context).await,
        Command::Migrate(args) => migrate::run(&context, args).await,
    }
}

fn fail(error: &anyhow::Error) -> ExitCode {
    // A search is shown with the places that are wrong, each below its text.
    if let Some(refusal) = error.downcast_ref::<Refusal>() {
        eprintln!("picketctl: {refusal}");
        return ExitCode::FAILURE;
    }
    eprintln!("picketctl: {}", in_one_line(error));
    if error.is::<WrongArguments>() {
        WRONG_ARGUMENTS.into()
    } else {
        ExitCode::FAILURE
    }
}

/// The outermost error carries the words for a person, the chain the cause, as far as that was not said yet.
fn in_one_line(error: &anyhow::Error) -> String {
    let mut said = error.to_string();
    for cause in error.chain().skip(1) {
        let words = cause.to_string();
        if !said.to_lowercase().contains(&words.to_lowercase()) {
            said.push_str(if said.ends_with('.') {
                " Cause: "
            } else {
                ": "
            });
            said.push_str(&words);
        }
    }
    said.replace('\n', " ")
}

/// `picketctl issues | head` is not a failure.
fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<std::io::Error>())
        .any(|cause| cause.kind() == std::io::ErrorKind::BrokenPipe)
}

#[cfg(test)]
mod tests {
    use super::in_one_line;
    use anyhow::anyhow;

    #[test]
    fn a_cause_is_said_once() {
        let said = anyhow!("the disk is full").context("The disk is full. Make room.");
        assert_eq!(in_one_line(&said), "The disk is full. Make room.");
        let unsaid = anyhow!("no\nroute").context("The database does not answer.");
        assert_eq!(
            in_one_line(&unsaid),
            "The database does not answer. Cause: no route"
        );
    }
}
