import { useServices } from "@/app/services";
import type { Subject } from "@/features/triage/subject";
import { fromCatalogue } from "@/keyboard/catalogue";
import type { Action } from "@/keyboard/keyboard";
import { formatCount, plural } from "@/lib/format";
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
        const { text, issues } = await copyText(host, found, form);
        await navigator.clipboard.writeText(text);
        if (found.count === 1) toasts.done(`Copied the ${words} of ${found.name}`);
        else {
          const gone = found.count - issues;
          toasts.done(`Copied ${formatCount(issues)} ${issues === 1 ? one : many}`, {
            // As many as were selected only where all of them are still there.
            detail:
              gone > 0 ? `${plural(gone, "issue")} of them ${gone === 1 ? "has" : "have"} gone` : undefined,
          });
        }
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
