//! The published cases of the search language.

use super::shared_folder;
use picket_tests::cases::search_syntax;

#[test]
fn search_texts_are_read_as_published() {
    for folder in ["search-syntax", "search-filters"] {
        let Some(folder) = shared_folder(folder) else {
            continue;
        };
        let mut files: Vec<_> = std::fs::read_dir(&folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| {
                path.extension()
                    .is_some_and(|extension| extension == "json")
            })
            .collect();
        files.sort();
        assert!(!files.is_empty(), "{} has no cases", folder.display());
        let mut failures = Vec::new();
        for file in files {
            let stem = file.file_stem().unwrap().to_string_lossy();
            let text = std::fs::read_to_string(&file).unwrap();
            for ran in search_syntax::run(&stem, &text).unwrap() {
                failures.extend(
                    ran.diff
                        .iter()
                        .map(|line| format!("{stem}, {:?}: {line}", ran.case)),
                );
            }
        }
        assert!(failures.is_empty(), "{}", failures.join("\n"));
    }
}
