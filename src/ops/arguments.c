#include "ops/arguments.h"

#include <assert.h>
#include <string.h>

enum { WORD_MAX = 31, LIMIT_MAX = 1000000 };

const struct verb_option arguments_common[] = {
    {"json",     NULL,   "print one JSON object, for programs (docs/cli-json.md)", false},
    {"config",   "FILE",
     "read this configuration file; else $HOLDFAST_CONFIG, else "
     "/etc/holdfast/holdfast.conf",                                                false},
    {"utc",      NULL,   "print times in UTC; else in local time with its offset", false},
    {"no-color", NULL,   "no colour, not even on a terminal",                      false},
    {"limit",    "N",    "print at most N rows",                                   false},
    {"help",     NULL,   "print this",                                             false},
    {NULL,       NULL,   NULL,                                                     false},
};

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

size_t arguments_distance(const char *a, const char *b)
{
    const size_t rows = strlen(a), columns = strlen(b);
    size_t cost[WORD_MAX + 1][WORD_MAX + 1];

    if (rows > WORD_MAX || columns > WORD_MAX) {
        return rows > columns ? rows : columns;
    }
    for (size_t i = 0; i <= rows; i++) {
        for (size_t j = 0; j <= columns; j++) {
            if (i == 0 || j == 0) {
                cost[i][j] = i + j;
                continue;
            }
            cost[i][j] = least(least(cost[i - 1][j], cost[i][j - 1]) + 1,
                               cost[i - 1][j - 1] + (a[i - 1] != b[j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                cost[i][j] = least(cost[i][j], cost[i - 2][j - 2] + 1);
            }
        }
    }
    return cost[rows][columns];
}

bool arguments_number(const char *text, int64_t least_number, int64_t most, int64_t *number)
{
    int64_t value = 0;

    if (text[0] == '\0') {
        return false;
    }
    for (const char *c = text; *c != '\0'; c++) {
        if (*c < '0' || *c > '9' || __builtin_mul_overflow(value, 10, &value) ||
            __builtin_add_overflow(value, *c - '0', &value)) {
            return false;
        }
    }
    if (value < least_number || value > most) {
        return false;
    }
    *number = value;
    return true;
}

static bool is_option(const char *word)
{
    return word[0] == '-' && word[1] != '\0';
}

static const struct verb_option *find_option(const struct verb_option *options, const char *name,
                                             size_t bytes)
{
    for (; options->name != NULL; options++) {
        if (strlen(options->name) == bytes && memcmp(options->name, name, bytes) == 0) {
            return options;
        }
    }
    return NULL;
}

/* Keeps the nearest so far; a word that shares too little with what was typed is no help. */
static void consider(const char *typed, const char *word, const char **nearest, size_t *distance)
{
    const size_t d = arguments_distance(typed, word);
    if (d < *distance && d <= 2 && d < strlen(word)) {
        *nearest = word;
        *distance = d;
    }
}

static const char *nearest_option(const struct verb *verb, const char *name)
{
    const char *nearest = NULL;
    size_t distance = WORD_MAX;

    for (const struct verb_option *o = arguments_common; o->name != NULL; o++) {
        consider(name, o->name, &nearest, &distance);
    }
    for (const struct verb_option *o = verb == NULL ? NULL : verb->options;
         o != NULL && o->name != NULL; o++) {
        consider(name, o->name, &nearest, &distance);
    }
    return nearest;
}

static bool keep_common(struct invocation *invocation, const char *name, const char *value,
                        bool *help, struct error *error)
{
    if (strcmp(name, "json") == 0) {
        invocation->json = true;
    } else if (strcmp(name, "utc") == 0) {
        invocation->utc = true;
    } else if (strcmp(name, "no-color") == 0) {
        invocation->no_color = true;
    } else if (strcmp(name, "help") == 0) {
        *help = true;
    } else if (strcmp(name, "config") == 0) {
        invocation->config_path = value;
    } else {
        assert(strcmp(name, "limit") == 0);
        if (!arguments_number(value, 1, LIMIT_MAX, &invocation->limit)) {
            return error_set(error, ERROR_INVALID, "--limit",
                             "expected a number from 1 to %d, found %s", LIMIT_MAX, value);
        }
    }
    return true;
}

static bool keep_own(struct invocation *invocation, const struct verb_option *option,
                     const char *value, struct error *error)
{
    if (!option->repeatable && verb_option_of(invocation, option->name) != NULL) {
        return error_set(error, ERROR_INVALID, option->name, "--%s is given twice", option->name);
    }
    if (invocation->option_count == INVOCATION_OPTIONS_MAX) {
        return error_set(error, ERROR_LIMIT, option->name, "more than %d options",
                         INVOCATION_OPTIONS_MAX);
    }
    invocation->options[invocation->option_count].name = option->name;
    invocation->options[invocation->option_count].value = value;
    invocation->option_count++;
    return true;
}

static bool unknown_option(const struct verb *verb, const char *word, struct error *error)
{
    char name[WORD_MAX + 1] = "";
    size_t used = 0;

    for (const char *c = word + strspn(word, "-"); *c != '\0' && *c != '=' && used < WORD_MAX;
         c++) {
        name[used++] = *c;
    }
    name[used] = '\0';
    const char *nearest = nearest_option(verb, name);
    if (nearest != NULL) {
        return error_set(error, ERROR_INVALID, "option", "no such option: %s; did you mean --%s?",
                         word, nearest);
    }
    return error_set(error, ERROR_INVALID, "option", "no such option: %s", word);
}

/* Takes the option at argv[*at] and its value; *at moves past both. */
static bool take_option(const struct verb *verb, int argc, char *const *argv, int *at,
                        struct invocation *invocation, bool *help, struct error *error)
{
    const char *word = argv[(*at)++];
    if (strcmp(word, "-h") == 0) {
        *help = true;
        return true;
    }
    const bool short_config = strcmp(word, "-c") == 0;
    if (word[1] != '-' && !short_config) {
        return unknown_option(verb, word, error);
    }
    const char *name = short_config ? "config" : word + 2, *equals = strchr(name, '=');
    const size_t bytes = equals != NULL ? (size_t)(equals - name) : strlen(name);
    const struct verb_option *common = find_option(arguments_common, name, bytes);
    const struct verb_option *own = verb != NULL ? find_option(verb->options, name, bytes) : NULL;
    const struct verb_option *option = own != NULL ? own : common;
    const char *value = "";

    if (option == NULL) {
        return unknown_option(verb, word, error);
    }
    if (option->value == NULL && equals != NULL) {
        return error_set(error, ERROR_INVALID, option->name, "--%s takes no value", option->name);
    }
    if (option->value != NULL) {
        if (equals == NULL && *at == argc) {
            return error_set(error, ERROR_INVALID, option->name, "--%s needs a value: --%s %s",
                             option->name, option->name, option->value);
        }
        value = equals != NULL ? equals + 1 : argv[(*at)++];
    }
    return own != NULL ? keep_own(invocation, own, value, error)
                       : keep_common(invocation, option->name, value, help, error);
}

static bool noun_is(const struct verb *verb, const char *noun)
{
    return verb->noun != NULL && strcmp(verb->noun, noun) == 0;
}

static bool has_noun(const struct verb *verbs, const char *noun)
{
    for (; verbs->name != NULL; verbs++) {
        if (noun_is(verbs, noun)) {
            return true;
        }
    }
    return false;
}

static bool unknown_verb(const struct verb *verbs, const char *noun, const char *word,
                         struct error *error)
{
    const char *nearest = NULL;
    size_t distance = WORD_MAX;

    for (const struct verb *v = verbs; v->name != NULL; v++) {
        if (noun != NULL && noun_is(v, noun)) {
            consider(word, v->name, &nearest, &distance);
        } else if (noun == NULL) {
            consider(word, v->noun != NULL ? v->noun : v->name, &nearest, &distance);
        }
    }
    const char *prefix = noun != NULL ? noun : "", *blank = noun != NULL ? " " : "";
    if (nearest != NULL) {
        return error_set(error, ERROR_INVALID, "command",
                         "no such command: %s%s%s; did you mean %s%s%s?", prefix, blank, word,
                         prefix, blank, nearest);
    }
    return error_set(error, ERROR_INVALID, "command",
                     "no such command: %s%s%s; see holdfast %s%s--help", prefix, blank, word,
                     prefix, blank);
}

/* Finds the verb that starts at argv[*at]. NULL verb and true: a noun that stands alone. */
static bool find_verb(const struct verb *verbs, int argc, char *const *argv, int *at,
                      const struct verb **verb, const char **noun, struct error *error)
{
    const char *word = argv[(*at)++];
    const char *second = *at < argc && !is_option(argv[*at]) ? argv[*at] : NULL;

    for (const struct verb *v = verbs; v->name != NULL; v++) {
        if (v->noun == NULL && strcmp(v->name, word) == 0) {
            *verb = v;
            return true;
        }
        if (noun_is(v, word) && (second != NULL ? strcmp(v->name, second) == 0 : v->is_default)) {
            *at += second != NULL;
            *verb = v;
            return true;
        }
    }
    if (!has_noun(verbs, word)) {
        return unknown_verb(verbs, NULL, word, error);
    }
    *noun = word;
    return second == NULL || unknown_verb(verbs, word, second, error);
}

static bool check_arguments(const struct invocation *invocation, struct error *error)
{
    const struct verb *verb = invocation->verb;

    for (size_t i = 0; i < VERB_ARGUMENTS_MAX && verb->arguments[i] != NULL; i++) {
        if (i >= invocation->argument_count && verb->arguments[i][0] != '[') {
            return error_set(error, ERROR_INVALID, verb->arguments[i], "%s is missing",
                             verb->arguments[i]);
        }
    }
    return true;
}

static bool take_argument(struct invocation *invocation, const char *word, struct error *error)
{
    if (invocation->argument_count == VERB_ARGUMENTS_MAX ||
        invocation->verb->arguments[invocation->argument_count] == NULL) {
        return error_set(error, ERROR_INVALID, "argument", "one too many: %s", word);
    }
    invocation->arguments[invocation->argument_count++] = word;
    return true;
}

enum arguments_result arguments_parse(const struct verb *verbs, int argc, char *const *argv,
                                      struct invocation *invocation, const char **noun,
                                      struct error *error)
{
    bool help = false, options_ended = false;
    int at = 1;

    *noun = NULL;
    while (at < argc) {
        const char *word = argv[at];
        bool ok = true;
        if (!options_ended && strcmp(word, "--") == 0) {
            options_ended = true;
            at++;
        } else if (!options_ended && is_option(word)) {
            ok = take_option(invocation->verb, argc, argv, &at, invocation, &help, error);
        } else if (invocation->verb == NULL && *noun == NULL) {
            ok = find_verb(verbs, argc, argv, &at, &invocation->verb, noun, error);
        } else if (invocation->verb == NULL) {
            ok = unknown_verb(verbs, *noun, word, error);
        } else {
            ok = take_argument(invocation, word, error);
            at++;
        }
        if (!ok) {
            return ARGUMENTS_WRONG;
        }
    }
    if (help) {
        return ARGUMENTS_HELP;
    }
    if (invocation->verb == NULL) {
        (void)error_set(error, ERROR_INVALID, "command",
                        "%s%s needs a command; see holdfast %s%s--help",
                        *noun != NULL ? "holdfast " : "holdfast", *noun != NULL ? *noun : "",
                        *noun != NULL ? *noun : "", *noun != NULL ? " " : "");
        return ARGUMENTS_WRONG;
    }
    return check_arguments(invocation, error) ? ARGUMENTS_RUN : ARGUMENTS_WRONG;
}
