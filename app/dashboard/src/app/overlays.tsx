/** What may lie over any page: notices, dialogs of acts, the palette, help. */
export function Overlays() {
  return null;
}
