const GLANCE = 512;
const TAIL = 1 << 18;
const MAIL = /^(?:From |(?:from|to|date|subject|received|return-path|delivered-to|message-id|mime-version|x-[\w-]+):)/i;

/** Whether it is worth asking how a file's columns are read: sending a large mailbox twice is not. */
export async function mayHoldTables(file: Blob): Promise<boolean> {
  const head = await file.slice(0, GLANCE).text();
  if (MAIL.test(head) || head.startsWith("\x1f")) return false;
  if (!head.startsWith("PK")) return true;
  const names = await file.slice(-TAIL).text(); // an archive lists its files at its end
  return !/\.mbox|\.eml|(?:users|channels)\.json/i.test(names);
}
