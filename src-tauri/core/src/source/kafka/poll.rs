//! The loop of the poll thread.

use super::context::{Callbacks, Consumer, Place, SourceContext, broker_error};
use super::placement::{self, REQUEST};
use super::settings::KafkaSettings;
use super::{rebalance, topics};
use crate::config::ConsumeMode;
use crate::error::{Error, ErrorKind, Result};
use crate::source::{
    Intake, Positions, Record, SourceHandle, SourceHealth, SourceState, StopSignal, patience,
};
use rdkafka::ClientConfig;
use rdkafka::consumer::Consumer as _;
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::message::{BorrowedMessage, Headers, Message};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

/// Records of one hand-over.
const BATCH_RECORDS: usize = 500;
/// Bytes of one hand-over; one record may be larger.
const BATCH_BYTES: usize = 1 << 20;
/// How long the first record of a hand-over waits for more.
const BATCH_WAIT: Duration = Duration::from_millis(20);
/// How long to wait for a record at all before looking around.
const IDLE_WAIT: Duration = Duration::from_millis(100);
/// How long reading may stand still, with nothing polled, before partitions are paused instead. A pause throws away
/// what the client has fetched ahead, which is then fetched again; a store that is merely slower than the broker would
/// have that done over and over.
const SHORT_EXCESS: Duration = Duration::from_millis(500);
/// How often to look for new partitions.
const DISCOVERY: Duration = Duration::from_secs(30);
/// How often the broker is told what is stored (group mode).
const REPORT: Duration = Duration::from_secs(5);
/// How long to wait before another client is tried.
const BETWEEN_CLIENTS: Duration = Duration::from_millis(500);
/// How long a client that belongs to no group may try to place partitions before another one is tried.
const PLACING_PATIENCE: Duration = Duration::from_secs(30);
/// How long a setting that cannot work is tried before the source gives up: a broker that is just starting may
/// refuse a login it accepts a moment later.
const SETTING_PATIENCE: Duration = Duration::from_secs(3);

/// Reads topics of a cluster.
#[derive(Debug)]
pub struct KafkaSource;

impl KafkaSource {
    /// Starts reading on a thread of its own. Returns before anything is known of the cluster; what happens then is
    /// in the health of the handle.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`] for settings that cannot work.
    #[allow(
        clippy::needless_pass_by_value,
        reason = "the caller's copy of the secret ends here"
    )]
    pub fn start(
        settings: KafkaSettings,
        password: Option<String>,
        intake: Arc<dyn Intake>,
        positions: Arc<dyn Positions>,
        stop: StopSignal,
    ) -> Result<SourceHandle> {
        let health = Arc::new(SourceHealth::new());
        let password = password.as_deref();
        Self::start_with_health(settings, password, intake, positions, stop, health)
    }

    /// As [`KafkaSource::start`], writing into a health that exists already.
    pub(in crate::source) fn start_with_health(
        settings: KafkaSettings,
        password: Option<&str>,
        intake: Arc<dyn Intake>,
        positions: Arc<dyn Positions>,
        stop: StopSignal,
        health: Arc<SourceHealth>,
    ) -> Result<SourceHandle> {
        let config = settings.client_config(password)?;
        let context = SourceContext::new(
            settings,
            intake,
            positions,
            Arc::clone(&health),
            stop.clone(),
        );
        let context = Arc::new(context);
        SourceHandle::spawn("kafka-source", stop, health, move || run(&config, &context))
    }
}

/// Reads with one client after the other: one that can read no more is replaced, which begins where the store stands.
fn run(config: &ClientConfig, context: &Arc<SourceContext>) -> Result<()> {
    while !context.stop.is_cancelled() {
        run_client(config, context)?;
        patience::sleep(&context.stop, BETWEEN_CLIENTS);
    }
    Ok(())
}

fn run_client(config: &ClientConfig, context: &Arc<SourceContext>) -> Result<()> {
    context.begin_client();
    let callbacks = Callbacks(Arc::clone(context));
    let consumer: Consumer = config.create_with_context(callbacks).map_err(|error| {
        Error::caused(
            ErrorKind::InvalidInput,
            format!("The connection cannot be used: {}.", reason(&error)),
            error,
        )
    })?;
    let result = read(context, &consumer);
    context.flush();
    if !context.stop.is_cancelled() && context.settings.profile.mode == ConsumeMode::Observe {
        context.give_back();
    }
    // Leaving a group hands its partitions back, which runs the revocation once more.
    drop(consumer);
    let result = result.and(context.take_failure().map_or(Ok(()), Err));
    match result {
        Err(_) if context.stop.is_cancelled() => Ok(()),
        Err(error) if error.is_retryable() && context.has_answered() => {
            context.health.retrying(error.message);
            Ok(())
        }
        result => result,
    }
}

