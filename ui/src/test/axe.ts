import axe from "axe-core";

/**
 * Problems that axe finds, one line each. Rules that need layout or colours do not run under jsdom; contrast has a
 * test of its own over the tokens.
 */
export async function accessibilityProblems(root: Element = document.body): Promise<string[]> {
  const { violations } = await axe.run(root, {
    rules: { "color-contrast": { enabled: false }, region: { enabled: false } },
    // All rules run on all elements; to describe each that passed as well takes as long again.
    resultTypes: ["violations"],
    selectors: false,
  });
  return violations.map(
    (violation) =>
      `${violation.id}: ${violation.help}: ${violation.nodes.map((node) => node.html.slice(0, 160)).join(" | ")}`,
  );
}
