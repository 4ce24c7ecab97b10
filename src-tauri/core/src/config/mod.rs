//! Settings, connections and secrets.

mod connection;

pub use connection::{
    ClusterEnvironment, ConnectionProfile, ConsumeMode, SaslMechanism, SecurityProtocol, StartPosition,
};
