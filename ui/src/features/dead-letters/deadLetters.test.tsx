import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import { HostError } from "@/ipc";
import { testIds } from "@/lib/testIds";
import { accessibilityProblems } from "@/test/axe";
import { press, renderApp, runFeed } from "@/test/renderApp";
import { ACTS_ON, replayText } from "./useLetterActions";

const rows = () => screen.queryAllByTestId(testIds.deadLetterRow);

function cursorRow(): HTMLElement {
  const row = rows().find((candidate) => candidate.dataset.cursor !== undefined);
  if (!row) throw new Error("no row is under the cursor");
  return row;
}

const marked = () => rows().filter((row) => row.getAttribute("aria-selected") === "true");
const total = () => Number(screen.getByTestId(testIds.deadLetterTotal).dataset.total);
const button = (name: "replay" | "discard" | "restore") => screen.getByTestId(testIds.deadLetterAction(name));

async function open(at = "/dead-letters", options = {}) {
  const app = await renderApp({ at, ...options });
  await waitFor(() => expect(rows().length).toBeGreaterThan(0));
  // The list takes the keyboard when it is there.
  await waitFor(() => expect(document.activeElement).toBe(screen.getByTestId(testIds.deadLetterList)));
  return app;
}

/** The detail, once it is about the letter under the cursor. */
async function detail(): Promise<HTMLElement> {
  return waitFor(() => {
    const found = screen.getByTestId(testIds.deadLetterDetail);
    expect(found.dataset.letterId).toBe(cursorRow().dataset.letterId);
    return found;
  });
}

