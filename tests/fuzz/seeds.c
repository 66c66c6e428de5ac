/* seeds FOLDER: feeds each file of the folder to the fuzz target, and every prefix of the small
 * ones: a cut input is the most ordinary broken one. */
#include "target.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SEED_BYTES = 1 << 20, PREFIXES_UP_TO = 4096 };

/* A copy of exactly this size, so that a sanitizer sees a read past the end. */
static void feed(const uint8_t *bytes, size_t count)
{
    uint8_t *copy = malloc(count > 0 ? count : 1);
    if (copy == NULL) {
        abort();
    }
    memcpy(copy, bytes, count);
    (void)LLVMFuzzerTestOneInput(copy, count);
    free(copy);
}

static int feed_file(const char *folder, const char *name)
{
    static uint8_t bytes[SEED_BYTES];
    char path[4096];

    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        perror(path);
        return 1;
    }
    size_t count = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    feed(bytes, count);
    for (size_t prefix = 0; count <= PREFIXES_UP_TO && prefix < count; prefix++) {
        feed(bytes, prefix);
    }
    return 0;
}

int main(int argc, char **argv)
{
    DIR *folder = argc == 2 ? opendir(argv[1]) : NULL;
    struct dirent *entry;
    int files = 0, failed = 0;

    if (folder == NULL) {
        fprintf(stderr, "usage: %s FOLDER\n", argv[0]);
        return 2;
    }
    while ((entry = readdir(folder)) != NULL) {
        if (entry->d_name[0] != '.') {
            failed += feed_file(argv[1], entry->d_name);
            files++;
        }
    }
    closedir(folder);
    printf("%d seeds\n", files);
    return failed > 0 || files == 0 ? 1 : 0;
}
