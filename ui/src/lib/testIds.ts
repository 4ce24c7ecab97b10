/**
 * Hooks for tests, in the page as `data-testid`. They are part of the interface: a test of the whole program finds
 * its way by them, so renaming one is a breaking change.
 *
 * | id | where | extra attributes |
 * |---|---|---|
 * | `shell` | the whole window | |
 * | `nav-inbox` `nav-live` `nav-dead-letters` `nav-jobs` `nav-journal` `nav-connections` `nav-settings` | rail | `aria-current="page"` on the open one |
 * | `nav-dead-letters-count` | number beside it, absent at zero | `data-count` digits only |
 * | `feed-notice` | each line above the status bar that says what is wrong with the feed | `data-kind`: `paused` `failed` `broker` `store` `counters` |
 * | `feed-notice-see` `feed-notice-start` `feed-notice-hide` | its buttons | |
 * | `toast` | message that says what an action did | `data-type`: `done` `note` `error` |
 * | `toast-action` `toast-second` | its buttons | |
 * | `feed-pill` | title bar | `data-state` the feed's state |
 * | `palette` | command palette | |
 * | `help-sheet` | keys of the screen | |
 * | `help-paper` | all keys, for printing | |
 * | `key-row` | action in the table of keys | `data-action`, `data-own` |
 * | `key-capture`, `key-conflict` | field that takes new keys, and whom they belong to | |
 * | `key-clashes`, `key-search`, `key-import` | shared keys, search, text to import | |
 * | `query-input` | the editable text of the query field | `aria-invalid` |
 * | `query-problem` | line under the query field that names a problem | `data-code` |
 * | `result-count` | exact count and time | `data-total` digits only, `data-stale` while old |
 * | `preview` | panel beside the list | `data-issue-id` |
 * | `go-to-input` | field of the dialog that goes to a row | `aria-invalid` |
 * | `export-dialog` | | `data-rows` |
 * | `export-column` | each column, in order | `data-name` `data-on` |
 * | `export-redact-<name>` | `secrets` `emails` `addresses` `pattern`: what is taken out | |
 * | `value` | a value of an issue that can be searched for | `data-field` its key, `data-value` |
 * | `value-<name>` | `filter` `exclude` `copy`, while its menu is open | |
 * | `export-tag` `export-preview` `export-path` `export-choose` `export-copy` `export-write` `export-replace` `export-result` | its other parts | |
 * | `column-chooser` | chooses the columns of the list | |
 * | `list-column` | each column in it, in order | `data-name` `data-on` |
 * | `view-tab` | each saved view with a tab | `data-view` `data-count` `data-draft`, `aria-selected` on the open one |
 * | `view-<name>` | `menu` `add` `save` `revert` `delete` | |
 * | `view-import` | field of the dialog that takes views as text | |
 * | `view-name` | field of the dialog that names a view | |
 * | `suggestions` | list below the query field | `data-stage`; each is an `option` with `data-text`; `data-opens` `calendar` on the one that opens that |
 * | `calendar` | days to choose from, for a time in the query | each has `data-day` |
 * | `history-input` | finds past searches | |
 * | `explain` | how the list was found | |
 * | `explain-{stop,again}` | buttons that end explaining and begin it anew | |
 * | `query-builder` `query-builder-row` `query-builder-value` | the query as rows | `data-kind` |
 * | `issue-list` | the grid | `aria-rowcount` counts the header row too |
 * | `issue-row` | each mounted row | `data-issue-id`, `data-index`, `data-cursor` on the cursor row, `aria-selected` where it is selected, `data-unseen` `data-bookmarked`, `data-left` where it no longer belongs to the list |
 * | `issue-group` | each mounted header of a group | `data-group-id`, `data-group`, `data-cursor`, `aria-expanded`, `aria-selected` where all of it is selected |
 * | `sorting` | toolbar, what the list is sorted by | `data-value` |
 * | `grouping` | toolbar, what the list is grouped by | `data-value` |
 * | `scroll-bubble` | place of the list while it is scrolled fast | |
 * | `select-all` | box in the header of the list | `aria-checked` `true` `false` `mixed` |
 * | `selection-bar` | what can be done to the selection; absent without one | `data-count` digits only |
 * | `selection-banner` | says that a query is selected | `data-count` `data-except` |
 * | `selection-<name>` | `only-visible` `clear` `pin` `progress` `cancel` `confirm` | `selection-progress`: `data-done` `data-total` |
 * | `bulk-<name>` | buttons of the bar: `resolve` `archive` `unresolve` `assign` `priority` `labels` `note` `bookmark` `seen` `merge` `export` `delete` | `aria-disabled` with the reason in `data-tip` |
 * | `remove-dialog` | deletes or merges | `data-kind` `delete` `merge`, `data-count` |
 * | `remove-number` `remove-discard` `remove-confirm` `remove-cancel` | its controls | |
 * | `merge-table` `merge-result` | issues that become one, and what it will be | |
 * | `merge-into` | box of each, checked on the one that stays | `data-issue-id` |
 * | `journal-list` | the grid of entries and of the issues of those that show them | `aria-rowcount` |
 * | `journal-entry` | each entry, newest first | `data-entry` `data-state` |
 * | `journal-undo` | its button | |
 * | `journal-expand` | shows and hides its issues | `aria-expanded` |
 * | `journal-issue` `journal-more-issues` | each of them, and the button for more | |
 * | `journal-action` | choice of the kind of action | |
 * | `undo-report` | what an undo left as it was | `data-conflicts` digits only |
 * | `undo-overwrite` | takes it back all the same | |
 * | `jobs-list` | the grid of jobs | `aria-rowcount` |
 * | `job` | each job, newest first | `data-job` `data-state` |
 * | `job-cancel` `job-resume` `job-undo` | its buttons | |
 * | `work-pill` | title bar, while something is under way | |
 * | `pending-updates` | button that applies waiting changes | `data-added` `data-changed` `data-left` |
 * | `triage-screen` | one issue at a time | `data-issue-id` `data-place` `data-total` |
 * | `triage-<name>` | its buttons: `skip` `back` `end` `merge`, and at the end `undo-run` `go-on` `leave` | |
 * | `similar` | the issue most like the one on screen | `data-issue-id` `data-score` |
 * | `triage-end` | what a run came to | `data-done` `data-skipped` |
 * | `near-miss` | what was likely meant, where nothing matches | |
 * | `start-demo` `add-connection` | welcome | |
 * | `badge-status` | in each row and in the head of an issue | `data-value` the substatus, else the status |
 * | `badge-priority` | there, too | `data-value` |
 * | `badge-assignee` | there, too; absent while nobody has it | `data-value` `user:7` or `team:3` |
 * | `issue-header` | head of the issue screen | `data-issue-id` |
 * | `issue-state` | line of the head: what the status means, what ends it | |
 * | `issue-action-<name>` | `resolve` `resolve-menu` `resolve-next` `resolve-release` `archive` `archive-menu` `archive-escalating` `archive-forever` `archive-until` `unresolve` `priority` `assign` `labels` `note` `review` | those of a menu exist while it is open |
 * | `assign-input` `priority-input` `release-input` | field that narrows the choices; each is an `option` with `data-value` | |
 * | `label-input` `label-apply` | dialog of labels; each label is an `option` with `data-value` | `aria-checked` `true` `false` `mixed` |
 * | `note-input` `note-apply` | dialog of a note | |
 * | `row-labels` | in each row | `data-labels` with commas |
 * | `snooze-choice-<name>` | `30m` `2h` `24h` `times` `users` `custom` | `aria-checked` |
 * | `snooze-field-<name>` | `duration` `count` `window` `users` `users-window` | `aria-invalid` |
 * | `snooze-summary` `snooze-confirm` | what will happen, and the button | |
 * | `activity-list` | history of the issue | |
 * | `activity-entry` | each entry, newest first | `data-kind` |
 * | `activity-more` | button that reads older entries | |
 * | `occurrence-position` | "n of m" | `data-position` `data-total` |
 * | `evidence` `tags` `event-json` `origin` | sections of the issue screen | |
 * | `connection-<field>` | form control of a `ConnectionProfile` field, `connection-password` | |
 * | `connection-save` `connection-test` | buttons of the form | |
 * | `dead-letter-tab-letters` `dead-letter-tab-outcomes` | tabs of the screen | `aria-selected` |
 * | `dead-letter-list` | the grid | `aria-rowcount` counts the header row too |
 * | `dead-letter-row` | each mounted row | `data-letter-id` `data-index` `data-state` `data-reason`, `aria-selected` where it is marked, `data-cursor` on the cursor row |
 * | `dead-letter-total` | how many match | `data-total` |
 * | `dead-letter-state` | choice of the state | a radio for each state |
 * | `dead-letter-reason` | choice of the reason | `data-value` |
 * | `dead-letter-action-<name>` | `replay` `discard` `restore` `cancel` | |
 * | `dead-letter-progress` | while a long replay runs | `data-done` `data-total` |
 * | `dead-letter-detail` | the letter under the cursor | `data-letter-id` |
 * | `dead-letter-place` | where it broke | |
 * | `dead-letter-decoded` `dead-letter-text` `dead-letter-hex` `dead-letter-base64` | its value | |
 * | `outcome-chart` | bars per hour | |
 * | `outcome-row` | each line of the table by reason | `data-outcome` `data-reason` `data-quantity` |
 */
