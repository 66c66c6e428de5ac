/* Errors: what stopped us, where, and what was expected.
 *
 * A function that can fail returns bool, is marked MUST_USE and takes `struct error *error` last;
 * the error is filled only on failure, and outputs are untouched then. The code says what the
 * caller can do, `field` says where ("holdfast.conf:12 lanes", "Bill_Amt", "SQLSTATE 57P01"),
 * `message` says what was expected and what was found. Never a card number, a secret or a personal
 * datum in either.
 *
 * Threads: plain values, any thread.   Owns: nothing.   May include: libc only.
 */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include <stdbool.h>

#define MUST_USE                 __attribute__((warn_unused_result))
#define PRINTF_LIKE(text, first) __attribute__((format(printf, text, first)))
/* Cleanup by scope: SCOPED(free_thing) struct thing *t = ...; free_thing gets the variable's
 * address. */
#define SCOPED(cleanup_function) __attribute__((cleanup(cleanup_function)))

enum error_code {
    ERROR_NONE,
    ERROR_INVALID,     /* the input is wrong; saying it again will not help */
    ERROR_NOT_FOUND,   /* what had to be there is not */
    ERROR_CONFLICT,    /* it is there already, or differs from what is */
    ERROR_LATE,        /* the deadline passed first */
    ERROR_UNAVAILABLE, /* something outside is away; later may work */
    ERROR_LIMIT,       /* a maximum of ours was reached */
    ERROR_INTERNAL,    /* a mistake of ours */
};

struct error {
    enum error_code code;
    char field[64];
    char message[256];
};

/* Fills *error and returns false, so that a failing function can end with
 * `return error_set(error, ERROR_INVALID, "Bill_Amt", "expected …, found %s", …);`.
 * Text that does not fit is cut. `error` may not be NULL. */
bool error_set(struct error *error, enum error_code code, const char *field, const char *format,
               ...) PRINTF_LIKE(4, 5);

/* Same, with errno's text appended to the message. Reads errno on entry. */
bool error_set_errno(struct error *error, enum error_code code, const char *field,
                     const char *format, ...) PRINTF_LIKE(4, 5);

/* "invalid", "not_found", … for logs and JSON. */
const char *error_code_name(enum error_code code);

#endif
