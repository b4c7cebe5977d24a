// Charts and pages.
export {};
