import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { testIds } from "@/lib/testIds";
import { accessibilityProblems } from "@/test/axe";
import { cursorRow, findList, press, renderApp, rows } from "@/test/renderApp";
import { labelsChange, labelText, shownState, toggled } from "./labelStates";
import { noteProblem } from "./NoteDialog";
import { changeDone } from "./words";

async function openList(options = {}) {
  const app = await renderApp({ at: "/inbox?q=is%3Aunresolved&sort=events", ...options });
  await findList();
  return app;
}

const ids = () => rows().map((row) => row.dataset.issueId ?? "");
const labelsOf = (row: HTMLElement) => within(row).getByTestId(testIds.rowLabels).dataset.labels;
const input = () => screen.findByTestId(testIds.labelInput);
const option = (label: string) =>
  screen.getAllByRole("option").find(({ dataset }) => dataset.value === label) as HTMLElement;
const closed = () => waitFor(() => expect(screen.queryByTestId(testIds.labelInput)).toBeNull());
const toast = () => screen.findByTestId(testIds.toast);

async function add(label: string) {
  press("l");
  const field = await input();
  await waitFor(() => expect(document.activeElement).toBe(field));
  fireEvent.change(field, { target: { value: label } });
  await screen.findAllByRole("option");
  fireEvent.keyDown(field, { key: "Enter" });
  await closed();
}

describe("what a box of labels does", () => {
  it("goes on and off in turn, and back to what some have", () => {
    const none = toggled(new Map(), "a", "none");
    expect(shownState(none, "a", "none")).toBe("all");
    expect(toggled(none, "a", "none").size).toBe(0);
    const some = [1, 2, 3].reduce(
      (all: ReadonlyMap<string, boolean>[]) => [
        ...all,
        toggled(all.at(-1) as ReadonlyMap<string, boolean>, "a", "some"),
      ],
      [new Map()],
    );
    expect(some.map((wanted) => shownState(wanted, "a", "some"))).toEqual(["some", "all", "none", "some"]);
    expect(labelsChange(new Map())).toBeNull();
    expect(
      labelsChange(
        new Map([
          ["a", true],
          ["b", false],
        ]),
      ),
    ).toEqual({ kind: "change_labels", add: ["a"], remove: ["b"] });
  });

  it("takes only what can be a label, in lower case", () => {
    expect(labelText("  Needs Info ")).toBe("needs info");
    for (const text of ["", "  ", "a,b", "a\tb", "x".repeat(65)]) expect(labelText(text)).toBeNull();
  });
});

describe("words", () => {
  it("say which labels were put on and taken off", () => {
    const say = (add: string[], remove: string[]) =>
      changeDone({ kind: "change_labels", add, remove }, "3 issues", String);
    expect(say(["ui", "db"], [])).toBe("Put “ui”, “db” on 3 issues");
    expect(say([], ["ui"])).toBe("Took “ui” off 3 issues");
    expect(say(["ui"], ["db"])).toBe("Put “ui” on and took “db” off 3 issues");
  });

  it("say why a text is no note", () => {
    expect(noteProblem(" \n")).toBe("Write something first.");
    expect(noteProblem("é".repeat(4_097))).toContain("8 KB");
    expect(noteProblem("é".repeat(4_096))).toBeNull();
  });
});

