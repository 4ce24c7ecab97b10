/** A frame of a stack, as far as a short look needs it. */
export interface FrameLine {
  /** The file with its line, or what stands for the file. */
  place: string;
  /** What stands for the file, and the key of the search language that asks for it. */
  at: { key: string; value: string };
  function: string;
  inApp: boolean;
}

/** Something that happened before an event. */
export interface CrumbLine {
  category: string;
  message: string;
}

/** What says where a frame is, the most telling first. */
const PLACES = ["filename", "module", "abs_path", "package"] as const;

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
  const stackOf = (value: unknown) => fields(value).stacktrace;
  // What was thrown says more than where threads stood by then.
  const stacks = [
    ...valuesOf(event.threads).map(stackOf),
    event.stacktrace,
    ...valuesOf(event.exception).map(stackOf),
  ];
  const frames =
    stacks.map((stack) => list(fields(stack).frames)).findLast((found) => found.length > 0) ?? [];
  const lines = frames
    .map(fields)
    .map((frame) => {
      const named = PLACES.map((name) => ({ key: `stack.${name}`, value: text(frame[name]) }));
      const at = named.find(({ value }) => value !== "") ?? { key: "", value: "" };
      const line = text(frame.lineno);
      return {
        place: line === "" ? at.value : `${at.value}:${line}`,
        at,
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
