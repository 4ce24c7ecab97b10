import { Popover as Base } from "@base-ui/react/popover";
import { type ReactElement, type ReactNode, useEffect, useRef } from "react";
import { useServices } from "@/app/services";
import { cx } from "@/lib/classNames";
import styles from "./Popover.module.css";

interface PopoverProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  /** Name of the popover. */
  label: string;
  /** Button that opens it; without one, `anchor` says where it stands. */
  trigger?: ReactElement;
  anchor?: () => Element | null;
  /** Where the focus goes when it closes; the trigger if absent. */
  returnFocus?: () => HTMLElement | null;
  /** Takes the width its content needs. */
  wide?: boolean;
  children: ReactNode;
}

/** A small panel beside a button or a row. While it is open, shortcuts of the screen below rest. */
export function Popover(props: PopoverProps) {
  const { open, onOpenChange, label, trigger, anchor, returnFocus, wide, children } = props;
  const { keyboard } = useServices();
  const popup = useRef<HTMLDivElement>(null);
  useEffect(() => (open ? keyboard.enterModal() : undefined), [open, keyboard]);
  return (
    <Base.Root open={open} onOpenChange={onOpenChange}>
      {trigger ? <Base.Trigger render={trigger} /> : null}
      <Base.Portal>
        <Base.Positioner sideOffset={4} align="start" anchor={anchor} className={styles.positioner}>
          <Base.Popup
            ref={popup}
            className={cx(styles.popup, wide && styles.wide)}
            aria-label={label}
            initialFocus={() =>
              popup.current?.querySelector<HTMLElement>("[data-autofocus]") ?? popup.current
            }
            finalFocus={returnFocus ? () => returnFocus() ?? true : true}
          >
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
