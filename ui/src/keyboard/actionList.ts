import type { Listed, Place } from "./catalogue";

/** Title of an action, and the key sequences it has at first. */
type Line = readonly [title: string, ...keys: string[]];

function group<const Lines extends Record<string, Line>>(
  section: string,
  where: readonly Place[],
  lines: Lines,
): Record<keyof Lines & string, Listed> {
  const entries = Object.entries<Line>(lines).map(([id, [title, ...keys]]) => [
    id,
    { title, section, where, keys },
  ]);
  return Object.fromEntries(entries);
}

const WINDOW = ["everywhere"] as const;
const LIST = ["list"] as const;
const ISSUE = ["issue"] as const;
const TRIAGE = ["triage"] as const;
const LETTERS = ["letters"] as const;
/** Lists whose rows have buttons. */
const ROWS = ["jobs", "journal"] as const;
/** Where issues are decided on. */
const DECIDING = ["list", "issue", "triage"] as const;

/**
 * Every action of every screen by its id, in tinykeys' notation. Screens take titles and keys from here, so that what
 * settings and help list is what works. Only what is named after the user's data, such as starting one connection, is
 * left out: it has no key.
 */
export const ACTIONS = {
  ...group("Go to", WINDOW, {
    "go.inbox": ["Go to Inbox", "g i"],
    "go.live": ["Go to Live", "g l"],
    "go.dead-letters": ["Go to Dead letters", "g d"],
    "go.outcomes": ["Go to Outcomes", "g o"],
    "go.jobs": ["Go to Jobs", "g j"],
    "go.journal": ["Go to the journal", "g u"],
    "go.view": ["Open a view…", "g v"],
    "go.connections": ["Go to Connections", "g c"],
    "go.settings": ["Go to Settings", "g s", "$mod+,"],
  }),
  ...group("Window", WINDOW, {
    palette: ["Open the command palette", "$mod+k"],
    help: ["Show the keys of this screen", "[Shift]+?"],
    back: ["Back", "Alt+ArrowLeft"],
    forward: ["Forward", "Alt+ArrowRight"],
    "window.new": ["Open this in a new window", "$mod+Enter"],
    "region.next": ["Next part of the window", "F6"],
    "region.previous": ["Previous part of the window", "Shift+F6"],
  }),
  ...group("Journal", WINDOW, {
    undo: ["Undo", "$mod+z"],
    redo: ["Do again", "$mod+Shift+z"],
  }),
  ...group("Feed", WINDOW, {
    "feed.hold": ["Hold or resume the feed", "$mod+p"],
    "feed.stop": ["Stop the feed"],
    "feed.start-again": ["Start the feed again"],
    "feed.start.demo": ["Start the demo feed"],
    "connection.add": ["Add a connection"],
  }),
  ...group("Bundle", WINDOW, {
    "bundle.open": ["Open a bundle…", "$mod+o"],
    "bundle.close": ["Close the bundle"],
  }),
  ...group("Appearance", WINDOW, {
    "theme.system": ["Theme: system"],
    "theme.dark": ["Theme: dark"],
    "theme.light": ["Theme: light"],
    "theme.contrast-dark": ["Theme: high contrast dark"],
    "theme.contrast-light": ["Theme: high contrast light"],
    "density.compact": ["Density: compact"],
    "density.cosy": ["Density: cosy"],
    "density.comfortable": ["Density: comfortable"],
    "window.rail": ["Make the rail wide or narrow", "$mod+b"],
    // By the place of the sign, and where a layout has it as a plus.
    "window.zoom-in": ["Zoom in", "$mod+=", "$mod++", "$mod+[Shift]+Equal", "$mod+NumpadAdd"],
    "window.zoom-out": ["Zoom out", "$mod+-", "$mod+NumpadSubtract"],
    "window.zoom-reset": ["Zoom back to 100 %", "$mod+0", "$mod+Numpad0"],
  }),
  ...group("Appearance", LIST, { "density.usual": ["Density: as in other lists"] }),
  ...group("Copy", WINDOW, {
    "window.copy-link": ["Copy a link to what is on screen", "$mod+Shift+c"],
  }),
  ...group("Copy", ["list", "issue"], {
    "copy.link": ["Copy the link", "y l"],
    "copy.id": ["Copy the id", "y i"],
    "copy.markdown": ["Copy the Markdown line", "y m"],
    "copy.stack": ["Copy the stack", "y s"],
  }),
  ...group("List", LIST, {
    "inbox.search": ["Search issues", "[Shift]+/"],
    "inbox.apply": ["Apply waiting updates", "[Shift]+."],
    "inbox.follow": ["Follow the feed, or stop following", "f"],
    "inbox.sort": ["Sort the list by one column or up to three…", "s"],
    "inbox.turn": ["Turn the order of the list round", "Shift+s"],
    "inbox.columns": ["Choose columns…", "v"],
    "inbox.heads": ["Go to the heads of the columns, to move or widen them", "Shift+v"],
    "inbox.density": ["Next row density", "d"],
    "inbox.triage": ["Go through the list issue by issue", "t"],
    "inbox.triage-resume": ["Go on with the triage that was begun", "Shift+t"],
    "inbox.go-to": ["Go to row…", "$mod+g"],
    "inbox.preview": ["Preview the issue beside the list", "Space", "$mod+Backslash"],
    "inbox.preview-side": ["Put the preview below or beside the list", "$mod+Shift+Backslash"],
    "search.take-suggestion": ["Search for what was likely meant", "Alt+Enter"],
  }),
  ...group("List", ["list", "issue", "triage", "journal", "jobs"], {
    "export.open": ["Export…", "$mod+e"],
    "export.again": ["Export again as the last time", "$mod+Shift+e"],
  }),
  ...group("Move", LIST, {
    "inbox.next": ["Next row", "j", "ArrowDown"],
    "inbox.previous": ["Previous row", "k", "ArrowUp"],
    "inbox.page-down": ["A screen down", "PageDown"],
    "inbox.page-up": ["A screen up", "PageUp"],
    "inbox.half-down": ["Half a screen down"],
    "inbox.half-up": ["Half a screen up"],
    "inbox.to-middle": ["The row to the middle of the screen"],
    "inbox.to-top": ["The row to the top of the screen"],
    "inbox.to-bottom": ["The row to the bottom of the screen"],
    "inbox.first": ["First row", "g g", "$mod+Home"],
    "inbox.last": ["Last row", "Shift+g", "$mod+End"],
    "inbox.start": ["First row, in the cells of a row the first cell", "Home"],
    "inbox.end": ["Last row, in the cells of a row the last cell", "End"],
    "inbox.cell-next": ["Into the cells of the row, to the next one", "ArrowRight"],
    "inbox.cell-previous": ["To the cell before, back to the row", "ArrowLeft"],
    "inbox.open": ["Open the issue, or the group", "Enter"],
  }),
  ...group("Groups", LIST, {
    "group.choose": ["Group the list…", "b b"],
    "group.by-project": ["Group by project", "b p"],
    "group.by-service": ["Group by service", "b s"],
    "group.by-release": ["Group by first release", "b r"],
    "group.by-error_type": ["Group by error type", "b t"],
    "group.by-trace": ["Group by trace", "b c"],
    "group.by-level": ["Group by level", "b l"],
    "group.by-first_seen_day": ["Group by first seen day", "b d"],
    "group.by-assignee": ["Group by assignee", "b a"],
    "group.by-label": ["Group by label", "b g"],
    "group.none": ["Show the list without groups", "b n"],
    "group.next": ["Next group", "[Shift]+}"],
    "group.previous": ["Previous group", "[Shift]+{"],
    "group.collapse-all": ["Collapse all groups", "Shift+ArrowLeft"],
    "group.expand-all": ["Expand all groups", "Shift+ArrowRight"],
  }),
  ...group("Select", LIST, {
    "select.toggle": ["Select the row or the group, or not", "x", "Shift+Space"],
    "select.range": ["Select from the last one to here", "Shift+x"],
    "select.down": ["Extend the selection down", "Shift+j", "Shift+ArrowDown"],
    "select.up": ["Extend the selection up", "Shift+k", "Shift+ArrowUp"],
    "select.all": ["Select all matching issues", "$mod+a"],
    "select.invert": ["Invert the selection", "$mod+Shift+i"],
    "select.clear": ["Clear the selection", "Escape"],
  }),
  ...group("Search", LIST, {
    "query.next-problem": ["Next problem in the query", "F8"],
    "query.previous-problem": ["Previous problem in the query", "Shift+F8"],
    "query.builder": ["Build the query by rows", "$mod+Shift+b"],
    "query.lines": ["Write the query in several lines", "$mod+Shift+l"],
    "query.history": ["Find a past search…", "$mod+r"],
    "query.explain": ["Explain how the list was found", "$mod+i"],
  }),
  ...group("Views", LIST, {
    "view.1": ["Open the view in place 1", "1"],
    "view.2": ["Open the view in place 2", "2"],
    "view.3": ["Open the view in place 3", "3"],
    "view.4": ["Open the view in place 4", "4"],
    "view.5": ["Open the view in place 5", "5"],
    "view.6": ["Open the view in place 6", "6"],
    "view.7": ["Open the view in place 7", "7"],
    "view.8": ["Open the view in place 8", "8"],
    "view.9": ["Open the view in place 9", "9"],
    // Not Shift: most layouts have signs above the digits, of which some are keys of their own.
    "view.move.1": ["Move the view to place 1", "Alt+Digit1"],
    "view.move.2": ["Move the view to place 2", "Alt+Digit2"],
    "view.move.3": ["Move the view to place 3", "Alt+Digit3"],
    "view.move.4": ["Move the view to place 4", "Alt+Digit4"],
    "view.move.5": ["Move the view to place 5", "Alt+Digit5"],
    "view.move.6": ["Move the view to place 6", "Alt+Digit6"],
    "view.move.7": ["Move the view to place 7", "Alt+Digit7"],
    "view.move.8": ["Move the view to place 8", "Alt+Digit8"],
    "view.move.9": ["Move the view to place 9", "Alt+Digit9"],
    "view.save": ["Save the view", "$mod+s"],
    "view.save-as": ["Save as a new view…", "$mod+Shift+s"],
    "view.revert": ["Take back what was changed in the view"],
    "view.copy": ["Copy all views as text"],
    "view.copy-link": ["Copy a link to the view"],
    "view.import": ["Import views…"],
    "view.delete": ["Delete the view"],
  }),
  ...group("Triage", DECIDING, {
    "triage.resolve": ["Resolve", "e"],
    "triage.release": ["Resolve in a release…", "Shift+e"],
    "triage.next-release": ["Resolve in the next release"],
    "triage.archive": ["Archive until escalating", "i"],
    "triage.forever": ["Archive forever", "Shift+i"],
    "triage.snooze": ["Archive until…", "h"],
    "triage.unresolve": ["Unresolve", "o o"],
    "triage.assign": ["Assign…", "a"],
    "triage.assign-me": ["Assign to me"],
    "triage.labels": ["Labels…", "l"],
    "triage.note": ["Write a note…", "c"],
    "triage.reviewed": ["Mark as reviewed", "Shift+r"],
    "triage.ask-review": ["Ask for a review"],
    "triage.bookmark": ["Bookmark, or take the bookmark off", "Shift+b"],
    "triage.seen": ["Mark as seen or not seen", "r"],
    "triage.delete": ["Delete…", "[Shift]+#", "Delete"],
  }),
  ...group("Triage", LIST, {
    "triage.priority": ["Set priority…", "p"],
    "triage.merge": ["Merge…", "Shift+m"],
  }),
  ...group("Triage", ["issue", "triage"], {
    "triage.priority-high": ["Priority: high", "Alt+Digit1"],
    "triage.priority-medium": ["Priority: medium", "Alt+Digit2"],
    "triage.priority-low": ["Priority: low", "Alt+Digit3"],
  }),
  ...group("Triage", TRIAGE, {
    "triage-mode.merge": ["Merge into a similar issue", "Shift+m"],
    "triage-mode.skip": ["Skip this issue", "s"],
    "triage-mode.details": ["Open the issue", "Enter"],
    "triage-mode.end": ["End going through the list", "Escape"],
  }),
  ...group("Triage", ["triage-end"], { "triage-mode.leave": ["Back to the list", "Escape"] }),
  ...group("Issue", ISSUE, {
    "issue.leave": ["Back to the list", "Escape"],
    "issue.next": ["Next issue of the list", "]"],
    "issue.previous": ["Previous issue of the list", "["],
    "issue.activity": ["Go to the activity", "Shift+a"],
    "issue.table": ["Chart as table", "t"],
  }),
  ...group("Occurrence", ISSUE, {
    "occurrence.newer": ["Newer occurrence", "n"],
    "occurrence.older": ["Older occurrence", "p"],
    "occurrence.newest": ["Newest occurrence", "Shift+n"],
    "occurrence.oldest": ["Oldest occurrence", "Shift+p"],
    "event.find": ["Find in the event", "$mod+f", "[Shift]+/"],
  }),
  ...group("Live", ["live"], { "live.toggle": ["Start or stop the feed", "Shift+Space"] }),
  ...group("Dead letters", LETTERS, {
    "letters.replay": ["Replay", "r"],
    "letters.discard": ["Discard", "[Shift]+#", "Delete"],
    "letters.restore": ["Restore", "u"],
    "letters.apply": ["Apply waiting updates", "[Shift]+."],
  }),
  ...group("Move", LETTERS, {
    "letters.next": ["Next row", "j", "ArrowDown"],
    "letters.previous": ["Previous row", "k", "ArrowUp"],
    "letters.page-down": ["A screen down", "PageDown"],
    "letters.page-up": ["A screen up", "PageUp"],
    "letters.half-down": ["Half a screen down"],
    "letters.half-up": ["Half a screen up"],
    "letters.first": ["First row", "g g", "Home", "$mod+Home"],
    "letters.last": ["Last row", "Shift+g", "End", "$mod+End"],
    "letters.open": ["Go to the record", "Enter"],
  }),
  ...group("Selection", LETTERS, {
    "letters.toggle": ["Select or unselect the row", "x", "Shift+Space"],
    "letters.to-here": ["Select up to here", "Shift+x"],
    "letters.extend-down": ["Extend the selection down", "Shift+j", "Shift+ArrowDown"],
    "letters.extend-up": ["Extend the selection up", "Shift+k", "Shift+ArrowUp"],
    "letters.all": ["Select all rows", "$mod+a"],
    "letters.clear": ["Clear the selection", "Escape"],
  }),
  ...group("Outcomes", ["outcomes"], { "outcomes.table": ["Chart as table", "t"] }),
  ...group("Jobs", ["jobs"], {
    "jobs.resume": ["Go on with the job", "r"],
    "jobs.stop": ["Stop the job", "s"],
    "jobs.undo": ["Undo the job, or do again what it undid", "u"],
  }),
  ...group("Journal", ["journal"], {
    "journal.filter": ["Filter the journal", "[Shift]+/"],
    "journal.kind": ["Choose the kind of action", "f"],
    "journal.undo": ["Undo the entry, or do again what it undid", "u"],
  }),
  ...group("Move", ROWS, {
    "rows.next": ["Next row", "j", "ArrowDown"],
    "rows.previous": ["Previous row", "k", "ArrowUp"],
    "rows.page-down": ["A screen down", "PageDown"],
    "rows.page-up": ["A screen up", "PageUp"],
    "rows.half-down": ["Half a screen down"],
    "rows.half-up": ["Half a screen up"],
    "rows.first": ["First row", "g g", "$mod+Home"],
    "rows.last": ["Last row", "Shift+g", "$mod+End"],
    "rows.start": ["First row, in the buttons of a row the first one", "Home"],
    "rows.end": ["Last row, in the buttons of a row the last one", "End"],
    "rows.cell-next": ["To the buttons of the row, to the next one", "ArrowRight"],
    "rows.cell-previous": ["To the button before, back to the row", "ArrowLeft"],
    "rows.open": ["Open the row", "Enter"],
  }),
  ...group("Connection", ["connections"], {
    "connection.save": ["Save the connection", "$mod+s"],
    "connection.test": ["Test the connection"],
  }),
};

/** Name of an action. */
export type ActionId = keyof typeof ACTIONS;
