import { afterEach, describe, expect, it, vi } from "vitest";
import { MESSAGE_TIMES, preferences } from "./preferences";
import { Toasts } from "./toasts";

afterEach(() => preferences.change({ messageTime: 10_000 }));

describe("messages", () => {
  it.each(MESSAGE_TIMES)(
    "stay for %i ms where that was chosen, and errors until they are dismissed",
    (time) => {
      preferences.change({ messageTime: time });
      const toasts = new Toasts();
      const add = vi.spyOn(toasts.manager, "add");
      toasts.done("Resolved 3 issues");
      toasts.note("Nothing to undo");
      toasts.failed("Not saved", new Error("the disk is full"));
      expect(add.mock.calls.map(([{ timeout }]) => timeout)).toEqual([time, time, 0]);
      expect(JSON.parse(window.localStorage.getItem("picket.preferences") ?? "").messageTime).toBe(time);
    },
  );

  it("are spoken unless they are errors, which are alerts", () => {
    const said: string[] = [];
    const toasts = new Toasts((text) => said.push(text));
    toasts.done("Resolved 3 issues", { detail: "1 of 4 was so already and is skipped." });
    toasts.note("Nothing to undo", { detail: "" });
    toasts.stays("Interrupted");
    toasts.failed("Not saved", new Error("the disk is full"));
    expect(said).toEqual([
      "Resolved 3 issues. 1 of 4 was so already and is skipped.",
      "Nothing to undo",
      "Interrupted",
    ]);
  });

  it("go with the store that they offer something for", () => {
    const toasts = new Toasts();
    const close = vi.spyOn(toasts.manager, "close");
    const ids: string[] = [];
    const { add } = toasts.manager;
    vi.spyOn(toasts.manager, "add").mockImplementation((options) => {
      const id = add(options);
      ids.push(id);
      return id;
    });
    const action = { label: "Undo", run: () => undefined };
    toasts.done("Resolved 3 issues", { action });
    toasts.done("Copied 3 issues");
    toasts.note("Own bindings reset", { action, ofDevice: true });
    toasts.stays("Interrupted", { second: action });
    toasts.storeChanged();
    expect(close.mock.calls.map(([id]) => id)).toEqual([ids[0], ids[3]]);
  });

  it("go when what they offer was done another way", () => {
    const toasts = new Toasts();
    const close = vi.spyOn(toasts.manager, "close");
    const ids: string[] = [];
    const { add } = toasts.manager;
    vi.spyOn(toasts.manager, "add").mockImplementation((options) => {
      const id = add(options);
      ids.push(id);
      return id;
    });
    const run = () => undefined;
    toasts.done("Resolved 3 issues", { action: { label: "Undo", entry: "7", run } });
    toasts.done("Archived 2 issues", { action: { label: "Undo", entry: "8", run } });
    toasts.note("Stopped", {
      action: { label: "Redo", entry: "9", run },
      second: { label: "Continue", entry: "7", run },
    });
    toasts.entryTurned("7");
    expect(close.mock.calls.map(([id]) => id)).toEqual([ids[0], ids[2]]);
  });
});
