import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import { moveColumn } from "@/components/ColumnList";
import { HostError } from "@/ipc";
import { formatBytes } from "@/lib/format";
import { testIds } from "@/lib/testIds";
import { accessibilityProblems } from "@/test/axe";
import { chooseOption, findList, press, renderApp } from "@/test/renderApp";
import { htmlTable } from "./copyExport";
import {
  aboutBytes,
  acceptForm,
  addTag,
  COLUMNS,
  EXPORT_DEFAULTS,
  PRESETS,
  presetColumns,
  presetOf,
  type Tabular,
} from "./exportModel";
import { acceptLast, numbered, readLast } from "./lastExport";

async function openDialog(q = "is:unresolved", select = 0, sort = "events") {
  const app = await renderApp({ at: `/inbox?q=${encodeURIComponent(q)}&sort=${sort}` });
  await findList();
  await screen.findAllByTestId(testIds.viewTab);
  for (let i = 0; i < select; i += 1) {
    press("x");
    press("j");
  }
  press("e", { ctrlKey: true });
  const dialog = await screen.findByTestId(testIds.exportDialog);
  await waitFor(() => expect(dialog.dataset.rows).toBeTruthy());
  await waitFor(() => expect(path().value).toBeTruthy());
  return { ...app, dialog };
}

const preview = () => screen.getByTestId(testIds.exportPreview).textContent ?? "";
const writeButton = () => screen.getByTestId(testIds.exportButton("write")) as HTMLButtonElement;
const path = () => screen.getByTestId(testIds.exportPath) as HTMLInputElement;
const column = (name: string) =>
  screen.getAllByTestId(testIds.exportColumn).find((line) => line.dataset.name === name) as HTMLElement;

