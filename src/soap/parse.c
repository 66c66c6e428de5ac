#include "soap/parse.h"

#include <assert.h>
#include <libxml/parser.h>
#include <libxml/xmlIO.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/utf8.h"
#include "soap/scrub.h"

#define SOAP11 "http://schemas.xmlsoap.org/soap/envelope/"
#define XSI    "http://www.w3.org/2001/XMLSchema-instance"

enum {
    MAGIC = 0x50415253,
    HEAD_BYTES = 512,      /* the XML declaration must end within */
    DOCUMENTS_MAX = 1000,  /* a context is made anew after so many */
    DICTIONARY_MAX = 4096, /* … or when it has learned so many names */
    DEPTH_ENVELOPE = 1,
    DEPTH_PART = 2, /* Header, Body */
    DEPTH_OPERATION = 3,
    DEPTH_FIELD = 4,
};

struct parse {
    unsigned magic;
    xmlParserCtxtPtr context;
    int documents;
    struct scrub scrub;
    struct parse_result result;
    bool open;    /* begun and not ended */
    bool stopped; /* the verdict is known: what follows is not looked at */

    enum { HEAD_WAITING, HEAD_DONE } head_state;
    size_t head_bytes;
    char head[HEAD_BYTES];

    int depth, elements;
    bool in_header, header_seen, body_seen, operation_seen, complete;
    const xmlChar *namespace;  /* of the operation; interned by the context */
    const struct field *field; /* whose value is being read, NULL: none */
    bool value_nil, value_whole;
    size_t value_bytes;
    char value[PARSE_VALUE_MAX];
    struct ehi ehi;
};

/* libxml2 asks for files here, if it ever does. */
static xmlParserInputPtr refuse_entity(const char *url, const char *id, xmlParserCtxtPtr context)
{
    (void)url;
    (void)id;
    (void)context;
    return NULL;
}

void parse_start(void)
{
    LIBXML_TEST_VERSION
    xmlInitParser();
    xmlSetExternalEntityLoader(refuse_entity);
    xmlCleanupInputCallbacks(); /* no opener at all: neither files nor the network */
    field_init();
}

static void stop(struct parse *parse, enum parse_verdict verdict, enum parse_fault fault,
                 const char *rule, const char *text)
{
    if (parse->stopped) {
        return;
    }
    parse->stopped = true;
    parse->result.verdict = verdict;
    parse->result.fault = fault;
    parse->result.rule = rule;
    parse->result.text = text;
    xmlStopParser(parse->context);
}

static void refuse(struct parse *parse, const char *rule, const char *text)
{
    stop(parse, PARSE_FAULT, FAULT_CLIENT, rule, text);
}

static struct parse *self(void *context)
{
    struct parse *parse = context;
    assert(parse->magic == MAGIC);
    return parse;
}

static bool name_is(const xmlChar *name, const char *expected)
{
    return strcmp((const char *)name, expected) == 0;
}

static void envelope_begin(struct parse *parse, const xmlChar *name, const xmlChar *uri,
                           int attributes)
{
    if (!name_is(name, "Envelope")) {
        refuse(parse, "root", "the root element must be a SOAP 1.1 Envelope");
    } else if (uri == NULL || !name_is(uri, SOAP11)) {
        stop(parse, PARSE_FAULT, FAULT_VERSION_MISMATCH, "soap_version",
             "the Envelope must be in the namespace of SOAP 1.1");
    } else if (attributes > 0) {
        refuse(parse, "attribute", "the Envelope may have no attributes");
    }
}

static void part_begin(struct parse *parse, const xmlChar *name, const xmlChar *uri, int attributes)
{
    bool soap = uri != NULL && name_is(uri, SOAP11);
    if (soap && name_is(name, "Header") && !parse->header_seen && !parse->body_seen) {
        parse->in_header = parse->header_seen = true;
    } else if (soap && name_is(name, "Body") && !parse->body_seen) {
        parse->in_header = false;
        parse->body_seen = true;
    } else {
        refuse(parse, "envelope", "an Envelope holds at most one Header, then one Body");
        return;
    }
    if (attributes > 0) {
        refuse(parse, "attribute", "Header and Body may have no attributes");
    }
}

/* libxml2 gives five pointers for each attribute: name, prefix, URI, value, end of value. */
static bool attribute_is(const xmlChar **attribute, const char *uri, const char *name)
{
    return attribute[2] != NULL && name_is(attribute[2], uri) && name_is(attribute[0], name);
}

