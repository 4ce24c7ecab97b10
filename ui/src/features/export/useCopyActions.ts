import { useServices } from "@/app/services";
import type { Subject } from "@/features/triage/subject";
import type { Action } from "@/keyboard/keyboard";
import { formatCount } from "@/lib/format";
import { type CopyForm, copyText, NothingToCopy } from "./copyIssues";

const FORMS: readonly { form: CopyForm; key: string; one: string; many: string }[] = [
  { form: "link", key: "l", one: "link", many: "links" },
  { form: "id", key: "i", one: "id", many: "ids" },
  { form: "markdown", key: "m", one: "Markdown line", many: "Markdown lines" },
  { form: "stack", key: "s", one: "stack", many: "stacks" },
];

/** Copying by `y` and a letter: of the selection, or else of the issue under the cursor. */
export function useCopyActions(subject: () => Subject | null): Action[] {
  const { host, toasts } = useServices();
  return FORMS.map(({ form, key, one, many }) => {
    const copy = async (): Promise<void> => {
      const found = subject();
      if (!found) return;
      const words = found.count === 1 ? one : many;
      try {
        await navigator.clipboard.writeText(await copyText(host, found, form));
        toasts.done(
          `Copied ${found.count === 1 ? `the ${words} of ${found.name}` : `${formatCount(found.count)} ${words}`}`,
        );
      } catch (error) {
        if (error instanceof NothingToCopy) toasts.note(error.message);
        else toasts.failed(`The ${words} could not be copied`, error, () => void copy());
      }
    };
    return {
      id: `copy.${form}`,
      title: `Copy the ${one}`,
      section: "Copy",
      keys: [`y ${key}`],
      run: () => void copy(),
    };
  });
}
