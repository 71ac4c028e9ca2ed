import { Store } from "./store";

/** The sentence that screen readers are to say; the shell holds the live region. */
export const said = new Store("");

export const say = (sentence: string) => said.set(sentence);