static bool attribute_is_true(const xmlChar **attribute)
{
    size_t bytes = (size_t)(attribute[4] - attribute[3]);
    return (bytes == 1 && attribute[3][0] == '1') ||
           (bytes == 4 && memcmp(attribute[3], "true", 4) == 0);
}

static void header_entry(struct parse *parse, int count, const xmlChar **attributes)
{
    for (int i = 0; i < count; i++) {
        if (attribute_is(attributes + 5 * i, SOAP11, "mustUnderstand") &&
            attribute_is_true(attributes + 5 * i)) {
            stop(parse, PARSE_FAULT, FAULT_MUST_UNDERSTAND, "must_understand",
                 "a header entry that must be understood is not");
        }
    }
}

static void operation_begin(struct parse *parse, const xmlChar *name, const xmlChar *uri,
                            int attributes)
{
    enum message_operation operation = MESSAGE_TRANSACTION;
    if (parse->operation_seen) {
        refuse(parse, "operation", "the Body must hold one operation");
        return;
    }
    if (name_is(name, "Cut_Off")) {
        operation = MESSAGE_CUT_OFF;
    } else if (!name_is(name, "GetTransaction")) {
        refuse(parse, "operation", "the operation must be GetTransaction or Cut_Off");
        return;
    }
    if (attributes > 0) {
        refuse(parse, "attribute", "the operation may have no attributes");
        return;
    }
    parse->operation_seen = true;
    parse->namespace = uri;
    ehi_begin(&parse->ehi, operation);
}

static void field_begin(struct parse *parse, const xmlChar *name, const xmlChar *uri, int count,
                        const xmlChar **attributes)
{
    size_t bytes = strlen((const char *)name);
    parse->field = NULL;
    if (uri == NULL || uri == parse->namespace) {
        parse->field = field_find(parse->ehi.message.operation, (const char *)name, bytes);
    }
    if (parse->field == NULL) {
        parse->result.elements_unknown++;
        if (strstr((const char *)name, UTF8_REPLACEMENT) != NULL) {
            refuse(parse, "name", "an element's name holds a character that XML does not allow");
        }
        return;
    }
    parse->value_bytes = 0;
    parse->value_whole = true;
    parse->value_nil = false;
    for (int i = 0; i < count; i++) {
        if (!attribute_is(attributes + 5 * i, XSI, "nil")) {
            refuse(parse, "attribute", "elements of a message may have no attribute but xsi:nil");
            return;
        }
        parse->value_nil |= attribute_is_true(attributes + 5 * i);
    }
}

static void on_start(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
                     int namespace_count, const xmlChar **namespaces, int attribute_count,
                     int defaulted_count, const xmlChar **attributes)
{
    struct parse *parse = self(context);
    (void)prefix;
    (void)namespace_count;
    (void)namespaces;
    (void)defaulted_count;
    parse->depth++;
    parse->elements++;
    if (parse->stopped) {
        return;
    }
    if (parse->depth > PARSE_DEPTH_MAX || parse->elements > PARSE_ELEMENTS_MAX) {
        refuse(parse, "depth", "the document has more elements, or deeper ones, than allowed");
    } else if (parse->depth == DEPTH_ENVELOPE) {
        envelope_begin(parse, name, uri, attribute_count);
    } else if (parse->depth == DEPTH_PART) {
        part_begin(parse, name, uri, attribute_count);
    } else if (parse->in_header) {
        if (parse->depth == DEPTH_OPERATION) {
            header_entry(parse, attribute_count, attributes);
        }
    } else if (parse->depth == DEPTH_OPERATION) {
        operation_begin(parse, name, uri, attribute_count);
    } else if (parse->depth == DEPTH_FIELD) {
        field_begin(parse, name, uri, attribute_count, attributes);
    } else {
        parse->value_whole = false; /* an element inside a value */
    }
}

static void on_end(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
    struct parse *parse = self(context);
    (void)name;
    (void)prefix;
    (void)uri;
    int depth = parse->depth--;
    if (parse->stopped) {
        return;
    }
    if (depth == DEPTH_FIELD && parse->field != NULL) {
        if (!parse->value_nil) {
            ehi_element(&parse->ehi, parse->field, parse->value, parse->value_bytes,
                        parse->value_whole);
        }
        parse->field = NULL;
    } else if (depth == DEPTH_PART) {
        parse->in_header = false;
    } else if (depth == DEPTH_ENVELOPE) {
        parse->complete = true;
    }
}

