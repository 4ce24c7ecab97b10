/** A reason word such as `invalid_json`, as words. The set is open: new reasons need no change here. */
export function reasonText(reason: string): string {
  return reason.replaceAll("_", " ");
}
