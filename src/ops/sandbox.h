/* The sandbox: everything holdfast needs on one machine, made from nothing.
 *
 * `holdfast sandbox [DIR]` makes a private PostgreSQL cluster (Unix socket only), a development
 * certificate authority, the schema and a demo programme of cards, starts holdfastd on them, and
 * runs until SIGINT or SIGTERM. Started again on the same directory it carries on. What stands in
 * the directory is a contract for people and scripts (docs/sandbox.md).
 *
 * Threads: the process's only one.   Owns: the processes it starts; they never outlive it.
 * May include: base, ledger/migrate.h, ledger/operator.h, gnutls.
 */
#ifndef OPS_SANDBOX_H
#define OPS_SANDBOX_H

/* argv[0] is "sandbox"; options and DIR follow. Returns the process's exit status: 0 stopped by a
 * signal as it should, 1 failed, 2 usage or configuration, 5 the database could not be started. */
int sandbox_main(int argc, char **argv);

#endif
