/** Where the focus goes inside a region, best first. */
const INSIDE = [
  "[data-region-focus]",
  "[data-region-focus] [contenteditable=true]",
  "[role=tab][tabindex='0'],[tabindex='0'],button:not(:disabled),a[href],input:not(:disabled)",
];

/** The parts of the window that the focus moves between, in reading order: those that no other lies in. */
export function regions(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>("[data-region]")].filter(
    (region) => region.querySelector("[data-region]") === null,
  );
}

/** Focuses a region: where it asks for it, else the first thing that can be used, else the region itself. */
function enter(region: HTMLElement): boolean {
  const wished = region.matches("[data-region-focus]") ? [region] : [];
  const inner = INSIDE.flatMap((selector) => [...region.querySelectorAll<HTMLElement>(selector)]);
  for (const target of [...wished, ...inner, region]) {
    target.focus();
    if (document.activeElement === target) return true;
  }
  return false;
}

/**
 * Moves the focus between the big parts of the window, for people who cannot point (UX 9.1). Those that cannot take the
 * focus are passed over, and from outside of all it goes on from its place.
 */
export function moveRegion(step: 1 | -1): void {
  const all = regions();
  const { activeElement } = document;
  const inside = all.findIndex((region) => region.contains(activeElement));
  const before = all.filter(
    (region) =>
      activeElement &&
      (region.compareDocumentPosition(activeElement) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0,
  ).length;
  // Outside of all regions the focus stands between two of them.
  const at = inside === -1 ? before - (step === 1 ? 1 : 0) : inside;
  for (let far = 1; far <= all.length; far += 1) {
    const next = all[(at + step * far + all.length * 2) % all.length];
    if (next && enter(next)) return;
  }
}