/// Reads until asked to stop, or until this client can read no more.
fn read(context: &SourceContext, consumer: &Consumer) -> Result<()> {
    let Some(partitions) = connect(context, consumer)? else {
        return Ok(());
    };
    match context.settings.profile.mode {
        ConsumeMode::Observe => {
            observe(context, consumer, &partitions)?;
        }
        ConsumeMode::Group => {
            let topics: Vec<&str> = context.topics.iter().map(|topic| &**topic).collect();
            consumer
                .subscribe(&topics)
                .map_err(|error| broker_error("The consumer group cannot be joined.", error))?;
        }
    }
    let mut discovered = Instant::now();
    let mut reported = Instant::now();
    while !context.is_over() {
        if let Some(error) = context.take_failure() {
            return Err(error);
        }
        mind_the_budget(context, consumer)?;
        collect(context, consumer)?;
        match context.settings.profile.mode {
            ConsumeMode::Observe if discovered.elapsed() >= DISCOVERY => {
                discovered = Instant::now();
                discover(context, consumer)?;
            }
            ConsumeMode::Group if reported.elapsed() >= REPORT => {
                reported = Instant::now();
                rebalance::report_stored(context, consumer);
            }
            _ => {}
        }
    }
    Ok(())
}

/// Waits for the cluster, learns its name and which partitions there are. Nothing when asked to stop, or when another
/// client is needed for it.
fn connect(context: &SourceContext, consumer: &Consumer) -> Result<Option<Vec<Place>>> {
    let mut refused_since: Option<Instant> = None;
    loop {
        if context.is_over() {
            return Ok(None);
        }
        let error = match topics::partitions(&context.topics, consumer) {
            Ok(partitions) => {
                name_source(context, consumer);
                context.complaints.clear();
                return Ok(Some(partitions));
            }
            Err(error) => error,
        };
        // What has been read before is waited for: a broker that is just starting does not know all its topics yet.
        if !error.is_retryable() && !context.has_answered() {
            return Err(error);
        }
        listen(context, consumer, Duration::from_millis(300));
        if let Some(diagnosis) = context
            .complaints
            .diagnosis()
            .filter(|diagnosis| diagnosis.permanent)
            && !context.has_answered()
            && refused_since.get_or_insert_with(Instant::now).elapsed() >= SETTING_PATIENCE
        {
            let message = format!("{} {}", diagnosis.problem, diagnosis.fix);
            return Err(Error {
                kind: ErrorKind::BrokerUnreachable,
                message,
                source: error.source,
            });
        }
        context.retrying(&error.message);
    }
}

/// Lets the client deliver its log lines and errors while nothing is being read.
fn listen(context: &SourceContext, consumer: &Consumer, time: Duration) {
    let until = Instant::now() + time;
    while !context.stop.is_cancelled() {
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return;
        }
        // Errors arrive in the context as well, which keeps what they say.
        let _ = consumer.poll(left.min(Duration::from_millis(50)));
    }
}

fn name_source(context: &SourceContext, consumer: &Consumer) {
    if context.has_answered() {
        return;
    }
    let name = context.settings.source.clone().unwrap_or_else(|| {
        // Every broker since 0.10.1 says which cluster it belongs to.
        let cluster = consumer.client().fetch_cluster_id(REQUEST);
        let cluster = cluster.filter(|id| !id.is_empty());
        format!(
            "kafka:{}",
            cluster
                .as_deref()
                .unwrap_or(&context.settings.profile.bootstrap_servers)
        )
        .into()
    });
    context.health.set_source(&name);
    // Named once; the lock is only ever set here.
    let _ = context.source.set(name);
}

/// Reads partitions by assignment, without a group.
fn observe(context: &SourceContext, consumer: &Consumer, partitions: &[Place]) -> Result<()> {
    let deadline = Some(Instant::now() + PLACING_PATIENCE);
    if let Some(placed) = placement::place(context, consumer, partitions, deadline)? {
        rebalance::attach(context, consumer, &placement::list(&placed)?)?;
        context.settle();
    }
    Ok(())
}

/// Takes up partitions that were added to the topics. A broker that does not answer is asked again next time.
fn discover(context: &SourceContext, consumer: &Consumer) -> Result<()> {
    let Ok(partitions) = topics::partitions(&context.topics, consumer) else {
        return Ok(());
    };
    let known = context.health.snapshot().partitions;
    let new: Vec<Place> = partitions
        .into_iter()
        .filter(|(topic, partition)| {
            known
                .iter()
                .all(|place| place.topic != *topic || place.partition != *partition)
        })
        .collect();
    if !new.is_empty() {
        observe(context, consumer, &new)?;
    }
    Ok(())
}

/// Waits out a short excess of what is in flight, pauses for a long one, and resumes. Polling goes on during a pause,
/// which keeps the membership in a group alive.
fn mind_the_budget(context: &SourceContext, consumer: &Consumer) -> Result<()> {
    let paused = context.paused.load(Ordering::Relaxed);
    let wanted = if paused {
        !context.intake.is_below_resume()
    } else {
        !is_soon_within_budget(context)
    };
    if wanted == paused {
        return Ok(());
    }
    let partitions = consumer
        .assignment()
        .map_err(|error| broker_error("The broker's client does not say what it reads.", error))?;
    let result = match (partitions.count(), wanted) {
        (0, _) => Ok(()),
        (_, true) => consumer.pause(&partitions),
        (_, false) => consumer.resume(&partitions),
    };
    result.map_err(|error| broker_error("The broker's client does not pause or resume.", error))?;
    context.paused.store(wanted, Ordering::Relaxed);
    if matches!(
        context.health.state(),
        SourceState::Live | SourceState::StoreBound
    ) {
        context.settle();
    }
    Ok(())
}

