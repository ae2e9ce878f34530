/* Strict YAML: what is read, and what is refused where. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include "base/yaml.h"
#include "failing.h"

static pab_host plain_host(void)
{
    pab_host host;
    assert_int_equal(pab__host_take(NULL, &host), PAB_OK);
    return host;
}

static void assert_refused(const char *text, pab_status code, const char *message)
{
    pab_host host = plain_host();
    pab__tree tree;
    char error[1024];
    assert_int_equal(pab__yaml_parse(&host, text, strlen(text), "t.yaml", &tree), code);
    pab_last_error(error, sizeof error);
    if (strncmp(error, message, strlen(message)) != 0)
        fail_msg("got \"%s\", expected \"%s\"", error, message);
}

static void order_position_and_quotes_are_kept(void **state)
{
    (void)state;
    pab_host host = plain_host();
    pab__tree tree;
    const char *text = "b: 1\na:\n  - x\n  - 'y'\nc: {k: \"2\"}\n";
    assert_int_equal(pab__yaml_parse(&host, text, strlen(text), "t.yaml", &tree), PAB_OK);
    const pab__node *b = tree.root->first, *a = b->next, *c = a->next;
    assert_int_equal(tree.root->count, 3);
    assert_string_equal(b->key, "b");
    assert_string_equal(b->text, "1");
    assert_int_equal(b->quoted, 0);
    assert_int_equal(a->kind, PAB__NODE_LIST);
    assert_int_equal(a->count, 2);
    assert_int_equal(a->last->quoted, 1);
    assert_int_equal(a->last->line, 4);
    assert_int_equal(a->last->column, 5);
    assert_int_equal(c->key_line, 5);
    assert_string_equal(pab__node_find(c, "k")->text, "2");
    assert_null(pab__node_find(c, "l"));
    assert_null(c->next);
    pab__tree_free(&tree);
}

static void json_is_read_as_yaml(void **state)
{
    (void)state;
    pab_host host = plain_host();
    pab__tree tree;
    const char *text = "{\"a\":1,\n \"b\": [1.5e-16, null, true, \"null\"]}";
    assert_int_equal(pab__yaml_parse(&host, text, strlen(text), "t.json", &tree), PAB_OK);
    const pab__node *list = pab__node_find(tree.root, "b");
    assert_string_equal(list->first->text, "1.5e-16");
    assert_true(pab__node_is_null(list->first->next));
    assert_false(pab__node_is_null(list->last));
    pab__tree_free(&tree);
}

static void an_empty_text_has_no_root(void **state)
{
    (void)state;
    pab_host host = plain_host();
    pab__tree tree;
    assert_int_equal(pab__yaml_parse(&host, "# nothing\n", 10, "t.yaml", &tree), PAB_OK);
    assert_null(tree.root);
    pab__tree_free(&tree);
}

static void everything_clever_is_refused_where_it_stands(void **state)
{
    (void)state;
    assert_refused("a: 1\nb: 2\na: 3\n", PAB_E_SYNTAX, "t.yaml:3:1: key 'a' is already given at 1:1");
    assert_refused("a: &x 1\n", PAB_E_SYNTAX, "t.yaml:1:4: anchors");
    assert_refused("a: &x {b: 1}\n", PAB_E_SYNTAX, "t.yaml:1:4: anchors");
    assert_refused("a: &x [1]\n", PAB_E_SYNTAX, "t.yaml:1:4: anchors");
    assert_refused("a: *x\n", PAB_E_SYNTAX, "t.yaml:1:4: aliases");
    assert_refused("a: !!str 1\n", PAB_E_SYNTAX, "t.yaml:1:4: tags");
    assert_refused("a: !t {}\n", PAB_E_SYNTAX, "t.yaml:1:4: tags");
    assert_refused("a: 1\n---\nb: 1\n", PAB_E_SYNTAX, "t.yaml:2:1: more than one document");
    assert_refused("? {a: 1}\n: 2\n", PAB_E_SYNTAX, "t.yaml:1:3: a key must be");
    assert_refused("a: \"\\0\"\n", PAB_E_SYNTAX, "t.yaml:1:4: a NUL");
    assert_refused("a: [1, 2\n", PAB_E_SYNTAX, "t.yaml:");
    assert_refused("a: \"\xff\"\n", PAB_E_SYNTAX, "t.yaml: ");
}

static void depth_and_size_are_limited(void **state)
{
    (void)state;
    char deep[80];
    memset(deep, '[', 33);
    memset(deep + 33, ']', 33);
    deep[66] = '\0';
    assert_refused(deep, PAB_E_SYNTAX, "t.yaml:1:33: nested deeper than 32");
    pab_host host = plain_host();
    pab__tree tree;
    deep[65] = '\0';
    assert_int_equal(pab__yaml_parse(&host, deep + 1, 64, "t.yaml", &tree), PAB_OK);
    pab__tree_free(&tree);
    assert_int_equal(pab__yaml_parse(&host, "", ((size_t)16 << 20) + 1, "t.yaml", &tree), PAB_E_CAPACITY);
}

static void many_keys_are_checked_quickly(void **state)
{
    (void)state;
    enum { COUNT = 200000 };
    char *text = malloc(COUNT * 16), *at = text;
    assert_non_null(text);
    for (int i = 0; i < COUNT; i++)
        at += sprintf(at, "k%d: 1\n", i);
    at += sprintf(at, "k7: 1\n");
    pab_host host = plain_host();
    pab__tree tree;
    char error[256];
    assert_int_equal(pab__yaml_parse(&host, text, (size_t)(at - text), "t.yaml", &tree), PAB_E_SYNTAX);
    pab_last_error(error, sizeof error);
    assert_string_equal(error, "t.yaml:200001:1: key 'k7' is already given at 8:1");
    free(text);
}

static void running_out_of_memory_leaks_nothing(void **state)
{
    (void)state;
    const char *text = "a: {b: [1, 2, 3]}\nc: 4\n";
    pab_status status = PAB_E_MEMORY;
    int left = 0;
    for (; status == PAB_E_MEMORY && left < 100; left++) {
        failing f;
        pab_host host = failing_host(&f, left, 0);
        pab__tree tree;
        status = pab__yaml_parse(&host, text, strlen(text), "t.yaml", &tree);
        if (status == PAB_OK)
            pab__tree_free(&tree);
        assert_int_equal(f.blocks, 0);
        assert_int_equal(f.bytes, 0);
    }
    assert_int_equal(status, PAB_OK);
    assert_true(left > 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(order_position_and_quotes_are_kept),
        cmocka_unit_test(json_is_read_as_yaml),
        cmocka_unit_test(an_empty_text_has_no_root),
        cmocka_unit_test(everything_clever_is_refused_where_it_stands),
        cmocka_unit_test(depth_and_size_are_limited),
        cmocka_unit_test(many_keys_are_checked_quickly),
        cmocka_unit_test(running_out_of_memory_leaks_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
