const TOKEN = /"(?:[^"\\\n]|\\.)*"|-?\d+(?:\.\d+)?(?:e[+-]?\d+)?|true|false|null/iy;
const STRING = /"(?:[^"\\\n]|\\.)*"/y;

/**
 * Line, from 1, at which a text stops being JSON; null for JSON. Engines word that in their own ways, and some do not say
 * where it is.
 */
export function jsonBreakLine(text: string): number | null {
  let at = 0;
  const skip = () => {
    while (/\s/.test(text[at] ?? "")) at += 1;
  };
  const take = (sign: string) => {
    skip();
    if (text[at] !== sign) return false;
    at += 1;
    return true;
  };
  const token = (form: RegExp) => {
    skip();
    form.lastIndex = at;
    const found = form.exec(text);
    if (found) at += found[0].length;
    return found !== null;
  };
  const list = (end: string, item: () => boolean): boolean => {
    if (take(end)) return true;
    do if (!item()) return false;
    while (take(","));
    return take(end);
  };
  const value = (): boolean => {
    if (take("{")) return list("}", () => token(STRING) && take(":") && value());
    if (take("[")) return list("]", value);
    return token(TOKEN);
  };
  const whole = value();
  skip();
  return whole && at >= text.length ? null : text.slice(0, at).split("\n").length;
}
