/* Checkpoints: all that the rest of a long call depends on, in one file, so that it resumes to the same bytes.
 *
 * One encoding: a framed file (base/frame.h) of little-endian bytes whose payload opens with the identity. One rule for
 * the identity: a hash of all inputs that the result depends on, made with pab__bytes_hash; a checkpoint of another
 * identity is refused (PAB_E_KIND), never used and never overwritten by a resume.
 *
 *     saving:  pab__bytes out = pab__checkpoint_begin(host, identity); put ...; pab__checkpoint_save(&out, &kind, path)
 *     loading: pab__checkpoint_open(host, &kind, path, identity, &in, &found);
 *              if (found) { get ...; status = pab__checkpoint_close(&in, status, sound, &kind, path); }
 *
 * A `path` of NULL means that no checkpoints are kept: nothing is written, nothing found. */
#ifndef PAB_BASE_CHECKPOINT_H
#define PAB_BASE_CHECKPOINT_H

#include "base/bytes.h"

/* Bytes to put the state into. */
pab__bytes pab__checkpoint_begin(const pab_host *host, uint64_t identity);

/* Writes the checkpoint, whole or not at all, and frees `out` in any case. */
pab_status pab__checkpoint_save(pab__bytes *out, const pab__file_kind *kind, const char *path);

/* *found is 1 when there is a checkpoint of this identity: `in` then stands at its state. */
pab_status pab__checkpoint_open(const pab_host *host, const pab__file_kind *kind, const char *path, uint64_t identity,
                                pab__bytes *in, int *found);

/* Ends the reading and frees `in`. `status` other than PAB_OK is passed on; PAB_E_CORRUPT unless `sound` holds and
 * exactly all bytes were read. */
pab_status pab__checkpoint_close(pab__bytes *in, pab_status status, int sound, const pab__file_kind *kind,
                                 const char *path);

#endif
