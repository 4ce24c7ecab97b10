use super::*;
use crate::export::ColumnSet;
use std::collections::BTreeSet;
use std::sync::Mutex;
use tempfile::TempDir;

fn options() -> ExportOptions {
    ExportOptions {
        format: Format::named("csv").unwrap(),
        columns: ColumnSet::ISSUES.choose("id,title").unwrap(),
        overwrite: false,
        total: Some(3),
    }
}

fn overwriting() -> ExportOptions {
    ExportOptions {
        overwrite: true,
        ..options()
    }
}

fn row(id: i64) -> ExportRow {
    ExportRow::new().with("id", id).with("title", "Paper jam")
}

fn begin(file: &Path, options: ExportOptions) -> Result<ExportFile<'static>, ExportError> {
    ExportFile::create(file, options, CancellationToken::new(), |_| {})
}

fn export(file: &Path, options: ExportOptions, rows: i64) -> Result<Exported, ExportError> {
    let mut export = begin(file, options)?;
    for id in 1..=rows {
        export.push(&row(id))?;
    }
    export.finish()
}

fn error<T>(result: Result<T, ExportError>) -> ExportError {
    result.err().expect("an error")
}

fn names(folder: &TempDir) -> BTreeSet<String> {
    let entries = fs::read_dir(folder.path()).unwrap();
    let name = |entry: io::Result<fs::DirEntry>| entry.unwrap().file_name();
    entries
        .map(|entry| name(entry).into_string().unwrap())
        .collect()
}

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

#[test]
fn the_file_appears_when_it_is_whole() {
    let folder = folder();
    let file = folder.path().join("issues.csv");
    let mut export = begin(&file, options()).unwrap();
    export.push(&row(1)).unwrap();
    export.push(&row(2)).unwrap();
    assert!(!file.exists());
    let names_meanwhile = names(&folder);
    let part = names_meanwhile.first().unwrap();
    assert!(
        part.starts_with(".picket-export-") && part.ends_with(".part"),
        "{part}"
    );
    let exported = export.finish().unwrap();
    let text = fs::read_to_string(&file).unwrap();
    assert_eq!(text, "id,title\r\n1,Paper jam\r\n2,Paper jam\r\n");
    assert_eq!(
        exported,
        Exported {
            rows: 2,
            bytes: text.len() as u64
        }
    );
    assert_eq!(names(&folder), BTreeSet::from(["issues.csv".to_owned()]));
}

#[test]
fn a_file_that_is_there_is_replaced_only_when_asked() {
    let folder = folder();
    let file = folder.path().join("issues.csv");
    fs::write(&file, "mine").unwrap();
    let refused = error(begin(&file, options()));
    assert!(matches!(refused, ExportError::Exists { .. }));
    assert!(
        refused.to_string().contains("ask to overwrite it"),
        "{refused}"
    );
    assert_eq!(names(&folder).len(), 1, "nothing was begun");
    let mut export = begin(&file, overwriting()).unwrap();
    export.push(&row(1)).unwrap();
    assert_eq!(
        fs::read_to_string(&file).unwrap(),
        "mine",
        "until the new one is whole"
    );
    export.finish().unwrap();
    assert!(fs::read_to_string(&file).unwrap().starts_with("id,title"));
    assert_eq!(names(&folder).len(), 1);
}

#[test]
fn a_file_that_appears_meanwhile_is_not_replaced() {
    let folder = folder();
    let file = folder.path().join("issues.csv");
    let mut export = begin(&file, options()).unwrap();
    export.push(&row(1)).unwrap();
    fs::write(&file, "theirs").unwrap();
    assert!(matches!(error(export.finish()), ExportError::Exists { .. }));
    assert_eq!(fs::read_to_string(&file).unwrap(), "theirs");
    assert_eq!(names(&folder).len(), 1);
}

