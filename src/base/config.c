/* Reading goes line by line: our reader (next_line) hands inih one line at a time and counts them,
 * so that every error knows its line; inih takes the line apart and calls take_pair. Section lines
 * are looked at here as well, because inih says nothing about a section without keys, and
 * `[product 70123]` alone already means something. */
#include "base/config.h"

#include <assert.h>
#include <errno.h>
#include <ini.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/config_keys.h"
#include "base/config_near.h"
#include "base/config_value.h"

enum { KEYS_MAX = 128, NAME_MAX_BYTES = 64, PRODUCT_DEFAULT = 0 };

struct value {
    char *text;     /* NULL: not set */
    int64_t number; /* of numbers, flags, choices and durations */
    int line;       /* 0: from an override */
};

/* The index of a value is that of its key in config_keys, for products too. */
struct product {
    int64_t number; /* PRODUCT_DEFAULT for [product default] */
    struct value values[KEYS_MAX];
};

struct config {
    char *name, *folder;
    struct value values[KEYS_MAX];
    int product_count;
    struct product *products; /* CONFIG_PRODUCTS_MAX of them */
};

/* What reading knows. */
struct reading {
    struct config *config;
    const char *at, *end;
    int line; /* 0 while overrides are read */
    bool failed;
    struct error *error;
};

/* ---- memory: start-up only, so running out ends the process ---- */

static void *check_memory(void *memory)
{
    if (memory == NULL) {
        fputs("out of memory at start-up\n", stderr);
        abort();
    }
    return memory;
}

static char *copy_text(const char *text)
{
    return check_memory(strdup(text));
}

/* ---- errors ---- */

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL && slash[1] != '\0' ? slash + 1 : path;
}

/* "FILE:LINE SECTION.KEY"; without the dot when there is no key. */
static void format_where(const struct config *config, int line, const char *section,
                         const char *key, char where[CONFIG_WHERE_BYTES])
{
    int used = line > 0
                   ? snprintf(where, CONFIG_WHERE_BYTES, "%.28s:%d", base_name(config->name), line)
                   : snprintf(where, CONFIG_WHERE_BYTES, "%.28s", base_name(config->name));
    if (section[0] != '\0') {
        snprintf(where + used, CONFIG_WHERE_BYTES - (size_t)used, " %s%s%s", section,
                 key[0] != '\0' ? "." : "", key);
    }
}

static bool refuse(struct reading *reading, const char *section, const char *key,
                   const char *format, ...) PRINTF_LIKE(4, 5);

/* The first error is the one that is told. */
static bool refuse(struct reading *reading, const char *section, const char *key,
                   const char *format, ...)
{
    char where[CONFIG_WHERE_BYTES], message[256];
    va_list arguments;

    if (reading->failed) {
        return false;
    }
    reading->failed = true;
    if (reading->line > 0) {
        format_where(reading->config, reading->line, section, key, where);
    } else {
        snprintf(where, sizeof where, "--set %s.%s", section, key);
    }
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    return error_set(reading->error, ERROR_INVALID, where, "%s", message);
}

/* ---- the table ---- */

static int find_key(const char *section, const char *name)
{
    assert(config_keys_count <= KEYS_MAX);
    for (size_t i = 0; i < config_keys_count; i++) {
        if (strcmp(config_keys[i].section, section) == 0 &&
            strcmp(config_keys[i].name, name) == 0) {
            return (int)i;
        }
    }
    return -1;
}

