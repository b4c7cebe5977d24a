/**
 * Threads for what Node does outside of JavaScript, DuckDB's statements and writes to the disk alike: one for settling, one
 * for spans on their way into the database, one for a copy of it, two for questions (see `Database.reading`), and one that
 * is left for the journal. With Node's four, questions would keep acknowledgements waiting for as long as they take.
 *
 * The first to import: libuv reads it when the first of them is wanted.
 */
process.env["UV_THREADPOOL_SIZE"] ??= "6";
