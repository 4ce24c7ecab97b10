import { Children, type ComponentProps, type ReactNode } from "react";
import { cx } from "@/lib/classNames";
import styles from "./Button.module.css";

interface ButtonProps extends ComponentProps<"button"> {
  kind?: "primary" | "plain" | "quiet" | "danger";
}

/**
 * The words of a button as an element: in one that is laid out as a row, WebKit marks no letter of a bare text. Texts
 * beside each other are one.
 */
function asWords(children: ReactNode): ReactNode {
  const parts: ReactNode[] = [];
  let text = "";
  const end = () => {
    if (text.trim() !== "") parts.push(<span key={`words ${parts.length}`}>{text}</span>);
    text = "";
  };
  for (const child of Children.toArray(children)) {
    if (typeof child === "string" || typeof child === "number") text += child;
    else {
      end();
      parts.push(child);
    }
  }
  end();
  return parts;
}

/** A button with a text. `quiet` has no frame until it is pointed at. */
export function Button({ kind = "plain", className, type = "button", children, ...rest }: ButtonProps) {
  return (
    <button type={type} className={cx(styles.button, styles[kind], className)} {...rest}>
      {asWords(children)}
    </button>
  );
}
