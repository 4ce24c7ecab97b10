import { screen } from "@testing-library/react";
import { expect, it } from "vitest";
import { testIds } from "@/lib/testIds";
import { findList, press, renderApp } from "@/test/renderApp";

it("groups by label with b g", async () => {
  await renderApp({ at: "/inbox?q=is%3Aunresolved" });
  await findList();
  press("b");
  press("g");
  const [group] = await screen.findAllByTestId(testIds.issueGroup);
  expect(group?.textContent).toContain("No label");
});