describe("the list of dead letters", () => {
  it("is reached by key and counted in the rail", async () => {
    const { host, router } = await renderApp();
    press("g");
    press("d");
    await waitFor(() => expect(router.state.location.pathname).toBe("/dead-letters"));
    const { total: waiting } = await host.deadLetters({ state: "new", reason: null, limit: 1 });
    await waitFor(() =>
      expect(screen.getByTestId(testIds.deadLetterCount).dataset.count).toBe(String(waiting)),
    );
    await waitFor(() => expect(total()).toBe(waiting));
  });

  it("moves and marks by key", async () => {
    await open();
    press("j");
    press("ArrowDown");
    press("k");
    expect(cursorRow().dataset.index).toBe("1");
    press("x");
    expect(marked().map((row) => row.dataset.index)).toEqual(["1"]);
    press("J", { shiftKey: true });
    press("J", { shiftKey: true });
    expect(marked().map((row) => row.dataset.index)).toEqual(["1", "2", "3"]);
    expect(cursorRow().dataset.index).toBe("3");
    press("x");
    expect(marked().length).toBe(2);
    press("Escape");
    expect(marked().length).toBe(0);
    press("End");
    // A page without layout does not scroll, so the last row is named but not drawn.
    const list = screen.getByTestId(testIds.deadLetterList);
    expect(list.getAttribute("aria-activedescendant")).toBe(`letter-row-${total() - 1}`);
    press("g");
    press("g");
    expect(cursorRow().dataset.index).toBe("0");
    press("a", { ctrlKey: true });
    expect(button("replay").textContent).toContain(`Replay ${total()}`);
  });

  it("marks by click, from here to there with Shift", async () => {
    await open();
    fireEvent.click(rows()[2]?.querySelector("[data-mark]") as Element);
    expect(marked().length).toBe(1);
    fireEvent.click(rows()[5] as Element, { shiftKey: true });
    expect(marked().map((row) => row.dataset.index)).toEqual(["2", "3", "4", "5"]);
    fireEvent.click(rows()[4] as Element, { ctrlKey: true });
    expect(marked().length).toBe(3);
  });

  it("filters by state and by reason, and keeps both in the address", async () => {
    const { host, router } = await open();
    fireEvent.click(within(screen.getByTestId(testIds.deadLetterState)).getByRole("radio", { name: "All" }));
    const all = await host.deadLetters({ state: null, reason: null, limit: 1 });
    await waitFor(() => expect(total()).toBe(all.total));
    expect(router.state.location.search).toEqual({ state: "all" });
    await act(() => router.navigate({ to: "/dead-letters", search: { reason: "invalid_payload" } }));
    const some = await host.deadLetters({ state: "new", reason: "invalid_payload", limit: 1 });
    await waitFor(() => expect(total()).toBe(some.total));
    expect(new Set(rows().map((row) => row.dataset.reason))).toEqual(new Set(["invalid_payload"]));
    expect(screen.getByTestId(testIds.deadLetterReason).dataset.value).toBe("invalid_payload");
  });

  it("stands still while letters arrive, and shows them on request", async () => {
    const { host } = await open();
    press("j");
    const id = cursorRow().dataset.letterId;
    await act(async () => void (await host.feedStart("demo")));
    await runFeed(host, 120);
    await act(async () => void (await host.feedStop()));
    expect(cursorRow().dataset.letterId).toBe(id);
    const arrived = await screen.findByRole("button", { name: /\d+ new/ });
    expect(cursorRow().dataset.index).toBe("1");
    press(".");
    await waitFor(() => expect(arrived.isConnected).toBe(false));
    expect(cursorRow().dataset.letterId).toBe(id);
    expect(Number(cursorRow().dataset.index)).toBeGreaterThan(1);
  });

  it("says that there is nothing", async () => {
    await renderApp({ at: "/dead-letters", letters: 0 });
    expect(await screen.findByText("Every record so far could be read")).toBeTruthy();
    expect(screen.queryByTestId(testIds.deadLetterCount)).toBeNull();
    expect(await accessibilityProblems()).toEqual([]);
  });

  it("says that no letter has the reason, and leads back", async () => {
    await renderApp({ at: "/dead-letters?reason=internal_error" });
    expect(await screen.findByText(/Nothing is set aside for “internal error”/)).toBeTruthy();
    fireEvent.click(screen.getByRole("button", { name: "Show every reason" }));
    await waitFor(() => expect(rows().length).toBeGreaterThan(0));
  });

  it("draws a thousand letters with fewer than 3 000 nodes", async () => {
    await open("/dead-letters?state=all", { letters: 1_500 });
    expect(screen.getByTestId(testIds.deadLetterTotal).textContent).toMatch(/newest 1\s000 of 1\s500/);
    expect(document.querySelectorAll("*").length).toBeLessThan(3_000);
  });

  it("passes axe, with marks and a letter open", async () => {
    await open();
    press("x");
    await detail();
    expect(await accessibilityProblems()).toEqual([]);
  });
});