#[test]
fn an_export_that_is_dropped_leaves_nothing() {
    let folder = folder();
    let mut export = begin(&folder.path().join("issues.csv"), options()).unwrap();
    export.push(&row(1)).unwrap();
    assert_eq!(names(&folder).len(), 1);
    drop(export);
    assert_eq!(names(&folder).len(), 0);
}

#[test]
fn an_export_that_is_cancelled_leaves_nothing() {
    let folder = folder();
    let file = folder.path().join("issues.csv");
    fs::write(&file, "mine").unwrap();
    let cancel = CancellationToken::new();
    let mut export = ExportFile::create(&file, overwriting(), cancel.clone(), |_| {}).unwrap();
    export.push(&row(1)).unwrap();
    export.push(&row(2)).unwrap();
    cancel.cancel();
    let cancelled = error(export.push(&row(3)));
    assert!(
        matches!(cancelled, ExportError::Cancelled { rows: 2, .. }),
        "{cancelled}"
    );
    assert_eq!(
        names(&folder),
        BTreeSet::from(["issues.csv".to_owned()]),
        "at once"
    );
    assert!(matches!(
        error(export.push(&row(3))),
        ExportError::Ended { .. }
    ));
    assert!(matches!(error(export.finish()), ExportError::Ended { .. }));
    assert_eq!(fs::read_to_string(&file).unwrap(), "mine");
}

#[test]
fn cancelling_works_up_to_the_end() {
    let folder = folder();
    let file = folder.path().join("issues.csv");
    let cancel = CancellationToken::new();
    let mut export = ExportFile::create(&file, options(), cancel.clone(), |_| {}).unwrap();
    export.push(&row(1)).unwrap();
    cancel.cancel();
    let cancelled = error(export.finish());
    assert!(cancelled.to_string().contains("cancelled after row 1"));
    assert_eq!(names(&folder).len(), 0);
}

/// An export whose part is on a disk without room.
fn on_a_full_disk(folder: &TempDir) -> ExportFile<'static> {
    let mut export = begin(&folder.path().join("issues.csv"), options()).unwrap();
    let part = folder.path().join(".picket-export-full.part");
    fs::write(&part, "").unwrap();
    let full = File::options().write(true).open("/dev/full").unwrap();
    let part = NamedTempFile::from_parts(full, tempfile::TempPath::try_from_path(part).unwrap());
    let ExportOptions {
        format, columns, ..
    } = options();
    let buffer = BufWriter::with_capacity(64, Sink::Part(part));
    export.writer = Some(RowWriter::new(buffer, format, columns).unwrap());
    export
}

#[test]
fn a_disk_that_fills_up_leaves_nothing() {
    let folder = folder();
    let mut export = on_a_full_disk(&folder);
    assert_eq!(names(&folder).len(), 1);
    let failed = (1..10_000)
        .find_map(|id| export.push(&row(id)).err())
        .expect("an error");
    assert_eq!(names(&folder).len(), 0, "at once");
    let ExportError::Unwritable { row: at, .. } = failed else {
        panic!("{failed}");
    };
    assert!(at > 1);
    let file = folder.path().join("issues.csv");
    assert_eq!(
        failed.to_string(),
        format!(
            "{} cannot be written: the disk is full at row {at}. Make room or choose another disk, and export again.",
            file.display()
        )
    );
    assert!(matches!(
        error(export.push(&row(1))),
        ExportError::Ended { .. }
    ));
}

#[test]
fn a_disk_that_is_full_in_the_end_leaves_nothing() {
    let folder = folder();
    let mut export = on_a_full_disk(&folder);
    for id in 1..=3 {
        export.push(&row(id)).unwrap();
    }
    let failed = error(export.finish());
    assert!(
        failed.to_string().contains("the disk is full at row 3."),
        "{failed}"
    );
    assert_eq!(names(&folder).len(), 0);
}

