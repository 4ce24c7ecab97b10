use super::*;
use crate::model::ProjectId;
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

fn settings(text: &str) -> Result<Settings, crate::Error> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("picket.toml");
    fs::write(&file, text).unwrap();
    Settings::load(&file)
}

#[test]
fn a_project_is_a_number_or_a_table() {
    let settings = settings(
        "[ingest.projects]\n\
         web = 4\n\
         checkout = { id = 5, resolve_age_hours = 24, feedback_in_inbox = false }\n\
         \n\
         [ingest.projects.forge]\n\
         id = 6\n",
    )
    .unwrap();
    let project = |id, resolve_age_hours, feedback_in_inbox| ProjectSettings {
        id,
        resolve_age_hours,
        feedback_in_inbox,
    };
    let projects: Vec<_> = settings.ingest.projects.into_iter().collect();
    assert_eq!(
        projects,
        [
            ("checkout".to_owned(), project(5, Some(24), false)),
            ("forge".to_owned(), project(6, None, true)),
            ("web".to_owned(), project(4, None, true)),
        ]
    );
    let named = projects[0].1.project("checkout");
    assert_eq!((named.id.0, named.slug.as_str()), (5, "checkout"));
    assert_eq!(named.rules.resolve_age_hours, Some(24));
    assert!(!named.rules.feedback_in_inbox);
}

#[test]
fn guards_are_on_and_counters_are_here_unless_the_file_says_otherwise() {
    let usual = settings("").unwrap().ingest;
    assert!(usual.prune_status_changes && usual.burst_guard);
    assert_eq!(usual.counters_url().unwrap(), None);
    let other = "[ingest]\n\
                 prune_status_changes = false\n\
                 burst_guard = false\n\
                 counters = \"rediss://:secret@cache.example.org:6380/2\"\n";
    let other = settings(other).unwrap().ingest;
    assert!(!other.prune_status_changes && !other.burst_guard);
    let url = other.counters_url().unwrap().unwrap();
    assert_eq!(url.reveal(), "rediss://:secret@cache.example.org:6380/2");
}

#[test]
fn a_reference_to_the_counters_is_followed_when_it_is_needed() {
    let ingest = |counters: &str| IngestSettings {
        counters: counters.to_owned(),
        ..IngestSettings::default()
    };
    for (reference, word) in [
        ("env:PICKET_NO_SUCH_VARIABLE", "PICKET_NO_SUCH_VARIABLE"),
        // Is there, and is no address.
        ("env:PATH", "redis://"),
    ] {
        let text = format!("[ingest]\ncounters = \"{reference}\"\n");
        assert_eq!(settings(&text).unwrap().ingest.counters, reference);
        let error = ingest(reference).counters_url().unwrap_err();
        assert!(error.message.contains("ingest.counters"), "{error}");
        assert!(error.message.contains(word), "{error}");
        let path = std::env::var("PATH").unwrap();
        assert!(!error.message.contains(&path), "what it leads to is secret");
    }
}

#[test]
fn people_are_who_the_file_names_and_the_one_who_acts_comes_first() {
    let named = settings(
        "[people]\n\
         me = \"ana\"\n\
         [people.users.ana]\n\
         id = 7\n\
         email = \"ana@example.org\"\n\
         [people.users.zoe]\n\
         id = 2\n\
         [people.users.ben]\n\
         id = 5\n\
         [people.teams]\n\
         web = 4\n\
         core = { id = 3, members = [\"ana\", \"ben\"], projects = [\"till\", \"shop\"] }\n\
         [ingest.projects]\n\
         shop = 1\n\
         till = 9\n",
    )
    .unwrap();
    assert_eq!(named.people.me(), Some(7));
    let directory = named.directory();
    let users: Vec<_> = directory
        .users
        .iter()
        .map(|user| (user.id, user.username.as_str(), user.email.as_deref()))
        .collect();
    assert_eq!(
        users,
        [
            (7, "ana", Some("ana@example.org")),
            (2, "zoe", None),
            (5, "ben", None)
        ]
    );
    assert!(directory.users.iter().all(|user| user.is_member));
    let teams: Vec<_> = directory.teams.iter().map(|team| team.id).collect();
    assert_eq!(teams, [3, 4]);
    let core = &directory.teams[0];
    assert_eq!(core.members, [5, 7]);
    assert_eq!(core.projects, [ProjectId(1), ProjectId(9)]);
    let web = &directory.teams[1];
    assert!(web.members.is_empty() && web.projects.is_empty());

    let nobody = Settings::default();
    assert_eq!((nobody.people.me(), nobody.directory()), Default::default());
}

