//! Settings, connections and secrets.

mod connection;
mod edit;
mod paths;
mod people;
mod projects;
pub mod secrets;
mod settings;
#[cfg(test)]
mod tests;

pub use connection::{
    ClusterEnvironment, ConnectionProfile, ConsumeMode, SaslMechanism, SecurityProtocol,
    StartPosition,
};
pub use edit::{delete_connection, save_connection};
pub use paths::Paths;
pub use people::{PeopleSettings, PersonSettings, TeamSettings};
pub use projects::ProjectSettings;
pub use secrets::Secret;
pub use settings::{IngestSettings, Settings, TriageSettings};
