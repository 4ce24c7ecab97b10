import { useEffect, useId, useRef } from "react";
import styles from "./HoverTip.module.css";
import { type KeyTip, keyTip } from "./keyTip";

const DELAY_MS = 350;
/** Time to get from an element to its tooltip with the pointer. */
const LEAVE_MS = 150;
const GAP = 6;

const OWNERS = "[data-tip],[data-cut]";

/** Some of the text of an element, or of a part of it, has no room. */
function isCut(element: Element): boolean {
  return [element, ...element.querySelectorAll("*")].some((part) => part.scrollWidth > part.clientWidth + 1);
}

/** What is said about an element: its `data-tip`, or where its text is cut its `data-cut`. */
function tipOf(element: Element): string | null {
  const tip = element.getAttribute("data-tip");
  if (tip !== null) return tip;
  return isCut(element) ? element.getAttribute("data-cut") : null;
}

/**
 * Tooltips, also for rows that are drawn outside React: an element with `data-tip` shows that text while it is pointed
 * at or has the focus of the keyboard, one with `data-cut` shows that one where its own text has no room. What
 * {@link keyTip} holds is shown as well. The pointer may go onto a tooltip, which stays until pointer, focus or Escape
 * end it. One element serves all of them, so that a list of a thousand cells needs no listeners of its own.
 */
export function HoverTip() {
  const tip = useRef<HTMLDivElement>(null);
  const id = useId();
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let owner: Element | null = null;
    let byPointer = false;
    let rests = false;
    // A key that presses a button often changes what is said about it.
    const watched = new MutationObserver(() => {
      if (owner && tip.current?.hidden === false) place(owner, tipOf(owner));
    });

    const hide = () => {
      clearTimeout(timer);
      if (owner?.getAttribute("aria-describedby") === id) owner.removeAttribute("aria-describedby");
      owner = null;
      watched.disconnect();
      if (!tip.current) return;
      tip.current.hidden = true;
      // It may describe something else next, which reads it before it is shown.
      tip.current.textContent = "";
    };
    const place = (element: Element, text: string | null) => {
      const node = tip.current;
      if (!node) return;
      if (!text || !element.isConnected) {
        node.hidden = true;
        node.textContent = "";
        return;
      }
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
    const begin = (element: Element | null, delay: number) => {
      hide();
      owner = element;
      if (element) timer = setTimeout(() => place(element, tipOf(element)), delay);
    };
    const ownerOf = (target: EventTarget | null) =>
      target instanceof Element ? target.closest(OWNERS) : null;

    const over = (event: PointerEvent) => {
      const onTip = event.target instanceof Node && tip.current?.contains(event.target);
      const element = ownerOf(event.target);
      const visible = tip.current?.hidden === false;
      if (onTip || (element === owner && element !== null)) {
        // It was left and reached again, or the pointer is on its text now.
        if (visible) clearTimeout(timer);
        return;
      }
      // What the keyboard shows is not ended by a pointer that rests while things move below it.
      if (keyTip.get() && (rests || !element)) return;
      if (element) begin(element, visible ? 0 : DELAY_MS);
      else if (visible) {
        clearTimeout(timer);
        timer = setTimeout(hide, LEAVE_MS);
      } else hide();
    };
    // The text of a moving target changes under the pointer, for example along a trend.
    const refresh = (event: PointerEvent) => {
      if (event.movementX !== 0 || event.movementY !== 0) rests = false;
      if (owner && tip.current?.hidden === false && ownerOf(event.target) === owner)
        place(owner, tipOf(owner));
    };
    const focused = (event: FocusEvent) => {
      const element = ownerOf(event.target);
      // A press moves the focus, too; the pointer is there already.
      if (!element || byPointer) return;
      begin(element, DELAY_MS);
      watched.observe(element, { attributeFilter: ["data-tip", "data-cut"] });
      const text = tipOf(element);
      if (!text || !tip.current || element !== event.target || element.hasAttribute("aria-describedby"))
        return;
      // Said at once: a description that comes later is read by nobody.
      tip.current.textContent = text;
      element.setAttribute("aria-describedby", id);
    };
    const pressed = (event: PointerEvent) => {
      byPointer = true;
      if (!(event.target instanceof Node && tip.current?.contains(event.target))) hide();
    };
    const scrolled = () => {
      const shown = keyTip.get();
      // The list scrolls to the cell that it shows the text of.
      if (shown) place(shown.element, shown.text);
      else hide();
    };
    const onKey = (event: KeyboardEvent) => {
      byPointer = false;
      if (event.key !== "Escape") return;
      // Shown for the list, the key means it and nothing below it.
      if (keyTip.get()) event.preventDefault();
      keyTip.set(null);
      hide();
    };
    let described: KeyTip | null = null;
    const told = () => {
      described?.element.removeAttribute("aria-describedby");
      described = keyTip.get();
      rests = true;
      hide();
      if (!described) return;
      described.element.setAttribute("aria-describedby", id);
      place(described.element, described.text);
    };
    const stop = keyTip.subscribe(told);
    document.addEventListener("pointerover", over);
    document.addEventListener("pointermove", refresh);
    document.addEventListener("pointerdown", pressed);
    document.addEventListener("focusin", focused);
    document.addEventListener("focusout", hide);
    document.addEventListener("scroll", scrolled, true);
    document.addEventListener("keydown", onKey);
    return () => {
      stop();
      hide();
      document.removeEventListener("pointerover", over);
      document.removeEventListener("pointermove", refresh);
      document.removeEventListener("pointerdown", pressed);
      document.removeEventListener("focusin", focused);
      document.removeEventListener("focusout", hide);
      document.removeEventListener("scroll", scrolled, true);
      document.removeEventListener("keydown", onKey);
    };
  }, [id]);
  return <div ref={tip} id={id} className={styles.tip} role="tooltip" hidden />;
}
