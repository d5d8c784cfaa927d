#include "cli/libraries.h"

#include <curl/curl.h>
#include <idn2.h>
#include <jansson.h>
#include <microhttpd.h>
#include <sodium.h>
#include <sqlite3.h>
#include <utf8proc.h>
#include <zlib.h>

void libraries_list(struct libraries_row out[LIBRARIES_COUNT])
{
	const struct libraries_row rows[LIBRARIES_COUNT] = {
		{"sqlite", sqlite3_libversion()},
		{"libmicrohttpd", MHD_get_version()},
		{"libcurl", curl_version_info(CURLVERSION_NOW)->version},
		{"jansson", jansson_version_str()},
		{"libsodium", sodium_version_string()},
		{"utf8proc", utf8proc_version()},
		{"libidn2", idn2_check_version(NULL)},
		{"zlib", zlibVersion()},
	};

	for (int i = 0; i < LIBRARIES_COUNT; i++)
		out[i] = rows[i];
}
