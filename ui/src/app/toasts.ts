import { Toast } from "@base-ui/react/toast";
import { errorWords } from "@/components/errorWords";
import type { ActionId } from "@/keyboard/catalogue";
import { preferences } from "./preferences";

/** How a message looks: something was done, nothing was, or it failed. */
export type ToastTone = "done" | "note" | "error";

/** A button inside a message. */
export interface ToastAction {
  label: string;
  /** Action that does the same; its key is shown. */
  action?: ActionId;
  /** The entry of the journal that it turns round, or goes on to. */
  entry?: string;
  run: () => void;
}

interface Extras {
  /** A quieter second line. */
  detail?: string | undefined;
  action?: ToastAction;
  /** Another way to go on, beside `action`. */
  second?: ToastAction | undefined;
  /** What it offers is about this device, whichever store is open. */
  ofDevice?: boolean;
}

/** What a message carries for its drawing. */
export interface ToastData {
  /** What its first button says, and the action whose key is shown there. */
  label?: string;
  action?: ActionId;
  second?: { label: string; run: () => void };
}

/** Short messages that say what an action did. They stay as long as was chosen, unless pointed at or focused. */
export class Toasts {
  readonly manager = Toast.createToastManager();
  /** Messages on screen that offer something to do in the open store. */
  private readonly offers = new Set<string>();
  /** Messages on screen by the entries of the journal that their buttons are about. */
  private readonly entries = new Map<string, readonly string[]>();

  /** `say`: speaks what is no error. Errors are alerts by themselves. */
  constructor(private readonly say: (text: string) => void = () => undefined) {}

  /** Something was done. */
  done(title: string, extras: Extras = {}): void {
    this.show("done", title, extras, preferences.get().messageTime);
  }

  /** Nothing was changed, and that is all right. */
  note(title: string, extras: Extras = {}): void {
    this.show("note", title, extras, preferences.get().messageTime);
  }

  /** Something waits for an answer. Stays until it is closed. */
  stays(title: string, extras: Extras = {}): void {
    this.show("note", title, extras, 0);
  }

  /** Something failed: what, why, and what to do. Stays until it is closed. `other` goes on in a way of its own. */
  failed(what: string, error: unknown, retry?: () => void, other?: ToastAction): void {
    const { message, next, retryable } = errorWords(error);
    const action = other ?? (retry && retryable ? { label: "Try again", run: retry } : undefined);
    this.show("error", what, { detail: [message, next].filter(Boolean).join(" "), action }, 0);
  }

  /** Another store was opened: what messages offer is about issues that are not there, or are others. */
  storeChanged(): void {
    for (const id of [...this.offers]) this.manager.close(id);
  }

  /** An entry of the journal was taken back, or a part of it: messages that offer just that are out of date. */
  entryTurned(entry: string): void {
    for (const [id, entries] of [...this.entries]) if (entries.includes(entry)) this.manager.close(id);
  }

  private show(tone: ToastTone, title: string, extras: Extras, timeout: number): void {
    const { detail, action, second } = extras;
    if (tone !== "error") this.say(detail === undefined || detail === "" ? title : `${title}. ${detail}`);
    const data: ToastData = {
      label: action?.label,
      action: action?.action,
      second: second && {
        label: second.label,
        run: () => {
          this.manager.close(id);
          second.run();
        },
      },
    };
    const id: string = this.manager.add({
      title,
      description: detail,
      type: tone,
      data,
      timeout,
      onRemove: () => {
        this.offers.delete(id);
        this.entries.delete(id);
      },
      priority: tone === "error" ? "high" : "low",
      actionProps: action
        ? {
            onClick: () => {
              this.manager.close(id);
              action.run();
            },
          }
        : undefined,
    });
    if ((action || second) && !extras.ofDevice) this.offers.add(id);
    const entries = [action?.entry, second?.entry].filter((entry) => entry !== undefined);
    if (entries.length > 0) this.entries.set(id, entries);
  }
}