static bool is_section(const char *name)
{
    for (size_t i = 0; i < config_sections_count; i++) {
        if (strcmp(config_sections[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

static bool refuse_key(struct reading *reading, const char *section, const char *name)
{
    const struct config_key *nearest = config_near_key(section, name);
    char known[200] = "";
    size_t used = 0;

    if (nearest != NULL) {
        return refuse(reading, section, name, "unknown key; did you mean \"%s\" in [%s]?",
                      nearest->name, nearest->section);
    }
    for (size_t i = 0; i < config_keys_count; i++) {
        if (strcmp(config_keys[i].section, section) == 0 && used < sizeof known) {
            used += (size_t)snprintf(known + used, sizeof known - used, "%s%s",
                                     used > 0 ? ", " : "", config_keys[i].name);
        }
    }
    return refuse(reading, section, name, "unknown key; [%s] knows %s", section, known);
}

static bool refuse_section(struct reading *reading, const char *section)
{
    const char *nearest = config_near_section(section);
    char known[200] = "";
    size_t used = 0;

    if (nearest != NULL) {
        return refuse(reading, section, "", "unknown section; did you mean [%s]?", nearest);
    }
    for (size_t i = 0; i < config_sections_count && used < sizeof known; i++) {
        used += (size_t)snprintf(known + used, sizeof known - used, "%s%s", used > 0 ? ", " : "",
                                 config_sections[i].name);
    }
    return refuse(reading, section, "", "unknown section; expected one of %s", known);
}

/* ---- values ---- */

static char *absolute_path(const struct config *config, const char *text)
{
    char *path;

    if (text[0] == '/' || text[0] == '\0') {
        return copy_text(text);
    }
    if (asprintf(&path, "%s/%s", config->folder, text) < 0) {
        path = NULL;
    }
    return check_memory(path);
}

/* A file we may not look at is not missing: commands run as other users than the daemon. */
static bool is_missing(const char *path)
{
    struct stat status;
    return path[0] != '\0' && stat(path, &status) != 0 && (errno == ENOENT || errno == ENOTDIR);
}

static bool set_value(struct reading *reading, const char *section, const struct config_key *key,
                      const char *text, struct value *value)
{
    char expected[160];
    int64_t number = 0;
    bool is_path = key->kind == CONFIG_PATH || key->kind == CONFIG_FILE;

    if (reading->line > 0 && value->line > 0) {
        return refuse(reading, section, key->name, "set already in line %d", value->line);
    }
    if (!config_value_read(key, text, &number)) {
        config_value_expected(key, expected, sizeof expected);
        if (key->kind == CONFIG_TEXT) { /* it may hold a password */
            return refuse(reading, section, key->name, "expected %s, found other bytes", expected);
        }
        return refuse(reading, section, key->name, "expected %s, found \"%.60s\"", expected, text);
    }
    char *kept = is_path ? absolute_path(reading->config, text) : copy_text(text);
    if (key->kind == CONFIG_FILE && is_missing(kept)) {
        (void)refuse(reading, section, key->name, "expected a file, found none at \"%.150s\"",
                     kept);
        free(kept);
        return false;
    }
    free(value->text);
    *value = (struct value){.text = kept, .number = number, .line = reading->line};
    return true;
}

/* ---- sections and pairs ---- */

static struct product *find_product(struct config *config, int64_t number)
{
    for (int i = 0; i < config->product_count; i++) {
        if (config->products[i].number == number) {
            return &config->products[i];
        }
    }
    return NULL;
}

/* "default" goes first, the others in the order of the file. */
static struct product *add_product(struct config *config, int64_t number)
{
    int at = number == PRODUCT_DEFAULT ? 0 : config->product_count;

    assert(config->product_count < CONFIG_PRODUCTS_MAX);
    memmove(&config->products[at + 1], &config->products[at],
            (size_t)(config->product_count - at) * sizeof config->products[0]);
    memset(&config->products[at], 0, sizeof config->products[at]);
    config->products[at].number = number;
    config->product_count++;
    return &config->products[at];
}

/* The product of a section's name; NULL after an error. */
static struct product *get_product(struct reading *reading, const char *section)
{
    const char *text = section + strlen("product"), *rest = "";
    int64_t number = PRODUCT_DEFAULT;

    text += strspn(text, " ");
    if (strcmp(text, "default") != 0 && (!config_value_digits(text, &number, &rest) ||
                                         *rest != '\0' || number < 1 || number > INT32_MAX)) {
        (void)refuse(reading, section, "",
                     "expected [product default] or [product N] with a ProductID from 1 to %d",
                     INT32_MAX);
        return NULL;
    }
    struct product *product = find_product(reading->config, number);
    if (product == NULL && reading->config->product_count == CONFIG_PRODUCTS_MAX) {
        (void)refuse(reading, section, "", "expected at most %d products", CONFIG_PRODUCTS_MAX);
        return NULL;
    }
    return product != NULL ? product : add_product(reading->config, number);
}

static bool is_product(const char *section)
{
    return strncmp(section, "product", 7) == 0 && (section[7] == ' ' || section[7] == '\0');
}

static bool take_section(struct reading *reading, const char *section)
{
    if (is_product(section)) {
        return get_product(reading, section) != NULL;
    }
    return is_section(section) || refuse_section(reading, section);
}

static bool set_pair(struct reading *reading, const char *section, const char *name,
                     const char *text)
{
    const char *table_section = is_product(section) ? "product" : section;

    if (section[0] == '\0') {
        return refuse(reading, "", name,
                      "expected a [section] before the first key, found \"%.60s\"", name);
    }
    if (!take_section(reading, section)) {
        return false;
    }
    int index = find_key(table_section, name);
    if (index < 0) {
        return refuse_key(reading, table_section, name);
    }
    struct value *values =
        is_product(section) ? get_product(reading, section)->values : reading->config->values;
    return set_value(reading, section, &config_keys[index], text, &values[index]);
}

static int take_pair(void *user, const char *section, const char *name, const char *text)
{
    return set_pair(user, section, name, text) ? 1 : 0;
}

/* A section line is checked when it is read; inih will only remember its name. */
static bool check_section_line(struct reading *reading, const char *line)
{
    char section[NAME_MAX_BYTES];

    line += strspn(line, " \t\r\n\v\f");
    if (*line != '[') {
        return true;
    }
    size_t length = strcspn(line + 1, "]");
    if (line[1 + length] != ']') {
        return refuse(reading, "", "", "expected \"]\" at the end of the section's name");
    }
    if (length >= 50) { /* inih keeps 49 bytes */
        return refuse(reading, "", "", "expected a section's name of at most 49 bytes");
    }
    memcpy(section, line + 1, length);
    section[length] = '\0';
    return take_section(reading, section);
}

/* inih's reader, with the contract of fgets. */
static char *next_line(char *buffer, int bytes, void *stream)
{
    struct reading *reading = stream;

    if (reading->failed || reading->at == reading->end) {
        return NULL;
    }
    const char *newline = memchr(reading->at, '\n', (size_t)(reading->end - reading->at));
    const char *stop = newline != NULL ? newline + 1 : reading->end;
    size_t length = (size_t)(stop - reading->at);

    reading->line++;
    if (length >= (size_t)bytes) {
        (void)refuse(reading, "", "", "expected a line of at most %d bytes", bytes - 1);
        return NULL;
    }
    if (memchr(reading->at, '\0', length) != NULL) {
        (void)refuse(reading, "", "", "expected text, found a NUL byte");
        return NULL;
    }
    memcpy(buffer, reading->at, length);
    buffer[length] = '\0';
    reading->at = stop;
    return check_section_line(reading, buffer) ? buffer : NULL;
}

static bool parse_text(struct reading *reading)
{
    /* Debian's inih takes its settings from globals. We run before there are threads. */
    ini_use_stack = false;
    ini_max_line = CONFIG_LINE_BYTES;
    ini_initial_alloc = CONFIG_LINE_BYTES;
    ini_allow_realloc = false;
    ini_allow_multiline = false;
    ini_stop_on_first_error = true;

    int result = ini_parse_stream(next_line, reading, take_pair, reading);
    if (result == 0 || reading->failed) {
        return !reading->failed;
    }
    return refuse(reading, "", "", "expected \"[section]\" or \"key = value\"");
}

/* "section.key=value"; the last dot before the first '=' parts section and key. */
static bool parse_override(struct reading *reading, const char *override)
{
    char left[2 * NAME_MAX_BYTES];
    size_t length = strcspn(override, "=");

    if (override[length] != '=' || length >= sizeof left) {
        return refuse(reading, override, "", "expected section.key=value");
    }
    memcpy(left, override, length);
    left[length] = '\0';
    char *dot = strrchr(left, '.');
    if (dot == NULL) {
        return refuse(reading, left, "", "expected section.key=value");
    }
    *dot = '\0';
    return set_pair(reading, left, dot + 1, override + length + 1);
}

/* ---- public ---- */

/* The absolute folder of a file's name. */
static char *folder_of(const char *name)
{
    char *folder, *current = NULL;
    const char *slash = strrchr(name, '/');
    int length = slash == NULL ? 0 : (int)(slash - name);
    int written;

    if (name[0] == '/') {
        written = asprintf(&folder, "%.*s", length, name);
    } else {
        current = getcwd(NULL, 0);
        written = asprintf(&folder, "%s%s%.*s", current != NULL ? current : "",
                           length > 0 ? "/" : "", length, name);
    }
    free(current);
    return check_memory(written < 0 ? NULL : folder);
}

static struct config *config_create(const char *name)
{
    struct config *config = check_memory(calloc(1, sizeof *config));

    config->name = copy_text(name);
    config->folder = folder_of(name);
    config->products = check_memory(calloc(CONFIG_PRODUCTS_MAX, sizeof config->products[0]));
    return config;
}

static void clear_values(struct value *values)
{
    for (size_t i = 0; i < KEYS_MAX; i++) {
        free(values[i].text);
    }
}

void config_destroy(struct config *config)
{
    if (config == NULL) {
        return;
    }
    for (int i = 0; i < config->product_count; i++) {
        clear_values(config->products[i].values);
    }
    clear_values(config->values);
    free(config->products);
    free(config->folder);
    free(config->name);
    free(config);
}

bool config_parse(const char *name, const char *text, size_t bytes, const char *const *overrides,
                  struct config **ret_config, struct error *error)
{
    struct config *config = config_create(name);
    struct reading reading = {.config = config, .at = text, .end = text + bytes, .error = error};

    bool good = parse_text(&reading);
    reading.line = 0;
    for (size_t i = 0; good && overrides != NULL && overrides[i] != NULL; i++) {
        good = parse_override(&reading, overrides[i]);
    }
    if (!good) {
        config_destroy(config);
        return false;
    }
    *ret_config = config;
    return true;
}

static void close_file(FILE **file)
{
    if (*file != NULL) {
        fclose(*file);
    }
}

bool config_load(const char *path, const char *const *overrides, struct config **ret_config,
                 struct error *error)
{
    SCOPED(close_file) FILE *file = fopen(path, "re");

    if (file == NULL) {
        return error_set_errno(error, errno == ENOENT ? ERROR_NOT_FOUND : ERROR_INVALID,
                               base_name(path), "cannot open the configuration file \"%.120s\"",
                               path);
    }
    char *text = check_memory(malloc(CONFIG_FILE_BYTES + 1));
    size_t bytes = fread(text, 1, CONFIG_FILE_BYTES + 1, file);
    bool good;
    if (ferror(file)) {
        good = error_set_errno(error, ERROR_INVALID, base_name(path),
                               "cannot read the configuration file \"%.120s\"", path);
    } else if (bytes > CONFIG_FILE_BYTES) {
        good = error_set(error, ERROR_LIMIT, base_name(path), "expected a file of at most %d bytes",
                         CONFIG_FILE_BYTES);
    } else {
        good = config_parse(path, text, bytes, overrides, ret_config, error);
    }
    free(text);
    return good;
}

const char *config_where(const struct config *config, const char *section, const char *key,
                         char buffer[CONFIG_WHERE_BYTES])
{
    int index = find_key(section, key);

    assert(index >= 0);
    format_where(config, config->values[index].line, section, key, buffer);
    return buffer;
}

/* The number of a default; the table's defaults are good, which a test checks. */
static int64_t fallback_number(const struct config_key *key)
{
    int64_t number = 0;
    bool good = config_value_read(key, key->fallback, &number);
    assert(good);
    (void)good;
    return number;
}

static const struct value *find_value(const struct config *config, const char *section,
                                      const char *key, const struct config_key **entry)
{
    int index = find_key(section, key);

    assert(index >= 0);
    *entry = &config_keys[index];
    return &config->values[index];
}

const char *config_text(const struct config *config, const char *section, const char *key)
{
    const struct config_key *entry;
    const struct value *value = find_value(config, section, key, &entry);
    return value->text != NULL ? value->text : entry->fallback;
}

int64_t config_number(const struct config *config, const char *section, const char *key)
{
    const struct config_key *entry;
    const struct value *value = find_value(config, section, key, &entry);
    return value->text != NULL ? value->number : fallback_number(entry);
}

bool config_flag(const struct config *config, const char *section, const char *key)
{
    return config_number(config, section, key) != 0;
}

int config_product_count(const struct config *config)
{
    return config->product_count;
}

int64_t config_product_number(const struct config *config, int i)
{
    assert(i >= 0 && i < config->product_count);
    return config->products[i].number;
}

/* The product's own value, or that of [product default], or NULL. */
static const struct value *find_product_value(const struct config *config, int i, const char *key,
                                              const struct config_key **entry)
{
    int index = find_key("product", key);

    assert(index >= 0);
    assert(i >= 0 && i < config->product_count);
    *entry = &config_keys[index];
    if (config->products[i].values[index].text != NULL) {
        return &config->products[i].values[index];
    }
    if (config->products[0].number == PRODUCT_DEFAULT &&
        config->products[0].values[index].text != NULL) {
        return &config->products[0].values[index];
    }
    return NULL;
}

const char *config_product_text(const struct config *config, int i, const char *key)
{
    const struct config_key *entry;
    const struct value *value = find_product_value(config, i, key, &entry);
    return value != NULL ? value->text : entry->fallback;
}

int64_t config_product_number_of(const struct config *config, int i, const char *key)
{
    const struct config_key *entry;
    const struct value *value = find_product_value(config, i, key, &entry);
    return value != NULL ? value->number : fallback_number(entry);
}

bool config_product_flag(const struct config *config, int i, const char *key)
{
    return config_product_number_of(config, i, key) != 0;
}
