export const cloneFolder: string;
export const buildRecord: string;
export const whatToType: string;
export function isStale(clone: string, record: string): boolean;
export function isOwnFileMissing(error: unknown, clone: string): boolean;