static void on_text(void *context, const xmlChar *text, int count)
{
    struct parse *parse = self(context);
    size_t bytes = (size_t)count;
    if (parse->depth == DEPTH_FIELD && parse->field != NULL) {
        size_t room = sizeof parse->value - parse->value_bytes;
        if (bytes > room) {
            bytes = room;
            parse->value_whole = false;
        }
        memcpy(parse->value + parse->value_bytes, text, bytes);
        parse->value_bytes += bytes;
    } else if (parse->depth < DEPTH_FIELD && strspn((const char *)text, " \t\r\n") < bytes) {
        parse->result.texts_stray++;
    }
}

static void on_doctype(void *context, const xmlChar *name, const xmlChar *external,
                       const xmlChar *system)
{
    (void)name;
    (void)external;
    (void)system;
    refuse(self(context), "doctype", "a document type declaration is not allowed");
}

static void on_instruction(void *context, const xmlChar *target, const xmlChar *data)
{
    (void)target;
    (void)data;
    refuse(self(context), "instruction", "a processing instruction is not allowed");
}

/* libxml2's own messages quote the document; nobody may see them. */
static void on_error(void *context, xmlErrorPtr error)
{
    (void)context;
    (void)error;
}

static bool context_create(struct parse *parse)
{
    xmlSAXHandler sax = {
        .initialized = XML_SAX2_MAGIC,
        .startElementNs = on_start,
        .endElementNs = on_end,
        .characters = on_text,
        .cdataBlock = on_text,
        .internalSubset = on_doctype,
        .processingInstruction = on_instruction,
        .serror = on_error,
    };
    xmlFreeParserCtxt(parse->context);
    parse->context = xmlCreatePushParserCtxt(&sax, parse, NULL, 0, NULL);
    parse->documents = 0;
    if (parse->context == NULL) {
        return false;
    }
    xmlCtxtUseOptions(parse->context, XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING |
                                          XML_PARSE_IGNORE_ENC);
    return true;
}

bool parse_create(struct parse **ret_parse, struct error *error)
{
    struct parse *parse = calloc(1, sizeof *parse);
    if (parse != NULL) {
        parse->magic = MAGIC;
        if (context_create(parse)) {
            *ret_parse = parse;
            return true;
        }
        free(parse);
    }
    return error_set(error, ERROR_LIMIT, "parser", "no memory for an XML parser");
}

void parse_destroy(struct parse *parse)
{
    if (parse != NULL) {
        xmlFreeParserCtxt(parse->context);
        parse->magic = 0;
        free(parse);
    }
}

static void to_parser(void *context, const char *bytes, size_t count)
{
    struct parse *parse = self(context);
    if (!parse->stopped) {
        xmlParseChunk(parse->context, bytes, (int)count, 0);
    }
}

void parse_begin(struct parse *parse)
{
    bool renew = parse->open || parse->documents >= DOCUMENTS_MAX || parse->context == NULL ||
                 xmlDictSize(parse->context->dict) > DICTIONARY_MAX ||
                 xmlCtxtResetPush(parse->context, NULL, 0, NULL, NULL) != 0;
    parse->result = (struct parse_result){.verdict = PARSE_MESSAGE, .rule = "", .text = ""};
    parse->stopped = false;
    parse->open = true;
    parse->head_state = HEAD_WAITING;
    parse->head_bytes = 0;
    parse->depth = parse->elements = 0;
    parse->in_header = parse->header_seen = parse->body_seen = false;
    parse->operation_seen = parse->complete = false;
    parse->namespace = NULL;
    parse->field = NULL;
    scrub_begin(&parse->scrub, to_parser, parse);
    if (renew && !context_create(parse)) {
        stop(parse, PARSE_FAULT, FAULT_SERVER, "memory", "there is no memory for a parser");
    }
    parse->documents++;
}

/* The quoted value after `name` in an XML declaration, or NULL. */
static const char *declared(const char *declaration, const char *name, size_t *bytes)
{
    const char *at = strstr(declaration, name);
    if (at == NULL) {
        return NULL;
    }
    at += strlen(name);
    at += strspn(at, " \t\r\n=");
    const char *end = *at == '"' || *at == '\'' ? strchr(at + 1, *at) : NULL;
    *bytes = end == NULL ? 0 : (size_t)(end - at - 1);
    return end == NULL ? at : at + 1;
}

