/** The first bytes of a base64 text. */
export function decodeBase64(base64: string, atMost: number): Uint8Array {
  // Four characters are three bytes; cutting at a multiple of four keeps the rest decodable.
  const binary = atob(base64.slice(0, Math.ceil(atMost / 3) * 4));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0)).slice(0, atMost);
}

const PER_LINE = 16;

/** Offset, hex and printable characters, sixteen bytes a line. */
export function hexDump(bytes: Uint8Array): string {
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += PER_LINE) {
    const line = [...bytes.subarray(at, at + PER_LINE)];
    const hex = line.map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
    const text = line.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : ".")).join("");
    lines.push(`${at.toString(16).padStart(8, "0")}  ${hex.padEnd(PER_LINE * 3 - 1)}  ${text}`);
  }
  return lines.join("\n");
}
