/* DIR/holdfast.conf: an INI file that is edited in place, so that what a person wrote there stays.
 *
 * Threads: any.   Owns: the text while it lives.   May include: base.
 */
#ifndef OPS_SANDBOX_SETTINGS_H
#define OPS_SANDBOX_SETTINGS_H

#include <stddef.h>

#include "base/error.h"

enum { SANDBOX_SETTINGS_BYTES = 65536 };

struct sandbox_settings {
    char text[SANDBOX_SETTINGS_BYTES]; /* the file's content, NUL-ended */
    size_t bytes;
};

/* Reads the file; *found false and an empty text when there is none. */
MUST_USE bool sandbox_settings_read(struct sandbox_settings *settings, const char *path,
                                    bool *found, struct error *error);
/* Sets a key of a section: replaces its line, or adds it to the section, or adds both. */
MUST_USE bool sandbox_settings_set(struct sandbox_settings *settings, const char *section,
                                   const char *key, const char *value, struct error *error);
/* "section.key=value", as --set takes it; the section ends at the last dot before the "=". */
MUST_USE bool sandbox_settings_assign(struct sandbox_settings *settings, const char *assignment,
                                      struct error *error);
/* Writes the file whole, beside its place first. */
MUST_USE bool sandbox_settings_write(const struct sandbox_settings *settings, const char *path,
                                     struct error *error);

#endif
