import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { HostError } from "@/ipc";
import { PEOPLE } from "@/ipc/fixture/people";
import { testIds } from "@/lib/testIds";
import { accessibilityProblems } from "@/test/axe";
import { cursorRow, findList, press, renderApp, rows } from "@/test/renderApp";

const toast = () => screen.findByTestId(testIds.toast);
const action = (name: string) => screen.getByTestId(testIds.issueAction(name));
const badge = (root: HTMLElement, kind: "status" | "priority" | "assignee") =>
  within(root).queryByTestId(testIds.badge(kind))?.dataset.value;

const refused = (message: string) =>
  new HostError({ code: "store_unavailable", message, detail: "EIO", retryable: true });

async function openList(q = "is:unresolved", options = {}) {
  const app = await renderApp({ at: `/inbox?q=${encodeURIComponent(q)}&sort=events`, ...options });
  await findList();
  return app;
}

async function openIssue(q = "is:unresolved", options = {}) {
  const app = await openList(q, options);
  press("Enter");
  const header = await screen.findByTestId(testIds.issueHeader);
  const id = header.dataset.issueId ?? "";
  // The rest of the head has been read.
  await screen.findAllByTestId(testIds.activityEntry);
  return { ...app, id };
}

/** The row as the store has it. */
async function stored(host: Awaited<ReturnType<typeof renderApp>>["host"], id: string) {
  const [row] = await host.issueRows([id]);
  if (!row) throw new Error("the issue is gone");
  return row;
}

