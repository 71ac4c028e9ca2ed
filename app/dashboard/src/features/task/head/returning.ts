import { useRef } from "react";

/** Gives the focus to a button once it is there (again): for what takes the place of a field that was left by key. */
export function useReturning() {
  const wanted = useRef(false);
  return {
    want: () => {
      wanted.current = true;
    },
    give: (button: HTMLButtonElement | null) => {
      if (!button || !wanted.current) return;
      wanted.current = false;
      button.focus();
    },
  };
}
