import { Store } from "./store";

/** A value that this browser remembers under `name`. A browser may refuse to remember anything; it works all the same. */
export function remembered<T>(name: string, initial: T): Store<T> {
  const store = new Store(recalled(name, initial));
  store.subscribe(() => {
    try {
      localStorage.setItem(name, JSON.stringify(store.get()));
    } catch {
      // Not remembered: the next visit begins with the initial value.
    }
  });
  return store;
}

function recalled<T>(name: string, initial: T): T {
  try {
    const text = localStorage.getItem(name);
    return text === null ? initial : (JSON.parse(text) as T);
  } catch {
    return initial;
  }
}
