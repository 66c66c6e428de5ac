/* CSV files, good and bad, byte for byte. */
#include "ops/csv.h"

#include <criterion/criterion.h>
#include <string.h>

static FILE *open_text(const char *text, size_t bytes)
{
    FILE *file = tmpfile();
    fwrite(text, 1, bytes, file);
    rewind(file);
    return file;
}

/* All fields of all records joined: "a|b" for fields, ";" after a record. */
static bool read_all(const char *text, size_t bytes, char *joined, size_t room, struct error *error)
{
    static struct csv csv;
    FILE *file = open_text(text, bytes);
    bool read = false, ok;

    joined[0] = '\0';
    csv_init(&csv, file, "cards.csv");
    while ((ok = csv_next(&csv, &read, error)) && read) {
        for (size_t i = 0; i < csv.field_count; i++) {
            strncat(joined, csv.fields[i], room - strlen(joined) - 1);
            strncat(joined, i + 1 < csv.field_count ? "|" : ";", room - strlen(joined) - 1);
        }
    }
    fclose(file);
    return ok;
}

static const struct {
    const char *name, *text, *joined;
} good[] = {
    {"nothing",                     "",                         ""            },
    {"one field",                   "a",                        "a;"          },
    {"LF",                          "a,b\nc,d\n",               "a|b;c|d;"    },
    {"CRLF",                        "a,b\r\nc,d\r\n",           "a|b;c|d;"    },
    {"no line break at the end",    "a,b\nc,d",                 "a|b;c|d;"    },
    {"empty fields",                ",\n,,\n",                  "|;||;"       },
    {"empty lines are passed over", "\n\na\n\n\nb\n\n",         "a;b;"        },
    {"a quoted comma",              "\"a,b\",c\n",              "a,b|c;"      },
    {"a doubled quote",             "\"a\"\"b\"\n",             "a\"b;"       },
    {"a quoted line break",         "\"a\nb\",c\n",             "a\nb|c;"     },
    {"an empty quoted field",       "\"\",x\n",                 "|x;"         },
    {"a byte order mark",           "\xEF\xBB\xBFtoken,load\n", "token|load;" },
    {"UTF-8",                       "caf\xC3\xA9\n",            "caf\xC3\xA9;"},
};

Test(csv, reads_what_rfc_4180_has)
{
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        struct error error = {0};
        char joined[256];
        cr_assert(read_all(good[i].text, strlen(good[i].text), joined, sizeof joined, &error),
                  "%s: %s %s", good[i].name, error.field, error.message);
        cr_expect_str_eq(joined, good[i].joined, "%s", good[i].name);
    }
}

static const struct {
    const char *name, *text;
    size_t bytes;
    const char *where, *says;
} bad[] = {
    {"a quote that is not closed",      "a\n\"b,c\n",       7,  "cards.csv:2:1", "not closed"             },
    {"text after a closing quote",      "\"a\"b,c\n",       7,  "cards.csv:1:4", "after the closing quote"},
    {"a quote in the middle",           "a,b\"c\n",         6,  "cards.csv:1:4", "a quote within"         },
    {"no UTF-8",                        "a,\xFF\n",         4,  "cards.csv:1:3", "not UTF-8"              },
    {"a NUL",                           "a,b\0c\n",         6,  "cards.csv:1:4", "NUL"                    },
    {"a carriage return alone",         "a\rb\n",           4,  "cards.csv:1:3", "carriage return"        },
    {"the line is that of the mistake", "a\nb\nc,\"x\" \n", 10, "cards.csv:3:6",
     "after the closing"                                                                                  },
};

Test(csv, says_line_and_column_of_what_it_refuses)
{
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct error error = {0};
        char joined[256];
        cr_assert_not(read_all(bad[i].text, bad[i].bytes, joined, sizeof joined, &error), "%s",
                      bad[i].name);
        cr_expect_str_eq(error.field, bad[i].where, "%s", bad[i].name);
        cr_expect_not_null(strstr(error.message, bad[i].says), "%s: %s", bad[i].name,
                           error.message);
    }
}

Test(csv, refuses_a_record_over_its_maximum_and_takes_one_just_below)
{
    char text[CSV_RECORD_BYTES + 8], joined[CSV_RECORD_BYTES + 8];
    struct error error = {0};

    memset(text, 'x', sizeof text);
    text[CSV_RECORD_BYTES - 2] = '\n';
    cr_expect(read_all(text, CSV_RECORD_BYTES - 1, joined, sizeof joined, &error), "%s",
              error.message);
    memset(text, 'x', sizeof text);
    cr_expect_not(read_all(text, CSV_RECORD_BYTES + 1, joined, sizeof joined, &error));
    cr_expect_not_null(strstr(error.message, "4096"));
}

Test(csv, refuses_more_fields_than_its_maximum)
{
    char text[CSV_FIELDS_MAX + 2], joined[256];
    struct error error = {0};

    memset(text, ',', CSV_FIELDS_MAX);
    cr_expect(read_all(text, CSV_FIELDS_MAX - 1, joined, sizeof joined, &error));
    cr_expect_not(read_all(text, CSV_FIELDS_MAX, joined, sizeof joined, &error));
}

Test(csv, names_the_field_of_the_record_read_last)
{
    static struct csv csv;
    struct error error = {0};
    FILE *file = open_text("h1,h2\nabc,def\n", 14);
    bool read = false;

    csv_init(&csv, file, "x.csv");
    cr_assert(csv_next(&csv, &read, &error) && csv_next(&csv, &read, &error) && read);
    cr_expect_not(csv_error(&csv, 1, &error, "bad %d", 7));
    cr_expect_str_eq(error.field, "x.csv:2:5");
    cr_expect_str_eq(error.message, "bad 7");
    fclose(file);
}
