import { useState } from "react";

/** Gives the focus to a button once it is there (again): for what takes the place of a field that was left by key. */
function returning() {
  let wanted = false;
  return {
    want: () => {
      wanted = true;
    },
    give: (button: HTMLButtonElement | null) => {
      if (!button || !wanted) return;
      wanted = false;
      button.focus();
    },
  };
}

export const useReturning = () => useState(returning)[0];
