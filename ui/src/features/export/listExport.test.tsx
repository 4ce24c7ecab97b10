import { act, fireEvent, screen, waitFor } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import type { Job } from "@/ipc";
import { createFixtureHost } from "@/ipc/fixture";
import { testIds } from "@/lib/testIds";
import { accessibilityProblems } from "@/test/axe";
import { NOW, press, renderApp } from "@/test/renderApp";
import { acceptForm, EXPORT_DEFAULTS } from "./exportModel";
import { acceptLast, type LastExport, readLast, rememberLast } from "./lastExport";

const JOB: Job = {
  id: "7",
  title: "=1+1, whoever named it",
  state: "done",
  done: 4_000,
  total: 4_000,
  skipped: 0,
  started_at: NOW - 3_600_000,
  ended_at: NOW - 3_599_000,
  journal: "3",
  problem: null,
  removes: false,
  takes_back: null,
};

const preview = () => screen.getByTestId(testIds.exportPreview).textContent ?? "";

async function openDialog(): Promise<HTMLElement> {
  press("e", { ctrlKey: true });
  const dialog = await screen.findByTestId(testIds.exportDialog);
  const path = () => screen.getByTestId(testIds.exportPath) as HTMLInputElement;
  await waitFor(() => expect(dialog.dataset.rows).toBeTruthy());
  await waitFor(() => expect(path().value).toBeTruthy());
  return dialog;
}

async function written(host: ReturnType<typeof createFixtureHost>): Promise<string[]> {
  fireEvent.click(screen.getByTestId(testIds.exportButton("write")));
  await screen.findByTestId(testIds.exportResult);
  const [text = ""] = host.files.values();
  return text.trimEnd().split("\r\n");
}

/** A journal with two entries. */
async function journal() {
  const host = createFixtureHost({ issues: 50, now: () => NOW });
  const [a = "", b = ""] = (await host.issueSnapshot("is:unresolved", "events")).ids;
  await host.bulkChange({ kind: "some", ids: [a] }, { kind: "resolve" }, () => undefined);
  await host.bulkChange(
    { kind: "some", ids: [b] },
    { kind: "set_priority", priority: "high" },
    () => undefined,
  );
  const app = await renderApp({ host, at: "/journal" });
  await waitFor(() => expect(screen.getAllByTestId(testIds.journalEntry)).toHaveLength(2));
  return app;
}

describe("exporting the journal", () => {
  it("writes what the screen lists, with columns of its own", async () => {
    const { host } = await journal();
    const dialog = await openDialog();
    expect(dialog.dataset.rows).toBe("2");
    expect(screen.getByText("All entries of the journal")).toBeTruthy();
    expect((screen.getByTestId(testIds.exportPath) as HTMLInputElement).value).toMatch(
      /picket-journal-.*\.csv$/,
    );
    expect(screen.queryByTestId(testIds.exportTag)).toBeNull();
    expect(screen.queryByRole("radio", { name: "Bundle" })).toBeNull();
    expect(await accessibilityProblems()).toEqual([]);
    const [head, ...lines] = await written(host);
    expect(head).toBe("at,actor,title,issues,state,query,examples");
    expect(lines.map((line) => line.split(",")[2])).toEqual([
      "Set the priority of 1 issue",
      "Resolved 1 issue",
    ]);
  });

  it("writes only what the filter keeps, and does that again for what it keeps then", async () => {
    const { host } = await journal();
    const filter = screen.getByLabelText("Filter the journal");
    fireEvent.change(filter, { target: { value: "resolved" } });
    await waitFor(() => expect(screen.getAllByTestId(testIds.journalEntry)).toHaveLength(1));
    const dialog = await openDialog();
    expect(dialog.dataset.rows).toBe("1");
    expect(screen.getByText("All entries of the journal that the filter keeps")).toBeTruthy();
    expect(await written(host)).toHaveLength(2);
    expect(readLast("journal")?.options.what).toBe("journal");
    // That of issues is another one.
    expect(readLast("issues")).toBeNull();
    const [close] = screen.getAllByRole("button", { name: "Close" });
    fireEvent.click(close as HTMLElement);
    await waitFor(() => expect(screen.queryByTestId(testIds.exportDialog)).toBeNull());
    const run = vi.spyOn(host, "exportRun");
    press("E", { ctrlKey: true, shiftKey: true });
    await waitFor(() => expect(run).toHaveBeenCalled());
    expect(run.mock.lastCall?.[0]).toEqual({
      kind: "journal",
      wanted: { action: null, words: "resolved", by_hand: false },
    });
    await waitFor(() => expect(host.files.size).toBe(2));
  });

  it("is not to be had of an empty list", async () => {
    await renderApp({ at: "/journal" });
    await screen.findByText("Nothing to undo");
    press("e", { ctrlKey: true });
    await act(() => new Promise((done) => setTimeout(done, 50)));
    expect(screen.queryByTestId(testIds.exportDialog)).toBeNull();
  });
});

describe("exporting jobs", () => {
  it("writes them with their texts kept from being formulas", async () => {
    const host = createFixtureHost({ issues: 50, now: () => NOW });
    vi.spyOn(host.bulk, "jobs").mockReturnValue([JOB]);
    await renderApp({ host, at: "/jobs" });
    await screen.findByTestId(testIds.job);
    await openDialog();
    expect(preview()).toMatch(/^title,state,actor,total,/);
    const [, line] = await written(host);
    expect(line).toMatch(/^"'=1\+1, whoever named it",done,ana,4000,4000,0,/);
    expect(line).toMatch(/Z,1000,$/);
  });
});

describe("what is remembered", () => {
  it("is for each kind of lists what it has", () => {
    const { redact } = EXPORT_DEFAULTS;
    const usual = { header: true, bom: false, separator: ",", formula_guard: true, redact };
    const last: LastExport = {
      options: { what: "jobs", format: "csv", columns: ["title"], times: "utc", ...usual },
      path: null,
    };
    expect(acceptLast(last, "jobs")).toEqual(last);
    expect(acceptLast(last, "journal")).toBeNull();
    expect(acceptLast(last)).toBeNull();
    rememberLast("jobs", last);
    expect(readLast("jobs")).toEqual(last);
    expect(readLast("journal")).toBeNull();
  });

  it("knows no tags where rows have none", () => {
    const tags = [{ name: "tags[os]", on: true }];
    const form = acceptForm({ columns: { issues: tags, jobs: tags } });
    expect(form?.columns.issues).toContainEqual({ name: "tags[os]", on: true });
    expect(form?.columns.jobs).toEqual(EXPORT_DEFAULTS.columns.jobs);
  });
});
