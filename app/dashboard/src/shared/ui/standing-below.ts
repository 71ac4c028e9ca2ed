const HEIGHT = "--standing-below";

/** For what stands at the lower edge of the window for a while, as its `ref`: what floats above the page stands above it. */
export function standingBelow(node: HTMLElement | null) {
  if (!node) return undefined;
  const { style } = document.documentElement;
  const measured = new ResizeObserver(() => {
    style.setProperty(HEIGHT, `${innerHeight - node.getBoundingClientRect().top}px`);
  });
  measured.observe(node);
  return () => {
    measured.disconnect();
    style.removeProperty(HEIGHT);
  };
}
