/* Names of message types. */
#include <pairsabides/message.h>

const char *pab_message_name(int32_t type)
{
    switch (type) {
#define PAB_MESSAGE_NAME(name, number, text) \
    case name:                               \
        return text;
        PAB_MESSAGE_TABLE(PAB_MESSAGE_NAME)
#undef PAB_MESSAGE_NAME
    default:
        return NULL;
    }
}
