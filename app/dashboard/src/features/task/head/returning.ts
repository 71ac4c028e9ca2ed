import { useState } from "react";

/** Gives the focus to a button once it is there (again): for what takes the place of a field that was left by key. */
class Returning {
  private wanted = false;

  readonly want = () => {
    this.wanted = true;
  };

  readonly give = (button: HTMLButtonElement | null) => {
    if (!button || !this.wanted) return;
    this.wanted = false;
    button.focus();
  };
}

export const useReturning = () => useState(() => new Returning())[0];
