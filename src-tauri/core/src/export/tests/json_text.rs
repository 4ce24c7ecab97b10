use super::*;
use proptest::prelude::*;

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn json_is_one_array() {
    let columns = columns("id,title");
    assert_eq!(written(Format::Json, &columns, &[]), "[]\n");
    let rows = [1_i64, 2].map(|id| ExportRow::new().with("id", id).with("count", 9_i64));
    assert_eq!(
        written(Format::Json, &columns, &rows),
        "[\n{\"id\":1,\"title\":null},\n{\"id\":2,\"title\":null}\n]\n"
    );
}

#[test]
fn ndjson_is_an_object_a_line() {
    let columns = columns("title,id");
    assert_eq!(written(Format::Ndjson, &columns, &[]), "");
    let rows = [1_i64, 2].map(|id| ExportRow::new().with("id", id).with("title", "a\nb"));
    assert_eq!(
        written(Format::Ndjson, &columns, &rows),
        "{\"title\":\"a\\nb\",\"id\":1}\n{\"title\":\"a\\nb\",\"id\":2}\n"
    );
}

#[test]
fn every_type_is_itself() {
    let text = written(Format::Ndjson, &columns(EVERY_TYPE), &[of_every_type()]);
    assert_eq!(
        parsed(&text),
        json!({
            "id": 12, "shortId": "SHOP-1A", "count": i64::MIN, "priority": 0.25, "level": null,
            "firstSeen": "2024-06-01T12:00:00.500000Z", "isUnhandled": true, "assignee": null,
            "project": {"slug": "shop", "id": 1}, "tags[browser]": "Firefox", "title": null,
        })
    );
}

#[test]
fn hostile_texts_are_texts() {
    let columns = ColumnSet::ISSUES.all(["browser"]);
    let rows: Vec<_> = HOSTILE.iter().map(|text| full_of(&columns, text)).collect();
    let array = parsed(&written(Format::Json, &columns, &rows));
    let lines = written(Format::Ndjson, &columns, &rows);
    assert_eq!(lines.lines().count(), HOSTILE.len());
    for ((text, object), line) in HOSTILE
        .iter()
        .zip(array.as_array().unwrap())
        .zip(lines.lines())
    {
        assert_eq!(&parsed(line), object);
        let members = object.as_object().unwrap();
        assert_eq!(members.len(), 19);
        assert!(members.values().all(|value| value == text), "{text:?}");
    }
}

#[test]
fn a_huge_cell_is_a_member() {
    let huge = "\0\"".repeat(2_000_000);
    let row = ExportRow::new().with("title", huge.as_str());
    let text = written(Format::Json, &columns("title"), &[row]);
    assert_eq!(parsed(&text)[0]["title"], huge);
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(texts in prop::collection::vec(any::<String>(), 0..6)) {
        let columns = columns("title");
        let rows: Vec<_> = texts.iter().map(|text| ExportRow::new().with("title", text.as_str())).collect();
        let array = parsed(&written(Format::Json, &columns, &rows));
        let read: Vec<_> = array.as_array().unwrap().iter().map(|row| row["title"].as_str().unwrap()).collect();
        prop_assert_eq!(read, texts);
    }
}
