// Where a program writes.
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';

/** Everything that a program might write to unasked, in one folder. */
export const ownPlaces = (folder) => ({ HOME: folder, TMPDIR: folder, XDG_CACHE_HOME: folder, XDG_CONFIG_HOME: folder, XDG_DATA_HOME: folder, XDG_STATE_HOME: folder, XDG_RUNTIME_DIR: folder });

/** The files that a process has open for writing now. */
export function openForWriting(pid) {
  return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
    try {
      const flags = parseInt(/^flags:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/fdinfo/${fd}`, 'utf8'))[1], 8);
      const file = readlinkSync(`/proc/${pid}/fd/${fd}`);
      return (flags & 3) !== 0 && file.startsWith('/') && !/^\/(dev|memfd:|proc)/.test(file) ? [file] : [];
    } catch {
      return []; // closed meanwhile
    }
  });
}