describe("labels", () => {
  it("are put on by l, a name and Enter, are shown in the row, and are undone", async () => {
    const { host } = await openList();
    const id = cursorRow().dataset.issueId ?? "";
    await add("Backend");
    expect((await toast()).textContent).toContain("Put “backend” on");
    await waitFor(() => expect(labelsOf(cursorRow())).toBe("backend"));
    expect(cursorRow().getAttribute("aria-label")).toContain("labels backend");
    press("z", { ctrlKey: true });
    await waitFor(async () => expect((await host.issueRows([id]))[0]?.labels).toEqual([]));
    await waitFor(() => expect(labelsOf(cursorRow())).toBe(""));
  });

  it("have three states where several are selected", async () => {
    const { host } = await openList();
    await add("backend");
    await waitFor(() => expect(labelsOf(cursorRow())).toBe("backend"));
    press("x");
    press("J", { shiftKey: true });
    const chosen = ids().slice(0, 2);
    fireEvent.click(screen.getByTestId(testIds.bulk("labels")));
    const field = await input();
    await waitFor(() => expect(option("backend").getAttribute("aria-checked")).toBe("mixed"));
    expect(option("backend").textContent).toContain("1 issue");
    expect(await accessibilityProblems()).toEqual([]);
    // Ticked, and another one is created beside it.
    fireEvent.click(option("backend"));
    expect(option("backend").getAttribute("aria-checked")).toBe("true");
    fireEvent.change(field, { target: { value: "urgent" } });
    fireEvent.keyDown(field, { key: "Enter", shiftKey: true });
    expect(option("urgent").getAttribute("aria-checked")).toBe("true");
    fireEvent.keyDown(field, { key: "Enter" });
    await waitFor(async () =>
      expect((await host.issueRows(chosen)).map((row) => row.labels)).toEqual([
        ["backend", "urgent"],
        ["backend", "urgent"],
      ]),
    );
    // Off again, for both at once.
    await closed();
    press("l");
    await input();
    await waitFor(() => expect(option("urgent").getAttribute("aria-checked")).toBe("true"));
    fireEvent.click(option("urgent"));
    fireEvent.click(screen.getByTestId(testIds.labelApply));
    await waitFor(async () =>
      expect((await host.issueRows(chosen)).map((row) => row.labels)).toEqual([["backend"], ["backend"]]),
    );
  });

  it("are on all where those without them are left out", async () => {
    const { host } = await openList();
    await add("backend");
    await waitFor(() => expect(labelsOf(cursorRow())).toBe("backend"));
    press("x");
    press("J", { shiftKey: true });
    const [, other = ""] = ids();
    await act(() =>
      host.bulkChange({ kind: "some", ids: [other] }, { kind: "delete", discard: false }, () => undefined),
    );
    press("l");
    await input();
    await waitFor(() => expect(option("backend").getAttribute("aria-checked")).toBe("true"));
  });

  it("are not taken for others that happen to have their letters", async () => {
    const { host } = await openList();
    const id = cursorRow().dataset.issueId ?? "";
    await add("build");
    // “build” has both letters, and “1 issue” stands beside it.
    await add("ui");
    await add("e");
    await waitFor(async () => expect((await host.issueRows([id]))[0]?.labels).toEqual(["build", "e", "ui"]));
    // The beginning of a name is enough for it: it is taken off again.
    await add("b");
    await waitFor(async () => expect((await host.issueRows([id]))[0]?.labels).toEqual(["e", "ui"]));
  });

  it("of more than three say how many more there are", async () => {
    await openList();
    for (const label of ["a", "b", "c", "d", "e"]) await add(label);
    await waitFor(() => expect(labelsOf(cursorRow())).toBe("a,b,c,d,e"));
    expect(within(cursorRow()).getByTestId(testIds.rowLabels).textContent).toBe("abc+2");
  });
});

describe("a note", () => {
  it("is written by c and Mod+Enter on all that are selected, and stands in the activity", async () => {
    const { host } = await openList();
    press("x");
    press("J", { shiftKey: true });
    const chosen = ids().slice(0, 2);
    press("c");
    const field = await screen.findByTestId(testIds.noteInput);
    expect(screen.getByRole("dialog").textContent).toContain("Note on 2 issues");
    expect(await accessibilityProblems()).toEqual([]);
    fireEvent.keyDown(field, { key: "Enter", ctrlKey: true });
    expect((await screen.findByText("Write something first.")).textContent).toBeTruthy();
    fireEvent.change(field, { target: { value: "The pool was too small." } });
    fireEvent.keyDown(field, { key: "Enter", ctrlKey: true });
    expect((await toast()).textContent).toContain("Wrote a note on 2 issues");
    for (const id of chosen) {
      const [newest] = await host.issueActivities(id, 1);
      expect([newest?.kind, newest?.data]).toEqual(["NOTE", '{"text":"The pool was too small."}']);
    }
    await waitFor(() => expect(document.activeElement).toBe(screen.getByTestId(testIds.issueList)));
    press("Escape");
    press("Enter");
    await screen.findByTestId(testIds.issueHeader);
    const [entry] = await screen.findAllByTestId(testIds.activityEntry);
    expect(entry?.textContent).toContain("The pool was too small.");
    fireEvent.click(screen.getByTestId(testIds.issueAction("note")));
    expect(await screen.findByRole("heading", { name: /^Note on / })).toBeTruthy();
  });
});
