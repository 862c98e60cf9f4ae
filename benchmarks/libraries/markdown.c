// Markdown to HTML by cmark; the text of the last call stays where it is until free().
#include <string.h>

#include "cmark-gfm.h"

static size_t length;

__attribute__((export_name("render"))) char *render(const char *text, size_t size) {
    char *html = cmark_markdown_to_html(text, size, CMARK_OPT_UNSAFE);
    length = strlen(html);
    return html;
}

__attribute__((export_name("rendered_length"))) size_t rendered_length(void) { return length; }
