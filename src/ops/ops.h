/* Ops: the operator's command line, the room's door.
 *
 * Everything it can do is a row of the table in verbs.c.
 *
 * Threads: the process's only one.   Owns: nothing.   May include: base, every room's public
 * headers.
 */
#ifndef OPS_OPS_H
#define OPS_OPS_H

/* Runs one command line; argv[0] is the program. Returns the exit status (docs/cli.md). */
int ops_main(int argc, char **argv);

#endif
