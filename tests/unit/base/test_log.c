#include "base/log.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* stderr becomes one end of a pipe or socket pair; what was logged comes from the other. */
static int far_end;

static void catch_stderr(int near)
{
    cr_assert_geq(dup2(near, STDERR_FILENO), 0);
    close(near);
}

static void begin_pipe(void)
{
    int ends[2];
    cr_assert_eq(pipe(ends), 0);
    far_end = ends[0];
    fcntl(far_end, F_SETFL, O_NONBLOCK);
    catch_stderr(ends[1]);
}

static const char *logged(void)
{
    static char text[65536];
    size_t used = 0;
    ssize_t got;

    while (used < sizeof text - 1 &&
           (got = read(far_end, text + used, sizeof text - 1 - used)) > 0) {
        used += (size_t)got;
    }
    text[used] = '\0';
    return text;
}

/* Skips time=… up to the level. */
static const char *from_level(const char *line)
{
    const char *level = strstr(line, "level");
    return level != NULL ? level : "";
}

Test(log, a_line_is_logfmt_with_typed_fields)
{
    begin_pipe();
    log_configure(LOG_LEVEL_INFO, LOG_FORMAT_LOGFMT, "holdfastd");
    log_info("authorised", log_text("request", "r-1"), log_money("amount", 2345, 826),
             log_us("took", 812), log_token("card", 123456), log_number("n", -7),
             log_text("merchant", "Joe's \"Bar\" \x01\xE9"), log_text("empty", ""),
             log_text("absent", NULL));
    const char *line = logged();
    cr_assert_eq(strncmp(line, "time=20", 7), 0);
    cr_assert_str_eq(from_level(line),
                     "level=info event=authorised program=holdfastd request=r-1 "
                     "amount=\"GBP 23.45\" took_us=812 card=000123456 n=-7 "
                     "merchant=\"Joe's \\\"Bar\\\" \\u0001\xEF\xBF\xBD\" empty=\"\" absent=\"\"\n");
}

Test(log, a_line_is_json_when_asked)
{
    begin_pipe();
    log_configure(LOG_LEVEL_DEBUG, LOG_FORMAT_JSON, NULL);
    log_debug("started", log_number("port", 8443), log_money("limit", -5, 392));
    cr_assert_str_eq(from_level(logged()), "level\":\"debug\",\"event\":\"started\",\"port\":8443,"
                                           "\"limit\":\"JPY -5\"}\n");
}

Test(log, a_value_cannot_forge_a_second_line)
{
    begin_pipe();
    log_configure(LOG_LEVEL_INFO, LOG_FORMAT_LOGFMT, "");
    log_info("odd", log_text("name", "x\nlevel=error event=forged"));
    const char *line = logged();
    cr_assert_eq(strchr(line, '\n'), line + strlen(line) - 1);
}

Test(log, what_is_below_the_level_is_not_written)
{
    begin_pipe();
    log_configure(LOG_LEVEL_WARNING, LOG_FORMAT_LOGFMT, "");
    log_info("quiet");
    cr_assert_str_empty(logged());
    cr_assert_eq(log_level_of(), LOG_LEVEL_WARNING);
    log_warning("loud");
    cr_assert_str_eq(from_level(logged()), "level=warning event=loud\n");
}

Test(log, a_field_that_does_not_fit_is_left_out_whole_and_said)
{
    static const enum log_format formats[] = {LOG_FORMAT_LOGFMT, LOG_FORMAT_JSON};
    static const char *const ends[] = {" after=1 cut=yes\n", ",\"after\":1,\"cut\":\"yes\"}\n"};
    char big[LOG_LINE_BYTES + 100];

    memset(big, '"', sizeof big - 1);
    big[sizeof big - 1] = '\0';
    for (size_t i = 0; i < 2; i++) {
        begin_pipe();
        log_configure(LOG_LEVEL_INFO, formats[i], "");
        log_info("big", log_text("value", big), log_number("after", 1));
        const char *line = logged();
        cr_assert_geq(strlen(line), strlen(ends[i]));
        cr_expect_str_eq(line + strlen(line) - strlen(ends[i]), ends[i]);
    }
}

