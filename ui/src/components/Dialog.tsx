import { Dialog as Base } from "@base-ui/react/dialog";
import { X } from "lucide-react";
import { type ReactNode, type RefObject, useEffect, useRef } from "react";
import { useServices } from "@/app/services";
import { cx } from "@/lib/classNames";
import { AccessKeys } from "./accessKeys";
import styles from "./Dialog.module.css";
import { IconButton } from "./IconButton";

interface DialogProps {
  open: boolean;
  onClose: () => void;
  /** Visible heading; without one, `label` names the dialog. */
  title?: string;
  label?: string;
  children: ReactNode;
  /** Buttons at the end. */
  footer?: ReactNode;
  placement?: "center" | "top";
  wide?: boolean;
  /** Leaves padding and heading to the content. */
  bare?: boolean;
}

/** A modal dialog. Focus moves in, stays in, and returns to where it was; shortcuts of the screen below rest. */
export function Dialog({
  open,
  onClose,
  title,
  label,
  children,
  footer,
  placement,
  wide,
  bare,
}: DialogProps) {
  const { keyboard } = useServices();
  const popup = useRef<HTMLDivElement>(null);
  useEffect(() => (open ? keyboard.enterModal() : undefined), [open, keyboard]);
  return (
    <Base.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Base.Portal>
        <Base.Backdrop className={styles.backdrop} />
        <Base.Popup
          ref={popup}
          // Without a field to type in, the dialog itself has the focus: no button is one key away from being pressed.
          initialFocus={() => popup.current?.querySelector<HTMLElement>("[data-autofocus]") ?? popup.current}
          className={cx(styles.popup, placement === "top" && styles.top, wide && styles.wide)}
          aria-label={title ? undefined : label}
        >
          {title ? (
            <header className={styles.header}>
              <Base.Title className={styles.title}>{title}</Base.Title>
              <IconButton label="Close" keys="Escape" onClick={onClose}>
                <X size={16} />
              </IconButton>
            </header>
          ) : null}
          <div className={bare ? styles.bare : styles.body}>{children}</div>
          {footer ? <footer className={styles.footer}>{footer}</footer> : null}
          <Letters of={popup} />
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}

/** The letters of a dialog, for as long as it is there. */
function Letters({ of }: { of: RefObject<HTMLElement | null> }) {
  useEffect(() => {
    const letters = of.current && new AccessKeys(of.current);
    return () => letters?.destroy();
  }, [of]);
  return null;
}