#[test]
fn what_cannot_be_right_is_refused_with_its_key() {
    for (text, key, word) in [
        (
            "[ingest.projects]\nCheckout = 4",
            "ingest.projects.Checkout",
            "lower-case",
        ),
        (
            "[ingest.projects]\na = 0",
            "ingest.projects.a",
            "begin with 1",
        ),
        (
            "[ingest.projects]\na = 4\nb = 4",
            "ingest.projects.b",
            "ingest.projects.a",
        ),
        (
            "[ingest.projects]\na = \"four\"",
            "ingest.projects.a",
            "number of a project",
        ),
        (
            "[ingest.projects]\na = { resolve_age_hours = 4 }",
            "ingest.projects.a",
            "id",
        ),
        (
            "[ingest.projects]\na = { id = 4, resolve_age_hours = 0 }",
            "ingest.projects.a.resolve_age_hours",
            "1 or more",
        ),
        (
            "[ingest.projects]\na = { id = 4, resolve_age_hours = -1 }",
            "ingest.projects.a.resolve_age_hours",
            "-1",
        ),
        (
            "[ingest.projects]\na = { id = 4, slug = \"b\" }",
            "ingest.projects.a.slug",
            "slug",
        ),
        ("[ingest]\nburst_guard = 1", "ingest.burst_guard", "bool"),
        (
            "[ingest]\ncounters = \"cache:6379\"",
            "ingest.counters",
            "redis://",
        ),
        (
            "[ingest]\ncounters = \"redis://\"",
            "ingest.counters",
            "redis://host:port",
        ),
        ("[people]\nme = \"ana\"", "people.me", "ana"),
        ("[people.users.ana]\nid = -3", "people.users.ana.id", "-3"),
        (
            "[people.users.ana]\nemail = \"a@b\"",
            "people.users.ana",
            "id",
        ),
        (
            "[people.users.ana]\nid = 1\n[people.users.Ana]\nid = 2",
            "people.users.ana",
            "people.users.Ana",
        ),
        (
            "[people.users.a]\nid = 1\n[people.users.b]\nid = 1",
            "people.users.b.id",
            "people.users.a",
        ),
        ("[people.users.12]\nid = 1", "people.users.12", "no number"),
        ("[people.users.\"a:b\"]\nid = 1", "people.users.a:b", "“:”"),
        (
            "[people.users.ana]\nid = 1\nemail = \"ana\"",
            "people.users.ana.email",
            "mail address",
        ),
        (
            "[people.users.a]\nid = 1\nemail = \"X@y\"\n[people.users.b]\nid = 2\nemail = \"x@Y\"",
            "people.users.b.email",
            "people.users.a",
        ),
        (
            "[people.teams]\na = 3\nb = 3",
            "people.teams.b",
            "people.teams.a",
        ),
        (
            "[people.teams]\na = { id = 3, members = [\"ann\"] }",
            "people.teams.a.members",
            "“ann”",
        ),
        (
            "[people.teams]\na = { id = 3, projects = [\"shop\"] }",
            "people.teams.a.projects",
            "“shop”",
        ),
    ] {
        let error = settings(text).unwrap_err();
        for part in [&format!("`{key}`"), word, "picket.toml", "start again"] {
            assert!(error.message.contains(part), "{part} in: {error}\n{text}");
        }
    }
}
