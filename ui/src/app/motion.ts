// The one movement of the program: a screen fades in, fast; not at all for people who asked for less motion.
import type { TransitionConfig } from 'svelte/transition';

export function fade(_node: Element): TransitionConfig {
  const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
  return { duration: still ? 0 : 90, css: (done) => `opacity: ${0.4 + done * 0.6}` };
}