/// Whether the pipeline is within its budget, now or within [`SHORT_EXCESS`].
fn is_soon_within_budget(context: &SourceContext) -> bool {
    let until = Instant::now() + SHORT_EXCESS;
    while context.intake.is_over_budget() && !context.stop.is_cancelled() {
        if Instant::now() >= until {
            return false;
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    true
}

/// Takes what the client has fetched and hands it over as one batch.
fn collect(context: &SourceContext, consumer: &Consumer) -> Result<()> {
    let mut deadline: Option<Instant> = None;
    let (mut count, mut bytes) = (0, 0);
    while count < BATCH_RECORDS && bytes < BATCH_BYTES {
        let patience = deadline.map_or(IDLE_WAIT, |deadline| {
            deadline.saturating_duration_since(Instant::now())
        });
        match consumer.poll(patience) {
            None => break,
            Some(Ok(message)) => {
                let record = to_record(context, &message);
                count += 1;
                bytes += record.weight();
                context.pending().push(record);
                deadline.get_or_insert_with(|| Instant::now() + BATCH_WAIT);
            }
            Some(Err(error)) => take_error(context, &error)?,
        }
    }
    if count > 0 && context.health.state() == SourceState::Retrying {
        context.settle();
    }
    context.flush();
    Ok(())
}

/// The one copy a payload gets between the network and the store.
fn to_record(context: &SourceContext, message: &BorrowedMessage<'_>) -> Record {
    let headers = message.headers().map_or_else(Vec::new, |headers| {
        headers
            .iter()
            .map(|header| {
                (
                    header.key.to_owned(),
                    header.value.map(<[u8]>::to_vec).unwrap_or_default(),
                )
            })
            .collect()
    });
    Record {
        topic: context.topic(message.topic()),
        partition: message.partition(),
        offset: message.offset(),
        timestamp_ms: message.timestamp().to_millis(),
        key: message.key().map(Arc::from),
        headers,
        payload: Arc::from(message.payload().unwrap_or_default()),
        flaw: None,
    }
}

/// Sorts an error of the client into passing and final ones. Those it repairs itself only change the health.
fn take_error(context: &SourceContext, error: &KafkaError) -> Result<()> {
    use RDKafkaErrorCode as Code;
    let code = match error {
        KafkaError::MessageConsumptionFatal(_) => {
            let message = format!(
                "The Kafka client gave up: {}. Picket tries again with a new one.",
                reason(error)
            );
            return Err(Error::caused(
                ErrorKind::BrokerUnreachable,
                message,
                error.clone(),
            ));
        }
        KafkaError::MessageConsumption(code) => *code,
        other => {
            tracing::warn!(error = %other, "unexpected answer of the Kafka client");
            return Ok(());
        }
    };
    match code {
        // The broker no longer has the place where a partition is being read: its records were deleted first, or
        // the topic was made anew. Or it had not, for a moment: the client has let go of the partition all the same,
        // and does not say which one it is.
        Code::AutoOffsetReset | Code::OffsetOutOfRange => context.give_client_up(),
        Code::GroupAuthorizationFailed if context.settings.profile.mode == ConsumeMode::Observe => {
        }
        Code::GroupAuthorizationFailed => {
            return Err(Error::new(
                ErrorKind::InvalidInput,
                format!(
                    "This user may not use the consumer group {}. Choose another group or observe mode.",
                    context.settings.profile.group_id
                ),
            ));
        }
        Code::TopicAuthorizationFailed => {
            return Err(Error::new(
                ErrorKind::InvalidInput,
                format!(
                    "This user may not read {}. Ask the operators for Read on every topic of the connection.",
                    context.topics.join(" or ")
                ),
            ));
        }
        Code::UnknownTopicOrPartition | Code::UnknownTopic | Code::UnknownPartition => {
            context
                .health
                .retrying("A topic that was being read is gone. Picket waits for it to come back.");
        }
        _ => context.retrying(&format!(
            "The cluster answers with an error: {}. Picket tries again.",
            reason(error)
        )),
    }
    Ok(())
}

/// What an error of the client library says, without its technical frame.
fn reason(error: &KafkaError) -> String {
    match error {
        KafkaError::MessageConsumption(code) | KafkaError::MessageConsumptionFatal(code) => {
            code.to_string()
        }
        KafkaError::ClientConfig(_, _, name, _) => format!("the property {name} is not acceptable"),
        KafkaError::ClientCreation(text) => text.trim_end_matches('.').to_owned(),
        other => other.to_string(),
    }
}