describe("exporting", () => {
  it("shows exactly what will be written, and writes it", async () => {
    const { host, dialog } = await openDialog();
    const { total } = await host.issueSnapshot("is:unresolved", "events");
    expect(dialog.dataset.rows).toBe(String(total));
    expect(preview().split("\r\n")[0]).toBe(
      "shortId,project,title,culprit,level,status,count,userCount,firstSeen,lastSeen",
    );
    expect(await accessibilityProblems()).toEqual([]);
    fireEvent.click(writeButton());
    const result = await screen.findByTestId(testIds.exportResult);
    const [path = "", text = ""] = [...host.files][0] ?? [];
    expect(result.textContent).toContain(path);
    expect(text.trimEnd().split("\r\n").length).toBe(total + 1);
    expect(text.startsWith(preview().trimEnd())).toBe(true);
  });

  it("takes the selection, and everything when asked", async () => {
    const { host, dialog } = await openDialog("is:unresolved", 3);
    expect(dialog.dataset.rows).toBe("3");
    fireEvent.click(screen.getByRole("radio", { name: /^All / }));
    const { total } = await host.issueSnapshot("is:unresolved", "events");
    await waitFor(() => expect(dialog.dataset.rows).toBe(String(total)));
  });

  it("says that issues which have gone since are left out, and of nothing else that it were", async () => {
    const { host } = await renderApp({ at: "/inbox?q=is:unresolved&sort=events" });
    await findList();
    press("x");
    press("j");
    press("x");
    press("G", { shiftKey: true });
    press("x");
    press("Home", { ctrlKey: true });
    // Off screen nobody reads it again.
    const id = (await host.issueSnapshot("is:unresolved", "events")).ids.at(-1) ?? "";
    await host.bulkChange({ kind: "some", ids: [id] }, { kind: "delete", discard: false }, () => undefined);
    press("e", { ctrlKey: true });
    const dialog = await screen.findByTestId(testIds.exportDialog);
    await waitFor(() => expect(dialog.dataset.rows).toBe("2"));
    expect(screen.getByTestId(testIds.exportLeftOut).textContent).toBe(
      "1 of 3 issues is left out: it has gone, or no longer matches the query.",
    );
    fireEvent.click(screen.getByRole("radio", { name: /^All / }));
    await waitFor(() => expect(Number(dialog.dataset.rows)).toBeGreaterThan(3));
  });

  it("follows format, columns and their order, and remembers them", async () => {
    const { unmount } = await openDialog();
    fireEvent.click(screen.getByRole("radio", { name: "NDJSON" }));
    await waitFor(() => expect(preview()).toMatch(/^\{"shortId"/));
    fireEvent.click(within(column("id")).getByRole("checkbox"));
    await waitFor(() => expect(preview()).toMatch(/^\{"id":/));
    fireEvent.keyDown(within(column("shortId")).getByRole("checkbox"), { key: "ArrowUp", altKey: true });
    await waitFor(() => expect(preview()).toMatch(/^\{"shortId":.*"id":/));
    const tag = screen.getByTestId(testIds.exportTag);
    fireEvent.change(tag, { target: { value: "browser" } });
    fireEvent.keyDown(tag, { key: "Enter" });
    await waitFor(() => expect(preview()).toContain('"tags[browser]"'));
    unmount();
    await openDialog();
    expect(preview()).toMatch(/^\{"shortId":.*"id":.*"tags\[browser\]"/);
  });

  it("writes times as they are chosen, remembers that for each list, and does so again", async () => {
    const zone = new Intl.DateTimeFormat().resolvedOptions().timeZone;
    const { host, unmount } = await openDialog();
    const times = () => preview().split("\r\n")[1]?.split(",").slice(-2) ?? [];
    const [, utc = ""] = times();
    expect(utc).toMatch(/Z$/);
    await chooseOption(screen.getByTestId(testIds.exportTimes), "ISO 8601 local");
    await waitFor(() => expect(times()[1]).toMatch(/T.*[+-]\d\d:\d\d$/));
    expect(Date.parse(times()[1] ?? "")).toBe(Date.parse(utc));
    expect(await accessibilityProblems()).toEqual([]);
    fireEvent.click(writeButton());
    await screen.findByTestId(testIds.exportResult);
    expect(readLast("issues")?.options.times).toBe("local");
    const [close] = screen.getAllByRole("button", { name: "Close" });
    fireEvent.click(close as HTMLElement);
    await waitFor(() => expect(screen.queryByTestId(testIds.exportDialog)).toBeNull());
    const run = vi.spyOn(host, "exportRun");
    press("E", { ctrlKey: true, shiftKey: true });
    await waitFor(() => expect(run.mock.lastCall?.[1]).toMatchObject({ times: "local", zone }));
    unmount();
    await openDialog();
    expect(screen.getByTestId(testIds.exportTimes).dataset.value).toBe("local");
    expect(times()[1]).toMatch(/[+-]\d\d:\d\d$/);
  });

  it("writes times as numbers, but leaves those of a bundle alone", async () => {
    await openDialog("is:unresolved", 1);
    const seen = () => preview().trimEnd().split(",").at(-1) ?? "";
    const utc = Date.parse(seen());
    await chooseOption(screen.getByTestId(testIds.exportTimes), "Unix milliseconds");
    await waitFor(() => expect(seen()).toBe(String(utc)));
    fireEvent.click(screen.getByRole("radio", { name: "Bundle" }));
    await waitFor(() => expect(preview()).toMatch(/^\{"kind":"bundle"/));
    expect(screen.queryByTestId(testIds.exportTimes)).toBeNull();
    expect(preview()).toMatch(/"lastSeen":"[^"]+Z"/);
  });

  it("wants at least one column", async () => {
    await openDialog();
    for (const line of screen.getAllByTestId(testIds.exportColumn)) {
      if (line.dataset.on !== undefined) fireEvent.click(within(line).getByRole("checkbox"));
    }
    expect(await screen.findByText("Choose at least one column.")).toBeTruthy();
    expect(writeButton().disabled).toBe(true);
  });

  it("goes where it is told to, by Enter alone", async () => {
    const { host } = await openDialog();
    expect(document.activeElement).toBe(path());
    expect(path().value).toMatch(/Downloads\/picket-issues-.*\.csv$/);
    fireEvent.change(path(), { target: { value: "/tmp/of mine.csv" } });
    fireEvent.submit(path());
    await screen.findByTestId(testIds.exportResult);
    expect([...host.files.keys()]).toEqual(["/tmp/of mine.csv"]);
  });

  it("replaces a file only when told to", async () => {
    const { host } = await openDialog();
    host.files.set("/tmp/a.csv", "what was there");
    fireEvent.change(path(), { target: { value: "/tmp/a.csv" } });
    fireEvent.submit(path());
    const replace = await screen.findByTestId(testIds.exportButton("replace"));
    expect(host.files.get("/tmp/a.csv")).toBe("what was there");
    fireEvent.click(replace);
    await screen.findByTestId(testIds.exportResult);
    expect(host.files.get("/tmp/a.csv")).toContain("shortId,");
  });

  it("takes a place from the dialog of the desktop, which has asked already whether to replace", async () => {
    const { host } = await openDialog();
    const choose = screen.getByTestId(testIds.exportButton("choose"));
    const suggested = path().value;
    host.savePath = null;
    fireEvent.click(choose);
    await waitFor(() => expect(path().value).toBe(suggested));
    host.savePath = "/tmp/b.csv";
    host.files.set("/tmp/b.csv", "what was there");
    fireEvent.click(choose);
    await waitFor(() => expect(path().value).toBe("/tmp/b.csv"));
    fireEvent.click(writeButton());
    await screen.findByTestId(testIds.exportResult);
    expect(host.files.get("/tmp/b.csv")).toContain("shortId,");
  });

  it("writes the occurrences of the issues, with columns of their own", async () => {
    const { host, dialog } = await openDialog("is:unresolved", 2);
    fireEvent.click(screen.getByRole("radio", { name: "Occurrences" }));
    await waitFor(() => expect(preview().split("\r\n")[0]).toMatch(/^id,issue,time,/));
    await waitFor(() => expect(path().value).toMatch(/picket-occurrences-.*\.csv$/));
    expect(Number(dialog.dataset.rows)).toBeGreaterThan(2);
    expect(await accessibilityProblems()).toEqual([]);
    fireEvent.click(writeButton());
    await screen.findByTestId(testIds.exportResult);
    const [text = ""] = host.files.values();
    expect(text.trimEnd().split("\r\n").length).toBe(Number(dialog.dataset.rows) + 1);
  });

  it("takes out what should not leave the house", async () => {
    await openDialog("is:unresolved", 2);
    fireEvent.change(screen.getByTestId(testIds.exportRedact("pattern")), { target: { value: "SHOP" } });
    fireEvent.click(screen.getByTestId(testIds.exportRedact("emails")));
    await waitFor(() => expect(preview()).not.toContain("SHOP"));
    expect(screen.getByTestId(testIds.exportRedact("emails")).getAttribute("aria-checked")).toBe("false");
    expect(screen.getByTestId(testIds.exportRedact("secrets")).getAttribute("aria-checked")).toBe("true");
    fireEvent.change(screen.getByTestId(testIds.exportRedact("pattern")), { target: { value: "(" } });
    expect(await screen.findByText(/is no pattern that can be searched for/)).toBeTruthy();
  });

  it("hands on one issue as a whole", async () => {
    const app = await renderApp();
    const list = await findList();
    const id = list.querySelector<HTMLElement>("[data-cursor]")?.dataset.issueId ?? "";
    press("Enter");
    await screen.findByTestId(testIds.issueHeader);
    press("e", { ctrlKey: true });
    const dialog = await screen.findByTestId(testIds.exportDialog);
    await waitFor(() => expect(path().value).toMatch(/picket-bundle-.*\.picket$/));
    expect(within(dialog).getByRole("radio", { name: "Bundle" }).getAttribute("aria-checked")).toBe("true");
    expect(await accessibilityProblems()).toEqual([]);
    fireEvent.click(writeButton());
    await screen.findByTestId(testIds.exportResult);
    const lines = [...app.host.files.values()]
      .join("")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines[0].kind).toBe("bundle");
    expect(lines[1]).toMatchObject({ kind: "issue", data: { id } });
    expect(lines.at(-1).kind).toBe("end");
  });

  it("says by a message how it ended when the dialog is gone, and begins again", async () => {
    const { host } = await openDialog("is:unresolved", 2);
    const run = host.exportRun;
    let refuse: (error: HostError) => void = () => undefined;
    host.exportRun = () => new Promise((_, reject) => (refuse = reject));
    fireEvent.click(writeButton());
    fireEvent.click(screen.getByRole("button", { name: "In background" }));
    await waitFor(() => expect(screen.queryByTestId(testIds.exportDialog)).toBeNull());
    host.exportRun = run;
    refuse(
      new HostError({ code: "invalid_input", message: "The disk is full.", detail: null, retryable: false }),
    );
    const said = await screen.findByTestId(testIds.toast);
    expect(said.textContent).toContain("The disk is full.");
    fireEvent.click(within(said).getByTestId(testIds.toastAction));
    expect(await screen.findByText(/^Wrote /)).toBeTruthy();
    expect(host.files.size).toBe(1);
  });

  it("can be stopped and then leaves nothing", async () => {
    const { host } = await openDialog("");
    host.bulk.chunkDelayMs = 200;
    fireEvent.click(writeButton());
    fireEvent.click(await screen.findByTestId(testIds.selection("cancel")));
    expect((await screen.findByTestId(testIds.exportResult)).textContent).toContain("Nothing was written");
    expect(host.files.size).toBe(0);
  });

  it("refuses a Markdown table that nothing could show, and leads to what takes all of it", async () => {
    const { host } = await openDialog("is:unresolved");
    const read = host.exportPreview;
    let extra = 1;
    vi.spyOn(host, "exportPreview").mockImplementation(async (...asked) => ({
      ...(await read(...asked)),
      rows: 10_000 + extra,
    }));
    fireEvent.click(screen.getByRole("radio", { name: "Markdown" }));
    const words = await screen.findByTestId(testIds.exportTooLong);
    expect(words.textContent).toContain("at most 10\u202f000 rows, and these are 10\u202f001");
    expect((writeButton() as HTMLButtonElement).disabled).toBe(true);
    expect((screen.getByTestId(testIds.exportButton("copy")) as HTMLButtonElement).disabled).toBe(true);
    fireEvent.click(within(words).getByRole("button", { name: "Use CSV" }));
    await waitFor(() => expect((writeButton() as HTMLButtonElement).disabled).toBe(false));
    expect(screen.queryByTestId(testIds.exportTooLong)).toBeNull();
    expect((screen.getByRole("radio", { name: "CSV" }) as HTMLElement).ariaChecked).toBe("true");
    extra = 0;
    fireEvent.click(screen.getByRole("radio", { name: "Markdown" }));
    await waitFor(() => expect((writeButton() as HTMLButtonElement).disabled).toBe(false));
  });

  it("shows its own progress, and stops nothing else", async () => {
    const { host, services } = await openDialog("");
    act(() => void services.work.begin("Resolve 9 issues", 9));
    const other = services.work.running.get()[0];
    host.bulk.chunkDelayMs = 200;
    fireEvent.click(writeButton());
    const dialog = within(screen.getByRole("dialog"));
    expect(await dialog.findByRole("progressbar", { name: /^Export / })).toBeTruthy();
    expect(dialog.queryByRole("progressbar", { name: "Resolve 9 issues" })).toBeNull();
    fireEvent.click(dialog.getByTestId(testIds.selection("cancel")));
    expect((await screen.findByTestId(testIds.exportResult)).textContent).toContain("Nothing was written");
    expect(services.work.running.get()).toEqual([other]);
  });

  it("goes to the clipboard", async () => {
    const written = vi.fn(() => Promise.resolve());
    vi.stubGlobal(
      "navigator",
      Object.assign(Object.create(navigator), { clipboard: { writeText: written } }),
    );
    await openDialog("is:unresolved", 2);
    fireEvent.click(screen.getByRole("radio", { name: "Markdown" }));
    await waitFor(() => expect(preview()).toContain("| --- |"));
    fireEvent.click(screen.getByTestId(testIds.exportButton("copy")));
    expect((await screen.findByTestId(testIds.exportResult)).textContent).toContain("to the clipboard");
    expect(written).toHaveBeenCalledWith(expect.stringMatching(/^\| shortId/));
    Reflect.deleteProperty(navigator, "clipboard");
  });

  it("goes to the clipboard as a table as well, for whoever takes one", async () => {
    const items: Record<string, Promise<Blob>>[] = [];
    class Item {
      constructor(parts: Record<string, Promise<Blob>>) {
        items.push(parts);
      }
    }
    const write = vi.fn(() => Promise.resolve());
    const writeText = vi.fn(() => Promise.resolve());
    vi.stubGlobal("ClipboardItem", Item);
    vi.stubGlobal("navigator", Object.assign(Object.create(navigator), { clipboard: { write, writeText } }));
    await openDialog("is:unresolved", 2);
    fireEvent.click(screen.getByTestId(testIds.exportButton("copy")));
    expect((await screen.findByTestId(testIds.exportResult)).textContent).toContain("as a table");
    const given = async (type: string) => (await items[0]?.[type])?.text() ?? "";
    expect(await given("text/plain")).toBe(preview());
    const table = new DOMParser().parseFromString(await given("text/html"), "text/html");
    expect([...table.querySelectorAll("th")].map((head) => head.textContent).join()).toBe(
      preview().split("\r\n")[0],
    );
    expect(table.querySelectorAll("tbody tr").length).toBe(2);
    // Where that is refused, the text still goes there.
    write.mockRejectedValue(new Error("no longer"));
    fireEvent.click(screen.getByTestId(testIds.exportButton("copy")));
    await waitFor(() => expect(writeText).toHaveBeenCalledWith(preview()));
    Reflect.deleteProperty(navigator, "clipboard");
    Reflect.deleteProperty(globalThis, "ClipboardItem");
  });

  it("says how large it will be, exactly where all of it is shown", async () => {
    const first = await openDialog("is:unresolved", 2);
    const size = () => screen.getByTestId(testIds.exportSize).textContent;
    expect(size()).toBe(formatBytes(new TextEncoder().encode(preview()).length));
    fireEvent.click(screen.getByRole("radio", { name: /^All / }));
    await waitFor(() => expect(size()).toMatch(/^about .*B$/));
    first.unmount();
    expect(aboutBytes({ text: "12345", shown: 5, rows: 1_000 })).toBe(1_000);
    expect(aboutBytes({ text: "", shown: 0, rows: 0 })).toBeNull();
  });

  it("has presets of columns, and remembers what was chosen for each list", async () => {
    // As the views have them, whose lists they are then.
    const first = await openDialog("is:unresolved", 0, "last_seen");
    const preset = () => screen.getByTestId(testIds.exportPreset).dataset.value;
    expect(preset()).toBe("Usual");
    fireEvent.click(within(column("note")).getByRole("checkbox"));
    await waitFor(() => expect(preset()).toBe(""));
    first.unmount();
    const other = await openDialog("is:regressed", 0, "last_seen");
    // What was chosen last is taken where a list has nothing of its own.
    expect(preset()).toBe("");
    fireEvent.click(within(column("note")).getByRole("checkbox"));
    await waitFor(() => expect(preset()).toBe("Usual"));
    other.unmount();
    await openDialog("is:unresolved", 0, "last_seen");
    expect(preset()).toBe("");
  });

  it("says what failed and keeps what was chosen", async () => {
    const { host } = await openDialog();
    host.exportRun = () =>
      Promise.reject(
        new HostError({
          code: "internal",
          message: "The disk is full at row 7 102.",
          detail: null,
          retryable: true,
        }),
      );
    fireEvent.click(writeButton());
    expect(await screen.findByText("The disk is full at row 7 102.")).toBeTruthy();
    expect(screen.getByText("The export could not be made")).toBeTruthy();
    expect(writeButton().disabled).toBe(false);
    expect(writeButton().textContent).toBe(" Try again");
  });

  it("again needs no dialog, replaces nothing, and outlives a restart", async () => {
    const first = await openDialog("is:unresolved", 1);
    fireEvent.change(path(), { target: { value: "/home/ana/report.csv" } });
    fireEvent.click(writeButton());
    await screen.findByTestId(testIds.exportResult);
    press("Escape");
    await waitFor(() => expect(screen.queryByTestId(testIds.exportDialog)).toBeNull());
    const { files } = first.host;
    const before = files.get("/home/ana/report.csv");
    press("x");
    press("E", { ctrlKey: true, shiftKey: true });
    expect(await screen.findByText("Wrote /home/ana/report-2.csv")).toBeTruthy();
    expect(files.get("/home/ana/report.csv")).toBe(before);
    expect(files.get("/home/ana/report-2.csv")).not.toBe(before);
    first.unmount();

    const { host } = await renderApp({ host: first.host });
    await findList();
    press("E", { ctrlKey: true, shiftKey: true });
    expect(await screen.findByText("Wrote /home/ana/report-3.csv")).toBeTruthy();
    expect(screen.queryByTestId(testIds.exportDialog)).toBeNull();
    expect([...host.files.keys()].length).toBe(3);
  });

  it("again never replaces a file, and offers only what it does", async () => {
    const { host } = await openDialog("is:unresolved", 1);
    fireEvent.click(writeButton());
    await screen.findByTestId(testIds.exportResult);
    press("Escape");
    await waitFor(() => expect(screen.queryByTestId(testIds.exportDialog)).toBeNull());
    const run = host.exportRun;
    const taken = { code: "file_exists", message: "It is there.", detail: null, retryable: false } as const;
    host.exportRun = () => Promise.reject(new HostError(taken));
    press("E", { ctrlKey: true, shiftKey: true });
    const action = within(await screen.findByTestId(testIds.toast)).getByTestId(testIds.toastAction);
    expect(action.textContent).toBe("Try again");
    const overwrites: boolean[] = [];
    host.exportRun = (...asked) => {
      overwrites.push(asked[3]);
      return run(...asked);
    };
    fireEvent.click(action);
    await screen.findByText(/^Wrote /);
    expect(overwrites).toEqual([false]);
  });

  it("again asks for a name where none was given, and says what failed", async () => {
    const { host } = await openDialog("is:unresolved", 1);
    fireEvent.click(writeButton());
    await screen.findByTestId(testIds.exportResult);
    press("Escape");
    await waitFor(() => expect(screen.queryByTestId(testIds.exportDialog)).toBeNull());
    const [named = ""] = [...host.files.keys()];
    const run = host.exportRun;
    const full = {
      code: "invalid_input",
      message: "The disk is full.",
      detail: null,
      retryable: false,
    } as const;
    host.exportRun = () => Promise.reject(new HostError(full));
    press("E", { ctrlKey: true, shiftKey: true });
    const said = await screen.findByTestId(testIds.toast);
    expect(said.textContent).toContain("The disk is full.");
    host.exportRun = run;
    fireEvent.click(within(said).getByTestId(testIds.toastAction));
    const second = named.replace(".csv", "-2.csv");
    expect(await screen.findByText(`Wrote ${second}`)).toBeTruthy();
    expect([...host.files.keys()]).toEqual([named, second]);
  });
});

describe("the last export", () => {
  const last = {
    options: {
      what: "issues",
      format: "csv",
      columns: ["id"],
      header: true,
      bom: false,
      separator: ",",
      formula_guard: true,
      times: "local",
      redact: EXPORT_DEFAULTS.redact,
    },
    path: null,
  };

  it("is repeated only where this version can do the same", () => {
    expect(acceptLast(last)).toEqual(last);
    // One of before times could be chosen.
    const { times: _times, ...before } = last.options;
    expect(acceptLast({ ...last, options: before })?.options.times).toBe("utc");
    expect(acceptLast({ ...last, options: { ...before, times: "swatch" } })?.options.times).toBe("utc");
    for (const other of [
      null,
      "junk",
      {},
      { ...last, path: 7 },
      { ...last, options: { ...last.options, format: "xls" } },
      { ...last, options: { ...last.options, columns: [7] } },
      { ...last, options: { ...last.options, redact: {} } },
    ]) {
      expect(acceptLast(other)).toBeNull();
    }
  });

  it.each([
    ["/a/issues.csv", 1, "/a/issues.csv"],
    ["/a/issues.csv", 2, "/a/issues-2.csv"],
    ["/a.b/issues", 3, "/a.b/issues-3"],
    ["/a/.hidden", 2, "/a/.hidden-2"],
    ["C:\\a.b\\issues.tar.gz", 2, "C:\\a.b\\issues.tar-2.gz"],
  ])("%s becomes at the try %i %s", (path, n, free) => {
    expect(numbered(path, n)).toBe(free);
  });
});

describe("presets of columns", () => {
  it("name columns that there are, and keep tags behind them", () => {
    for (const [what, presets] of Object.entries(PRESETS) as [Tabular, (typeof PRESETS)[Tabular]][]) {
      const offered = EXPORT_DEFAULTS.columns[what].map(({ name }) => name);
      for (const { name, columns } of presets) {
        expect(columns.filter((column) => !offered.includes(column))).toEqual([]);
        const chosen = presetColumns(what, name, addTag([], "os"));
        expect(presetOf(what, chosen)).toBe(name);
        expect(chosen.length).toBe(offered.length + 1);
        expect(chosen.at(-1)).toEqual({ name: "tags[os]", on: false });
      }
    }
    expect(presetOf("issues", addTag(EXPORT_DEFAULTS.columns.issues, "os"))).toBeNull();
  });
});

describe("cells of a table", () => {
  it("stay texts", () => {
    expect(htmlTable(["a"], [{ a: '<b>&"\n' }, { a: null }], true)).toBe(
      "<table><thead><tr><th>a</th></tr></thead><tbody><tr><td>&lt;b&gt;&amp;&quot;<br></td></tr>" +
        "<tr><td></td></tr></tbody></table>",
    );
  });
});

describe("what is remembered of an export", () => {
  it("is taken as far as it is known", () => {
    expect(acceptForm("junk")).toBeNull();
    expect(acceptForm({ format: "xls", columns: "no", separator: "##" })).toEqual(EXPORT_DEFAULTS);
    const form = acceptForm({
      columns: [{ name: "title", on: true }, { name: "gone", on: true }, { name: "title" }],
    });
    expect(form?.columns.issues.length).toBe(COLUMNS.length);
    expect(form?.columns.issues[0]?.name).toBe("title");
    expect(form?.columns.occurrences).toEqual(EXPORT_DEFAULTS.columns.occurrences);
    const newer = acceptForm({
      columns: { occurrences: [{ name: "time", on: true }] },
      redact: { secrets: false },
    });
    expect(newer?.columns.occurrences[0]).toEqual({ name: "time", on: true });
    expect(newer?.redact).toEqual({ ...EXPORT_DEFAULTS.redact, secrets: false });
  });

  it("moves and adds columns within bounds", () => {
    const columns = [
      { name: "id", on: true },
      { name: "title", on: false },
    ];
    expect(moveColumn(columns, "id", 1).map(({ name }) => name)).toEqual(["title", "id"]);
    expect(moveColumn(columns, "id", -1)).toBe(columns);
    expect(addTag(columns, " os ").at(-1)).toEqual({ name: "tags[os]", on: true });
    expect(addTag(columns, "  ")).toBe(columns);
  });
});
