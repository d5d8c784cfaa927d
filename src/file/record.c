#include "file/record.h"

bool record_is_text(struct text text)
{
	unsigned char all = 0;

	for (size_t i = 0; i < text.len; i++)
		all |= (unsigned char)text.ptr[i];
	return all < 0x80 || text_is_utf8(text);
}
