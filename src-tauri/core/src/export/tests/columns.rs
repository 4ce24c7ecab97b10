use super::*;
use crate::paging::BadRequest;

fn refused(text: &str) -> BadRequest {
    ColumnSet::ISSUES.choose(text).unwrap_err()
}

#[test]
fn issues_have_their_columns_and_one_for_each_tag() {
    let all = ColumnSet::ISSUES.all(["browser", "os", "browser"]);
    let names: Vec<_> = all.names().collect();
    assert_eq!(
        names.join(", "),
        "id, shortId, project, title, culprit, level, status, substatus, priority, issueType, issueCategory, \
         assignee, count, userCount, firstSeen, lastSeen, firstRelease, isUnhandled, tags[browser], tags[os]"
    );
}

#[test]
fn columns_come_in_the_order_they_are_chosen_in() {
    let chosen = columns(" title, id ,tags[a,b],tags[browser.name]");
    let names: Vec<_> = chosen.names().collect();
    assert_eq!(names, ["title", "id", "tags[a,b]", "tags[browser.name]"]);
}

#[test]
fn what_is_no_column_is_named_with_those_that_are() {
    for (text, name) in [
        ("id,Title", "Title"),
        ("", ""),
        ("id,,title", ""),
        ("id,", ""),
        ("tags", "tags"),
        ("tags[]", "tags[]"),
        ("tags[a", "tags[a"),
        ("tags[a]b]", "tags[a]b]"),
        ("fingerprint", "fingerprint"),
    ] {
        let refusal = refused(text);
        assert_eq!(refusal.parameter, "columns");
        assert!(
            refusal
                .message
                .starts_with(&format!("“{name}” is no column. Choose from id, shortId,")),
            "{refusal}"
        );
        assert!(
            refusal.message.ends_with("labels, note and tags[name]."),
            "{refusal}"
        );
    }
    assert!(
        refused("id,title,id")
            .message
            .contains("“id” is named twice")
    );
    assert!(refused("tags[a],tags[a]").message.contains("named twice"));
}

#[test]
fn rows_without_tags_have_no_columns_for_them() {
    let set = ColumnSet {
        names: &["value"],
        own: &[],
        has_tags: false,
    };
    assert_eq!(set.all(["browser"]).names().count(), 1);
    let refusal = set.choose("tags[browser]").unwrap_err();
    assert!(refusal.message.ends_with("Choose from value."), "{refusal}");
}

#[test]
fn a_column_that_a_row_does_not_have_is_nothing() {
    let row = ExportRow::new().with("id", 1_i64).with("id", 2_i64);
    assert_eq!(row.get("id"), &Cell::Integer(2), "the last one holds");
    assert_eq!(row.get("title"), &Cell::Null);
    let columns = columns("title,id");
    let cells: Vec<_> = columns.cells(&row).collect();
    assert_eq!(cells, [&Cell::Null, &Cell::Integer(2)]);
}
