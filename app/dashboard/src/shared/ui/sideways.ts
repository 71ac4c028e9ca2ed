/** So far from the edge, in pixels, that what is chosen isn't below the fade. */
const CLEAR_PX = 48;
const CHOSEN = '[aria-current="page"], [aria-pressed="true"]';

const HANDS = ["pointerdown", "wheel", "keydown"];

/** On which sides there is more than is seen. */
function moreAround({ scrollLeft, scrollWidth, clientWidth }: HTMLElement): string {
  const before = scrollLeft > 1;
  const after = scrollWidth - clientWidth - scrollLeft > 1;
  return [before && "before", after && "after"].filter(Boolean).join(" ");
}

function show(node: HTMLElement, chosen: Element): void {
  const frame = node.getBoundingClientRect();
  const { left, right } = chosen.getBoundingClientRect();
  const before = left - frame.left - CLEAR_PX;
  const after = right - frame.right + CLEAR_PX;
  if (before < 0) node.scrollLeft += before;
  else if (after > 0) node.scrollLeft += after;
}

/**
 * For what scrolls sideways where it is too wide, as its `ref`: an edge behind which there is more fades away (`sideways`
 * in theme.css), and what is chosen is scrolled into view.
 */
export function sideways(node: HTMLElement | null) {
  if (!node) return undefined;
  let shown: Element | null = null;
  // What comes later, a number for example, may push it out again; not from under somebody's hand.
  let touched = false;
  const look = () => {
    node.dataset.more = moreAround(node);
  };
  const renew = () => {
    const chosen = node.querySelector(CHOSEN);
    if (chosen && (chosen !== shown || !touched)) show(node, chosen);
    shown = chosen;
    look();
  };
  const touch = () => {
    touched = true;
  };
  const sized = new ResizeObserver(() => {
    shown = null;
    renew();
  });
  const changed = new MutationObserver(renew);
  sized.observe(node);
  changed.observe(node, {
    subtree: true,
    childList: true,
    characterData: true,
    attributeFilter: ["aria-current", "aria-pressed"],
  });
  node.addEventListener("scroll", look, { passive: true });
  for (const kind of HANDS) node.addEventListener(kind, touch, { passive: true });
  renew();
  return () => {
    sized.disconnect();
    changed.disconnect();
    node.removeEventListener("scroll", look);
    for (const kind of HANDS) node.removeEventListener(kind, touch);
  };
}
