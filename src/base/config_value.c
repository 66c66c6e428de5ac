#include "base/config_value.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"

bool config_value_digits(const char *text, int64_t *number, const char **rest)
{
    int64_t value = 0;
    const char *at = text;

    for (; *at >= '0' && *at <= '9'; at++) {
        if (at - text >= 18) {
            return false;
        }
        value = value * 10 + (*at - '0');
    }
    *number = value;
    *rest = at;
    return at > text;
}

static bool read_count(const struct config_key *key, const char *text, int64_t *number)
{
    const char *rest = "";

    if (key->choices != NULL && strcmp(text, key->choices) == 0) {
        *number = key->min;
        return true;
    }
    return config_value_digits(text, number, &rest) && *rest == '\0' && *number >= key->min &&
           *number <= key->max;
}

static bool read_duration_ms(const struct config_key *key, const char *text, int64_t *number)
{
    const char *rest = "";

    if (!config_value_digits(text, number, &rest) || *number > INT32_MAX) {
        return false;
    }
    if (strcmp(rest, "s") == 0) {
        *number *= 1000;
    } else if (*rest != '\0' && strcmp(rest, "ms") != 0) {
        return false;
    }
    return *number >= key->min && *number <= key->max;
}

static bool read_flag(const char *text, int64_t *number)
{
    static const char *const yes[] = {"yes", "true", "on", "1"}, *const no[] = {"no", "false",
                                                                                "off", "0"};
    for (size_t i = 0; i < sizeof yes / sizeof yes[0]; i++) {
        if (strcmp(text, yes[i]) == 0 || strcmp(text, no[i]) == 0) {
            *number = strcmp(text, yes[i]) == 0;
            return true;
        }
    }
    return false;
}

static bool read_choice(const struct config_key *key, const char *text, int64_t *number)
{
    const char *at = key->choices;
    size_t bytes = strlen(text);

    for (int64_t i = 0; *at != '\0'; i++) {
        size_t length = strcspn(at, "|");
        if (length == bytes && strncmp(at, text, length) == 0) {
            *number = i;
            return true;
        }
        at += length + (at[length] == '|' ? 1 : 0);
    }
    return false;
}

static bool is_url_path_list(const char *text)
{
    bool fresh = true; /* a path must begin here */

    for (const char *at = text; *at != '\0'; at++) {
        if (*at <= ' ' || *at > '~' || strchr("?#\"<>", *at) != NULL || (fresh && *at != '/')) {
            return false;
        }
        fresh = *at == ',';
    }
    return !fresh;
}

void config_value_expected(const struct config_key *key, char *buffer, size_t bytes)
{
    switch (key->kind) {
    case CONFIG_NUMBER:
        snprintf(buffer, bytes, "a whole number from %" PRId64 " to %" PRId64 "%s%s", key->min,
                 key->max, key->choices != NULL ? " or " : "",
                 key->choices != NULL ? key->choices : "");
        return;
    case CONFIG_DURATION_MS:
        snprintf(buffer, bytes, "milliseconds from %" PRId64 " to %" PRId64 " (or seconds: 2s)",
                 key->min, key->max);
        return;
    case CONFIG_FLAG:
        snprintf(buffer, bytes, "yes or no");
        return;
    case CONFIG_CHOICE:
        snprintf(buffer, bytes, "one of %s", key->choices);
        return;
    case CONFIG_URL_PATHS:
        snprintf(buffer, bytes, "URL paths such as /ehi, separated by commas without blanks");
        return;
    case CONFIG_TEXT:
    case CONFIG_PATH:
    case CONFIG_FILE:
        snprintf(buffer, bytes, "text in UTF-8");
        return;
    }
}

bool config_value_read(const struct config_key *key, const char *text, int64_t *number)
{
    switch (key->kind) {
    case CONFIG_NUMBER:
        return read_count(key, text, number);
    case CONFIG_DURATION_MS:
        return read_duration_ms(key, text, number);
    case CONFIG_FLAG:
        return read_flag(text, number);
    case CONFIG_CHOICE:
        return read_choice(key, text, number);
    case CONFIG_URL_PATHS:
        return is_url_path_list(text);
    case CONFIG_TEXT:
    case CONFIG_PATH:
    case CONFIG_FILE:
        return utf8_is_valid(text, strlen(text));
    }
    return false;
}
