// Lets plain node run the TypeScript tests: hands each .ts file to the transformer Vite already brings.
import { register } from 'node:module';
register('./typescript-hooks.mjs', import.meta.url);
