// Fixture only: the register as a real core answered it, without schemas and with fewer countries.
import { readFileSync } from 'node:fs';

export const register = JSON.parse(readFileSync(new URL('./register.json', import.meta.url), 'utf8'));
