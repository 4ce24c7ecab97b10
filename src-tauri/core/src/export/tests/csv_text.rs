use super::*;
use proptest::prelude::*;

fn csv(options: CsvOptions, columns: &Columns, rows: &[ExportRow]) -> String {
    written(Format::Csv(options), columns, rows)
}

fn unguarded() -> CsvOptions {
    CsvOptions {
        guard_formulas: false,
        ..CsvOptions::default()
    }
}

/// The records of a text, as another program reads them.
fn read(text: &str, separator: u8) -> Vec<Vec<String>> {
    let mut reader = ::csv::ReaderBuilder::new()
        .has_headers(false)
        .delimiter(separator)
        .from_reader(text.as_bytes());
    let records = reader.records().map(Result::unwrap);
    records
        .map(|record| record.iter().map(str::to_owned).collect())
        .collect()
}

#[test]
fn a_header_then_a_line_for_each_row() {
    let rows = [
        ExportRow::new()
            .with("id", 1_i64)
            .with("title", "No paper, again"),
        ExportRow::new()
            .with("id", 2_i64)
            .with("title", "A \"jam\"\nin tray 2"),
    ];
    assert_eq!(
        csv(CsvOptions::default(), &columns("id,title"), &rows),
        "id,title\r\n1,\"No paper, again\"\r\n2,\"A \"\"jam\"\"\nin tray 2\"\r\n"
    );
}

#[test]
fn without_rows_there_is_the_header() {
    let columns = columns("id,title");
    assert_eq!(csv(CsvOptions::default(), &columns, &[]), "id,title\r\n");
    let without = CsvOptions {
        header: false,
        ..CsvOptions::default()
    };
    assert_eq!(csv(without, &columns, &[]), "");
}

#[test]
fn every_type_has_its_text() {
    assert_eq!(
        csv(
            CsvOptions::default(),
            &columns(EVERY_TYPE),
            &[of_every_type()]
        )
        .lines()
        .nth(1)
        .unwrap(),
        "12,SHOP-1A,-9223372036854775808,0.25,,2024-06-01T12:00:00.500000Z,true,,\"{\"\"slug\"\":\"\"shop\"\",\"\"id\"\":1}\",Firefox,"
    );
}

#[test]
fn no_text_is_a_formula_in_any_column() {
    let columns = ColumnSet::ISSUES.all(["browser"]);
    for text in HOSTILE {
        let row = full_of(&columns, text);
        let records = read(&csv(CsvOptions::default(), &columns, &[row]), b',');
        let shown = text.replace('\0', "\u{fffd}");
        let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
        let expected = if is_formula {
            format!("'{shown}")
        } else {
            shown
        };
        assert_eq!(records[1].len(), 19);
        assert!(
            records[1].iter().all(|cell| *cell == expected),
            "{text:?}: {:?}",
            records[1]
        );
    }
}

#[test]
fn the_guard_can_be_switched_off() {
    let columns = columns("title");
    let rows = [ExportRow::new().with("title", "=1+1")];
    assert_eq!(csv(unguarded(), &columns, &rows), "title\r\n=1+1\r\n");
}

#[test]
fn a_number_is_no_formula() {
    let columns = columns("count,priority");
    let row = ExportRow::new()
        .with("count", -5_i64)
        .with("priority", -0.5);
    let text = csv(CsvOptions::default(), &columns, &[row]);
    assert_eq!(text, "count,priority\r\n-5,-0.5\r\n");
}

#[test]
fn the_name_of_a_column_is_guarded_too() {
    let set = ColumnSet {
        names: &["=name"],
        own: &[],
        has_tags: false,
    };
    let columns = set.all::<&str>([]);
    assert_eq!(csv(CsvOptions::default(), &columns, &[]), "'=name\r\n");
}

#[test]
fn a_mark_at_the_start_and_another_separator() {
    let columns = columns("id,title");
    let row = ExportRow::new()
        .with("id", 1_i64)
        .with("title", "a,b;c\td|e");
    for (separator, byte) in [
        (Separator::Comma, b','),
        (Separator::Semicolon, b';'),
        (Separator::Tab, b'\t'),
        (Separator::Pipe, b'|'),
    ] {
        let options = CsvOptions {
            separator,
            bom: true,
            ..CsvOptions::default()
        };
        let text = csv(options, &columns, std::slice::from_ref(&row));
        let text = text.strip_prefix('\u{feff}').unwrap();
        let name = char::from(byte);
        assert_eq!(
            text,
            format!("id{name}title\r\n1{name}\"a,b;c\td|e\"\r\n"),
            "only cells with the separator in them are quoted"
        );
        assert_eq!(read(text, byte)[1], ["1", "a,b;c\td|e"]);
    }
}

#[test]
fn a_line_of_one_empty_cell_is_a_line() {
    let columns = columns("title");
    let text = csv(CsvOptions::default(), &columns, &[ExportRow::new()]);
    assert_eq!(text, "title\r\n\"\"\r\n");
    assert_eq!(read(&text, b',').len(), 2);
}

#[test]
fn a_huge_cell_is_a_cell() {
    let columns = columns("id,title");
    let huge = "\"x\n".repeat(3_000_000);
    let row = ExportRow::new()
        .with("id", 1_i64)
        .with("title", huge.as_str());
    let text = csv(unguarded(), &columns, &[row]);
    assert_eq!(read(&text, b',')[1][1], huge);
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(
        rows in prop::collection::vec(prop::collection::vec("[^\0]{0,12}", 3), 0..6),
    ) {
        let columns = columns("id,title,tags[a]");
        let exported: Vec<_> = rows
            .iter()
            .map(|row| {
                ExportRow::new()
                    .with("id", row[0].as_str())
                    .with("title", row[1].as_str())
                    .with_tag("a", row[2].as_str())
            })
            .collect();
        let records = read(&csv(unguarded(), &columns, &exported), b',');
        prop_assert_eq!(&records[1..], &rows[..]);
    }
}
