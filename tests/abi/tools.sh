# What the ABI scripts share. Sourced by bash.

# A header whose brief begins with "Experimental:" promises nothing; all others are stable.
is_experimental() { grep -qE '^ \* @brief Experimental: ' "$1"; }
stable_headers() { # HEADER_ROOT
    local header
    for header in "$1"/pairsabides/*.h; do
        case "$header" in */pairsabides.h) continue ;; esac
        is_experimental "$header" || echo "$header"
    done
}
experimental_headers() { # HEADER_ROOT
    local header
    for header in "$1"/pairsabides/*.h; do
        if is_experimental "$header"; then echo "$header"; fi
    done
}

# Names of the functions that headers declare.
functions_of() { # HEADER...
    cat "$@" </dev/null | tr '\n' ' ' | grep -oE 'PAB_API [^;(]*\bpab_[a-z0-9_]+ ?\(' |
        grep -oE 'pab_[a-z0-9_]+ ?\($' | tr -d ' (' | sort -u
}

# What a program sees that includes all stable headers.
include_stable() { # HEADER_ROOT
    stable_headers "$1" | sed 's|.*/|#include <pairsabides/|; s|$|>|'
}

# Names of the records that start with their size and are part of no other record: these may grow at the end.
growing_records() { # HEADER_ROOT
    cat "$1"/pairsabides/*.h | awk '
        /^typedef struct pab_[a-z0-9_]+ \{/ { name = $3; next }
        name != "" && $1 == "uint32_t" && $2 == "struct_size;" { first[name] = 1 }
        name == "" { next }
        { name = "" }
        END { for (n in first) print n }' | sort | while read -r name; do
        grep -qE "^ +$name [a-z]" "$1"/pairsabides/*.h || echo "$name"
    done
}

# Builds a shared library with debug information. Sources are absolute or relative to ROOT; what they leave undefined
# stays so.
build_debug() { # CC ROOT OUT SOURCE...
    local cc=$1 root=$2 out=$3
    shift 3
    mkdir "$out.objects"
    (cd "$root" && printf '%s\n' "$@" | xargs -P "$(nproc)" -I{} bash -c '
        name=${2//\//_}
        '"$cc"' -std=c11 -D_POSIX_C_SOURCE=200809L -w -g -O0 -fPIC -fvisibility=hidden -ffp-contract=off \
            -Iinclude -Ilib -c "$2" -o "$1/${name%.c}.o"' build "$out.objects" {})
    # shellcheck disable=SC2086
    $cc -shared "$out.objects"/*.o -o "$out" -Wl,--version-script="$root/lib/pairsabides.map" \
        -Wl,-soname,libpairsabides.so."$(sed -n "s/^  version: '\([0-9]*\)\..*/\1/p" "$root/meson.build")" ${LINK_WITH:-}
}

# What is behind a handle is nobody's business. libabigail tells private headers from public ones by file name only, and
# there is a book.h of either kind, so handles and inner types are named.
private_types() { # HEADER_ROOT
    local handles
    handles=$(sed -nE 's/^typedef struct (pab_[a-z0-9_]+) pab_[a-z0-9_]+;.*/\1/p' "$1"/pairsabides/*.h | paste -sd '|')
    printf '[suppress_type]\n  label = private\n  name_regexp = ^(pab__.*|%s)$\n' "$handles"
}

# Writes the stable functions of a library and their types, as its headers show them.
dump_abi() { # HEADER_ROOT LIBRARY OUT
    local experimental
    # shellcheck disable=SC2046
    experimental=$(functions_of $(experimental_headers "$1"))
    {
        private_types "$1"
        printf '[suppress_function]\n  label = experimental\n  symbol_name_regexp = ^(%s)$\n  drop = yes\n' \
            "${experimental//$'\n'/|}"
    } >"$3.suppressions"
    abidw --headers-dir "$1" --exported-interfaces-only --drop-private-types --no-corpus-path --no-comp-dir-path \
        --suppressions "$3.suppressions" --out-file "$3" "$2"
    rm -f "$3.suppressions"
}

# Prints "NAME VALUE" for each numeric constant of the stable headers. libabigail does not see those that no record uses.
dump_constants() { # CC HEADER_ROOT
    local program
    program=$(mktemp -d)
    {
        include_stable "$2"
        echo '#include <stdio.h>'
        echo 'int main(void) {'
        {
            include_stable "$2" | $1 -std=c11 -E -P -I"$2" - | tr '\n' ' ' |
                grep -oE 'enum ?[a-z_]* ?\{[^}]*\}' | sed 's/^[^{]*{//; s/}$//' | tr ',' '\n' | sed 's/=.*//'
            include_stable "$2" | $1 -std=c11 -E -dM -I"$2" - |
                awk 'NF == 3 && $2 ~ /^PAB_[A-Z0-9_]+$/ && $3 ~ /^\(?-?[0-9]/ { print $2 }'
        } | tr -d ' ' | grep '^PAB_' | grep -v '^PAB_VERSION_' | sort -u |
            awk '{ printf "printf(\"%%s %%.17g\\n\", \"%s\", (double)(%s));\n", $1, $1 }'
        echo 'return 0; }'
    } >"$program/constants.c"
    $1 -std=c11 -I"$2" "$program/constants.c" -o "$program/constants" && "$program/constants"
    rm -rf "$program"
}

# Prints "NAME { MEMBERS" for each record of the stable headers, without comments and with single spaces.
dump_records() { # CC HEADER_ROOT
    include_stable "$2" | $1 -std=c11 -E -P -I"$2" - | tr -s ' \t\n' ' ' |
        sed -E 's/typedef struct (pab_[a-z0-9_]+) \{/\n\1 {/g' |
        awk '$1 ~ /^pab_/ && $2 == "{" { print substr($0, 1, index($0, "} " $1 ";") - 1) }' | sort
}

# All that is recorded, of the stable headers only: NAME.abi, NAME.constants, NAME.records.
dump_all() { # CC HEADER_ROOT LIBRARY NAME
    dump_abi "$2" "$3" "$4.abi" && dump_constants "$1" "$2" >"$4.constants" && dump_records "$1" "$2" >"$4.records"
}
