import type { ActionId } from "./catalogue";

/** Key sequences of actions that have others than at first; none means that the action has no key. */
export type Bindings = Readonly<Partial<Record<ActionId, readonly string[]>>>;

export const PRESETS = ["picket", "mail", "linear", "vim"] as const;
export type Preset = (typeof PRESETS)[number];

/** What a preset is called, and what it changes in a few words. */
export const PRESET_WORDS: Record<Preset, { name: string; note: string }> = {
  picket: { name: "Picket", note: "The keys Picket comes with." },
  mail: {
    name: "Mail",
    note: "As in mail programs of the web: u back to the list, j and k from issue to issue, s bookmark, m mute, z undo.",
  },
  linear: {
    name: "Linear-like",
    note: "As in Linear: s resolves, i assigns to me, f filters, u marks as seen, j and k lead from issue to issue.",
  },
  vim: {
    name: "Vim-like",
    note: "As in Vim: d d deletes, u undoes, Ctrl+F and Ctrl+B turn the page, Ctrl+D and Ctrl+U half of it, z z centres the row, z M and z R fold, : opens the palette.",
  },
};

/**
 * What each preset changes. A key that is taken from an action gives that action another one, or none where it has no
 * likely one. Alt makes other characters of letters on some systems, so there they are named by place as well.
 */
export const PRESET_BINDINGS: Record<Preset, Bindings> = {
  picket: {},
  mail: {
    "issue.leave": ["u", "Escape"],
    "issue.next": ["j", "]"],
    "issue.previous": ["k", "["],
    "triage-mode.skip": ["j"],
    "triage.bookmark": ["s"],
    "inbox.sort": ["Shift+o"],
    "triage.archive": ["m", "i"],
    "triage.note": ["r", "c"],
    "triage.seen": ["Shift+u"],
    // Shift+I marks as read in mail programs; whoever means that must not archive forever.
    "triage.forever": [],
    "select.all": ["[Shift]+* a", "$mod+a"],
    "select.clear": ["[Shift]+* n", "Escape"],
    undo: ["z", "$mod+z"],
  },
  linear: {
    "triage.resolve": ["s"],
    "triage.release": ["Shift+s"],
    "inbox.sort": ["Shift+o"],
    "inbox.turn": ["$mod+Shift+o"],
    "triage-mode.skip": ["j"],
    "triage.assign-me": ["i"],
    "triage.archive": ["e"],
    "triage.forever": ["Shift+e"],
    "triage.bookmark": ["Alt+f", "Alt+KeyF"],
    "triage.seen": ["u"],
    "triage.delete": ["$mod+Delete", "$mod+Backspace"],
    "inbox.search": ["f", "[Shift]+/"],
    "inbox.follow": ["Shift+f"],
    "inbox.columns": ["Shift+v"],
    "inbox.heads": ["v"],
    "issue.next": ["j", "]"],
    "issue.previous": ["k", "["],
  },
  vim: {
    palette: ["[Shift]+:", "$mod+k"],
    undo: ["u", "$mod+z"],
    redo: ["$mod+r", "$mod+Shift+z"],
    "query.history": ["q [Shift]+/", "$mod+Shift+h"],
    "window.rail": ["Alt+b", "Alt+KeyB"],
    "inbox.page-down": ["Control+f", "PageDown"],
    "inbox.page-up": ["Control+b", "PageUp"],
    "inbox.half-down": ["Control+d"],
    "inbox.half-up": ["Control+u"],
    "inbox.to-middle": ["z z"],
    "inbox.to-top": ["z t"],
    "inbox.to-bottom": ["z b"],
    "letters.half-down": ["Control+d"],
    "letters.half-up": ["Control+u"],
    "letters.page-down": ["Control+f", "PageDown"],
    "letters.page-up": ["Control+b", "PageUp"],
    "rows.half-down": ["Control+d"],
    "rows.half-up": ["Control+u"],
    "rows.page-down": ["Control+f", "PageDown"],
    "rows.page-up": ["Control+b", "PageUp"],
    "triage.delete": ["d d", "Delete"],
    "letters.discard": ["d d", "Delete"],
    "letters.restore": ["Shift+u"],
    "jobs.undo": ["Shift+u"],
    "journal.undo": ["Shift+u"],
    "inbox.density": ["Shift+d"],
    "group.collapse-all": ["z Shift+m", "Shift+ArrowLeft"],
    "group.expand-all": ["z Shift+r", "Shift+ArrowRight"],
    "copy.id": ["y y", "y i"],
    "occurrence.older": ["Shift+n", "p"],
    "occurrence.newest": ["Shift+g"],
    "occurrence.oldest": ["g g"],
  },
};
