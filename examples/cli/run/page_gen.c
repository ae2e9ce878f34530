/* Run at build time: writes a file's bytes as C to standard output. */
#include <stdio.h>

int main(int argc, char **argv)
{
    FILE *file = argc == 2 ? fopen(argv[1], "rb") : NULL;
    int n = 0;
    if (!file)
        return 1;
    printf("#include \"page.h\"\n\nconst unsigned char page_html[] = {");
    for (int c = fgetc(file); c != EOF; c = fgetc(file))
        printf("%s%d,", n++ % 20 == 0 ? "\n    " : " ", c);
    printf("\n    0};\n");
    return ferror(file) != 0 || fclose(file) != 0;
}
