import { useEffect, useRef } from "react";
import styles from "./HoverTip.module.css";

const DELAY_MS = 350;
const GAP = 6;

/**
 * Tooltips for rows that are drawn outside React: any element with `data-tip` shows that text while it is pointed
 * at. One element serves all of them, so that a list of a thousand cells needs no listeners of its own.
 */
export function HoverTip() {
  const tip = useRef<HTMLDivElement>(null);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let owner: Element | null = null;

    const hide = () => {
      clearTimeout(timer);
      owner = null;
      if (tip.current) tip.current.hidden = true;
    };
    const show = (element: Element) => {
      const node = tip.current;
      const text = element.getAttribute("data-tip");
      if (!node || !text || !element.isConnected) return;
      node.textContent = text;
      node.hidden = false;
      const box = element.getBoundingClientRect();
      const own = node.getBoundingClientRect();
      const left = Math.min(
        Math.max(4, box.left + box.width / 2 - own.width / 2),
        innerWidth - own.width - 4,
      );
      const above = box.top - own.height - GAP;
      node.style.transform = `translate(${Math.round(left)}px, ${Math.round(above > 4 ? above : box.bottom + GAP)}px)`;
    };
    const over = (event: PointerEvent) => {
      const element = event.target instanceof Element ? event.target.closest("[data-tip]") : null;
      if (element === owner) return;
      const visible = tip.current?.hidden === false;
      hide();
      owner = element;
      if (element) timer = setTimeout(() => show(element), visible ? 0 : DELAY_MS);
    };
    // The text of a moving target changes under the pointer, for example along a trend.
    const refresh = () => {
      if (owner && tip.current?.hidden === false) show(owner);
    };
    const onKey = (event: KeyboardEvent) => {
      if (event.key === "Escape") hide();
    };
    document.addEventListener("pointerover", over);
    document.addEventListener("pointermove", refresh);
    document.addEventListener("pointerdown", hide);
    document.addEventListener("scroll", hide, true);
    document.addEventListener("keydown", onKey);
    return () => {
      hide();
      document.removeEventListener("pointerover", over);
      document.removeEventListener("pointermove", refresh);
      document.removeEventListener("pointerdown", hide);
      document.removeEventListener("scroll", hide, true);
      document.removeEventListener("keydown", onKey);
    };
  }, []);
  return <div ref={tip} className={styles.tip} role="tooltip" hidden />;
}
