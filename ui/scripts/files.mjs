// Lists files below a folder by how their name ends, sorted, with forward slashes on every system.
import { readdirSync } from 'node:fs';

export function globFiles(folder, ...ends) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && ends.some((end) => entry.name.endsWith(end)))
    .map((entry) => `${entry.parentPath ?? entry.path}/${entry.name}`.replaceAll('\\', '/'))
    .sort();
}
