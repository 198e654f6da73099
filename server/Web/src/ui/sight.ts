const scrollsLateInMilliseconds = 150;

/**
 * Keeps the field that the keyboard has come to wholly in sight. Firefox leaves it where it is as long as an edge of it is to be seen,
 * and scrolls late: to the field before, when the next one has the focus already.
 */
export function keepFocusInSight(page: HTMLElement): void {
  let late: ReturnType<typeof setTimeout> | undefined;
  let byKey = false;
  const show = () => {
    const field = document.activeElement;
    if (field !== document.body) field?.scrollIntoView({ block: "nearest" });
  };
  const cancel = () => {
    byKey = false;
    clearTimeout(late);
  };
  document.addEventListener("keydown", ({ key }) => {
    cancel();
    byKey = key.length > 1; // not what is typed into a field
  });
  // Whoever scrolls or points has chosen what to see; a button that moves between press and release is not pressed at all.
  for (const kind of ["wheel", "pointerdown", "touchstart"]) document.addEventListener(kind, cancel, { passive: true });
  page.addEventListener("focusin", () => {
    if (!byKey) return;
    show();
    clearTimeout(late);
    late = setTimeout(show, scrollsLateInMilliseconds);
  });
}
