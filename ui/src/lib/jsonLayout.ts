/** Names and indices that lead to a value. */
export type JsonPath = readonly (string | number)[];

/** A document laid out one value a line, and where each value went. */
export interface JsonLayout {
  text: string;
  /** Line of a value, from 0; null where there is no such value. */
  lineOf: (path: JsonPath) => number | null;
}

const keyOf = (path: JsonPath) => JSON.stringify(path);
const SPACE = /[\t\n\r ]/;

/**
 * Lays raw JSON out without changing a value: numbers keep every digit, repeated names stay. Null for what is no JSON.
 * A repeated name leads to its last value, as parsers take it.
 */
export function layoutJson(raw: string): JsonLayout | null {
  try {
    JSON.parse(raw);
  } catch {
    return null;
  }
  const lines: string[] = [];
  const places = new Map<string, number>();
  let current = "";
  let at = 0;

  const skip = () => {
    while (SPACE.test(raw[at] ?? "")) at += 1;
  };
  const flush = (depth: number) => {
    lines.push(current);
    current = "  ".repeat(depth);
  };
  const text = () => {
    const start = at;
    at += 1;
    while (raw[at] !== '"') at += raw[at] === "\\" ? 2 : 1;
    at += 1;
    return raw.slice(start, at);
  };

  const value = (path: JsonPath, depth: number): void => {
    skip();
    places.set(keyOf(path), lines.length);
    const open = raw[at];
    if (open === '"') {
      current += text();
      return;
    }
    if (open !== "{" && open !== "[") {
      const start = at;
      while (at < raw.length && !/[,\]}\s]/.test(raw[at] as string)) at += 1;
      current += raw.slice(start, at);
      return;
    }
    at += 1;
    skip();
    current += open;
    const close = open === "{" ? "}" : "]";
    if (raw[at] === close) {
      at += 1;
      current += close;
      return;
    }
    for (let index = 0; ; index += 1) {
      flush(depth + 1);
      let name: string | number = index;
      if (open === "{") {
        skip();
        const quoted = text();
        name = JSON.parse(quoted) as string;
        skip();
        at += 1; // the colon
        current += `${quoted}: `;
      }
      value([...path, name], depth + 1);
      skip();
      const sign = raw[at];
      at += 1;
      if (sign !== ",") break;
      current += ",";
    }
    flush(depth);
    current += close;
  };

  try {
    value([], 0);
  } catch {
    // Nested too deeply for the call stack.
    return null;
  }
  lines.push(current);
  return { text: lines.join("\n"), lineOf: (path) => places.get(keyOf(path)) ?? null };
}

/** `event.tags[2].name` → `["event", "tags", 2, "name"]`. */
export function parsePath(text: string): JsonPath {
  return [...text.matchAll(/\[(\d+)\]|([^.[\]]+)/g)].map((part) =>
    part[1] === undefined ? (part[2] as string) : Number(part[1]),
  );
}
