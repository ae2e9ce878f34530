/* A recorded summary.json, value by value. */
#include "replay.h"

#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/host.h"
#include "base/yaml.h"

/* Decimal forms of numbers that stand there exactly too. */
static int is_repeated(const char *key)
{
    return key && (strcmp(key, "mean") == 0 || strcmp(key, "value") == 0);
}

static void flatten(const pab__node *node, const char *path, golden_sink sink, void *user)
{
    char line[GOLDEN_LINE];
    if (node->kind == PAB__NODE_SCALAR) {
        snprintf(line, sizeof line, "%s %s", path, node->text);
        sink(user, GOLDEN_TOTALS, line);
        return;
    }
    int index = 0;
    for (const pab__node *child = node->first; child; child = child->next, index++) {
        char number[16];
        snprintf(number, sizeof number, "%d", index);
        if (is_repeated(child->key))
            continue;
        snprintf(line, sizeof line, "%s%s%s", path, *path ? "." : "", child->key ? child->key : number);
        flatten(child, line, sink, user);
    }
}

pab_status golden_totals(const char *path, golden_sink sink, void *user)
{
    pab_host host;
    pab__tree tree;
    void *data;
    size_t len;
    pab__host_take(NULL, &host);
    pab_status status = pab__file_read(&host, path, 1 << 20, &data, &len);
    if (status != PAB_OK)
        return status;
    status = pab__yaml_parse(&host, data, len, path, &tree);
    pab__release(&host, data, len + 1);
    if (status != PAB_OK)
        return status;
    flatten(tree.root, "", sink, user);
    pab__tree_free(&tree);
    return PAB_OK;
}
