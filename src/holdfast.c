/* holdfast: the operator's command line. What it can do is in ops/verbs.c. */
#include "ops/ops.h"

int main(int argc, char **argv)
{
    return ops_main(argc, argv);
}
