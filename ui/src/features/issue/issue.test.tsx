import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { LARGE_EVENT_INDEX } from "@/ipc/fixture";
import { testIds } from "@/lib/testIds";
import { findList, press, renderApp } from "@/test/renderApp";

async function openIssue(query: string) {
  const app = await renderApp({ at: `/inbox?q=${encodeURIComponent(query)}&sort=events` });
  await findList();
  press("Enter");
  await screen.findByTestId(testIds.issueHeader);
  return app;
}

const position = () => screen.getByTestId(testIds.occurrencePosition).dataset;

describe("the issue screen", () => {
  it("walks through occurrences by key", async () => {
    await openIssue("times_seen:>100");
    await waitFor(() => expect(position().position).toBe("500"));
    press("p");
    await waitFor(() => expect(position().position).toBe("499"));
    press("P", { shiftKey: true });
    await waitFor(() => expect(position().position).toBe("1"));
    press("n");
    await waitFor(() => expect(position().position).toBe("2"));
    press("N", { shiftKey: true });
    await waitFor(() => expect(position().position).toBe("500"));
  });

  it("walks through the frozen list and says where it is", async () => {
    await openIssue("is:unresolved");
    const header = screen.getByTestId(testIds.issueHeader);
    expect(header.textContent).toMatch(/^.*1 of /);
    press("]");
    await waitFor(() => expect(screen.getByTestId(testIds.issueHeader).textContent).toMatch(/2 of /));
    press("[");
    await waitFor(() => expect(screen.getByTestId(testIds.issueHeader).textContent).toMatch(/1 of /));
  });

  it("leads with the important evidence", async () => {
    await openIssue("issue.type:performance_slow_db_query");
    const evidence = await screen.findByTestId(testIds.evidence);
    const [first, second] = within(evidence).getAllByRole("row");
    expect(first?.className).toContain("important");
    expect(second?.className).not.toContain("important");
  });

  it("says where the record came from", async () => {
    await openIssue("is:unresolved");
    const origin = await screen.findByTestId(testIds.origin);
    expect(origin.textContent).toContain("ingest-occurrences");
    expect(origin.textContent).toMatch(/Offset\d+/);
  });

  it("sums the chart up in a sentence and shows it as a table", async () => {
    await openIssue("times_seen:>100 last_seen:-24h");
    expect(await screen.findByText(/events in the last 7 days; most on/)).toBeTruthy();
    press("t");
    expect(await screen.findByRole("columnheader", { name: "Hour" })).toBeTruthy();
  });

  it("says what is missing when the issue is gone", async () => {
    await renderApp({ at: "/issue/17" });
    expect((await screen.findAllByText("It is gone")).length).toBeGreaterThan(0);
  });
});

describe("the event", () => {
  it("is found in by Mod+F", async () => {
    await openIssue("level:error is:unresolved");
    const viewer = await screen.findByTestId(testIds.eventJson);
    press("f", { ctrlKey: true });
    const find = within(viewer).getByRole("searchbox");
    expect(document.activeElement).toBe(find);
    fireEvent.change(find, { target: { value: "user-agent" } });
    expect(await within(viewer).findByText("1 of 1")).toBeTruthy();
    expect(viewer.querySelector("mark")?.textContent).toBe("user-agent");
  });

  it("opens folded and within the node budget when it is large", async () => {
    const app = await renderApp({ at: "/inbox?q=" });
    await findList();
    await app.router.navigate({
      to: "/issue/$id",
      params: { id: app.host.store.id(LARGE_EVENT_INDEX) },
    });
    const viewer = await screen.findByTestId(testIds.eventJson);
    expect(viewer.textContent).toMatch(/\d+\s?\d* lines/);
    expect(document.querySelectorAll("*").length).toBeLessThan(3_000);
  });
});
