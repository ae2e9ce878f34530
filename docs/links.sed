# Links of a page that lead out of the site become plain words: the site holds the pages of docs and nothing else.
# Code stays as it is.
/^```/,/^```$/b
s/\[\([^]]*\)\]([^) ]*README\.md)/\1/g
s/\[\([^]]*\)\](\(https\{0,1\}:[^)]*\))/[\1]<<\2>>/g
s/\[\([^]]*\)\](\([A-Za-z0-9_.\/-]*\.md\))/[\1]<<\2>>/g
s/\[\([^]]*\)\]([^) ]*)/\1/g
s/\]<<\([^>]*\)>>/](\1)/g