describe("badges", () => {
  it.each([
    ["is:new", /^New$/],
    ["is:ongoing", /^Ongoing$/],
    ["is:escalating", /^Escalating$/],
    ["is:regressed", /^Regressed$/],
    ["is:resolved", /^Resolved( (in|after) \S+)?$/],
    ["is:until_escalating", /^Archived until escalating$/],
    ["is:until_condition_met", /^Archived until (condition|.*\d\d:\d\d)$/],
    ["is:forever", /^Archived forever$/],
  ])("say what %s means", async (query, word) => {
    const { host } = await openList(query);
    const row = cursorRow();
    const said = within(row).getByTestId(testIds.badge("status")).textContent ?? "";
    expect(said).toMatch(word);
    const { priority } = await stored(host, row.dataset.issueId ?? "");
    expect(badge(row, "priority")).toBe(priority);
    expect(row.getAttribute("aria-label")).toContain(`priority ${priority}`);
    expect(row.getAttribute("aria-label")).toContain(said);
  });

  it("show who has an issue, once names are known", async () => {
    await openList("is:assigned");
    await waitFor(() => expect(cursorRow().getAttribute("aria-label")).toMatch(/assigned to (#?[a-z.]+)/));
    const initials = within(cursorRow()).getByTestId(testIds.badge("assignee"));
    expect(initials.textContent).toMatch(/^(#[a-z]{2}|[A-Z]{2})$/);
  });

  it("mark what waits for review", async () => {
    await openList("is:for_review");
    expect(cursorRow().textContent).toContain("●");
    expect(cursorRow().getAttribute("aria-label")).toContain("waits for review");
  });
});

describe("the row under the cursor", () => {
  it("is resolved by e, leaves, and hands the cursor to the next one", async () => {
    const { host, services } = await openList();
    press("j");
    const id = cursorRow().dataset.issueId ?? "";
    const next = rows()[2]?.dataset.issueId;
    const before = services.inbox.list.get()?.snapshot.total ?? 0;
    press("e");
    expect((await toast()).textContent).toMatch(/^Resolved [A-Z-]+-\w+/);
    expect((await stored(host, id)).status).toBe("resolved");
    await waitFor(() => expect(cursorRow().dataset.issueId).toBe(next));
    expect(rows().some((row) => row.dataset.issueId === id)).toBe(false);
    expect(services.inbox.list.get()?.snapshot.total).toBe(before - 1);
    expect(screen.getByTestId(testIds.resultCount).dataset.total).toBe(String(before - 1));
  });

  it("comes back to its place when that is taken back", async () => {
    const { host } = await openList();
    press("j");
    const id = cursorRow().dataset.issueId ?? "";
    press("e");
    fireEvent.click(within(await toast()).getByTestId(testIds.toastAction));
    await waitFor(() => expect(rows()[1]?.dataset.issueId).toBe(id));
    await waitFor(async () => expect((await stored(host, id)).status).toBe("unresolved"));
  });

  it("is changed once however fast the key is pressed, and so is the next one", async () => {
    const { host } = await openList("level:error");
    const [first, second] = rows().map((row) => row.dataset.issueId ?? "");
    const { bulkChange } = host;
    const asked: string[] = [];
    host.bulkChange = (selection, change, onProgress) => {
      if (selection.kind === "some") asked.push(...selection.ids);
      return bulkChange(selection, change, onProgress);
    };
    press("e");
    press("e");
    press("j");
    press("e");
    await waitFor(() => expect(screen.getAllByTestId(testIds.toast).length).toBe(2));
    expect(asked).toEqual([first, second]);
  });

  it("stays where it is, with its new badge, when the query still asks for it", async () => {
    await openList("level:error");
    const id = cursorRow().dataset.issueId;
    press("i");
    await toast();
    await waitFor(() => expect(badge(cursorRow(), "status")).toBe("archived_until_escalating"));
    expect(cursorRow().dataset.issueId).toBe(id);
  });

  it.each([
    ["i", {}, "archived_until_escalating", /^Archived .* until it escalates/],
    ["I", { shiftKey: true }, "archived_forever", /^Archived .* forever/],
  ])("is archived by %s", async (key, modifiers, substatus, said) => {
    const { host } = await openList();
    const id = cursorRow().dataset.issueId ?? "";
    press(key, modifiers);
    expect((await toast()).textContent).toMatch(said);
    expect((await stored(host, id)).substatus).toBe(substatus);
  });

  it("is unresolved by o o", async () => {
    const { host } = await openList("is:resolved");
    const id = cursorRow().dataset.issueId ?? "";
    press("o");
    press("o");
    expect((await toast()).textContent).toContain("is unresolved again");
    expect(await stored(host, id)).toMatchObject({ status: "unresolved", substatus: "ongoing" });
  });

  it("is reviewed by Shift+r, and leaves what waits for review", async () => {
    const { host } = await openList("is:for_review");
    const id = cursorRow().dataset.issueId ?? "";
    press("R", { shiftKey: true });
    expect((await toast()).textContent).toMatch(/^Marked .* as reviewed/);
    expect(await stored(host, id)).toMatchObject({ substatus: "ongoing", inbox_reason: null });
    await waitFor(() => expect(cursorRow().dataset.issueId).not.toBe(id));
  });

  it("says when there is nothing to review", async () => {
    await openList("is:ongoing");
    press("R", { shiftKey: true });
    expect((await toast()).textContent).toContain("stays as it is: it does not wait for review");
  });

  it("is assigned by a and typing", async () => {
    const { host } = await openList("is:unassigned level:error");
    const id = cursorRow().dataset.issueId ?? "";
    press("a");
    const input = await screen.findByTestId(testIds.assignInput);
    await waitFor(() => expect(document.activeElement).toBe(input));
    expect(await accessibilityProblems()).toEqual([]);
    // Letters go into the field, not to the list below.
    press("e");
    expect(screen.queryByTestId(testIds.toast)).toBeNull();
    fireEvent.change(input, { target: { value: "chen" } });
    const [best] = await screen.findAllByRole("option");
    expect(best?.textContent).toContain("chen.wei");
    press("Enter");
    expect((await toast()).textContent).toMatch(/^Assigned .* to chen.wei/);
    expect((await stored(host, id)).assignee).toBe("user:9");
    // The keyboard is back in the list.
    await waitFor(() => expect(document.activeElement).toBe(screen.getByTestId(testIds.issueList)));
  });

  it("is given away, and the chooser marks who has it", async () => {
    const { host } = await openList("is:assigned");
    const id = cursorRow().dataset.issueId ?? "";
    press("a");
    const input = await screen.findByTestId(testIds.assignInput);
    await waitFor(() => expect(screen.getAllByRole("option").length).toBe(9));
    const chosen = screen
      .getAllByRole("option")
      .find((option) => option.getAttribute("aria-selected") === "true");
    expect(chosen?.dataset.value).toBe((await stored(host, id)).assignee);
    fireEvent.change(input, { target: { value: "nobody" } });
    await waitFor(() => expect(document.activeElement).toBe(input));
    press("Enter");
    expect((await toast()).textContent).toMatch(/^Nobody has .* any more/);
    expect((await stored(host, id)).assignee).toBeNull();
  });

  it("says of several issues who has them and which priorities they have, where they differ", async () => {
    const { host, services } = await openList("is:unresolved");
    press("x");
    press("j");
    press("x");
    press("j");
    press("x");
    const chosen = rows().flatMap((row) => (row.ariaSelected === "true" ? (row.dataset.issueId ?? []) : []));
    const [a = "", b = "", c = ""] = chosen;
    const set = async (ids: string[], priority: "high" | "low", assignee: string | null) => {
      const selection = { kind: "some" as const, ids };
      await host.bulkChange(selection, { kind: "set_priority", priority }, () => undefined);
      await host.bulkChange(selection, { kind: "assign", assignee }, () => undefined);
    };
    const [user] = (await host.people()).users;
    await act(async () => {
      await set([a, b], "high", `user:${user?.id}`);
      await set([c], "low", null);
      await services.rows.reread(chosen);
    });
    const held = () =>
      screen.getAllByRole("option").flatMap((option) => {
        const [words] = /\d of 3/.exec(option.textContent ?? "") ?? [];
        return words && option.ariaChecked === "mixed" ? [`${option.dataset.value} ${words}`] : [];
      });
    press("p");
    await screen.findByTestId(testIds.priorityInput);
    await waitFor(() => expect(held()).toEqual(["high 2 of 3", "low 1 of 3"]));
    press("Escape");
    await waitFor(() => expect(screen.queryByTestId(testIds.priorityInput)).toBeNull());
    press("a");
    await screen.findByTestId(testIds.assignInput);
    await waitFor(() => expect(held()).toEqual([`user:${user?.id} 2 of 3`, " 1 of 3"]));
    press("Escape");
    await waitFor(() => expect(screen.queryByTestId(testIds.assignInput)).toBeNull());
    // Where they are all the same there is nothing to tell apart.
    await act(async () => {
      await set(chosen, "high", null);
      await services.rows.reread(chosen);
    });
    press("p");
    await screen.findByTestId(testIds.priorityInput);
    await waitFor(() => expect(screen.getByText(/chosen now/)).toBeTruthy());
    expect(held()).toEqual([]);
  });

  it("gets a priority by p, and Escape leaves it as it was", async () => {
    const { host } = await openList("level:error");
    const id = cursorRow().dataset.issueId ?? "";
    press("p");
    await screen.findByTestId(testIds.priorityInput);
    press("Escape");
    await waitFor(() => expect(screen.queryByTestId(testIds.priorityInput)).toBeNull());
    await waitFor(() => expect(document.activeElement).toBe(screen.getByTestId(testIds.issueList)));
    press("p");
    const input = await screen.findByTestId(testIds.priorityInput);
    await waitFor(() => expect(document.activeElement).toBe(input));
    press("ArrowUp");
    press("Enter");
    expect((await toast()).textContent).toMatch(/^Priority of .* is high/);
    expect((await stored(host, id)).priority).toBe("high");
    await waitFor(() => expect(badge(cursorRow(), "priority")).toBe("high"));
  });

  it("says why it stays as it is", async () => {
    await openList("is:forever");
    press("I", { shiftKey: true });
    const said = await toast();
    expect(said.dataset.type).toBe("note");
    expect(said.textContent).toContain("stays as it is: it is archived that way already");
  });

  it("says what failed, why and what to do, and tries again", async () => {
    const { host } = await openList();
    const id = cursorRow().dataset.issueId ?? "";
    host.failWith = refused("The disk is full.");
    press("e");
    const said = await toast();
    expect(said.dataset.type).toBe("error");
    expect(said.textContent).toMatch(/could not be resolved/);
    expect(said.textContent).toContain("The disk is full.");
    expect(said.textContent).toContain("Check that the disk is there");
    expect(await accessibilityProblems()).toEqual([]);
    host.failWith = null;
    fireEvent.click(within(said).getByTestId(testIds.toastAction));
    await waitFor(async () => expect((await stored(host, id)).status).toBe("resolved"));
  });

  it("cannot be changed in a store that can only be read", async () => {
    const { services } = await openList("is:unresolved", { readOnly: "another Picket writes to it" });
    await waitFor(() => {
      const resolve = services.keyboard.actions().find((other) => other.id === "triage.resolve");
      expect(resolve?.unavailable).toBe("the store can only be read");
    });
    press("e");
    press("a");
    expect(screen.queryByTestId(testIds.toast)).toBeNull();
    expect(screen.queryByTestId(testIds.assignInput)).toBeNull();
  });

  it("is what palette and help sheet speak about", async () => {
    const { host } = await openList();
    const id = cursorRow().dataset.issueId ?? "";
    press("?");
    const sheet = await screen.findByTestId(testIds.helpSheet);
    for (const title of ["Resolve", "Archive until…", "Assign…", "Set priority…", "Unresolve"]) {
      expect(sheet.textContent).toContain(title);
    }
    press("Escape");
    await waitFor(() => expect(screen.queryByTestId(testIds.helpSheet)).toBeNull());
    press("k", { ctrlKey: true });
    const input = await screen.findByRole("combobox", { name: "Search commands" });
    fireEvent.change(input, { target: { value: "assign to me" } });
    fireEvent.keyDown(input, { key: "Enter" });
    await waitFor(async () => expect((await stored(host, id)).assignee).toBe(`user:${PEOPLE.me}`));
  });
});

describe("the open issue", () => {
  it("is resolved, and says so in its head and its history", async () => {
    const { host, id } = await openIssue();
    press("e");
    await toast();
    expect((await stored(host, id)).status).toBe("resolved");
    const header = screen.getByTestId(testIds.issueHeader);
    await waitFor(() => expect(badge(header, "status")).toBe("resolved"));
    await waitFor(() =>
      expect(screen.getAllByTestId(testIds.activityEntry)[0]?.textContent).toContain("ana resolved it"),
    );
    expect(screen.getByTestId(testIds.issueState).textContent).toContain(
      "It comes back with the next event.",
    );
    expect(action("resolve").getAttribute("aria-disabled")).toBe("true");
    expect(action("resolve").dataset.tip).toBe("it is resolved already");
    // The screen stays; only the list knows that it has gone.
    expect(screen.getByTestId(testIds.issueHeader).dataset.issueId).toBe(id);
  });

  it("is resolved in a release that is found by typing", async () => {
    const { host, id } = await openIssue();
    press("E", { shiftKey: true });
    const input = await screen.findByTestId(testIds.releaseInput);
    await waitFor(() => expect(screen.getAllByRole("option").length).toBe(5));
    await waitFor(() => expect(document.activeElement).toBe(input));
    expect(await accessibilityProblems()).toEqual([]);
    fireEvent.change(input, { target: { value: "2.4.1" } });
    press("Enter");
    expect((await toast()).textContent).toMatch(/^Resolved .* in 2\.4\.1/);
    await waitFor(() => expect(screen.queryByTestId(testIds.releaseInput)).toBeNull());
    expect((await host.issueDetail(id)).resolution).toMatchObject({ release: "2.4.1", kind: "in_release" });
    await waitFor(() =>
      expect(screen.getByTestId(testIds.issueState).textContent).toContain(
        "when it is seen in 2.4.1 or later",
      ),
    );
  });

  it("keeps the dialog open when a release is refused", async () => {
    const { host } = await openIssue();
    press("E", { shiftKey: true });
    await waitFor(() => expect(screen.getAllByRole("option").length).toBe(5));
    await waitFor(() => expect(document.activeElement).toBe(screen.getByTestId(testIds.releaseInput)));
    host.failWith = new HostError({
      code: "invalid_input",
      message: "The project has no release “2.4.2”.",
      detail: null,
      retryable: false,
    });
    press("Enter");
    expect(await screen.findByText("The project has no release “2.4.2”.")).toBeTruthy();
    expect(screen.getByTestId(testIds.releaseInput)).toBeTruthy();
    expect(screen.queryByTestId(testIds.toast)).toBeNull();
  });

  it("says what to do where a project has no releases, and when they cannot be read", async () => {
    const { host } = await openIssue("project:notify is:unresolved");
    press("E", { shiftKey: true });
    expect(await screen.findByText(/This project has no releases yet/)).toBeTruthy();
    press("Escape");
    await waitFor(() => expect(screen.queryByTestId(testIds.releaseInput)).toBeNull());
    host.projectReleases = () => Promise.reject(refused("The store is away."));
    press("]");
    await waitFor(() => expect(screen.getByTestId(testIds.issueHeader)).toBeTruthy());
  });

  it("has menus for the other ways, with their keys", async () => {
    const { host, id } = await openIssue();
    fireEvent.click(action("resolve-menu"));
    const menu = await screen.findByRole("menu");
    expect(menu.textContent).toContain("In a release…");
    expect(await accessibilityProblems()).toEqual([]);
    fireEvent.click(screen.getByTestId(testIds.issueAction("resolve-next")));
    expect((await toast()).textContent).toMatch(/in the next release/);
    expect((await host.issueDetail(id)).resolution?.kind).toBe("in_next_release");
    await waitFor(() => expect(screen.queryByRole("menu")).toBeNull());
    fireEvent.click(action("archive-menu"));
    fireEvent.click(await screen.findByTestId(testIds.issueAction("archive-forever")));
    await waitFor(async () => expect((await stored(host, id)).substatus).toBe("archived_forever"));
  });

  it("gets its priority from Alt and a digit, and keeps p for occurrences", async () => {
    const { host, id } = await openIssue("level:error is:unresolved");
    fireEvent.keyDown(document.body, { key: "¡", code: "Digit1", altKey: true });
    expect((await toast()).textContent).toContain("is high");
    expect((await stored(host, id)).priority).toBe("high");
    await waitFor(() => expect(action("priority").textContent).toContain("High"));
    await waitFor(() =>
      expect(screen.getByTestId(testIds.issueState).textContent).toContain(
        "The priority stays as it was chosen.",
      ),
    );
    press("p");
    expect(screen.queryByTestId(testIds.priorityInput)).toBeNull();
  });

  it("is assigned from its button, which then carries the name", async () => {
    const { host, id } = await openIssue("is:unassigned is:unresolved");
    fireEvent.click(action("assign"));
    const input = await screen.findByTestId(testIds.assignInput);
    fireEvent.change(input, { target: { value: "core" } });
    await waitFor(() => expect(screen.getAllByRole("option")[0]?.dataset.value).toBe("team:3"));
    fireEvent.keyDown(input, { key: "Enter" });
    await waitFor(async () => expect((await stored(host, id)).assignee).toBe("team:3"));
    await waitFor(() => expect(action("assign").textContent).toContain("#core"));
    await waitFor(() =>
      expect(screen.getAllByTestId(testIds.activityEntry)[0]?.textContent).toContain("assigned it to #core"),
    );
  });

  it("waits for review until it is marked", async () => {
    const { host, id } = await openIssue("is:for_review");
    expect(screen.getByTestId(testIds.issueHeader).textContent).toContain("Waits for review");
    fireEvent.click(action("review"));
    await waitFor(async () => expect((await stored(host, id)).inbox_reason).toBeNull());
    await waitFor(() => expect(screen.queryByTestId(testIds.issueAction("review"))).toBeNull());
  });

  it("reads its history in words, down to the first sighting", async () => {
    await openIssue();
    const entries = screen.getAllByTestId(testIds.activityEntry);
    expect(entries.at(-1)?.dataset.kind).toBe("FIRST_SEEN");
    expect(entries.at(-1)?.textContent).toMatch(/First seen, with priority/);
    press("A", { shiftKey: true });
    expect(document.activeElement?.textContent).toBe("Activity");
  });

  it("says so when its history cannot be read", async () => {
    const { host } = await openIssue();
    host.issueActivities = () => Promise.reject(refused("The history is away."));
    press("]");
    expect(await screen.findByText("The history is away.")).toBeTruthy();
    expect(screen.getByTestId(testIds.issueHeader)).toBeTruthy();
  });

  it("reads older entries on request", async () => {
    const app = await openIssue();
    const many = Array.from({ length: 75 }, (_, at) => ({
      kind: "NOTE",
      at: 1_000_000 - at,
      actor: "ana",
      data: JSON.stringify({ text: `note ${at}` }),
    }));
    app.host.issueActivities = async (_, limit) => many.slice(0, limit);
    press("]");
    fireEvent.click(await screen.findByTestId(testIds.activityMore));
    await waitFor(() => expect(screen.getAllByTestId(testIds.activityEntry).length).toBe(60));
    fireEvent.click(screen.getByTestId(testIds.activityMore));
    await waitFor(() => expect(screen.getAllByTestId(testIds.activityEntry).length).toBe(75));
    expect(screen.queryByTestId(testIds.activityMore)).toBeNull();
  });

  it("passes axe", async () => {
    await openIssue("is:for_review is:assigned");
    expect(await accessibilityProblems()).toEqual([]);
  });
});

describe("the snooze chooser", () => {
  async function openChooser() {
    const app = await openIssue();
    press("h");
    await screen.findByTestId(testIds.snoozeConfirm);
    await waitFor(() => expect(document.activeElement?.getAttribute("role")).toBe("radio"));
    return app;
  }
  const choose = (name: string) => fireEvent.click(screen.getByTestId(testIds.snoozeChoice(name)));
  const type = (name: string, value: string) =>
    fireEvent.change(screen.getByTestId(testIds.snoozeField(name)), { target: { value } });

  it("archives for a while with one Enter", async () => {
    const { host, id } = await openChooser();
    expect(screen.getByTestId(testIds.snoozeChoice("2h")).getAttribute("aria-checked")).toBe("true");
    expect(screen.getByTestId(testIds.snoozeSummary).textContent).toBe("Archives it for 2 hours.");
    press("Enter");
    expect((await toast()).textContent).toMatch(/^Archived .* for 2 hours/);
    const { snooze } = await host.issueDetail(id);
    expect(snooze?.until).toBe(host.store.now() + 2 * 3_600_000);
    await waitFor(() => expect(screen.queryByTestId(testIds.snoozeConfirm)).toBeNull());
    await waitFor(() =>
      expect(screen.getByTestId(testIds.issueState).textContent).toMatch(/^Archived until /),
    );
  });

  it("archives until a day that is typed", async () => {
    const { host, id } = await openChooser();
    choose("day");
    fireEvent.click(screen.getByTestId(testIds.snoozeConfirm));
    await screen.findByText(/^Write it as 2027-01-31/);
    expect(screen.getByTestId(testIds.snoozeField("day")).getAttribute("aria-invalid")).toBe("true");
    expect(await accessibilityProblems()).toEqual([]);
    const at = new Date(Date.now() + 3 * 86_400_000);
    const part = (value: number) => String(value).padStart(2, "0");
    type("day", `${at.getFullYear()}-${part(at.getMonth() + 1)}-${part(at.getDate())} 07:15`);
    expect(screen.getByTestId(testIds.snoozeSummary).textContent).toMatch(/^Archives it until .*07:15\.$/);
    fireEvent.click(screen.getByTestId(testIds.snoozeConfirm));
    await toast();
    const { snooze } = await host.issueDetail(id);
    const left = at.setHours(7, 15, 0, 0) - Date.now();
    expect(Math.abs((snooze?.until ?? 0) - host.store.now() - left)).toBeLessThan(2 * 60_000);
  });

  it("archives until it is seen so often within a time, and remembers that", async () => {
    const { host, id } = await openChooser();
    choose("times");
    type("count", "25");
    type("window", "3");
    expect(screen.getByTestId(testIds.snoozeSummary).textContent).toBe(
      "Archives it until it is seen 25 times within 3 hours.",
    );
    fireEvent.click(screen.getByTestId(testIds.snoozeConfirm));
    await toast();
    expect((await host.issueDetail(id)).snooze).toMatchObject({
      count: 25,
      window_minutes: 180,
      until: null,
    });
    await waitFor(() => expect(screen.queryByTestId(testIds.snoozeConfirm)).toBeNull());
    press("h");
    await screen.findByTestId(testIds.snoozeConfirm);
    expect(screen.getByTestId(testIds.snoozeChoice("times")).getAttribute("aria-checked")).toBe("true");
    expect(screen.getByTestId(testIds.snoozeField("count"))).toHaveProperty("value", "25");
  });

  it("takes whichever comes first", async () => {
    const { host, id } = await openChooser();
    choose("custom");
    type("duration", "1");
    type("count", "");
    type("users", "7");
    type("users-window", "2");
    fireEvent.click(screen.getByTestId(testIds.snoozeConfirm));
    expect((await toast()).textContent).toContain("for 1 day, or until 7 users are affected within 2 hours");
    expect((await host.issueDetail(id)).snooze).toMatchObject({ user_count: 7, user_window_minutes: 120 });
  });

  it("names what is wrong beside the field, and changes nothing", async () => {
    const { host, id } = await openChooser();
    choose("times");
    type("count", "0");
    type("window", "9000");
    fireEvent.click(screen.getByTestId(testIds.snoozeConfirm));
    const count = screen.getByTestId(testIds.snoozeField("count"));
    expect(count.getAttribute("aria-invalid")).toBe("true");
    const said = document.getElementById(count.getAttribute("aria-describedby") ?? "");
    expect(said?.textContent).toBe("Enter a whole number from 1 on.");
    expect(screen.getByText("A window is between one minute and seven days long.")).toBeTruthy();
    expect(await accessibilityProblems()).toEqual([]);
    expect((await stored(host, id)).status).toBe("unresolved");
    expect(screen.queryByTestId(testIds.toast)).toBeNull();
  });

  it("stays open with what was typed when the store refuses", async () => {
    const { host } = await openChooser();
    choose("users");
    type("users", "12");
    host.failWith = refused("The disk is full.");
    fireEvent.click(screen.getByTestId(testIds.snoozeConfirm));
    expect(await screen.findByText("The disk is full.")).toBeTruthy();
    expect(screen.getByTestId(testIds.snoozeField("users"))).toHaveProperty("value", "12");
    host.failWith = null;
    fireEvent.click(screen.getByTestId(testIds.snoozeConfirm));
    expect((await toast()).textContent).toContain("until 12 more users are affected");
  });

  it("passes axe and closes on Escape without a change", async () => {
    const { host, id } = await openChooser();
    choose("custom");
    expect(await accessibilityProblems()).toEqual([]);
    press("Escape");
    await waitFor(() => expect(screen.queryByTestId(testIds.snoozeConfirm)).toBeNull());
    expect((await stored(host, id)).status).toBe("unresolved");
    // Escape closed the dialog and nothing else.
    expect(screen.getByTestId(testIds.issueHeader)).toBeTruthy();
    await act(async () => undefined);
  });
});
