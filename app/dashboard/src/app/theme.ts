import { Alert, createTheme, Modal } from "@mantine/core";

/** What a box says by its colour, in the page's own colours. */
const TONES: Record<string, string> = {
  red: "var(--bad)",
  yellow: "var(--warn)",
  teal: "var(--good)",
  gray: "var(--ink-soft)",
};

export const theme = createTheme({
  fontFamily: '"Inter", system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace',
  primaryColor: "blue",
  primaryShade: { light: 8, dark: 8 },
  autoContrast: true,
  defaultRadius: "sm",
  respectReducedMotion: true,
  cursorType: "pointer",
  colors: {
    // The library's own are greys without a hue; these go with the night's surfaces and inks of theme.css.
    dark: [
      "#e9ecef",
      "#ced4da",
      "#a3abb5",
      "#8d97a2",
      "#3d454e",
      "#2b3138",
      "#20252b",
      "#191c20",
      "#14171a",
      "#0d0f11",
    ],
  },
  components: {
    Alert: Alert.extend({
      vars: (_, { color }) => {
        const tone = TONES[color ?? ""] ?? "var(--accent)";
        return {
          root: {
            "--alert-bg": `color-mix(in srgb, ${tone} 8%, var(--raised))`,
            "--alert-bd": `1px solid color-mix(in srgb, ${tone} 40%, var(--line))`,
            "--alert-color": tone,
          },
        };
      },
    }),
    // A dialog's <header> would count as one more banner of the page.
    Modal: Modal.extend({
      defaultProps: {
        attributes: { header: { role: "presentation" } },
        closeButtonProps: { "aria-label": "Close" },
        yOffset: "12dvh",
      },
    }),
  },
});