static void judge_declaration(struct parse *parse, const char *text, size_t count)
{
    char declaration[HEAD_BYTES + 1];
    size_t bytes;
    memcpy(declaration, text, count);
    declaration[count] = '\0';
    const char *encoding = declared(declaration, "encoding", &bytes);
    if (encoding != NULL && !(bytes == 5 && strncasecmp(encoding, "utf-8", 5) == 0)) {
        stop(parse, PARSE_NOT_XML, FAULT_CLIENT, "encoding", "the body must be UTF-8");
    }
    const char *version = declared(declaration, "version", &bytes);
    if (version != NULL && !(bytes == 3 && memcmp(version, "1.0", 3) == 0)) {
        stop(parse, PARSE_NOT_XML, FAULT_CLIENT, "xml_version", "the body must be XML 1.0");
    }
}

/* The first bytes: a byte order mark is dropped, the declaration is judged here because the parser
 * is told to ignore what it says. `last`: no more will come. */
static void head_try(struct parse *parse, bool last)
{
    const char *text = parse->head;
    size_t count = parse->head_bytes;
    if (count >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) {
        text += 3;
        count -= 3;
    }
    if (count < 6 && !last) {
        return;
    }
    if (count >= 6 && memcmp(text, "<?xml", 5) == 0 && strchr(" \t\r\n", text[5]) != NULL) {
        const char *end = memmem(text, count, "?>", 2);
        if (end == NULL && !last && parse->head_bytes < HEAD_BYTES) {
            return;
        }
        judge_declaration(parse, text, end == NULL ? count : (size_t)(end - text));
    } else {
        size_t blank = 0;
        while (blank < count && text[blank] != '\0' && strchr(" \t\r\n", text[blank]) != NULL) {
            blank++;
        }
        if (blank < count ? text[blank] != '<' : last) {
            stop(parse, PARSE_NOT_XML, FAULT_CLIENT, "not_xml", "the body is not XML");
        }
    }
    parse->head_state = HEAD_DONE;
    if (!parse->stopped) {
        scrub_feed(&parse->scrub, text, count);
    }
}

void parse_feed(struct parse *parse, const char *bytes, size_t count)
{
    if (parse->head_state == HEAD_WAITING) {
        size_t room = HEAD_BYTES - parse->head_bytes;
        size_t taken = count < room ? count : room;
        memcpy(parse->head + parse->head_bytes, bytes, taken);
        parse->head_bytes += taken;
        bytes += taken;
        count -= taken;
        head_try(parse, false);
    }
    if (!parse->stopped && count > 0) {
        assert(parse->head_state == HEAD_DONE);
        scrub_feed(&parse->scrub, bytes, count);
    }
}

static void judge(struct parse *parse)
{
    xmlParserCtxtPtr context = parse->context;
    int failed = xmlParseChunk(context, NULL, 0, 1);
    bool sound = failed == 0 && context->wellFormed && context->nsWellFormed &&
                 !context->disableSAX && context->errNo == XML_ERR_OK;
    if (parse->stopped) {
        return;
    }
    if (parse->elements == 0) {
        stop(parse, PARSE_NOT_XML, FAULT_CLIENT, "not_xml", "the body is not XML");
    } else if (!sound || !parse->complete) {
        refuse(parse, "not_well_formed", "the document is not well-formed XML");
    } else if (!parse->operation_seen) {
        refuse(parse, "operation", "the Body must hold one operation");
    } else {
        ehi_end(&parse->ehi);
    }
}

struct parse_result parse_end(struct parse *parse)
{
    if (parse->head_state == HEAD_WAITING && !parse->stopped) {
        head_try(parse, true);
    }
    if (!parse->stopped) {
        scrub_end(&parse->scrub);
        judge(parse);
    }
    parse->open = false;
    parse->result.bytes_replaced = parse->scrub.replaced;
    if (parse->result.verdict != PARSE_MESSAGE && parse->context != NULL) {
        parse->documents = DOCUMENTS_MAX; /* a context that met an error is not used again */
    }
    return parse->result;
}

const struct ehi *parse_ehi(const struct parse *parse)
{
    assert(parse->magic == MAGIC);
    assert(parse->result.verdict == PARSE_MESSAGE);
    return &parse->ehi;
}
