// Layers: shared -> features -> app. A feature knows no other feature; the zones are the folders that are there.

import { createTypeScriptImportResolver } from "eslint-import-resolver-typescript";
import importX from "eslint-plugin-import-x";
import a11y from "eslint-plugin-jsx-a11y";
import hooks from "eslint-plugin-react-hooks";
import { readdirSync } from "node:fs";
import tseslint from "typescript-eslint";

const features = readdirSync(new URL("./src/features", import.meta.url), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);

const zones = [
  {
    target: "./src/shared",
    from: ["./src/features", "./src/app"],
    message: "shared knows neither features nor the app.",
  },
  { target: "./src/features", from: "./src/app", message: "Features don't know the app: it puts them together." },
  ...features.map((name) => ({
    target: `./src/features/${name}`,
    from: "./src/features",
    except: [`./${name}`],
    message: "Features don't know each other: what both need stands in shared.",
  })),
];

export default tseslint.config(
  { ignores: ["dist", "node_modules", "public", "vendor", "docs.js", "src/shared/api/schema.d.ts"] },
  ...tseslint.configs.strictTypeChecked,
  ...tseslint.configs.stylisticTypeChecked,
  hooks.configs.flat["recommended-latest"],
  a11y.flatConfigs.strict,
  {
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ["eslint.config.js", "postcss.config.js"] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    plugins: { "import-x": importX },
    settings: { "import-x/resolver-next": [createTypeScriptImportResolver()] },
    rules: {
      "import-x/no-restricted-paths": ["error", { zones }],
      "import-x/no-cycle": "error",
      "import-x/order": [
        "error",
        {
          alphabetize: { order: "asc" },
          "newlines-between": "never",
          groups: [["builtin", "external"], "internal", ["parent", "sibling"]],
        },
      ],
      "@typescript-eslint/consistent-type-definitions": ["error", "type"],
      "max-lines": ["error", { max: 250, skipBlankLines: false }],
      "@typescript-eslint/consistent-type-imports": "error",
      // A handler may be async: its promise is awaited inside, and its errors are shown.
      "@typescript-eslint/no-misused-promises": ["error", { checksVoidReturn: { attributes: false } }],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      // A mutation is repeated after a lost answer: a key that is made where it is sent would do it twice.
      "no-restricted-syntax": [
        "error",
        ...[
          "Property[key.name='mutationFn'] CallExpression[callee.name='newKey']",
          "Property[key.value='Idempotency-Key'] CallExpression[callee.name='newKey']",
          "CallExpression[callee.object.name=/^(api|open)$/] CallExpression[callee.name='newKey']",
        ].map((selector) => ({
          selector,
          message: "Made once for all times that it is sent: useOnce hands it in (shared/api/use-once.ts).",
        })),
      ],
      // TanStack Router redirects by throwing what is no Error.
      "@typescript-eslint/only-throw-error": [
        "error",
        { allow: [{ from: "package", package: "@tanstack/router-core", name: "Redirect" }] },
      ],
    },
  },
  { files: ["*.js"], ...tseslint.configs.disableTypeChecked },
);
