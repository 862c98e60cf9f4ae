/* A JSON parser and printer: reads stdin, prints it indented with sorted keys; an error gives line, column, status 1. */
#include <ctype.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef enum { NIL, BOOL, NUMBER, STRING, ARRAY, OBJECT } Kind;

typedef struct Value {
    Kind kind;
    int truth;
    double number;
    char *text;
    size_t length;
    struct Value **items;
    struct Value **keys;
    size_t count;
} Value;

typedef struct {
    const char *start, *at, *end;
    int depth;
    char error[80];
} Parser;

static Value *parse_value(Parser *p);

static Value *fail(Parser *p, const char *format, ...) {
    if (!p->error[0]) {
        va_list args;
        va_start(args, format);
        vsnprintf(p->error, sizeof p->error, format, args);
        va_end(args);
    }
    return NULL;
}

static Value *make(Kind kind) {
    Value *value = calloc(1, sizeof *value);
    value->kind = kind;
    return value;
}

static void destroy(Value *value) {
    if (!value) return;
    for (size_t i = 0; i < value->count; i++) {
        destroy(value->items[i]);
        if (value->keys) destroy(value->keys[i]);
    }
    free(value->items);
    free(value->keys);
    free(value->text);
    free(value);
}

static void skip_space(Parser *p) {
    while (p->at < p->end && (*p->at == ' ' || *p->at == '\t' || *p->at == '\n' || *p->at == '\r')) p->at++;
}

static int hex4(Parser *p, unsigned *out) {
    *out = 0;
    for (int i = 0; i < 4; i++) {
        if (p->at >= p->end || !isxdigit((unsigned char)*p->at)) return 0;
        char c = *p->at++;
        *out = *out << 4 | (unsigned)(c <= '9' ? c - '0' : (c | 32) - 'a' + 10);
    }
    return 1;
}

static size_t utf8(unsigned code, char *out) {
    if (code < 0x80) return out[0] = (char)code, 1;
    if (code < 0x800) return out[0] = (char)(0xC0 | code >> 6), out[1] = (char)(0x80 | (code & 63)), 2;
    if (code < 0x10000) {
        out[0] = (char)(0xE0 | code >> 12), out[1] = (char)(0x80 | (code >> 6 & 63)), out[2] = (char)(0x80 | (code & 63));
        return 3;
    }
    out[0] = (char)(0xF0 | code >> 18), out[1] = (char)(0x80 | (code >> 12 & 63));
    out[2] = (char)(0x80 | (code >> 6 & 63)), out[3] = (char)(0x80 | (code & 63));
    return 4;
}

static Value *parse_string(Parser *p) {
    Value *value = make(STRING);
    size_t room = 16;
    value->text = malloc(room);
    p->at++;
    while (p->at < p->end && *p->at != '"') {
        if (value->length + 5 > room) value->text = realloc(value->text, room *= 2);
        unsigned char c = (unsigned char)*p->at++;
        if (c < 0x20) {
            p->at--;
            destroy(value);
            return fail(p, "control character 0x%02x in a string", c);
        }
        if (c != '\\') {
            value->text[value->length++] = (char)c;
            continue;
        }
        unsigned code = 0, low = 0;
        switch (p->at < p->end ? *p->at++ : 0) {
        case '"': value->text[value->length++] = '"'; break;
        case '\\': value->text[value->length++] = '\\'; break;
        case '/': value->text[value->length++] = '/'; break;
        case 'b': value->text[value->length++] = '\b'; break;
        case 'f': value->text[value->length++] = '\f'; break;
        case 'n': value->text[value->length++] = '\n'; break;
        case 'r': value->text[value->length++] = '\r'; break;
        case 't': value->text[value->length++] = '\t'; break;
        case 'u':
            if (!hex4(p, &code)) {
                destroy(value);
                return fail(p, "four hexadecimal digits expected");
            }
            if (code >= 0xD800 && code < 0xDC00 && p->end - p->at > 6 && p->at[0] == '\\' && p->at[1] == 'u') {
                p->at += 2;
                if (!hex4(p, &low) || low < 0xDC00 || low > 0xDFFF) {
                    destroy(value);
                    return fail(p, "low surrogate expected");
                }
                code = 0x10000 + ((code & 0x3FF) << 10) + (low & 0x3FF);
            }
            value->length += utf8(code, value->text + value->length);
            break;
        default:
            destroy(value);
            return fail(p, "unknown escape");
        }
    }
    if (p->at >= p->end) {
        destroy(value);
        return fail(p, "string does not end");
    }
    p->at++;
    value->text[value->length] = 0;
    return value;
}

static Value *parse_number(Parser *p) {
    const char *from = p->at;
    if (*p->at == '-') p->at++;
    if (p->at < p->end && *p->at == '0') p->at++;
    else if (p->at < p->end && isdigit((unsigned char)*p->at)) while (p->at < p->end && isdigit((unsigned char)*p->at)) p->at++;
    else return fail(p, "digit expected");
    if (p->at < p->end && *p->at == '.') {
        p->at++;
        if (p->at >= p->end || !isdigit((unsigned char)*p->at)) return fail(p, "digit expected after the point");
        while (p->at < p->end && isdigit((unsigned char)*p->at)) p->at++;
    }
    if (p->at < p->end && (*p->at | 32) == 'e') {
        p->at++;
        if (p->at < p->end && (*p->at == '+' || *p->at == '-')) p->at++;
        if (p->at >= p->end || !isdigit((unsigned char)*p->at)) return fail(p, "digit expected in the exponent");
        while (p->at < p->end && isdigit((unsigned char)*p->at)) p->at++;
    }
    Value *value = make(NUMBER);
    value->number = strtod(from, NULL);
    return value;
}

