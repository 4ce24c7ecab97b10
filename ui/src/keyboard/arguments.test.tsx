import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { testIds } from "@/lib/testIds";
import { accessibilityProblems } from "@/test/axe";
import { cursorRow, findList, press, renderApp } from "@/test/renderApp";
import { type Argument, type ArgumentChoice, narrowChoices } from "./arguments";

const palette = () => within(screen.getByTestId(testIds.palette));
const field = () => palette().getByRole("combobox");
const options = () => palette().getAllByRole("option");
const option = (name: RegExp) => options().find((one) => name.test(one.textContent ?? "")) as HTMLElement;
const type = (text: string) => fireEvent.change(field(), { target: { value: text } });
const key = (name: string, more: object = {}) => fireEvent.keyDown(field(), { key: name, ...more });

/** Opens the palette on the list and marks a command. */
async function command(text: string, at = "/inbox?q=is:unresolved&sort=events") {
  const app = await renderApp({ at });
  await findList();
  press("k", { ctrlKey: true });
  await screen.findByTestId(testIds.palette);
  type(text);
  return app;
}

describe("arguments of commands", () => {
  it("are asked for by Tab, and the command runs with them", async () => {
    const { host } = await command("assign…");
    const issue = cursorRow().dataset.issueId ?? "";
    expect(palette().getByText("Tab").parentElement?.textContent).toBe("Tab to whom");
    key("Tab");
    await waitFor(() => expect(field().getAttribute("aria-label")).toBe("Assign…: To whom"));
    expect(await accessibilityProblems()).toEqual([]);
    const { users, me } = await host.people();
    expect(options()[0]?.textContent).toContain(users.find(({ id }) => id === me)?.username);
    const other = users.find(({ id }) => id !== me);
    type(other?.username ?? "");
    key("Enter");
    await waitFor(async () => expect((await host.issueRows([issue]))[0]?.assignee).toBe(`user:${other?.id}`));
    expect(screen.queryByTestId(testIds.palette)).toBeNull();
  });

  it("lead back by Shift+Tab, and by Backspace where nothing is typed, to what was typed before", async () => {
    await command("archive until…");
    key("Tab");
    await waitFor(() => expect(option(/so many times/)).toBeTruthy());
    type("many times");
    key("Tab");
    await waitFor(() => expect(field().getAttribute("aria-label")).toBe("Archive until…: How many times"));
    expect((field() as HTMLInputElement).value).toBe("");
    type("x");
    key("Backspace");
    expect(field().getAttribute("aria-label")).toContain("How many times");
    type("");
    key("Backspace");
    expect(field().getAttribute("aria-label")).toContain("Until what");
    expect((field() as HTMLInputElement).value).toBe("many times");
    key("Tab", { shiftKey: true });
    expect(field().getAttribute("aria-label")).toBe("Search commands");
    expect((field() as HTMLInputElement).value).toBe("archive until…");
    key("Tab", { shiftKey: true });
    expect(field().getAttribute("aria-label")).toBe("Search commands");
  });

  it("take what is typed, step by step", async () => {
    const { host } = await command("archive until…");
    const issue = cursorRow().dataset.issueId ?? "";
    key("Tab");
    type("affects so many users");
    // There is nothing to do without a number, so Enter asks for it.
    key("Enter");
    await waitFor(() => expect(field().getAttribute("aria-label")).toContain("How many users"));
    expect(options().map(({ textContent }) => textContent)[0]).toContain("1 more user");
    type("0");
    expect(
      palette()
        .queryAllByRole("option")
        .some((one) => /^0 /.test(one.textContent ?? "")),
    ).toBe(false);
    type("25");
    expect(options()[0]?.textContent).toContain("25 more users");
    key("Enter");
    await waitFor(async () => {
      expect((await host.issueDetail(issue)).snooze).toMatchObject({ user_count: 25 });
    });
  });

  it("say why one of them cannot be chosen", async () => {
    const { router } = await command("sort the list…");
    key("Tab");
    await waitFor(() => expect(option(/^Events/)).toBeTruthy());
    expect(option(/^Events/).getAttribute("aria-disabled")).toBe("true");
    expect(option(/^Events/).textContent).toContain("it is sorted so");
    type("events");
    key("Enter");
    expect(screen.queryByTestId(testIds.palette)).not.toBeNull();
    type("users");
    key("Enter");
    await waitFor(() => expect(router.state.location.search).toMatchObject({ sort: "users" }));
  });

  it("choose a group, a priority and a release", async () => {
    const { host, router } = await command("group the list…");
    key("Tab");
    type("error type");
    key("Enter");
    await waitFor(() => expect(router.state.location.search).toMatchObject({ group: "error_type" }));
    await findList();
    router.history.push("/inbox?q=is:unresolved");
    await waitFor(() => expect(router.state.location.search).not.toHaveProperty("group"));
    await findList();
    const issue = cursorRow().dataset.issueId ?? "";
    const [row] = await host.issueRows([issue]);
    press("k", { ctrlKey: true });
    await screen.findByTestId(testIds.palette);
    type("resolve in a release");
    key("Tab");
    const [newest] = await host.projectReleases(row?.project ?? "");
    await waitFor(() => expect(options()[1]?.textContent).toContain(newest));
    type(newest ?? "");
    key("Enter");
    await waitFor(async () => expect((await host.issueRows([issue]))[0]?.status).toBe("resolved"));
  });

  it("open a view from any screen, with how many issues each has", async () => {
    const { host, router } = await renderApp({ at: "/live" });
    press("g");
    press("v");
    await screen.findByTestId(testIds.palette);
    const views = await host.views();
    const counts = await host.viewCounts(views.map(({ id }) => id));
    await waitFor(() => expect(options()).toHaveLength(views.length));
    const at = views.findIndex(({ name }) => name === "Regressed");
    const regressed = views[at];
    const total = counts.find(({ id }) => id === regressed?.id)?.total ?? 0;
    expect(options()[at]?.textContent).toContain(`${total} issue`);
    expect(screen.getByText(`Open a view…: Which, ${views.length} choices`)).toBeTruthy();
    type("regressed");
    key("Enter");
    await waitFor(() => expect(router.state.location.search).toMatchObject({ view: regressed?.id }));
  });

  it("are not asked for where a command takes none", async () => {
    await command("assign…", "/inbox?q=is:unresolved");
    type("unresolve");
    const label = field().getAttribute("aria-label");
    key("Tab");
    expect(field().getAttribute("aria-label")).toBe(label);
  });
});

describe("choices", () => {
  const choice = (id: string, title: string, note?: string): ArgumentChoice => ({
    id,
    title,
    ...(note === undefined ? {} : { note }),
    run: () => undefined,
  });
  const argument: Argument = {
    label: "How many",
    placeholder: "",
    none: "",
    choices: [],
    typed: (text) => (/^\d+$/.test(text) ? choice(text, `${text} times`) : null),
  };

  it("are found by title and by note, and what is typed comes first, once", () => {
    const choices = [choice("1", "1 times"), choice("10", "10 times"), choice("ana", "Ana", "you")];
    const found = (text: string) => narrowChoices(argument, choices, text).map(({ id }) => id);
    expect(found("")).toEqual(["1", "10", "ana"]);
    expect(found("you")).toEqual(["ana"]);
    expect(found("10")).toEqual(["10"]);
    expect(found("7")).toEqual(["7"]);
  });
});
