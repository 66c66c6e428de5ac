#include "ops/sandbox_programme.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "authz/decide.h"
#include "base/clock.h"
#include "ledger/operator.h"

enum { CHUNK = 1000, GBP = 826, EUR = 978, JPY = 392, PROGRESS_FROM = 5000 };

static struct operator_card card_of(int64_t index)
{
    static const uint16_t currencies[] = {GBP, EUR, JPY};
    uint16_t currency = currencies[index % 3];
    return (struct operator_card){
        .token = (int32_t)(SANDBOX_FIRST_TOKEN + index),
        .currency = currency,
        .load_minor = currency == JPY ? SANDBOX_LOAD_JPY : INT64_C(100) * SANDBOX_LOAD_MAJOR,
        .status = CARD_ACTIVE,
    };
}

/* One by one, over those that a run that was killed had made already. */
static bool add_missing(struct operator_session *session, struct operator_card *cards, size_t count,
                        struct error *error)
{
    for (size_t i = 0; i < count; i++) {
        cards[i].account = 0;
        if (!operator_add_cards(session, &cards[i], 1, NULL, error) &&
            error->code != ERROR_CONFLICT) {
            return false;
        }
    }
    return true;
}

/* Asked to stop: the sandbox keeps these signals blocked and looks at them when it has time. */
static bool must_stop(void)
{
    sigset_t pending;
    return sigpending(&pending) == 0 &&
           (sigismember(&pending, SIGINT) == 1 || sigismember(&pending, SIGTERM) == 1);
}

static bool add_all(struct sandbox_home *home, struct operator_session *session, int64_t count,
                    struct error *error)
{
    static struct operator_card cards[CHUNK];
    while (home->card_count < count) {
        int64_t first = home->card_count;
        if (must_stop()) {
            error->code = ERROR_NONE;
            return false;
        }
        size_t chunk = (size_t)(count - first < CHUNK ? count - first : CHUNK);
        for (size_t i = 0; i < chunk; i++) {
            cards[i] = card_of(first + (int64_t)i);
        }
        if (!operator_add_cards(session, cards, chunk, NULL, error)) {
            if (error->code != ERROR_CONFLICT || !add_missing(session, cards, chunk, error)) {
                return false;
            }
        }
        if (!sandbox_home_save(home, first + (int64_t)chunk, error)) {
            return false;
        }
        if (count >= PROGRESS_FROM && isatty(STDERR_FILENO)) {
            fprintf(stderr, "\r  %lld of %lld cards ", (long long)home->card_count,
                    (long long)count);
        }
    }
    return true;
}

bool sandbox_programme_make(struct sandbox_home *home, const char *operator_conninfo, int64_t count,
                            struct error *error)
{
    struct operator_session *session = NULL;
    if (home->card_count >= count) {
        return true;
    }
    if (!operator_open(operator_conninfo, "holdfast", "sandbox", &session, error)) {
        return false;
    }
    bool made = add_all(home, session, count, error);
    operator_close(session);
    return made;
}

static const char example[] =
    "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
    "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\">\n"
    "  <s:Body>\n"
    "    <GetTransaction xmlns=\"http://tempuri.org/\">\n"
    "      <Acquirer_id_DE32>070551</Acquirer_id_DE32>\n"
    "      <Auth_Code_DE38>402217</Auth_Code_DE38>\n"
    "      <Bill_Amt>-4.2000</Bill_Amt>\n"
    "      <Bill_Ccy>826</Bill_Ccy>\n"
    "      <MCC_Code>5814</MCC_Code>\n"
    "      <MCC_Desc>Fast Food Restaurants</MCC_Desc>\n"
    "      <Merch_ID_DE42>CF0000000001   </Merch_ID_DE42>\n"
    "      <Merch_Name_DE43>CORNER COFFEE          LONDON        GBR</Merch_Name_DE43>\n"
    "      <POS_Data_DE22>071</POS_Data_DE22>\n"
    "      <POS_Termnl_DE41>CF000001</POS_Termnl_DE41>\n"
    "      <Proc_Code>000000</Proc_Code>\n"
    "      <Resp_Code_DE39>00</Resp_Code_DE39>\n"
    "      <Ret_Ref_No_DE37>%012lld</Ret_Ref_No_DE37>\n"
    "      <Settle_Amt>4.2000</Settle_Amt>\n"
    "      <Settle_Ccy>826</Settle_Ccy>\n"
    "      <Status_Code>00</Status_Code>\n"
    "      <Token>%d</Token>\n"
    "      <Trans_link>%018lld</Trans_link>\n"
    "      <Txn_Amt>4.2000</Txn_Amt>\n"
    "      <Txn_CCy>826</Txn_CCy>\n"
    "      <Txn_Ctry>GBR</Txn_Ctry>\n"
    "      <Txn_Desc>CORNER COFFEE          LONDON        GBR</Txn_Desc>\n"
    "      <Txn_GPS_Date>%s.000</Txn_GPS_Date>\n"
    "      <TXn_ID>%lld</TXn_ID>\n"
    "      <Txn_Stat_Code>A</Txn_Stat_Code>\n"
    "      <Txn_Type>A</Txn_Type>\n"
    "      <Authorised_by_GPS>N</Authorised_by_GPS>\n"
    "      <MTID>0100</MTID>\n"
    "      <ProductID>1</ProductID>\n"
    "      <SubBIN>99990001</SubBIN>\n"
    "      <SendingAttemptCount>0</SendingAttemptCount>\n"
    "      <traceid_lifecycle>BNET-%s-H%lld</traceid_lifecycle>\n"
    "      <Merch_Name>CORNER COFFEE</Merch_Name>\n"
    "      <Merch_City>LONDON</Merch_City>\n"
    "      <Merch_Country>GBR</Merch_Country>\n"
    "      <auth_type>0</auth_type>\n"
    "    </GetTransaction>\n"
    "  </s:Body>\n"
    "</s:Envelope>\n";

bool sandbox_programme_write_example(const char *path, struct error *error)
{
    char date[32], day[16];
    int64_t now_us = clock_wall_us();
    int64_t id = now_us / 1000; /* 13 digits, another one each millisecond */
    time_t now_s = (time_t)(now_us / 1000000);
    struct tm utc;
    gmtime_r(&now_s, &utc);
    strftime(date, sizeof date, "%Y-%m-%d %H:%M:%S", &utc);
    strftime(day, sizeof day, "%Y%m%d", &utc);
    FILE *file = fopen(path, "we");
    if (!file) {
        return error_set_errno(error, ERROR_UNAVAILABLE, "sandbox", "cannot write %.180s", path);
    }
    fprintf(file, example, (long long)(id % INT64_C(1000000000000)), SANDBOX_FIRST_TOKEN,
            (long long)id, date, (long long)id, day, (long long)(id % 100000000));
    if (fclose(file) != 0) {
        return error_set_errno(error, ERROR_UNAVAILABLE, "sandbox", "cannot write %.180s", path);
    }
    return true;
}