Test(log, every_length_of_line_ends_well)
{
    char text[LOG_LINE_BYTES + 100];

    begin_pipe();
    log_configure(LOG_LEVEL_INFO, LOG_FORMAT_JSON, "p");
    for (size_t bytes = LOG_LINE_BYTES - 300; bytes < sizeof text - 1; bytes++) {
        memset(text, 'v', bytes);
        text[bytes] = '\0';
        log_info("long", log_text("value", text), log_text("second", "x"));
        const char *line = logged();
        size_t length = strlen(line);
        cr_assert(length > 2 && length <= LOG_LINE_BYTES);
        cr_assert_str_eq(line + length - 2, "}\n");
    }
}

Test(log, repeats_of_a_warning_are_limited_and_counted)
{
    begin_pipe();
    log_configure(LOG_LEVEL_INFO, LOG_FORMAT_LOGFMT, "");
    for (int i = 0; i < 3 * LOG_BURST; i++) {
        log_warning("database_away");
    }
    log_warning("another");
    int lines = 0;
    for (const char *at = logged(); (at = strstr(at, "event=database_away")) != NULL; at++) {
        lines++;
    }
    /* A second may turn while we write: then a second burst begins. */
    cr_assert(lines >= LOG_BURST && lines <= 2 * LOG_BURST, "%d lines", lines);
    usleep(1100000);
    log_warning("database_away");
    cr_assert_not_null(strstr(logged(), " left_out="));
}

Test(log, information_is_not_limited)
{
    begin_pipe();
    log_configure(LOG_LEVEL_INFO, LOG_FORMAT_LOGFMT, "");
    int lines = 0;
    for (int i = 0; i < 3 * LOG_BURST; i++) {
        log_info("tap");
        lines += strstr(logged(), "event=tap") != NULL;
    }
    cr_assert_eq(lines, 3 * LOG_BURST);
}

Test(log, a_full_pipe_drops_the_line_and_never_blocks, .timeout = 20)
{
    begin_pipe();
    log_configure(LOG_LEVEL_INFO, LOG_FORMAT_LOGFMT, "");
    for (int i = 0; i < 5000; i++) {
        log_info("flood", log_text("text", "more than a pipe of sixty-four kilobytes can take"));
    }
    cr_assert_gt(log_dropped(), 0);
    const char *text = logged();
    cr_assert_eq(text[strlen(text) - 1], '\n', "a line is written whole or not at all");
    cr_assert_eq(fcntl(STDERR_FILENO, F_GETFL) & O_NONBLOCK, 0, "others who share it still block");
}

Test(log, a_full_socket_drops_the_line_and_never_blocks, .timeout = 20)
{
    int ends[2];

    cr_assert_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    far_end = ends[0];
    catch_stderr(ends[1]);
    log_configure(LOG_LEVEL_INFO, LOG_FORMAT_LOGFMT, "");
    for (int i = 0; i < 50000 && log_dropped() == 0; i++) {
        log_info("flood", log_text("text", "more than the socket's buffer can take"));
    }
    cr_assert_gt(log_dropped(), 0);
}

Test(log, an_error_is_one_line)
{
    struct error error;

    begin_pipe();
    log_configure(LOG_LEVEL_INFO, LOG_FORMAT_LOGFMT, "");
    (void)error_set(&error, ERROR_INVALID, "holdfast.conf:3 lanes.count", "expected a number");
    log_error_of("config_refused", &error);
    cr_assert_str_eq(from_level(logged()),
                     "level=error event=config_refused code=invalid "
                     "field=\"holdfast.conf:3 lanes.count\" message=\"expected a number\"\n");
}
