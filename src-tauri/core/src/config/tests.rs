use super::*;
use std::fs;

fn profile(name: &str) -> ConnectionProfile {
    ConnectionProfile {
        name: name.to_owned(),
        bootstrap_servers: "kafka:9092".to_owned(),
        ..Default::default()
    }
}

#[test]
fn a_missing_file_means_defaults() {
    let folder = tempfile::tempdir().unwrap();
    let settings = Settings::load(&folder.path().join("picket.toml")).unwrap();
    assert_eq!(settings, Settings::default());
    assert!(settings.ingest.create_projects);
}

#[test]
fn saving_a_connection_keeps_comments_and_everything_else() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("picket.toml");
    fs::write(&file, "# my notes\nstore = \"\" # here\n\n[connections.old] # keep me\nbootstrap_servers = \"a:1\"\n").unwrap();

    let mut new = profile("staging-eu");
    new.topics = vec!["ingest-occurrences".to_owned(), "other".to_owned()];
    new.sasl_mechanism = Some(SaslMechanism::ScramSha512);
    save_connection(&file, &new, None).unwrap();
    let mut old = Settings::load(&file).unwrap().connections["old"].clone();
    old.bootstrap_servers = "b:2".to_owned();
    save_connection(&file, &old, Some("old")).unwrap();

    let text = fs::read_to_string(&file).unwrap();
    for kept in ["# my notes", "# here", "# keep me"] {
        assert!(text.contains(kept), "{text}");
    }
    let settings = Settings::load(&file).unwrap();
    assert_eq!(settings.connections["staging-eu"], new);
    assert_eq!(settings.connections["old"].bootstrap_servers, "b:2");
}

#[test]
fn renaming_replaces_and_a_taken_name_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("picket.toml");
    save_connection(&file, &profile("one"), None).unwrap();
    save_connection(&file, &profile("two"), None).unwrap();
    save_connection(&file, &profile("three"), Some("one")).unwrap();
    let names: Vec<_> = Settings::load(&file)
        .unwrap()
        .connections
        .into_keys()
        .collect();
    assert_eq!(names, ["three", "two"]);
    assert!(save_connection(&file, &profile("two"), None).is_err());
    assert!(save_connection(&file, &profile("two"), Some("three")).is_err());
    delete_connection(&file, "two").unwrap();
    assert!(delete_connection(&file, "two").is_err());
}

#[test]
fn a_removed_mechanism_is_gone_from_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("picket.toml");
    let mut login = profile("one");
    login.sasl_mechanism = Some(SaslMechanism::Plain);
    save_connection(&file, &login, None).unwrap();
    save_connection(&file, &profile("one"), Some("one")).unwrap();
    assert_eq!(
        Settings::load(&file).unwrap().connections["one"],
        profile("one")
    );
}

#[test]
fn a_value_knows_where_it_was_set() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("picket.toml");
    assert_eq!(Settings::origin(&file, "store"), "default");
    fs::write(&file, "store = \"sqlite:///tmp/x.db\"\n").unwrap();
    assert_eq!(Settings::origin(&file, "store"), file.display().to_string());
}

#[test]
fn a_bad_file_is_reported_with_its_key() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("picket.toml");
    fs::write(&file, "[ingest]\ncreate_projects = \"perhaps\"\n").unwrap();
    let error = Settings::load(&file).unwrap_err();
    assert!(
        error.message.contains("ingest.create_projects") && error.message.contains("picket.toml"),
        "{error}"
    );
    fs::write(&file, "stroe = \"x\"\n").unwrap();
    let error = Settings::load(&file).unwrap_err();
    assert!(error.message.contains("stroe"), "{error}");
}

#[test]
fn profiles_are_checked_field_by_field() {
    type Change = fn(&mut ConnectionProfile);
    let cases: [(Change, &str); 8] = [
        (|p| p.name.clear(), "name"),
        (|p| p.name = "demo".to_owned(), "demo"),
        (|p| p.bootstrap_servers = "kafka".to_owned(), "host:port"),
        (|p| p.topics.clear(), "topic"),
        (|p| p.security = SecurityProtocol::SaslSsl, "mechanism"),
        (|p| p.tls_key_file = "key.pem".to_owned(), "certificate"),
        (|p| p.mode = ConsumeMode::Group, "group"),
        (
            |p| {
                p.mode = ConsumeMode::Group;
                p.group_id = "g".to_owned();
                p.environment = ClusterEnvironment::Production;
            },
            "production",
        ),
    ];
    assert!(profile("one").validate().is_ok());
    for (change, word) in cases {
        let mut changed = profile("one");
        change(&mut changed);
        let error = changed.validate().unwrap_err();
        assert!(error.message.contains(word), "{error}");
    }
}