static int append(Value *into, Value *key, Value *item) {
    if ((into->count & (into->count - 1)) == 0) {
        size_t room = into->count ? into->count * 2 : 1;
        into->items = realloc(into->items, room * sizeof *into->items);
        if (into->kind == OBJECT) into->keys = realloc(into->keys, room * sizeof *into->keys);
    }
    if (into->kind == OBJECT) into->keys[into->count] = key;
    into->items[into->count++] = item;
    return 1;
}

static Value *parse_container(Parser *p, Kind kind, char close) {
    if (++p->depth > 200) return fail(p, "nested too deeply");
    Value *into = make(kind);
    p->at++;
    skip_space(p);
    if (p->at < p->end && *p->at == close) {
        p->at++;
        p->depth--;
        return into;
    }
    for (;;) {
        Value *key = NULL;
        skip_space(p);
        if (kind == OBJECT) {
            if (p->at >= p->end || *p->at != '"') break;
            if (!(key = parse_string(p))) break;
            skip_space(p);
            if (p->at >= p->end || *p->at != ':') {
                destroy(key);
                fail(p, "':' expected");
                break;
            }
            p->at++;
        }
        Value *item = parse_value(p);
        if (!item) {
            destroy(key);
            break;
        }
        append(into, key, item);
        skip_space(p);
        if (p->at < p->end && *p->at == close) {
            p->at++;
            p->depth--;
            return into;
        }
        if (p->at >= p->end || *p->at != ',') break;
        p->at++;
    }
    destroy(into);
    return fail(p, kind == OBJECT ? "key, ',' or '}' expected" : "value, ',' or ']' expected");
}

static Value *parse_value(Parser *p) {
    skip_space(p);
    size_t left = (size_t)(p->end - p->at);
    switch (left ? *p->at : 0) {
    case '{': return parse_container(p, OBJECT, '}');
    case '[': return parse_container(p, ARRAY, ']');
    case '"': return parse_string(p);
    case 't':
        if (left >= 4 && !memcmp(p->at, "true", 4)) {
            Value *value = make(BOOL);
            value->truth = 1;
            p->at += 4;
            return value;
        }
        break;
    case 'f':
        if (left >= 5 && !memcmp(p->at, "false", 5)) return p->at += 5, make(BOOL);
        break;
    case 'n':
        if (left >= 4 && !memcmp(p->at, "null", 4)) return p->at += 4, make(NIL);
        break;
    case '-': case '0': case '1': case '2': case '3': case '4': case '5': case '6': case '7': case '8': case '9':
        return parse_number(p);
    }
    return fail(p, "value expected");
}

static void print_string(const Value *value) {
    putchar('"');
    for (size_t i = 0; i < value->length; i++) {
        unsigned char c = (unsigned char)value->text[i];
        switch (c) {
        case '"': fputs("\\\"", stdout); break;
        case '\\': fputs("\\\\", stdout); break;
        case '\n': fputs("\\n", stdout); break;
        case '\t': fputs("\\t", stdout); break;
        default:
            if (c < 0x20) printf("\\u%04x", c);
            else putchar(c);
        }
    }
    putchar('"');
}

static const Value *sorting;

static int by_key(const void *a, const void *b) {
    const Value *x = sorting->keys[*(const size_t *)a], *y = sorting->keys[*(const size_t *)b];
    size_t shared = x->length < y->length ? x->length : y->length;
    int order = memcmp(x->text, y->text, shared);
    return order ? order : (x->length > y->length) - (x->length < y->length);
}

static void print_value(const Value *value, int indent) {
    switch (value->kind) {
    case NIL: fputs("null", stdout); return;
    case BOOL: fputs(value->truth ? "true" : "false", stdout); return;
    case NUMBER:
        if (value->number == floor(value->number) && fabs(value->number) < 1e15) printf("%.0f", value->number);
        else printf("%.17g", value->number);
        return;
    case STRING: print_string(value); return;
    case ARRAY: case OBJECT: break;
    }
    putchar(value->kind == ARRAY ? '[' : '{');
    size_t *order = malloc((value->count + 1) * sizeof *order);
    for (size_t i = 0; i < value->count; i++) order[i] = i;
    if (value->kind == OBJECT) {
        sorting = value;
        qsort(order, value->count, sizeof *order, by_key);
    }
    for (size_t i = 0; i < value->count; i++) {
        printf("%s\n%*s", i ? "," : "", indent + 2, "");
        if (value->kind == OBJECT) {
            print_string(value->keys[order[i]]);
            fputs(": ", stdout);
        }
        print_value(value->items[order[i]], indent + 2);
    }
    if (value->count) printf("\n%*s", indent, "");
    putchar(value->kind == ARRAY ? ']' : '}');
    free(order);
}

int main(void) {
    size_t length = 0, room = 4096, got;
    char *text = malloc(room + 1);
    while ((got = fread(text + length, 1, room - length, stdin)) > 0)
        if ((length += got) == room) text = realloc(text, (room *= 2) + 1);
    text[length] = 0;
    Parser parser = {text, text, text + length, 0, ""};
    Value *value = parse_value(&parser);
    skip_space(&parser);
    if (value && parser.at < parser.end) {
        destroy(value);
        value = fail(&parser, "end expected");
    }
    if (!value) {
        int line = 1, column = 1;
        for (const char *c = text; c < parser.at; c++) *c == '\n' ? (line++, column = 1) : column++;
        fprintf(stderr, "json: %s\n", parser.error);
        printf("line %d column %d: %s\n", line, column, parser.error);
        free(text);
        return 1;
    }
    print_value(value, 0);
    putchar('\n');
    destroy(value);
    free(text);
    return 0;
}
