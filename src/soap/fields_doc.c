/* Prints docs/ehi-fields.md from the field table:
 *
 *     build/src/soap/ehi-fields > docs/ehi-fields.md
 */
#include <stdio.h>

#include "soap/field.h"

/* How a value is judged; NULL: it is only kept. */
static const char *judged(const struct field *field)
{
    switch (field->use) {
    case FIELD_USE_KEEP:
        return NULL;
    case FIELD_USE_AMOUNT:
        return "decides: optional minus, 1 to 13 digits, point, up to 4 digits";
    case FIELD_USE_CURRENCY:
        return "decides: three digits";
    case FIELD_USE_KNOWN_CURRENCY:
        return "decides: three digits of ISO 4217";
    case FIELD_USE_ID:
        return "decides: 1 to 19 digits, not zero";
    case FIELD_USE_ID_OR_ZERO:
        return "decides: 1 to 19 digits, zero is none";
    case FIELD_USE_TOKEN:
        return "decides: nine digits; may not be absent";
    case FIELD_USE_MTID:
        return "decides: four digits, or two";
    case FIELD_USE_LETTER:
        return "decides: one letter A to Z";
    case FIELD_USE_YES_NO:
        return "decides: Y or N";
    case FIELD_USE_RESPONSE:
        return "decides: two digits or capitals";
    case FIELD_USE_PROC:
        return "decides where money moves by it: six digits";
    case FIELD_USE_COUNT:
        return "decides: digits";
    case FIELD_USE_CHARACTER:
        return "read: one character";
    case FIELD_USE_MCC:
        return "read: four digits";
    case FIELD_USE_PRODUCT:
    case FIELD_USE_NUMBER:
    case FIELD_USE_SEQUENCE_HOST:
        return "read: digits";
    case FIELD_USE_AUTH_CODE:
        return "read: trimmed text, 000000 is none";
    case FIELD_USE_TEXT:
        return "read: trimmed text";
    case FIELD_USE_RAW:
        return "read: byte for byte";
    }
    return NULL;
}

static const char *kept(const struct field *field)
{
    return field->mask == FIELD_SECRET
               ? "masked, secret"
               : (field->mask == FIELD_PERSONAL ? "masked, personal" : "kept");
}

static void print_table(bool cut_off)
{
    printf("\n| number | element | kind | stored | how it is judged | what it is |\n"
           "|---|---|---|---|---|---|\n");
    for (size_t i = 0; i < field_count; i++) {
        const struct field *field = &field_table[i];
        const char *how = judged(field);
        if ((field->number >= FIELD_CUT_OFF_FIRST) == cut_off) {
            printf("| %d | `%s` | %s | %s | %s | %s |\n", field->number, field->name,
                   field_kind_name(field->kind), kept(field), how == NULL ? "" : how,
                   field->meaning);
        }
    }
}

int main(void)
{
    puts("# EHI elements\n\n"
         "Printed from the table in `src/soap/field.c`, which also drives the parser, the masking "
         "and the WSDL:\n"
         "`build/src/soap/ehi-fields > docs/ehi-fields.md`. A test fails when this page is not "
         "current.\n\n"
         "- **number** is what stands in the kept fields of a message; it never changes.\n"
         "- **stored**: a masked element is stored as `***`, so that one can see that there was a "
         "value, and\n"
         "  neither what nor how long it was. In free text, what looks like a card number is "
         "masked too.\n"
         "- **how it is judged**: an element that *decides* makes the message malformed when its "
         "value is wrong, or\n"
         "  comes twice and differs; one that is *read* counts as absent then; the others are only "
         "kept. `wire.md`\n"
         "  says what is answered.\n\n"
         "## GetTransaction");
    print_table(false);
    puts("\n## Cut_Off");
    print_table(true);
    return 0;
}
