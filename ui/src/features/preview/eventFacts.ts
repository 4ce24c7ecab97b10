/** A frame of a stack, as far as a short look needs it. */
export interface FrameLine {
  place: string;
  function: string;
  inApp: boolean;
}

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

/**
 * The frames one wants to see first, newest first: those of the sender's own code, or the top ones where none is
 * marked. Whatever has another shape than expected is left out.
 */
export function topFrames(eventJson: string | null, most = 5): FrameLine[] {
  const event = parse(eventJson);
  const stacks = [
    ...valuesOf(event.exception).map((value) => fields(value).stacktrace),
    event.stacktrace,
    ...valuesOf(event.threads).map((value) => fields(value).stacktrace),
  ];
  const frames =
    stacks.map((stack) => list(fields(stack).frames)).findLast((found) => found.length > 0) ?? [];
  const lines = frames
    .map(fields)
    .map((frame) => {
      const file = text(frame.filename) || text(frame.module) || text(frame.abs_path) || text(frame.package);
      const line = text(frame.lineno);
      return {
        place: line === "" ? file : `${file}:${line}`,
        function: text(frame.function),
        inApp: frame.in_app === true,
      };
    })
    .filter((frame) => frame.place !== "" || frame.function !== "")
    .reverse();
  const own = lines.filter((frame) => frame.inApp);
  return (own.length > 0 ? own : lines).slice(0, most);
}

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
