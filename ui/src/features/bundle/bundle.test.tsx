import { fireEvent, screen, waitFor } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import { readPlace } from "@/app/place";
import { testIds } from "@/lib/testIds";
import { accessibilityProblems } from "@/test/axe";
import { cursorRow, findList, press, renderApp } from "@/test/renderApp";

const FILE = "/home/ana/Downloads/case.picket";

/** Opens a bundle by the key of the command, with what the dialog answers. */
async function openBundle(host: { bundlePath: string | null }, path: string | null) {
  host.bundlePath = path;
  press("o", { ctrlKey: true });
}

/** The bundle that is said to be open. */
async function bundleNotice(): Promise<HTMLElement> {
  const notice = await screen.findByTestId(testIds.storeNotice);
  expect(notice.dataset.kind).toBe("bundle");
  return notice;
}

describe("a bundle", () => {
  it("is shown with the view it came with, can only be looked at, and leads back where one was", async () => {
    const { host, router, services } = await renderApp({ at: "/inbox?q=is:unresolved&sort=users" });
    await findList();
    services.selection.only([cursorRow().dataset.issueId ?? ""]);
    await openBundle(host, FILE);
    const notice = await bundleNotice();
    expect(notice.textContent).toContain("case.picket");
    // Numbers have narrow spaces.
    expect(notice.textContent?.replace(/\s/gu, " ")).toContain(
      "2 000 issues · 6 000 occurrences · redacted · read-only",
    );
    expect(await accessibilityProblems()).toEqual([]);

    await waitFor(() =>
      expect(router.state.location.search).toMatchObject({ q: "level:error", sort: "events" }),
    );
    await findList();
    expect(screen.getAllByRole("tab").map((tab) => tab.textContent)).toEqual([
      expect.stringContaining("As exported"),
    ]);
    const columns = [...document.querySelectorAll<HTMLElement>("[role=columnheader][data-column]")];
    expect(columns.map((head) => head.dataset.column)).toEqual(["users", "level"]);
    expect(services.selection.count).toBe(0);

    const id = cursorRow().dataset.issueId ?? "";
    const before = (await host.issueRows([id]))[0]?.status;
    press("e");
    press("t");
    expect(router.state.location.pathname).toBe("/inbox");
    expect((await host.issueRows([id]))[0]?.status).toBe(before);

    fireEvent.click(screen.getByTestId(testIds.bundleClose));
    await waitFor(() => expect(screen.queryByTestId(testIds.storeNotice)).toBeNull());
    await waitFor(() =>
      expect(router.state.location.search).toMatchObject({ q: "is:unresolved", sort: "users" }),
    );
    expect(await screen.findAllByRole("tab")).toHaveLength(4);
  });

  it("is no place that the next start opens", async () => {
    const { host, router } = await renderApp({ at: "/inbox?q=is:unresolved" });
    await findList();
    await waitFor(() => expect(readPlace()?.q).toBe("is:unresolved"));
    await openBundle(host, FILE);
    await bundleNotice();
    await waitFor(() => expect(router.state.location.search).toMatchObject({ q: "level:error" }));
    await findList();
    press("j");
    // Longer than the pause in which places are kept.
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(readPlace()?.q).toBe("is:unresolved");
    expect(readPlace()?.href).not.toContain("level");
  });

  it("is opened where Picket was started for it, whatever place was left", async () => {
    const { router } = await renderApp({ at: "/settings", given: FILE });
    await bundleNotice();
    await waitFor(() => expect(router.state.location.pathname).toBe("/inbox"));
    fireEvent.click(screen.getByTestId(testIds.bundleClose));
    await waitFor(() => expect(router.state.location.pathname).toBe("/settings"));
  });

  it("that does not open changes nothing and says why", async () => {
    const { host, router } = await renderApp();
    await findList();
    await openBundle(host, "/home/ana/list.csv");
    const toast = await screen.findByTestId(testIds.toast);
    expect(toast.textContent).toContain("“list.csv” could not be opened");
    expect(toast.textContent).toContain("Choose a file that was exported as a bundle.");
    expect(router.state.location.search).toMatchObject({ q: "is:unresolved" });
    expect(screen.queryByTestId(testIds.storeNotice)).toBeNull();
  });

  it("that is not chosen after all opens nothing", async () => {
    const { host } = await renderApp();
    await findList();
    const asked = vi.spyOn(host, "pickBundle");
    await openBundle(host, null);
    await waitFor(() => expect(asked).toHaveBeenCalledOnce());
    expect(await asked.mock.results[0]?.value).toBeNull();
    expect(screen.queryByTestId(testIds.bundleReading)).toBeNull();
    expect(screen.queryByTestId(testIds.storeNotice)).toBeNull();
  });
});
