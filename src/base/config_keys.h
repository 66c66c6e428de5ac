/* The table of configuration keys: the one place where a key is added. Parser, example and man page
 * read it. A key of `[product N]` has the section "product".
 *
 * Threads: constants.   Owns: nothing.   May include: libc only.
 */
#ifndef BASE_CONFIG_KEYS_H
#define BASE_CONFIG_KEYS_H

#include <stddef.h>
#include <stdint.h>

enum config_kind {
    CONFIG_TEXT,
    CONFIG_NUMBER,      /* min to max; `choices` may give a word for min ("refuse") */
    CONFIG_FLAG,        /* yes or no */
    CONFIG_PATH,        /* made absolute, relative to the file's folder */
    CONFIG_FILE,        /* a path that must exist when it is set */
    CONFIG_CHOICE,      /* one of `choices`, which are separated by '|'; its number is the index */
    CONFIG_DURATION_MS, /* "1500", "1500ms" or "2s": milliseconds, min to max */
    CONFIG_URL_PATHS,   /* a comma-separated list of URL paths, each with its leading slash */
};

struct config_key {
    const char *section, *name;
    enum config_kind kind;
    int64_t min, max;
    const char *choices;  /* or NULL */
    const char *fallback; /* the default, written as in the file; "" for unset */
    const char *sentence; /* what it does, for people; ends without a full stop */
};

extern const struct config_key config_keys[];
extern const size_t config_keys_count;

struct config_section {
    const char *name, *sentence;
};

/* In the order in which example and man page show them. */
extern const struct config_section config_sections[];
extern const size_t config_sections_count;

#endif
