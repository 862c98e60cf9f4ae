// Moves and links files from one preopened directory to another on the same disk.
#include "report.h"
#include <sys/stat.h>
#include <unistd.h>

int main(void) {
    struct stat found;
    TRY(link("/one/file", "/two/linked"));
    TRY(stat("/two/linked", &found));
    printf("%d names\n", (int)found.st_nlink);
    TRY(rename("/one/file", "/two/moved"));
    TRY(rename("/one/folder", "/two/folder"));
    TRY(rename("/two/folder/inside", "/one/inside"));
    TRY(rename("/one/link", "/two/link"));
    TRY(stat("/two/link", &found));
    TRY(rename("/one/missing", "/two/missing"));
    TRY(rename("/one/inside", "/two/folder"));
    TRY(link("/one/inside", "/two/moved"));
    return 0;
}
