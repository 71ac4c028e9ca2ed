// The preset would turn light-dark() into rules that never match what stands on :root. Browsers know it by themselves.
export default { plugins: { "postcss-preset-mantine": { features: { lightDarkFunction: false } } } };