#[test]
fn what_is_no_file_is_written_as_it_is() {
    let full = Path::new("/dev/full");
    let failed = error(export(full, options(), 3));
    assert_eq!(
        failed.to_string(),
        "/dev/full cannot be written: the disk is full at row 3. Make room or choose another disk, and export again."
    );
    let failed = error(export(full, options(), 1_000_000));
    let ExportError::Unwritable { row, .. } = failed else {
        panic!("{failed}");
    };
    assert!(
        (1_000..100_000).contains(&row),
        "while it is written: {row}"
    );
    assert!(fs::metadata(full).unwrap().len() == 0 && !full.is_file());
    assert_eq!(
        export(Path::new("/dev/null"), options(), 5).unwrap().rows,
        5
    );
}

#[test]
fn where_no_file_can_be_the_export_does_not_begin() {
    let folder = folder();
    let missing = folder.path().join("no/such/issues.csv");
    let failed = error(begin(&missing, options()));
    assert_eq!(
        failed.to_string(),
        format!(
            "{} cannot be written: its folder does not exist. Create the folder or choose another one.",
            missing.display()
        )
    );
    fs::write(folder.path().join("a-file"), "").unwrap();
    let failed = error(begin(&folder.path().join("a-file/issues.csv"), options()));
    assert!(
        failed.to_string().contains("its folder does not exist"),
        "{failed}"
    );
    for overwrite in [false, true] {
        let options = ExportOptions {
            overwrite,
            ..options()
        };
        let failed = error(begin(folder.path(), options));
        assert!(matches!(failed, ExportError::IsFolder { .. }), "{failed}");
    }
    assert_eq!(names(&folder).len(), 1);
}

#[cfg(unix)]
#[test]
fn a_new_file_can_be_read_as_any_other_new_file() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder();
    let mode = |name: &str| {
        let file = folder.path().join(name);
        fs::metadata(file).unwrap().permissions().mode() & 0o777
    };
    fs::write(folder.path().join("usual"), "").unwrap();
    let file = folder.path().join("issues.csv");
    export(&file, options(), 1).unwrap();
    assert_eq!(mode("issues.csv"), mode("usual"));
    fs::set_permissions(&file, Permissions::from_mode(0o600)).unwrap();
    export(&file, overwriting(), 1).unwrap();
    assert_eq!(mode("issues.csv"), 0o600, "what was private stays so");
}

#[cfg(unix)]
#[test]
fn a_link_still_leads_to_the_file() {
    let folder = folder();
    let (file, link) = (
        folder.path().join("issues.csv"),
        folder.path().join("latest.csv"),
    );
    fs::write(&file, "old").unwrap();
    std::os::unix::fs::symlink(&file, &link).unwrap();
    assert!(matches!(
        error(begin(&link, options())),
        ExportError::Exists { .. }
    ));
    export(&link, overwriting(), 1).unwrap();
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert!(fs::read_to_string(&file).unwrap().starts_with("id,title"));
}

#[test]
fn progress_is_told_now_and_then_and_at_the_end() {
    let folder = folder();
    let file = folder.path().join("issues.csv");
    let heard = Mutex::new(Vec::new());
    let options = ExportOptions {
        total: Some(600),
        ..options()
    };
    let report = |progress: Progress| heard.lock().unwrap().push(progress);
    let mut export = ExportFile::create(&file, options, CancellationToken::new(), report).unwrap();
    for id in 1..=600 {
        export.push(&row(id)).unwrap();
    }
    export.finish().unwrap();
    let expected = [250, 500, 600].map(|rows| Progress {
        rows,
        total: Some(600),
    });
    assert_eq!(heard.into_inner().unwrap(), expected);
}

#[test]
fn every_format_makes_a_file() {
    let folder = folder();
    for name in ["csv", "json", "ndjson", "md"] {
        let file = folder.path().join(format!("issues.{name}"));
        let options = ExportOptions {
            format: Format::named(name).unwrap(),
            ..options()
        };
        let exported = export(&file, options, 3).unwrap();
        let text = fs::read_to_string(&file).unwrap();
        assert_eq!(exported.rows, 3);
        assert_eq!(exported.bytes, text.len() as u64);
        assert_eq!(text.matches("Paper jam").count(), 3);
    }
}