export const testIds = {
  shell: "shell",
  nav: (screen: "inbox" | "live" | "dead-letters" | "jobs" | "journal" | "connections" | "settings") =>
    `nav-${screen}`,
  deadLetterCount: "nav-dead-letters-count",
  feedNotice: "feed-notice",
  feedNoticeButton: (name: "see" | "start" | "hide") => `feed-notice-${name}`,
  toast: "toast",
  toastAction: "toast-action",
  toastSecond: "toast-second",
  feedPill: "feed-pill",
  palette: "palette",
  helpSheet: "help-sheet",
  helpPaper: "help-paper",
  keyRow: "key-row",
  keyCapture: "key-capture",
  keyConflict: "key-conflict",
  keyClashes: "key-clashes",
  keySearch: "key-search",
  keyImport: "key-import",
  queryInput: "query-input",
  queryProblem: "query-problem",
  resultCount: "result-count",
  storeNotice: "store-notice",
  bundleClose: "bundle-close",
  bundleReading: "bundle-reading",
  issueList: "issue-list",
  issueRow: "issue-row",
  issueGroup: "issue-group",
  sorting: "sorting",
  grouping: "grouping",
  preview: "preview",
  goToInput: "go-to-input",
  exportDialog: "export-dialog",
  exportColumn: "export-column",
  exportTag: "export-tag",
  exportRedact: (name: "secrets" | "emails" | "addresses" | "pattern") => `export-redact-${name}`,
  exportPreview: "export-preview",
  exportPath: "export-path",
  exportPreset: "export-preset",
  exportSize: "export-size",
  exportTimes: "export-times",
  exportTooLong: "export-too-long",
  exportLeftOut: "export-left-out",
  exportResult: "export-result",
  exportButton: (name: "choose" | "copy" | "write" | "replace") => `export-${name}`,
  moreTags: "more-tags",
  columnsHidden: "columns-hidden",
  columnChooser: "column-chooser",
  listColumn: "list-column",
  viewTab: "view-tab",
  view: (name: "menu" | "add" | "save" | "revert" | "delete") => `view-${name}`,
  viewName: "view-name",
  viewImport: "view-import",
  value: "value",
  valueAction: (name: "filter" | "exclude" | "copy") => `value-${name}`,
  suggestions: "suggestions",
  historyInput: "history-input",
  calendar: "calendar",
  explain: "explain",
  explainButton: (name: "stop" | "again") => `explain-${name}`,
  builder: "query-builder",
  builderRow: "query-builder-row",
  builderValue: "query-builder-value",
  scrollBubble: "scroll-bubble",
  selectAll: "select-all",
  selectionBar: "selection-bar",
  selectionBanner: "selection-banner",
  selection: (name: "only-visible" | "clear" | "pin" | "progress" | "cancel" | "confirm") =>
    `selection-${name}`,
  bulk: (name: string) => `bulk-${name}`,
  removeDialog: "remove-dialog",
  remove: (name: "number" | "discard" | "confirm" | "cancel") => `remove-${name}`,
  mergeTable: "merge-table",
  mergeInto: "merge-into",
  mergeResult: "merge-result",
  journalList: "journal-list",
  journalEntry: "journal-entry",
  journalOlder: "journal-older",
  journalUndo: "journal-undo",
  journalExpand: "journal-expand",
  journalAction: "journal-action",
  journalIssue: "journal-issue",
  journalMoreIssues: "journal-more-issues",
  undoReport: "undo-report",
  undoOverwrite: "undo-overwrite",
  jobsList: "jobs-list",
  job: "job",
  jobsCut: "jobs-cut",
  jobButton: (name: "cancel" | "resume" | "undo") => `job-${name}`,
  workPill: "work-pill",
  pendingUpdates: "pending-updates",
  triageScreen: "triage-screen",
  triage: (name: "skip" | "back" | "end" | "merge" | "undo-run" | "go-on" | "leave") => `triage-${name}`,
  triageEnd: "triage-end",
  similar: "similar",
  nearMiss: "near-miss",
  startDemo: "start-demo",
  addConnection: "add-connection",
  rowLabels: "row-labels",
  badge: (kind: "status" | "priority" | "merged" | "more" | "assignee") => `badge-${kind}`,
  issueHeader: "issue-header",
  issueState: "issue-state",
  issueAction: (name: string) => `issue-action-${name}`,
  assignInput: "assign-input",
  priorityInput: "priority-input",
  releaseInput: "release-input",
  labelInput: "label-input",
  labelApply: "label-apply",
  noteInput: "note-input",
  noteApply: "note-apply",
  snoozeChoice: (name: string) => `snooze-choice-${name}`,
  snoozeField: (name: string) => `snooze-field-${name}`,
  snoozeSummary: "snooze-summary",
  snoozeConfirm: "snooze-confirm",
  activityList: "activity-list",
  activityEntry: "activity-entry",
  activityMore: "activity-more",
  occurrencePosition: "occurrence-position",
  evidence: "evidence",
  tags: "tags",
  eventJson: "event-json",
  origin: "origin",
  connectionField: (field: string) => `connection-${field}`,
  connectionSave: "connection-save",
  connectionTest: "connection-test",
  deadLetterTab: (name: "letters" | "outcomes") => `dead-letter-tab-${name}`,
  deadLetterList: "dead-letter-list",
  deadLetterRow: "dead-letter-row",
  deadLetterTotal: "dead-letter-total",
  deadLetterState: "dead-letter-state",
  deadLetterReason: "dead-letter-reason",
  deadLetterAction: (name: "replay" | "discard" | "restore" | "cancel") => `dead-letter-action-${name}`,
  deadLetterProgress: "dead-letter-progress",
  deadLetterDetail: "dead-letter-detail",
  deadLetterPlace: "dead-letter-place",
  deadLetterValue: (view: "decoded" | "text" | "hex" | "base64") => `dead-letter-${view}`,
  outcomeChart: "outcome-chart",
  outcomeRow: "outcome-row",
} as const;