describe("the letter under the cursor", () => {
  /** Opens the first letter whose detail contains a text. */
  async function letterWith(text: string): Promise<HTMLElement> {
    await open("/dead-letters?state=all");
    const row = rows().find((candidate) => candidate.textContent?.includes(text));
    if (!row) throw new Error(`no letter says ${text}`);
    fireEvent.click(row);
    return detail();
  }

  it("points at the line and column where JSON broke", async () => {
    const found = await letterWith("at line 1 column");
    const place = within(found).getByTestId(testIds.deadLetterPlace);
    expect(place.textContent).toContain("Line 1, column 52");
    expect(place.querySelector("mark")?.textContent).toBe('"');
    expect(place.textContent).toContain('"level":"error" "tags"');
    expect(within(found).queryByRole("tab", { name: "Decoded" })).toBeNull();
    expect(within(found).getByTestId(testIds.deadLetterValue("text")).textContent).toContain('{"id":"a1"');
  });

  it("marks the field in the decoded value", async () => {
    const found = await letterWith("type: expected the number");
    expect(within(found).getByTestId(testIds.deadLetterPlace).textContent).toBe("Attype");
    const decoded = within(found).getByTestId(testIds.deadLetterValue("decoded"));
    await waitFor(() =>
      expect(decoded.querySelector("[data-marked]")?.textContent).toContain('"type": 9999'),
    );
  });

  it("says that a field is missing and marks what should hold it", async () => {
    const found = await letterWith("evidence_display[1].important is missing");
    expect(within(found).getByTestId(testIds.deadLetterPlace).textContent).toContain("Missing");
    const decoded = within(found).getByTestId(testIds.deadLetterValue("decoded"));
    await waitFor(() => expect(decoded.querySelector("[data-marked]")).toBeTruthy());
  });

  it("names both places where neither schema fits", async () => {
    const found = await letterWith("fits neither schema");
    const place = within(found).getByTestId(testIds.deadLetterPlace);
    expect(place.textContent).toContain("event.level");
    expect(place.textContent).toContain("event.tags");
  });

  it("shows bytes that are no text as hex, at the place", async () => {
    const found = await letterWith("not UTF-8 from byte 3");
    expect(within(found).getByTestId(testIds.deadLetterPlace).querySelector("mark")?.textContent).toBe("ff");
    expect(within(found).getByTestId(testIds.deadLetterValue("hex")).textContent).toContain(
      "00000000  7b 22",
    );
    expect(within(found).queryByRole("tab", { name: "Text" })).toBeNull();
    fireEvent.click(within(found).getByRole("tab", { name: "Base64" }));
    expect(within(found).getByTestId(testIds.deadLetterValue("base64")).textContent).toMatch(/^[\w+/=]+$/);
  });

  it("says what the reason means, what to do, and where the record lies", async () => {
    const found = await letterWith("there is no project");
    expect(found.textContent).toContain("The project it names does not exist here.");
    expect(found.textContent).toContain("Create the project");
    for (const fact of ["Topic", "Partition", "Offset", "Key"]) expect(found.textContent).toContain(fact);
  });

  it("takes the keyboard on Enter", async () => {
    await open();
    press("Enter");
    expect(document.activeElement).toBe(await detail());
  });

  it("says when it is gone", async () => {
    const { host } = await open();
    host.deadLetter = () =>
      Promise.reject(
        new HostError({ code: "not_found", message: "This record is gone.", detail: null, retryable: false }),
      );
    press("j");
    expect(await screen.findByText("This record is gone.")).toBeTruthy();
  });
});

