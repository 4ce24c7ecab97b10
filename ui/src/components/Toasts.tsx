import { Toast } from "@base-ui/react/toast";
import { CircleCheck, Info, TriangleAlert, X } from "lucide-react";
import type { ToastData, ToastTone } from "@/app/toasts";
import { ActionCaps } from "@/keyboard/KeyCaps";
import { testIds } from "@/lib/testIds";
import buttons from "./Button.module.css";
import icons from "./IconButton.module.css";
import styles from "./Toasts.module.css";

const ICONS = { done: CircleCheck, note: Info, error: TriangleAlert } as const;

/** The messages on screen, at the lower right above the status bar. F6 leads to them. */
export function ToastList() {
  const { toasts } = Toast.useToastManager();
  return (
    <Toast.Portal>
      <Toast.Viewport
        className={styles.viewport}
        data-region={toasts.length > 0 ? "messages" : undefined}
        data-region-focus=""
        // They are spoken by the one live region, which sums up; here they would be spoken beside it.
        aria-live="off"
      >
        {toasts.map((toast) => {
          const Icon = ICONS[(toast.type as ToastTone | undefined) ?? "note"];
          const data = toast.data as ToastData | undefined;
          return (
            <Toast.Root
              key={toast.id}
              toast={toast}
              swipeDirection={[]}
              className={styles.toast}
              data-testid={testIds.toast}
              data-two={data?.second ? "" : undefined}
            >
              <Toast.Content className={styles.content}>
                <Icon size={16} className={styles.icon} aria-hidden="true" />
                <div className={styles.texts}>
                  <Toast.Title className={styles.title} render={<p />} />
                  <Toast.Description className={styles.detail} />
                </div>
                {toast.actionProps ? (
                  <Toast.Action
                    className={`${buttons.button} ${buttons.plain ?? ""}`}
                    data-testid={testIds.toastAction}
                  >
                    {data?.label}
                    {data?.action ? <ActionCaps action={data.action} /> : null}
                  </Toast.Action>
                ) : null}
                {data?.second ? (
                  <button
                    type="button"
                    className={`${buttons.button} ${buttons.plain ?? ""}`}
                    data-testid={testIds.toastSecond}
                    onClick={data.second.run}
                  >
                    {data.second.label}
                  </button>
                ) : null}
                <Toast.Close className={icons.button} aria-label="Dismiss">
                  <X size={14} aria-hidden="true" />
                </Toast.Close>
              </Toast.Content>
            </Toast.Root>
          );
        })}
      </Toast.Viewport>
    </Toast.Portal>
  );
}
