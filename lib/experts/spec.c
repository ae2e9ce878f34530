/* Specifications of built-in policies: NAME[:FORM][(KEY=VALUE, ...)]. */
#include "experts/kind.h"

#include "base/host.h"
#include "base/number.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What is being read. */
typedef struct reader {
    const char *spec;
    const char *at;
} reader;

/* A piece of it, or of a list. */
typedef struct word {
    const char *text;
    size_t len;
} word;

static void skip_space(reader *r)
{
    r->at += strspn(r->at, " \t");
}

static word read_word(reader *r)
{
    skip_space(r);
    word w = {r->at, strspn(r->at, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")};
    r->at += w.len;
    skip_space(r);
    return w;
}

static int same(word w, const char *text, size_t len)
{
    return w.len == len && memcmp(w.text, text, len) == 0;
}

static pab_status malformed(const reader *r, const char *expected)
{
    int end = *r->at == '\0';
    return pab__fail(PAB_E_SYNTAX, "policy \"%s\": %s%.1s%s at character %zu; expected %s", r->spec,
                     end ? "the text ends" : "'", end ? "" : r->at, end ? "" : "'", (size_t)(r->at - r->spec) + 1,
                     expected);
}

static pab_status read_kind(reader *r, const pab__policy_kind **out)
{
    word name = read_word(r);
    char known[256] = "";
    pab__text list = pab__text_in(known, sizeof known);
    if (name.len == 0)
        return malformed(r, "the name of a policy");
    for (uint32_t i = 0; pab__policy_kind_at(i); i++) {
        const pab__policy_kind *kind = pab__policy_kind_at(i);
        if (same(name, kind->name, strlen(kind->name))) {
            *out = kind;
            return PAB_OK;
        }
        pab__text_say(&list, "%s%s", i > 0 ? ", " : "", kind->name);
    }
    return pab__fail(PAB_E_KEY, "policy \"%s\": there is no policy \"%.*s\"; expected one of %s", r->spec,
                     (int)name.len, name.text, known);
}

static pab_status read_form(reader *r, pab__policy_params *params)
{
    const char *forms = params->kind->forms;
    r->at++; /* the colon */
    word form = read_word(r);
    if (*forms == '\0')
        return pab__fail(PAB_E_KEY, "policy \"%s\": form \"%.*s\"; expected none, %s has only one", r->spec,
                         (int)form.len, form.text, params->kind->name);
    int32_t index = 0;
    for (const char *one = forms; one; index++) {
        size_t len = strcspn(one, "|");
        if (same(form, one, len)) {
            params->form = index;
            return PAB_OK;
        }
        one = one[len] == '|' ? one + len + 1 : NULL;
    }
    return pab__fail(PAB_E_KEY, "policy \"%s\": form \"%.*s\"; expected %s", r->spec, (int)form.len, form.text, forms);
}

static pab_status find_option(const reader *r, const pab__policy_params *params, word key, uint32_t *out)
{
    const pab__policy_kind *kind = params->kind;
    char known[512] = "";
    pab__text list = pab__text_in(known, sizeof known);
    for (uint32_t i = 0; i < kind->option_count; i++) {
        if (same(key, kind->options[i].key, strlen(kind->options[i].key))) {
            *out = i;
            return PAB_OK;
        }
        pab__text_say(&list, "%s%s", i > 0 ? ", " : "", kind->options[i].key);
    }
    return pab__fail(PAB_E_KEY, "policy \"%s\": %s has no option \"%.*s\"; expected %s", r->spec, kind->name,
                     (int)key.len, key.text, kind->option_count > 0 ? known : "none");
}

static pab_status read_value(reader *r, const pab__policy_option *option, double *out)
{
    skip_space(r);
    size_t len = strspn(r->at, "+-.0123456789eE"); /* plain numbers only: no inf, nan or hexadecimal */
    char text[64], *end = text;
    double value = 0;
    if (len > 0 && len < sizeof text) {
        memcpy(text, r->at, len);
        text[len] = '\0';
        value = pab__real_parse(text, &end);
    }
    if (end == text || *end != '\0' || !isfinite(value))
        return pab__fail(PAB_E_TYPE, "policy \"%s\": %s is \"%.*s\"; expected a number", r->spec, option->key,
                         (int)strcspn(r->at, ",)"), r->at);
    if (value < option->min || value > option->max)
        return pab__fail(PAB_E_RANGE, "policy \"%s\": %s is %g; expected %g to %g", r->spec, option->key, value,
                         option->min, option->max);
    r->at += len;
    skip_space(r);
    *out = value;
    return PAB_OK;
}

static pab_status read_options(reader *r, pab__policy_params *params)
{
    uint32_t seen = 0;
    r->at++; /* the bracket */
    skip_space(r);
    while (*r->at != ')') {
        uint32_t i = 0;
        word key = read_word(r);
        if (key.len == 0)
            return malformed(r, "an option or ')'");
        pab_status status = find_option(r, params, key, &i);
        if (status != PAB_OK)
            return status;
        if (seen >> i & 1)
            return pab__fail(PAB_E_KEY, "policy \"%s\": %s is given twice; expected once", r->spec,
                             params->kind->options[i].key);
        seen |= UINT32_C(1) << i;
        if (*r->at != '=')
            return malformed(r, "'=' after the option");
        r->at++;
        status = read_value(r, &params->kind->options[i], &params->value[i]);
        if (status != PAB_OK)
            return status;
        if (*r->at == ',')
            r->at++;
        else if (*r->at != ')')
            return malformed(r, "',' or ')'");
    }
    r->at++;
    skip_space(r);
    return PAB_OK;
}

pab_status pab__spec_read(const char *spec, pab__policy_params *out)
{
    if (!spec)
        return pab__fail(PAB_E_ARGUMENT, "spec is NULL; expected a policy such as \"lae:pair\"");
    if (strlen(spec) >= PAB__POLICY_SPEC_SIZE)
        return pab__fail(PAB_E_CAPACITY, "spec has %zu characters; expected at most %d", strlen(spec),
                         PAB__POLICY_SPEC_SIZE - 1);
    pab__policy_params params = {0};
    reader r = {spec, spec};
    pab_status status = read_kind(&r, &params.kind);
    if (status != PAB_OK)
        return status;
    for (uint32_t i = 0; i < params.kind->option_count; i++)
        params.value[i] = params.kind->options[i].value;
    if (*r.at == ':')
        status = read_form(&r, &params);
    if (status == PAB_OK && *r.at == '(')
        status = read_options(&r, &params);
    if (status == PAB_OK && *r.at != '\0')
        status = malformed(&r, "':', '(' or the end");
    if (status == PAB_OK)
        *out = params;
    return status;
}

/* With as few digits as give the same number again. */
static void write_number(double value, pab__text *words)
{
    char text[32];
    for (int digits = 6; digits <= 17; digits += digits < 15 ? 9 : 1) {
        pab__text number = pab__text_in(text, sizeof text);
        pab__text_say(&number, "%.*g", digits, value);
        if (pab__real_parse(text, NULL) == value)
            break;
    }
    pab__text_say(words, "%s", text);
}

void pab__spec_write(const pab__policy_params *params, pab__text *words)
{
    const pab__policy_kind *kind = params->kind;
    pab__text_say(words, "%s", kind->name);
    if (*kind->forms != '\0') {
        const char *form = kind->forms;
        for (int32_t i = 0; i < params->form; i++)
            form += strcspn(form, "|") + 1;
        pab__text_say(words, ":%.*s", (int)strcspn(form, "|"), form);
    }
    const char *joint = "(";
    for (uint32_t i = 0; i < kind->option_count; i++) {
        if (params->value[i] == kind->options[i].value)
            continue;
        pab__text_say(words, "%s%s=", joint, kind->options[i].key);
        write_number(params->value[i], words);
        joint = ",";
    }
    if (*joint == ',')
        pab__text_say(words, ")");
}