describe("replaying, discarding and restoring", () => {
  it("says exactly how each replayed record ended", async () => {
    await open();
    const before = total();
    press("a", { ctrlKey: true });
    press("r");
    const toast = await screen.findByTestId(testIds.toast);
    const text = toast.textContent ?? "";
    const [stored, dropped, failed] = [/(\d+) stored/, /(\d+) dropped/, /(\d+) failed again/].map((pattern) =>
      Number(pattern.exec(text)?.[1]),
    ) as [number, number, number];
    expect(stored + dropped + failed).toBe(before);
    await waitFor(() => expect(total()).toBe(failed));
  });

  it("works in parts, shows how far it is, and stops on request", async () => {
    const { host } = await open("/dead-letters", { letters: 400 });
    const { deadLettersReplay } = host;
    const calls: number[] = [];
    let release: () => void = () => undefined;
    host.deadLettersReplay = async (ids) => {
      calls.push(ids.length);
      await new Promise<void>((resolve) => {
        release = resolve;
      });
      return deadLettersReplay(ids);
    };
    press("a", { ctrlKey: true });
    press("r");
    const progress = await screen.findByTestId(testIds.deadLetterProgress);
    expect(progress.dataset.done).toBe("0");
    await act(async () => release());
    await waitFor(() => expect(screen.getByTestId(testIds.deadLetterProgress).dataset.done).toBe("50"));
    fireEvent.click(screen.getByTestId(testIds.deadLetterAction("cancel")));
    await act(async () => release());
    const toast = await screen.findByTestId(testIds.toast);
    expect(toast.textContent).toMatch(/^Stopped: /);
    expect(calls).toEqual([50, 50]);
    expect(within(toast).getByTestId(testIds.toastAction).textContent).toMatch(/^Replay the other \d+$/);
    await waitFor(() => expect(screen.queryByTestId(testIds.deadLetterProgress)).toBeNull());
  });

  it("discards the row under the cursor, goes to the next one, and takes it back", async () => {
    await open();
    press("j");
    const id = cursorRow().dataset.letterId;
    const next = rows()[2]?.dataset.letterId;
    const before = total();
    press("#");
    const toast = await screen.findByTestId(testIds.toast);
    expect(toast.textContent).toContain("Discarded 1 record.");
    await waitFor(() => expect(total()).toBe(before - 1));
    expect(cursorRow().dataset.letterId).toBe(next);
    fireEvent.click(within(toast).getByTestId(testIds.toastAction));
    await waitFor(() => expect(total()).toBe(before));
    expect(rows().some((row) => row.dataset.letterId === id)).toBe(true);
    press("Z", { ctrlKey: true, shiftKey: true });
    await waitFor(() => expect(total()).toBe(before - 1));
    press("z", { ctrlKey: true });
    await waitFor(() => expect(total()).toBe(before));
  });

  it("is not taken back while a replay runs, but after it", async () => {
    const { host } = await open("/dead-letters", { letters: 60 });
    const { deadLettersReplay } = host;
    press("#");
    await screen.findByText("Discarded 1 record.");
    await waitFor(() => expect(marked()).toEqual([]));
    const restored = vi.spyOn(host, "deadLettersRestore");
    let release: () => void = () => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    host.deadLettersReplay = (ids) => released.then(() => deadLettersReplay(ids));
    press("r");
    await screen.findByTestId(testIds.deadLetterProgress);
    press("z", { ctrlKey: true });
    expect(await screen.findByText(/^Wait until the work on the records has finished/)).toBeTruthy();
    expect(restored).not.toHaveBeenCalled();
    await act(async () => release());
    await waitFor(() => expect(screen.queryByTestId(testIds.deadLetterProgress)).toBeNull());
    press("z", { ctrlKey: true });
    expect(await screen.findByText("Restored 1 record.")).toBeTruthy();
  });

  it("restores what was discarded, and says why it cannot replay it", async () => {
    await open("/dead-letters?state=discarded");
    expect(button("replay").getAttribute("aria-disabled")).toBe("true");
    expect(button("replay").dataset.tip).toBe("it is not new any more");
    const before = total();
    press("u");
    await waitFor(() => expect(total()).toBe(before - 1));
    expect((await screen.findByTestId(testIds.toast)).textContent).toContain("Restored 1 record.");
  });

  it("acts on those it fits among the marked ones, and says how many", async () => {
    await open("/dead-letters?state=all");
    press("a", { ctrlKey: true });
    const fits = rows().length > 0 && /Replay (\d+) of (\d+)/.exec(button("replay").textContent ?? "");
    expect(fits && Number(fits[1]) < Number(fits[2])).toBe(true);
  });

  it("says what failed and offers to go on", async () => {
    const { host } = await open();
    host.failWith = new HostError({
      code: "store_unavailable",
      message: "The disk is full.",
      detail: null,
      retryable: true,
    });
    press("r");
    const toast = await screen.findByTestId(testIds.toast);
    expect(toast.textContent).toContain("Nothing was replayed");
    expect(toast.textContent).toContain("The disk is full.");
    host.failWith = null;
    fireEvent.click(within(toast).getByTestId(testIds.toastAction));
    await waitFor(() => expect(screen.getByTestId(testIds.toast).dataset.type).not.toBe("error"));
  });

  it("does nothing in a store that can only be read, and says so", async () => {
    await open("/dead-letters", { readOnly: "another Picket writes to it" });
    await waitFor(() => expect(button("discard").dataset.tip).toBe("the store can only be read"));
    const before = total();
    fireEvent.click(button("discard"));
    press("r");
    expect(total()).toBe(before);
    expect(screen.queryByTestId(testIds.toast)).toBeNull();
  });

  it("names its results", () => {
    expect(replayText({ stored: 12, dropped: 0, failed: 1 })).toBe("12 stored, 1 failed again");
    expect(replayText({ stored: 0, dropped: 0, failed: 0 })).toBe("Nothing was left to replay");
    expect(ACTS_ON.restore).toBe("discarded");
  });
});
