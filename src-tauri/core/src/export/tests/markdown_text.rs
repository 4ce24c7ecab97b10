use super::*;
use proptest::prelude::*;

fn markdown(columns: &Columns, rows: &[ExportRow]) -> String {
    written(Format::Markdown, columns, rows)
}

fn cell(text: &str) -> String {
    let row = ExportRow::new().with("title", text);
    let table = markdown(&columns("title"), &[row]);
    let line = table.lines().nth(2).unwrap().to_owned();
    let inner = line
        .strip_prefix("| ")
        .and_then(|line| line.strip_suffix(" |"));
    inner.unwrap().to_owned()
}

/// Cells of a line, cut where a pipe is not escaped.
fn cells(line: &str) -> usize {
    let (mut cells, mut is_escaped) = (0, false);
    for char in line.chars() {
        cells += usize::from(char == '|' && !is_escaped);
        is_escaped = char == '\\' && !is_escaped;
    }
    cells - 1
}

#[test]
fn a_table_has_a_head_and_a_line_for_each_row() {
    let columns = columns("id,tags[a]");
    assert_eq!(
        markdown(&columns, &[]),
        "| id | tags\\[a\\] |\n| --- | --- |\n"
    );
    let row = ExportRow::new().with("id", 1_i64).with_tag("a", "b");
    assert_eq!(markdown(&columns, &[row]).lines().nth(2), Some("| 1 | b |"));
}

#[test]
fn what_is_markup_is_escaped() {
    for (text, shown) in [
        ("a|b", "a\\|b"),
        ("a\\|b", "a\\\\\\|b"),
        ("one\ntwo", "one<br>two"),
        ("one\r\ntwo\rthree", "one<br>two<br>three"),
        ("\n\r", "<br><br>"),
        ("<b>", "\\<b\\>"),
        ("<br>", "\\<br\\>"),
        ("&lt;", "\\&lt;"),
        ("![x](y)", "!\\[x\\](y)"),
        ("`a` *b* ~c~", "\\`a\\` \\*b\\* \\~c\\~"),
        ("snake_case_name", "snake_case_name"),
        ("_a_ b_ _", "\\_a\\_ b\\_ \\_"),
        ("__init__", "\\_\\_init\\_\\_"),
        ("nul\0", "nul\u{fffd}"),
        ("plain - text = 1 + 2 # 3", "plain - text = 1 + 2 # 3"),
    ] {
        assert_eq!(cell(text), shown, "{text:?}");
    }
}

#[test]
fn every_type_has_its_text() {
    let table = markdown(&columns(EVERY_TYPE), &[of_every_type()]);
    assert_eq!(
        table.lines().nth(2).unwrap(),
        "| 12 | SHOP-1A | -9223372036854775808 | 0.25 |  | 2024-06-01T12:00:00.500000Z | true |  | {\"slug\":\"shop\",\"id\":1} | Firefox |  |"
    );
}

#[test]
fn a_hostile_text_stays_in_its_cell() {
    let columns = ColumnSet::ISSUES.all(["browser"]);
    let rows: Vec<_> = HOSTILE.iter().map(|text| full_of(&columns, text)).collect();
    let table = markdown(&columns, &rows);
    assert_eq!(table.lines().count(), HOSTILE.len() + 2);
    assert!(table.lines().all(|line| cells(line) == 19));
}

#[test]
fn a_huge_cell_is_a_cell() {
    assert_eq!(cell(&"|".repeat(2_000_000)).len(), 4_000_000);
}

#[test]
fn a_long_table_is_no_pleasure() {
    assert_eq!(Format::Markdown.comfortable_rows(), Some(1000));
    assert_eq!(Format::Json.comfortable_rows(), None);
}

#[test]
fn formats_have_names() {
    for name in ["csv", "json", "ndjson", "md"] {
        assert_eq!(Format::named(name).unwrap().name(), name);
    }
    for name in ["", "CSV", "xlsx", "markdown"] {
        assert_eq!(Format::named(name), None);
    }
}

proptest! {
    #[test]
    fn a_row_is_a_line_of_as_many_cells(texts in prop::collection::vec("[|\\\\\r\n_a<*]{0,12}", 3)) {
        let row = ExportRow::new()
            .with("id", texts[0].as_str())
            .with("title", texts[1].as_str())
            .with("culprit", texts[2].as_str());
        let table = markdown(&columns("id,title,culprit"), &[row]);
        prop_assert_eq!(table.split(['\r', '\n']).count(), 4, "three lines and the end");
        prop_assert!(table.lines().all(|line| cells(line) == 3));
    }
}
