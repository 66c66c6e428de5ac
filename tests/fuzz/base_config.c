/* Any bytes as a configuration file: it is taken or refused with an error that says where. */
#include "target.h"

#include <stdlib.h>
#include <string.h>

#include "base/config.h"

static void check(bool condition)
{
    if (!condition) {
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    struct config *config = NULL;
    struct error error = {.code = ERROR_NONE};

    if (!config_parse("f.conf", (const char *)bytes, count, NULL, &config, &error)) {
        check(config == NULL && error.code != ERROR_NONE);
        check(strncmp(error.field, "f.conf:", 7) == 0 && error.message[0] != '\0');
        return 0;
    }
    int64_t lanes = config_number(config, "lanes", "count");
    check(lanes >= 1 && lanes <= 64);
    for (int i = 0; i < config_product_count(config); i++) {
        int64_t mode = config_product_number_of(config, i, "mode");
        check(mode >= 0 && mode <= 4 && config_product_number(config, i) >= 0);
    }
    config_destroy(config);
    return 0;
}
