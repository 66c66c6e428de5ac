#include "base/config_near.h"

#include <stdbool.h>
#include <string.h>

#include "base/config_keys.h"

enum { NAME_MAX_BYTES = 64, DISTANCE_MAX = 2 };

static int least(int a, int b)
{
    return a < b ? a : b;
}

/* Levenshtein's distance; texts longer than a name can be are as far as can be. */
static int distance(const char *a, const char *b)
{
    int row[NAME_MAX_BYTES + 1];
    int a_bytes = (int)strnlen(a, NAME_MAX_BYTES + 1),
        b_bytes = (int)strnlen(b, NAME_MAX_BYTES + 1);

    if (a_bytes > NAME_MAX_BYTES || b_bytes > NAME_MAX_BYTES) {
        return NAME_MAX_BYTES;
    }
    for (int j = 0; j <= b_bytes; j++) {
        row[j] = j;
    }
    for (int i = 1; i <= a_bytes; i++) {
        int diagonal = row[0];
        row[0] = i;
        for (int j = 1; j <= b_bytes; j++) {
            int replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = row[j];
            row[j] = least(replaced, least(row[j], row[j - 1]) + 1);
        }
    }
    return row[b_bytes];
}

const struct config_key *config_near_key(const char *section, const char *name)
{
    const struct config_key *nearest = NULL;
    int best = DISTANCE_MAX + 1;

    for (size_t i = 0; i < config_keys_count; i++) {
        int away = distance(name, config_keys[i].name);
        bool same_section = strcmp(config_keys[i].section, section) == 0;
        if (same_section ? away < best : away == 0 && nearest == NULL) {
            nearest = &config_keys[i];
            best = same_section ? away : best;
        }
    }
    return nearest;
}

const char *config_near_section(const char *name)
{
    const char *nearest = NULL;
    int best = DISTANCE_MAX + 1;

    for (size_t i = 0; i < config_sections_count; i++) {
        int away = distance(name, config_sections[i].name);
        if (away < best) {
            nearest = config_sections[i].name;
            best = away;
        }
    }
    return nearest;
}
