/* The commands of holdfast-bench, each with its own arguments (argv[0] is the command's name).
 *
 * Exit status: 0 ok, 1 failed, 2 usage, 4 outcomes or a target differ from what is expected, 5 the
 * daemon cannot be reached.
 *
 * Threads: the process's only one.   Owns: nothing.   May include: libc only.
 */
#ifndef BENCH_COMMANDS_H
#define BENCH_COMMANDS_H

enum command_status {
    COMMAND_OK = 0,
    COMMAND_FAILED = 1,
    COMMAND_USAGE = 2,
    COMMAND_DIFFERENT = 4,
    COMMAND_UNREACHABLE = 5,
};

int generate_main(int argc, char **argv);
int cards_main(int argc, char **argv);
int replay_main(int argc, char **argv);
int load_main(int argc, char **argv);

#endif
