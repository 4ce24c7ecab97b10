import type { DeadLetterDetail } from "@/ipc";
import { type JsonPath, parsePath } from "@/lib/jsonLayout";

/** Where in a record the reading broke, as far as the detail tells. */
export type LetterPlace =
  | { kind: "text"; line: number; column: number }
  | { kind: "byte"; at: number }
  | { kind: "path"; path: JsonPath; name: string };

const PATH = String.raw`[A-Za-z_$][\w$-]*(?:\.[\w$-]+|\[\d+\])*`;

/** The places a detail names. A record that fits neither of two schemas has two. */
export function placesOf(detail: string): LetterPlace[] {
  const text = /at line (\d+) column (\d+)/.exec(detail);
  if (text) return [{ kind: "text", line: Number(text[1]), column: Number(text[2]) }];
  const byte = /\bbyte (\d+)/.exec(detail);
  if (byte) return [{ kind: "byte", at: Number(byte[1]) }];
  const names = [
    new RegExp(`^(${PATH})(?=: | is missing)`).exec(detail)?.[1],
    new RegExp(`Current: (${PATH})(?=: )`).exec(detail)?.[1],
    new RegExp(`Legacy: (${PATH})(?=: )`).exec(detail)?.[1],
  ];
  return [...new Set(names)].flatMap((name) =>
    name === undefined ? [] : [{ kind: "path" as const, path: parsePath(name), name }],
  );
}

/** A piece of the record around a place. */
export interface Excerpt {
  before: string;
  /** The character or byte at the place. */
  at: string;
  after: string;
}

/** Characters shown on either side. */
const AROUND = 60;

/** The text around a place that is given by line and column. Columns count bytes, as the reader does. */
export function textExcerpt(payload: string, line: number, column: number): Excerpt {
  const text = payload.split("\n")[line - 1] ?? "";
  const bytes = new TextEncoder().encode(text);
  const at = new TextDecoder().decode(bytes.slice(0, Math.max(0, column - 1))).length;
  return {
    before: (at > AROUND ? "…" : "") + text.slice(Math.max(0, at - AROUND), at),
    at: text.slice(at, at + 1) || "⏎",
    after: text.slice(at + 1, at + 1 + AROUND) + (at + 1 + AROUND < text.length ? "…" : ""),
  };
}

const BYTES_AROUND = 8;

/** The bytes around a place, in hex. */
export function byteExcerpt(bytes: Uint8Array, at: number): Excerpt {
  const hex = (part: Uint8Array) => [...part].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
  const start = Math.max(0, at - BYTES_AROUND);
  const end = at + 1 + BYTES_AROUND;
  return {
    before: (start > 0 ? "… " : "") + hex(bytes.slice(start, at)),
    at: hex(bytes.slice(at, at + 1)) || "end",
    after: hex(bytes.slice(at + 1, end)) + (end < bytes.length ? " …" : ""),
  };
}

/** How a record is described in one line: where it lies. */
export function originText({ row }: Pick<DeadLetterDetail, "row">): string {
  return `partition ${row.partition}, offset ${row.offset} of ${row.topic}`;
}
