/**
 * Hooks for tests, in the page as `data-testid`. They are part of the interface: a test of the whole program finds
 * its way by them, so renaming one is a breaking change.
 *
 * | id | where | extra attributes |
 * |---|---|---|
 * | `shell` | the whole window | |
 * | `nav-inbox` `nav-live` `nav-connections` `nav-settings` | rail | `aria-current="page"` on the open one |
 * | `feed-pill` | title bar | `data-state` the feed's state |
 * | `palette` | command palette | |
 * | `help-sheet` | keys of the screen | |
 * | `query-input` | the editable text of the query field | `aria-invalid` |
 * | `query-problem` | line under the query field that names a problem | `data-code` |
 * | `result-count` | exact count and time | `data-total` digits only, `data-stale` while old |
 * | `issue-list` | the grid | `aria-rowcount` counts the header row too |
 * | `issue-row` | each mounted row | `data-issue-id`, `data-index`, `aria-selected` on the cursor row |
 * | `pending-updates` | button that applies waiting changes | `data-added` `data-changed` `data-left` |
 * | `start-demo` `add-connection` | welcome | |
 * | `issue-header` | head of the issue screen | `data-issue-id` |
 * | `occurrence-position` | "n of m" | `data-position` `data-total` |
 * | `evidence` `tags` `event-json` `origin` | sections of the issue screen | |
 * | `connection-<field>` | form control of a `ConnectionProfile` field, `connection-password` | |
 * | `connection-save` `connection-test` | buttons of the form | |
 */
export const testIds = {
  shell: "shell",
  nav: (screen: "inbox" | "live" | "connections" | "settings") => `nav-${screen}`,
  feedPill: "feed-pill",
  palette: "palette",
  helpSheet: "help-sheet",
  queryInput: "query-input",
  queryProblem: "query-problem",
  resultCount: "result-count",
  issueList: "issue-list",
  issueRow: "issue-row",
  pendingUpdates: "pending-updates",
  startDemo: "start-demo",
  addConnection: "add-connection",
  issueHeader: "issue-header",
  occurrencePosition: "occurrence-position",
  evidence: "evidence",
  tags: "tags",
  eventJson: "event-json",
  origin: "origin",
  connectionField: (field: string) => `connection-${field}`,
  connectionSave: "connection-save",
  connectionTest: "connection-test",
} as const;
