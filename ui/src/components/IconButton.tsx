import { Tooltip } from "@base-ui/react/tooltip";
import type { ComponentProps } from "react";
import type { ActionId } from "@/keyboard/catalogue";
import { KeyCaps } from "@/keyboard/KeyCaps";
import { useAriaKeys, useKeymap } from "@/keyboard/usePressedKeys";
import { cx } from "@/lib/classNames";
import styles from "./IconButton.module.css";

interface IconButtonProps extends Omit<ComponentProps<"button">, "aria-label"> {
  /** Name, also shown as tooltip. */
  label: string;
  /** Action that does the same; its key is shown. */
  action?: ActionId;
  /** Key that does the same, where that is no action. */
  keys?: string;
}

/** A button that is only an icon. It always has a name, and a tooltip with its key. */
export function IconButton({
  label,
  action,
  keys: fixed,
  className,
  type = "button",
  ...rest
}: IconButtonProps) {
  const ariaKeys = useAriaKeys();
  const keymap = useKeymap();
  const keys = action ? keymap.first(action) : fixed;
  return (
    <Tooltip.Root>
      <Tooltip.Trigger
        render={
          <button
            type={type}
            aria-label={label}
            aria-keyshortcuts={ariaKeys(keys)}
            className={cx(styles.button, className)}
            {...rest}
          />
        }
      />
      <Tooltip.Portal>
        <Tooltip.Positioner sideOffset={6}>
          <Tooltip.Popup className={styles.tip}>
            {label}
            {keys ? <KeyCaps keys={keys} /> : null}
          </Tooltip.Popup>
        </Tooltip.Positioner>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}
