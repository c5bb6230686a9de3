/** Keeps the page above an on-screen keyboard where the browser lays the keyboard over it (Safari on phones). */

const KEYBOARD_PX = 100;

export function followKeyboard() {
  const viewport = window.visualViewport;
  if (!viewport) return;
  viewport.addEventListener("resize", () => {
    const root = document.documentElement;
    const covered = viewport.scale === 1 && window.innerHeight - viewport.height > KEYBOARD_PX; // zooming shrinks it as well
    if (covered) root.style.setProperty("--height", `${viewport.height}px`);
    else root.style.removeProperty("--height");
    if (covered) window.scrollTo(0, 0);
  });
}
