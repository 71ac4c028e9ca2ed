import classes from "./palette.module.css";

/** Not given to `Modal.Content`: there it would be the look of the whole window, too. */
export const LOOK = { classNames: { content: classes.palette ?? "" }, transitionProps: { duration: 0 } };
