import { useServices } from "@/app/services";
import type { Subject } from "@/features/triage/subject";
import { fromCatalogue } from "@/keyboard/catalogue";
import type { Action } from "@/keyboard/keyboard";
import { formatCount } from "@/lib/format";
import { type CopyForm, copyText, NothingToCopy } from "./copyIssues";

const FORMS: readonly { form: CopyForm; one: string; many: string }[] = [
  { form: "link", one: "link", many: "links" },
  { form: "id", one: "id", many: "ids" },
  { form: "markdown", one: "Markdown line", many: "Markdown lines" },
  { form: "stack", one: "stack", many: "stacks" },
];

/** Copying by key: of the selection, or else of the issue under the cursor. */
export function useCopyActions(subject: () => Subject | null): Action[] {
  const { host, toasts } = useServices();
  return FORMS.map(({ form, one, many }) => {
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
      ...fromCatalogue(`copy.${form}`),
      run: () => void copy(),
    };
  });
}
