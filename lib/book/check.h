/* Is a book that was read from a file one that the operations can work on? */
#ifndef PAB_BOOK_CHECK_H
#define PAB_BOOK_CHECK_H

#include "book/book.h"

/* Looks at every index, count, link and sum once. Returns what is wrong, or NULL. Owners of orders must be in
 * [first_agent, agents); `room` has a byte for every slot of the book's pools. */
const char *pab__book_check(const pab__book *b, int32_t first_agent, int32_t agents, uint8_t *room);

#endif
