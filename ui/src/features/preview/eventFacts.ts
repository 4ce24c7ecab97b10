/** Something that happened before an event. */
export interface CrumbLine {
  category: string;
  message: string;
}

type Fields = Record<string, unknown>;

const fields = (value: unknown): Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : {};
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const text = (value: unknown): string =>
  typeof value === "string" ? value : typeof value === "number" ? String(value) : "";

function parse(eventJson: string | null): Fields {
  if (eventJson === null) return {};
  try {
    return fields(JSON.parse(eventJson));
  } catch {
    return {};
  }
}

/** `{ values: [...] }` or the list itself; senders write both. */
const valuesOf = (part: unknown): unknown[] => (Array.isArray(part) ? part : list(fields(part).values));

/** The last things that happened before the event, the last one first. */
export function lastCrumbs(eventJson: string | null, most = 5): CrumbLine[] {
  return valuesOf(parse(eventJson).breadcrumbs)
    .map(fields)
    .map((crumb) => ({
      category: text(crumb.category) || text(crumb.type),
      message: text(crumb.message) || text(fields(crumb.data).url),
    }))
    .filter((crumb) => crumb.category !== "" || crumb.message !== "")
    .slice(-most)
    .reverse();
}
