import { sealedSizeInBytes } from "../../src/age/seal.ts";
import { LargestClassInBytes, sizeClass } from "../../src/report/sizeclass.ts";

/** Every size class with its edges, and sizes of age files. */
export function sizeVectors(): unknown {
  const classes = [{ bytes: 0, class: sizeClass(0) }];
  for (let bytes = 1; bytes <= LargestClassInBytes; bytes = classes.at(-1)!.class + 1) {
    const found = sizeClass(bytes);
    classes.push({ bytes, class: found }, { bytes: found, class: sizeClass(found) });
  }
  const plains = [0, 1, 65535, 65536, 65537, 8192, ...new Set(classes.map((entry) => entry.class))];
  const age = [1, 2, 63, 64].flatMap((recipients) => plains.map((plain) => ({ recipients, plain, sealed: sealedSizeInBytes(recipients, plain) })));
  return { classes, age };
}
