import { Modal, type ModalProps } from "@mantine/core";
import { useFocusBack } from "./use-focus-back";

/** A dialog that is open as long as it is rendered: Mantine's own way back for the focus needs one that stays. */
export function Dialog(props: Omit<ModalProps, "opened" | "returnFocus">) {
  useFocusBack();
  return <Modal opened returnFocus={false} {...props} />;
}
