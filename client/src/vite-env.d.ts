/// <reference types="svelte" />
/// <reference types="vite/client" />

interface ImportMetaEnv {
  /** Set to run against the fake engine of src/dev, also in a build. */
  readonly VITE_MOCK?: string;
}
