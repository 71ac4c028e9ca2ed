import { useEffect, useRef, useState } from "react";

/**
 * Gives the focus back to what had it before this came, once this is gone: for a dialog that is on the page only while
 * it is open. Somebody who is elsewhere by then stays there.
 */
export function useFocusBack() {
  const [before] = useState(() => document.activeElement);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => {
    clearTimeout(timer.current);
    return () => {
      timer.current = setTimeout(() => {
        if (document.activeElement === document.body && before instanceof HTMLElement && before.isConnected)
          before.focus({ preventScroll: true });
      });
    };
  }, [before]);
}
