import type { ComponentProps } from "react";
import { cx } from "@/lib/classNames";
import styles from "./Button.module.css";

interface ButtonProps extends ComponentProps<"button"> {
  kind?: "primary" | "plain" | "quiet" | "danger";
}

/** A button with a text. `quiet` has no frame until it is pointed at. */
export function Button({ kind = "plain", className, type = "button", ...rest }: ButtonProps) {
  return <button type={type} className={cx(styles.button, styles[kind], className)} {...rest} />;
}
