// What floats above the screen just now, one flag each.
export const panels = $state({ palette: false, keys: false, jobs: false, sidebar: false, sync: false, connect: false });
